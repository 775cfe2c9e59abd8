/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* limits.c - quotas, with the tunables at their defaults */
#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "call.h"

#define MAX_KEYS	256
#define MAX_KEY_BYTES	1048576
#define MAX_FILES	1024

static void keys_in_a_vault(void)
{
	const struct op *makers[] = {
		op_find("genkey"), op_find("import"), op_find("derive"),
		op_find("subkey"),
	};
	struct kv_keyinfo_req info;
	uint64_t source, id = 0;
	unsigned int i, k;
	int fd = vault_open(), other = vault_open();

	source = key_make(fd, KV_ALG_HMAC_SHA256);
	for (i = 1; i < MAX_KEYS; i++)
		REQUIRE_EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), 0);
	EQ(key_count(fd), MAX_KEYS);
	for (k = 0; k < ARRAY_LEN(makers); k++) {
		struct call call;

		context("%s", makers[k]->name);
		call_init(&call, makers[k], NULL, source);
		call_refused(fd, &call, EMFILE);
		EQ(key_count(fd), MAX_KEYS);
		/* one less, and there is room for one */
		EQ(ask_destroy(fd, id), 0);
		EQ(call_make(fd, &call), 0);
		id = call_get(&call, makers[k]->made, 8);
		EQ(ask_getinfo(fd, id, &info), 0);
		EQ(key_count(fd), MAX_KEYS);
	}
	/* another vault has its own */
	CHECK(key_make(other, KV_ALG_AES128_GCM) != 0);
	/* a revoked key's id stays, and takes a place */
	EQ(ask_revoke(fd, id), 0);
	EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), EMFILE);
	close(fd);
	close(other);
}

static void bytes_in_a_vault(void)
{
	static uint8_t key[KV_MAX_KEY_SIZE];
	const unsigned int most = MAX_KEY_BYTES / KV_MAX_KEY_SIZE;
	struct call call;
	uint64_t id = 0;
	unsigned int i;
	int fd = vault_open();

	fill(key, sizeof(key), 1);
	for (i = 0; i < most; i++)
		REQUIRE_EQ(ask_import(fd, KV_ALG_HMAC_SHA256, 0, key,
				      sizeof(key), &id), 0);
	call_init(&call, op_find("import"), NULL, 0);
	call_refused(fd, &call, ENOSPC);	/* not 32 bytes more */
	call_init(&call, op_find("genkey"), NULL, 0);
	call_refused(fd, &call, ENOSPC);
	call_init(&call, op_find("derive"), NULL, id);
	call_refused(fd, &call, ENOSPC);
	EQ(key_count(fd), most);
	EQ(ask_destroy(fd, id), 0);
	for (i = 0; i < MAX_KEYS - most; i++)	/* 8192 bytes make 128 of 64 */
		EQ(ask_import(fd, KV_ALG_HMAC_SHA256, 0, key, 64, &id), 0);
	close(fd);
}

/* Make and destroy for ever: what a key took is given back. */
static void nothing_leaks_from_the_quota(void)
{
	static uint8_t key[KV_MAX_KEY_SIZE];
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256 };
	unsigned int i;
	uint64_t id, child;
	int fd = vault_open();

	fill(key, sizeof(key), 1);
	for (i = 0; i < 1000; i++) {
		REQUIRE_EQ(ask_import(fd, KV_ALG_HMAC_SHA512, 0, key,
				      sizeof(key), &id), 0);
		REQUIRE_EQ(ask_derive(fd, id, &with, KV_ALG_HMAC_SHA512,
				      8160 * 8 / 2, &child), 0);
		if (i % 2)
			REQUIRE_EQ(ask_revoke(fd, id), 0);
		REQUIRE_EQ(ask_destroy(fd, id), 0);
		REQUIRE_EQ(ask_destroy(fd, child), 0);
	}
	EQ(key_count(fd), 0);
	close(fd);
}

/* Requests that fail after a key was begun. */
static void failures_leak_nothing(void)
{
	struct hkdf with = { .alg = KV_ALG_HKDF_SHA256,
			     .info = (void *)(uintptr_t)8, .info_len = 4 };
	unsigned int i;
	uint64_t id, source;
	int fd = vault_open();

	source = key_make(fd, KV_ALG_HKDF_SHA256);
	for (i = 0; i < 1000; i++) {
		EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 256, 0, &id), EINVAL);
		EQ(ask_import(fd, KV_ALG_AES128_GCM, 0, &id, 8, &id), EINVAL);
		EQ(ask_derive(fd, source, &with, 0, 0, &id), EFAULT);
	}
	EQ(key_count(fd), 1);
	for (i = 1; i < MAX_KEYS; i++)
		REQUIRE_EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), 0);
	close(fd);
}

/* Threads that fill one vault get as many keys as one would. */
struct filler {
	pthread_t thread;
	int fd, last;
	size_t key_len;
	unsigned int made;
};

static void *fill_vault(void *arg)
{
	struct filler *f = arg;
	uint64_t id;

	for (;;) {
		f->last = ask_import(f->fd, KV_ALG_HMAC_SHA256, 0,
				     known_bytes(), f->key_len, &id);
		if (f->last)
			return NULL;
		f->made++;
	}
}

static void filled_by_threads(void)
{
	static const struct { size_t len; unsigned int room; int err; } t[] = {
		{ 32, MAX_KEYS, EMFILE },
		{ KV_MAX_KEY_SIZE, MAX_KEY_BYTES / KV_MAX_KEY_SIZE, ENOSPC },
	};
	unsigned int i, k, made;

	known_bytes();		/* before there are threads */
	for (k = 0; k < 2 * ARRAY_LEN(t); k++) {
		struct filler f[8];
		int fd = vault_open();

		context("keys of %zu bytes", t[k / 2].len);
		made = 0;
		for (i = 0; i < 8; i++) {
			f[i] = (struct filler){ .fd = fd,
						.key_len = t[k / 2].len };
			REQUIRE(pthread_create(&f[i].thread, NULL, fill_vault,
					       &f[i]) == 0);
		}
		for (i = 0; i < 8; i++) {
			pthread_join(f[i].thread, NULL);
			EQ(f[i].last, t[k / 2].err);
			made += f[i].made;
		}
		EQ(made, t[k / 2].room);
		EQ(key_count(fd), t[k / 2].room);
		close(fd);
	}
}

/*
 * EMFILE at open, and not because this process is out of descriptors. Others
 * may have vaults open meanwhile.
 */
static void open_vaults(void)
{
	static int fds[MAX_FILES + 1];
	struct rlimit limit;
	unsigned int i, n = 0;
	int fd;

	REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = MAX_FILES + 64;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
		skip("cannot have so many descriptors");
		return;
	}
	while (n < ARRAY_LEN(fds)) {
		fds[n] = vault_open();
		if (fds[n] < 0)
			break;
		n++;
	}
	EQ(errno, EMFILE);
	CHECK(n > MAX_FILES - 64 && n <= MAX_FILES);
	fd = dup(0);
	CHECK(fd >= 0);
	close(fd);
	CHECK(key_make(fds[n - 1], KV_ALG_ED25519) != 0);
	close(fds[0]);
	fds[0] = vault_open();
	CHECK(fds[0] >= 0);
	for (i = 0; i < n; i++)
		close(fds[i]);
	fd = vault_open();
	CHECK(fd >= 0);
	close(fd);
}

TESTS(limits) = {
	TEST(keys_in_a_vault),
	TEST(bytes_in_a_vault),
	TEST(nothing_leaks_from_the_quota),
	TEST(failures_leak_nothing),
	TEST(filled_by_threads),
	TEST(open_vaults),
	TESTS_END
};
