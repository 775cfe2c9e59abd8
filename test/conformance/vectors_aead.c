/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* vectors_aead.c - AES-GCM (NIST CAVP) and ChaCha20-Poly1305 (RFC 8439 and more) */
#include <errno.h>
#include <unistd.h>

#include "vec.h"

enum { ROOM = 4096 };

struct example {
	uint32_t alg;
	struct bytes key, nonce, aad, pt, ct, tag;
};

/* Seals; the tag may be a published tag's longer self (CAVP has short ones). */
static void must_seal(int fd, const struct example *e)
{
	uint64_t id = key_import(fd, e->alg, e->key.data, e->key.len);
	uint8_t out[ROOM], tag[16];
	struct aead with = { .nonce = e->nonce.data, .aad = e->aad.data,
			     .aad_len = e->aad.len, .tag = tag };

	REQUIRE(id && e->nonce.len == 12 && e->pt.len == e->ct.len &&
		e->pt.len <= ROOM && e->tag.len >= 4 && e->tag.len <= 16);
	EQ(ask_seal(fd, id, e->pt.data, e->pt.len, out, &with), 0);
	CHECK(memcmp(out, e->ct.data, e->ct.len) == 0);
	CHECK(memcmp(tag, e->tag.data, e->tag.len) == 0);
	EQ(ask_destroy(fd, id), 0);
}

/* Opens, or, where there is no plaintext to be had, is refused. */
static void must_open(int fd, const struct example *e, bool authentic)
{
	uint64_t id = key_import(fd, e->alg, e->key.data, e->key.len);
	uint8_t out[ROOM];
	struct aead with = { .nonce = e->nonce.data, .aad = e->aad.data,
			     .aad_len = e->aad.len, .tag = e->tag.data };

	REQUIRE(id && e->nonce.len == 12 && e->tag.len == 16 &&
		e->ct.len <= ROOM);
	memset(out, UNTOUCHED, sizeof(out));
	EQ(ask_unseal(fd, id, e->ct.data, e->ct.len, out, &with),
	   authentic ? 0 : EBADMSG);
	if (authentic)
		CHECK(memcmp(out, e->pt.data, e->pt.len) == 0);
	else
		CHECK(all(out, UNTOUCHED, sizeof(out)));
	EQ(ask_destroy(fd, id), 0);
}

static struct example gcm_record(const struct vec *vec, uint32_t alg)
{
	return (struct example){
		alg, vec_bytes(vec, "Key"), vec_bytes(vec, "IV"),
		vec_bytes(vec, "AAD"), vec_bytes(vec, "PT"),
		vec_bytes(vec, "CT"), vec_bytes(vec, "Tag"),
	};
}

/* Cases with nonces of other sizes are not ours. */
static void gcm_encrypt_file(const char *path, uint32_t alg)
{
	struct vec *vec = vec_open(path);
	unsigned int whole = 0, shorter = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		struct example e = gcm_record(vec, alg);

		context("%s %ld", path, vec_number(vec, "Count"));
		if (e.nonce.len != 12)
			continue;
		must_seal(fd, &e);
		if (e.tag.len == 16)
			must_open(fd, &e, true);
		whole += e.tag.len == 16;
		shorter += e.tag.len < 16;
	}
	if (vec) {
		note("%s: %u cases, and %u with shorter tags", path, whole,
		     shorter);
		EQ(whole, 375);
		EQ(shorter, 2250);
		vec_close(vec);
	}
	close(fd);
}

static void gcm_decrypt_file(const char *path, uint32_t alg,
			     unsigned int known_bad)
{
	struct vec *vec = vec_open(path);
	unsigned int good = 0, bad = 0, shorter = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		struct example e = gcm_record(vec, alg);
		bool authentic = !vec_has(vec, "FAIL");

		context("%s %ld", path, vec_number(vec, "Count"));
		if (e.nonce.len != 12)
			continue;
		if (authentic)
			must_seal(fd, &e);
		if (e.tag.len == 16) {
			must_open(fd, &e, authentic);
			good += authentic;
			bad += !authentic;
		} else {
			shorter += authentic;
		}
	}
	if (vec) {
		note("%s: %u cases, %u forged, and %u with shorter tags", path,
		     good, bad, shorter);
		EQ(good + bad, 375);
		EQ(bad, known_bad);
		vec_close(vec);
	}
	close(fd);
}

static void cavp_gcm_encrypt(void)
{
	gcm_encrypt_file("ciphers/AES/GCM/gcmEncryptExtIV128.rsp",
			 KV_ALG_AES128_GCM);
	gcm_encrypt_file("ciphers/AES/GCM/gcmEncryptExtIV256.rsp",
			 KV_ALG_AES256_GCM);
}

static void cavp_gcm_decrypt(void)
{
	gcm_decrypt_file("ciphers/AES/GCM/gcmDecrypt128.rsp",
			 KV_ALG_AES128_GCM, 196);
	gcm_decrypt_file("ciphers/AES/GCM/gcmDecrypt256.rsp",
			 KV_ALG_AES256_GCM, 191);
}

/* The first case is RFC 8439 2.8.2, the others are about padding and length. */
static void chacha20_poly1305_sealed(void)
{
	struct vec *vec = vec_open("ciphers/ChaCha20Poly1305/boringssl.txt");
	unsigned int n = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		struct example e = {
			KV_ALG_CHACHA20_POLY1305, vec_bytes(vec, "KEY"),
			vec_bytes(vec, "NONCE"), vec_bytes(vec, "AD"),
			vec_bytes(vec, "IN"), vec_bytes(vec, "CT"),
			vec_bytes(vec, "TAG"),
		};

		context("case %ld", vec_number(vec, "COUNT"));
		must_seal(fd, &e);
		must_open(fd, &e, true);
		n++;
	}
	if (vec) {
		vec_count("ChaCha20-Poly1305 (boringssl.txt)", n, 66);
		vec_close(vec);
	}
	close(fd);
}

/* The first case is RFC 8439 A.5; one is forged. */
static void chacha20_poly1305_opened(void)
{
	struct vec *vec = vec_open("ciphers/ChaCha20Poly1305/openssl.txt");
	unsigned int n = 0, forged = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		struct example e = {
			KV_ALG_CHACHA20_POLY1305, vec_bytes(vec, "Key"),
			vec_bytes(vec, "IV"), vec_bytes(vec, "AAD"),
			vec_bytes(vec, "Plaintext"),
			vec_bytes(vec, "Ciphertext"), vec_bytes(vec, "Tag"),
		};
		bool bad = vec_is(vec, "Result", "CIPHERFINAL_ERROR");

		context("case %ld", vec_number(vec, "COUNT"));
		must_open(fd, &e, !bad);
		if (!bad)
			must_seal(fd, &e);
		forged += bad;
		n++;
	}
	if (vec) {
		vec_count("ChaCha20-Poly1305 (openssl.txt)", n, 5);
		EQ(forged, 1);
		vec_close(vec);
	}
	close(fd);
}

TESTS(vectors_aead) = {
	TEST(cavp_gcm_encrypt),
	TEST(cavp_gcm_decrypt),
	TEST(chacha20_poly1305_sealed),
	TEST(chacha20_poly1305_opened),
	TESTS_END
};
