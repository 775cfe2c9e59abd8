// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_vault.c - growth, quotas, masks, expiry, and keys that end while in use */

#include <unistd.h>

#include "unit.h"
#include "vault_table.h"

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

static void expiry_by_alarm(void)
{
	struct kv_handle *h = unit_open();
	uint64_t a = unit_genkey(h, KV_ALG_AES256_GCM, 10);
	uint64_t b = unit_genkey(h, KV_ALG_AES256_GCM, 5);
	uint64_t c = unit_genkey(h, KV_ALG_AES256_GCM, 0);
	uint64_t d = unit_genkey(h, KV_ALG_ED25519, 20);

	CHECK(fake_live_prepared() == 3);
	fake_advance(5 * FAKE_SECOND - 1);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count == 0);
	CHECK(unit_use(h, KV_ALG_AES256_GCM, b) == 0);
	fake_advance(1);	/* nobody uses it: the alarm alone wipes it */
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count == 1);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).a == b);
	CHECK(fake_live_prepared() == 2 && h->vault->key_bytes == 96);
	CHECK(unit_flags(h, b) == KV_KEY_FLAG_EXPIRED);
	fake_advance(5 * FAKE_SECOND);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).a == a);
	CHECK(fake_live_prepared() == 1);
	fake_advance(10 * FAKE_SECOND);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).a == d);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count == 3);
	CHECK(unit_use(h, KV_ALG_AES256_GCM, c) == 0);
	CHECK(h->vault->n_keys == 4 && h->vault->key_bytes == 32);
	kv_handle_close(h);
}

/* However close keys end to each other, the alarm rings at most every 10 ms. */
static void alarms_keep_a_distance(void)
{
	const uint64_t ms = FAKE_SECOND / 1000;
	struct kv_handle *h = unit_open();
	uint64_t last;

	unit_genkey(h, KV_ALG_AES256_GCM, 1);
	fake_advance(ms);
	last = unit_genkey(h, KV_ALG_AES256_GCM, 1);
	fake_advance(FAKE_SECOND - ms);
	CHECK(fake_live_prepared() == 1);
	CHECK(unit_flags(h, last) == 0);
	fake_advance(ms);
	CHECK(fake_live_prepared() == 1);
	CHECK(unit_flags(h, last) == KV_KEY_FLAG_EXPIRED);
	fake_advance(8 * ms);
	CHECK(fake_live_prepared() == 1);
	fake_advance(ms);
	CHECK(fake_live_prepared() == 0);
	kv_handle_close(h);
}

/* A vault lives as long as something refers to it. */
static void vault_references(void)
{
	struct kv_handle *h = unit_open();
	struct kv_vault *vault = h->vault;
	struct kv_secret *secret;
	uint64_t id = unit_genkey(h, KV_ALG_AES256_GCM, 10);

	kv_os_ref_get(&vault->ref);
	kv_handle_close(h);
	CHECK(fake_live_prepared() == 1);
	CHECK(kv_vault_use(vault, id, &secret) == 0);
	CHECK(!kv_table_unlink(vault, id ^ 1));
	kv_vault_put(vault);
	/* A use that outlives even the vault keeps its secret. */
	CHECK(fake_live_prepared() == 1 && fake_live_blocks() == 1);
	kv_secret_put(secret);
	CHECK(fake_live_blocks() == 0);
}

/* Many at once, and some that a later one must not hold up. */
static void expiry_of_many(void)
{
	struct kv_handle *h = unit_open();
	unsigned int left = 200;

	fake_random_seed(5);
	for (unsigned int i = 0; i < 200; i++) {
		uint8_t ttl;

		kv_os_random(&ttl, 1);
		unit_genkey(h, KV_ALG_CHACHA20_POLY1305, 1 + ttl % 50);
		if (i % 10 == 0)
			fake_advance(FAKE_SECOND / 1000);
	}
	for (int t = 0; t < 60; t++) {
		struct unit_state state;
		unsigned int live = 0;

		/* The alarm may be late by its shortest gap, and no more. */
		fake_advance(FAKE_SECOND);
		fake_advance(FAKE_SECOND / 100);
		unit_state(h, &state);
		for (uint32_t i = 0; i < state.num_ids; i++)
			live += !(state.info[i].flags & KV_KEY_FLAG_EXPIRED);
		unit_note("second %d", t);
		CHECK(fake_live_prepared() == live);
		CHECK(live <= left && state.key_bytes == live * 32);
		left = live;
	}
	CHECK(left == 0 && fake_event(KV_EV_KEY_EXPIRE).count == 200);
	kv_handle_close(h);
}

