/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* names.c - SETNAME and FIND */
#include <errno.h>
#include <unistd.h>

#include "call.h"

static int set(int fd, uint64_t id, const char *name)
{
	return ask_setname(fd, id, name, (uint32_t)strlen(name));
}

/* The id behind a name, or 0. */
static uint64_t named(int fd, const char *name)
{
	uint64_t id = 0;
	uint32_t room = 0;

	return ask_find(fd, &id, name, (uint32_t)strlen(name), NULL, &room) ?
	       0 : id;
}

static void set_and_found(void)
{
	char name[KV_MAX_NAME_SIZE + 1];
	uint32_t room = KV_MAX_NAME_SIZE;
	uint64_t id, other, found;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_ED25519);
	other = key_make(fd, KV_ALG_ED25519);
	EQ(set(fd, id, "signing key"), 0);
	CHECK(named(fd, "signing key") == id);
	found = 0;
	memset(name, UNTOUCHED, sizeof(name));
	EQ(ask_find(fd, &found, "signing key", 11, name, &room), 0);
	CHECK(found == id);
	EQ(room, 11);
	CHECK(memcmp(name, "signing key", 11) == 0);
	CHECK(all(name + 11, UNTOUCHED, sizeof(name) - 11));
	room = KV_MAX_NAME_SIZE;
	memset(name, UNTOUCHED, sizeof(name));
	EQ(ask_find(fd, &found, NULL, 0, name, &room), 0);
	EQ(room, 11);
	CHECK(memcmp(name, "signing key", 11) == 0);
	/* a key without a name */
	room = KV_MAX_NAME_SIZE;
	memset(name, UNTOUCHED, sizeof(name));
	EQ(ask_find(fd, &other, NULL, 0, name, &room), 0);
	EQ(room, 0);
	CHECK(all(name, UNTOUCHED, sizeof(name)));
	/* other names, and parts of this one, are nobody's */
	EQ(named(fd, "signing"), 0);
	EQ(named(fd, "signing key "), 0);
	EQ(named(fd, "Signing key"), 0);
	close(fd);
}

static void every_length(void)
{
	char name[KV_MAX_NAME_SIZE + 2];
	uint32_t len;
	struct call call;
	int fd = vault_open();

	memset(name, 'n', sizeof(name));
	for (len = 1; len <= KV_MAX_NAME_SIZE; len++) {
		uint64_t id = key_make(fd, KV_ALG_AES128_GCM), found = 0;
		char out[KV_MAX_NAME_SIZE];
		uint32_t room = len;

		context("%u bytes", len);
		EQ(ask_setname(fd, id, name, len), 0);
		EQ(ask_find(fd, &found, name, len, out, &room), 0);
		CHECK(found == id);
		EQ(room, len);
	}
	for (len = KV_MAX_NAME_SIZE + 1; len < 0x80000000u; len *= 2) {
		context("%u bytes", len);
		call_init(&call, op_find("setname"), NULL,
			  key_make(fd, KV_ALG_AES128_GCM));
		memset(call.buf, 'n', sizeof(call.buf));
		call.req.setname.name_len = len;
		call_refused(fd, &call, EINVAL);
	}
	context("0 bytes");
	call.req.setname.name_len = 0;
	call_refused(fd, &call, EINVAL);
	call.req.setname.name = 0;
	call_refused(fd, &call, EINVAL);
	close(fd);
}

/* Unique in the vault, and once for each key. */
static void taken(void)
{
	uint64_t a, b;
	int fd = vault_open(), other = vault_open();

	a = key_make(fd, KV_ALG_ED25519);
	b = key_make(fd, KV_ALG_X25519);
	EQ(set(fd, a, "name"), 0);
	EQ(set(fd, b, "name"), EEXIST);
	EQ(set(fd, a, "name"), EEXIST);
	EQ(set(fd, a, "other"), EEXIST);
	EQ(named(fd, "other"), 0);
	EQ(set(fd, b, "other"), 0);
	CHECK(named(fd, "name") == a);
	CHECK(named(fd, "other") == b);
	/* another vault has its own */
	EQ(set(other, key_make(other, KV_ALG_ED25519), "name"), 0);
	CHECK(named(other, "name") != a);
	close(fd);
	close(other);
}

