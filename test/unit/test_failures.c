// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * test_failures.c - every request with each failure in turn, and bad memory
 *
 * A request that fails has the errno of what failed, has written nothing, has
 * leaked nothing, and leaves the vault as it was.
 */

#include <sys/mman.h>

#include "scene.h"

static int errno_of(enum fake_site site)
{
	switch (site) {
	case FAKE_ALLOC:
	case FAKE_SCRATCH:
	case FAKE_ALARM:
	case FAKE_PREPARE:
		return -ENOMEM;
	case FAKE_CRYPTO:
		return -EIO;
	default:
		return -EFAULT;
	}
}

/* What must not change when a request fails. */
struct before {
	struct scene scene;
	struct unit_state state;
	size_t bytes, blocks;
	unsigned int prepared, created;
};

static void look(struct kv_handle *h, const struct scene *s, struct before *b)
{
	unit_state(h, &b->state);
	b->scene = *s;
	b->bytes = fake_live_bytes();
	b->blocks = fake_live_blocks();
	b->prepared = fake_live_prepared();
	b->created = fake_event(KV_EV_KEY_CREATE).count;
}

/* A table that has grown for a key that was not made stays grown. */
static void check_unchanged(struct kv_handle *h, const struct scene *s,
			    const struct before *b, bool grown, bool written)
{
	struct unit_state now;

	unit_state(h, &now);
	CHECK(unit_same(&b->state, &now));
	CHECK(written || !memcmp(&b->scene, s, sizeof(*s)));
	CHECK(grown || fake_live_bytes() == b->bytes);
	CHECK(fake_live_blocks() == b->blocks);
	CHECK(fake_live_prepared() == b->prepared);
	CHECK(fake_event(KV_EV_KEY_CREATE).count == b->created);
}

/* Runs the @i-th scene until nothing is left that can fail; how often it did. */
static unsigned int fail_each(unsigned int i)
{
	struct kv_handle *h = unit_open();
	static struct before before;
	static struct scene s;
	enum fake_site site;
	unsigned int n;
	int err;

	scene_make(i, h, &s);
	fake_watch(s.data, SCENE_DATA - 1);	/* plaintext is a secret, too */
	for (n = 1; ; n++) {
		uint32_t buckets = h->vault->n_buckets;

		look(h, &s, &before);
		fake_fail_at(n);
		err = kv_call(h, s.request, &s.req);
		site = fake_failed();
		fake_fail_at(0);
		if (site == FAKE_NONE)
			break;
		unit_note("%s, failure %u (at %d)", scene_name(i), n, (int)site);
		CHECK(err == errno_of(site));
		check_unchanged(h, &s, &before, h->vault->n_buckets != buckets,
				site == FAKE_COPYOUT || site == FAKE_REQUEST_OUT);
		memcpy(&s, &before.scene, sizeof(s));
	}
	unit_note("%s, nothing fails", scene_name(i));
	CHECK(err == 0);
	kv_handle_close(h);
	fake_reset();
	return n - 1;
}

static void each_failure_of_each_request(void)
{
	unsigned int failures = 0, count = scene_count();

	for (unsigned int i = 0; i < count; i++) {
		failures += fail_each(i);
		CHECK(fake_live_blocks() == 0);
	}
	CHECK(failures > 4 * count);
	printf("# %u requests, %u failures\n", count, failures);
}

/* The whole life of a key: open, make, name, use, derive, end, close. */
static int whole_life(uint32_t algorithm)
{
	struct kv_genkey_req make = { .algorithm = algorithm, .ttl_seconds = 9 };
	struct kv_handle *h;
	int err = kv_handle_open(&h, false);

	if (err)
		return err;
	err = kv_call(h, KV_IOC_GENKEY, &make);
	if (!err)
		err = unit_set_name(h, make.key_id, "life");
	if (!err)
		err = unit_use(h, algorithm, make.key_id);
	if (!err)
		err = unit_revoke(h, make.key_id);
	if (!err)
		err = unit_destroy(h, make.key_id);
	kv_handle_close(h);
	return err;
}

