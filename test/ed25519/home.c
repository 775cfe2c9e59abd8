/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* home.c - see home.h */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include "home.h"

static unsigned int hash_fails;
static uint64_t random_state = 0x9e3779b97f4a7c15;

static void need(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "test/ed25519: %s failed\n", what);
		abort();
	}
}

void kv_os_wipe(void *p, size_t size)
{
	explicit_bzero(p, size);
}

bool kv_os_equal(const void *a, const void *b, size_t size)
{
	return !CRYPTO_memcmp(a, b, size);
}

void home_fail_hash(unsigned int n)
{
	hash_fails = n;
}

int kv_sha512(const struct kv_part *parts, unsigned int n, uint8_t out[64])
{
	EVP_MD_CTX *ctx;

	if (hash_fails && !--hash_fails)
		return -EIO;
	ctx = EVP_MD_CTX_new();
	need(ctx && EVP_DigestInit_ex(ctx, EVP_sha512(), NULL), "SHA-512");
	for (unsigned int i = 0; i < n; i++)
		need(EVP_DigestUpdate(ctx, parts[i].data, parts[i].len), "SHA-512");
	need(EVP_DigestFinal_ex(ctx, out, NULL), "SHA-512");
	EVP_MD_CTX_free(ctx);
	return 0;
}

/* xorshift64* */
static uint64_t next_random(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1d;
}

void home_random(void *p, size_t size)
{
	uint8_t *out = p;

	while (size--)
		*out++ = (uint8_t)(next_random() >> 56);
}

uint32_t home_below(uint32_t bound)
{
	return (uint32_t)(next_random() >> 32) % bound;
}

void home_unhex(void *out, size_t size, const char *hex)
{
	uint8_t *p = out;

	need(strlen(hex) == 2 * size, "the length of hex digits");
	for (size_t i = 0; i < size; i++) {
		unsigned int byte;

		need(sscanf(hex + 2 * i, "%2x", &byte) == 1, "reading hex digits");
		p[i] = (uint8_t)byte;
	}
}

static EVP_PKEY *ssl_key(const uint8_t seed[32])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
						     seed, 32);

	need(key, "OpenSSL's key");
	return key;
}

void ssl_public(uint8_t public[32], const uint8_t seed[32])
{
	EVP_PKEY *key = ssl_key(seed);
	size_t size = 32;

	need(EVP_PKEY_get_raw_public_key(key, public, &size) == 1 && size == 32,
	     "OpenSSL's public key");
	EVP_PKEY_free(key);
}

void ssl_sign(uint8_t sig[64], const uint8_t seed[32], const uint8_t *msg,
	      size_t len)
{
	EVP_PKEY *key = ssl_key(seed);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t size = 64;

	need(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
	     EVP_DigestSign(ctx, sig, &size, msg, len) == 1 && size == 64,
	     "OpenSSL's signature");
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
}

bool ssl_verify(const uint8_t sig[64], const uint8_t public[32],
		const uint8_t *msg, size_t len)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
						    public, 32);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok;

	need(EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1,
	     "OpenSSL's verification");
	ok = EVP_DigestVerify(ctx, sig, 64, msg, len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}