static void freed_by_destroy(void)
{
	uint64_t a, b;
	int fd = vault_open();

	a = key_make(fd, KV_ALG_ED25519);
	b = key_make(fd, KV_ALG_ED25519);
	EQ(set(fd, a, "name"), 0);
	EQ(ask_revoke(fd, a), 0);	/* the id stays, and so does the name */
	EQ(set(fd, b, "name"), EEXIST);
	CHECK(named(fd, "name") == a);
	EQ(ask_destroy(fd, a), 0);
	EQ(named(fd, "name"), 0);
	EQ(set(fd, b, "name"), 0);
	CHECK(named(fd, "name") == b);
	close(fd);
}

static void revoked_keys_can_be_named(void)
{
	uint64_t id;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_ED25519);
	EQ(ask_revoke(fd, id), 0);
	EQ(set(fd, id, "was mine"), 0);
	CHECK(named(fd, "was mine") == id);
	close(fd);
}

/* RFC 3629, and only what a person can see and tell apart. */
static void what_a_name_may_be(void)
{
	static const struct { const char *name; bool good; } t[] = {
		{ "a", true }, { " ", true }, { "~", true }, { "/\\%$'\"", true },
		{ "\xc3\xa9t\xc3\xa9", true },			/* été */
		{ "\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87", true },	/* ключ */
		{ "\xe9\x8d\xb5", true },			/* 鍵 */
		{ "\xf0\x9f\x94\x91", true },			/* U+1F511 */
		{ "\xc2\xa1", true }, { "\xdf\xbf", true },
		{ "\xed\x9f\xbb", true },			/* U+D7FB */
		{ "\x01", false }, { "a\n", false }, { "\t", false },
		{ "\x1b[31m", false }, { "\x1f", false }, { "\x7f", false },
		{ "\xc2\x80", false }, { "\xc2\x85", false },	/* C1 */
		{ "\xc2\x9b" "1m", false }, { "\xc2\x9f", false },
		{ "\xc2\xad", false },			/* soft hyphen */
		{ "\xe2\x80\x8b", false },		/* zero width space */
		{ "\xe2\x80\x8e", false }, { "\xe2\x80\x8f", false },
		{ "\xd8\x9c", false },			/* Arabic letter mark */
		{ "\xe2\x80\xa8", false }, { "\xe2\x80\xa9", false },
		{ "\xe2\x80\xaa", false }, { "\xe2\x80\xab", false },
		{ "\xe2\x80\xac", false }, { "\xe2\x80\xad", false },
		{ "\xe2\x80\xae", false },		/* right to left override */
		{ "\xe2\x81\xa0", false }, { "\xe2\x81\xa6", false },
		{ "\xe2\x81\xa7", false }, { "\xe2\x81\xa8", false },
		{ "\xe2\x81\xa9", false }, { "\xef\xbb\xbf", false },
		{ "\xef\xbf\xbe", false }, { "\xef\xbf\xbf", false },
		{ "\xf3\xa0\x80\x81", false },		/* language tag */
		/* not UTF-8 */
		{ "\x80", false }, { "\xbf", false }, { "a\x80", false },
		{ "\xc3", false }, { "\xc3" "a", false }, { "\xe2\x82", false },
		{ "\xf0\x9f\x94", false }, { "\xff", false }, { "\xfe", false },
		{ "\xc0\x80", false }, { "\xc1\xbf", false },	/* overlong */
		{ "\xc0\xaf", false }, { "\xe0\x80\x80", false },
		{ "\xe0\x9f\xbf", false }, { "\xe0\x80\xaf", false },
		{ "\xf0\x80\x80\x80", false }, { "\xf0\x8f\xbf\xbf", false },
		{ "\xed\xa0\x80", false }, { "\xed\xbf\xbf", false },
		{ "\xed\xa0\xb4\xed\xb4\x9e", false },	/* CESU-8 */
		{ "\xf4\x90\x80\x80", false }, { "\xf5\x80\x80\x80", false },
		{ "\xf8\x88\x80\x80\x80", false },
		{ "\xfc\x84\x80\x80\x80\x80", false },
		{ "good\xe2\x80\xae" "doog", false }, { "good\xff", false },
	};
	unsigned int i;
	int fd = vault_open();

	for (i = 0; i < ARRAY_LEN(t); i++) {
		uint64_t id = key_make(fd, KV_ALG_AES128_CTR);

		context("row %u", i);
		EQ(set(fd, id, t[i].name), t[i].good ? 0 : EINVAL);
		EQ(named(fd, t[i].name) != 0, t[i].good);
		ask_destroy(fd, id);
	}
	EQ(ask_setname(fd, key_make(fd, KV_ALG_AES128_CTR), "a\0b", 3), EINVAL);
	EQ(ask_setname(fd, key_make(fd, KV_ALG_AES128_CTR), "\0", 1), EINVAL);
	close(fd);
}

