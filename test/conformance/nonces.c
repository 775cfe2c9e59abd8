/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* nonces.c - nonces and IVs that the vault makes never repeat for a key */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

enum { MESSAGES = 100000, WORKERS = 4, NONCE = 16 };

struct worker {
	int fd;
	uint64_t id;
	uint32_t alg;
	uint8_t (*nonces)[NONCE];	/* where to put them */
	unsigned int count, errors;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	for (i = 0; i < w->count; i++) {
		uint8_t ct[16], tag[16];
		struct aead with = { .nonce_out = w->nonces[i], .tag = tag };

		if (alg_find(w->alg)->kind & KIND_AEAD)
			w->errors += !!ask_seal(w->fd, w->id, ct, 16, ct, &with);
		else
			w->errors += !!ask_encrypt(w->fd, w->id, ct, 16, ct,
						   NULL, w->nonces[i]);
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, NONCE);
}

static unsigned int repeats(uint8_t (*nonces)[NONCE], unsigned int count)
{
	unsigned int i, n = 0;

	qsort(nonces, count, NONCE, compare);
	for (i = 1; i < count; i++)
		n += memcmp(nonces[i], nonces[i - 1], NONCE) == 0;
	return n;
}

static void across_threads_of(uint32_t alg, unsigned int total)
{
	uint8_t (*nonces)[NONCE] = calloc(total, NONCE);
	struct worker w[WORKERS];
	pthread_t thread[WORKERS];
	int i, fd = vault_open();
	uint64_t id = key_make(fd, alg);

	context("%s", alg_find(alg)->name);
	REQUIRE(nonces != NULL);
	for (i = 0; i < WORKERS; i++) {
		unsigned int share = total / WORKERS;

		w[i] = (struct worker){ fd, id, alg, nonces + share * i, share,
					0 };
		REQUIRE(pthread_create(&thread[i], NULL, work, &w[i]) == 0);
	}
	for (i = 0; i < WORKERS; i++) {
		pthread_join(thread[i], NULL);
		EQ(w[i].errors, 0);
	}
	EQ(repeats(nonces, total), 0);
	free(nonces);
	close(fd);
}

static void across_threads(void)
{
	const struct alg *alg;

	across_threads_of(KV_ALG_AES256_GCM, MESSAGES);
	FOR_ALGS(alg, KIND_AEAD | KIND_CIPHER)
		across_threads_of(alg->id, MESSAGES / 10);
}

static void across_processes(void)
{
	const unsigned int share = 2000, total = share * WORKERS;
	uint8_t (*nonces)[NONCE] = mmap(NULL, (size_t)total * NONCE,
					PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i, status, fd = vault_open();
	uint64_t id = key_make(fd, KV_ALG_CHACHA20_POLY1305);
	pid_t child[WORKERS];

	REQUIRE(nonces != MAP_FAILED);
	for (i = 0; i < WORKERS; i++) {
		struct worker w = { fd, id, KV_ALG_CHACHA20_POLY1305,
				    nonces + share * (unsigned int)i, share, 0 };

		child[i] = fork();
		if (child[i] == 0) {
			work(&w);
			_exit(w.errors ? 1 : 0);
		}
	}
	for (i = 0; i < WORKERS; i++) {
		CHECK(waitpid(child[i], &status, 0) == child[i]);
		EQ(status, 0);
	}
	EQ(repeats(nonces, total), 0);
	munmap(nonces, (size_t)total * NONCE);
	close(fd);
}

/*
 * The same key imported twice is one key to whoever has the ciphertexts: two
 * vaults must not make the same nonces for it, as counters from 0 would.
 */
static void across_vaults(void)
{
	const unsigned int share = 2000;
	uint8_t (*nonces)[NONCE] = calloc(2 * share, NONCE);
	int k;

	REQUIRE(nonces != NULL);
	for (k = 0; k < 2; k++) {
		int fd = vault_open();
		struct worker w = { fd, 0, KV_ALG_AES128_GCM,
				    nonces + share * (unsigned int)k, share, 0 };

		w.id = key_known(fd, alg_find(w.alg));
		work(&w);
		EQ(w.errors, 0);
		close(fd);
	}
	EQ(repeats(nonces, 2 * share), 0);
	free(nonces);
}

TESTS(nonces) = {
	TEST(across_threads),
	TEST(across_processes),
	TEST(across_vaults),
	TESTS_END
};
