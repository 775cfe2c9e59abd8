// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_keys.c - keys made, imported, listed and ended */

#include <stdlib.h>

#include "unit.h"

static int genkey(struct kv_handle *h, uint32_t algorithm, uint32_t bits,
		  uint32_t flags)
{
	struct kv_genkey_req req = {
		.algorithm = algorithm, .key_bits = bits, .flags = flags,
	};
	int err = kv_call(h, KV_IOC_GENKEY, &req);

	CHECK((req.key_id != 0) == !err);
	if (!err)
		CHECK(unit_destroy(h, req.key_id) == 0);
	return err;
}

static int import(struct kv_handle *h, uint32_t algorithm, size_t len,
		  uint32_t flags)
{
	static const uint8_t bytes[KV_MAX_KEY_SIZE + 1] = { 1, 2, 3 };
	struct kv_import_req req = {
		.algorithm = algorithm, .flags = flags, .key_material = bytes,
		.key_len = len,
	};
	int err = kv_call(h, KV_IOC_IMPORT, &req);

	CHECK((req.key_id != 0) == !err);
	if (!err)
		CHECK(unit_destroy(h, req.key_id) == 0);
	return err;
}

/* Every number of bits, of every number that could be an algorithm. */
static void bits(void)
{
	struct kv_handle *h = unit_open();

	for (uint32_t id = 0; id < 64; id++) {
		const struct kv_alg *alg = kv_alg_find(id);
		bool keyed = alg && alg->kind != KV_KIND_HASH;

		unit_note("algorithm %u", id);
		CHECK(genkey(h, id, 0, 0) == (keyed ? 0 : -EINVAL));
		for (uint32_t n = 1; n < 1200; n++) {
			bool good = keyed && n % 8 == 0 && n >= alg->bits.min &&
				    n <= alg->bits.max;

			if (n % 8 > 1 && n > 130)
				continue;
			unit_note("algorithm %u, %u bits", id, n);
			CHECK(genkey(h, id, n, 0) == (good ? 0 : -EINVAL));
		}
	}
	CHECK(genkey(h, KV_ALG_HKDF_SHA256, 8160, 0) == 0);
	CHECK(genkey(h, KV_ALG_HKDF_SHA256, 8168, 0) == -EINVAL);
	CHECK(genkey(h, KV_ALG_HKDF_SHA512, 16320, 0) == 0);
	CHECK(genkey(h, KV_ALG_HKDF_SHA512, 16328, 0) == -EINVAL);
	CHECK(genkey(h, KV_ALG_HMAC_SHA256, 0xfffffff8, 0) == -EINVAL);
	CHECK(genkey(h, KV_ALG_HMAC_SHA256, 0x80000000, 0) == -EINVAL);
	CHECK(genkey(h, ~0u, 0, 0) == -EINVAL);
	kv_handle_close(h);
}

static void flags(void)
{
	struct kv_handle *h = unit_open();

	for (uint32_t bit = 1; bit; bit <<= 1) {
		unit_note("flag %#x", bit);
		CHECK(genkey(h, KV_ALG_ED25519, 0, bit) == -EINVAL);
		CHECK(import(h, KV_ALG_HMAC_SHA256, 32, bit) == -EINVAL);
		if (bit != KV_KEY_FLAG_PUBLIC)
			CHECK(import(h, KV_ALG_ED25519, 32, bit) == -EINVAL);
	}
	CHECK(import(h, KV_ALG_X25519, 32, KV_KEY_FLAG_PUBLIC) == -EINVAL);
	CHECK(import(h, KV_ALG_ED25519, 32, KV_KEY_FLAG_PUBLIC | 1) == -EINVAL);
	kv_handle_close(h);
}

static void import_sizes(void)
{
	static const size_t lens[] = { 1, 2, 15, 16, 17, 24, 31, 32, 33, 63, 64,
				       65, 128, 129, 8191, 8192 };
	struct kv_handle *h = unit_open();

	for (uint32_t id = 0; id < 64; id++) {
		const struct kv_alg *alg = kv_alg_find(id);

		CHECK(import(h, id, 0, 0) == -EINVAL);
		CHECK(import(h, id, 8193, 0) == -EINVAL);
		CHECK(import(h, id, (size_t)1 << 61, 0) == -EINVAL);
		CHECK(import(h, id, ((size_t)1 << 61) + 32, 0) == -EINVAL);
		CHECK(import(h, id, ~(size_t)0, 0) == -EINVAL);
		for (size_t i = 0; i < ARRAY_SIZE(lens); i++) {
			bool good = alg && alg->import.max &&
				    lens[i] * 8 >= alg->import.min &&
				    lens[i] * 8 <= alg->import.max;

			unit_note("algorithm %u, %zu bytes", id, lens[i]);
			CHECK(import(h, id, lens[i], 0) == (good ? 0 : -EINVAL));
		}
	}
	kv_handle_close(h);
}

