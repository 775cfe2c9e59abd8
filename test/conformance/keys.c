/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* keys.c - making, importing, describing and destroying keys */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "call.h"

static void generate_defaults(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_ANY) {
		struct kv_keyinfo_req info;
		uint64_t id = 0;
		time_t before = time(NULL);

		context("%s", alg->name);
		EQ(ask_genkey(fd, alg->id, 0, 0, &id), 0);
		CHECK(id != KV_KEY_ID_INVALID);
		EQ(ask_getinfo(fd, id, &info), 0);
		EQ(info.key_id, id);
		EQ(info.algorithm, alg->id);
		EQ(info.key_bits, alg->bits);
		EQ(info.flags, 0);
		CHECK(info.created >= before - 1 &&
		      info.created <= time(NULL) + 1);
		EQ(info.expires, 0);
		EQ(ask_destroy(fd, id), 0);
	}
	EQ(key_count(fd), 0);
	close(fd);
}

static void genkey_bits_one(int fd, const struct alg *alg, uint32_t bits)
{
	bool good = bits == 0 || (bits >= alg->min && bits <= alg->max &&
				  bits % 8 == 0);
	struct kv_keyinfo_req info;
	struct call call;

	context("%s with %u bits", alg->name, bits);
	call_init(&call, op_find("genkey"), NULL, 0);
	call.req.genkey.algorithm = alg->id;
	call.req.genkey.key_bits = bits;
	if (!good) {
		call_refused(fd, &call, EINVAL);
		return;
	}
	REQUIRE_EQ(call_make(fd, &call), 0);
	EQ(ask_getinfo(fd, call.req.genkey.key_id, &info), 0);
	EQ(info.key_bits, bits ? bits : alg->bits);
	EQ(ask_destroy(fd, call.req.genkey.key_id), 0);
}

static void generate_bits(void)
{
	static const uint32_t more[] = {
		1, 7, 8, 16, 120, 127, 128, 129, 136, 192, 255, 256, 257, 264,
		384, 504, 511, 512, 513, 520, 1016, 1024, 1032, 8152, 8160, 8161,
		8168, 16312, 16320, 16328, 65528, 65536, 65544, 0x80000000u,
		0x80000080u, 0xFFFFFF80u, 0xFFFFFFF8u, 0xFFFFFFFFu,
	};
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_ANY) {
		unsigned int i;

		for (i = 0; i < ARRAY_LEN(more); i++)
			genkey_bits_one(fd, alg, more[i]);
		genkey_bits_one(fd, alg, alg->min);
		genkey_bits_one(fd, alg, alg->min - 8);
		genkey_bits_one(fd, alg, alg->max);
		genkey_bits_one(fd, alg, alg->max + 8);
	}
	EQ(key_count(fd), 0);
	close(fd);
}

static bool has_key(uint32_t id)
{
	const struct alg *alg = alg_find(id);

	return alg && alg->kind != KIND_HASH;
}

/* Every number that is no algorithm with a key, in all requests that take one. */
static void bad_algorithms(void)
{
	struct call call;
	uint64_t source;
	uint32_t i;
	int fd = vault_open();

	source = key_make(fd, KV_ALG_HKDF_SHA256);
	for (i = 0; i < 64 + 31; i++) {
		uint32_t number = i < 64 ? i : i == 64 + 30 ? 0xFFFFFFFFu :
				  64u << (i - 64);

		context("algorithm %u", number);
		if (!has_key(number)) {
			call_init(&call, op_find("genkey"), NULL, 0);
			call.req.genkey.algorithm = number;
			call_refused(fd, &call, EINVAL);
			call_init(&call, op_find("import"), NULL, 0);
			call.req.import.algorithm = number;
			call_refused(fd, &call, EINVAL);
		}
		if (!has_key(number) && number) {
			call_init(&call, op_find("derive"), NULL, source);
			call.req.derive.output_algorithm = number;
			call_refused(fd, &call, EINVAL);
		}
		if (!has_key(number) && number) {
			call_init(&call, op_find("subkey"), NULL, source);
			call.req.subkey.output_algorithm = number;
			call_refused(fd, &call, EINVAL);
		}
		if (number != KV_ALG_HKDF_SHA256 &&
		    number != KV_ALG_HKDF_SHA512) {
			call_init(&call, op_find("derive"), NULL, source);
			call.req.derive.algorithm = number;
			call_refused(fd, &call, EINVAL);
			call_init(&call, op_find("subkey"), NULL, source);
			call.req.subkey.algorithm = number;
			call_refused(fd, &call, EINVAL);
		}
		if (number != KV_ALG_SHA256 && number != KV_ALG_SHA512) {
			call_init(&call, op_find("hash"), NULL, 0);
			call.req.hash.algorithm = number;
			call_refused(fd, &call, EINVAL);
		}
	}
	EQ(key_count(fd), 1);
	close(fd);
}

