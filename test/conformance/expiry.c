/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* expiry.c - keys that end by time, or while they are in use */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "helper.h"
#include "oracle.h"

static uint32_t flags_of(int fd, uint64_t id)
{
	struct kv_keyinfo_req info;

	return ask_getinfo(fd, id, &info) ? 0xFFFFFFFFu : info.flags;
}

static int use(int fd, uint64_t id)
{
	uint8_t out[64];
	size_t n = 64;

	return ask_mac(fd, id, "m", 1, out, &n);
}

/* Not before its time, and soon after it. */
static void in_time(void)
{
	double start = now();
	uint64_t one = 0, two = 0, three = 0;
	int fd = vault_open();

	EQ(ask_genkey(fd, KV_ALG_HMAC_SHA256, 0, 3, &three), 0);
	EQ(ask_genkey(fd, KV_ALG_HMAC_SHA256, 0, 1, &one), 0);
	EQ(ask_genkey(fd, KV_ALG_HMAC_SHA256, 0, 2, &two), 0);
	nap(0.5);
	if (now() - start < 0.95) {
		EQ(use(fd, one), 0);
		EQ(flags_of(fd, one), 0);
	}
	nap(start + 1.25 - now());
	EQ(flags_of(fd, one), KV_KEY_FLAG_EXPIRED);
	EQ(use(fd, one), KV_EEXPIRED);
	if (now() - start < 1.95)
		EQ(use(fd, two), 0);
	nap(start + 2.25 - now());
	EQ(use(fd, two), KV_EEXPIRED);
	EQ(flags_of(fd, two), KV_KEY_FLAG_EXPIRED);
	if (now() - start < 2.95)
		EQ(use(fd, three), 0);
	nap(start + 3.25 - now());
	EQ(use(fd, three), KV_EEXPIRED);
	EQ(key_count(fd), 3);
	close(fd);
}

/* A vault may be closed with keys whose time is yet to come. */
static void closed_before(void)
{
	uint64_t id;
	int i, fd;

	for (i = 0; i < 50; i++) {
		fd = vault_open();
		EQ(ask_genkey(fd, KV_ALG_AES256_GCM, 0, 1, &id), 0);
		close(fd);
	}
	nap(1.2);
}

/* A derived key ends with its source at the latest, and so do its own. */
static void derived_keys(void)
{
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256 };
	struct kv_keyinfo_req source, info;
	uint64_t id = 0, child = 0, grandchild = 0, free_one = 0, mac_key = 0;
	double start = now();
	int fd = vault_open();

	EQ(ask_genkey(fd, KV_ALG_HKDF_SHA256, 0, 4, &id), 0);
	EQ(ask_getinfo(fd, id, &source), 0);
	nap(1.1);
	EQ(ask_derive(fd, id, &with, KV_ALG_HKDF_SHA512, 0, &child), 0);
	EQ(ask_derive(fd, child, &with, KV_ALG_HMAC_SHA256, 0, &grandchild), 0);
	EQ(ask_getinfo(fd, child, &info), 0);
	EQ(info.expires, source.expires);
	CHECK(info.created > source.created);
	EQ(ask_getinfo(fd, grandchild, &info), 0);
	EQ(info.expires, source.expires);
	EQ(use(fd, grandchild), 0);
	/* from a key that lives on, one that lives on */
	mac_key = key_make(fd, KV_ALG_HMAC_SHA256);
	EQ(ask_derive(fd, mac_key, &with, KV_ALG_HMAC_SHA256, 0, &free_one), 0);
	nap(start + 4.3 - now());
	EQ(use(fd, grandchild), KV_EEXPIRED);
	EQ(ask_derive(fd, child, &with, 0, 0, &id), KV_EEXPIRED);
	EQ(use(fd, free_one), 0);
	EQ(ask_getinfo(fd, free_one, &info), 0);
	EQ(info.expires, 0);
	close(fd);
}

