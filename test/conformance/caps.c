/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* caps.c - the capability mask, and descriptors that may only ask */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "call.h"

static void fresh_vault_holds_all(void)
{
	int fd = vault_open();

	EQ(ask_getcaps(fd), KV_CAP_ALL);
	EQ(key_count(fd), 0);
	close(fd);
}

/*
 * Each request with every capability but its own, and with its own alone. The
 * check comes before any other: the bad key, pointers and lengths are not seen.
 */
static void each_request_needs_its_own(void)
{
	const struct op *op;

	FOR_OPS(op) {
		const struct alg *alg = op_alg(op);
		const struct field *f;
		struct call call;
		uint64_t id;
		int with, without, n = 0;

		if (!op->caps)
			continue;
		context("%s", op->name);
		with = vault_open();
		id = op->kinds ? key_known(with, alg) : 0;
		EQ(ask_restrict(with, op->caps), 0);
		call_init(&call, op, alg, id);
		EQ(call_make(with, &call), 0);
		close(with);

		without = vault_open();
		id = op->kinds ? key_known(without, alg) : 0;
		EQ(ask_restrict(without, KV_CAP_ALL & ~op->caps), 0);
		call_init(&call, op, alg, id);
		call_refused(without, &call, EPERM);
		for (f = op->fields; f->dir; f++) {
			context("%s, %s bad too", op->name, f->name);
			field_set_ptr(&call, f, (void *)(uintptr_t)(16 + n++));
			call_refused(without, &call, EPERM);
			field_set_len(&call, f, UINT64_MAX);
			call_refused(without, &call, EPERM);
		}
		if (op->key != NONE) {
			context("%s, no key", op->name);
			call_set(&call, op->key, 8, 0);
			call_refused(without, &call, EPERM);
		}
		close(without);
	}
}

/* Where any of several will do (SETNAME), each alone does. */
static void any_of_several(void)
{
	const struct op *op = op_find("setname");
	unsigned int bit;

	for (bit = 0; bit < 15; bit++) {
		int fd = vault_open();
		struct call call;

		context("capability bit %u", bit);
		call_init(&call, op, NULL, key_make(fd, KV_ALG_ED25519));
		EQ(ask_restrict(fd, 1u << bit), 0);
		EQ(call_make(fd, &call), op->caps & 1u << bit ? 0 : EPERM);
		close(fd);
	}
}

static void no_caps_at_all(void)
{
	const struct op *op;
	int fd = vault_open();
	uint64_t id = key_make(fd, KV_ALG_AES256_GCM);

	EQ(ask_restrict(fd, 0), 0);
	EQ(ask_getcaps(fd), 0);
	FOR_OPS(op) {
		struct call call;

		context("%s", op->name);
		call_init(&call, op, NULL, id);
		if (op->caps)
			call_refused(fd, &call, EPERM);
		else
			EQ(call_make(fd, &call), 0);
	}
	close(fd);
}

static void restrict_only_shrinks(void)
{
	unsigned int bit;
	int fd = vault_open();
	uint32_t held = KV_CAP_ALL;

	/* Unknown and unheld bits are ignored. */
	EQ(ask_restrict(fd, 0xFFFFFFFFu), 0);
	EQ(ask_getcaps(fd), KV_CAP_ALL);
	for (bit = 0; bit < 15; bit++) {
		if (1u << bit == KV_CAP_RESTRICT)
			continue;
		context("without bit %u", bit);
		held &= ~(1u << bit);
		EQ(ask_restrict(fd, ~(1u << bit)), 0);
		EQ(ask_getcaps(fd), held);
		EQ(ask_restrict(fd, KV_CAP_ALL), 0);
		EQ(ask_getcaps(fd), held);
		EQ(ask_restrict(fd, 0xFFFFFFFFu), 0);
		EQ(ask_getcaps(fd), held);
	}
	EQ(held, KV_CAP_RESTRICT);
	EQ(ask_restrict(fd, 0), 0);
	EQ(ask_getcaps(fd), 0);
	EQ(ask_restrict(fd, KV_CAP_ALL), EPERM);
	EQ(ask_getcaps(fd), 0);
	close(fd);
}

static void restrict_to_each_bit(void)
{
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		int fd = vault_open();

		context("to bit %u alone", bit);
		EQ(ask_restrict(fd, 1u << bit), 0);
		EQ(ask_getcaps(fd), bit < 15 ? 1u << bit : 0);
		close(fd);
	}
}

static void restrict_to_readonly(void)
{
	const struct op *op;
	int fd = vault_open();
	uint64_t id = key_make(fd, KV_ALG_ED25519);

	EQ(ask_restrict(fd, KV_CAP_READONLY), 0);
	EQ(ask_getcaps(fd), KV_CAP_READONLY);
	FOR_OPS(op) {
		struct call call;

		if (!op->caps || op->caps & KV_CAP_READONLY)
			continue;
		context("%s", op->name);
		call_init(&call, op, NULL, id);
		call_refused(fd, &call, EPERM);
	}
	close(fd);
}

static void one_vaults_mask_is_its_own(void)
{
	int a = vault_open(), b = vault_open();

	EQ(ask_restrict(a, KV_CAP_HASH), 0);
	EQ(ask_getcaps(a), KV_CAP_HASH);
	EQ(ask_getcaps(b), KV_CAP_ALL);
	close(a);
	close(b);
}

/*
 * An O_RDONLY descriptor's vault is empty for ever, so a question about a key
 * gets ENOENT: it was let in, and found none.
 */
static void read_only_descriptor(void)
{
	const struct op *op;
	int fd = vault_open_flags(O_RDONLY);

	REQUIRE(fd >= 0);
	FOR_OPS(op) {
		struct call call;

		context("%s", op->name);
		call_init(&call, op, op_alg(op), 12345);
		if (!op->question)
			call_refused(fd, &call, EPERM);
		else
			EQ(call_make(fd, &call), op->kinds ? ENOENT : 0);
	}
	EQ(key_count(fd), 0);
	close(fd);
}

TESTS(caps) = {
	TEST(fresh_vault_holds_all),
	TEST(each_request_needs_its_own),
	TEST(any_of_several),
	TEST(no_caps_at_all),
	TEST(restrict_only_shrinks),
	TEST(restrict_to_each_bit),
	TEST(restrict_to_readonly),
	TEST(one_vaults_mask_is_its_own),
	TEST(read_only_descriptor),
	TESTS_END
};
