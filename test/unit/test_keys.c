// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_keys.c - keys made, imported, derived, named, listed and ended */

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
	CHECK(unit_flags(h, one) == 0 && unit_flags(h, two) == 0);
	kv_handle_close(h);
}

static int find_name(struct kv_handle *h, const char *name, uint64_t *id)
{
	struct kv_find_req req = {
		.name = (uintptr_t)name, .name_len = (uint32_t)strlen(name),
	};
	int err = kv_call(h, KV_IOC_FIND, &req);

	*id = req.key_id;
	return err;
}

static int find_id(struct kv_handle *h, uint64_t id, char name[64], uint32_t room)
{
	struct kv_find_req req = {
		.key_id = id, .name_out = (uintptr_t)name, .name_out_len = room,
	};
	int err = kv_call(h, KV_IOC_FIND, &req);

	if (!err)
		name[req.name_out_len] = '\0';
	return err;
}

static void names(void)
{
	struct kv_handle *h = unit_open();
	uint64_t a = unit_genkey(h, KV_ALG_AES256_GCM, 5);
	uint64_t b = unit_genkey(h, KV_ALG_ED25519, 0), found;
	char name[80];

	CHECK(find_id(h, a, name, 63) == 0 && !strcmp(name, ""));
	CHECK(unit_set_name(h, a, "café") == 0);
	CHECK(unit_set_name(h, a, "café") == -EEXIST);
	CHECK(unit_set_name(h, a, "other") == -EEXIST);
	CHECK(unit_set_name(h, b, "café") == -EEXIST);
	CHECK(unit_set_name(h, b, "caf") == 0);
	CHECK(unit_set_name(h, b ^ 1, "x") == -ENOENT);
	CHECK(find_name(h, "café", &found) == 0 && found == a);
	CHECK(find_name(h, "caf", &found) == 0 && found == b);
	CHECK(find_name(h, "cafés", &found) == -ENOENT && found == 0);
	CHECK(find_name(h, "ca", &found) == -ENOENT);
	CHECK(find_name(h, "", &found) == -EINVAL);
	CHECK(find_id(h, a, name, 63) == 0 && !strcmp(name, "café"));
	CHECK(find_id(h, a, name, 5) == 0 && !strcmp(name, "café"));
	CHECK(find_id(h, a, name, 4) == -ENOSPC);
	CHECK(find_id(h, a, name, 0) == 0 && !strcmp(name, ""));
	CHECK(find_id(h, a ^ 1, name, 63) == -ENOENT);

	/* The name stays with a key that has ended, and goes when it does. */
	fake_advance(6 * FAKE_SECOND);
	CHECK(find_name(h, "café", &found) == 0 && found == a);
	CHECK(unit_set_name(h, b, "café") == -EEXIST);
	CHECK(unit_revoke(h, b) == 0);
	CHECK(find_name(h, "caf", &found) == 0 && found == b);
	CHECK(unit_destroy(h, a) == 0);
	CHECK(find_name(h, "café", &found) == -ENOENT);
	a = unit_genkey(h, KV_ALG_AES256_GCM, 0);
	CHECK(unit_set_name(h, a, "café") == 0);
	kv_handle_close(h);
}

static void find_arguments(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_AES256_GCM, 0);
	char out[64] = "unchanged";
	struct kv_find_req req = {
		.key_id = id, .name = (uintptr_t)"abc", .name_len = 3,
		.name_out = (uintptr_t)out, .name_out_len = 63,
	};

	CHECK(unit_set_name(h, id, "abc") == 0);
	CHECK(kv_call(h, KV_IOC_FIND, &req) == -EINVAL);
	req.key_id = 0;
	req.name_len = 64;
	CHECK(kv_call(h, KV_IOC_FIND, &req) == -EINVAL);
	req.name = 0;
	req.name_len = 3;
	CHECK(kv_call(h, KV_IOC_FIND, &req) == -EINVAL);
	CHECK(!strcmp(out, "unchanged"));
	req.name = (uintptr_t)"abc";
	CHECK(kv_call(h, KV_IOC_FIND, &req) == 0);
	CHECK(req.key_id == id && req.name_out_len == 3);
	CHECK(!memcmp(out, "abchanged", 9));
	kv_handle_close(h);
}

static int derive(struct kv_handle *h, uint64_t id, uint32_t hkdf, uint32_t output,
		  uint32_t output_bits, uint64_t *derived)
{
	struct kv_derive_req req = {
		.key_id = id, .algorithm = hkdf, .output_algorithm = output,
		.output_bits = output_bits, .info = "test", .info_len = 4,
	};
	int err = kv_call(h, KV_IOC_DERIVE, &req);

	CHECK((req.derived_key_id != 0) == !err);
	*derived = req.derived_key_id;
	return err;
}

