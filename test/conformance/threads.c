/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* threads.c - many threads on one descriptor, each answer checked by libcrypto */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"
#include "oracle.h"

enum { THREADS = 8, ROUNDS = 30, MAX_ALGS = 16 };

/* What a thread does, and how often it was answered wrongly. */
struct worker {
	pthread_t thread;
	int fd;
	unsigned int seed, rounds, wrong;
	const uint64_t *ids;		/* shared keys, in the order of algs[] */
	volatile int *stop;
};

static bool do_aead(int fd, uint64_t id, const struct alg *alg,
		    const uint8_t *data, size_t len)
{
	uint8_t ct[1024], want[1024], tag[16], want_tag[16];
	struct aead ours = { .nonce = data, .aad = data, .aad_len = len / 2,
			     .tag = tag };
	struct aead theirs = ours;
	bool good;

	theirs.tag = want_tag;
	good = ask_seal(fd, id, data, len, ct, &ours) == 0 &&
	       oracle_seal(alg->id, known_bytes(), data, len, want, &theirs) &&
	       memcmp(ct, want, len) == 0 && memcmp(tag, want_tag, 16) == 0 &&
	       ask_unseal(fd, id, ct, len, want, &ours) == 0 &&
	       memcmp(want, data, len) == 0;
	tag[len % 16] ^= 4;
	return good && ask_unseal(fd, id, ct, len, want, &ours) == EBADMSG;
}

static bool do_cipher(int fd, uint64_t id, const struct alg *alg,
		      const uint8_t *data, size_t len)
{
	uint8_t ct[1024], want[1024];

	len = len / 16 * 16;
	return ask_encrypt(fd, id, data, len, ct, data, NULL) == 0 &&
	       oracle_cipher(alg->id, known_bytes(), true, data, len, want,
			     data) &&
	       memcmp(ct, want, len) == 0 &&
	       ask_decrypt(fd, id, ct, len, want, data) == 0 &&
	       memcmp(want, data, len) == 0;
}

static bool do_mac(int fd, uint64_t id, const struct alg *alg,
		   const uint8_t *data, size_t len)
{
	uint8_t got[64], want[64];
	size_t n = 64;

	return ask_mac(fd, id, data, len, got, &n) == 0 &&
	       oracle_mac(alg->id, known_bytes(), alg->bits / 8, data, len,
			  want) &&
	       memcmp(got, want, n) == 0;
}

static bool do_hash(int fd, const struct alg *alg, const uint8_t *data,
		    size_t len)
{
	uint8_t got[64], want[64];
	size_t n = 64;

	return ask_hash(fd, alg->id, data, len, got, &n) == 0 &&
	       oracle_hash(alg->id, data, len, want) &&
	       memcmp(got, want, n) == 0;
}

static bool do_sign(int fd, uint64_t id, const uint8_t *data, size_t len)
{
	uint8_t sig[64], want[64];
	int good, bad;

	if (ask_sign(fd, id, data, len, sig) ||
	    !oracle_sign(known_bytes(), data, len, want) ||
	    memcmp(sig, want, 64) != 0 ||
	    ask_verify(fd, id, data, len, sig, 64, &good))
		return false;
	sig[len % 64] ^= 1;
	return ask_verify(fd, id, data, len, sig, 64, &bad) == 0 &&
	       good == 1 && bad == 0;
}

static bool do_exchange(int fd, uint64_t id, const uint8_t *data)
{
	uint8_t got[32], want[32];

	return ask_exchange(fd, id, data, got) == 0 &&
	       oracle_exchange(known_bytes(), data, want) &&
	       memcmp(got, want, 32) == 0;
}

/* A key of one's own, made, used and destroyed. */
static bool do_derive(int fd, uint64_t source, const uint8_t *data)
{
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256, .info = data,
			     .info_len = 32 };
	uint8_t okm[32];
	uint64_t id;

	return ask_derive(fd, source, &with, KV_ALG_AES256_CTR, 0, &id) == 0 &&
	       oracle_hkdf(&with, known_bytes(), 32, okm, 32) &&
	       same_key(fd, id, KV_ALG_AES256_CTR, okm, 32) &&
	       ask_destroy(fd, id) == 0;
}

static bool do_one(int fd, const struct alg *alg, uint64_t id,
		   const uint8_t *data, size_t len)
{
	switch (alg->kind) {
	case KIND_HASH:
		return do_hash(fd, alg, data, len);
	case KIND_AEAD:
		return do_aead(fd, id, alg, data, len);
	case KIND_CBC:
	case KIND_CTR:
		return do_cipher(fd, id, alg, data, len);
	case KIND_MAC:
		return do_mac(fd, id, alg, data, len) &&
		       (alg->bits != 256 || do_derive(fd, id, data));
	case KIND_SIGN:
		return do_sign(fd, id, data, len);
	case KIND_EXCHANGE:
		return do_exchange(fd, id, data);
	default:
		return true;
	}
}

static void *work(void *arg)
{
	struct worker *w = arg;
	unsigned int round, i;

	for (round = 0; round < w->rounds; round++) {
		uint8_t data[1000];

		fill(data, sizeof(data), w->seed + round * THREADS);
		for (i = 0; i < alg_count; i++)
			w->wrong += !do_one(w->fd, &algs[i], w->ids[i], data,
					    32 + data[0] * 3);
	}
	return NULL;
}

static int shared_keys(uint64_t *ids)
{
	unsigned int i;
	int fd = vault_open();

	known_bytes();		/* before there are threads */
	for (i = 0; i < alg_count; i++)
		ids[i] = algs[i].kind == KIND_HASH ? 0 :
			 key_known(fd, &algs[i]);
	return fd;
}

