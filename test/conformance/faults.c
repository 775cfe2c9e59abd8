/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * faults.c - pointers that cannot be read or written: EFAULT, and not a byte is
 * written anywhere, no key is made, no key ends
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "call.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

/* Two pages: the first writable, the second as @protection says. */
static uint8_t *pages(int protection)
{
	size_t page = page_size();
	uint8_t *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	memset(p, UNTOUCHED, 2 * page);
	if (mprotect(p + page, page, protection))
		return NULL;
	return p;
}

/* A vault with something for @op to answer about; the key's id in @id. */
static int furnish(const struct op *op, const struct alg *alg, uint64_t *id)
{
	int i, fd = vault_open();

	*id = alg ? key_known(fd, alg) : 0;
	if (op->request == KV_IOC_LIST)
		for (i = 0; i < CALL_BUF / 8; i++)
			key_make(fd, KV_ALG_AES128_CTR);
	if (op->request == KV_IOC_FIND)
		ask_setname(fd, *id, "twelve bytes", 12);
	return fd;
}

/* The bytes that are read or written at @field of a good call. */
static size_t touched(const struct op *op, const struct call *call,
		      const struct field *field)
{
	if (op->request == KV_IOC_FIND)
		return 12;
	if (op->request == KV_IOC_MAC && field->dir == OUT)
		return 32;	/* HMAC-SHA256; the room is for 64 */
	return field_len(call, field);
}

struct target {
	const struct op *op;
	const struct alg *alg;
	const struct field *field;
};

/* The field's pointer at @p, with all else good. */
static void at(const struct target *t, const void *p, const char *what)
{
	const struct op *op = t->op;
	struct call call;
	uint64_t id;
	int fd = furnish(op, t->alg, &id), keys = key_count(fd);

	context("%s with %s, %s %s", op->name, t->alg ? t->alg->name : "no key",
		t->field->name, what);
	call_init(&call, op, t->alg, id);
	field_set_ptr(&call, t->field, p);
	call_refused(fd, &call, EFAULT);
	EQ(key_count(fd), keys);
	close(fd);
}

static void spoil(const struct target *t)
{
	size_t page = page_size(), len, cut;
	uint8_t *none = pages(PROT_NONE), *readable = pages(PROT_READ);
	struct call call;

	REQUIRE(none && readable);
	call_init(&call, t->op, t->alg, 1);
	len = touched(t->op, &call, t->field);
	at(t, none + page, "on a PROT_NONE page");
	at(t, (void *)(uintptr_t)8, "near NULL");
	at(t, (void *)(UINTPTR_MAX - 4095), "at the top of the address space");
	at(t, (void *)((uintptr_t)1 << 63), "in the kernel's half");
	at(t, (void *)(UINTPTR_MAX - len / 2), "wrapping around");
	for (cut = 1; cut < len; cut = cut * 2 + 1)
		at(t, none + page - cut, "running into a PROT_NONE page");
	at(t, none + page - (len - 1), "with the last byte on a PROT_NONE page");
	CHECK(all(none, UNTOUCHED, page));
	if (t->field->dir == OUT) {
		at(t, readable + page, "on a read-only page");
		at(t, readable + page - len / 2, "running into a read-only page");
		at(t, readable + page - (len - 1),
		   "with the last byte on a read-only page");
		CHECK(all(readable, UNTOUCHED, 2 * page));
	}
	munmap(none, 2 * page);
	munmap(readable, 2 * page);
}

static void each_pointer(void)
{
	struct target t;

	FOR_OPS(t.op) {
		t.alg = op_alg(t.op);
		for (t.field = t.op->fields; t.field->dir; t.field++)
			spoil(&t);
	}
}

