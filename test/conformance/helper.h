/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * helper.h - what every topic of the conformance suite shares
 *
 * A topic is a file with a table of tests; main.c runs them. Tests talk to the
 * device only through include/keyvault.h, open their own vaults, and share
 * nothing, so any of them runs alone.
 *
 * Functions that make a request return 0 or the positive errno.
 */
#ifndef CONFORMANCE_HELPER_H
#define CONFORMANCE_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "keyvault.h"

struct test {
	const char *name;
	void (*run)(void);
};

#define TESTS(topic) const struct test topic ## _tests[]
#define TEST(fn) { #fn, fn }
#define TESTS_END { NULL, NULL }
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* main.c: verdicts. Only the thread that runs the test may call these. */
int check(int ok, const char *what, const char *file, int line);
int check_eq(long long got, long long want, const char *what, const char *file,
	     int line);
/* Says what a loop is at; printed in front of a failure. */
void context(const char *format, ...) __attribute__((format(printf, 1, 2)));
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void skip(const char *why);

#define CHECK(cond) check(!!(cond), #cond, __FILE__, __LINE__)
#define EQ(got, want) check_eq((long long)(got), (long long)(want), \
			       #got " is " #want, __FILE__, __LINE__)
#define REQUIRE(cond) do { if (!CHECK(cond)) return; } while (0)
#define REQUIRE_EQ(got, want) do { if (!EQ(got, want)) return; } while (0)

/* What a key is for; an operation names the kinds it works with. */
#define KIND_HASH	(1u << 0)
#define KIND_AEAD	(1u << 1)
#define KIND_CBC	(1u << 2)
#define KIND_CTR	(1u << 3)
#define KIND_MAC	(1u << 4)
#define KIND_SIGN	(1u << 5)
#define KIND_EXCHANGE	(1u << 6)
#define KIND_KDF	(1u << 7)
#define KIND_CIPHER	(KIND_CBC | KIND_CTR)
#define KIND_ANY	(~KIND_HASH)

/* ABI.md's table of algorithms. */
struct alg {
	uint32_t id;
	const char *name;
	unsigned int kind;
	uint32_t bits, min, max;	/* what GENKEY takes */
};
extern const struct alg algs[];		/* with those that have no key */
extern const unsigned int alg_count;
const struct alg *alg_find(uint32_t id);

/* Loops over the algorithms that have a key of one of @kinds. */
#define FOR_ALGS(a, kinds) \
	for ((a) = algs; (a) < algs + alg_count; (a)++) \
		if ((a)->kind & (kinds))

/* $KEYVAULT_DEVICE, or KV_DEVICE. */
const char *device(void);
/* A new vault, or -1. */
int vault_open(void);
int vault_open_flags(int flags);

/* ioctl(), as 0 or errno. */
int request(int fd, unsigned long number, void *req);

/* Keys. Those that return an id return 0 on failure. */
int ask_genkey(int fd, uint32_t alg, uint32_t bits, uint32_t ttl, uint64_t *id);
uint64_t key_make(int fd, uint32_t alg);
int ask_import(int fd, uint32_t alg, uint32_t flags, const void *bytes, size_t len,
	   uint64_t *id);
uint64_t key_import(int fd, uint32_t alg, const void *bytes, size_t len);
/*
 * A key of @alg whose bytes the suite knows (known_bytes()), so that libcrypto
 * can answer for it; of HKDF, which cannot be imported, a random one.
 */
uint64_t key_known(int fd, const struct alg *alg);
const uint8_t *known_bytes(void);
int ask_destroy(int fd, uint64_t id);
int ask_revoke(int fd, uint64_t id);
int ask_restrict(int fd, uint32_t caps);
uint32_t ask_getcaps(int fd);
int ask_getinfo(int fd, uint64_t id, struct kv_keyinfo_req *info);
/* How many keys LIST tells of, at most KV_MAX_LIST_KEYS; -1 on failure. */
int key_count(int fd);
int ask_list(int fd, uint64_t *ids, uint32_t room, uint32_t *count);

/* One call each; NULL for what is not asked. Lengths as the ABI has them. */
struct aead {
	const void *nonce, *aad;
	size_t aad_len;
	void *nonce_out, *tag;		/* tag: in for unseal() */
};
int ask_seal(int fd, uint64_t id, const void *pt, size_t len, void *ct,
	 const struct aead *with);
int ask_unseal(int fd, uint64_t id, const void *ct, size_t len, void *pt,
	   const struct aead *with);
/* @iv NULL: the vault makes one; @iv_out may be NULL else. */
int ask_encrypt(int fd, uint64_t id, const void *pt, size_t len, void *ct,
	    const void *iv, void *iv_out);
int ask_decrypt(int fd, uint64_t id, const void *ct, size_t len, void *pt,
	    const void *iv);
int ask_sign(int fd, uint64_t id, const void *data, size_t len, uint8_t sig[64]);
int ask_verify(int fd, uint64_t id, const void *data, size_t len,
	   const void *sig, size_t sig_len, int *valid);
/* @room in, length out. */
int ask_mac(int fd, uint64_t id, const void *data, size_t len, void *out,
	size_t *out_len);
int ask_hash(int fd, uint32_t alg, const void *data, size_t len, void *out,
	 size_t *out_len);
int ask_getpubkey(int fd, uint64_t id, uint8_t pub[32]);
int ask_exchange(int fd, uint64_t id, const uint8_t peer[32], uint8_t out[32]);
struct hkdf {
	uint32_t alg;			/* KV_ALG_HKDF_* */
	const void *salt, *info;
	size_t salt_len, info_len;
};
int ask_derive(int fd, uint64_t id, const struct hkdf *with, uint32_t out_alg,
	   uint32_t out_bits, uint64_t *derived);
int ask_subkey(int fd, uint64_t id, const struct hkdf *with, uint32_t out_alg,
	       uint32_t ttl, uint64_t *derived);
int ask_setname(int fd, uint64_t id, const void *name, uint32_t len);
/* @id in and out. @room NULL: no name wanted. */
int ask_find(int fd, uint64_t *id, const void *name, uint32_t len, char *out,
	 uint32_t *room);

/* Memory with an unmapped page behind it: @size bytes that end there. */
void *edge_get(size_t size);
void edge_put(void *p, size_t size);
size_t page_size(void);

/* Deterministic test data: the same @seed gives the same bytes. */
void fill(void *p, size_t size, unsigned int seed);
/* Whether all of @size bytes are @byte. */
bool all(const void *p, uint8_t byte, size_t size);
#define UNTOUCHED 0xA5

/* Lengths around every block, page and limit, up to KV_MAX_DATA_SIZE. */
extern const size_t lengths[];
extern const unsigned int length_count;

/* Whether @info's expiry is @ttl after its making. */
bool lives(const struct kv_keyinfo_req *info, uint32_t ttl);

double now(void);			/* seconds, monotonic */
void nap(double seconds);

#endif /* CONFORMANCE_HELPER_H */