static void all_requests_at_once(void)
{
	struct worker w[THREADS] = { 0 };
	uint64_t ids[MAX_ALGS];
	int i, fd = shared_keys(ids);

	for (i = 0; i < THREADS; i++) {
		w[i].fd = fd;
		w[i].seed = (unsigned int)i;
		w[i].rounds = ROUNDS;
		w[i].ids = ids;
		REQUIRE(pthread_create(&w[i].thread, NULL, work, &w[i]) == 0);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(w[i].thread, NULL);
		context("thread %d", i);
		EQ(w[i].wrong, 0);
	}
	EQ(key_count(fd), alg_count - 2);
	close(fd);
}

static void processes_too(void)
{
	uint64_t ids[MAX_ALGS];
	int i, status, fd = shared_keys(ids);
	pid_t child[THREADS / 2];

	for (i = 0; i < THREADS / 2; i++) {
		struct worker w = { .fd = fd, .seed = 1000 + (unsigned int)i,
				    .rounds = ROUNDS / 4, .ids = ids };

		child[i] = fork();
		if (child[i] == 0) {
			work(&w);
			_exit(w.wrong ? 1 : 0);
		}
	}
	for (i = 0; i < THREADS / 2; i++) {
		CHECK(waitpid(child[i], &status, 0) == child[i]);
		context("process %d", i);
		EQ(status, 0);
	}
	EQ(key_count(fd), alg_count - 2);
	close(fd);
}

/* Makes and destroys; every id it knows is there, or it was told ENOENT. */
static void *churn(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < w->rounds; i++) {
		const struct alg *alg = &algs[2 + (w->seed + i) %
					      (alg_count - 2)];
		struct kv_keyinfo_req info;
		uint64_t id;

		if (ask_genkey(w->fd, alg->id, 0, 0, &id) ||
		    ask_getinfo(w->fd, id, &info) ||
		    info.algorithm != alg->id ||
		    ask_destroy(w->fd, id) ||
		    ask_getinfo(w->fd, id, &info) != ENOENT)
			w->wrong++;
	}
	return NULL;
}

/* The ids that stay are always told, each once, and none is 0. */
static void *list_always(void *arg)
{
	struct worker *w = arg;

	while (!*w->stop) {
		uint64_t ids[64];
		uint32_t i, count = 0, seen = 0;

		if (ask_list(w->fd, ids, 64, &count))
			w->wrong++;
		for (i = 0; i < count; i++) {
			seen += ids[i] == w->ids[0] || ids[i] == w->ids[1];
			w->wrong += ids[i] == 0;
		}
		w->wrong += seen != 2;
	}
	return NULL;
}

static void make_destroy_list(void)
{
	struct worker w[THREADS] = { 0 };
	volatile int stop = 0;
	uint64_t stay[2];
	int i, fd = vault_open();

	stay[0] = key_make(fd, KV_ALG_ED25519);
	stay[1] = key_make(fd, KV_ALG_AES256_GCM);
	for (i = 0; i < THREADS; i++) {
		w[i].fd = fd;
		w[i].seed = (unsigned int)i * 5;
		w[i].rounds = 200;
		w[i].ids = stay;
		w[i].stop = &stop;
		REQUIRE(pthread_create(&w[i].thread, NULL, i < 2 ? list_always :
				       churn, &w[i]) == 0);
	}
	for (i = THREADS - 1; i >= 0; i--) {
		if (i == 1)
			stop = 1;
		pthread_join(w[i].thread, NULL);
		context("thread %d", i);
		EQ(w[i].wrong, 0);
	}
	EQ(key_count(fd), 2);
	close(fd);
}

/* A mask that shrinks while it is asked for never grows back. */
static void *shrink(void *arg)
{
	struct worker *w = arg;
	unsigned int bit;
	uint32_t held = KV_CAP_ALL;

	for (bit = 0; bit < 15; bit++) {
		uint32_t have;

		if (bit % THREADS == w->seed && 1u << bit != KV_CAP_RESTRICT)
			ask_restrict(w->fd, ~(1u << bit));
		have = ask_getcaps(w->fd);
		w->wrong += (have & ~held) != 0;
		held = have;
	}
	return NULL;
}

static void masks_only_shrink(void)
{
	int round, i;

	for (round = 0; round < 20; round++) {
		struct worker w[THREADS] = { 0 };
		int fd = vault_open();

		for (i = 0; i < THREADS; i++) {
			w[i].fd = fd;
			w[i].seed = (unsigned int)i;
			REQUIRE(pthread_create(&w[i].thread, NULL, shrink,
					       &w[i]) == 0);
		}
		for (i = 0; i < THREADS; i++) {
			pthread_join(w[i].thread, NULL);
			EQ(w[i].wrong, 0);
		}
		EQ(ask_getcaps(fd), KV_CAP_RESTRICT);
		close(fd);
	}
}

static void tick(int signal_number)
{
	(void)signal_number;
}

/* Signals come all the time: no request ends early, or is half done. */
static void under_signals(void)
{
	struct sigaction act = { .sa_handler = tick }, old;
	struct itimerval often = { { 0, 700 }, { 0, 700 } }, never = { 0 };
	struct worker w = { .seed = 5000, .rounds = ROUNDS / 4 };
	uint64_t ids[MAX_ALGS];

	w.fd = shared_keys(ids);
	w.ids = ids;
	REQUIRE(sigaction(SIGALRM, &act, &old) == 0);	/* without SA_RESTART */
	setitimer(ITIMER_REAL, &often, NULL);
	work(&w);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &old, NULL);
	EQ(w.wrong, 0);
	close(w.fd);
}

TESTS(threads) = {
	TEST(all_requests_at_once),
	TEST(processes_too),
	TEST(make_destroy_list),
	TEST(masks_only_shrink),
	TEST(under_signals),
	TESTS_END
};
