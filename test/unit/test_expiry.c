// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_expiry.c - keys whose time is over: by alarm, by use, derived ones */

#include <unistd.h>

#include "unit.h"

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

void unit_expiry(void)
{
	TAP_RUN(expiry_by_alarm);
	TAP_RUN(alarms_keep_a_distance);
	TAP_RUN(expiry_of_many);
	TAP_RUN(expiry_by_use);
	TAP_RUN(expiry_by_thread);
	TAP_RUN(wall_clock_jumps);
	TAP_RUN(longest_life);
	TAP_RUN(derived_expiry);
}
