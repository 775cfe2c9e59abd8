/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* derive.c - HKDF inside the vault: seen by what the derived keys do */
#include <errno.h>
#include <unistd.h>

#include "call.h"
#include "oracle.h"

static bool same_aead(int fd, uint64_t id, uint32_t alg, const uint8_t *bytes)
{
	uint8_t nonce[12] = "derived key", ct[32], want[32], tag[16], want_tag[16];
	struct aead ours = { .nonce = nonce, .tag = tag };
	struct aead theirs = { .nonce = nonce, .tag = want_tag };

	return ask_seal(fd, id, known_bytes(), 32, ct, &ours) == 0 &&
	       oracle_seal(alg, bytes, known_bytes(), 32, want, &theirs) &&
	       memcmp(ct, want, 32) == 0 && memcmp(tag, want_tag, 16) == 0;
}

static bool same_cipher(int fd, uint64_t id, uint32_t alg, const uint8_t *bytes)
{
	uint8_t iv[16] = "derived key too", ct[32], want[32];

	return ask_encrypt(fd, id, known_bytes(), 32, ct, iv, NULL) == 0 &&
	       oracle_cipher(alg, bytes, true, known_bytes(), 32, want, iv) &&
	       memcmp(ct, want, 32) == 0;
}

static bool same_mac(int fd, uint64_t id, uint32_t alg, const uint8_t *bytes,
		     size_t len)
{
	uint8_t got[64], want[64];
	size_t n = 64;

	return ask_mac(fd, id, known_bytes(), 32, got, &n) == 0 &&
	       oracle_mac(alg, bytes, len, known_bytes(), 32, want) &&
	       memcmp(got, want, n) == 0;
}

static bool same_curve(int fd, uint64_t id, uint32_t alg, const uint8_t *bytes)
{
	uint8_t got[32], want[32];

	return ask_getpubkey(fd, id, got) == 0 &&
	       oracle_pubkey(alg, bytes, want) && memcmp(got, want, 32) == 0;
}

/* An HKDF key does nothing but derive; so one more step is taken with it. */
static bool same_kdf(int fd, uint64_t id, uint32_t alg, const uint8_t *bytes,
		     size_t len)
{
	struct hkdf with = { .alg = alg };
	uint8_t okm[32];
	uint64_t child;

	return ask_derive(fd, id, &with, KV_ALG_HMAC_SHA256, 256, &child) == 0 &&
	       oracle_hkdf(&with, bytes, len, okm, 32) &&
	       same_mac(fd, child, KV_ALG_HMAC_SHA256, okm, 32) &&
	       ask_destroy(fd, child) == 0;
}

bool same_key(int fd, uint64_t id, uint32_t alg, const uint8_t *bytes, size_t len)
{
	struct kv_keyinfo_req info;

	if (ask_getinfo(fd, id, &info) || info.algorithm != alg ||
	    info.key_bits != len * 8)
		return false;
	switch (alg_find(alg)->kind) {
	case KIND_AEAD:
		return same_aead(fd, id, alg, bytes);
	case KIND_CBC:
	case KIND_CTR:
		return same_cipher(fd, id, alg, bytes);
	case KIND_MAC:
		return same_mac(fd, id, alg, bytes, len);
	case KIND_KDF:
		return same_kdf(fd, id, alg, bytes, len);
	default:
		return same_curve(fd, id, alg, bytes);
	}
}

static const uint32_t kdfs[] = { KV_ALG_HKDF_SHA256, KV_ALG_HKDF_SHA512 };

/* From a known HMAC key to every algorithm, with both hashes. */
static void every_algorithm(void)
{
	const struct alg *alg;
	unsigned int k;
	int fd = vault_open();

	for (k = 0; k < 2; k++) {
		struct hkdf with = { .alg = kdfs[k], .salt = "salt",
				     .salt_len = 4, .info = "info",
				     .info_len = 4 };

		FOR_ALGS(alg, KIND_ANY) {
			uint64_t source = key_import(fd, KV_ALG_HMAC_SHA256,
						     known_bytes(), 40), id = 0;
			size_t len = alg->bits / 8;
			uint8_t okm[64];

			context("%s to %s", alg_find(kdfs[k])->name, alg->name);
			REQUIRE(oracle_hkdf(&with, known_bytes(), 40, okm, len));
			EQ(ask_derive(fd, source, &with, alg->id, alg->bits,
				      &id), 0);
			CHECK(same_key(fd, id, alg->id, okm, len));
			EQ(ask_derive(fd, source, &with, alg->id, 0, &id), 0);
			CHECK(same_key(fd, id, alg->id, okm, len));
		}
	}
	close(fd);
}

