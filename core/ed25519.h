/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ed25519.h - signatures of RFC 8032, 5.1 (pure Ed25519, no context, no prehash)
 *
 * Signing is deterministic, and constant time: no branch and no address depends
 * on the seed or on what comes of it. Verification works on public values, in a
 * time that depends on them. None keeps a copy of a secret on the stack; none
 * allocates; no stack frame is over 1024 bytes.
 *
 * What is a valid signature, where implementations differ:
 *
 *   - The equation is checked without the cofactor, [S]B - [h]A = R, by encoding
 *     the left side and comparing it with R's bytes: so a non-canonical R is
 *     never valid.
 *   - S is below L, or the signature is not valid (5.1.7 step 1): no second
 *     signature comes of a first by adding L.
 *   - A must decode as 5.1.3 says: y is below p, and x = 0 has no sign.
 *   - A of small order is not refused here, as the RFC does not. Such a key signs
 *     for nobody; refuse it when it is taken in, with ed25519_public_ok().
 *
 * OpenSSL does the same, except that it takes any encoding of A: y = p or above,
 * and x = 0 with a sign.
 */
#ifndef KV_ED25519_H
#define KV_ED25519_H

#include "kv_os.h"

/* A key expanded once (5.1.5): the clamped scalar, the prefix, the public key. */
struct ed25519_key {
	uint8_t scalar[32], prefix[32], public[32];
};

/*
 * Functions return 0, or the negative errno of kv_sha512(), and then have
 * written nothing. Results may not overlap operands.
 */
int ed25519_expand(struct ed25519_key *key, const uint8_t seed[32]);

/* 5.1.6 */
int ed25519_sign(uint8_t sig[64], const struct ed25519_key *key,
		 const uint8_t *msg, size_t len);

/* 5.1.7: 0 if @sig is valid, -EBADMSG if it is not. */
int ed25519_verify(const uint8_t sig[64], const uint8_t public[32],
		   const uint8_t *msg, size_t len);

/* Whether @public decodes to a point, and not one of small order. */
bool ed25519_public_ok(const uint8_t public[32]);

#endif /* KV_ED25519_H */
