// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * test_table.c - the table of operations, against the interface
 *
 * What must hold is written out here by hand, from the interface's description
 * and not from the core.
 */

#include "scene.h"

struct expected_buf {
	uint8_t dir;			/* KV_BUF_IN, KV_BUF_OUT */
	size_t ptr;
	size_t len;			/* NO_LEN: of a fixed size */
	uint32_t limit;
};
#define NO_LEN	(~(size_t)0)

struct expected {
	unsigned long request;
	unsigned int number;
	size_t size;
	uint32_t cap;
	bool asks, answers;
	uint32_t or_cap;
	struct expected_buf buf[KV_OP_BUFS];
};

static const struct expected ops[] = {
	{ KV_IOC_GENKEY, 1, 24, KV_CAP_GENKEY, false, true, 0, {} },
	{ KV_IOC_DESTROY, 2, 8, KV_CAP_DESTROY, false, false, KV_CAP_DERIVE, {} },
	{ KV_IOC_GETINFO, 3, 40, KV_CAP_GETINFO, true, true, 0, {} },
	{ KV_IOC_LIST, 4, 16, KV_CAP_LIST, true, true, 0,
	  { { KV_BUF_OUT, 0, 8, 8 * KV_MAX_LIST_KEYS } } },
	{ KV_IOC_REVOKE, 5, 8, KV_CAP_REVOKE, false, false, 0, {} },
	{ KV_IOC_RESTRICT, 6, 8, KV_CAP_RESTRICT, false, false, 0, {} },
	{ KV_IOC_GETCAPS, 7, 8, 0, true, true, 0, {} },
	{ KV_IOC_ENCRYPT, 10, 64, KV_CAP_ENCRYPT, false, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_LIM_DATA },
	    { KV_BUF_OUT, 24, 32, KV_LIM_DATA },
	    { KV_BUF_IN, 40, 48, KV_MAX_IV_SIZE },
	    { KV_BUF_OUT, 56, NO_LEN, 16 } } },
	{ KV_IOC_DECRYPT, 11, 56, KV_CAP_DECRYPT, false, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_LIM_DATA },
	    { KV_BUF_OUT, 24, 32, KV_LIM_DATA },
	    { KV_BUF_IN, 40, 48, KV_MAX_IV_SIZE } } },
	{ KV_IOC_AEAD_ENCRYPT, 12, 80, KV_CAP_ENCRYPT, false, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_LIM_DATA },
	    { KV_BUF_OUT, 40, 48, KV_LIM_DATA },
	    { KV_BUF_IN, 24, 32, KV_MAX_AAD_SIZE },
	    { KV_BUF_IN, 56, NO_LEN, 12 },
	    { KV_BUF_OUT, 64, NO_LEN, 12 },
	    { KV_BUF_OUT, 72, NO_LEN, 16 } } },
	{ KV_IOC_AEAD_DECRYPT, 13, 72, KV_CAP_DECRYPT, false, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_LIM_DATA },
	    { KV_BUF_OUT, 56, 64, KV_LIM_DATA },
	    { KV_BUF_IN, 24, 32, KV_MAX_AAD_SIZE },
	    { KV_BUF_IN, 40, NO_LEN, 12 },
	    { KV_BUF_IN, 48, NO_LEN, 16 } } },
	{ KV_IOC_SIGN, 20, 40, KV_CAP_SIGN, false, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_LIM_DATA }, { KV_BUF_OUT, 24, 32, 64 } } },
	{ KV_IOC_VERIFY, 21, 48, KV_CAP_VERIFY, true, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_LIM_DATA }, { KV_BUF_IN, 24, 32, 64 } } },
	{ KV_IOC_MAC, 22, 40, KV_CAP_MAC, false, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_LIM_DATA }, { KV_BUF_OUT, 24, 32, 64 } } },
	{ KV_IOC_HASH, 23, 40, KV_CAP_HASH, true, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_LIM_DATA }, { KV_BUF_OUT, 24, 32, 64 } } },
	{ KV_IOC_GET_PUBKEY, 24, 24, KV_CAP_GETINFO, true, true, 0,
	  { { KV_BUF_OUT, 8, 16, 64 } } },
	{ KV_IOC_KEYEXCHANGE, 30, 40, KV_CAP_EXCHANGE, false, true, 0,
	  { { KV_BUF_IN, 8, 16, 64 }, { KV_BUF_OUT, 24, 32, 64 } } },
	{ KV_IOC_DERIVE, 31, 64, KV_CAP_DERIVE, false, true, 0,
	  { { KV_BUF_IN, 24, 32, 1024 }, { KV_BUF_IN, 40, 48, 1024 } } },
	{ KV_IOC_IMPORT, 40, 32, KV_CAP_IMPORT, false, true, 0,
	  { { KV_BUF_IN, 8, 16, KV_MAX_KEY_SIZE } } },
	{ KV_IOC_SETNAME, 50, 24, KV_CAP_GENKEY, false, false,
	  KV_CAP_IMPORT | KV_CAP_DERIVE,
	  { { KV_BUF_IN, 8, 16, KV_MAX_NAME_SIZE } } },
	{ KV_IOC_FIND, 51, 32, KV_CAP_GETINFO, true, true, 0,
	  { { KV_BUF_IN, 8, 24, KV_MAX_NAME_SIZE },
	    { KV_BUF_OUT, 16, 28, KV_MAX_NAME_SIZE } } },
	{ KV_IOC_GETALG, 52, 120, KV_CAP_GETINFO, true, true, 0, {} },
	{ KV_IOC_SUBKEY, 53, 56, KV_CAP_DERIVE, false, true, 0,
	  { { KV_BUF_IN, 8, 24, 1024 }, { KV_BUF_IN, 16, 28, 1024 } } },
};