/* output_algorithm 0 is HMAC_SHA256. */
static void default_output(void)
{
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256 };
	uint64_t source, id = 0;
	uint8_t okm[32];
	int fd = vault_open();

	source = key_import(fd, KV_ALG_HMAC_SHA512, known_bytes(), 64);
	REQUIRE(oracle_hkdf(&with, known_bytes(), 64, okm, 32));
	EQ(ask_derive(fd, source, &with, 0, 0, &id), 0);
	CHECK(same_key(fd, id, KV_ALG_HMAC_SHA256, okm, 32));
	EQ(ask_derive(fd, source, &with, 0, 256, &id), 0);
	CHECK(same_key(fd, id, KV_ALG_HMAC_SHA256, okm, 32));
	close(fd);
}

/* Two random HKDF keys; the same inputs give the same key, others another. */
static void from_made_keys(void)
{
	unsigned int k, i;
	int fd = vault_open();

	for (k = 0; k < 2; k++) {
		struct hkdf with[] = {
			{ .alg = kdfs[k], .info = "a", .info_len = 1 },
			{ .alg = kdfs[k], .info = "a", .info_len = 1 },
			{ .alg = kdfs[k], .info = "b", .info_len = 1 },
			{ .alg = kdfs[k], .salt = "a", .salt_len = 1 },
			{ .alg = kdfs[!k], .info = "a", .info_len = 1 },
		};
		uint64_t source = key_make(fd, kdfs[k]), id;
		uint8_t macs[ARRAY_LEN(with)][64];

		for (i = 0; i < ARRAY_LEN(with); i++) {
			size_t n = 64;

			context("%s, derivation %u", alg_find(kdfs[k])->name, i);
			EQ(ask_derive(fd, source, &with[i], 0, 0, &id), 0);
			EQ(ask_mac(fd, id, "m", 1, macs[i], &n), 0);
			EQ(memcmp(macs[i], macs[0], 32) == 0, i < 2);
		}
	}
	close(fd);
}

static void chains(void)
{
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA512, .info = "step",
			     .info_len = 4 };
	uint8_t bytes[64], next[64];
	uint64_t id;
	int i, fd = vault_open();

	memcpy(bytes, known_bytes(), 64);
	id = key_import(fd, KV_ALG_HMAC_SHA512, bytes, 64);
	for (i = 0; i < 10; i++) {
		uint64_t child = 0;

		context("step %d", i);
		REQUIRE(oracle_hkdf(&with, bytes, 64, next, 64));
		EQ(ask_derive(fd, id, &with, KV_ALG_HKDF_SHA512, 512, &child),
		   0);
		CHECK(same_key(fd, child, KV_ALG_HKDF_SHA512, next, 64));
		EQ(ask_destroy(fd, id), 0);
		memcpy(bytes, next, 64);
		id = child;
	}
	close(fd);
}

/* Every length of output, around each turn of the expansion. */
static void output_lengths(void)
{
	static const size_t lens[] = {
		16, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 255, 256, 257,
		1019, 1020,
	};
	unsigned int i, k;
	int fd = vault_open();

	for (k = 0; k < 2; k++) {
		struct hkdf with = { .alg = kdfs[k], .salt = "s",
				     .salt_len = 1 };
		uint64_t source = key_import(fd, KV_ALG_HMAC_SHA256,
					     known_bytes(), 32), id;

		for (i = 0; i < ARRAY_LEN(lens); i++) {
			uint8_t okm[1020];

			context("%s, %zu bytes", alg_find(kdfs[k])->name,
				lens[i]);
			id = 0;
			REQUIRE(oracle_hkdf(&with, known_bytes(), 32, okm,
					    lens[i]));
			EQ(ask_derive(fd, source, &with, KV_ALG_HKDF_SHA256,
				      (uint32_t)lens[i] * 8, &id), 0);
			CHECK(same_key(fd, id, KV_ALG_HKDF_SHA256, okm,
				       lens[i]));
			EQ(ask_destroy(fd, id), 0);
		}
	}
	close(fd);
}

