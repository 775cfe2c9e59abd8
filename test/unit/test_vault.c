// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_vault.c - growth, quotas, tunables, masks */

#include "unit.h"

/* 65536 keys, the most that can be allowed, and not one more. */
static void growth(void)
{
	static uint64_t ids[65536];
	struct kv_genkey_req one_more = { .algorithm = KV_ALG_HMAC_SHA256 };
	struct kv_handle *h = unit_open();

	CHECK(kv_tunable_set(KV_MAX_KEYS_PER_FILE, 65536) == 0);
	CHECK(kv_tunable_set(KV_MAX_KEY_BYTES, 16777216) == 0);
	for (size_t i = 0; i < 65536; i++) {
		ids[i] = unit_genkey(h, KV_ALG_HKDF_SHA256, 0);
		REQUIRE(ids[i]);
	}
	CHECK(kv_call(h, KV_IOC_GENKEY, &one_more) == -EMFILE);
	CHECK(h->vault->n_keys == 65536 && h->vault->key_bytes == 65536 * 32);
	CHECK(h->vault->n_buckets >= 65536);
	for (size_t i = 0; i < 65536; i += 17)
		CHECK(unit_flags(h, ids[i]) == 0);
	for (size_t i = 0; i < 65536; i += 2)
		CHECK(unit_destroy(h, ids[i]) == 0);
	CHECK(h->vault->n_keys == 32768 && h->vault->key_bytes == 32768 * 32);
	for (size_t i = 0; i < 1000; i++)
		CHECK(unit_flags(h, ids[i]) == (i % 2 ? 0 : -ENOENT));
	kv_handle_close(h);
	CHECK(kv_tunable_set(KV_MAX_KEYS_PER_FILE, 256) == 0);
	CHECK(kv_tunable_set(KV_MAX_KEY_BYTES, 1048576) == 0);
}

static int genkey_bits(struct kv_handle *h, uint32_t alg, uint32_t bits,
		       uint64_t *id)
{
	struct kv_genkey_req req = { .algorithm = alg, .key_bits = bits };
	int err = kv_call(h, KV_IOC_GENKEY, &req);

	*id = req.key_id;
	return err;
}

static void quota_of_keys(void)
{
	struct kv_handle *h = unit_open(), *other = unit_open();
	uint64_t ids[5], id;

	CHECK(kv_tunable_set(KV_MAX_KEYS_PER_FILE, 5) == 0);
	for (int i = 0; i < 5; i++)
		CHECK(genkey_bits(h, KV_ALG_ED25519, 0, &ids[i]) == 0);
	CHECK(genkey_bits(h, KV_ALG_ED25519, 0, &id) == -EMFILE);
	CHECK(genkey_bits(other, KV_ALG_ED25519, 0, &id) == 0);
	/* A key that has ended still has its place. */
	CHECK(unit_revoke(h, ids[0]) == 0);
	CHECK(genkey_bits(h, KV_ALG_ED25519, 0, &id) == -EMFILE);
	CHECK(unit_destroy(h, ids[0]) == 0);
	CHECK(genkey_bits(h, KV_ALG_ED25519, 0, &id) == 0);
	CHECK(genkey_bits(h, KV_ALG_ED25519, 0, &id) == -EMFILE);
	/* A lower limit takes nothing away. */
	CHECK(kv_tunable_set(KV_MAX_KEYS_PER_FILE, 1) == 0);
	CHECK(unit_use(h, KV_ALG_ED25519, ids[1]) == 0);
	CHECK(unit_destroy(h, ids[1]) == 0);
	CHECK(genkey_bits(h, KV_ALG_ED25519, 0, &id) == -EMFILE);
	kv_handle_close(h);
	kv_handle_close(other);
	CHECK(kv_tunable_set(KV_MAX_KEYS_PER_FILE, 256) == 0);
}

static void quota_of_bytes(void)
{
	struct kv_handle *h = unit_open();
	uint64_t a, b, c;

	CHECK(kv_tunable_set(KV_MAX_KEY_BYTES, 1024) == 0);
	CHECK(genkey_bits(h, KV_ALG_HKDF_SHA512, 8064, &a) == 0);
	CHECK(h->vault->key_bytes == 1008);
	CHECK(genkey_bits(h, KV_ALG_HMAC_SHA256, 136, &b) == -ENOSPC);
	CHECK(genkey_bits(h, KV_ALG_HMAC_SHA256, 128, &b) == 0);
	CHECK(h->vault->key_bytes == 1024);
	CHECK(genkey_bits(h, KV_ALG_HKDF_SHA256, 128, &c) == -ENOSPC);
	CHECK(h->vault->key_bytes == 1024 && h->vault->n_keys == 2);
	/* Bytes that are wiped count no more. */
	CHECK(unit_revoke(h, a) == 0);
	CHECK(h->vault->key_bytes == 16);
	CHECK(genkey_bits(h, KV_ALG_HKDF_SHA512, 8064, &c) == 0);
	CHECK(unit_destroy(h, a) == 0);
	CHECK(h->vault->key_bytes == 1024);
	CHECK(unit_destroy(h, b) == 0 && unit_destroy(h, c) == 0);
	CHECK(h->vault->key_bytes == 0 && h->vault->n_keys == 0);
	kv_handle_close(h);
	CHECK(kv_tunable_set(KV_MAX_KEY_BYTES, 1048576) == 0);
}