/* A buffer that ends where its page ends is no fault. */
static void up_to_the_edge(void)
{
	const struct op *op;

	FOR_OPS(op) {
		const struct field *f;

		for (f = op->fields; f->dir; f++) {
			struct call call;
			uint64_t id;
			size_t len;
			int fd = furnish(op, op_alg(op), &id);
			uint8_t *p;

			context("%s, %s", op->name, f->name);
			call_init(&call, op, op_alg(op), id);
			len = touched(op, &call, f);
			p = edge_get(len);
			if (f->dir == IN)
				memcpy(p, (void *)(uintptr_t)field_ptr(&call, f),
				       len);
			field_set_ptr(&call, f, p);
			EQ(call_make(fd, &call), 0);
			edge_put(p, len);
			close(fd);
		}
	}
}

/* The whole request @size bytes before the end of a page, or behind it. */
static void request_at(const struct op *op, uint8_t *p, const char *what)
{
	struct call call;
	uint64_t id;
	int fd = furnish(op, op_alg(op), &id), keys = key_count(fd);

	context("%s, the request %s", op->name, what);
	call_init(&call, op, op_alg(op), id);
	EQ(request(fd, op->request, p), EFAULT);
	EQ(key_count(fd), keys);
	if (op->caps)
		EQ(ask_getcaps(fd), KV_CAP_ALL);
	close(fd);
}

static void request_itself(void)
{
	size_t page = page_size();
	uint8_t *none = pages(PROT_NONE);
	const struct op *op;

	REQUIRE(none);
	FOR_OPS(op) {
		request_at(op, NULL, "at NULL");
		request_at(op, none + page, "on a PROT_NONE page");
		request_at(op, (void *)(UINTPTR_MAX - 4095), "at the top");
		if (op->request != KV_IOC_GETCAPS)
			request_at(op, none + page - 4, "cut off");
	}
	CHECK(all(none, UNTOUCHED, page));
	munmap(none, 2 * page);
}

/*
 * A request whose answer cannot be written: no buffer is written, no key made.
 * FreeBSD copies requests in and out outside of the device, so that there the
 * answer is lost after the deed.
 */
static void read_only_request(void)
{
#ifdef __FreeBSD__
	skip("the system, not the device, writes requests back");
#else
	size_t page = page_size();
	uint8_t *p = pages(PROT_READ);
	const struct op *op;

	REQUIRE(p);
	FOR_OPS(op) {
		bool answers = op->request >> 30 != 1;	/* _IOR or _IOWR */
		uint8_t bufs[CALL_BUFS][CALL_BUF];
		struct call call;
		uint64_t id;
		int fd = furnish(op, op_alg(op), &id), keys = key_count(fd);

		context("%s", op->name);
		call_init(&call, op, op_alg(op), id);
		memcpy(bufs, call.buf, sizeof(bufs));
		REQUIRE(mprotect(p + page, page, PROT_READ | PROT_WRITE) == 0);
		memcpy(p + page, &call.req, op->size);
		REQUIRE(mprotect(p + page, page, PROT_READ) == 0);
		EQ(request(fd, op->request, p + page), answers ? EFAULT : 0);
		CHECK(memcmp(p + page, &call.req, op->size) == 0);
		CHECK(memcmp(bufs, call.buf, sizeof(bufs)) == 0);
		if (answers)
			EQ(key_count(fd), keys);
		close(fd);
	}
	munmap(p, 2 * page);
#endif
}

/* A key that could not be told of takes no room in the vault. */
static void failed_keys_take_no_room(void)
{
	struct call call;
	int i, fd = vault_open();
	uint64_t id;

	for (i = 0; i < 600; i++) {
		call_init(&call, op_find("import"), NULL, 0);
		call.req.import.key_material = (void *)(uintptr_t)8;
		EQ(call_make(fd, &call), EFAULT);
#ifndef __FreeBSD__
		EQ(request(fd, KV_IOC_GENKEY, (void *)(uintptr_t)8), EFAULT);
#endif
	}
	EQ(key_count(fd), 0);
	for (i = 0; i < 256; i++)
		EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), 0);
	close(fd);
}

TESTS(faults) = {
	TEST(each_pointer),
	TEST(up_to_the_edge),
	TEST(request_itself),
	TEST(read_only_request),
	TEST(failed_keys_take_no_room),
	TESTS_END
};