static void salt_and_info_lengths(void)
{
	static const size_t lens[] = {
		0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1023, 1024,
	};
	unsigned int s, n;
	int fd = vault_open();
	uint64_t source = key_import(fd, KV_ALG_HMAC_SHA256, known_bytes(), 32);

	for (s = 0; s < ARRAY_LEN(lens); s++)
		for (n = 0; n < ARRAY_LEN(lens); n++) {
			struct hkdf with = {
				.alg = kdfs[(s + n) & 1],
				.salt = lens[s] ? known_bytes() + 100 : NULL,
				.salt_len = lens[s],
				.info = lens[n] ? known_bytes() + 2000 : NULL,
				.info_len = lens[n],
			};
			uint64_t id = 0;
			uint8_t okm[32];

			context("salt %zu, info %zu", lens[s], lens[n]);
			REQUIRE(oracle_hkdf(&with, known_bytes(), 32, okm, 32));
			EQ(ask_derive(fd, source, &with, KV_ALG_AES256_GCM, 256,
				      &id), 0);
			CHECK(same_key(fd, id, KV_ALG_AES256_GCM, okm, 32));
			EQ(ask_destroy(fd, id), 0);
		}
	close(fd);
}

static void bad_output_bits(void)
{
	static const uint32_t bits[] = {
		1, 7, 8, 15, 120, 129, 192, 255, 257, 264, 512, 65288, 65536,
		0x80000000u, 0x80000100u, 0xFFFFFFF8u, 0xFFFFFFFFu,
	};
	const struct alg *alg;
	int fd = vault_open();
	uint64_t source = key_import(fd, KV_ALG_HMAC_SHA256, known_bytes(), 32);

	FOR_ALGS(alg, KIND_ANY & ~(KIND_MAC | KIND_KDF)) {
		unsigned int i;

		for (i = 0; i < ARRAY_LEN(bits); i++) {
			struct call call;

			if (bits[i] == alg->bits)
				continue;
			context("%s, %u bits", alg->name, bits[i]);
			call_init(&call, op_find("derive"), NULL, source);
			call.req.derive.output_algorithm = alg->id;
			call.req.derive.output_bits = bits[i];
			call_refused(fd, &call, EINVAL);
		}
	}
	EQ(key_count(fd), 1);
	close(fd);
}

/* RFC 5869 2.3: at most 255 hashes; and HKDF keys have bounds of their own. */
static void too_much_output(void)
{
	static const struct { uint32_t kdf, out, bits; int err; } t[] = {
		{ KV_ALG_HKDF_SHA256, KV_ALG_HKDF_SHA512, 16320, 0 },
		{ KV_ALG_HKDF_SHA256, KV_ALG_HKDF_SHA512, 16328, EINVAL },
		{ KV_ALG_HKDF_SHA256, KV_ALG_HKDF_SHA256, 8160, 0 },
		{ KV_ALG_HKDF_SHA256, KV_ALG_HKDF_SHA256, 8168, EINVAL },
		{ KV_ALG_HKDF_SHA512, KV_ALG_HKDF_SHA512, 16320, 0 },
		{ KV_ALG_HKDF_SHA512, KV_ALG_HKDF_SHA256, 120, EINVAL },
		{ KV_ALG_HKDF_SHA256, KV_ALG_HMAC_SHA256, 65288, EINVAL },
		{ KV_ALG_HKDF_SHA512, KV_ALG_HMAC_SHA512, 65544, EINVAL },
		{ KV_ALG_HKDF_SHA512, KV_ALG_HMAC_SHA512, 0xFFFFFFF8u, EINVAL },
		{ KV_ALG_HKDF_SHA256, KV_ALG_HMAC_SHA256, 129, EINVAL },
	};
	unsigned int i;
	int fd = vault_open();
	uint64_t source = key_make(fd, KV_ALG_HKDF_SHA256);

	for (i = 0; i < ARRAY_LEN(t); i++) {
		struct call call;

		context("row %u", i);
		call_init(&call, op_find("derive"), NULL, source);
		call.req.derive.algorithm = t[i].kdf;
		call.req.derive.output_algorithm = t[i].out;
		call.req.derive.output_bits = t[i].bits;
		if (t[i].err)
			call_refused(fd, &call, t[i].err);
		else
			EQ(call_make(fd, &call), 0);
	}
	close(fd);
}

TESTS(derive) = {
	TEST(every_algorithm),
	TEST(default_output),
	TEST(from_made_keys),
	TEST(chains),
	TEST(output_lengths),
	TEST(salt_and_info_lengths),
	TEST(bad_output_bits),
	TEST(too_much_output),
	TESTS_END
};
