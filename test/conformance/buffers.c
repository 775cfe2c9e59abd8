/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* buffers.c - pairs of pointer and length: room, limits, NULL, overlap */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "call.h"

/* Bytes of the answer that @op writes to @f; 0: as many as there is room for. */
static size_t answer_len(const struct op *op, const struct alg *alg)
{
	switch (op->request) {
	case KV_IOC_MAC:
		return alg->id == KV_ALG_HMAC_SHA256 ? 32 : 64;
	case KV_IOC_HASH:
	case KV_IOC_SIGN:
		return 64;
	case KV_IOC_GET_PUBKEY:
	case KV_IOC_KEYEXCHANGE:
		return 32;
	case KV_IOC_FIND:
		return 12;
	case KV_IOC_LIST:
		return 0;
	default:
		return CALL_DATA;
	}
}

static int furnish(const struct op *op, const struct alg *alg, uint64_t *id)
{
	int fd = vault_open();

	*id = alg ? key_known(fd, alg) : 0;
	if (op->request == KV_IOC_FIND)
		ask_setname(fd, *id, "twelve bytes", 12);
	return fd;
}

/* One output, with @room bytes of it. */
static void one_room(int fd, const struct op *op, const struct alg *alg,
		     uint64_t id, const struct field *f, uint64_t room)
{
	size_t need = answer_len(op, alg);
	struct call call;
	uint8_t *out;

	context("%s with %s, %s has room for %llu", op->name,
		alg ? alg->name : "no key", f->name, (unsigned long long)room);
	call_init(&call, op, alg, id);
	out = (void *)(uintptr_t)field_ptr(&call, f);
	memset(out, UNTOUCHED, CALL_BUF);
	field_set_len(&call, f, room);
	if (room < need) {
		call_refused(fd, &call, ENOSPC);
		if (room == 0) {
			field_set_ptr(&call, f, NULL);
			call_refused(fd, &call, ENOSPC);
		}
		return;
	}
	EQ(call_make(fd, &call), 0);
	EQ(call_get(&call, f->len, f->len_size), need);
	CHECK(!all(out, UNTOUCHED, need));
	CHECK(all(out + need, UNTOUCHED, CALL_BUF - need));
}

/* ENOSPC up to the last byte; more room than needed is fine, however much. */
static void room(void)
{
	const struct op *op;
	const struct alg *alg;

	FOR_OPS(op) {
		const struct field *f;

		for (alg = algs; alg < algs + alg_count; alg++) {
			uint64_t id, n;
			int fd;

			if (op->kinds ? !(op->kinds & alg->kind) : alg != algs)
				continue;
			fd = furnish(op, op->kinds ? alg : NULL, &id);
			for (f = op->fields; f->dir; f++) {
				if (f->dir != OUT || f->len == NONE ||
				    op->request == KV_IOC_LIST)
					continue;
				n = op->request == KV_IOC_FIND ? 1 : 0;
				for (; n <= CALL_BUF; n++)
					one_room(fd, op, alg, id, f, n);
				one_room(fd, op, alg, id, f, 65536);
				one_room(fd, op, alg, id, f, 0x7FFFFFFFu);
				one_room(fd, op, alg, id, f, 0xFFFFFFFFu);
				if (f->len_size == 4)
					continue;
				one_room(fd, op, alg, id, f, 1ull << 32);
				one_room(fd, op, alg, id, f, UINT64_MAX);
			}
			close(fd);
		}
	}
}

static void null_with_length(void)
{
	const struct op *op;

	FOR_OPS(op) {
		const struct field *f;

		for (f = op->fields; f->dir; f++) {
			struct call call;
			uint64_t id;
			int fd = furnish(op, op_alg(op), &id), keys;

			context("%s, %s", op->name, f->name);
			keys = key_count(fd);
			call_init(&call, op, op_alg(op), id);
			field_set_ptr(&call, f, NULL);
			if (f->may_be_null)
				EQ(call_make(fd, &call), 0);
			else
				call_refused(fd, &call, EINVAL);
			EQ(key_count(fd), keys);
			close(fd);
		}
	}
}

/* Without both, what the vault makes would be lost. */
static void made_and_not_wanted(void)
{
	struct call call;
	uint64_t id;
	int fd = vault_open();

	id = key_known(fd, alg_find(KV_ALG_AES256_GCM));
	call_init(&call, op_find("aead-encrypt"), NULL, id);
	call.req.seal.nonce = NULL;
	call.req.seal.nonce_out = NULL;
	call_refused(fd, &call, EINVAL);
	id = key_known(fd, alg_find(KV_ALG_AES256_CTR));
	call_init(&call, op_find("encrypt"), NULL, id);
	call.req.encrypt.iv = NULL;
	call.req.encrypt.iv_len = 0;
	call.req.encrypt.iv_out = NULL;
	call_refused(fd, &call, EINVAL);
	close(fd);
}

static void iv_lengths(void)
{
	static const size_t more[] = {
		31, 32, 33, 64, 255, 256, 272, (size_t)1 << 32,
		((size_t)1 << 32) + 16, SIZE_MAX,
	};
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_CIPHER) {
		uint64_t id = key_known(fd, alg);
		size_t i;

		for (i = 0; i < 24 + ARRAY_LEN(more); i++) {
			size_t len = i < 24 ? i : more[i - 24];
			struct call call;

			context("%s, iv_len %zu", alg->name, len);
			call_init(&call, op_find("encrypt"), alg, id);
			call.req.encrypt.iv_len = len;
			if (len == KV_AES_IV_SIZE)
				EQ(call_make(fd, &call), 0);
			else
				call_refused(fd, &call, EINVAL);
			call_init(&call, op_find("decrypt"), alg, id);
			call.req.decrypt.iv_len = len;
			if (len == KV_AES_IV_SIZE)
				EQ(call_make(fd, &call), 0);
			else
				call_refused(fd, &call, EINVAL);
		}
		context("%s, no iv to decrypt with", alg->name);
		{
			struct call call;

			call_init(&call, op_find("decrypt"), alg, id);
			call.req.decrypt.iv = NULL;
			call.req.decrypt.iv_len = 0;
			call_refused(fd, &call, EINVAL);
		}
	}
	close(fd);
}

