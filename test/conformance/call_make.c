/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* call_make.c - makes calls and judges refusals: see call.h */
#include <stdio.h>

#include "call.h"

const struct op *op_find(const char *name)
{
	const struct op *op;

	FOR_OPS(op)
		if (strcmp(op->name, name) == 0)
			return op;
	return NULL;
}

const struct alg *op_alg(const struct op *op)
{
	const struct alg *alg;

	FOR_ALGS(alg, op->kinds)
		return alg;
	return NULL;
}

void call_init(struct call *call, const struct op *op, const struct alg *alg,
	       uint64_t id)
{
	unsigned int i;

	memset(call, 0, sizeof(*call));
	call->op = op;
	call->alg = alg;
	for (i = 0; i < CALL_BUFS; i++)
		fill(call->buf[i], CALL_BUF, i + 1);
	op->prepare(call);
	if (op->key != NONE)
		call_set(call, op->key, 8, id);
}

uint64_t call_get(const struct call *call, size_t offset, size_t size)
{
	uint32_t small;
	uint64_t big;

	if (size == 4) {
		memcpy(&small, call->req.bytes + offset, 4);
		return small;
	}
	memcpy(&big, call->req.bytes + offset, 8);
	return big;
}

void call_set(struct call *call, size_t offset, size_t size, uint64_t value)
{
	uint32_t small = (uint32_t)value;

	if (size == 4)
		memcpy(call->req.bytes + offset, &small, 4);
	else
		memcpy(call->req.bytes + offset, &value, 8);
}

uint64_t field_ptr(const struct call *call, const struct field *field)
{
	return call_get(call, field->ptr, 8);
}

void field_set_ptr(struct call *call, const struct field *field, const void *p)
{
	call_set(call, field->ptr, 8, (uintptr_t)p);
}

size_t field_len(const struct call *call, const struct field *field)
{
	size_t len;

	if (field->len == NONE)
		return strcmp(field->name, "tag") == 0 ? KV_AEAD_TAG_SIZE :
		       strncmp(field->name, "iv", 2) == 0 ? KV_AES_IV_SIZE :
							    KV_AEAD_NONCE_SIZE;
	len = (size_t)call_get(call, field->len, field->len_size);
	return call->op->request == KV_IOC_LIST ? len * sizeof(uint64_t) : len;
}

void field_set_len(struct call *call, const struct field *field, uint64_t len)
{
	if (field->len != NONE)
		call_set(call, field->len, field->len_size, len);
}

int call_make(int fd, struct call *call)
{
	return request(fd, call->op->request, &call->req);
}

bool call_refused(int fd, struct call *call, int err)
{
	uint8_t before[sizeof(call->req)];
	uint8_t bufs[sizeof(call->buf)];
	bool good;

	memcpy(before, &call->req, sizeof(before));
	memcpy(bufs, call->buf, sizeof(bufs));
	good = EQ(call_make(fd, call), err);
	good &= CHECK(memcmp(before, &call->req, sizeof(before)) == 0);
	good &= CHECK(memcmp(bufs, call->buf, sizeof(bufs)) == 0);
	return good;
}
