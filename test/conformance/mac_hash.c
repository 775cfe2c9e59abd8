/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* mac_hash.c - HMAC and SHA-2 beside libcrypto's */
#include <errno.h>
#include <unistd.h>

#include "helper.h"
#include "oracle.h"

static uint8_t data[KV_MAX_DATA_SIZE];

static void hash_lengths(void)
{
	uint32_t alg;
	int fd = vault_open();

	fill(data, sizeof(data), 1);
	for (alg = KV_ALG_SHA256; alg <= KV_ALG_SHA512; alg++) {
		unsigned int i;

		for (i = 0; i < length_count + 300; i++) {
			size_t len = i < length_count ? lengths[i] :
				     i - length_count;
			uint8_t got[64], want[64];
			size_t n = 64;

			context("%s, %zu bytes", alg_find(alg)->name, len);
			memset(got, UNTOUCHED, 64);
			memset(want, UNTOUCHED, 64);
			REQUIRE(oracle_hash(alg, data, len, want));
			EQ(ask_hash(fd, alg, len ? data : NULL, len, got, &n),
			   0);
			EQ(n, alg == KV_ALG_SHA256 ? 32 : 64);
			CHECK(memcmp(got, want, 64) == 0);
		}
	}
	close(fd);
}

static void one_mac(int fd, uint32_t alg, const void *key, size_t key_len,
		    size_t len)
{
	uint64_t id = key_import(fd, alg, key, key_len);
	uint8_t got[64], want[64];
	size_t n = 64;

	context("%s, key of %zu, %zu bytes", alg_find(alg)->name, key_len, len);
	memset(got, UNTOUCHED, 64);
	memset(want, UNTOUCHED, 64);
	REQUIRE(id);
	REQUIRE(oracle_mac(alg, key, key_len, data, len, want));
	EQ(ask_mac(fd, id, len ? data : NULL, len, got, &n), 0);
	EQ(n, alg == KV_ALG_HMAC_SHA256 ? 32 : 64);
	CHECK(memcmp(got, want, 64) == 0);
	EQ(ask_destroy(fd, id), 0);
}

static void mac_lengths(void)
{
	uint32_t alg;
	int fd = vault_open();

	fill(data, sizeof(data), 1);
	for (alg = KV_ALG_HMAC_SHA256; alg <= KV_ALG_HMAC_SHA512; alg++) {
		unsigned int i;

		for (i = 0; i < length_count; i++)
			one_mac(fd, alg, known_bytes(), 32, lengths[i]);
		for (i = 0; i < 260; i++)
			one_mac(fd, alg, known_bytes(), 64, i);
	}
	close(fd);
}

/* Around the block, where HMAC begins to hash the key, up to the largest. */
static void mac_key_lengths(void)
{
	static const size_t more[] = {
		255, 256, 257, 1024, 4095, 4096, 4097, 8191, 8192,
	};
	uint32_t alg;
	int fd = vault_open();

	for (alg = KV_ALG_HMAC_SHA256; alg <= KV_ALG_HMAC_SHA512; alg++) {
		unsigned int i;

		for (i = 1; i < 140; i++)
			one_mac(fd, alg, known_bytes(), i, 50);
		for (i = 0; i < ARRAY_LEN(more); i++)
			one_mac(fd, alg, known_bytes(), more[i], 50);
	}
	close(fd);
}

/* One key for many messages: nothing stays behind between two. */
static void many_macs_with_one_key(void)
{
	uint32_t alg;
	int fd = vault_open();

	for (alg = KV_ALG_HMAC_SHA256; alg <= KV_ALG_HMAC_SHA512; alg++) {
		uint64_t id = key_import(fd, alg, known_bytes(), 200);
		unsigned int i;

		REQUIRE(id);
		for (i = 1; i < 300; i++) {
			uint8_t got[64], want[64];
			size_t n = 64;

			context("%s, message %u", alg_find(alg)->name, i);
			REQUIRE(oracle_mac(alg, known_bytes(), 200, data + i,
					   (i * 37) % 1000 + 1, want));
			EQ(ask_mac(fd, id, data + i, (i * 37) % 1000 + 1, got,
				   &n), 0);
			CHECK(memcmp(got, want, n) == 0);
		}
	}
	close(fd);
}

/* The digest or MAC over its own data. */
static void in_place(void)
{
	uint8_t buf[64], want[64];
	size_t n = 64;
	uint64_t id;
	int fd = vault_open();

	fill(buf, 64, 1);
	REQUIRE(oracle_hash(KV_ALG_SHA512, buf, 64, want));
	EQ(ask_hash(fd, KV_ALG_SHA512, buf, 64, buf, &n), 0);
	CHECK(memcmp(buf, want, 64) == 0);
	id = key_import(fd, KV_ALG_HMAC_SHA512, known_bytes(), 64);
	REQUIRE(oracle_mac(KV_ALG_HMAC_SHA512, known_bytes(), 64, buf, 64,
			   want));
	EQ(ask_mac(fd, id, buf, 64, buf, &n), 0);
	CHECK(memcmp(buf, want, 64) == 0);
	close(fd);
}

TESTS(mac_hash) = {
	TEST(hash_lengths),
	TEST(mac_lengths),
	TEST(mac_key_lengths),
	TEST(many_macs_with_one_key),
	TEST(in_place),
	TESTS_END
};
