// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * threads.c - many threads on one vault, for TSan to watch
 *
 * They make, use, name, list, narrow and end the same keys at the same time, with
 * alarms ringing in between. Nothing but errors that a race explains may come of
 * it, and in the end nothing is left.
 */

#include <stdlib.h>
#include <unistd.h>

#include "../tap.h"
#include "fake.h"
#include "op.h"

#define THREADS		4
#define ROUNDS		1000
#define SHARED		8

static const uint32_t algs[] = {
	KV_ALG_AES256_GCM, KV_ALG_CHACHA20_POLY1305, KV_ALG_AES128_CTR,
	KV_ALG_HMAC_SHA256, KV_ALG_ED25519, KV_ALG_X25519, KV_ALG_HKDF_SHA512,
};

static struct kv_handle *handle;
static uint64_t shared[SHARED];		/* atomic: keys that all use */
static unsigned int uses, unexpected;	/* atomic */

static void note(int err)
{
	switch (err) {
	case 0:
		__atomic_add_fetch(&uses, 1, __ATOMIC_RELAXED);
		break;
	case -ENOENT:
	case -KV_EREVOKED:
	case -KV_EEXPIRED:
	case -EOPNOTSUPP:
	case -EINVAL:		/* the key that was there is of another kind */
	case -EEXIST:
		break;
	default:
		__atomic_add_fetch(&unexpected, 1, __ATOMIC_RELAXED);
	}
}

static uint64_t pick(uint32_t random)
{
	return __atomic_load_n(&shared[random % SHARED], __ATOMIC_RELAXED);
}

static void make(uint32_t random)
{
	struct kv_genkey_req req = {
		.algorithm = algs[random % (sizeof(algs) / sizeof(algs[0]))],
		.ttl_seconds = random >> 8 & 3,
	};
	struct kv_destroy_req old = { 0 };

	note(kv_call(handle, KV_IOC_GENKEY, &req));
	old.key_id = __atomic_exchange_n(&shared[random >> 16 & (SHARED - 1)],
					 req.key_id, __ATOMIC_RELAXED);
	if (random >> 24 & 1)
		note(kv_call(handle, KV_IOC_DESTROY, &old));
	else
		note(kv_call(handle, KV_IOC_REVOKE, &old));
	if (!(random >> 24 & 1))
		note(kv_call(handle, KV_IOC_DESTROY, &old));
}

static void use(uint64_t id)
{
	uint8_t data[64] = { 0 }, tag[16], nonce[16], out[64];
	struct kv_aead_encrypt_req seal = {
		.key_id = id, .plaintext = data, .plaintext_len = 64,
		.ciphertext = data, .ciphertext_len = 64, .nonce_out = nonce,
		.tag = tag,
	};
	struct kv_encrypt_req encrypt = {
		.key_id = id, .plaintext = data, .plaintext_len = 64,
		.ciphertext = data, .ciphertext_len = 64, .iv_out = nonce,
	};
	struct kv_mac_req mac = {
		.key_id = id, .data = data, .data_len = 64, .mac = out,
		.mac_len = 64,
	};
	struct kv_sign_req sign = {
		.key_id = id, .data = data, .data_len = 64, .signature = out,
		.signature_len = 64,
	};
	struct kv_keyexchange_req exchange = {
		.key_id = id, .peer_pubkey = (uint8_t[32]){ 9 },
		.peer_pubkey_len = 32, .shared_secret = out,
		.shared_secret_len = 64,
	};

	note(kv_call(handle, KV_IOC_AEAD_ENCRYPT, &seal));
	note(kv_call(handle, KV_IOC_ENCRYPT, &encrypt));
	note(kv_call(handle, KV_IOC_MAC, &mac));
	note(kv_call(handle, KV_IOC_SIGN, &sign));
	note(kv_call(handle, KV_IOC_KEYEXCHANGE, &exchange));
}

