/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * signatures.c - Ed25519 beside published vectors and beside OpenSSL
 *
 *   signatures DIRECTORY
 *
 * DIRECTORY holds sign.input and the keys of RFC 8410, as in Debian's package
 * python3-cryptography-vectors.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include "../tap.h"
#include "home.h"

#define MSG_MAX	2048
#define SIGN_INPUT_CASES 1024

static const char *directory;

struct vector {
	uint8_t seed[32], public[32], sig[64], msg[MSG_MAX];
	size_t len;
};

static void check_vector(const struct vector *v)
{
	struct ed25519_key key;
	uint8_t sig[64];

	CHECK(!ed25519_expand(&key, v->seed));
	CHECK(!memcmp(key.public, v->public, 32));
	CHECK(!ed25519_sign(sig, &key, v->msg, v->len));
	CHECK(!memcmp(sig, v->sig, 64));
	CHECK(!ed25519_verify(v->sig, v->public, v->msg, v->len));
	CHECK(ed25519_public_ok(v->public));
}

/* RFC 8032 7.1, but for TEST 1024, which is the last line of sign.input */
static const struct {
	const char *seed, *public, *msg, *sig;
} rfc8032[] = {
	{
		"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		"",
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
		"5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
	}, {
		"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		"72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
	}, {
		"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
		"af82",
		"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
		"18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
	}, {
		"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
		"ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
		"09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
	},
};

static const char rfc8032_test_1024[] =
	"0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350"
	"aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6ac00a9704a188a03";

static void rfc8032_vectors(void)
{
	for (size_t i = 0; i < sizeof(rfc8032) / sizeof(rfc8032[0]); i++) {
		struct vector v = { .len = strlen(rfc8032[i].msg) / 2 };

		home_unhex(v.seed, 32, rfc8032[i].seed);
		home_unhex(v.public, 32, rfc8032[i].public);
		home_unhex(v.msg, v.len, rfc8032[i].msg);
		home_unhex(v.sig, 64, rfc8032[i].sig);
		check_vector(&v);
	}
}

static FILE *open_vectors(const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return fopen(path, "r");
}

/* A line is hex: seed and public key, public key, message, signature and message. */
static bool read_vector(struct vector *v, char *line)
{
	char *seed = strtok(line, ":"), *public = strtok(NULL, ":");
	char *msg = strtok(NULL, ":"), *sig = strtok(NULL, ":\n");

	if (!sig) {		/* an empty message leaves no field behind */
		sig = msg;
		msg = "";
	}
	if (!sig || strlen(seed) != 128 || strlen(sig) < 128)
		return false;
	v->len = strlen(msg) / 2;
	if (v->len > MSG_MAX)
		return false;
	seed[64] = sig[128] = 0;
	home_unhex(v->seed, 32, seed);
	home_unhex(v->public, 32, public);
	home_unhex(v->msg, v->len, msg);
	home_unhex(v->sig, 64, sig);
	return true;
}

static void sign_input_vectors(void)
{
	FILE *file = open_vectors("sign.input");
	uint8_t test_1024[64];
	static struct vector v;
	char line[8192];
	int cases = 0;

	REQUIRE(file);
	while (fgets(line, sizeof(line), file)) {
		REQUIRE(read_vector(&v, line));
		check_vector(&v);
		cases++;
	}
	fclose(file);
	CHECK(cases == SIGN_INPUT_CASES);
	home_unhex(test_1024, 64, rfc8032_test_1024);
	CHECK(v.len == 1023 && !memcmp(v.sig, test_1024, 64));
}

/* Reads a key of RFC 8410; the caller frees it. */
static EVP_PKEY *read_key(const char *name)
{
	FILE *file = open_vectors(name);
	EVP_PKEY *key = NULL;

	if (!file)
		return NULL;
	if (strstr(name, "enc.der"))
		key = d2i_PKCS8PrivateKey_fp(file, NULL, NULL, "password");
	else if (strstr(name, "pkcs8.der"))
		key = d2i_PrivateKey_fp(file, NULL);
	else if (strstr(name, "pkcs8"))
		key = PEM_read_PrivateKey(file, NULL, NULL, "password");
	else if (strstr(name, "der"))
		key = d2i_PUBKEY_fp(file, NULL);
	else
		key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
	fclose(file);
	return key;
}

/* The six files hold one key. */
static void rfc8410_keys(void)
{
	static const char *const names[] = {
		"ed25519-pkcs8.der", "ed25519-pkcs8.pem", "ed25519-pkcs8-enc.der",
		"ed25519-pkcs8-enc.pem", "ed25519-pub.der", "ed25519-pub.pem",
	};
	struct ed25519_key expanded;
	uint8_t seed[32], public[32];
	size_t size;

	memset(&expanded, 0, sizeof(expanded));
	for (int i = 0; i < 6; i++) {
		EVP_PKEY *key = read_key(names[i]);

		REQUIRE(key);
		size = 32;
		CHECK(EVP_PKEY_get_raw_public_key(key, public, &size) == 1);
		if (i < 4) {
			CHECK(EVP_PKEY_get_raw_private_key(key, seed, &size) == 1);
			CHECK(!ed25519_expand(&expanded, seed));
		}
		CHECK(!memcmp(expanded.public, public, 32));
		EVP_PKEY_free(key);
	}
}

