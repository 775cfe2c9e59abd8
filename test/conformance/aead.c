/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* aead.c - AES-GCM and ChaCha20-Poly1305 beside libcrypto's, and forgeries */
#include <errno.h>
#include <unistd.h>

#include "helper.h"
#include "oracle.h"

static uint8_t pt[KV_MAX_DATA_SIZE + 64], ct[KV_MAX_DATA_SIZE + 64],
	       want[KV_MAX_DATA_SIZE + 64], aad[KV_MAX_AAD_SIZE];

/* One message there and back, against libcrypto. */
static void one_message(int fd, uint64_t id, uint32_t alg, size_t len,
			size_t aad_len)
{
	uint8_t nonce[12], told[12], tag[16], want_tag[16];
	struct aead ours = { .nonce = nonce, .aad = aad_len ? aad : NULL,
			     .aad_len = aad_len, .nonce_out = told,
			     .tag = tag };
	struct aead theirs = ours;

	theirs.tag = want_tag;
	context("%s, %zu bytes, %zu of AAD",
		alg_find(alg)->name, len, aad_len);
	fill(nonce, 12, (unsigned int)(len + aad_len));
	memset(ct, UNTOUCHED, len + 16);
	REQUIRE(oracle_seal(alg, known_bytes(), pt, len, want, &theirs));
	REQUIRE_EQ(ask_seal(fd, id, len ? pt : NULL, len, len ? ct : NULL,
			    &ours), 0);
	CHECK(memcmp(ct, want, len) == 0);
	CHECK(memcmp(tag, want_tag, 16) == 0);
	CHECK(memcmp(told, nonce, 12) == 0);
	CHECK(all(ct + len, UNTOUCHED, 16));
	memset(ct, UNTOUCHED, len + 16);
	REQUIRE_EQ(ask_unseal(fd, id, len ? want : NULL, len,
			      len ? ct : NULL, &ours), 0);
	CHECK(memcmp(ct, pt, len) == 0);
	CHECK(all(ct + len, UNTOUCHED, 16));
}

static void message_lengths(void)
{
	const struct alg *alg;
	int fd = vault_open();

	fill(pt, sizeof(pt), 1);
	fill(aad, sizeof(aad), 2);
	FOR_ALGS(alg, KIND_AEAD) {
		uint64_t id = key_known(fd, alg);
		unsigned int i;

		for (i = 0; i < length_count; i++)
			one_message(fd, id, alg->id, lengths[i], i % 40);
		for (i = 0; i < 80; i++)
			one_message(fd, id, alg->id, i, 0);
	}
	close(fd);
}

static void aad_lengths(void)
{
	static const size_t more[] = {
		127, 128, 129, 255, 256, 257, 4095, 4096, 4097, 0xFEFF, 0xFF00,
		0xFF01, 65535, 65536,	/* 0xFF00: CCM's edge; GCM has none */
	};
	const struct alg *alg;
	int fd = vault_open();

	fill(pt, sizeof(pt), 1);
	fill(aad, sizeof(aad), 2);
	FOR_ALGS(alg, KIND_AEAD) {
		uint64_t id = key_known(fd, alg);
		unsigned int i;

		for (i = 0; i < 80; i++)
			one_message(fd, id, alg->id, 33, i);
		for (i = 0; i < ARRAY_LEN(more); i++) {
			one_message(fd, id, alg->id, 0, more[i]);
			one_message(fd, id, alg->id, 100, more[i]);
		}
		one_message(fd, id, alg->id, KV_MAX_DATA_SIZE, KV_MAX_AAD_SIZE);
	}
	close(fd);
}

/* nonce_out is what was used, and may be left out where the caller has it. */
static void nonce_out(void)
{
	const struct alg *alg;
	int fd = vault_open();

	fill(pt, 64, 1);
	FOR_ALGS(alg, KIND_AEAD) {
		uint64_t id = key_known(fd, alg);
		uint8_t nonce[12] = { 0 }, tag[16], back[64];
		struct aead made = { .nonce_out = nonce, .tag = tag };
		struct aead given = { .nonce = nonce, .tag = tag };

		context("%s", alg->name);
		EQ(ask_seal(fd, id, pt, 64, ct, &made), 0);
		CHECK(!all(nonce, 0, 12));
		CHECK(oracle_open(alg->id, known_bytes(), ct, 64, back, &given));
		CHECK(memcmp(back, pt, 64) == 0);
		EQ(ask_unseal(fd, id, ct, 64, back, &given), 0);
		EQ(ask_seal(fd, id, pt, 64, want, &given), 0);
		CHECK(memcmp(ct, want, 64) == 0);
	}
	close(fd);
}

/* The data is copied in once and out once, so any overlap gives the answer. */
static void overlap(void)
{
	static const int shifts[] = { 0, 1, -1, 16, -16, 100, -100 };
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_AEAD) {
		uint64_t id = key_known(fd, alg);
		unsigned int i;

		for (i = 0; i < ARRAY_LEN(shifts); i++) {
			uint8_t nonce[12] = "some nonce.", tag[16], buf[2048];
			struct aead with = { .nonce = nonce, .tag = tag };
			uint8_t *from = buf + 200, *to = from + shifts[i];

			context("%s, %d bytes off", alg->name, shifts[i]);
			fill(from, 1500, 5);
			fill(pt, 1500, 5);
			REQUIRE(oracle_seal(alg->id, known_bytes(), pt, 1500,
					    want, &with));
			EQ(ask_seal(fd, id, from, 1500, to, &with), 0);
			CHECK(memcmp(to, want, 1500) == 0);
			EQ(ask_unseal(fd, id, to, 1500, from, &with), 0);
			CHECK(memcmp(from, pt, 1500) == 0);
		}
	}
	close(fd);
}

