/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * races.c - two requests at one moment, over and over: of two who want what
 * there is one of, one gets it
 *
 * Two threads wait for each round in a loop of their own, not asleep, so that
 * they start together where there are two processors.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "helper.h"
#include "oracle.h"

struct race {
	int fd;
	uint64_t id[2];			/* a key for each, or one for both */
	uint64_t made[2];
	int err[2];
	int (*run[2])(struct race *race, int who);
	volatile unsigned int go, done;
};

enum { ROUNDS = 500 };

static void wait_for(volatile unsigned int *counter, unsigned int value)
{
	unsigned int spins = 0;

	while (__atomic_load_n(counter, __ATOMIC_ACQUIRE) < value)
		if (++spins % 1000 == 0)
			sched_yield();
}

static void *first(void *arg)
{
	struct race *r = arg;
	unsigned int round;

	for (round = 1; round <= ROUNDS; round++) {
		wait_for(&r->go, round);
		r->err[0] = r->run[0](r, 0);
		__atomic_store_n(&r->done, round, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* @prepare before each round, @judge after it. */
static void race(struct race *r, void (*prepare)(struct race *r),
		 void (*judge)(struct race *r))
{
	pthread_t thread;
	unsigned int round;

	r->go = r->done = 0;
	REQUIRE(pthread_create(&thread, NULL, first, r) == 0);
	for (round = 1; round <= ROUNDS; round++) {
		context("round %u", round);
		prepare(r);
		__atomic_store_n(&r->go, round, __ATOMIC_RELEASE);
		r->err[1] = r->run[1](r, 1);
		wait_for(&r->done, round);
		judge(r);
	}
	pthread_join(thread, NULL);
}

/* One had no error, and the other @err. */
static bool one_of_two(const struct race *r, int err)
{
	return CHECK((r->err[0] == 0 && r->err[1] == err) ||
		     (r->err[0] == err && r->err[1] == 0));
}

static int make_one(struct race *r, int who)
{
	return ask_genkey(r->fd, KV_ALG_HKDF_SHA256, 0, 0, &r->made[who]);
}

static void nothing_yet(struct race *r)
{
	r->made[0] = r->made[1] = 0;
}

static void one_place_taken(struct race *r)
{
	one_of_two(r, EMFILE);
	EQ(ask_destroy(r->fd, r->made[0] ? r->made[0] : r->made[1]), 0);
}

static void last_place(void)
{
	struct race r = { .fd = vault_open(), .run = { make_one, make_one } };
	int i;

	for (i = 0; i < 255; i++)
		CHECK(key_make(r.fd, KV_ALG_HKDF_SHA256) != 0);
	race(&r, nothing_yet, one_place_taken);
	EQ(key_count(r.fd), 255);
	close(r.fd);
}

static int give_name(struct race *r, int who)
{
	return ask_setname(r->fd, r->id[who], "wanted by both", 14);
}

static void two_keys(struct race *r)
{
	r->id[0] = key_make(r->fd, KV_ALG_HKDF_SHA256);
	r->id[1] = key_make(r->fd, KV_ALG_HKDF_SHA256);
}

static void one_is_named(struct race *r)
{
	uint64_t id = 0;
	uint32_t room = 0;

	one_of_two(r, EEXIST);
	EQ(ask_find(r->fd, &id, "wanted by both", 14, NULL, &room), 0);
	CHECK(id == r->id[r->err[0] == 0 ? 0 : 1]);
	EQ(ask_destroy(r->fd, r->id[0]), 0);
	EQ(ask_destroy(r->fd, r->id[1]), 0);
}

static void one_name(void)
{
	struct race r = { .fd = vault_open(), .run = { give_name, give_name } };

	race(&r, two_keys, one_is_named);
	close(r.fd);
}

static int give_two_names(struct race *r, int who)
{
	return ask_setname(r->fd, r->id[0], who ? "one" : "two", 3);
}

static void one_key(struct race *r)
{
	r->id[0] = r->id[1] = key_make(r->fd, KV_ALG_HKDF_SHA256);
}

static void named_once(struct race *r)
{
	char name[KV_MAX_NAME_SIZE];
	uint32_t room = sizeof(name);

	one_of_two(r, EEXIST);
	EQ(ask_find(r->fd, &r->id[0], NULL, 0, name, &room), 0);
	CHECK(room == 3 && memcmp(name, r->err[1] ? "two" : "one", 3) == 0);
	EQ(ask_destroy(r->fd, r->id[0]), 0);
}

static void two_names(void)
{
	struct race r = { .fd = vault_open(),
			  .run = { give_two_names, give_two_names } };

	race(&r, one_key, named_once);
	close(r.fd);
}

static int destroy_it(struct race *r, int who)
{
	return ask_destroy(r->fd, r->id[who]);
}

static void destroyed_once(struct race *r)
{
	one_of_two(r, ENOENT);
}

static void one_destroys(void)
{
	struct race r = { .fd = vault_open(), .run = { destroy_it, destroy_it } };

	race(&r, one_key, destroyed_once);
	EQ(key_count(r.fd), 0);
	close(r.fd);
}

static int revoke_it(struct race *r, int who)
{
	return ask_revoke(r->fd, r->id[who]);
}

/* 0 and right, or an error; -1 if it is wrong. */
static int mac_it(struct race *r, int who)
{
	static uint8_t want[32];
	uint8_t got[64];
	size_t n = 64;
	int err = ask_mac(r->fd, r->id[who], "m", 1, got, &n);

	if (!want[0] && !want[1])
		oracle_mac(KV_ALG_HMAC_SHA256, known_bytes(), 32, "m", 1, want);
	return !err && memcmp(got, want, 32) != 0 ? -1 : err;
}

static void known_key(struct race *r)
{
	r->id[0] = r->id[1] = key_known(r->fd, alg_find(KV_ALG_HMAC_SHA256));
}

static void used_or_gone(struct race *r)
{
	EQ(r->err[0], 0);
	CHECK(r->err[1] == 0 || r->err[1] == ENOENT);
}

static void used_or_revoked(struct race *r)
{
	EQ(r->err[0], 0);
	CHECK(r->err[1] == 0 || r->err[1] == KV_EREVOKED);
	EQ(mac_it(r, 1), KV_EREVOKED);
	EQ(ask_destroy(r->fd, r->id[0]), 0);
}

static void use_and_end(void)
{
	struct race r = { .fd = vault_open(), .run = { destroy_it, mac_it } };

	known_bytes();
	race(&r, known_key, used_or_gone);
	r.run[0] = revoke_it;
	race(&r, known_key, used_or_revoked);
	EQ(key_count(r.fd), 0);
	close(r.fd);
}

static int derive_it(struct race *r, int who)
{
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256 };

	return ask_derive(r->fd, r->id[who], &with, 0, 0, &r->made[who]);
}

static void derived_or_gone(struct race *r)
{
	EQ(r->err[0], 0);
	CHECK(r->err[1] == 0 || r->err[1] == ENOENT);
	if (r->err[1] == 0)
		EQ(ask_destroy(r->fd, r->made[1]), 0);
	EQ(key_count(r->fd), 0);
}

static void derive_and_destroy(void)
{
	struct race r = { .fd = vault_open(), .run = { destroy_it, derive_it } };

	known_bytes();
	race(&r, known_key, derived_or_gone);
	close(r.fd);
}

TESTS(races) = {
	TEST(last_place),
	TEST(one_name),
	TEST(two_names),
	TEST(one_destroys),
	TEST(use_and_end),
	TEST(derive_and_destroy),
	TESTS_END
};