/* What a length may be at most, by the name of its field; 0: see the test. */
static size_t limit_of(const struct field *f)
{
	static const struct { const char *name; size_t limit; } limits[] = {
		{ "plaintext", KV_MAX_DATA_SIZE },
		{ "ciphertext", KV_MAX_DATA_SIZE },
		{ "data", KV_MAX_DATA_SIZE },
		{ "aad", KV_MAX_AAD_SIZE },
		{ "salt", KV_HKDF_MAX_SALT_SIZE },
		{ "info", KV_HKDF_MAX_INFO_SIZE },
		{ "name", KV_MAX_NAME_SIZE },
		{ "peer_pubkey", KV_X25519_PUBLIC_SIZE },
		{ "key_material", 32 },		/* of AES-256 */
	};
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(limits); i++)
		if (strcmp(limits[i].name, f->name) == 0)
			return limits[i].limit;
	return 0;
}

static uint8_t *big, *big_out;

static void one_length(const struct op *op, const struct field *f, uint64_t len,
		       int want)
{
	const struct field *g;
	struct call call;
	uint64_t id;
	int fd = furnish(op, op_alg(op), &id), keys = key_count(fd);

	context("%s, %s of %llu", op->name, f->name, (unsigned long long)len);
	call_init(&call, op, op_alg(op), id);
	field_set_ptr(&call, f, big);
	field_set_len(&call, f, len);
	for (g = op->fields; g->dir; g++) {
		if (g->dir == OUT && limit_of(g) == KV_MAX_DATA_SIZE) {
			field_set_ptr(&call, g, big_out);
			field_set_len(&call, g, KV_MAX_DATA_SIZE + 32);
		}
	}
	if (want)
		call_refused(fd, &call, want);
	else
		EQ(call_make(fd, &call), 0);
	if (want)
		EQ(key_count(fd), keys);
	close(fd);
}

/* One more than the limit, and lengths that wrap in 32 or 64 bits. */
static void over_the_limits(void)
{
	const size_t size = KV_MAX_DATA_SIZE + 64;
	const struct op *op;

	big = malloc(size);
	big_out = malloc(size);
	REQUIRE(big && big_out);
	memset(big, 'a', size);
	memset(big_out, UNTOUCHED, size);
	FOR_OPS(op) {
		const struct field *f;

		for (f = op->fields; f->dir; f++) {
			size_t max = limit_of(f), step;

			if (f->dir != IN || !max)
				continue;
			step = op->request == KV_IOC_ENCRYPT ||
			       op->request == KV_IOC_DECRYPT ? 16 : 1;
			one_length(op, f, max + step, EINVAL);
			one_length(op, f, 0x7FFFFFF0u, EINVAL);
			one_length(op, f, 0xFFFFFFF0u, EINVAL);
			CHECK(all(big_out, UNTOUCHED, size));
			/* AEAD_DECRYPT of @big is not authentic. */
			one_length(op, f, max, op->request ==
				   KV_IOC_AEAD_DECRYPT ? EBADMSG : 0);
			if (op->request == KV_IOC_AEAD_DECRYPT)
				CHECK(all(big_out, UNTOUCHED, size));
			memset(big_out, UNTOUCHED, size);
			if (f->len_size == 4)
				continue;
			one_length(op, f, 1ull << 32, EINVAL);
			one_length(op, f, (1ull << 32) + 16, EINVAL);
			one_length(op, f, 1ull << 63, EINVAL);
			one_length(op, f, UINT64_MAX - 15, EINVAL);
			one_length(op, f, UINT64_MAX, EINVAL);
		}
	}
	CHECK(all(big_out, UNTOUCHED, size));
	free(big);
	free(big_out);
}

/* The empty message: NULL and 0; for MAC and HASH that alone. */
static void empty_messages(void)
{
	static const struct { const char *op, *field; bool must_be_null; } t[] = {
		{ "mac", "data", true }, { "hash", "data", true },
		{ "sign", "data", false }, { "verify", "data", false },
		{ "aead-encrypt", "plaintext", false },
		{ "aead-encrypt", "aad", false },
		{ "derive", "salt", false }, { "derive", "info", false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(t); i++) {
		const struct op *op = op_find(t[i].op);
		const struct field *f = op->fields;
		struct call call;
		uint64_t id;
		int fd = furnish(op, op_alg(op), &id);

		while (strcmp(f->name, t[i].field) != 0)
			f++;
		context("%s, %s", op->name, f->name);
		call_init(&call, op, op_alg(op), id);
		field_set_len(&call, f, 0);
		if (t[i].must_be_null)
			call_refused(fd, &call, EINVAL);
		else
			EQ(call_make(fd, &call), 0);
		call_init(&call, op, op_alg(op), id);
		field_set_len(&call, f, 0);
		field_set_ptr(&call, f, NULL);
		EQ(call_make(fd, &call), 0);
		close(fd);
	}
}

TESTS(buffers) = {
	TEST(room),
	TEST(null_with_length),
	TEST(made_and_not_wanted),
	TEST(iv_lengths),
	TEST(over_the_limits),
	TEST(empty_messages),
	TESTS_END
};
