/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* states.c - keys that are not there, revoked, or expired */
#include <errno.h>
#include <unistd.h>

#include "call.h"

/* Every request that names a key, with @id; FIND with id 0 asks by name. */
static void nobody_knows(int fd, uint64_t id)
{
	const struct op *op;

	FOR_OPS(op) {
		struct call call;

		if (op->key == NONE)
			continue;
		call_init(&call, op, op_alg(op), id);
		if (op->request == KV_IOC_FIND && !id) {
			call.req.find.name = (uintptr_t)"nobody";
			call.req.find.name_len = 6;
		}
		context("%s, id %#llx", op->name, (unsigned long long)id);
		call_refused(fd, &call, ENOENT);
	}
}

static void unknown_ids(void)
{
	unsigned int bit;
	uint64_t id;
	int fd = vault_open();

	nobody_knows(fd, KV_KEY_ID_INVALID);
	nobody_knows(fd, 1);
	id = key_make(fd, KV_ALG_ED25519);
	nobody_knows(fd, KV_KEY_ID_INVALID);
	nobody_knows(fd, UINT64_MAX);
	for (bit = 0; bit < 64; bit++)
		nobody_knows(fd, id ^ (1ull << bit));
	close(fd);
}

static void destroyed_ids(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_ANY) {
		uint64_t id = key_known(fd, alg);

		EQ(ask_destroy(fd, id), 0);
		nobody_knows(fd, id);
	}
	close(fd);
}

static void ids_of_another_vault(void)
{
	const struct alg *alg;
	struct kv_keyinfo_req info;
	int ours = vault_open(), theirs = vault_open();

	FOR_ALGS(alg, KIND_ANY) {
		uint64_t id = key_known(theirs, alg);

		nobody_knows(ours, id);
		EQ(ask_getinfo(theirs, id, &info), 0);
		EQ(info.flags, 0);
	}
	EQ(key_count(ours), 0);
	close(ours);
	close(theirs);
}

/* Every use of a key that is over is refused with @err; questions are not. */
static void no_use(int fd, const struct alg *alg, uint64_t id, int err,
		   uint32_t flag)
{
	struct kv_keyinfo_req info;
	const struct op *op;
	uint64_t found = id;
	uint32_t room = 0;

	FOR_OPS(op) {
		struct call call;

		if (!op->use || !(op->kinds & alg->kind))
			continue;
		context("%s with %s", op->name, alg->name);
		call_init(&call, op, alg, id);
		call_refused(fd, &call, err);
	}
	context("%s", alg->name);
	EQ(ask_getinfo(fd, id, &info), 0);
	EQ(info.flags, flag);
	EQ(info.algorithm, alg->id);
	EQ(info.key_bits, alg->bits);
	EQ(ask_find(fd, &found, NULL, 0, NULL, &room), 0);
}

static void revoked(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_ANY) {
		uint64_t id = key_known(fd, alg);

		EQ(ask_revoke(fd, id), 0);
		no_use(fd, alg, id, KV_EREVOKED, KV_KEY_FLAG_REVOKED);
		EQ(ask_revoke(fd, id), 0);	/* again: nothing changes */
		no_use(fd, alg, id, KV_EREVOKED, KV_KEY_FLAG_REVOKED);
		EQ(ask_destroy(fd, id), 0);
		EQ(ask_revoke(fd, id), ENOENT);
	}
	EQ(key_count(fd), 0);
	close(fd);
}

static void revoke_one_of_two(void)
{
	const struct op *op = op_find("aead-encrypt");
	const struct alg *alg = alg_find(KV_ALG_AES256_GCM);
	struct call call;
	uint64_t a, b;
	int fd = vault_open();

	a = key_known(fd, alg);
	b = key_known(fd, alg);
	EQ(ask_revoke(fd, a), 0);
	call_init(&call, op, alg, b);
	EQ(call_make(fd, &call), 0);
	call_init(&call, op, alg, a);
	call_refused(fd, &call, KV_EREVOKED);
	close(fd);
}

static void expired(void)
{
	uint64_t ids[32];
	const struct alg *alg;
	unsigned int n = 0;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_ANY) {
		context("%s", alg->name);
		EQ(ask_genkey(fd, alg->id, 0, 1, &ids[n++]), 0);
	}
	nap(1.3);
	n = 0;
	FOR_ALGS(alg, KIND_ANY) {
		no_use(fd, alg, ids[n], KV_EEXPIRED, KV_KEY_FLAG_EXPIRED);
		n++;
	}
	EQ(key_count(fd), n);
	EQ(ask_revoke(fd, ids[0]), 0);
	while (n--)
		EQ(ask_destroy(fd, ids[n]), 0);
	EQ(key_count(fd), 0);
	close(fd);
}

TESTS(states) = {
	TEST(unknown_ids),
	TEST(destroyed_ids),
	TEST(ids_of_another_vault),
	TEST(revoked),
	TEST(revoke_one_of_two),
	TEST(expired),
	TESTS_END
};