/* A use that comes before the alarm does finds the key's time over. */
static void expiry_by_use(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_HMAC_SHA256, 3);
	uint8_t mac[64];

	h->vault->alarm.set = false;	/* an alarm that is late */
	fake_advance(3 * FAKE_SECOND);
	CHECK(fake_live_prepared() == 1);
	CHECK(unit_flags(h, id) == KV_KEY_FLAG_EXPIRED);
	CHECK(unit_mac(h, id, "m", 1, mac) == -KV_EEXPIRED);
	CHECK(fake_live_prepared() == 0);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count == 1);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).a == id);
	CHECK(unit_mac(h, id, "m", 1, mac) == -KV_EEXPIRED);
	kv_vault_expire(h->vault);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count == 1);
	kv_handle_close(h);
}

static void expiry_by_thread(void)
{
	struct kv_handle *h = unit_open();

	fake_alarm_thread(true);
	for (int i = 0; i < 50; i++)
		unit_genkey(h, KV_ALG_AES128_CTR, 1 + i % 3);
	for (int i = 0; i < 40 && fake_live_prepared(); i++) {
		fake_advance(FAKE_SECOND / 10);
		usleep(1000);
	}
	for (int i = 0; i < 1000 && fake_live_prepared(); i++)
		usleep(1000);
	CHECK(fake_live_prepared() == 0);
	for (int i = 0; i < 20; i++)	/* closed while alarms ring */
		unit_genkey(h, KV_ALG_AES128_CTR, 1);
	fake_advance(FAKE_SECOND);
	kv_handle_close(h);
	fake_alarm_thread(false);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count >= 50);
}

/* The wall clock's jumps neither end a key nor keep it. */
static void wall_clock_jumps(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_HMAC_SHA256, 100);
	struct kv_keyinfo_req before = { .key_id = id }, after = { .key_id = id };

	CHECK(kv_call(h, KV_IOC_GETINFO, &before) == 0);
	fake_wall_jump(1000000);
	CHECK(unit_use(h, KV_ALG_HMAC_SHA256, id) == 0);
	fake_advance(50 * FAKE_SECOND);
	CHECK(unit_use(h, KV_ALG_HMAC_SHA256, id) == 0);
	fake_wall_jump(-100000000);
	CHECK(kv_call(h, KV_IOC_GETINFO, &after) == 0);
	CHECK(!memcmp(&before, &after, sizeof(before)));
	fake_advance(50 * FAKE_SECOND);
	CHECK(unit_use(h, KV_ALG_HMAC_SHA256, id) == -KV_EEXPIRED);
	kv_handle_close(h);
}

static void longest_life(void)
{
	struct kv_handle *h = unit_open();
	struct kv_genkey_req req = {
		.algorithm = KV_ALG_HMAC_SHA256, .ttl_seconds = ~0u,
	};
	struct kv_keyinfo_req info;

	CHECK(kv_call(h, KV_IOC_GENKEY, &req) == 0);
	info.key_id = req.key_id;
	CHECK(kv_call(h, KV_IOC_GETINFO, &info) == 0);
	CHECK(info.expires == info.created + 0xffffffffll);
	fake_advance(0xfffffffeull * FAKE_SECOND);
	CHECK(unit_use(h, KV_ALG_HMAC_SHA256, req.key_id) == 0);
	fake_advance(FAKE_SECOND);
	CHECK(unit_use(h, KV_ALG_HMAC_SHA256, req.key_id) == -KV_EEXPIRED);
	kv_handle_close(h);
}