static void check_buf(const struct kv_op *op, unsigned int i,
		      const struct expected_buf *want)
{
	const struct kv_buf_rule *rule = &op->buf[i];
	const uint8_t dir = rule->flags & (KV_BUF_IN | KV_BUF_OUT);

	unit_note("request %#x, buffer %u", op->request, i);
	CHECK(dir == want->dir);
	if (!want->dir) {
		CHECK(!rule->flags);
		return;
	}
	CHECK(rule->ptr == want->ptr && rule->ptr_size == 8);
	CHECK(rule->ptr + rule->ptr_size <= op->size);
	CHECK(!(rule->flags & KV_BUF_FIXED) == (want->len != NO_LEN));
	if (want->len != NO_LEN) {
		CHECK(rule->len == want->len);
		CHECK(rule->len_size == 4 || rule->len_size == 8);
		CHECK(rule->len + rule->len_size <= op->size);
	}
	CHECK(rule->limit == want->limit);
}

static void operations(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		const struct expected *want = &ops[i];
		const struct kv_op *op = kv_op_find(want->request);

		unit_note("request %u", want->number);
		REQUIRE(op);
		CHECK(op->request == want->request);
		CHECK(_IOC_NR(op->request) == want->number);
		CHECK(_IOC_TYPE(op->request) == 'K');
		CHECK(_IOC_SIZE(op->request) == want->size);
		CHECK(op->size == want->size);
		CHECK(op->size <= sizeof(((struct kv_run *)0)->req));
		CHECK(op->cap == want->cap && op->or_cap == want->or_cap);
		CHECK(!(op->flags & KV_OP_ASKS) == !want->asks);
		CHECK(!(op->flags & KV_OP_ANSWERS) == !want->answers);
		CHECK(want->answers == !!(_IOC_DIR(op->request) & _IOC_READ));
		CHECK(op->run);
		for (unsigned int b = 0; b < KV_OP_BUFS; b++)
			check_buf(op, b, &want->buf[b]);
	}
}

static bool is_known(unsigned long request)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (ops[i].request == request)
			return true;
	return false;
}

/* All but the requests that there are, also next to them. */
static void unknown_requests(void)
{
	static const size_t sizes[] = { 0, 4, 8, 16, 24, 32, 40, 48, 56, 64, 72,
					80, 120, 128, 4096, 16383 };
	static const unsigned int groups[] = { 'K', 'J', 0, 'k', 0xff };
	struct kv_handle *h = unit_open();
	unsigned int tried = 0;

	for (unsigned long dir = 0; dir < 4; dir++) {
		for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
			for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
				for (unsigned long nr = 0; nr < 256; nr++) {
					unsigned long r;

					r = _IOC(dir, groups[g], nr, sizes[s]);
					if (is_known(r))
						continue;
					tried++;
					CHECK(kv_call(h, r, NULL) == -ENOTTY);
				}
			}
		}
	}
	CHECK(tried == 4 * 16 * 5 * 256 - ARRAY_SIZE(ops));
	CHECK(kv_call(h, KV_IOC_GETCAPS | 1ul << 32, NULL) == -ENOTTY);
	CHECK(kv_call(h, ~0ul, NULL) == -ENOTTY);
	CHECK(fake_event(KV_EV_CAP_DENIED).count == 0);
	kv_handle_close(h);
}

