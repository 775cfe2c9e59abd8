/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * bench.c - for valgrind's callgrind with --collect-atstart=no: does one thing
 * once, counted, after it was done once uncounted
 *
 *   bench expand|sign|verify|sha512|openssl-sign|openssl-verify
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <valgrind/callgrind.h>
#include "home.h"

static const uint8_t seed[32] = { 1, 2, 3 }, msg[32] = "a short message";
static struct ed25519_key key;
static uint8_t sig[64];
static EVP_PKEY *ssl;

static bool expand(void)
{
	return !ed25519_expand(&key, seed);
}

static bool sign(void)
{
	return !ed25519_sign(sig, &key, msg, sizeof(msg));
}

static bool verify(void)
{
	return !ed25519_verify(sig, key.public, msg, sizeof(msg));
}

/* What signing hashes: prefix and message, then R, A and message */
static bool sha512(void)
{
	const struct kv_part parts[] = { { msg, 32 }, { msg, 32 }, { msg, 32 } };
	uint8_t out[64];

	return !kv_sha512(parts, 2, out) && !kv_sha512(parts, 3, out);
}

static bool openssl_sign(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t size = sizeof(sig);
	bool ok;

	ok = EVP_DigestSignInit(ctx, NULL, NULL, NULL, ssl) == 1;
	CALLGRIND_TOGGLE_COLLECT;
	ok = ok && EVP_DigestSign(ctx, sig, &size, msg, sizeof(msg)) == 1;
	CALLGRIND_TOGGLE_COLLECT;
	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool openssl_verify(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok;

	ok = EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, ssl) == 1;
	CALLGRIND_TOGGLE_COLLECT;
	ok = ok && EVP_DigestVerify(ctx, sig, 64, msg, sizeof(msg)) == 1;
	CALLGRIND_TOGGLE_COLLECT;
	EVP_MD_CTX_free(ctx);
	return ok;
}

static const struct {
	const char *name;
	bool (*run)(void);
	bool counts_itself;
} things[] = {
	{ "expand", expand, false }, { "sign", sign, false },
	{ "verify", verify, false }, { "sha512", sha512, false },
	{ "openssl-sign", openssl_sign, true },
	{ "openssl-verify", openssl_verify, true },
};

int main(int argc, char **argv)
{
	ssl = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
	if (argc != 2 || !ssl || !expand() || !sign() || !verify())
		return 1;
	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
		bool ok;

		if (strcmp(argv[1], things[i].name))
			continue;
		if (!things[i].counts_itself)
			CALLGRIND_TOGGLE_COLLECT;
		ok = things[i].run();
		if (!things[i].counts_itself)
			CALLGRIND_TOGGLE_COLLECT;
		EVP_PKEY_free(ssl);
		return !ok;
	}
	return 1;
}