/* The bytes that were imported are those that are used. */
static void import_means_these_bytes(void)
{
	static const uint8_t key[20] = {
		0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
		0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
	};
	struct kv_handle *h = unit_open();
	uint64_t id = unit_import(h, KV_ALG_HMAC_SHA256, key, sizeof(key));
	uint8_t mac[64], want[32];

	/* RFC 4231, test case 1 */
	unit_unhex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
		   want, 32);
	CHECK(unit_mac(h, id, "Hi There", 8, mac) == 0);
	CHECK(!memcmp(mac, want, 32));
	kv_handle_close(h);
}

static void info(void)
{
	struct kv_handle *h = unit_open();
	struct kv_genkey_req make = {
		.algorithm = KV_ALG_HMAC_SHA512, .key_bits = 264,
		.ttl_seconds = 100,
	};
	struct kv_keyinfo_req req;
	int64_t now = kv_os_time();
	struct fake_event e;

	REQUIRE(kv_call(h, KV_IOC_GENKEY, &make) == 0);
	e = fake_event(KV_EV_KEY_CREATE);
	CHECK(e.count == 1 && e.a == make.key_id);
	CHECK(e.b == KV_ALG_HMAC_SHA512 && e.c == 264);
	fake_advance(5 * FAKE_SECOND);
	req = (struct kv_keyinfo_req){ .key_id = make.key_id };
	CHECK(kv_call(h, KV_IOC_GETINFO, &req) == 0);
	CHECK(req.algorithm == KV_ALG_HMAC_SHA512 && req.key_bits == 264);
	CHECK(req.flags == 0 && req.created == now && req.expires == now + 100);
	req = (struct kv_keyinfo_req){
		.key_id = unit_genkey(h, KV_ALG_ED25519, 0),
	};
	CHECK(kv_call(h, KV_IOC_GETINFO, &req) == 0);
	CHECK(req.expires == 0 && req.created == now + 5);
	req.key_id ^= 1;
	CHECK(kv_call(h, KV_IOC_GETINFO, &req) == -ENOENT);
	e = fake_event(KV_EV_KEY_NOTFOUND);
	CHECK(e.count == 1 && e.a == req.key_id);
	kv_handle_close(h);
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void list(void)
{
	struct kv_handle *h = unit_open();
	uint64_t ids[40], seen[41];
	struct kv_list_req req = { .key_ids = seen, .max_keys = 41 };

	CHECK(kv_call(h, KV_IOC_LIST, &req) == 0 && req.num_keys == 0);
	for (size_t i = 0; i < 40; i++)
		ids[i] = unit_genkey(h, unit_keyed[i % unit_num_keyed], 0);
	CHECK(kv_call(h, KV_IOC_LIST, &req) == 0 && req.num_keys == 40);
	qsort(ids, 40, sizeof(ids[0]), by_id);
	qsort(seen, 40, sizeof(seen[0]), by_id);
	CHECK(!memcmp(ids, seen, sizeof(ids)));
	memset(seen, 0, sizeof(seen));
	req.max_keys = 7;
	CHECK(kv_call(h, KV_IOC_LIST, &req) == 0 && req.num_keys == 7);
	CHECK(seen[6] && !seen[7] && req.max_keys == 7);
	req.max_keys = 0;
	CHECK(kv_call(h, KV_IOC_LIST, &req) == 0 && req.num_keys == 0);
	req.key_ids = NULL;
	CHECK(kv_call(h, KV_IOC_LIST, &req) == 0 && req.num_keys == 0);
	req.max_keys = 1;
	CHECK(kv_call(h, KV_IOC_LIST, &req) == -EINVAL);
	kv_handle_close(h);
}

/* At most KV_MAX_LIST_KEYS ids, whatever room is claimed. */
static void list_is_limited(void)
{
	static uint64_t ids[1200];
	struct kv_list_req req = { .key_ids = ids, .max_keys = ~0u };
	struct kv_handle *h = unit_open();

	CHECK(kv_tunable_set(KV_MAX_KEYS_PER_FILE, 2000) == 0);
	for (int i = 0; i < 1100; i++)
		unit_genkey(h, KV_ALG_HMAC_SHA256, 0);
	CHECK(kv_call(h, KV_IOC_LIST, &req) == 0);
	CHECK(req.num_keys == 1024 && ids[1023] && !ids[1024]);
	CHECK(req.max_keys == ~0u);
	CHECK(kv_tunable_set(KV_MAX_KEYS_PER_FILE, 256) == 0);
	kv_handle_close(h);
}

/* What each request answers about a key in each state. */
static void end_states(void)
{
	for (size_t a = 0; a < unit_num_keyed; a++) {
		const uint32_t alg = unit_keyed[a];
		struct kv_handle *h = unit_open();
		uint64_t id = unit_genkey(h, alg, 10);

		unit_note("algorithm %u", alg);
		CHECK(unit_use(h, alg, id) == 0);
		CHECK(unit_use(h, alg, id ^ 1) == -ENOENT);
		CHECK(fake_event(KV_EV_KEY_NOTFOUND).a == (id ^ 1));
		fake_advance(10 * FAKE_SECOND);
		CHECK(unit_use(h, alg, id) == -KV_EEXPIRED);
		CHECK(unit_flags(h, id) == KV_KEY_FLAG_EXPIRED);
		CHECK(unit_revoke(h, id) == 0);
		CHECK(unit_use(h, alg, id) == -KV_EREVOKED);
		CHECK(unit_flags(h, id) ==
		      (KV_KEY_FLAG_EXPIRED | KV_KEY_FLAG_REVOKED));
		CHECK(unit_destroy(h, id) == 0);
		CHECK(unit_flags(h, id) == -ENOENT);
		CHECK(unit_use(h, alg, id) == -ENOENT);

		id = unit_genkey(h, alg, 0);
		CHECK(unit_revoke(h, id) == 0);
		CHECK(unit_revoke(h, id) == 0);
		CHECK(unit_use(h, alg, id) == -KV_EREVOKED);
		CHECK(unit_flags(h, id) == KV_KEY_FLAG_REVOKED);
		CHECK(fake_event(KV_EV_KEY_REVOKE).a == id);
		CHECK(unit_destroy(h, id) == 0);
		CHECK(fake_event(KV_EV_KEY_DESTROY).a == id);
		CHECK(unit_destroy(h, id) == -ENOENT);
		CHECK(unit_revoke(h, id) == -ENOENT);
		CHECK(unit_destroy(h, 0) == -ENOENT);
		kv_handle_close(h);
	}
}

static void close_destroys(void)
{
	struct kv_handle *h = unit_open();

	for (size_t a = 0; a < unit_num_keyed; a++)
		unit_genkey(h, unit_keyed[a], 0);
	kv_handle_close(h);
	CHECK(fake_event(KV_EV_KEY_DESTROY).count == unit_num_keyed);
	CHECK(fake_live_bytes() == 0 && fake_live_prepared() == 0);
}

static void vaults_are_private(void)
{
	struct kv_handle *a = unit_open(), *b = unit_open();
	uint64_t id = unit_genkey(a, KV_ALG_HMAC_SHA256, 0);

	CHECK(unit_use(a, KV_ALG_HMAC_SHA256, id) == 0);
	CHECK(unit_use(b, KV_ALG_HMAC_SHA256, id) == -ENOENT);
	CHECK(unit_destroy(b, id) == -ENOENT);
	CHECK(unit_flags(b, id) == -ENOENT);
	CHECK(unit_flags(a, id) == 0);
	kv_handle_close(a);
	kv_handle_close(b);
}

/* Ids are random: equal random bytes, or zero, are tried again. */
static void ids(void)
{
	struct kv_handle *h = unit_open();
	uint64_t one, two;

	fake_random_repeat(3);
	one = unit_genkey(h, KV_ALG_ED25519, 0);
	fake_random_repeat(4);
	two = unit_genkey(h, KV_ALG_ED25519, 0);
	CHECK(one && two && one != two);
	fake_random_zero(5);
	two = unit_genkey(h, KV_ALG_ED25519, 0);
	CHECK(two);
	CHECK(unit_flags(h, one) == 0 && unit_flags(h, two) == 0);
	kv_handle_close(h);
}

void unit_keys(void)
{
	TAP_RUN(bits);
	TAP_RUN(flags);
	TAP_RUN(import_sizes);
	TAP_RUN(import_means_these_bytes);
	TAP_RUN(info);
	TAP_RUN(list);
	TAP_RUN(list_is_limited);
	TAP_RUN(end_states);
	TAP_RUN(close_destroys);
	TAP_RUN(vaults_are_private);
	TAP_RUN(ids);
}
