/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* list.c - LIST: which keys, how many, and where they are written */
#include <errno.h>
#include <unistd.h>

#include "call.h"

static bool among(const uint64_t *ids, uint32_t count, uint64_t id)
{
	uint32_t i, seen = 0;

	for (i = 0; i < count; i++)
		seen += ids[i] == id;
	return seen == 1;
}

static void empty_vault(void)
{
	uint64_t ids[4];
	uint32_t count = 77;
	int fd = vault_open();

	memset(ids, UNTOUCHED, sizeof(ids));
	EQ(ask_list(fd, ids, 4, &count), 0);
	EQ(count, 0);
	CHECK(all(ids, UNTOUCHED, sizeof(ids)));
	count = 77;
	EQ(ask_list(fd, NULL, 0, &count), 0);
	EQ(count, 0);
	close(fd);
}

static void lists_what_is_there(void)
{
	uint64_t made[20], ids[20];
	uint32_t i, count = 0;
	int fd = vault_open();

	for (i = 0; i < 20; i++)
		made[i] = key_make(fd, algs[2 + i % (alg_count - 2)].id);
	EQ(ask_list(fd, ids, 20, &count), 0);
	EQ(count, 20);
	for (i = 0; i < 20; i++)
		CHECK(among(ids, count, made[i]));
	for (i = 0; i < 20; i += 2)
		EQ(ask_destroy(fd, made[i]), 0);
	EQ(ask_list(fd, ids, 20, &count), 0);
	EQ(count, 10);
	for (i = 0; i < 20; i++)
		EQ(among(ids, count, made[i]), i % 2);
	close(fd);
}

/* At most max_keys ids, and not a byte behind them. */
static void room(void)
{
	uint64_t ids[16], made[10];
	uint32_t i, k, count;
	int fd = vault_open();

	for (i = 0; i < 10; i++)
		made[i] = key_make(fd, KV_ALG_AES128_GCM);
	for (i = 0; i < 16; i++) {
		uint32_t want = i < 10 ? i : 10;

		context("room for %u", i);
		memset(ids, UNTOUCHED, sizeof(ids));
		count = 77;
		EQ(ask_list(fd, i ? ids : NULL, i, &count), 0);
		EQ(count, want);
		CHECK(all(ids + want, UNTOUCHED, (16 - want) * sizeof(*ids)));
		for (k = 0; k < want; k++)
			CHECK(among(made, 10, ids[k]));
	}
	close(fd);
}

static void huge_room(void)
{
	static const uint32_t rooms[] = {
		1024, 1025, 65536, 0x10000000u, 0x20000000u, 0x20000001u,
		0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu,
	};
	static uint64_t ids[KV_MAX_LIST_KEYS];
	uint32_t i, count;
	uint64_t id;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_AES128_GCM);
	for (i = 0; i < ARRAY_LEN(rooms); i++) {
		context("room for %u", rooms[i]);
		memset(ids, UNTOUCHED, sizeof(ids));
		EQ(ask_list(fd, ids, rooms[i], &count), 0);
		EQ(count, 1);
		CHECK(ids[0] == id);
		CHECK(all(ids + 1, UNTOUCHED, sizeof(ids) - sizeof(*ids)));
	}
	close(fd);
}

static void null_with_room(void)
{
	struct call call;
	int i, fd = vault_open();

	for (i = 0; i < 2; i++) {
		context("with %d keys", i);
		call_init(&call, op_find("list"), NULL, 0);
		call.req.list.key_ids = NULL;
		call_refused(fd, &call, EINVAL);
		key_make(fd, KV_ALG_AES128_GCM);
	}
	close(fd);
}

/* The id stays, so that GETINFO still tells. */
static void revoked_keys_stay(void)
{
	uint64_t id, ids[2];
	uint32_t count;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_ED25519);
	EQ(ask_revoke(fd, id), 0);
	EQ(ask_list(fd, ids, 2, &count), 0);
	EQ(count, 1);
	CHECK(ids[0] == id);
	close(fd);
}

TESTS(list) = {
	TEST(empty_vault),
	TEST(lists_what_is_there),
	TEST(room),
	TEST(huge_room),
	TEST(null_with_room),
	TEST(revoked_keys_stay),
	TESTS_END
};
