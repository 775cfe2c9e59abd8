/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* subkey.c - SUBKEY: what DERIVE makes, for a while, and its maker drops it */
#include <errno.h>
#include <unistd.h>

#include "call.h"
#include "oracle.h"

static const struct hkdf plain = { .alg = KV_ALG_HKDF_SHA256, .salt = "salt",
				   .salt_len = 4, .info = "info",
				   .info_len = 4 };

/* The same bytes as DERIVE, for every algorithm. */
static void same_as_derive(void)
{
	const struct alg *alg;
	int fd = vault_open();
	uint64_t source = key_import(fd, KV_ALG_HMAC_SHA512, known_bytes(), 64);

	FOR_ALGS(alg, KIND_ANY) {
		struct kv_keyinfo_req info;
		size_t len = alg->bits / 8;
		uint8_t okm[64];
		uint64_t id = 0;

		context("%s", alg->name);
		REQUIRE(oracle_hkdf(&plain, known_bytes(), 64, okm, len));
		EQ(ask_subkey(fd, source, &plain, alg->id, 0, &id), 0);
		CHECK(same_key(fd, id, alg->id, okm, len));
		EQ(ask_getinfo(fd, id, &info), 0);
		EQ(info.flags, KV_KEY_FLAG_TRANSIENT);
		EQ(info.expires, 0);
		EQ(ask_derive(fd, source, &plain, alg->id, 0, &id), 0);
		EQ(ask_getinfo(fd, id, &info), 0);
		EQ(info.flags, 0);
	}
	close(fd);
}

/* KV_CAP_DERIVE alone drops what SUBKEY made, and nothing else. */
static void dropped_by_its_maker(void)
{
	struct kv_keyinfo_req info;
	struct call call;
	uint64_t source, derived = 0, sub = 0;
	int fd = vault_open();

	source = key_make(fd, KV_ALG_HKDF_SHA256);
	EQ(ask_derive(fd, source, &plain, 0, 0, &derived), 0);
	EQ(ask_restrict(fd, KV_CAP_DERIVE | KV_CAP_GETINFO), 0);
	EQ(ask_subkey(fd, source, &plain, 0, 0, &sub), 0);
	call_init(&call, op_find("destroy"), NULL, source);
	call_refused(fd, &call, EPERM);
	call_init(&call, op_find("destroy"), NULL, derived);
	call_refused(fd, &call, EPERM);
	call_init(&call, op_find("destroy"), NULL, sub ^ 1);
	call_refused(fd, &call, EPERM);
	EQ(ask_destroy(fd, sub), 0);
	EQ(ask_getinfo(fd, sub, &info), ENOENT);
	call_init(&call, op_find("destroy"), NULL, sub);
	call_refused(fd, &call, EPERM);
	EQ(ask_getinfo(fd, source, &info), 0);
	EQ(ask_getinfo(fd, derived, &info), 0);
	close(fd);
}

/* Not by whoever may do anything but derive and destroy. */
static void not_by_others(void)
{
	unsigned int bit;

	for (bit = 0; bit < 15; bit++) {
		int fd = vault_open();
		uint64_t source = key_make(fd, KV_ALG_HKDF_SHA256), sub = 0;
		bool may = 1u << bit == KV_CAP_DERIVE ||
			   1u << bit == KV_CAP_DESTROY;

		context("capability bit %u", bit);
		EQ(ask_subkey(fd, source, &plain, 0, 0, &sub), 0);
		EQ(ask_restrict(fd, 1u << bit), 0);
		EQ(ask_destroy(fd, sub), may ? 0 : EPERM);
		EQ(ask_destroy(fd, source),
		   1u << bit == KV_CAP_DESTROY ? 0 : EPERM);
		close(fd);
	}
}

/* What is derived from a transient key by DERIVE is to stay. */
static void children(void)
{
	struct kv_keyinfo_req info;
	uint64_t source, sub = 0, child = 0;
	int fd = vault_open();

	source = key_make(fd, KV_ALG_HKDF_SHA256);
	EQ(ask_subkey(fd, source, &plain, 0, 0, &sub), 0);
	EQ(ask_derive(fd, sub, &plain, 0, 0, &child), 0);
	EQ(ask_getinfo(fd, child, &info), 0);
	EQ(info.flags, 0);
	EQ(ask_revoke(fd, sub), 0);
	EQ(ask_getinfo(fd, sub, &info), 0);
	EQ(info.flags, KV_KEY_FLAG_TRANSIENT | KV_KEY_FLAG_REVOKED);
	EQ(ask_subkey(fd, sub, &plain, 0, 0, &child), KV_EREVOKED);
	close(fd);
}

/* A time of its own, and never more than its source has. */
static void time_to_live(void)
{
	struct kv_keyinfo_req of_source, info;
	uint8_t out[64];
	size_t n = 64;
	uint64_t forever, source = 0, one = 0, id = 0;
	int fd = vault_open();

	forever = key_make(fd, KV_ALG_HKDF_SHA256);
	EQ(ask_genkey(fd, KV_ALG_HKDF_SHA256, 0, 100, &source), 0);
	EQ(ask_getinfo(fd, source, &of_source), 0);
	EQ(ask_subkey(fd, forever, &plain, 0, 1, &one), 0);
	EQ(ask_getinfo(fd, one, &info), 0);
	CHECK(lives(&info, 1));
	EQ(ask_subkey(fd, source, &plain, 0, 50, &id), 0);
	EQ(ask_getinfo(fd, id, &info), 0);
	CHECK(lives(&info, 50));
	EQ(ask_subkey(fd, source, &plain, 0, 500, &id), 0);
	EQ(ask_getinfo(fd, id, &info), 0);
	EQ(info.expires, of_source.expires);
	EQ(ask_subkey(fd, source, &plain, 0, 0xFFFFFFFFu, &id), 0);
	EQ(ask_getinfo(fd, id, &info), 0);
	EQ(info.expires, of_source.expires);
	EQ(ask_subkey(fd, source, &plain, 0, 0, &id), 0);
	EQ(ask_getinfo(fd, id, &info), 0);
	EQ(info.expires, of_source.expires);
	nap(1.3);
	EQ(ask_mac(fd, one, "m", 1, out, &n), KV_EEXPIRED);
	EQ(ask_getinfo(fd, one, &info), 0);
	EQ(info.flags, KV_KEY_FLAG_TRANSIENT | KV_KEY_FLAG_EXPIRED);
	EQ(ask_mac(fd, id, "m", 1, out, &n), 0);
	close(fd);
}

static void bad_output_bits(void)
{
	static const uint32_t bits[] = { 1, 8, 128, 255, 264, 0x80000100u };
	unsigned int i;
	int fd = vault_open();
	uint64_t source = key_make(fd, KV_ALG_HKDF_SHA256);

	for (i = 0; i < ARRAY_LEN(bits); i++) {
		struct call call;

		context("%u bits", bits[i]);
		call_init(&call, op_find("subkey"), NULL, source);
		call.req.subkey.output_bits = bits[i];	/* of AES-256 */
		call_refused(fd, &call, EINVAL);
	}
	EQ(key_count(fd), 1);
	close(fd);
}

TESTS(subkey) = {
	TEST(same_as_derive),
	TEST(dropped_by_its_maker),
	TEST(not_by_others),
	TEST(children),
	TEST(time_to_live),
	TEST(bad_output_bits),
	TESTS_END
};
