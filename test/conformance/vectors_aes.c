/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* vectors_aes.c - AES-CBC and AES-CTR: NIST CAVP, SP 800-38A, RFC 3686 */
#include <stdio.h>
#include <unistd.h>

#include "oracle.h"
#include "vec.h"

/* One case, both ways. */
static void both_ways(int fd, uint32_t alg, struct bytes key, struct bytes iv,
		      struct bytes pt, struct bytes ct)
{
	uint64_t id = key_import(fd, alg, key.data, key.len);
	uint8_t out[512];

	REQUIRE(id);
	REQUIRE(iv.len == 16 && pt.len == ct.len && pt.len <= sizeof(out));
	EQ(ask_encrypt(fd, id, pt.data, pt.len, out, iv.data, NULL), 0);
	CHECK(memcmp(out, ct.data, ct.len) == 0);
	memset(out, 0, sizeof(out));
	EQ(ask_decrypt(fd, id, ct.data, ct.len, out, iv.data), 0);
	CHECK(memcmp(out, pt.data, pt.len) == 0);
	EQ(ask_destroy(fd, id), 0);
}

static void cipher_file(const char *path, uint32_t alg, unsigned int known)
{
	struct vec *vec = vec_open(path);
	unsigned int n = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		context("%s %s %ld", path, vec_section(vec),
			vec_number(vec, "COUNT"));
		both_ways(fd, alg, vec_bytes(vec, "KEY"), vec_bytes(vec, "IV"),
			  vec_bytes(vec, "PLAINTEXT"),
			  vec_bytes(vec, "CIPHERTEXT"));
		n++;
	}
	if (vec) {
		vec_count(path, n, known);
		vec_close(vec);
	}
	close(fd);
}

static void cavp_cbc(void)
{
	static const struct { const char *name; unsigned int of128, of256; } t[] = {
		{ "GFSbox", 14, 10 }, { "KeySbox", 42, 32 }, { "MMT", 20, 20 },
		{ "VarKey", 256, 512 }, { "VarTxt", 256, 256 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(t); i++) {
		char path[64];

		snprintf(path, sizeof(path), "ciphers/AES/CBC/CBC%s128.rsp",
			 t[i].name);
		cipher_file(path, KV_ALG_AES128_CBC, t[i].of128);
		snprintf(path, sizeof(path), "ciphers/AES/CBC/CBC%s256.rsp",
			 t[i].name);
		cipher_file(path, KV_ALG_AES256_CBC, t[i].of256);
	}
}

static void rfc3686_ctr(void)
{
	cipher_file("ciphers/AES/CTR/aes-128-ctr.txt", KV_ALG_AES128_CTR, 3);
	cipher_file("ciphers/AES/CTR/aes-256-ctr.txt", KV_ALG_AES256_CTR, 3);
}

/*
 * The same CAVP cases are the block cipher's, so CTR must agree with them: its
 * key stream for counter block C is CBC's first block for plaintext C, IV 0.
 */
static void cavp_blocks_through_ctr(void)
{
	static const uint8_t zeroes[16];
	struct vec *vec = vec_open("ciphers/AES/CBC/CBCVarTxt256.rsp");
	unsigned int n = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		struct bytes key = vec_bytes(vec, "KEY");
		struct bytes pt = vec_bytes(vec, "PLAINTEXT");
		struct bytes ct = vec_bytes(vec, "CIPHERTEXT");
		uint64_t id = key_import(fd, KV_ALG_AES256_CTR, key.data,
					 key.len);
		uint8_t out[16];

		if (!CHECK(id && pt.len == 16 &&
			   all(vec_bytes(vec, "IV").data, 0, 16)))
			break;
		EQ(ask_encrypt(fd, id, zeroes, 16, out, pt.data, NULL), 0);
		CHECK(memcmp(out, ct.data, 16) == 0);
		EQ(ask_destroy(fd, id), 0);
		n++;
	}
	if (vec) {
		vec_count("CBCVarTxt256 through CTR", n, 256);
		vec_close(vec);
	}
	close(fd);
}

/* SP 800-38A F.2.1, F.2.5, F.5.1, F.5.5: one plaintext of four blocks. */
static void sp800_38a(void)
{
	static const char plain[] =
		"6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
		"30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
	static const char key128[] = "2b7e151628aed2a6abf7158809cf4f3c";
	static const char key256[] =
		"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
	static const char iv[] = "000102030405060708090a0b0c0d0e0f";
	static const char counter[] = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
	static const struct {
		uint32_t alg;
		const char *key, *iv, *cipher;
	} t[] = {
		{ KV_ALG_AES128_CBC, key128, iv,
		  "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
		  "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7" },
		{ KV_ALG_AES256_CBC, key256, iv,
		  "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
		  "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b" },
		{ KV_ALG_AES128_CTR, key128, counter,
		  "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
		  "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee" },
		{ KV_ALG_AES256_CTR, key256, counter,
		  "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
		  "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6" },
	};
	unsigned int i;
	int fd = vault_open();

	for (i = 0; i < ARRAY_LEN(t); i++) {
		char text[4][160];
		struct bytes b[4];
		const char *from[4] = { t[i].key, t[i].iv, plain, t[i].cipher };
		int k;

		context("row %u", i);
		for (k = 0; k < 4; k++) {
			strcpy(text[k], from[k]);
			b[k].data = (uint8_t *)text[k];
			b[k].len = vec_unhex(text[k], strlen(text[k]));
		}
		both_ways(fd, t[i].alg, b[0], b[1], b[2], b[3]);
	}
	close(fd);
}

/*
 * The Monte Carlo test of AESAVS 6.4.2 (1000 encryptions, each fed by the ones
 * before), with libcrypto in place of the published end.
 */
static void monte_carlo(void)
{
	uint32_t alg;
	int fd = vault_open();

	for (alg = KV_ALG_AES128_CBC; alg <= KV_ALG_AES256_CTR; alg++) {
		uint64_t id = key_known(fd, alg_find(alg));
		uint8_t ours[2][16], theirs[2][16], iv[2][16];
		unsigned int i;

		fill(ours, sizeof(ours), alg);
		memcpy(theirs, ours, sizeof(ours));
		fill(iv[0], 16, 3);
		memcpy(iv[1], iv[0], 16);
		for (i = 0; i < 1000; i++) {
			EQ(ask_encrypt(fd, id, ours, 32, ours, iv[0], NULL), 0);
			REQUIRE(oracle_cipher(alg, known_bytes(), true, theirs,
					      32, theirs[0], iv[1]));
			memcpy(iv[0], ours[1], 16);
			memcpy(iv[1], theirs[1], 16);
		}
		context("%s, encrypting", alg_find(alg)->name);
		CHECK(memcmp(ours, theirs, sizeof(ours)) == 0);
		for (i = 0; i < 1000; i++) {
			EQ(ask_decrypt(fd, id, ours, 32, ours, iv[0]), 0);
			REQUIRE(oracle_cipher(alg, known_bytes(), false, theirs,
					      32, theirs[0], iv[1]));
			memcpy(iv[0], ours[0], 16);
			memcpy(iv[1], theirs[0], 16);
		}
		context("%s, decrypting", alg_find(alg)->name);
		CHECK(memcmp(ours, theirs, sizeof(ours)) == 0);
	}
	close(fd);
}

TESTS(vectors_aes) = {
	TEST(cavp_cbc),
	TEST(rfc3686_ctr),
	TEST(cavp_blocks_through_ctr),
	TEST(sp800_38a),
	TEST(monte_carlo),
	TESTS_END
};