static void random_vector(struct vector *v, struct ed25519_key *key)
{
	v->len = home_below(home_below(8) ? 200 : MSG_MAX);
	home_random(v->seed, 32);
	home_random(v->msg, v->len);
	CHECK(!ed25519_expand(key, v->seed));
	memcpy(v->public, key->public, 32);
	CHECK(!ed25519_sign(v->sig, key, v->msg, v->len));
}

static void the_same_as_openssl(void)
{
	static struct vector v;
	struct ed25519_key key;
	uint8_t public[32], sig[64];

	for (int i = 0; i < 4000; i++) {
		random_vector(&v, &key);
		ssl_public(public, v.seed);
		ssl_sign(sig, v.seed, v.msg, v.len);
		CHECK(!memcmp(public, v.public, 32));
		CHECK(!memcmp(sig, v.sig, 64));
		CHECK(ssl_verify(v.sig, v.public, v.msg, v.len));
		CHECK(!ed25519_verify(sig, public, v.msg, v.len));
	}
}

/* Flips bit @bit of the signature, the key or the message, and back. */
static void flip(struct vector *v, size_t bit)
{
	const uint8_t mask = (uint8_t)(1 << bit % 8);
	const size_t byte = bit / 8;

	if (byte < 64)
		v->sig[byte] ^= mask;
	else if (byte < 96)
		v->public[byte - 64] ^= mask;
	else
		v->msg[byte - 96] ^= mask;
}

static void check_flipped(struct vector *v, size_t bit)
{
	flip(v, bit);
	CHECK(ed25519_verify(v->sig, v->public, v->msg, v->len) == -EBADMSG);
	CHECK(!ssl_verify(v->sig, v->public, v->msg, v->len));
	flip(v, bit);
}

static void one_wrong_bit(void)
{
	static struct vector v;
	struct ed25519_key key;

	random_vector(&v, &key);
	v.len = 16;
	CHECK(!ed25519_sign(v.sig, &key, v.msg, v.len));
	for (size_t bit = 0; bit < 8 * (96 + v.len); bit++)
		check_flipped(&v, bit);
	for (int i = 0; i < 1500; i++) {
		random_vector(&v, &key);
		check_flipped(&v, home_below((uint32_t)(8 * (96 + v.len))));
		CHECK(!ed25519_verify(v.sig, v.public, v.msg, v.len));
	}
}

static void a_wrong_length(void)
{
	static struct vector v;
	struct ed25519_key key;

	for (int i = 0; i < 200; i++) {
		do
			random_vector(&v, &key);
		while (!v.len || v.len == MSG_MAX);
		CHECK(ed25519_verify(v.sig, v.public, v.msg, v.len - 1));
		CHECK(ed25519_verify(v.sig, v.public, v.msg, v.len + 1));
	}
}

/* A hash that fails is an error, and nothing is written. */
static void failing_hashes(void)
{
	const uint8_t seed[32] = { 1 };
	struct ed25519_key key, old;
	uint8_t sig[64], zero[64] = { 0 };

	memset(&key, 0x5a, sizeof(key));
	old = key;
	home_fail_hash(1);
	CHECK(ed25519_expand(&key, seed) == -EIO);
	CHECK(!memcmp(&key, &old, sizeof(key)));
	CHECK(!ed25519_expand(&key, seed));
	memset(sig, 0, sizeof(sig));
	for (unsigned int n = 1; n <= 2; n++) {
		home_fail_hash(n);
		CHECK(ed25519_sign(sig, &key, seed, 32) == -EIO);
		CHECK(!memcmp(sig, zero, sizeof(sig)));
	}
	home_fail_hash(3);
	CHECK(!ed25519_sign(sig, &key, seed, 32));
	CHECK(ed25519_verify(sig, key.public, seed, 32) == -EIO);
	CHECK(!ed25519_verify(sig, key.public, seed, 32));
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: signatures DIRECTORY\n");
		return 2;
	}
	directory = argv[1];
	TAP_RUN(rfc8032_vectors);
	TAP_RUN(sign_input_vectors);
	TAP_RUN(rfc8410_keys);
	TAP_RUN(the_same_as_openssl);
	TAP_RUN(one_wrong_bit);
	TAP_RUN(a_wrong_length);
	TAP_RUN(failing_hashes);
	return tap_done();
}