static void derived_algorithms(void)
{
	struct kv_handle *h = unit_open();
	uint64_t source = unit_genkey(h, KV_ALG_HKDF_SHA256, 0), id;
	struct kv_keyinfo_req info_req;

	for (uint32_t out = 0; out < 64; out++) {
		const struct kv_alg *alg = kv_alg_find(out ? out :
						       KV_ALG_HMAC_SHA256);
		bool good = alg && alg->kind != KV_KIND_HASH;

		unit_note("output algorithm %u", out);
		CHECK(derive(h, source, KV_ALG_HKDF_SHA512, out, 0, &id) ==
		      (good ? 0 : -EINVAL));
		if (!good)
			continue;
		info_req.key_id = id;
		CHECK(kv_call(h, KV_IOC_GETINFO, &info_req) == 0);
		CHECK(info_req.algorithm == alg->id);
		CHECK(info_req.key_bits == alg->bits.def);
		CHECK(unit_use(h, alg->id, id) == 0);
	}
	for (uint32_t hkdf = 0; hkdf < 64; hkdf++) {
		bool good = hkdf == KV_ALG_HKDF_SHA256 ||
			    hkdf == KV_ALG_HKDF_SHA512;

		CHECK(derive(h, source, hkdf, 0, 0, &id) == (good ? 0 : -EINVAL));
	}
	CHECK(derive(h, source, KV_ALG_HKDF_SHA256, KV_ALG_AES256_GCM, 128, &id) ==
	      -EINVAL);
	CHECK(derive(h, source, KV_ALG_HKDF_SHA256, 0, 12, &id) == -EINVAL);
	CHECK(derive(h, source, KV_ALG_HKDF_SHA256, KV_ALG_HKDF_SHA256, 8160, &id)
	      == 0);
	CHECK(derive(h, source, KV_ALG_HKDF_SHA512, KV_ALG_HKDF_SHA512, 16320, &id)
	      == 0);
	CHECK(derive(h, source, KV_ALG_HKDF_SHA512, KV_ALG_HKDF_SHA512, 16328, &id)
	      == -EINVAL);
	kv_handle_close(h);
}

/* Who may be derived from; the same twice is the same key, else another. */
static void derived_keys(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id, one, two, three;
	uint8_t a[64], b[64], c[64];

	for (size_t i = 0; i < unit_num_keyed; i++) {
		const struct kv_alg *alg = kv_alg_find(unit_keyed[i]);
		bool good = alg->kind & (KV_KIND_MAC | KV_KIND_KDF);

		id = unit_genkey(h, alg->id, 0);
		unit_note("from %s", alg->name);
		CHECK(derive(h, id, KV_ALG_HKDF_SHA256, 0, 0, &one) ==
		      (good ? 0 : -EOPNOTSUPP));
	}
	id = unit_genkey(h, KV_ALG_HMAC_SHA512, 0);
	CHECK(derive(h, id, KV_ALG_HKDF_SHA256, 0, 0, &one) == 0);
	CHECK(derive(h, id, KV_ALG_HKDF_SHA256, 0, 0, &two) == 0);
	CHECK(derive(h, id, KV_ALG_HKDF_SHA512, 0, 0, &three) == 0);
	CHECK(unit_mac(h, one, "m", 1, a) == 0);
	CHECK(unit_mac(h, two, "m", 1, b) == 0);
	CHECK(unit_mac(h, three, "m", 1, c) == 0);
	CHECK(one != two && !memcmp(a, b, 32) && memcmp(a, c, 32));
	kv_handle_close(h);
}

static uint64_t subkey(struct kv_handle *h, uint64_t id, uint32_t output,
		       uint32_t ttl)
{
	struct kv_subkey_req req = {
		.key_id = id, .algorithm = KV_ALG_HKDF_SHA256,
		.output_algorithm = output, .ttl_seconds = ttl,
		.info = (uintptr_t)"test", .info_len = 4,
	};

	CHECK(kv_call(h, KV_IOC_SUBKEY, &req) == 0);
	return req.derived_key_id;
}