static void bad_flags(void)
{
	unsigned int bit;
	struct call call;
	int fd = vault_open();

	for (bit = 0; bit < 32; bit++) {
		context("flag bit %u", bit);
		call_init(&call, op_find("genkey"), NULL, 0);
		call.req.genkey.flags = 1u << bit;
		call_refused(fd, &call, EINVAL);
		call_init(&call, op_find("import"), NULL, 0);
		call.req.import.flags = 1u << bit;	/* of an AES key */
		call_refused(fd, &call, EINVAL);
		call_init(&call, op_find("import"), NULL, 0);
		call.req.import.algorithm = KV_ALG_ED25519;
		call.req.import.flags = KV_KEY_FLAG_PUBLIC | 1u << bit;
		if (1u << bit != KV_KEY_FLAG_PUBLIC)
			call_refused(fd, &call, EINVAL);
	}
	EQ(key_count(fd), 0);
	close(fd);
}

static bool good_import(const struct alg *alg, size_t len)
{
	if (alg->kind & KIND_KDF)
		return false;
	if (alg->kind & KIND_MAC)
		return len >= 1 && len <= KV_MAX_KEY_SIZE;
	return len == alg->bits / 8;
}

static void import_one(int fd, const struct alg *alg, const uint8_t *bytes,
		       size_t len)
{
	struct kv_import_req req = {
		.algorithm = alg->id, .key_material = len ? bytes : NULL,
		.key_len = len,
	};
	struct kv_keyinfo_req info;
	int err;

	context("%s of %zu bytes", alg->name, len);
	err = request(fd, KV_IOC_IMPORT, &req);
	if (!good_import(alg, len)) {
		EQ(err, EINVAL);
		EQ(req.key_id, 0);
		return;
	}
	REQUIRE_EQ(err, 0);
	CHECK(req.key_id != 0);
	EQ(ask_getinfo(fd, req.key_id, &info), 0);
	EQ(info.algorithm, alg->id);
	EQ(info.key_bits, len * 8);
	EQ(info.flags, 0);
	EQ(info.expires, 0);
	EQ(ask_destroy(fd, req.key_id), 0);
}

static void import_lengths(void)
{
	static const size_t more[] = {
		127, 128, 129, 255, 256, 1020, 2040, 4096, 8191, 8192, 8193,
		65536, (size_t)1 << 31, (size_t)1 << 32, ((size_t)1 << 32) + 16,
		((size_t)1 << 32) + 32, ((size_t)1 << 61) + 32, SIZE_MAX,
	};
	static uint8_t bytes[65536];
	const struct alg *alg;
	int fd = vault_open();

	fill(bytes, sizeof(bytes), 1);
	FOR_ALGS(alg, KIND_ANY) {
		size_t i;

		for (i = 0; i <= 72; i++)
			import_one(fd, alg, bytes, i);
		for (i = 0; i < ARRAY_LEN(more); i++)
			import_one(fd, alg, bytes, more[i]);
	}
	EQ(key_count(fd), 0);
	close(fd);
}

