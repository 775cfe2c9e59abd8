/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* memory.c - user memory of every sort: unaligned, fresh, shared, of files */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "oracle.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

enum { SIZE = 100000 };		/* bytes of a message: many pages */

/* One message there and back between two places, against libcrypto. */
static void there_and_back(uint8_t *from, uint8_t *to)
{
	const struct alg *alg = alg_find(KV_ALG_AES256_GCM);
	uint8_t *want = malloc(SIZE), nonce[12] = "in any place", tag[16];
	uint8_t want_tag[16];
	struct aead ours = { .nonce = nonce, .tag = tag };
	struct aead theirs = { .nonce = nonce, .tag = want_tag };
	int fd = vault_open();
	uint64_t id = key_known(fd, alg);

	REQUIRE(want != NULL);
	fill(want, SIZE, 3);
	CHECK(memcmp(from, want, SIZE) == 0);
	REQUIRE(oracle_seal(alg->id, known_bytes(), from, SIZE, want, &theirs));
	EQ(ask_seal(fd, id, from, SIZE, to, &ours), 0);
	CHECK(memcmp(to, want, SIZE) == 0);
	CHECK(memcmp(tag, want_tag, 16) == 0);
	memset(from, 0, SIZE);
	EQ(ask_unseal(fd, id, to, SIZE, from, &ours), 0);
	fill(want, SIZE, 3);
	CHECK(memcmp(from, want, SIZE) == 0);
	free(want);
	close(fd);
}

