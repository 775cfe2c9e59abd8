// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* alg.c - the algorithm table */

#include "alg_rows.h"

#define EXACTLY(n)	.bits = { n, n, n }, .import = { n, n, n }

static const struct kv_alg algs[] = {
	{ .id = KV_ALG_SHA256, .name = "sha256", .kind = KV_KIND_HASH, .out_len = 32 },
	{ .id = KV_ALG_SHA512, .name = "sha512", .kind = KV_KIND_HASH, .out_len = 64 },

	{ .id = KV_ALG_AES128_GCM, .name = "aes128-gcm", .kind = KV_KIND_AEAD,
	  EXACTLY(128), KV_ALG_BY_HOME },
	{ .id = KV_ALG_AES256_GCM, .name = "aes256-gcm", .kind = KV_KIND_AEAD,
	  EXACTLY(256), KV_ALG_BY_HOME },
	{ .id = KV_ALG_CHACHA20_POLY1305, .name = "chacha20-poly1305",
	  .kind = KV_KIND_AEAD, EXACTLY(256), KV_ALG_BY_HOME },

	{ .id = KV_ALG_AES128_CBC, .name = "aes128-cbc", .kind = KV_KIND_CIPHER,
	  .block = KV_AES_BLOCK_SIZE, EXACTLY(128), KV_ALG_BY_HOME },
	{ .id = KV_ALG_AES256_CBC, .name = "aes256-cbc", .kind = KV_KIND_CIPHER,
	  .block = KV_AES_BLOCK_SIZE, EXACTLY(256), KV_ALG_BY_HOME },
	{ .id = KV_ALG_AES128_CTR, .name = "aes128-ctr", .kind = KV_KIND_CIPHER,
	  .block = 1, EXACTLY(128), KV_ALG_BY_HOME },
	{ .id = KV_ALG_AES256_CTR, .name = "aes256-ctr", .kind = KV_KIND_CIPHER,
	  .block = 1, EXACTLY(256), KV_ALG_BY_HOME },

	{ .id = KV_ALG_HMAC_SHA256, .name = "hmac-sha256", .kind = KV_KIND_MAC,
	  .hash = KV_ALG_HMAC_SHA256, .out_len = 32,
	  .bits = { 256, 128, 512 }, .import = { 256, 8, KV_MAX_KEY_SIZE * 8 },
	  KV_ALG_BY_HOME },
	{ .id = KV_ALG_HMAC_SHA512, .name = "hmac-sha512", .kind = KV_KIND_MAC,
	  .hash = KV_ALG_HMAC_SHA512, .out_len = 64,
	  .bits = { 512, 256, 1024 }, .import = { 512, 8, KV_MAX_KEY_SIZE * 8 },
	  KV_ALG_BY_HOME },

	/* Never prepared: the bytes are HKDF's input, and the salt its key. */
	{ .id = KV_ALG_HKDF_SHA256, .name = "hkdf-sha256", .kind = KV_KIND_KDF,
	  .hash = KV_ALG_HMAC_SHA256, .bits = { 256, 128, 8160 } },
	{ .id = KV_ALG_HKDF_SHA512, .name = "hkdf-sha512", .kind = KV_KIND_KDF,
	  .hash = KV_ALG_HMAC_SHA512, .bits = { 512, 128, 16320 } },

	{ .id = KV_ALG_ED25519, .name = "ed25519", .kind = KV_KIND_SIGN,
	  .out_len = KV_ED25519_SIGNATURE_SIZE, EXACTLY(256),
	  .prepare = kv_ed25519_prepare, .release = kv_ed25519_release,
	  .sign = kv_ed25519_sign, .verify = kv_ed25519_verify },
	{ .id = KV_ALG_X25519, .name = "x25519", .kind = KV_KIND_EXCHANGE,
	  EXACTLY(256), .prepare = kv_x25519_prepare },
};

static const struct kv_alg ed25519_public = {
	.id = KV_ALG_ED25519, .name = "ed25519", .kind = KV_KIND_VERIFY,
	.import = { 256, 256, 256 }, .prepare = kv_ed25519_prepare_public,
	.verify = kv_ed25519_verify,
};

const struct kv_alg *kv_alg_find(uint32_t id)
{
	size_t i;

	for (i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
		if (algs[i].id == id)
			return &algs[i];
	return NULL;
}

const struct kv_alg *kv_alg_find_public(uint32_t id)
{
	return id == ed25519_public.id ? &ed25519_public : NULL;
}

int kv_home_prepare(struct kv_secret *secret)
{
	return secret->crypto->prepare(&secret->prepared, secret->bytes,
				       secret->len);
}

void kv_home_release(struct kv_secret *secret)
{
	secret->crypto->release(secret->prepared);
}

int kv_sha512(const struct kv_part *parts, unsigned int n, uint8_t out[64])
{
	return kv_os_crypto(KV_ALG_SHA512)->hash(parts, n, out);
}
