/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * vectors_kdf.c - HKDF (RFC 5869). Key bytes never come back, so the input
 * comes in as an HMAC key, and the derived key is known by what it does: it must
 * do what libcrypto does with the published output.
 */
#include <unistd.h>

#include "oracle.h"
#include "vec.h"

static void derives(int fd, const struct vec *vec, uint32_t out_alg)
{
	struct bytes ikm = vec_bytes(vec, "IKM"), okm = vec_bytes(vec, "OKM");
	struct bytes salt = vec_bytes(vec, "salt"), info = vec_bytes(vec, "info");
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256,
			     .salt = salt.data, .salt_len = salt.len,
			     .info = info.data, .info_len = info.len };
	uint64_t source = key_import(fd, KV_ALG_HMAC_SHA256, ikm.data, ikm.len);
	uint64_t id = 0;

	REQUIRE(source);
	REQUIRE_EQ(okm.len, vec_number(vec, "L"));
	EQ(ask_derive(fd, source, &with, out_alg, (uint32_t)okm.len * 8, &id),
	   0);
	CHECK(same_key(fd, id, out_alg, okm.data, okm.len));
	okm.data[okm.len - 1] ^= 1;	/* the check itself can fail */
	CHECK(!same_key(fd, id, out_alg, okm.data, okm.len));
	okm.data[okm.len - 1] ^= 1;
	EQ(ask_destroy(fd, id), 0);
	EQ(ask_destroy(fd, source), 0);
}

static void hkdf_file(const char *path, const uint32_t *outs, unsigned int n_outs,
		      unsigned int known)
{
	struct vec *vec = vec_open(path);
	unsigned int n = 0, i;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		if (!CHECK(vec_is(vec, "Hash", "SHA-256")))
			break;
		for (i = 0; i < n_outs; i++) {
			context("%s, case %ld, to %s", path,
				vec_number(vec, "COUNT"),
				alg_find(outs[i])->name);
			derives(fd, vec, outs[i]);
		}
		n++;
	}
	if (vec) {
		vec_count(path, n, known);
		vec_close(vec);
	}
	close(fd);
}

/* A.1 to A.3; the others are of SHA-1. */
static void rfc5869(void)
{
	static const uint32_t outs[] = {
		KV_ALG_HMAC_SHA512, KV_ALG_HKDF_SHA256, KV_ALG_HKDF_SHA512,
	};

	hkdf_file("KDF/rfc-5869-HKDF-SHA256.txt", outs, ARRAY_LEN(outs), 3);
}

/* 1200 bytes: 38 turns of the expansion. */
static void long_output(void)
{
	static const uint32_t outs[] = { KV_ALG_HKDF_SHA512 };

	hkdf_file("KDF/hkdf-generated.txt", outs, ARRAY_LEN(outs), 1);
}

TESTS(vectors_kdf) = {
	TEST(rfc5869),
	TEST(long_output),
	TESTS_END
};
