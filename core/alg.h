/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * alg.h - the algorithm table: sizes and functions, one const row each
 *
 * A row says what a key of the algorithm is and how it is used. The functions
 * work on a secret (key.h), which holds the key's bytes and what was prepared
 * from them; an operation calls the one its kind has.
 */
#ifndef KV_ALG_H
#define KV_ALG_H

#include "kv_os.h"

struct kv_secret;

/* What a key can do; an operation names the kinds it works with. */
#define KV_KIND_HASH		(1u << 0)	/* no key at all */
#define KV_KIND_CIPHER		(1u << 1)
#define KV_KIND_AEAD		(1u << 2)
#define KV_KIND_MAC		(1u << 3)
#define KV_KIND_KDF		(1u << 4)
#define KV_KIND_SIGN		(1u << 5)
#define KV_KIND_VERIFY		(1u << 6)	/* a public key alone */
#define KV_KIND_EXCHANGE	(1u << 7)

#define KV_HASH_MAX		64	/* bytes of the longest hash, MAC, signature */

/* Bits of a key: the default, and the bounds, in steps of 8. 0, 0, 0: never. */
struct kv_bits {
	uint32_t def, min, max;
};

struct kv_alg {
	uint32_t id;		/* KV_ALG_* */
	uint32_t kind;		/* KV_KIND_* */
	const char *name;	/* "aes256-gcm" */
	struct kv_bits bits;	/* of keys that the vault makes */
	struct kv_bits import;	/* of keys that it is given */
	uint32_t hash;		/* MAC, KDF: the HMAC that does it; else 0 */
	uint32_t out_len;	/* bytes of a digest, MAC, signature */
	uint32_t block;		/* CIPHER: bytes that lengths are a multiple of */

	/*
	 * Turns @secret's bytes into something ready to use, once. -EINVAL if
	 * they are no key. NULL: nothing to do.
	 */
	int (*prepare)(struct kv_secret *secret);
	/* Undoes it; the bytes and the public half are wiped by the caller. */
	void (*release)(struct kv_secret *secret);

	int (*sign)(const struct kv_secret *secret, const uint8_t *msg,
		    size_t len, uint8_t *sig);
	/* 0 or -EBADMSG */
	int (*verify)(const struct kv_secret *secret, const uint8_t *msg,
		      size_t len, const uint8_t sig[64]);
};

/* The row of KV_ALG_* @id, or NULL. */
const struct kv_alg *kv_alg_find(uint32_t id);
/* The row for bare public keys of @id (KV_KEY_FLAG_PUBLIC), or NULL. */
const struct kv_alg *kv_alg_find_public(uint32_t id);

/* SHA-512 (FIPS 180-4) of a message in @n parts. */
int kv_sha512(const struct kv_part *parts, unsigned int n, uint8_t out[64]);

/*
 * HKDF (RFC 5869): @out_len bytes, at most 255 times the hash's length, else
 * -EINVAL. @hmac is KV_ALG_HMAC_*. @out is written only on success.
 */
struct kv_hkdf {
	uint32_t hmac;
	struct kv_part ikm, salt, info;
};
int kv_hkdf(const struct kv_hkdf *in, uint8_t *out, size_t out_len);

/*
 * Runs a known-answer test of every algorithm. 0, or a negative errno and the
 * name of the one that failed in @failed.
 */
int kv_selftest(const char **failed);

#endif /* KV_ALG_H */