/* Destroying or revoking the source leaves what was derived. */
static void derived_keys_stand_alone(void)
{
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256 };
	uint64_t id, child = 0;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_HKDF_SHA256);
	EQ(ask_derive(fd, id, &with, 0, 0, &child), 0);
	EQ(ask_revoke(fd, id), 0);
	EQ(use(fd, child), 0);
	EQ(ask_destroy(fd, id), 0);
	EQ(use(fd, child), 0);
	close(fd);
}

static void revoked_and_expired(void)
{
	uint64_t id = 0;
	int fd = vault_open();

	EQ(ask_genkey(fd, KV_ALG_HMAC_SHA256, 0, 1, &id), 0);
	EQ(ask_revoke(fd, id), 0);
	EQ(use(fd, id), KV_EREVOKED);
	nap(1.2);
	EQ(use(fd, id), KV_EREVOKED);
	CHECK(flags_of(fd, id) & KV_KEY_FLAG_REVOKED);
	close(fd);
}

/* All at one time: the vault's whole room of keys. */
static void many_at_once(void)
{
	uint64_t ids[256];
	int i, fd = vault_open();

	for (i = 0; i < 256; i++)
		REQUIRE_EQ(ask_genkey(fd, KV_ALG_HMAC_SHA256, 0, 2, &ids[i]),
			   0);
	nap(2.2);
	for (i = 0; i < 256; i++) {
		EQ(flags_of(fd, ids[i]), KV_KEY_FLAG_EXPIRED);
		EQ(use(fd, ids[i]), KV_EEXPIRED);
		EQ(ask_destroy(fd, ids[i]), 0);
	}
	close(fd);
}

/*
 * Long uses of a key in one thread, its end in another: each use is right, or
 * refused as the key's state says; nothing in between.
 */
struct user {
	pthread_t thread;
	int fd;
	uint64_t id;
	const struct alg *alg;
	uint8_t *in, *out, *want;
	volatile int started;
	unsigned int good, wrong;
	int last;
};

static void *use_until_refused(void *arg)
{
	struct user *u = arg;
	uint8_t nonce[16] = "long operations", tag[16];
	struct aead with = { .nonce = nonce, .tag = tag };
	size_t n, len;

	do {
		n = 64;
		len = u->alg->kind & KIND_MAC ? 64 : KV_MAX_DATA_SIZE;
		memset(u->out, UNTOUCHED, len);
		u->started = 1;
		if (u->alg->kind & KIND_AEAD)
			u->last = ask_seal(u->fd, u->id, u->in,
					   KV_MAX_DATA_SIZE, u->out, &with);
		else if (u->alg->kind & KIND_MAC)
			u->last = ask_mac(u->fd, u->id, u->in,
					  KV_MAX_DATA_SIZE, u->out, &n);
		else
			u->last = ask_encrypt(u->fd, u->id, u->in,
					      KV_MAX_DATA_SIZE, u->out, nonce,
					      NULL);
		if (u->last)
			u->wrong += !all(u->out, UNTOUCHED, len);
		else if (memcmp(u->out, u->want, n < len ? n : len) != 0)
			u->wrong++;
		else
			u->good++;
	} while (!u->last);
	return NULL;
}

/* What every use of the key must give. */
static bool expected(struct user *u)
{
	uint8_t nonce[16] = "long operations", tag[16];
	struct aead with = { .nonce = nonce, .tag = tag };

	if (u->alg->kind & KIND_AEAD)
		return oracle_seal(u->alg->id, known_bytes(), u->in,
				   KV_MAX_DATA_SIZE, u->want, &with);
	if (u->alg->kind & KIND_MAC)
		return oracle_mac(u->alg->id, known_bytes(), u->alg->bits / 8,
				  u->in, KV_MAX_DATA_SIZE, u->want);
	return oracle_cipher(u->alg->id, known_bytes(), true, u->in,
			     KV_MAX_DATA_SIZE, u->want, nonce);
}