static uint64_t derive(struct kv_handle *h, uint64_t id, int sub, uint32_t ttl)
{
	struct kv_derive_req derive = {
		.key_id = id, .algorithm = KV_ALG_HKDF_SHA256,
	};
	struct kv_subkey_req subkey = {
		.key_id = id, .algorithm = KV_ALG_HKDF_SHA256,
		.ttl_seconds = ttl,
	};

	if (sub) {
		CHECK(kv_call(h, KV_IOC_SUBKEY, &subkey) == 0);
		return subkey.derived_key_id;
	}
	CHECK(kv_call(h, KV_IOC_DERIVE, &derive) == 0);
	return derive.derived_key_id;
}

/* A derived key never outlives its source's expiry. */
static void derived_expiry(void)
{
	struct kv_handle *h = unit_open();
	uint64_t source = unit_genkey(h, KV_ALG_HKDF_SHA256, 10);
	uint64_t forever = unit_genkey(h, KV_ALG_HKDF_SHA256, 0);
	uint64_t derived, sub, shorter, longer, grandchild, plain, limited;

	fake_advance(4 * FAKE_SECOND);
	derived = derive(h, source, 0, 0);
	sub = derive(h, source, 1, 0);
	shorter = derive(h, source, 1, 2);
	longer = derive(h, source, 1, 100);
	grandchild = derive(h, derived, 1, 50);
	plain = derive(h, forever, 0, 0);
	limited = derive(h, forever, 1, 3);
	fake_advance(2 * FAKE_SECOND);
	CHECK(unit_flags(h, shorter) ==
	      (KV_KEY_FLAG_EXPIRED | KV_KEY_FLAG_TRANSIENT));
	CHECK(unit_flags(h, limited) == KV_KEY_FLAG_TRANSIENT);
	fake_advance(FAKE_SECOND);
	CHECK(unit_flags(h, limited) ==
	      (KV_KEY_FLAG_EXPIRED | KV_KEY_FLAG_TRANSIENT));
	CHECK(unit_flags(h, derived) == 0);
	CHECK(unit_flags(h, sub) == KV_KEY_FLAG_TRANSIENT);
	CHECK(unit_flags(h, longer) == KV_KEY_FLAG_TRANSIENT);
	CHECK(unit_flags(h, grandchild) == KV_KEY_FLAG_TRANSIENT);
	fake_advance(3 * FAKE_SECOND);
	CHECK(unit_flags(h, derived) == KV_KEY_FLAG_EXPIRED);
	CHECK(unit_flags(h, sub) & KV_KEY_FLAG_EXPIRED);
	CHECK(unit_flags(h, longer) & KV_KEY_FLAG_EXPIRED);
	CHECK(unit_flags(h, grandchild) & KV_KEY_FLAG_EXPIRED);
	CHECK(unit_flags(h, plain) == 0);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count == 7);
	kv_handle_close(h);
}

/* A use in another thread, which the home's cryptography holds up. */
struct use {
	struct kv_handle *h;
	uint64_t id;
	int err;
	uint8_t mac[64];
};

static void *use_mac(void *arg)
{
	struct use *use = arg;

	use->err = unit_mac(use->h, use->id, "message", 7, use->mac);
	return NULL;
}

enum ending { REVOKE, DESTROY, EXPIRE, ENDINGS };

static void end(struct kv_handle *h, uint64_t id, enum ending how)
{
	if (how == REVOKE)
		CHECK(unit_revoke(h, id) == 0);
	else if (how == DESTROY)
		CHECK(unit_destroy(h, id) == 0);
	else
		fake_advance(10 * FAKE_SECOND);
}

