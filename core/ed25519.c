/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ed25519.c - signatures of RFC 8032, 5.1, see ed25519.h
 */
#include "alg.h"
#include "ed25519.h"
#include "ge25519.h"
#include "sc25519.h"

int ed25519_expand(struct ed25519_key *key, const uint8_t seed[32])
{
	const struct kv_part part = { seed, 32 };
	struct {
		uint8_t hash[64];
	} secret;
	int err;

	err = kv_sha512(&part, 1, secret.hash);
	if (err)
		goto out;
	memcpy(key->prefix, secret.hash + 32, 32);
	memcpy(key->scalar, secret.hash, 32);
	key->scalar[0] &= 0xf8;
	key->scalar[31] &= 0x7f;
	key->scalar[31] |= 0x40;
	kv_ge_base_mul(key->public, key->scalar);
out:
	kv_os_wipe(&secret, sizeof(secret));
	return err;
}

/* h = SHA-512(R, A, message) mod L */
static int challenge(uint8_t h[32], const uint8_t r[32],
		     const uint8_t public[32], const uint8_t *msg, size_t len)
{
	const struct kv_part parts[] = {
		{ r, 32 }, { public, 32 }, { msg, len },
	};
	uint8_t hash[64];
	int err;

	err = kv_sha512(parts, 3, hash);
	if (!err)
		kv_sc_reduce(h, hash);
	return err;
}

int ed25519_sign(uint8_t sig[64], const struct ed25519_key *key,
		 const uint8_t *msg, size_t len)
{
	const struct kv_part parts[] = { { key->prefix, 32 }, { msg, len } };
	struct {
		uint8_t hash[64], nonce[32];
	} secret;
	uint8_t r[32], h[32];
	int err;

	err = kv_sha512(parts, 2, secret.hash);
	if (err)
		goto out;
	kv_sc_reduce(secret.nonce, secret.hash);
	kv_ge_base_mul(r, secret.nonce);
	err = challenge(h, r, key->public, msg, len);
	if (err)
		goto out;
	memcpy(sig, r, 32);
	kv_sc_muladd(sig + 32, h, key->scalar, secret.nonce);
out:
	kv_os_wipe(&secret, sizeof(secret));
	return err;
}

int ed25519_verify(const uint8_t sig[64], const uint8_t public[32],
		   const uint8_t *msg, size_t len)
{
	uint8_t h[32], r[32];
	struct kv_ge a;
	int err;

	if (!kv_sc_canonical(sig + 32) || !kv_ge_decode(&a, public))
		return -EBADMSG;
	err = challenge(h, sig, public, msg, len);
	if (err)
		return err;
	kv_ge_mul_sub(r, h, &a, sig + 32);
	return kv_os_equal(r, sig, 32) ? 0 : -EBADMSG;
}

bool ed25519_public_ok(const uint8_t public[32])
{
	struct kv_ge a;

	return kv_ge_decode(&a, public) && !kv_ge_small_order(&a);
}