static void drop(uint64_t id)
{
	struct kv_subkey_req req = {
		.key_id = id, .algorithm = KV_ALG_HKDF_SHA256, .ttl_seconds = 1,
	};
	struct kv_destroy_req end;
	int err = kv_call(handle, KV_IOC_SUBKEY, &req);

	note(err);
	end.key_id = req.derived_key_id;
	if (!err)
		note(kv_call(handle, KV_IOC_DESTROY, &end));
}

static void ask(uint64_t id, uint32_t random)
{
	uint64_t ids[64];
	char name[8], found[64];
	struct kv_keyinfo_req info = { .key_id = id };
	struct kv_list_req list = { .key_ids = ids, .max_keys = 64 };
	struct kv_restrict_req narrow = { .caps = KV_CAP_ALL | random };
	struct kv_setname_req set = {
		.key_id = id, .name = (uintptr_t)name, .name_len = 4,
	};
	struct kv_find_req find = {
		.name = (uintptr_t)name, .name_len = 4,
		.name_out = (uintptr_t)found, .name_out_len = 64,
	};

	snprintf(name, sizeof(name), "k%03u", random % 100);
	note(kv_call(handle, KV_IOC_GETINFO, &info));
	note(kv_call(handle, KV_IOC_LIST, &list));
	note(kv_call(handle, KV_IOC_RESTRICT, &narrow));
	note(kv_call(handle, KV_IOC_SETNAME, &set));
	note(kv_call(handle, KV_IOC_FIND, &find));
}

static void *work(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t random;

		kv_os_random(&random, sizeof(random));
		if (i % 4 == 0)
			make(random);
		use(pick(random));
		drop(pick(random >> 8));
		ask(pick(random >> 16), random);
		if (i % 16 == 0)
			fake_advance(FAKE_SECOND / 20);
	}
	return NULL;
}

static void one_vault_many_threads(void)
{
	pthread_t threads[THREADS];

	fake_track(false);
	fake_shake(true);
	REQUIRE(kv_handle_open(&handle, false) == 0);
	fake_alarm_thread(true);
	for (uint32_t i = 0; i < SHARED; i++)
		make(i | i << 16);
	for (int i = 0; i < THREADS; i++)
		REQUIRE(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK(unexpected == 0);
	CHECK(uses > THREADS * ROUNDS);
	CHECK(kv_handle_caps(handle) == KV_CAP_ALL);
	kv_handle_close(handle);
	fake_alarm_thread(false);
	CHECK(fake_live_bytes() == 0 && fake_live_prepared() == 0);
	printf("# %u requests succeeded\n", uses);
	fake_reset();
}

/* Each thread opens, fills and closes vaults of its own; the count is shared. */
static void *open_and_close(void *arg)
{
	(void)arg;
	for (int i = 0; i < 50; i++) {
		struct kv_genkey_req req = {
			.algorithm = KV_ALG_CHACHA20_POLY1305, .ttl_seconds = 1,
		};
		struct kv_handle *h;

		if (kv_handle_open(&h, false)) {
			__atomic_add_fetch(&unexpected, 1, __ATOMIC_RELAXED);
			continue;
		}
		note(kv_call(h, KV_IOC_GENKEY, &req));
		if (i % 4 == 0)
			fake_advance(FAKE_SECOND);
		kv_handle_close(h);
	}
	return NULL;
}

static void many_vaults(void)
{
	pthread_t threads[THREADS];

	unexpected = 0;
	fake_track(false);
	fake_shake(true);
	fake_alarm_thread(true);
	for (int i = 0; i < THREADS; i++)
		REQUIRE(pthread_create(&threads[i], NULL, open_and_close, NULL) ==
			0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK(unexpected == 0);
	fake_alarm_thread(false);
	CHECK(fake_live_bytes() == 0);
	fake_reset();
}

int main(void)
{
	TAP_RUN(one_vault_many_threads);
	TAP_RUN(many_vaults);
	return tap_done();
}