static void quota_of_vaults(void)
{
	struct kv_handle *h[3], *one_more;

	CHECK(kv_tunable_set(KV_MAX_FILES, 3) == 0);
	for (int i = 0; i < 3; i++)
		h[i] = unit_open();
	CHECK(kv_handle_open(&one_more, false) == -EMFILE);
	CHECK(kv_handle_open(&one_more, true) == -EMFILE);
	kv_handle_close(h[1]);
	CHECK(kv_handle_open(&h[1], false) == 0);
	CHECK(kv_handle_open(&one_more, false) == -EMFILE);
	for (int i = 0; i < 3; i++)
		kv_handle_close(h[i]);
	/* An open that fails is not counted. */
	for (int i = 0; i < 10; i++) {
		fake_fail_at(i % 4 + 1);
		CHECK(kv_handle_open(&one_more, false) == -ENOMEM);
	}
	fake_fail_at(0);
	for (int i = 0; i < 3; i++)
		h[i] = unit_open();
	for (int i = 0; i < 3; i++)
		kv_handle_close(h[i]);
	CHECK(kv_tunable_set(KV_MAX_FILES, 1024) == 0);
}

static void tunables(void)
{
	static const struct {
		const char *name;
		uint32_t def, min, max;
	} want[KV_TUNABLES] = {
		[KV_MAX_KEYS_PER_FILE] = { "max_keys_per_file", 256, 1, 65536 },
		[KV_MAX_KEY_BYTES] = { "max_key_bytes", 1048576, 1024, 16777216 },
		[KV_MAX_FILES] = { "max_files", 1024, 1, 65536 },
		[KV_MAX_DATA] = { "max_data_size", 1048576, 64, 16777216 },
	};

	for (int i = 0; i < KV_TUNABLES; i++) {
		unit_note("%s", want[i].name);
		CHECK(!strcmp(kv_tunables[i].name, want[i].name));
		CHECK(kv_tunables[i].about[0]);
		CHECK(kv_tunable_get(i) == want[i].def);
		CHECK(kv_tunable_set(i, want[i].min - 1) == -EINVAL);
		CHECK(kv_tunable_set(i, want[i].max + 1) == -EINVAL);
		CHECK(kv_tunable_set(i, 0) == -EINVAL);
		CHECK(kv_tunable_set(i, ~0u) == -EINVAL);
		CHECK(kv_tunable_get(i) == want[i].def);
		CHECK(kv_tunable_set(i, want[i].min) == 0);
		CHECK(kv_tunable_get(i) == want[i].min);
		CHECK(kv_tunable_set(i, want[i].max) == 0);
		CHECK(kv_tunable_get(i) == want[i].max);
		CHECK(kv_tunable_set(i, want[i].def) == 0);
	}
}

/* A mask only ever loses bits, whatever is asked, in whatever order. */
static void masks_only_shrink(void)
{
	fake_random_seed(20);
	for (int round = 0; round < 200; round++) {
		struct kv_handle *h = unit_open();
		uint32_t had = KV_CAP_ALL;

		for (int i = 0; i < 30; i++) {
			struct kv_restrict_req req = { 0 };
			struct kv_getcaps_req get = { 0 };
			bool may = had & KV_CAP_RESTRICT;
			uint32_t more;

			kv_os_random(&req.caps, sizeof(req.caps));
			kv_os_random(&more, sizeof(more));
			if (i % 3)
				req.caps |= more | KV_CAP_RESTRICT;
			CHECK(kv_call(h, KV_IOC_RESTRICT, &req) ==
			      (may ? 0 : -EPERM));
			if (may)
				had &= req.caps;
			CHECK(kv_call(h, KV_IOC_GETCAPS, &get) == 0);
			CHECK(get.caps == had && kv_handle_caps(h) == had);
		}
		kv_handle_close(h);
	}
}

void unit_vault(void)
{
	TAP_RUN(growth);
	TAP_RUN(quota_of_keys);
	TAP_RUN(quota_of_bytes);
	TAP_RUN(quota_of_vaults);
	TAP_RUN(tunables);
	TAP_RUN(masks_only_shrink);
}
