/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* cipher.c - AES-CBC and AES-CTR beside libcrypto's */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "call.h"
#include "oracle.h"

static uint8_t pt[KV_MAX_DATA_SIZE + 64], ct[KV_MAX_DATA_SIZE + 64],
	       want[KV_MAX_DATA_SIZE + 64];

static void one_message(int fd, uint64_t id, const struct alg *alg, size_t len,
			const uint8_t iv[16])
{
	uint8_t told[16];
	const uint8_t *in = len ? pt : NULL;
	uint8_t *out = len ? ct : NULL;

	context("%s, %zu bytes", alg->name, len);
	memset(ct, UNTOUCHED, len + 16);
	if ((alg->kind & KIND_CBC) && len % 16) {
		EQ(ask_encrypt(fd, id, in, len, out, iv, told), EINVAL);
		EQ(ask_decrypt(fd, id, in, len, out, iv), EINVAL);
		CHECK(all(ct, UNTOUCHED, len + 16));
		return;
	}
	REQUIRE(oracle_cipher(alg->id, known_bytes(), true, pt, len, want, iv));
	REQUIRE_EQ(ask_encrypt(fd, id, in, len, out, iv, told), 0);
	CHECK(memcmp(ct, want, len) == 0);
	CHECK(memcmp(told, iv, 16) == 0);
	CHECK(all(ct + len, UNTOUCHED, 16));
	memset(ct, UNTOUCHED, len + 16);
	REQUIRE_EQ(ask_decrypt(fd, id, len ? want : NULL, len, out, iv), 0);
	CHECK(memcmp(ct, pt, len) == 0);
	CHECK(all(ct + len, UNTOUCHED, 16));
}

static void message_lengths(void)
{
	const struct alg *alg;
	uint8_t iv[16];
	int fd = vault_open();

	fill(pt, sizeof(pt), 1);
	FOR_ALGS(alg, KIND_CIPHER) {
		uint64_t id = key_known(fd, alg);
		unsigned int i;

		for (i = 0; i < length_count; i++) {
			fill(iv, 16, i);
			one_message(fd, id, alg, lengths[i], iv);
		}
		for (i = 0; i < 80; i++)
			one_message(fd, id, alg, i, iv);
	}
	close(fd);
}

/* SP 800-38A B.1 with all 128 bits: the carry goes through to the first byte. */
static void counter_wraps(void)
{
	const struct alg *alg;
	int fd = vault_open();

	fill(pt, 4096, 1);
	FOR_ALGS(alg, KIND_CTR) {
		uint64_t id = key_known(fd, alg);
		unsigned int ones;

		for (ones = 1; ones <= 16; ones++) {
			uint8_t iv[16] = { 0 };

			memset(iv + 16 - ones, 0xFF, ones);
			one_message(fd, id, alg, 4096, iv);
			iv[15] = 0xF0;
			one_message(fd, id, alg, 4095, iv);
			one_message(fd, id, alg, 15 * 16 + 1, iv);
		}
	}
	close(fd);
}

static void made_iv(void)
{
	const struct alg *alg;
	int fd = vault_open();

	fill(pt, 64, 1);
	FOR_ALGS(alg, KIND_CIPHER) {
		uint64_t id = key_known(fd, alg);
		uint8_t ivs[64][16], back[64];
		unsigned int i, k;

		context("%s", alg->name);
		for (i = 0; i < 64; i++) {
			memset(ivs[i], 0, 16);
			EQ(ask_encrypt(fd, id, pt, 64, ct, NULL, ivs[i]), 0);
			CHECK(oracle_cipher(alg->id, known_bytes(), false, ct,
					    64, back, ivs[i]));
			CHECK(memcmp(back, pt, 64) == 0);
			EQ(ask_decrypt(fd, id, ct, 64, back, ivs[i]), 0);
			CHECK(memcmp(back, pt, 64) == 0);
			for (k = 0; k < i; k++)
				CHECK(memcmp(ivs[i], ivs[k], 16) != 0);
		}
		/* random as a whole: no byte is the same in all */
		for (k = 0; k < 16; k++) {
			bool same = true;

			for (i = 1; i < 64; i++)
				same &= ivs[i][k] == ivs[0][k];
			CHECK(!same);
		}
		/* a given IV need not be told */
		EQ(ask_encrypt(fd, id, pt, 64, ct, ivs[0], NULL), 0);
	}
	close(fd);
}

static void overlap(void)
{
	static const int shifts[] = { 0, 1, -1, 16, -16, 100, -100 };
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_CIPHER) {
		uint64_t id = key_known(fd, alg);
		unsigned int i;

		for (i = 0; i < ARRAY_LEN(shifts); i++) {
			uint8_t iv[16] = "sixteen byte iv", buf[2048];
			uint8_t *from = buf + 200, *to = from + shifts[i];

			context("%s, %d bytes off", alg->name, shifts[i]);
			fill(from, 1504, 5);
			fill(pt, 1504, 5);
			REQUIRE(oracle_cipher(alg->id, known_bytes(), true, pt,
					      1504, want, iv));
			EQ(ask_encrypt(fd, id, from, 1504, to, iv, NULL), 0);
			CHECK(memcmp(to, want, 1504) == 0);
			EQ(ask_decrypt(fd, id, to, 1504, from, iv), 0);
			CHECK(memcmp(from, pt, 1504) == 0);
		}
	}
	close(fd);
}

/* The IV, what it is told as, and the data in one place. */
static void all_in_one_place(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_CIPHER) {
		uint64_t id = key_known(fd, alg);
		uint8_t buf[64];

		context("%s", alg->name);
		fill(buf, sizeof(buf), 1);
		EQ(ask_encrypt(fd, id, buf, 32, buf, buf, buf), 0);
		EQ(ask_decrypt(fd, id, buf, 32, buf, buf), 0);
	}
	close(fd);
}

/*
 * Each answer is the request's own, even after errors and other keys' requests:
 * nothing is left in a context between calls.
 */
static void calls_do_not_mix(void)
{
	const struct alg *alg;
	uint64_t ids[32];
	unsigned int round, n = 0;
	uint8_t iv[16];
	int fd = vault_open();

	fill(pt, 256, 77);
	FOR_ALGS(alg, KIND_CIPHER)
		ids[n++] = key_known(fd, alg);
	for (round = 0; round < 50; round++) {
		n = 0;
		FOR_ALGS(alg, KIND_CIPHER) {
			fill(iv, 16, round * 8 + n);
			one_message(fd, ids[n], alg, 16 * (round % 17), iv);
			EQ(ask_encrypt(fd, ids[n], pt, 64, (void *)8, iv, NULL),
			   EFAULT);
			n++;
		}
	}
	close(fd);
}

TESTS(cipher) = {
	TEST(message_lengths),
	TEST(counter_wraps),
	TEST(made_iv),
	TEST(overlap),
	TEST(all_in_one_place),
	TEST(calls_do_not_mix),
	TESTS_END
};
