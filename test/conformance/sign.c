/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* sign.c - Ed25519 beside libcrypto's, and signatures that are wrong */
#include <errno.h>
#include <unistd.h>

#include "call.h"
#include "oracle.h"

static uint8_t data[KV_MAX_DATA_SIZE];

/* A vault with the known Ed25519 key in it. */
static int with_key(uint64_t *id)
{
	int fd = vault_open();

	*id = key_known(fd, alg_find(KV_ALG_ED25519));
	return fd;
}

static void public_key(void)
{
	uint8_t pub[32], want[32];
	unsigned int i;
	int fd = vault_open();

	for (i = 0; i < 32; i++) {
		uint64_t id = key_import(fd, KV_ALG_ED25519, known_bytes() + i,
					 32);

		context("seed %u", i);
		REQUIRE(oracle_pubkey(KV_ALG_ED25519, known_bytes() + i, want));
		EQ(ask_getpubkey(fd, id, pub), 0);
		CHECK(memcmp(pub, want, 32) == 0);
		EQ(ask_getpubkey(fd, id, pub), 0);
		CHECK(memcmp(pub, want, 32) == 0);
	}
	close(fd);
}

static void message_lengths(void)
{
	uint8_t sig[64], want[64];
	unsigned int i;
	uint64_t id;
	int valid, fd = with_key(&id);

	fill(data, sizeof(data), 1);
	for (i = 0; i < length_count; i++) {
		size_t len = lengths[i];
		const uint8_t *in = len ? data : NULL;

		context("%zu bytes", len);
		REQUIRE(oracle_sign(known_bytes(), data, len, want));
		EQ(ask_sign(fd, id, in, len, sig), 0);
		CHECK(memcmp(sig, want, 64) == 0);
		EQ(ask_verify(fd, id, in, len, sig, 64, &valid), 0);
		EQ(valid, 1);
	}
	close(fd);
}

/* A made key signs what libcrypto verifies with its public key. */
static void generated_keys(void)
{
	uint8_t sig[64], pub[32];
	unsigned int i;
	int fd = vault_open();

	for (i = 0; i < 16; i++) {
		uint64_t id = key_make(fd, KV_ALG_ED25519);

		EQ(ask_getpubkey(fd, id, pub), 0);
		EQ(ask_sign(fd, id, data, i * 10, sig), 0);
		CHECK(oracle_verify(pub, data, i * 10, sig));
		sig[i * 4] ^= 1;
		CHECK(!oracle_verify(pub, data, i * 10, sig));
	}
	close(fd);
}

static void wrong(int fd, uint64_t id, const void *msg, size_t len,
		  const uint8_t *sig)
{
	int valid;

	EQ(ask_verify(fd, id, msg, len, sig, 64, &valid), 0);
	EQ(valid, 0);
}

/* Every single bit of signature and message. */
static void flipped_bits(void)
{
	uint8_t msg[40], sig[64];
	unsigned int bit;
	uint64_t id;
	int valid, fd = with_key(&id);

	fill(msg, sizeof(msg), 4);
	REQUIRE_EQ(ask_sign(fd, id, msg, sizeof(msg), sig), 0);
	for (bit = 0; bit < 512; bit++) {
		context("bit %u of the signature", bit);
		sig[bit / 8] ^= 1u << bit % 8;
		wrong(fd, id, msg, sizeof(msg), sig);
		sig[bit / 8] ^= 1u << bit % 8;
	}
	for (bit = 0; bit < 8 * sizeof(msg); bit++) {
		context("bit %u of the message", bit);
		msg[bit / 8] ^= 1u << bit % 8;
		wrong(fd, id, msg, sizeof(msg), sig);
		msg[bit / 8] ^= 1u << bit % 8;
	}
	context("the message cut");
	wrong(fd, id, msg, sizeof(msg) - 1, sig);
	wrong(fd, id, NULL, 0, sig);
	EQ(ask_verify(fd, id, msg, sizeof(msg), sig, 64, &valid), 0);
	EQ(valid, 1);
	close(fd);
}

/* S + L is the same scalar, and must be refused (RFC 8032 5.1.7, 8.4). */
static void s_is_below_the_order(void)
{
	static const uint8_t order[32] = {
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c,
		0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10,
	};
	uint8_t sig[64];
	unsigned int i, times, sum;
	uint64_t id;
	int fd = with_key(&id);

	REQUIRE_EQ(ask_sign(fd, id, "message", 7, sig), 0);
	for (times = 1; times <= 7; times++) {
		unsigned int carry = 0;

		for (i = 0; i < 32; i++) {
			sum = sig[32 + i] + order[i] + carry;
			sig[32 + i] = (uint8_t)sum;
			carry = sum >> 8;
		}
		context("S + %u L", times);
		wrong(fd, id, "message", 7, sig);
	}
	context("S of all ones");
	memset(sig + 32, 0xFF, 32);
	wrong(fd, id, "message", 7, sig);
	context("S and R of zero");
	memset(sig, 0, 64);
	wrong(fd, id, "message", 7, sig);
	close(fd);
}

static void another_key(void)
{
	uint8_t sig[64];
	uint64_t id, other;
	int fd = with_key(&id);

	other = key_make(fd, KV_ALG_ED25519);
	EQ(ask_sign(fd, id, "message", 7, sig), 0);
	wrong(fd, other, "message", 7, sig);
	close(fd);
}

static void signature_lengths(void)
{
	struct call call;
	size_t len;
	uint64_t id;
	int fd = with_key(&id);

	for (len = 0; len <= CALL_BUF; len++) {
		context("a signature of %zu bytes", len);
		call_init(&call, op_find("verify"), NULL, id);
		call.req.verify.signature_len = len;
		if (len == KV_ED25519_SIGNATURE_SIZE)
			EQ(call_make(fd, &call), 0);
		else
			call_refused(fd, &call, EINVAL);
	}
	context("none at all");
	call.req.verify.signature = NULL;
	call.req.verify.signature_len = 0;
	call_refused(fd, &call, EINVAL);
	close(fd);
}

TESTS(sign) = {
	TEST(public_key),
	TEST(message_lengths),
	TEST(generated_keys),
	TEST(flipped_bits),
	TEST(s_is_below_the_order),
	TEST(another_key),
	TEST(signature_lengths),
	TESTS_END
};
