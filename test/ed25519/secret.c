/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * secret.c - for valgrind's memcheck: the seed is "uninitialised", so that every
 * branch and every address that depends on it is reported
 *
 *   secret ed25519    expands keys and signs: no report may come
 *   secret branch     a function that branches on the seed: must be reported
 *   secret index      one that indexes with it: must be reported
 */
#include <stdio.h>
#include <valgrind/memcheck.h>
#include "home.h"

static volatile unsigned int sink;

static void leaky_branch(const uint8_t seed[32])
{
	if (seed[7] & 1)
		sink++;
}

static void leaky_index(const uint8_t seed[32])
{
	static const uint8_t table[256] = { 1, 2, 3 };

	sink += table[seed[7]];
}

/* Whether memcheck knows every byte as one that depends on a secret. */
static bool is_secret(const uint8_t *p, size_t size)
{
	uint8_t bits[64];

	if (!RUNNING_ON_VALGRIND)
		return true;
	if (VALGRIND_GET_VBITS(p, bits, size) != 1)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!bits[i])
			return false;
	}
	return true;
}

/* 0 if it signed, and signed well. */
static int sign(uint8_t seed[32], size_t len)
{
	struct ed25519_key key;
	uint8_t sig[64], msg[300], public[32];

	home_random(msg, sizeof(msg));
	VALGRIND_MAKE_MEM_UNDEFINED(seed, 32);
	if (ed25519_expand(&key, seed) || ed25519_sign(sig, &key, msg, len))
		return 1;
	/* the secret was followed to the end; what goes out is none any more */
	if (!is_secret(key.public, 32) || !is_secret(sig, 64))
		return 1;
	memcpy(public, key.public, 32);
	VALGRIND_MAKE_MEM_DEFINED(public, 32);
	VALGRIND_MAKE_MEM_DEFINED(sig, 64);
	return ed25519_verify(sig, public, msg, len) ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	uint8_t seed[32];

	home_random(seed, 32);
	if (!strcmp(what, "ed25519")) {
		static const size_t len[] = { 0, 47, 300 };

		for (size_t i = 0; i < sizeof(len) / sizeof(len[0]); i++) {
			home_random(seed, 32);
			if (sign(seed, len[i]))
				return 1;
		}
		return 0;
	}
	VALGRIND_MAKE_MEM_UNDEFINED(seed, 32);
	if (!strcmp(what, "branch"))
		leaky_branch(seed);
	else if (!strcmp(what, "index"))
		leaky_index(seed);
	else
		return 2;
	return 0;
}