static void whole_life_of_a_key(void)
{
	for (size_t a = 0; a < unit_num_keyed; a++) {
		for (unsigned int n = 1; ; n++) {
			enum fake_site site;
			int err;

			fake_fail_at(n);
			err = whole_life(unit_keyed[a]);
			site = fake_failed();
			fake_fail_at(0);
			unit_note("algorithm %u, failure %u", unit_keyed[a], n);
			CHECK(fake_live_bytes() == 0);
			CHECK(fake_live_alarms() == 0);
			CHECK(err == (site ? errno_of(site) : 0));
			if (!site)
				break;
		}
	}
}

/* The part of a scene that a rule speaks of. */
static void set_pointer(struct scene *s, const struct kv_buf_rule *rule,
			const void *p)
{
	uint64_t wide = (uintptr_t)p;

	memcpy(s->req.bytes + rule->ptr, &wide, rule->ptr_size);
}

static uint8_t *get_pointer(const struct scene *s, const struct kv_buf_rule *rule)
{
	uint64_t wide = 0;

	memcpy(&wide, s->req.bytes + rule->ptr, rule->ptr_size);
	return (uint8_t *)(uintptr_t)wide;
}

static size_t get_len(const struct scene *s, const struct kv_buf_rule *rule)
{
	uint64_t len = 0;

	if (!rule->len_size)
		return rule->limit;
	memcpy(&len, s->req.bytes + rule->len, rule->len_size);
	return len * (rule->unit ? rule->unit : 1);
}

static void try_bad(unsigned int i, unsigned int which, uint64_t bad,
		    const char *what)
{
	struct kv_handle *h = unit_open();
	const struct kv_buf_rule *rule;
	static struct before before;
	static struct scene s;

	scene_make(i, h, &s);
	rule = &kv_op_find(s.request)->buf[which];
	if (get_pointer(&s, rule) && get_len(&s, rule)) {
		unit_note("%s, buffer %u %s", scene_name(i), which, what);
		set_pointer(&s, rule, (void *)(uintptr_t)bad);
		look(h, &s, &before);
		CHECK(kv_call(h, s.request, &s.req) == -EFAULT);
		check_unchanged(h, &s, &before, true, false);
	}
	kv_handle_close(h);
}

/* Each buffer of each request, at addresses that cannot be read or written. */
static void bad_pointers(void)
{
	uint8_t *edge = fake_user_edge(64, PROT_READ | PROT_WRITE);
	uint8_t *fixed = fake_user_edge(2048, PROT_READ);
	unsigned int count = scene_count();

	for (unsigned int i = 0; i < count; i++) {
		struct kv_handle *h = unit_open();
		const struct kv_op *op;
		static struct scene s;

		scene_make(i, h, &s);
		kv_handle_close(h);
		op = kv_op_find(s.request);
		for (unsigned int b = 0; b < KV_OP_BUFS && op->buf[b].flags; b++) {
			try_bad(i, b, 1, "in the null page");
			try_bad(i, b, (uintptr_t)edge + 63, "over an edge");
			try_bad(i, b, (uintptr_t)edge + 64, "unmapped");
			try_bad(i, b, 0xffff888000000000, "in the kernel");
			try_bad(i, b, 0x7fffffffffff, "across the top");
			try_bad(i, b, ~0ull, "across the end");
			if (op->buf[b].flags & KV_BUF_OUT)
				try_bad(i, b, (uintptr_t)fixed, "read-only");
		}
	}
}

/* Buffers that end where memory does are fine: no byte too many is touched. */
static void good_edges(void)
{
	unsigned int count = scene_count();

	for (unsigned int i = 0; i < count; i++) {
		struct kv_handle *h = unit_open();
		const struct kv_op *op;
		static struct scene s;

		scene_make(i, h, &s);
		op = kv_op_find(s.request);
		for (unsigned int b = 0; b < KV_OP_BUFS && op->buf[b].flags; b++) {
			uint8_t *from = get_pointer(&s, &op->buf[b]), *edge;
			size_t len = get_len(&s, &op->buf[b]);
			bool in = op->buf[b].flags & KV_BUF_IN;

			if (!from || !len)
				continue;
			edge = fake_user_edge(len, PROT_READ | PROT_WRITE);
			memcpy(edge, from, len);
			if (in && mprotect((void *)((uintptr_t)edge & ~4095ul),
					   len, PROT_READ))
				fake_die("cannot protect memory");
			set_pointer(&s, &op->buf[b], edge);
		}
		unit_note("%s", scene_name(i));
		CHECK(kv_call(h, s.request, &s.req) == 0);
		kv_handle_close(h);
		fake_reset();
	}
}

