/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* helper.c - the table of algorithms, memory, time, data: see helper.h */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

#ifndef MAP_ANONYMOUS
#define MAP_ANONYMOUS MAP_ANON
#endif

const struct alg algs[] = {
	{ KV_ALG_SHA256, "sha256", KIND_HASH, 0, 0, 0 },
	{ KV_ALG_SHA512, "sha512", KIND_HASH, 0, 0, 0 },
	{ KV_ALG_AES128_GCM, "aes128-gcm", KIND_AEAD, 128, 128, 128 },
	{ KV_ALG_AES256_GCM, "aes256-gcm", KIND_AEAD, 256, 256, 256 },
	{ KV_ALG_AES128_CBC, "aes128-cbc", KIND_CBC, 128, 128, 128 },
	{ KV_ALG_AES256_CBC, "aes256-cbc", KIND_CBC, 256, 256, 256 },
	{ KV_ALG_AES128_CTR, "aes128-ctr", KIND_CTR, 128, 128, 128 },
	{ KV_ALG_AES256_CTR, "aes256-ctr", KIND_CTR, 256, 256, 256 },
	{ KV_ALG_HMAC_SHA256, "hmac-sha256", KIND_MAC, 256, 128, 512 },
	{ KV_ALG_HMAC_SHA512, "hmac-sha512", KIND_MAC, 512, 256, 1024 },
	{ KV_ALG_ED25519, "ed25519", KIND_SIGN, 256, 256, 256 },
	{ KV_ALG_CHACHA20_POLY1305, "chacha20-poly1305", KIND_AEAD,
	  256, 256, 256 },
	{ KV_ALG_X25519, "x25519", KIND_EXCHANGE, 256, 256, 256 },
	{ KV_ALG_HKDF_SHA256, "hkdf-sha256", KIND_KDF, 256, 128, 8160 },
	{ KV_ALG_HKDF_SHA512, "hkdf-sha512", KIND_KDF, 512, 128, 16320 },
};
const unsigned int alg_count = ARRAY_LEN(algs);

const size_t lengths[] = {
	0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 55, 56, 63, 64, 65, 95, 96, 111,
	112, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 4080,
	4095, 4096, 4097, 8192, 16384, 65535, 65536, 65537, 131072 + 16,
	KV_MAX_DATA_SIZE - 1, KV_MAX_DATA_SIZE,
};
const unsigned int length_count = ARRAY_LEN(lengths);

const struct alg *alg_find(uint32_t id)
{
	unsigned int i;

	for (i = 0; i < alg_count; i++)
		if (algs[i].id == id)
			return &algs[i];
	return NULL;
}

const char *device(void)
{
	const char *path = getenv("KEYVAULT_DEVICE");

	return path && *path ? path : KV_DEVICE;
}

int vault_open_flags(int flags)
{
	return open(device(), flags);
}

int vault_open(void)
{
	return vault_open_flags(O_RDWR);
}

int request(int fd, unsigned long number, void *req)
{
	return ioctl(fd, number, req) ? errno : 0;
}

size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static size_t whole_pages(size_t size)
{
	size_t page = page_size();

	return (size + page - 1) / page * page;
}

void *edge_get(size_t size)
{
	size_t room = whole_pages(size ? size : 1);
	uint8_t *base = mmap(NULL, room + page_size(), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (base == MAP_FAILED)
		abort();
	if (mprotect(base + room, page_size(), PROT_NONE))
		abort();
	return base + room - size;
}

void edge_put(void *p, size_t size)
{
	size_t room = whole_pages(size ? size : 1);

	munmap((uint8_t *)p + size - room, room + page_size());
}

void fill(void *p, size_t size, unsigned int seed)
{
	uint8_t *byte = p;
	uint32_t x = seed * 2654435761u + 1;
	size_t i;

	for (i = 0; i < size; i++) {		/* xorshift32, Marsaglia 2003 */
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		byte[i] = (uint8_t)(x >> 24);
	}
}

bool all(const void *p, uint8_t byte, size_t size)
{
	const uint8_t *at = p;

	return size == 0 ||
	       (at[0] == byte && memcmp(at, at + 1, size - 1) == 0);
}

bool lives(const struct kv_keyinfo_req *info, uint32_t ttl)
{
	return info->expires - info->created == ttl;
}

double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void nap(double seconds)
{
	double end = now() + seconds;

	while (now() < end) {
		double left = end - now();
		struct timespec ts;

		if (left <= 0)
			break;
		ts.tv_sec = (time_t)left;
		ts.tv_nsec = (long)((left - (double)ts.tv_sec) * 1e9);
		nanosleep(&ts, NULL);
	}
}