/* EPERM comes before anything else: the request is not even read. */
static void capabilities(void)
{
	unsigned int denied = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		const uint32_t needed = ops[i].cap | ops[i].or_cap;
		struct kv_handle *h = unit_open();
		struct fake_event e;

		unit_note("request %u", ops[i].number);
		CHECK(kv_handle_caps(h) == KV_CAP_ALL);
		kv_handle_restrict(h, KV_CAP_ALL & ~needed);
		CHECK(kv_call(h, ops[i].request, NULL) ==
		      (needed ? -EPERM : -EFAULT));
		denied += needed != 0;
		e = fake_event(KV_EV_CAP_DENIED);
		CHECK(e.count == denied);
		if (needed)
			CHECK(e.a == ops[i].cap && e.b == (KV_CAP_ALL & ~needed));
		kv_handle_close(h);

		for (uint32_t bit = 1; bit <= KV_CAP_IMPORT; bit <<= 1) {
			h = unit_open();
			unit_note("request %u, bit %#x", ops[i].number, bit);
			kv_handle_restrict(h, bit);
			CHECK(kv_call(h, ops[i].request, NULL) ==
			      (!needed || needed & bit ? -EFAULT : -EPERM));
			denied += needed && !(needed & bit);
			kv_handle_close(h);
		}
	}
}

static void read_only_handles(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		struct kv_handle *h;

		REQUIRE(kv_handle_open(&h, true) == 0);
		unit_note("request %u", ops[i].number);
		CHECK(kv_call(h, ops[i].request, NULL) ==
		      (ops[i].asks ? -EFAULT : -EPERM));
		kv_handle_close(h);
	}
}

/* Every request works with its own capability, and all scenes with all. */
static void own_capability_is_enough(void)
{
	unsigned int count = scene_count();

	for (unsigned int i = 0; i < count; i++) {
		struct kv_handle *h = unit_open();
		static struct scene s;

		scene_make(i, h, &s);
		kv_handle_restrict(h, kv_op_find(s.request)->cap);
		unit_note("%s", scene_name(i));
		CHECK(kv_call(h, s.request, &s.req) == 0);
		kv_handle_close(h);
	}
}

/* Old programs do not always clear the padding; new requests want it clear. */
static void paddings(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_HMAC_SHA256, 0);
	uint8_t digest[64];
	struct kv_hash_req hash = {
		.algorithm = KV_ALG_SHA256, ._pad = 1, .digest = digest,
		.digest_len = 64,
	};
	struct kv_derive_req derive = {
		.key_id = id, .algorithm = KV_ALG_HKDF_SHA256, ._pad = 1,
	};
	struct kv_keyinfo_req info = { .key_id = id, ._pad = 1 };
	struct kv_getcaps_req caps = { ._pad = 1 };
	struct kv_restrict_req restrict_ = { .caps = KV_CAP_ALL, ._pad = 1 };
	struct kv_setname_req name = {
		.key_id = id, .name = (uintptr_t)"abc", .name_len = 3, ._pad = 1,
	};

	CHECK(kv_call(h, KV_IOC_HASH, &hash) == 0);
	CHECK(kv_call(h, KV_IOC_DERIVE, &derive) == 0);
	CHECK(kv_call(h, KV_IOC_GETINFO, &info) == 0 && info._pad == 0);
	CHECK(kv_call(h, KV_IOC_GETCAPS, &caps) == 0 && caps._pad == 0);
	CHECK(kv_call(h, KV_IOC_RESTRICT, &restrict_) == 0);
	CHECK(kv_call(h, KV_IOC_SETNAME, &name) == -EINVAL);
	name._pad = 0;
	CHECK(kv_call(h, KV_IOC_SETNAME, &name) == 0);
	kv_handle_close(h);
}

void unit_table(void)
{
	TAP_RUN(operations);
	TAP_RUN(unknown_requests);
	TAP_RUN(capabilities);
	TAP_RUN(read_only_handles);
	TAP_RUN(own_capability_is_enough);
	TAP_RUN(paddings);
}
