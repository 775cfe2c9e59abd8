/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * unit.h - what the unit tests share
 *
 * A file of tests has one function that TAP_RUNs them. The fake home is reset
 * after every test, so one that leaks ends the program.
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdio.h>

#include "fake.h"
#include "op.h"

#define CHECK(cond) unit_check(!!(cond), #cond, __FILE__, __LINE__)
#define REQUIRE(cond) do { if (!CHECK(cond)) return; } while (0)
#define TAP_RUN(fn) unit_run(#fn, fn)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

int unit_check(int ok, const char *what, const char *file, int line);
void unit_run(const char *name, void (*fn)(void));
/* Says where the running test is, after its next failed CHECK. */
void unit_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* test_NAME.c */
void unit_fake(void);		/* the fake home itself */
void unit_table(void);		/* the table of operations */
void unit_layout(void);		/* the structs and the algorithms */
void unit_keys(void);		/* made, imported, listed, ended */
void unit_derive(void);
void unit_uses(void);		/* what all uses of a key have in common */
void unit_ciphers(void);
void unit_curves(void);
void unit_failures(void);	/* each failure in turn, bad memory */
void unit_vault(void);		/* growth, quotas, masks */
void unit_expiry(void);
void unit_ending(void);		/* in use meanwhile; wiping */
void unit_nonces(void);
void unit_names(void);
void unit_vectors(void);	/* HKDF, the self-test */
void unit_trace(void);
void unit_stack(void);		/* what is left on the stack */

/* Every algorithm with a key. */
extern const uint32_t unit_keyed[];
extern const size_t unit_num_keyed;

/* An open handle, or the process ends. */
struct kv_handle *unit_open(void);
/* A new key; 0 and a failed CHECK if there is none. */
uint64_t unit_genkey(struct kv_handle *h, uint32_t algorithm, uint32_t ttl);
uint64_t unit_import(struct kv_handle *h, uint32_t algorithm, const void *bytes,
		     size_t len);
int unit_destroy(struct kv_handle *h, uint64_t id);
int unit_revoke(struct kv_handle *h, uint64_t id);
int unit_set_name(struct kv_handle *h, uint64_t id, const char *name);
/* Uses a key as its kind can be used: 0, or the error of the first use. */
int unit_use(struct kv_handle *h, uint32_t algorithm, uint64_t id);
/* KV_KEY_FLAG_*, or a negative errno. */
int unit_flags(struct kv_handle *h, uint64_t id);

/* AEAD_ENCRYPT of @len bytes in place with the vault's nonce. */
int unit_seal(struct kv_handle *h, uint64_t id, uint8_t *data, size_t len,
	      uint8_t nonce[12], uint8_t tag[16]);
int unit_mac(struct kv_handle *h, uint64_t id, const void *data, size_t len,
	     uint8_t mac[64]);

/* What can be seen of a vault; 256 keys at most. */
struct unit_state {
	uint32_t n_keys, caps, num_ids;
	size_t key_bytes;
	uint64_t ids[256];		/* sorted */
	struct kv_keyinfo_req info[256];
};
void unit_state(struct kv_handle *h, struct unit_state *state);
bool unit_same(const struct unit_state *a, const struct unit_state *b);

/* @hex is an even number of hex digits; returns the bytes. */
size_t unit_unhex(const char *hex, uint8_t *to, size_t room);

#endif /* UNIT_H */