/* Outputs over each other or over inputs: any bytes may result, but no harm. */
static void all_in_one_place(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_AEAD) {
		uint64_t id = key_known(fd, alg);
		uint8_t buf[64];
		struct aead with = { .nonce = buf, .aad = buf, .aad_len = 32,
				     .nonce_out = buf, .tag = buf };
		int err;

		context("%s", alg->name);
		fill(buf, sizeof(buf), 1);
		EQ(ask_seal(fd, id, buf, 32, buf, &with), 0);
		err = ask_unseal(fd, id, buf, 32, buf, &with);
		CHECK(err == 0 || err == EBADMSG);
	}
	close(fd);
}

struct message {
	uint8_t ct[48], nonce[12], aad[20], tag[16];
};

static void must_not_open(int fd, uint64_t id, struct message *m, size_t len,
			  size_t aad_len)
{
	struct aead with = { .nonce = m->nonce, .aad = aad_len ? m->aad : NULL,
			     .aad_len = aad_len, .tag = m->tag };
	uint8_t out[64];

	memset(out, UNTOUCHED, sizeof(out));
	EQ(ask_unseal(fd, id, len ? m->ct : NULL, len, out, &with), EBADMSG);
	CHECK(all(out, UNTOUCHED, sizeof(out)));
}

/* Every single bit of the message, its AAD, its nonce and its tag. */
static void flipped_bits(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_AEAD) {
		uint64_t id = key_known(fd, alg);
		struct message good, bad;
		struct aead with = { .nonce = good.nonce, .aad = good.aad,
				     .aad_len = 20, .tag = good.tag };
		unsigned int bit;

		fill(pt, 48, 9);
		fill(&good, sizeof(good), 10);
		REQUIRE_EQ(ask_seal(fd, id, pt, 48, good.ct, &with), 0);
		for (bit = 0; bit < 8 * sizeof(good); bit++) {
			context("%s, bit %u", alg->name, bit);
			bad = good;
			((uint8_t *)&bad)[bit / 8] ^= 1u << bit % 8;
			must_not_open(fd, id, &bad, 48, 20);
		}
		EQ(ask_unseal(fd, id, good.ct, 48, ct, &with), 0);
		CHECK(memcmp(ct, pt, 48) == 0);
	}
	close(fd);
}

static void cut_and_moved(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_AEAD) {
		uint64_t id = key_known(fd, alg), other = key_make(fd, alg->id);
		struct message m;
		struct aead with = { .nonce = m.nonce, .aad = m.aad,
				     .aad_len = 20, .tag = m.tag };
		size_t len;

		fill(&m, sizeof(m), 11);
		REQUIRE_EQ(ask_seal(fd, id, pt, 48, m.ct, &with), 0);
		for (len = 0; len < 48; len++) {
			context("%s, cut to %zu", alg->name, len);
			must_not_open(fd, id, &m, len, 20);
		}
		for (len = 0; len < 20; len++) {
			context("%s, AAD cut to %zu", alg->name, len);
			must_not_open(fd, id, &m, 48, len);
		}
		context("%s, another key", alg->name);
		must_not_open(fd, other, &m, 48, 20);
		context("%s, no data, a tag of zeroes", alg->name);
		memset(m.tag, 0, 16);
		must_not_open(fd, id, &m, 0, 0);
	}
	close(fd);
}

/* The largest message with its last bit flipped leaves nothing behind. */
static void large_forgery(void)
{
	const struct alg *alg;
	int fd = vault_open();

	FOR_ALGS(alg, KIND_AEAD) {
		uint64_t id = key_known(fd, alg);
		uint8_t nonce[12] = "large nonce", tag[16];
		struct aead with = { .nonce = nonce, .tag = tag };

		context("%s", alg->name);
		REQUIRE_EQ(ask_seal(fd, id, pt, KV_MAX_DATA_SIZE, ct, &with),
			   0);
		ct[KV_MAX_DATA_SIZE - 1] ^= 0x80;
		memset(want, UNTOUCHED, KV_MAX_DATA_SIZE);
		EQ(ask_unseal(fd, id, ct, KV_MAX_DATA_SIZE, want, &with),
		   EBADMSG);
		CHECK(all(want, UNTOUCHED, KV_MAX_DATA_SIZE));
		/* in place: the ciphertext stays as it was */
		memcpy(want, ct, KV_MAX_DATA_SIZE);
		EQ(ask_unseal(fd, id, ct, KV_MAX_DATA_SIZE, ct, &with),
		   EBADMSG);
		CHECK(memcmp(want, ct, KV_MAX_DATA_SIZE) == 0);
	}
	close(fd);
}

TESTS(aead) = {
	TEST(message_lengths),
	TEST(aad_lengths),
	TEST(nonce_out),
	TEST(overlap),
	TEST(all_in_one_place),
	TEST(flipped_bits),
	TEST(cut_and_moved),
	TEST(large_forgery),
	TESTS_END
};