static void ends_in_use(const struct alg *alg, int (*end)(int fd, uint64_t id),
			int refusal)
{
	struct user u = { .alg = alg };
	unsigned int i;

	u.in = malloc(KV_MAX_DATA_SIZE);
	u.out = malloc(KV_MAX_DATA_SIZE);
	u.want = malloc(KV_MAX_DATA_SIZE);
	REQUIRE(u.in && u.out && u.want);
	fill(u.in, KV_MAX_DATA_SIZE, 1);
	REQUIRE(expected(&u));
	for (i = 0; i < 3; i++) {
		context("%s, round %u", alg->name, i);
		u.fd = vault_open();
		u.id = key_known(u.fd, alg);
		u.started = 0;
		REQUIRE(pthread_create(&u.thread, NULL, use_until_refused,
				       &u) == 0);
		while (!u.started)
			nap(0.0002);
		nap(0.0007 * i);
		EQ(end(u.fd, u.id), 0);
		pthread_join(u.thread, NULL);
		EQ(u.wrong, 0);
		EQ(u.last, refusal);
		close(u.fd);
	}
	free(u.in);
	free(u.out);
	free(u.want);
}

static void destroyed_in_use(void)
{
	const struct alg *alg;

	FOR_ALGS(alg, KIND_AEAD | KIND_CIPHER | KIND_MAC)
		ends_in_use(alg, ask_destroy, ENOENT);
}

static void revoked_in_use(void)
{
	const struct alg *alg;

	FOR_ALGS(alg, KIND_AEAD | KIND_CIPHER | KIND_MAC)
		ends_in_use(alg, ask_revoke, KV_EREVOKED);
}

static void expires_in_use(void)
{
	uint8_t *buf = malloc(KV_MAX_DATA_SIZE), out[64];
	double start = now();
	unsigned int good = 0;
	uint64_t id = 0;
	int err, fd = vault_open();

	REQUIRE(buf != NULL);
	fill(buf, KV_MAX_DATA_SIZE, 1);
	EQ(ask_genkey(fd, KV_ALG_HMAC_SHA512, 0, 1, &id), 0);
	do {
		size_t n = 64;

		err = ask_mac(fd, id, buf, KV_MAX_DATA_SIZE, out, &n);
		good += !err;
	} while (!err && now() - start < 10);
	EQ(err, KV_EEXPIRED);
	CHECK(good > 0);
	CHECK(now() - start >= 0.95 && now() - start < 5);
	EQ(flags_of(fd, id), KV_KEY_FLAG_EXPIRED);
	free(buf);
	close(fd);
}

/* The descriptor is closed in the middle of a use: the use ends as it began. */
static void closed_in_use(void)
{
	struct user u = { .alg = alg_find(KV_ALG_AES256_GCM) };
	int i;

	u.in = malloc(KV_MAX_DATA_SIZE);
	u.out = malloc(KV_MAX_DATA_SIZE);
	u.want = malloc(KV_MAX_DATA_SIZE);
	REQUIRE(u.in && u.out && u.want);
	fill(u.in, KV_MAX_DATA_SIZE, 1);
	REQUIRE(expected(&u));
	for (i = 0; i < 8; i++) {
		u.fd = vault_open();
		u.id = key_known(u.fd, u.alg);
		u.started = 0;
		REQUIRE(pthread_create(&u.thread, NULL, use_until_refused,
				       &u) == 0);
		while (!u.started)
			nap(0.0002);
		nap(0.0005 * i);
		close(u.fd);
		pthread_join(u.thread, NULL);
		EQ(u.wrong, 0);
		EQ(u.last, EBADF);
	}
	free(u.in);
	free(u.out);
	free(u.want);
}

TESTS(expiry) = {
	TEST(in_time),
	TEST(closed_before),
	TEST(derived_keys),
	TEST(derived_keys_stand_alone),
	TEST(revoked_and_expired),
	TEST(many_at_once),
	TEST(destroyed_in_use),
	TEST(revoked_in_use),
	TEST(expires_in_use),
	TEST(closed_in_use),
	TESTS_END
};
