/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * oracle.h - the same answers from libcrypto, an independent implementation
 *
 * All return false on failure (for oracle_open() that includes "not authentic").
 * Algorithms are KV_ALG_*. Any thread may call them.
 */
#ifndef CONFORMANCE_ORACLE_H
#define CONFORMANCE_ORACLE_H

#include "helper.h"

bool oracle_seal(uint32_t alg, const uint8_t *key, const void *pt, size_t len,
		 uint8_t *ct, const struct aead *with);
bool oracle_open(uint32_t alg, const uint8_t *key, const void *ct, size_t len,
		 uint8_t *pt, const struct aead *with);
bool oracle_cipher(uint32_t alg, const uint8_t *key, bool encrypting,
		   const void *in, size_t len, uint8_t *out, const uint8_t *iv);
/* Bytes of @alg's hash, or 0. */
size_t oracle_hash_len(uint32_t alg);
bool oracle_hash(uint32_t alg, const void *data, size_t len, uint8_t *out);
bool oracle_mac(uint32_t alg, const void *key, size_t key_len,
		const void *data, size_t len, uint8_t *out);
bool oracle_hkdf(const struct hkdf *with, const void *ikm, size_t ikm_len,
		 uint8_t *okm, size_t okm_len);
/* @alg: KV_ALG_ED25519 or KV_ALG_X25519. */
bool oracle_pubkey(uint32_t alg, const uint8_t secret[32], uint8_t pub[32]);
bool oracle_sign(const uint8_t seed[32], const void *data, size_t len,
		 uint8_t sig[64]);
bool oracle_verify(const uint8_t pub[32], const void *data, size_t len,
		   const uint8_t sig[64]);
bool oracle_exchange(const uint8_t secret[32], const uint8_t peer[32],
		     uint8_t out[32]);
/* derive.c: whether the key @id is that of @alg with @bytes, by what it does. */
bool same_key(int fd, uint64_t id, uint32_t alg, const uint8_t *bytes, size_t len);

#endif /* CONFORMANCE_ORACLE_H */