/* The bytes live until the use ends, and no longer. */
static void ended_during_use(void)
{
	static const int want[ENDINGS] = { -KV_EREVOKED, -ENOENT, -KV_EEXPIRED };
	static const uint8_t bytes[] = "recognisable bytes of a key";

	for (enum ending how = 0; how < ENDINGS; how++) {
		struct use use = { .h = unit_open() }, calm;
		struct kv_derive_req derived = { .algorithm = KV_ALG_HKDF_SHA256 };
		pthread_t thread;

		unit_note("ending %d", (int)how);
		calm.h = use.h;
		calm.id = unit_import(use.h, KV_ALG_HMAC_SHA256, bytes,
				      sizeof(bytes));
		use_mac(&calm);
		use.id = derived.key_id = calm.id;
		CHECK(fake_live_with(bytes, sizeof(bytes)) == 1);
		if (how == EXPIRE) {
			/* Only keys that are made can expire. */
			use.id = unit_genkey(use.h, KV_ALG_HMAC_SHA256, 10);
			calm.id = use.id;
			use_mac(&calm);
		}
		fake_crypto_hold();
		if (pthread_create(&thread, NULL, use_mac, &use))
			fake_die("no thread");
		fake_crypto_wait();
		end(use.h, use.id, how);
		calm.err = unit_mac(use.h, use.id, "message", 7,
				    (uint8_t[64]){ 0 });
		CHECK(calm.err == want[how]);
		CHECK(fake_live_prepared() == (how == EXPIRE ? 2 : 1));
		CHECK(fake_live_with(bytes, sizeof(bytes)) == 1);
		CHECK(use.h->vault->key_bytes ==
		      (how == EXPIRE ? sizeof(bytes) : 0));
		fake_crypto_go();
		pthread_join(thread, NULL);
		CHECK(use.err == 0 && !memcmp(use.mac, calm.mac, 32));
		CHECK(fake_live_prepared() == (how == EXPIRE ? 1 : 0));
		if (how != EXPIRE)
			CHECK(fake_live_with(bytes, sizeof(bytes)) == 0);
		kv_handle_close(use.h);
	}
}

/* A key that is being made is not there until its maker has its id. */
static void *make_key(void *arg)
{
	struct use *use = arg;
	struct kv_genkey_req req = { .algorithm = KV_ALG_X25519 };

	use->err = kv_call(use->h, KV_IOC_GENKEY, &req);
	use->id = req.key_id;
	return NULL;
}

static void hidden_keys(void)
{
	struct use use = { .h = unit_open() };
	struct kv_vault *vault = use.h->vault;
	struct kv_secret *secret;
	struct kv_key *key;
	uint64_t id, ids[4];
	size_t len = 0;
	uint8_t name[KV_MAX_NAME_SIZE];
	struct kv_keyinfo_req info;
	pthread_t thread;

	/* As an operation does, up to where the request is answered. */
	CHECK(kv_secret_make(&secret, kv_alg_find(KV_ALG_HKDF_SHA256), 32) == 0);
	CHECK(kv_secret_prepare(secret) == 0);
	CHECK(kv_key_make(&key, secret, 0) == 0);
	CHECK(kv_vault_add(vault, key, &id) == 0);
	info.key_id = id;
	CHECK(vault->n_keys == 1 && vault->key_bytes == 32);
	CHECK(kv_vault_list(vault, ids, 4) == 0);
	CHECK(kv_vault_info(vault, &info) == -ENOENT);
	CHECK(kv_vault_use(vault, id, &secret) == -ENOENT);
	CHECK(kv_vault_revoke(vault, id) == -ENOENT);
	CHECK(kv_vault_destroy(vault, id, true) == -ENOENT);
	CHECK(kv_vault_set_name(vault, id, (const uint8_t *)"x", 1) == -ENOENT);
	CHECK(kv_vault_find(vault, &id, name, &len) == -ENOENT);
	kv_vault_publish(vault, id);
	CHECK(kv_vault_list(vault, ids, 4) == 1 && ids[0] == id);
	CHECK(kv_vault_destroy(vault, id, true) == 0);

	/* And one that is taken back frees its place. */
	CHECK(kv_secret_make(&secret, kv_alg_find(KV_ALG_HKDF_SHA256), 32) == 0);
	CHECK(kv_secret_prepare(secret) == 0);
	CHECK(kv_key_make(&key, secret, 0) == 0);
	CHECK(kv_vault_add(vault, key, &id) == 0);
	kv_vault_take_back(vault, id);
	CHECK(vault->n_keys == 0 && vault->key_bytes == 0);

	fake_crypto_hold();
	if (pthread_create(&thread, NULL, make_key, &use))
		fake_die("no thread");
	fake_crypto_wait();
	CHECK(kv_vault_list(vault, ids, 4) == 0);
	fake_crypto_go();
	pthread_join(thread, NULL);
	CHECK(use.err == 0 && kv_vault_list(vault, ids, 4) == 1);
	CHECK(ids[0] == use.id);
	kv_handle_close(use.h);
}

