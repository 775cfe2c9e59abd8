// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_ending.c - keys that end while in use, or before they were told; wiping */

#include "unit.h"
#include "vault_table.h"

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

/* A key whose time is over before it was told ends when it is told, once. */
static void hidden_key_expires(void)
{
	struct kv_handle *h = unit_open();
	struct kv_vault *vault = h->vault;
	struct kv_secret *secret;
	struct kv_key *key;
	uint64_t id;

	CHECK(kv_secret_make(&secret, kv_alg_find(KV_ALG_HKDF_SHA256), 32) == 0);
	secret->life = kv_life_of(1, NULL);
	CHECK(kv_secret_prepare(secret) == 0);
	CHECK(kv_key_make(&key, secret, 0) == 0);
	CHECK(kv_vault_add(vault, key, &id) == 0);
	fake_advance(2 * FAKE_SECOND);
	kv_vault_expire(vault);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count == 0);
	CHECK(vault->key_bytes == 32);
	kv_vault_publish(vault, id);
	fake_advance(0);
	CHECK(fake_event(KV_EV_KEY_EXPIRE).count == 1);
	CHECK(vault->key_bytes == 0 && unit_flags(h, id) == KV_KEY_FLAG_EXPIRED);
	kv_handle_close(h);
}

void unit_ending(void)
{
	TAP_RUN(ended_during_use);
	TAP_RUN(hidden_keys);
	TAP_RUN(hidden_key_expires);
	TAP_RUN(bytes_are_wiped);
	TAP_RUN(failed_import_is_wiped);
	TAP_RUN(vault_references);
}
