// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * The names of algorithms and capabilities, for programs whose handle may not
 * ask (GETALG needs KV_CAP_GETINFO). A test compares them with the vault's.
 */
#include <string.h>

#include "libkeyvault.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	uint32_t algorithm;
	const char *name;
} algorithms[] = {
	{ KV_ALG_SHA256, "sha256" },
	{ KV_ALG_SHA512, "sha512" },
	{ KV_ALG_AES128_GCM, "aes128-gcm" },
	{ KV_ALG_AES256_GCM, "aes256-gcm" },
	{ KV_ALG_AES128_CBC, "aes128-cbc" },
	{ KV_ALG_AES256_CBC, "aes256-cbc" },
	{ KV_ALG_AES128_CTR, "aes128-ctr" },
	{ KV_ALG_AES256_CTR, "aes256-ctr" },
	{ KV_ALG_HMAC_SHA256, "hmac-sha256" },
	{ KV_ALG_HMAC_SHA512, "hmac-sha512" },
	{ KV_ALG_ED25519, "ed25519" },
	{ KV_ALG_CHACHA20_POLY1305, "chacha20-poly1305" },
	{ KV_ALG_X25519, "x25519" },
	{ KV_ALG_HKDF_SHA256, "hkdf-sha256" },
	{ KV_ALG_HKDF_SHA512, "hkdf-sha512" },
};

/* Bit n is row n. */
static const char *const caps[] = {
	"genkey", "destroy", "revoke", "encrypt", "decrypt", "sign", "verify",
	"mac", "hash", "getinfo", "list", "restrict", "derive", "exchange",
	"import",
};

const char *kv_alg_name(uint32_t algorithm)
{
	for (size_t i = 0; i < COUNT(algorithms); i++)
		if (algorithms[i].algorithm == algorithm)
			return algorithms[i].name;
	return NULL;
}

uint32_t kv_alg_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(algorithms); i++)
		if (!strcmp(algorithms[i].name, name))
			return algorithms[i].algorithm;
	return KV_ALG_NONE;
}

uint32_t kv_alg_next(uint32_t algorithm)
{
	for (size_t i = 0; i < COUNT(algorithms); i++)
		if (algorithms[i].algorithm > algorithm)
			return algorithms[i].algorithm;
	return KV_ALG_NONE;
}

const char *kv_cap_name(uint32_t cap)
{
	for (size_t i = 0; i < COUNT(caps); i++)
		if (cap == 1u << i)
			return caps[i];
	return NULL;
}

uint32_t kv_cap_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(caps); i++)
		if (!strcmp(caps[i], name))
			return 1u << i;
	return 0;
}