/* After a key's end none of its bytes is left, nor in what was lent meanwhile. */
static void bytes_are_wiped(void)
{
	static const uint32_t algs[] = {
		KV_ALG_AES128_GCM, KV_ALG_AES256_GCM, KV_ALG_AES128_CBC,
		KV_ALG_AES256_CBC, KV_ALG_AES128_CTR, KV_ALG_AES256_CTR,
		KV_ALG_HMAC_SHA256, KV_ALG_HMAC_SHA512, KV_ALG_ED25519,
		KV_ALG_CHACHA20_POLY1305, KV_ALG_X25519,
	};

	for (size_t i = 0; i < ARRAY_SIZE(algs); i++) {
		const struct kv_alg *alg = kv_alg_find(algs[i]);
		size_t len = alg->import.def / 8;
		struct kv_handle *h = unit_open();
		uint8_t key[64];
		uint64_t id;

		/* Already clamped, so that X25519 keeps it as it is. */
		kv_os_random(key, sizeof(key));
		key[0] &= 248;
		key[31] = (key[31] & 127) | 64;
		fake_watch(key, len);
		unit_note("%s", alg->name);
		id = unit_import(h, algs[i], key, len);
		CHECK(fake_live_with(key, len) == 1);
		CHECK(unit_use(h, algs[i], id) == 0);
		CHECK(fake_live_with(key, len) == 1);
		CHECK(unit_revoke(h, id) == 0);
		CHECK(fake_live_with(key, len) == 0);
		kv_handle_close(h);
		fake_reset();
	}
}

/* A failing import leaves nothing behind, at whichever point it fails. */
static void failed_import_is_wiped(void)
{
	static const uint8_t key[32] = "thirty-two recognisable bytes!!";
	struct kv_handle *h = unit_open();

	fake_watch(key, 32);
	for (unsigned int n = 1; ; n++) {
		struct kv_import_req req = {
			.algorithm = KV_ALG_ED25519, .key_material = key,
			.key_len = 32,
		};
		int err;

		fake_fail_at(n);
		err = kv_call(h, KV_IOC_IMPORT, &req);
		if (!fake_failed())
			break;
		unit_note("failure %u", n);
		CHECK(err < 0 && fake_live_with(key, 32) == 0);
	}
	CHECK(fake_live_with(key, 32) == 1);
	kv_handle_close(h);
}

void unit_vault(void)
{
	TAP_RUN(growth);
	TAP_RUN(quota_of_keys);
	TAP_RUN(quota_of_bytes);
	TAP_RUN(quota_of_vaults);
	TAP_RUN(tunables);
	TAP_RUN(masks_only_shrink);
	TAP_RUN(expiry_by_alarm);
	TAP_RUN(expiry_of_many);
	TAP_RUN(alarms_keep_a_distance);
	TAP_RUN(vault_references);
	TAP_RUN(expiry_by_use);
	TAP_RUN(expiry_by_thread);
	TAP_RUN(wall_clock_jumps);
	TAP_RUN(longest_life);
	TAP_RUN(derived_expiry);
	TAP_RUN(ended_during_use);
	TAP_RUN(hidden_keys);
	TAP_RUN(bytes_are_wiped);
	TAP_RUN(failed_import_is_wiped);
}
