// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_vectors.c - HKDF (RFC 5869, appendix A), and the self-test */

#include "unit.h"

/* The test cases with SHA-256; the appendix has no others that we offer. */
static const struct {
	const char *ikm, *salt, *info, *okm;
} rfc5869[] = {
	{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
	  "000102030405060708090a0b0c",
	  "f0f1f2f3f4f5f6f7f8f9",
	  "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
	  "34007208d5b887185865" },
	{ "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	  "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
	  "404142434445464748494a4b4c4d4e4f",
	  "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
	  "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
	  "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
	  "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
	  "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
	  "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
	  "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
	  "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
	  "cc30c58179ec3e87c14c01d5c1f3434f1d87" },
	{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
	  "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
	  "9d201395faa4b61a96c8" },
};

static void hkdf_rfc5869(void)
{
	uint8_t ikm[96], salt[96], info[96], okm[96], out[96];

	for (size_t i = 0; i < ARRAY_SIZE(rfc5869); i++) {
		struct kv_hkdf in = {
			.hmac = KV_ALG_HMAC_SHA256,
			.ikm = { ikm, unit_unhex(rfc5869[i].ikm, ikm, 96) },
			.salt = { salt, unit_unhex(rfc5869[i].salt, salt, 96) },
			.info = { info, unit_unhex(rfc5869[i].info, info, 96) },
		};
		size_t len = unit_unhex(rfc5869[i].okm, okm, 96);

		unit_note("test case %zu", i + 1);
		memset(out, 0xee, sizeof(out));
		CHECK(kv_hkdf(&in, out, len) == 0);
		CHECK(!memcmp(out, okm, len) && out[len] == 0xee);
	}
}

/* Through DERIVE: the first case's key, known by its own HMAC. */
static void hkdf_by_request(void)
{
	struct kv_handle *h = unit_open();
	uint8_t ikm[22], salt[13], info[10], okm[42], one[64], two[64];
	struct kv_derive_req req = {
		.algorithm = KV_ALG_HKDF_SHA256, .output_bits = 42 * 8,
		.salt = salt, .salt_len = unit_unhex(rfc5869[0].salt, salt, 13),
		.info = info, .info_len = unit_unhex(rfc5869[0].info, info, 10),
	};

	req.key_id = unit_import(h, KV_ALG_HMAC_SHA256, ikm,
				 unit_unhex(rfc5869[0].ikm, ikm, 22));
	CHECK(kv_call(h, KV_IOC_DERIVE, &req) == 0);
	unit_unhex(rfc5869[0].okm, okm, 42);
	CHECK(unit_mac(h, req.derived_key_id, "m", 1, one) == 0);
	CHECK(unit_mac(h, unit_import(h, KV_ALG_HMAC_SHA256, okm, 42), "m", 1, two)
	      == 0);
	CHECK(!memcmp(one, two, 32));
	kv_handle_close(h);
}

static void hkdf_limits(void)
{
	static const struct {
		uint32_t hmac;
		size_t max;
	} hashes[] = { { KV_ALG_HMAC_SHA256, 255 * 32 },
		       { KV_ALG_HMAC_SHA512, 255 * 64 } };
	static uint8_t out[255 * 64 + 2], full[255 * 64];

	for (size_t i = 0; i < ARRAY_SIZE(hashes); i++) {
		const struct kv_hkdf in = { .hmac = hashes[i].hmac,
					    .ikm = { "ikm", 3 } };
		const size_t max = hashes[i].max;

		memset(out, 0xee, sizeof(out));
		CHECK(kv_hkdf(&in, out, 0) == -EINVAL && out[0] == 0xee);
		CHECK(kv_hkdf(&in, out, max + 1) == -EINVAL);
		CHECK(out[0] == 0xee);
		CHECK(kv_hkdf(&in, out, max) == 0 && out[max] == 0xee);
		memcpy(full, out, max);
		for (size_t len = 1; len < 200; len++) {
			memset(out, 0xee, sizeof(out));
			CHECK(kv_hkdf(&in, out, len) == 0);
			CHECK(!memcmp(out, full, len) && out[len] == 0xee);
		}
	}
}

