/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * key.h - one key: its identity, and its secret
 *
 * A key is an id, an algorithm, a state and a policy; it belongs to its vault
 * and is protected by the vault's lock. A secret is the key's bytes and what was
 * prepared from them; it is counted, so that a key can be destroyed, revoked or
 * expire while its secret is in use: the last user's put wipes it.
 */
#ifndef KV_KEY_H
#define KV_KEY_H

#include "alg.h"
#include "keyvault.h"

/* How many nonces or IVs a key may make (SP 800-38D 8.3) */
#define KV_NONCES_MAX	(1ull << 32)

/* When a key was made, and when it ends; 0: never. */
struct kv_life {
	uint64_t deadline;	/* by kv_os_uptime(): this one decides */
	int64_t created;	/* by the wall clock: these are told */
	int64_t expires;
};

struct kv_secret {
	struct kv_ref ref;
	const struct kv_alg *alg;
	const struct kv_crypto *crypto;	/* the home's; NULL: it has none */
	void *prepared;			/* owned; see kv_alg.prepare */
	uint64_t id;			/* the key's, and its life */
	struct kv_life life;
	uint64_t nonces;		/* made so far; atomic */
	uint32_t nonce_start;		/* what the counting starts from */
	struct kv_secret *next;		/* in a list of those to be put */
	uint8_t public[32];		/* SIGN, VERIFY, EXCHANGE */
	size_t len;
	uint8_t bytes[];		/* the key */
};

struct kv_key {
	struct kv_key *next;		/* in its bucket */
	struct kv_secret *secret;	/* NULL: revoked or expired */
	const struct kv_alg *alg;
	uint64_t id;
	uint32_t bits;
	uint32_t flags;			/* KV_KEY_FLAG_* */
	bool hidden;			/* its id was not told yet */
	uint8_t name_len;
	char name[KV_MAX_NAME_SIZE];
	struct kv_life life;
};

/*
 * Makes a secret of @len bytes that the caller fills in and then passes to
 * kv_secret_prepare(). It holds one reference.
 */
int kv_secret_make(struct kv_secret **secret, const struct kv_alg *alg,
		   size_t len);
/* Makes it ready to use. -EINVAL: the bytes are no key of its algorithm. */
int kv_secret_prepare(struct kv_secret *secret);
void kv_secret_get(struct kv_secret *secret);
/* Wipes and frees it after the last reference. NULL is fine. */
void kv_secret_put(struct kv_secret *secret);

/*
 * A nonce or IV that the key never had: @len 12 for AEAD, 16 else. -EOVERFLOW
 * when the key has made KV_NONCES_MAX.
 */
int kv_secret_nonce(struct kv_secret *secret, uint8_t *nonce, size_t len);

/*
 * Makes a key for a prepared @secret, whose reference it takes over on success;
 * not yet in a vault. kv_key_free() is for keys that are in none.
 */
int kv_key_make(struct kv_key **key, struct kv_secret *secret, uint32_t flags);
void kv_key_free(struct kv_key *key);

/*
 * The life of a key that starts now and lasts @ttl seconds (0: for ever), or as
 * long as @source, which may be NULL, whichever ends first.
 */
struct kv_life kv_life_of(uint32_t ttl, const struct kv_life *source);

/* Whether @name is 1 to KV_MAX_NAME_SIZE bytes of printable UTF-8 (SETNAME). */
bool kv_name_ok(const uint8_t *name, size_t len);

#endif /* KV_KEY_H */
