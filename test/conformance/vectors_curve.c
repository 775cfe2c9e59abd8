/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* vectors_curve.c - Ed25519 (RFC 8032, sign.input) and X25519 (RFC 7748) */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "oracle.h"
#include "vec.h"

/* Signs, and verifies as the key's owner and as one who has the public key. */
static void one_signature(int fd, const uint8_t *seed, const uint8_t *pub,
			  const void *msg, size_t len, const uint8_t *want)
{
	uint64_t id = key_import(fd, KV_ALG_ED25519, seed, 32), public_id = 0;
	uint8_t sig[64], got[32];
	const void *in = len ? msg : NULL;
	int valid;

	REQUIRE(id);
	EQ(ask_getpubkey(fd, id, got), 0);
	CHECK(memcmp(got, pub, 32) == 0);
	EQ(ask_sign(fd, id, in, len, sig), 0);
	CHECK(memcmp(sig, want, 64) == 0);
	EQ(ask_verify(fd, id, in, len, want, 64, &valid), 0);
	EQ(valid, 1);
	EQ(ask_import(fd, KV_ALG_ED25519, KV_KEY_FLAG_PUBLIC, pub, 32,
		      &public_id), 0);
	EQ(ask_verify(fd, public_id, in, len, want, 64, &valid), 0);
	EQ(valid, 1);
	sig[len % 64] ^= 1u << len % 8;
	EQ(ask_verify(fd, public_id, in, len, sig, 64, &valid), 0);
	EQ(valid, 0);
	EQ(ask_destroy(fd, id), 0);
	EQ(ask_destroy(fd, public_id), 0);
}

/*
 * 1024 lines "seed and public key:public key:message:signature and message:",
 * of 0 to 1023 bytes; RFC 8032's tests 1, 2, 3 and 1024 are among them.
 */
static void sign_input(void)
{
	FILE *file = vec_file("asymmetric/Ed25519/sign.input");
	char *line = NULL;
	size_t room = 0;
	unsigned int n = 0;
	int fd = vault_open();

	if (!file)
		return;
	while (getline(&line, &room, file) > 0) {
		char *f[4], *at = line;
		size_t len;
		int k;

		context("sign.input, line %u", n + 1);
		for (k = 0; k < 4 && at; k++) {
			f[k] = at;
			at = strchr(at, ':');
			if (at)
				*at++ = 0;
		}
		if (!CHECK(k == 4))
			break;
		len = strlen(f[2]) / 2;
		if (!CHECK(vec_unhex(f[0], 128) == 64 &&
			   vec_unhex(f[1], 64) == 32 &&
			   vec_unhex(f[2], 2 * len) == len &&
			   vec_unhex(f[3], 128) == 64))
			break;
		one_signature(fd, (uint8_t *)f[0], (uint8_t *)f[1], f[2], len,
			      (uint8_t *)f[3]);
		n++;
	}
	vec_count("Ed25519 (sign.input)", n, 1024);
	free(line);
	fclose(file);
	close(fd);
}

/* RFC 8032 7.1, the test that is not in sign.input. */
static void rfc8032_sha_abc(void)
{
	char seed[] =
		"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42";
	char pub[] =
		"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf";
	char msg[] =
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
	char sig[] =
		"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
		"09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704";
	int fd = vault_open();

	EQ(vec_unhex(seed, 64), 32);
	EQ(vec_unhex(pub, 64), 32);
	EQ(vec_unhex(msg, 128), 64);
	EQ(vec_unhex(sig, 128), 64);
	one_signature(fd, (uint8_t *)seed, (uint8_t *)pub, msg, 64,
		      (uint8_t *)sig);
	close(fd);
}

static void one_exchange(int fd, const uint8_t *scalar, const uint8_t *u,
			 const uint8_t *want)
{
	uint64_t id = key_import(fd, KV_ALG_X25519, scalar, 32);
	uint8_t out[32];

	REQUIRE(id);
	EQ(ask_exchange(fd, id, u, out), 0);
	CHECK(memcmp(out, want, 32) == 0);
	EQ(ask_destroy(fd, id), 0);
}

/* RFC 7748 5.2 */
static void rfc7748_file(void)
{
	struct vec *vec = vec_open("asymmetric/X25519/rfc7748.txt");
	unsigned int n = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		context("case %ld", vec_number(vec, "COUNT"));
		one_exchange(fd, vec_bytes(vec, "INPUT_SCALAR").data,
			     vec_bytes(vec, "INPUT_U").data,
			     vec_bytes(vec, "OUTPUT_U").data);
		n++;
	}
	if (vec) {
		vec_count("X25519 (rfc7748.txt)", n, 3);
		vec_close(vec);
	}
	close(fd);
}

/* RFC 7748 5.2: k and u swap roles, a thousand times. */
static void rfc7748_thousand(void)
{
	char once[] =
		"422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079";
	char want[] =
		"684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51";
	uint8_t k[32] = { 9 }, u[32] = { 9 }, out[32];
	int i, fd = vault_open();

	EQ(vec_unhex(once, 64), 32);
	EQ(vec_unhex(want, 64), 32);
	for (i = 0; i < 1000; i++) {
		uint64_t id = key_import(fd, KV_ALG_X25519, k, 32);

		REQUIRE_EQ(ask_exchange(fd, id, u, out), 0);
		REQUIRE_EQ(ask_destroy(fd, id), 0);
		memcpy(u, k, 32);
		memcpy(k, out, 32);
		if (i == 0)
			CHECK(memcmp(k, once, 32) == 0);
	}
	CHECK(memcmp(k, want, 32) == 0);
	close(fd);
}

/* RFC 7748 6.1: Alice and Bob */
static void rfc7748_diffie_hellman(void)
{
	char text[][65] = {
		"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
		"8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
		"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
		"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
		"4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
	};
	uint8_t v[5][32], out[32];
	int i, fd = vault_open();

	for (i = 0; i < 5; i++) {
		EQ(vec_unhex(text[i], 64), 32);
		memcpy(v[i], text[i], 32);
	}
	for (i = 0; i < 2; i++) {
		uint64_t id = key_import(fd, KV_ALG_X25519, v[2 * i], 32);

		context(i ? "Bob" : "Alice");
		REQUIRE(id);
		EQ(ask_getpubkey(fd, id, out), 0);
		CHECK(memcmp(out, v[2 * i + 1], 32) == 0);
		one_exchange(fd, v[2 * i], v[i ? 1 : 3], v[4]);
	}
	close(fd);
}

TESTS(vectors_curve) = {
	TEST(sign_input),
	TEST(rfc8032_sha_abc),
	TEST(rfc7748_file),
	TEST(rfc7748_thousand),
	TEST(rfc7748_diffie_hellman),
	TESTS_END
};