/* Random ids: no two alike, no counter, every bit of the 64 in use. */
static void ids_are_random(void)
{
	enum { COUNT = 200 };
	uint64_t ids[COUNT], ones = 0, zeros = 0;
	unsigned int i, k, near = 0;
	int fd = vault_open();

	for (i = 0; i < COUNT; i++) {
		REQUIRE_EQ(ask_genkey(fd, KV_ALG_AES128_CTR, 0, 0, &ids[i]), 0);
		CHECK(ids[i] != KV_KEY_ID_INVALID);
		ones |= ids[i];
		zeros |= ~ids[i];
		for (k = 0; k < i; k++)
			CHECK(ids[k] != ids[i]);
		if (i && ids[i] - ids[i - 1] < 65536)
			near++;
	}
	EQ(near, 0);
	CHECK(ones == UINT64_MAX);
	CHECK(zeros == UINT64_MAX);
	close(fd);
}

static void two_random_keys_differ(void)
{
	uint8_t macs[2][64], zero[64] = { 0 };
	size_t len[2] = { 64, 64 };
	int i, fd = vault_open();

	for (i = 0; i < 2; i++)
		EQ(ask_mac(fd, key_make(fd, KV_ALG_HMAC_SHA512), NULL, 0,
			   macs[i], &len[i]), 0);
	CHECK(memcmp(macs[0], macs[1], 64) != 0);
	CHECK(memcmp(macs[0], zero, 64) != 0);
	close(fd);
}

static void destroy_once(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_ANY) {
		uint64_t id = key_make(fd, alg->id), other;

		context("%s", alg->name);
		other = key_make(fd, alg->id);
		EQ(ask_destroy(fd, id), 0);
		EQ(ask_destroy(fd, id), ENOENT);
		EQ(key_count(fd), 1);
		EQ(ask_destroy(fd, other), 0);
	}
	close(fd);
}

/* expires is created and the time to live, to the second. */
static void time_to_live(void)
{
	static const uint32_t ttls[] = {
		1, 2, 60, 3600, 86400, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu,
	};
	struct kv_keyinfo_req info;
	unsigned int i;
	uint64_t id;
	int fd = vault_open();

	for (i = 0; i < ARRAY_LEN(ttls); i++) {
		context("ttl %u", ttls[i]);
		REQUIRE_EQ(ask_genkey(fd, KV_ALG_ED25519, 0, ttls[i], &id), 0);
		EQ(ask_getinfo(fd, id, &info), 0);
		CHECK(lives(&info, ttls[i]));
		EQ(info.flags, 0);
	}
	close(fd);
}

static void getalg(void)
{
	const struct alg *alg;
	int fd = vault_open();

	for (alg = algs; alg < algs + alg_count; alg++) {
		struct kv_getalg_req req = { .algorithm = alg->id };

		memset(req.name, UNTOUCHED, sizeof(req.name));
		memset(req.implementation, UNTOUCHED,
		       sizeof(req.implementation));
		context("%s", alg->name);
		REQUIRE_EQ(request(fd, KV_IOC_GETALG, &req), 0);
		EQ(req.algorithm, alg->id);
		EQ(req.default_bits, alg->bits);
		EQ(req.min_bits, alg->min);
		EQ(req.max_bits, alg->max);
		EQ(req._pad, 0);
		EQ(req._pad2, 0);
		CHECK(memchr(req.name, 0, sizeof(req.name)) != NULL);
		CHECK(strcmp(req.name, alg->name) == 0);
		CHECK(memchr(req.implementation, 0,
			     sizeof(req.implementation)) != NULL);
		CHECK(req.implementation[0] >= '!' &&
		      req.implementation[0] <= '~');
	}
	close(fd);
}

static void getalg_unknown(void)
{
	struct call call;
	uint32_t i;
	int fd = vault_open();

	for (i = 0; i < 300; i++) {
		if (alg_find(i))
			continue;
		context("algorithm %u", i);
		call_init(&call, op_find("getalg"), NULL, 0);
		call.req.getalg.algorithm = i;
		call_refused(fd, &call, EINVAL);
	}
	close(fd);
}

TESTS(keys) = {
	TEST(generate_defaults),
	TEST(generate_bits),
	TEST(bad_algorithms),
	TEST(bad_flags),
	TEST(import_lengths),
	TEST(ids_are_random),
	TEST(two_random_keys_differ),
	TEST(destroy_once),
	TEST(time_to_live),
	TEST(getalg),
	TEST(getalg_unknown),
	TESTS_END
};