/* A failed SETNAME leaves the key free to be named. */
static void failure_names_nothing(void)
{
	uint64_t id;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_ED25519);
	EQ(set(fd, id, "bad\n"), EINVAL);
	EQ(ask_setname(fd, id, (void *)(uintptr_t)8, 4), EFAULT);
	EQ(set(fd, id, "good"), 0);
	close(fd);
}

/* By a name or by an id, and not by both or neither. */
static void find_by_one_of_two(void)
{
	struct call call;
	uint64_t id;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_ED25519);
	EQ(set(fd, id, "name"), 0);
	call_init(&call, op_find("find"), NULL, id);
	call.req.find.name = (uintptr_t)call.buf[0];
	memcpy(call.buf[0], "name", 4);
	call.req.find.name_len = 4;
	call_refused(fd, &call, EINVAL);
	call.req.find.key_id = 0;
	EQ(call_make(fd, &call), 0);
	CHECK(call.req.find.key_id == id);
	call_init(&call, op_find("find"), NULL, 0);
	call_refused(fd, &call, EINVAL);
	call_init(&call, op_find("find"), NULL, 0);
	call.req.find.name = 8;
	call.req.find.name_len = 4;
	call_refused(fd, &call, EFAULT);
	call_init(&call, op_find("find"), NULL, 0);
	call.req.find.name_len = 4;
	call_refused(fd, &call, EINVAL);
	close(fd);
}

/* Room 0 asks for no name: then not even a NULL pointer is an error. */
static void no_room_asked(void)
{
	char name[4] = "xxxx";
	uint32_t room = 0;
	uint64_t id;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_ED25519);
	EQ(set(fd, id, "name"), 0);
	EQ(ask_find(fd, &id, NULL, 0, name, &room), 0);
	CHECK(all(name, 'x', 4));
	EQ(ask_find(fd, &id, NULL, 0, NULL, &room), 0);
	close(fd);
}

static void derived_and_imported_keys_too(void)
{
	const struct alg *alg;
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256 };
	uint64_t id = 0;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_ANY) {
		id = key_known(fd, alg);
		EQ(set(fd, id, alg->name), 0);
		CHECK(named(fd, alg->name) == id);
	}
	EQ(ask_derive(fd, named(fd, "hmac-sha256"), &with, 0, 0, &id), 0);
	EQ(set(fd, id, "child"), 0);
	CHECK(named(fd, "child") == id);
	close(fd);
}

TESTS(names) = {
	TEST(set_and_found),
	TEST(every_length),
	TEST(taken),
	TEST(freed_by_destroy),
	TEST(revoked_keys_can_be_named),
	TEST(what_a_name_may_be),
	TEST(failure_names_nothing),
	TEST(find_by_one_of_two),
	TEST(no_room_asked),
	TEST(derived_and_imported_keys_too),
	TESTS_END
};
