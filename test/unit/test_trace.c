// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_trace.c - what whoever watches is told of each request */

#include <sys/mman.h>

#include "scene.h"

/* How an event's arguments are laid out. */
enum shape { ID_LENGTH_ERRNO, LENGTH_ERRNO, ID_ERRNO };

static const struct row {
	unsigned long request;
	enum kv_event event;
	enum shape shape;
} rows[] = {
	{ KV_IOC_ENCRYPT, KV_EV_ENCRYPT, ID_LENGTH_ERRNO },
	{ KV_IOC_DECRYPT, KV_EV_DECRYPT, ID_LENGTH_ERRNO },
	{ KV_IOC_AEAD_ENCRYPT, KV_EV_AEAD_ENCRYPT, ID_LENGTH_ERRNO },
	{ KV_IOC_AEAD_DECRYPT, KV_EV_AEAD_DECRYPT, ID_LENGTH_ERRNO },
	{ KV_IOC_MAC, KV_EV_MAC, ID_LENGTH_ERRNO },
	{ KV_IOC_SIGN, KV_EV_SIGN, ID_LENGTH_ERRNO },
	{ KV_IOC_VERIFY, KV_EV_VERIFY, ID_LENGTH_ERRNO },
	{ KV_IOC_DERIVE, KV_EV_DERIVE, ID_LENGTH_ERRNO },
	{ KV_IOC_SUBKEY, KV_EV_DERIVE, ID_LENGTH_ERRNO },
	{ KV_IOC_KEYEXCHANGE, KV_EV_KEYEXCHANGE, ID_LENGTH_ERRNO },
	{ KV_IOC_HASH, KV_EV_HASH, LENGTH_ERRNO },
	{ KV_IOC_GET_PUBKEY, KV_EV_GET_PUBKEY, ID_ERRNO },
};

static const struct row *row_of(unsigned long request)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].request == request)
			return &rows[i];
	return NULL;
}

/* The bytes that a scene's request is about. */
static uint64_t length_of(struct kv_handle *h, const struct scene *s)
{
	struct kv_keyinfo_req info = { 0 };

	switch (s->request) {
	case KV_IOC_AEAD_ENCRYPT:
		return SCENE_DATA - 1;
	case KV_IOC_KEYEXCHANGE:
		return 32;
	case KV_IOC_DERIVE:
		info.key_id = s->req.derive.derived_key_id;
		break;
	case KV_IOC_SUBKEY:
		info.key_id = s->req.subkey.derived_key_id;
		break;
	default:
		return SCENE_DATA;
	}
	CHECK(kv_call(h, KV_IOC_GETINFO, &info) == 0);
	return info.key_bits / 8;
}

static void check_event(const struct row *row, unsigned int count, uint64_t id,
			uint64_t length, uint64_t err)
{
	struct fake_event e = fake_event(row->event);
	uint64_t valid = row->event == KV_EV_VERIFY && !err;

	CHECK(e.count == count);
	if (row->shape == ID_LENGTH_ERRNO)
		CHECK(e.a == id && e.b == length && e.c == err && e.d == valid);
	else if (row->shape == LENGTH_ERRNO)
		CHECK(e.a == length && e.b == err && !e.c && !e.d);
	else
		CHECK(e.a == id && e.b == err && !e.c && !e.d);
}

/* One event for a request that uses a key, with what it did. */
static void successes(void)
{
	unsigned int count = scene_count(), told = 0;

	for (unsigned int i = 0; i < count; i++) {
		const struct row *row = row_of(scene_request(i));
		struct kv_handle *h = unit_open();
		static struct scene s;
		uint64_t id;

		scene_make(i, h, &s);
		memcpy(&id, s.req.bytes, sizeof(id));
		unit_note("%s", scene_name(i));
		CHECK(kv_call(h, s.request, &s.req) == 0);
		if (row) {
			check_event(row, 1, id, length_of(h, &s), 0);
			told++;
		}
		kv_handle_close(h);
		fake_reset();
	}
	CHECK(told > 30);
}

/* The same where the answer cannot be written: its errno, and nothing valid. */
static void failures(void)
{
	unsigned int count = scene_count(), told = 0;

	for (unsigned int i = 0; i < count; i++) {
		const struct row *row = row_of(scene_request(i));
		struct kv_handle *h = unit_open();
		static struct scene s, done;
		uint64_t id;

		scene_make(i, h, &s);
		memcpy(&id, s.req.bytes, sizeof(id));
		unit_note("%s", scene_name(i));
		if (row) {
			done = s;
			CHECK(kv_call(h, done.request, &done.req) == 0);
			fake_user_map(&s.req, sizeof(s.req), PROT_READ);
			CHECK(kv_call(h, s.request, &s.req) == -EFAULT);
			check_event(row, 2, id, length_of(h, &done), EFAULT);
			told++;
		}
		kv_handle_close(h);
		fake_reset();
	}
	CHECK(told > 30);
}

void unit_trace(void)
{
	TAP_RUN(successes);
	TAP_RUN(failures);
}