/* Nothing of the output stays where it fails, however far it came. */
static void hkdf_failures(void)
{
	const struct kv_hkdf in = { .hmac = KV_ALG_HMAC_SHA256,
				    .ikm = { "ikm", 3 } };
	uint8_t good[150], out[150];
	unsigned int n;

	CHECK(kv_hkdf(&in, good, sizeof(good)) == 0);
	for (n = 1; ; n++) {
		int err;

		memset(out, 0xee, sizeof(out));
		fake_fail_at(n);
		err = kv_hkdf(&in, out, sizeof(out));
		if (!fake_failed())
			break;
		unit_note("failure %u", n);
		CHECK(err < 0 && fake_live_prepared() == 0);
		for (size_t i = 0; i + 4 <= sizeof(out); i++)
			CHECK(memcmp(out + i, good + i, 4));
	}
	CHECK(n > 7 && !memcmp(out, good, sizeof(out)));
}

static void selftest_passes(void)
{
	const char *failed = NULL;

	CHECK(kv_selftest(&failed) == 0);
	CHECK(fake_live_bytes() == 0 && fake_live_prepared() == 0);
}

static const uint32_t by_home[] = {
	KV_ALG_SHA256, KV_ALG_SHA512, KV_ALG_AES128_GCM, KV_ALG_AES256_GCM,
	KV_ALG_AES128_CBC, KV_ALG_AES256_CBC, KV_ALG_AES128_CTR,
	KV_ALG_AES256_CTR, KV_ALG_HMAC_SHA256, KV_ALG_HMAC_SHA512,
	KV_ALG_CHACHA20_POLY1305, KV_ALG_X25519,
};

/* One bit of what the home computes is wrong. */
static void selftest_names_what_is_broken(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(by_home); i++) {
		const char *failed = NULL;

		unit_note("algorithm %u", by_home[i]);
		fake_crypto_break(by_home[i], 0);
		CHECK(kv_selftest(&failed) < 0);
		CHECK(fake_crypto_broken());
		fake_crypto_break(0, 0);
		REQUIRE(failed);
		CHECK(!strcmp(failed, kv_alg_find(by_home[i])->name));
	}
}

/* The home has no such algorithm. */
static void selftest_names_what_is_missing(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(by_home); i++) {
		const char *failed = NULL;

		unit_note("algorithm %u", by_home[i]);
		fake_crypto_missing(by_home[i]);
		CHECK(kv_selftest(&failed) < 0);
		fake_reset();
		REQUIRE(failed);
		CHECK(!strcmp(failed, kv_alg_find(by_home[i])->name));
	}
}

/* Every result in turn is wrong, once: also those behind HKDF and Ed25519. */
static void selftest_sees_every_result(void)
{
	uint64_t seen = 0, all = 1ull << KV_ALG_SHA256 | 1ull << KV_ALG_SHA512;
	unsigned int missed = 0, n;

	for (size_t i = 0; i < unit_num_keyed; i++)
		all |= 1ull << unit_keyed[i];
	for (n = 1; ; n++) {
		const char *failed = "";
		int err;

		fake_crypto_break(0, n);
		err = kv_selftest(&failed);
		CHECK(fake_live_bytes() == 0 && fake_live_prepared() == 0);
		if (!fake_crypto_broken())
			break;
		missed += !err;
		for (uint32_t id = 0; err && id < 64; id++)
			if (kv_alg_find(id) &&
			    !strcmp(kv_alg_find(id)->name, failed))
				seen |= 1ull << id;
	}
	CHECK(n > 30);
	CHECK(seen == all);
	/* The hash of the signature that must not verify: wrong as it is. */
	CHECK(missed == 1);
}

static void selftest_with_each_failure(void)
{
	unsigned int n;

	for (n = 1; ; n++) {
		const char *failed = NULL;
		int err;

		fake_fail_at(n);
		err = kv_selftest(&failed);
		CHECK(fake_live_bytes() == 0 && fake_live_prepared() == 0);
		if (!fake_failed())
			break;
		unit_note("failure %u", n);
		CHECK(err < 0 && failed);
	}
	CHECK(n > 50);
}

void unit_vectors(void)
{
	TAP_RUN(hkdf_rfc5869);
	TAP_RUN(hkdf_by_request);
	TAP_RUN(hkdf_limits);
	TAP_RUN(hkdf_failures);
	TAP_RUN(selftest_passes);
	TAP_RUN(selftest_names_what_is_broken);
	TAP_RUN(selftest_names_what_is_missing);
	TAP_RUN(selftest_sees_every_result);
	TAP_RUN(selftest_with_each_failure);
}
