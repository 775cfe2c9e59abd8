/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* vectors_mac_hash.c - SHA-2 (NIST CAVP) and HMAC (RFC 4231) */
#include <unistd.h>

#include "vec.h"

static void hash_file(const char *path, uint32_t alg, unsigned int known)
{
	struct vec *vec = vec_open(path);
	unsigned int n = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		struct bytes msg = vec_bytes(vec, "Msg");
		struct bytes want = vec_bytes(vec, "MD");
		size_t len = (size_t)vec_number(vec, "Len") / 8, n_out = 64;
		uint8_t out[64];

		context("%s, %zu bytes", path, len);
		if (!CHECK(len == 0 || len == msg.len))
			break;
		EQ(ask_hash(fd, alg, len ? msg.data : NULL, len, out, &n_out),
		   0);
		EQ(n_out, want.len);
		CHECK(memcmp(out, want.data, want.len) == 0);
		n++;
	}
	if (vec) {
		vec_count(path, n, known);
		vec_close(vec);
	}
	close(fd);
}

static void cavp_sha2(void)
{
	hash_file("hashes/SHA2/SHA256ShortMsg.rsp", KV_ALG_SHA256, 65);
	hash_file("hashes/SHA2/SHA256LongMsg.rsp", KV_ALG_SHA256, 64);
	hash_file("hashes/SHA2/SHA512ShortMsg.rsp", KV_ALG_SHA512, 129);
	hash_file("hashes/SHA2/SHA512LongMsg.rsp", KV_ALG_SHA512, 128);
}

/* SHAVS 6.4: 1000 hashes of the last three, from each seed to the next. */
static void monte_carlo_file(const char *path, uint32_t alg)
{
	struct vec *vec = vec_open(path);
	uint8_t md[3][64], seed[64];
	unsigned int n = 0, i;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		struct bytes want = vec_bytes(vec, "MD");
		size_t len = want.len, out_len;

		context("%s %ld", path, vec_number(vec, "COUNT"));
		if (vec_has(vec, "Seed"))
			memcpy(seed, vec_bytes(vec, "Seed").data, len);
		for (i = 0; i < 3; i++)
			memcpy(md[i], seed, len);
		for (i = 0; i < 1000; i++) {
			uint8_t msg[3 * 64];
			int k;

			for (k = 0; k < 3; k++)
				memcpy(msg + (size_t)k * len,
				       md[(i + (unsigned int)k) % 3], len);
			out_len = 64;
			if (ask_hash(fd, alg, msg, 3 * len, md[i % 3],
				     &out_len))
				break;
		}
		EQ(i, 1000);
		memcpy(seed, md[999 % 3], len);
		CHECK(memcmp(seed, want.data, len) == 0);
		n++;
	}
	if (vec) {
		vec_count(path, n, 100);
		vec_close(vec);
	}
	close(fd);
}

static void cavp_sha2_monte_carlo(void)
{
	monte_carlo_file("hashes/SHA2/SHA256Monte.rsp", KV_ALG_SHA256);
	monte_carlo_file("hashes/SHA2/SHA512Monte.rsp", KV_ALG_SHA512);
}

static void one_mac(int fd, uint32_t alg, struct bytes key, struct bytes msg,
		    struct bytes want)
{
	uint64_t id = key_import(fd, alg, key.data, key.len);
	uint8_t out[64];
	size_t n = 64;

	REQUIRE(id);
	EQ(ask_mac(fd, id, msg.data, msg.len, out, &n), 0);
	EQ(n, alg == KV_ALG_HMAC_SHA256 ? 32 : 64);
	CHECK(want.len <= n && memcmp(out, want.data, want.len) == 0);
	EQ(ask_destroy(fd, id), 0);
}

static void mac_file(const char *path, uint32_t alg, unsigned int known)
{
	struct vec *vec = vec_open(path);
	unsigned int n = 0;
	int fd = vault_open();

	while (vec && vec_next(vec)) {
		context("%s, case %u", path, n + 1);
		one_mac(fd, alg, vec_bytes(vec, "Key"), vec_bytes(vec, "Msg"),
			vec_bytes(vec, "MD"));
		n++;
	}
	if (vec) {
		vec_count(path, n, known);
		vec_close(vec);
	}
	close(fd);
}

/* Test case 5, which has its MAC cut to 128 bits, is not in the files. */
static void rfc4231(void)
{
	char sha256[] = "a3b6167473100ee06e0c796c2955552b";
	char sha512[] = "415fad6271580a531d4179bc891d87a6";
	uint8_t key_bytes[20], text[] = "Test With Truncation";
	struct bytes key = { key_bytes, 20 }, msg = { text, 20 };
	struct bytes short256 = { (uint8_t *)sha256, 16 };
	struct bytes short512 = { (uint8_t *)sha512, 16 };
	int fd;

	mac_file("HMAC/rfc-4231-sha256.txt", KV_ALG_HMAC_SHA256, 6);
	mac_file("HMAC/rfc-4231-sha512.txt", KV_ALG_HMAC_SHA512, 6);
	context("RFC 4231, test case 5");
	fd = vault_open();
	memset(key_bytes, 0x0c, 20);
	EQ(vec_unhex(sha256, 32), 16);
	EQ(vec_unhex(sha512, 32), 16);
	one_mac(fd, KV_ALG_HMAC_SHA256, key, msg, short256);
	one_mac(fd, KV_ALG_HMAC_SHA512, key, msg, short512);
	close(fd);
}

TESTS(vectors_mac_hash) = {
	TEST(cavp_sha2),
	TEST(cavp_sha2_monte_carlo),
	TEST(rfc4231),
	TESTS_END
};
