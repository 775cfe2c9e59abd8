/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* kinds.c - every request with a key of every algorithm, and public keys */
#include <errno.h>
#include <unistd.h>

#include "call.h"
#include "oracle.h"

static void matrix(void)
{
	const struct op *op;
	const struct alg *alg;
	int fd = vault_open();

	FOR_OPS(op) {
		if (!op->use)
			continue;
		FOR_ALGS(alg, KIND_ANY) {
			uint64_t id = key_known(fd, alg);
			struct call call;

			context("%s with %s", op->name, alg->name);
			call_init(&call, op, alg, id);
			if (op->kinds & alg->kind)
				EQ(call_make(fd, &call), 0);
			else
				call_refused(fd, &call, op->wrong);
			if (op->made != NONE && op->kinds & alg->kind)
				ask_destroy(fd, call_get(&call, op->made, 8));
			ask_destroy(fd, id);
		}
	}
	EQ(key_count(fd), 0);
	close(fd);
}

/* RFC 5869's keys cannot come in: HKDF keys are made in the vault. */
static void hkdf_is_not_imported(void)
{
	struct call call;
	uint32_t alg;
	int fd = vault_open();

	for (alg = KV_ALG_HKDF_SHA256; alg <= KV_ALG_HKDF_SHA512; alg++) {
		call_init(&call, op_find("import"), NULL, 0);
		call.req.import.algorithm = alg;
		call_refused(fd, &call, EINVAL);
		call.req.import.flags = KV_KEY_FLAG_PUBLIC;
		call_refused(fd, &call, EINVAL);
	}
	close(fd);
}

static void public_key_verifies_and_nothing_else(void)
{
	const struct alg *alg = alg_find(KV_ALG_ED25519);
	struct kv_keyinfo_req info;
	uint8_t pub[32], same[32];
	const struct op *op;
	struct call call;
	uint64_t id = 0;
	int fd = vault_open();

	REQUIRE(oracle_pubkey(KV_ALG_ED25519, known_bytes(), pub));
	REQUIRE_EQ(ask_import(fd, KV_ALG_ED25519, KV_KEY_FLAG_PUBLIC, pub, 32,
			      &id), 0);
	EQ(ask_getinfo(fd, id, &info), 0);
	EQ(info.algorithm, KV_ALG_ED25519);
	EQ(info.key_bits, 256);
	EQ(info.flags, KV_KEY_FLAG_PUBLIC);
	EQ(ask_getpubkey(fd, id, same), 0);
	CHECK(memcmp(pub, same, 32) == 0);
	FOR_OPS(op) {
		if (!op->use || op->request == KV_IOC_GET_PUBKEY)
			continue;
		context("%s", op->name);
		call_init(&call, op, alg, id);
		if (op->request != KV_IOC_VERIFY) {
			call_refused(fd, &call, op->wrong);
			continue;
		}
		EQ(call_make(fd, &call), 0);
		EQ(call.req.verify.valid, 1);
	}
	EQ(ask_revoke(fd, id), 0);
	call_init(&call, op_find("verify"), alg, id);
	call_refused(fd, &call, KV_EREVOKED);
	EQ(ask_getinfo(fd, id, &info), 0);
	EQ(info.flags, KV_KEY_FLAG_PUBLIC | KV_KEY_FLAG_REVOKED);
	close(fd);
}

static void only_ed25519_has_public_keys(void)
{
	const struct alg *alg;
	struct call call;
	size_t len;
	int fd = vault_open();

	for (alg = algs; alg < algs + alg_count; alg++) {
		call_init(&call, op_find("import"), NULL, 0);
		call.req.import.algorithm = alg->id;
		call.req.import.flags = KV_KEY_FLAG_PUBLIC;
		call.req.import.key_len = alg->bits / 8;
		context("%s", alg->name);
		if (alg->id != KV_ALG_ED25519)
			call_refused(fd, &call, EINVAL);
	}
	for (len = 0; len <= 65; len++) {
		context("%zu bytes", len);
		call_init(&call, op_find("import"), NULL, 0);
		call.req.import.algorithm = KV_ALG_ED25519;
		call.req.import.flags = KV_KEY_FLAG_PUBLIC;
		call.req.import.key_len = len;
		if (len != 32)
			call_refused(fd, &call, EINVAL);
	}
	EQ(key_count(fd), 0);
	close(fd);
}

/*
 * Bytes that are no point (about half of all are none) must not become a key
 * that takes any signature; odd ones, if they are let in, take no random one.
 */
static void bad_public_keys(void)
{
	static const uint8_t small_order[][32] = {
		{ 0 },
		{ 1 },
		{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0x7f },		/* p - 1: order 2 */
		{ 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0x7f },		/* p: not reduced */
	};
	unsigned int i, refused = 0;
	uint8_t pub[32], sig[64];
	int fd = vault_open();

	fill(sig, 64, 3);
	for (i = 0; i < 64; i++) {
		int valid = 1;
		uint64_t id;

		context("key %u", i);
		if (i < ARRAY_LEN(small_order))
			memcpy(pub, small_order[i], 32);
		else
			fill(pub, 32, i);
		if (ask_import(fd, KV_ALG_ED25519, KV_KEY_FLAG_PUBLIC, pub, 32,
			       &id) == EINVAL) {
			refused++;
			continue;
		}
		EQ(ask_verify(fd, id, "x", 1, sig, 64, &valid), 0);
		EQ(valid, 0);
	}
	CHECK(refused >= 15);
	EQ(key_count(fd), 64 - refused);
	close(fd);
}

TESTS(kinds) = {
	TEST(matrix),
	TEST(hkdf_is_not_imported),
	TEST(public_key_verifies_and_nothing_else),
	TEST(only_ed25519_has_public_keys),
	TEST(bad_public_keys),
	TESTS_END
};
