/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * mutate.c - spoils a well-formed request: one field mostly, sometimes all, or
 * the request number, or where the request lies
 */
#include <string.h>

#include "fuzz.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Around @limit and around what overflows. */
static uint64_t bad_length(uint64_t limit, uint64_t now)
{
	const uint64_t some[] = {
		0, 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 4095, 4096, 4097,
		limit - 1, limit, limit + 1, 2 * limit, now - 1, now + 1,
		KV_MAX_DATA_SIZE - 1, KV_MAX_DATA_SIZE, KV_MAX_DATA_SIZE + 1,
		16777216, 16777217, 0x7ffffffe, 0x7fffffff, 0x80000000,
		0xfffffffe, 0xffffffff, 0x100000000, 0x100000001,
		0x100000010, 0x1fffffffffffffff, 0x2000000000000000,
		0x2000000000000001, 0x7fffffffffffffff, 0x8000000000000000,
		0x8000000000000001, UINT64_MAX - 15, UINT64_MAX - 1, UINT64_MAX,
	};

	return fz_one_in(8) ? fz_below(2 * limit + 64) :
			      some[fz_below(COUNT(some))];
}

static uint64_t bad_id(const struct fz_call *c)
{
	const struct fz_file *f = &fz.file[fz_below(FZ_FILES)];

	switch (fz_below(5)) {
	case 0:
		return fz.stale[fz_below(64)];
	case 1:		/* of another vault, or of another kind */
		return f->used && f->keys ? f->key[fz_below(f->keys)].id : 1;
	case 2:		/* in this vault, of whatever kind */
		f = c->desc->file;
		return f->keys ? f->key[fz_below(f->keys)].id : 2;
	case 3:
		return fz_one_in(2) ? KV_KEY_ID_INVALID : UINT64_MAX;
	default:
		return fz_rand();
	}
}

static uint64_t bad_number(uint64_t now)
{
	switch (fz_below(4)) {
	case 0:
		return now ^ 1ull << fz_below(32);
	case 1:
		return fz_below(64);
	case 2:
		return fz_below(16400);
	default:
		return fz_rand();
	}
}

/* Another pointer of the same request, or one that cannot be used. */
static uint64_t bad_pointer(const struct fz_call *c, const struct fz_field *f)
{
	const struct fz_field *other = &c->op->field[fz_below(FZ_FIELDS)];
	uint64_t len = fz_len(c, f, c->req);

	if (fz_one_in(6) && (other->kind == F_IN || other->kind == F_OUT))
		return fz_get(c->req, other->off, other->size) + fz_below(3);
	return mem_bad(len < MEM_SLOT_SIZE ? len : MEM_SLOT_SIZE);
}

static void spoil(struct fz_call *c, const struct fz_field *f)
{
	uint64_t v = fz_get(c->req, f->off, f->size);

	switch (f->kind) {
	case F_ID:
		v = bad_id(c);
		break;
	case F_IN: case F_OUT:
		v = bad_pointer(c, f);
		break;
	case F_LEN: case F_ROOM:
		v = bad_length(f->limit, v);
		break;
	case F_COUNT:
		v = bad_length(KV_MAX_LIST_KEYS, v);
		break;
	case F_RESULT:	/* what lies there on the way in is nobody's business */
		v = fz_rand();
		break;
	default:
		v = bad_number(v);
	}
	fz_put(c->req, f->off, f->size, v);
}

static unsigned int field_count(const struct fz_op *op)
{
	unsigned int n = 0;

	while (n < FZ_FIELDS && op->field[n].kind != F_END)
		n++;
	return n;
}

/* Wrong direction, size, group or number; by chance it may be another valid. */
static unsigned long bad_request(unsigned long r)
{
	switch (fz_below(6)) {
	case 0:
		return r ^ (1ul + fz_below(3)) << 30;
	case 1:
		return (r & ~0x3fff0000ul) | fz_below(0x4000) << 16;
	case 2:
		return r + ((fz_below(17) - 8) << 16);
	case 3:
		return (r & ~0xff00ul) | fz_below(256) << 8;
	case 4:
		return (r & ~0xfful) | fz_below(256);
	default:
		return fz_rand();
	}
}

void mutate(struct fz_call *c)
{
	unsigned int n = field_count(c->op), r = fz_below(100);

	c->sane = false;
	if (r < 6) {
		c->request = bad_request(c->request);
	} else if (r < 14) {
		c->bad_place = true;
	} else if (r < 18) {
		for (unsigned int i = 0; i < FZ_REQ_MAX; i++)
			c->req[i] = fz_rand();
	} else {
		for (unsigned int i = r < 80 ? 1 : 1 + fz_below(4); i; i--)
			spoil(c, &c->op->field[fz_below(n)]);
	}
}

void mutate_place(struct fz_call *c, size_t size)
{
	if (fz_one_in(3)) {
		c->arg = mem_stage_readonly(c->stage);
		c->arg_writes = false;
		return;
	}
	c->arg = mem_bad(size);
	c->arg_reads = mem_reads(c->arg, size);
	c->arg_writes = mem_writes(c->arg, size);
	if (c->arg_reads)	/* other bytes, but a request */
		memcpy(c->req, (const void *)(uintptr_t)c->arg, size);
}
