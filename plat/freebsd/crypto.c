// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* crypto.c - which cryptography an algorithm has here; X25519 */

#include "crypto.h"

#include <crypto/curve25519.h>

#define STACK_WIPED	2048	/* bytes */

__noinline void kv_wipe_stack(void)
{
	uint8_t used[STACK_WIPED];

	explicit_bzero(used, sizeof(used));
}

/* The kernel's refuses points of low order, for which all would be zero. */
static int curve_exchange(uint8_t out[32], const uint8_t secret[32],
			  const uint8_t peer[32])
{
	bool ok = curve25519(out, secret, peer);

	kv_wipe_stack();
	return ok ? 0 : -EINVAL;
}

static const char *curve_name(void)
{
	return "libsodium";
}

static const struct kv_crypto crypto_curve = {
	.exchange = curve_exchange,
	.implementation = curve_name,
};

const struct kv_crypto *kv_os_crypto(uint32_t algorithm)
{
	static const struct kv_crypto *const table[] = {
		[KV_ALG_SHA256] = &kv_crypto_sha256,
		[KV_ALG_SHA512] = &kv_crypto_sha512,
		[KV_ALG_AES128_GCM] = &kv_crypto_gcm,
		[KV_ALG_AES256_GCM] = &kv_crypto_gcm,
		[KV_ALG_AES128_CBC] = &kv_crypto_cbc,
		[KV_ALG_AES256_CBC] = &kv_crypto_cbc,
		[KV_ALG_AES128_CTR] = &kv_crypto_ctr,
		[KV_ALG_AES256_CTR] = &kv_crypto_ctr,
		[KV_ALG_HMAC_SHA256] = &kv_crypto_hmac_sha256,
		[KV_ALG_HMAC_SHA512] = &kv_crypto_hmac_sha512,
		[KV_ALG_CHACHA20_POLY1305] = &kv_crypto_chacha,
		[KV_ALG_X25519] = &crypto_curve,
	};

	return algorithm < nitems(table) ? table[algorithm] : NULL;
}