/* The request itself lies in bad memory. */
static void bad_requests(void)
{
	uint8_t *fixed = fake_user_edge(128, PROT_READ | PROT_WRITE);
	unsigned int count = scene_count();
	static struct before before;
	static struct scene s;

	fake_user_map(fixed, 128, PROT_READ);
	for (unsigned int i = 0; i < count; i++) {
		struct kv_handle *h = unit_open();
		bool answers;

		scene_make(i, h, &s);
		answers = kv_op_find(s.request)->flags & KV_OP_ANSWERS;
		look(h, &s, &before);
		unit_note("%s", scene_name(i));
		CHECK(kv_call(h, s.request, NULL) == -EFAULT);
		CHECK(kv_call(h, s.request, fixed + 128) == -EFAULT);
		memcpy(fixed, &s.req, 128);
		if (answers) {
			CHECK(kv_call(h, s.request, fixed) == -EFAULT);
			check_unchanged(h, &s, &before, true, false);
		} else {
			CHECK(kv_call(h, s.request, fixed) == 0);
		}
		kv_handle_close(h);
	}
}

static void scribble(void *user, size_t size)
{
	memset(user, 0xff, size);
}

/* Whether the same request gives the same answer again. */
static bool repeatable(const struct scene *s)
{
	switch (s->request) {
	case KV_IOC_ENCRYPT:
		return s->req.encrypt.iv;
	case KV_IOC_AEAD_ENCRYPT:
		return s->req.aead_encrypt.nonce;
	case KV_IOC_GENKEY:
	case KV_IOC_IMPORT:
	case KV_IOC_DERIVE:
	case KV_IOC_SUBKEY:
	case KV_IOC_DESTROY:
	case KV_IOC_SETNAME:
		return false;
	}
	return true;
}

/*
 * Another thread overwrites everything as soon as it was read: the outcome is
 * that of what was read.
 */
static void changed_behind_the_back(void)
{
	unsigned int count = scene_count(), compared = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct kv_handle *h = unit_open();
		static struct scene s, fresh, calm;

		scene_make(i, h, &s);
		fresh = s;
		unit_note("%s", scene_name(i));
		if (repeatable(&s)) {
			CHECK(kv_call(h, s.request, &s.req) == 0);
			calm = s;
			s = fresh;
		}
		fake_user_racer(scribble);
		CHECK(kv_call(h, s.request, &s.req) == 0);
		fake_user_racer(NULL);
		if (repeatable(&fresh) && s.request != KV_IOC_REVOKE &&
		    s.request != KV_IOC_RESTRICT) {
			CHECK(!memcmp(&s.req, &calm.req, sizeof(s.req)));
			CHECK(!memcmp(s.out, calm.out, sizeof(s.out)));
			CHECK(!memcmp(s.out2, calm.out2, sizeof(s.out2)));
			CHECK(!memcmp(s.out3, calm.out3, sizeof(s.out3)));
			compared++;
		}
		kv_handle_close(h);
	}
	CHECK(compared > 40);
}

/* Failures while a vault is made. */
static void open_fails(void)
{
	struct kv_handle *h;
	unsigned int n;
	int err;

	for (n = 1; ; n++) {
		fake_fail_at(n);
		err = kv_handle_open(&h, false);
		if (!fake_failed())
			break;
		CHECK(err == -ENOMEM);
		CHECK(fake_live_bytes() == 0 && fake_live_alarms() == 0);
	}
	CHECK(n > 3 && err == 0);
	kv_handle_close(h);
}

void unit_failures(void)
{
	TAP_RUN(open_fails);
	TAP_RUN(each_failure_of_each_request);
	TAP_RUN(whole_life_of_a_key);
	TAP_RUN(bad_pointers);
	TAP_RUN(good_edges);
	TAP_RUN(bad_requests);
	TAP_RUN(changed_behind_the_back);
}