/* A subkey is what DERIVE makes, and who may derive it may drop it. */
static void subkeys(void)
{
	struct kv_handle *h = unit_open();
	uint64_t source = unit_genkey(h, KV_ALG_HKDF_SHA256, 0), derived;
	uint64_t sub = subkey(h, source, KV_ALG_HMAC_SHA256, 0);
	uint64_t other = subkey(h, source, 0, 0);
	struct fake_event e;
	uint8_t a[64], b[64];

	CHECK(derive(h, source, KV_ALG_HKDF_SHA256, 0, 0, &derived) == 0);
	CHECK(unit_flags(h, sub) == KV_KEY_FLAG_TRANSIENT);
	CHECK(unit_flags(h, derived) == 0);
	CHECK(unit_mac(h, sub, "m", 1, a) == 0);
	CHECK(unit_mac(h, derived, "m", 1, b) == 0);
	CHECK(!memcmp(a, b, 32));
	e = fake_event(KV_EV_DERIVE);
	CHECK(e.count == 3 && e.a == source && e.b == 32 && e.c == 0);

	kv_handle_restrict(h, ~KV_CAP_DESTROY);
	CHECK(unit_destroy(h, source) == -EPERM);
	CHECK(unit_destroy(h, derived) == -EPERM);
	CHECK(unit_destroy(h, sub ^ 1) == -EPERM);
	CHECK(fake_event(KV_EV_CAP_DENIED).count == 3);
	CHECK(fake_event(KV_EV_CAP_DENIED).a == KV_CAP_DESTROY);
	CHECK(unit_revoke(h, sub) == 0);
	CHECK(unit_destroy(h, sub) == 0);
	CHECK(unit_flags(h, sub) == -ENOENT);
	kv_handle_restrict(h, ~KV_CAP_DERIVE);
	CHECK(unit_destroy(h, other) == -EPERM);
	CHECK(unit_flags(h, other) == KV_KEY_FLAG_TRANSIENT);
	CHECK(unit_flags(h, source) == 0 && unit_flags(h, derived) == 0);
	kv_handle_close(h);
}

/* A bare public key verifies, tells itself, and can do nothing else. */
static void public_keys(void)
{
	struct kv_handle *h = unit_open();
	uint64_t pair = unit_genkey(h, KV_ALG_ED25519, 0);
	uint8_t public[32], again[64], sig[64];
	struct kv_getpubkey_req get = {
		.key_id = pair, .pubkey = public, .pubkey_len = 32,
	};
	struct kv_import_req import_req = {
		.algorithm = KV_ALG_ED25519, .flags = KV_KEY_FLAG_PUBLIC,
		.key_material = public, .key_len = 32,
	};
	struct kv_sign_req sign = {
		.key_id = pair, .data = "m", .data_len = 1, .signature = sig,
		.signature_len = 64,
	};
	struct kv_verify_req verify = {
		.data = "m", .data_len = 1, .signature = sig, .signature_len = 64,
	};

	REQUIRE(kv_call(h, KV_IOC_GET_PUBKEY, &get) == 0);
	REQUIRE(kv_call(h, KV_IOC_SIGN, &sign) == 0);
	REQUIRE(kv_call(h, KV_IOC_IMPORT, &import_req) == 0);
	verify.key_id = get.key_id = sign.key_id = import_req.key_id;
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 1);
	sig[5] ^= 1;
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 0);
	CHECK(kv_call(h, KV_IOC_SIGN, &sign) == -EINVAL);
	get.pubkey = again;
	get.pubkey_len = 64;
	CHECK(kv_call(h, KV_IOC_GET_PUBKEY, &get) == 0 && get.pubkey_len == 32);
	CHECK(!memcmp(public, again, 32));
	CHECK(unit_flags(h, import_req.key_id) == KV_KEY_FLAG_PUBLIC);
	CHECK(unit_revoke(h, import_req.key_id) == 0);
	CHECK(unit_flags(h, import_req.key_id) ==
	      (KV_KEY_FLAG_PUBLIC | KV_KEY_FLAG_REVOKED));
	kv_handle_close(h);
}

/* What is no public key: not on the curve, written otherwise, of small order. */
static void bad_public_keys(void)
{
	static const char *const bad[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		/* y is p, p + 1, and the most there is */
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		/* x would be -0 */
		"0100000000000000000000000000000000000000000000000000000000000080",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		/* no x for this y */
		"0200000000000000000000000000000000000000000000000000000000000000",
		"0200000000000000000000000000000000000000000000000000000000000080",
	};
	struct kv_handle *h = unit_open();
	uint8_t public[32];
	struct kv_import_req req = {
		.algorithm = KV_ALG_ED25519, .flags = KV_KEY_FLAG_PUBLIC,
		.key_material = public, .key_len = 32,
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		unit_unhex(bad[i], public, 32);
		unit_note("public key %zu", i);
		CHECK(kv_call(h, KV_IOC_IMPORT, &req) == -EINVAL);
	}
	unit_unhex("0300000000000000000000000000000000000000000000000000000000000000",
		   public, 32);
	CHECK(kv_call(h, KV_IOC_IMPORT, &req) == 0);
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
	TAP_RUN(names);
	TAP_RUN(find_arguments);
	TAP_RUN(derived_algorithms);
	TAP_RUN(derived_keys);
	TAP_RUN(subkeys);
	TAP_RUN(public_keys);
	TAP_RUN(bad_public_keys);
}