static uint8_t *map(int flags, int fd)
{
	void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void unaligned_data(void)
{
	uint8_t *a = malloc(SIZE + 16), *b = malloc(SIZE + 16);
	int i;

	REQUIRE(a && b);
	for (i = 1; i < 16; i += 2) {
		context("%d bytes off", i);
		fill(a + i, SIZE, 3);
		there_and_back(a + i, b + 16 - i);
	}
	free(a);
	free(b);
}

/* The request itself at every odd address, also across two pages. */
static void unaligned_requests(void)
{
	uint8_t *space = mmap(NULL, 2 * page_size(), PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct op *op;

	REQUIRE(space != MAP_FAILED);
	FOR_OPS(op) {
		size_t off;

		for (off = 1; off < op->size; off += 6) {
			uint8_t *at = space + page_size() - off;
			struct call call;
			int fd = vault_open();

			context("%s, %zu bytes before a page", op->name, off);
			call_init(&call, op, op_alg(op), op->kinds ?
				  key_known(fd, op_alg(op)) : 0);
			memset(space, UNTOUCHED, 2 * page_size());
			memcpy(at, &call.req, op->size);
			EQ(request(fd, op->request, at), 0);
			CHECK(all(space, UNTOUCHED, page_size() - off));
			CHECK(all(at + op->size, UNTOUCHED, 64));
			close(fd);
		}
	}
	munmap(space, 2 * page_size());
}

/* Pages that nobody has touched: zeroes to read, and there to be written. */
static void fresh_pages(void)
{
	uint8_t digest[64], want[64], *zeroes = calloc(1, SIZE), *in, *out;
	uint8_t iv[16] = { 0 };
	size_t n = 64;
	int fd = vault_open();
	uint64_t id = key_known(fd, alg_find(KV_ALG_AES256_CTR));

	in = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	out = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	REQUIRE(in && out && zeroes);
	REQUIRE(oracle_hash(KV_ALG_SHA512, zeroes, SIZE, want));
	EQ(ask_hash(fd, KV_ALG_SHA512, in, SIZE, digest, &n), 0);
	CHECK(memcmp(digest, want, 64) == 0);
	EQ(ask_encrypt(fd, id, zeroes, SIZE, out, iv, NULL), 0);
	EQ(ask_decrypt(fd, id, out, SIZE, out, iv), 0);
	CHECK(all(out, 0, SIZE));
	munmap(in, SIZE);
	munmap(out, SIZE);
	free(zeroes);
	close(fd);
}

/* Written in a child, a page that was shared until then is the child's own. */
static void copy_on_write(void)
{
	uint8_t *from = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	uint8_t *to = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int status;
	pid_t child;

	REQUIRE(from && to);
	fill(from, SIZE, 3);
	memset(to, UNTOUCHED, SIZE);
	child = fork();
	if (child == 0) {
		there_and_back(from, to);
		_exit(all(to, UNTOUCHED, SIZE) ? 1 : 0);
	}
	CHECK(waitpid(child, &status, 0) == child);
	EQ(status, 0);
	CHECK(all(to, UNTOUCHED, SIZE));
	there_and_back(from, to);
	munmap(from, SIZE);
	munmap(to, SIZE);
}

static void of_a_file(void)
{
	FILE *file = tmpfile();
	uint8_t *data = malloc(SIZE), *shared, *private_copy;

	REQUIRE(file && data);
	fill(data, SIZE, 3);
	REQUIRE(fwrite(data, SIZE, 1, file) == 1 && fflush(file) == 0);
	shared = map(MAP_SHARED, fileno(file));
	private_copy = map(MAP_PRIVATE, fileno(file));
	REQUIRE(shared && private_copy);
	context("from a private mapping to a shared one");
	there_and_back(private_copy, shared);
	fill(data, SIZE, 3);
	memcpy(shared, data, SIZE);
	context("from a shared mapping to a private one");
	there_and_back(shared, private_copy);
	munmap(shared, SIZE);
	munmap(private_copy, SIZE);
	fclose(file);
	free(data);
}

/* Mapped, and no longer in the file: a fault, not a signal. */
static void behind_the_end_of_a_file(void)
{
	FILE *file = tmpfile();
	size_t page = page_size(), n = 64;
	uint8_t digest[64], *p;
	int fd = vault_open();

	REQUIRE(file != NULL);
	REQUIRE(ftruncate(fileno(file), (off_t)page) == 0);
	p = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED,
		 fileno(file), 0);
	REQUIRE(p != MAP_FAILED);
	memset(digest, UNTOUCHED, 64);
	EQ(ask_hash(fd, KV_ALG_SHA256, p, page, digest, &n), 0);
	memset(digest, UNTOUCHED, 64);
	n = 64;
	EQ(ask_hash(fd, KV_ALG_SHA256, p, page + 1, digest, &n), EFAULT);
	EQ(ask_hash(fd, KV_ALG_SHA256, "m", 1, p + page, &n), EFAULT);
	EQ(ask_hash(fd, KV_ALG_SHA256, "m", 1, p + page - 8, &n), EFAULT);
	CHECK(all(digest, UNTOUCHED, 64));
	EQ(request(fd, KV_IOC_GENKEY, p + page), EFAULT);
	EQ(key_count(fd), 0);
	munmap(p, 4 * page);
	fclose(file);
	close(fd);
}

/* Answers over the request itself: the request is written last. */
static void over_the_request(void)
{
	const struct op *op;

	FOR_OPS(op) {
		const struct field *f;

		for (f = op->fields; f->dir; f++) {
			struct call call;
			int fd;

			if (f->dir != OUT || op->request == KV_IOC_LIST)
				continue;
			context("%s, %s", op->name, f->name);
			fd = vault_open();
			call_init(&call, op, op_alg(op), op->kinds ?
				  key_known(fd, op_alg(op)) : 0);
			field_set_ptr(&call, f, &call.req);
			EQ(call_make(fd, &call), 0);
			CHECK(field_ptr(&call, f) == (uintptr_t)&call.req);
			close(fd);
		}
	}
}

TESTS(memory) = {
	TEST(unaligned_data),
	TEST(unaligned_requests),
	TEST(fresh_pages),
	TEST(copy_on_write),
	TEST(of_a_file),
	TEST(behind_the_end_of_a_file),
	TEST(over_the_request),
	TESTS_END
};
