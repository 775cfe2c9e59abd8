/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* exchange.c - X25519 beside libcrypto's, and peers that are no good */
#include <errno.h>
#include <unistd.h>

#include "call.h"
#include "oracle.h"

static void public_key(void)
{
	uint8_t pub[32], want[32];
	unsigned int i;
	int fd = vault_open();

	for (i = 0; i < 32; i++) {
		/* not clamped: RFC 7748 5 clamps when it is used */
		uint64_t id = key_import(fd, KV_ALG_X25519, known_bytes() + i,
					 32);

		context("scalar %u", i);
		REQUIRE(oracle_pubkey(KV_ALG_X25519, known_bytes() + i, want));
		EQ(ask_getpubkey(fd, id, pub), 0);
		CHECK(memcmp(pub, want, 32) == 0);
	}
	close(fd);
}

static void odd_scalars(void)
{
	uint8_t scalar[32], pub[32], want[32];
	unsigned int i;
	int fd = vault_open();

	for (i = 0; i < 8; i++) {
		uint64_t id;

		context("scalar %u", i);
		memset(scalar, i & 1 ? 0xFF : 0, 32);
		scalar[0] ^= (uint8_t)(i & 2 ? 7 : 0);
		scalar[31] ^= (uint8_t)(i & 4 ? 0xC0 : 0);
		id = key_import(fd, KV_ALG_X25519, scalar, 32);
		REQUIRE(id);
		REQUIRE(oracle_pubkey(KV_ALG_X25519, scalar, want));
		EQ(ask_getpubkey(fd, id, pub), 0);
		CHECK(memcmp(pub, want, 32) == 0);
	}
	close(fd);
}

static void shared_secrets(void)
{
	unsigned int i;
	int fd = vault_open();
	uint64_t id = key_known(fd, alg_find(KV_ALG_X25519));

	for (i = 0; i < 64; i++) {
		uint8_t peer[32], got[32], want[32];

		context("peer %u", i);
		fill(peer, 32, i);	/* half of them are on the twist */
		peer[31] &= 0x7F;
		REQUIRE(oracle_exchange(known_bytes(), peer, want));
		EQ(ask_exchange(fd, id, peer, got), 0);
		CHECK(memcmp(got, want, 32) == 0);
	}
	close(fd);
}

static void two_vaults_agree(void)
{
	int a = vault_open(), b = vault_open(), i;

	for (i = 0; i < 8; i++) {
		uint64_t ka = key_make(a, KV_ALG_X25519);
		uint64_t kb = key_make(b, KV_ALG_X25519);
		uint8_t pa[32], pb[32], sa[32], sb[32];

		EQ(ask_getpubkey(a, ka, pa), 0);
		EQ(ask_getpubkey(b, kb, pb), 0);
		EQ(ask_exchange(a, ka, pb, sa), 0);
		EQ(ask_exchange(b, kb, pa, sb), 0);
		CHECK(memcmp(sa, sb, 32) == 0);
		CHECK(!all(sa, 0, 32));
		CHECK(memcmp(sa, pa, 32) != 0);
	}
	close(a);
	close(b);
}

/* RFC 7748 5: the top bit of u is not looked at, and u need not be reduced. */
static void odd_peers(void)
{
	unsigned int i;
	int fd = vault_open();
	uint64_t id = key_known(fd, alg_find(KV_ALG_X25519));

	for (i = 2; i < 19; i++) {
		uint8_t peer[32] = { 0 }, plain[32], got[32];

		context("u = %u", i);
		peer[0] = (uint8_t)i;
		EQ(ask_exchange(fd, id, peer, plain), 0);
		peer[31] = 0x80;
		EQ(ask_exchange(fd, id, peer, got), 0);
		CHECK(memcmp(plain, got, 32) == 0);
		/* u + p */
		memset(peer, 0xFF, 32);
		peer[0] = (uint8_t)(0xED + i);
		peer[31] = 0x7F;
		EQ(ask_exchange(fd, id, peer, got), 0);
		CHECK(memcmp(plain, got, 32) == 0);
	}
	close(fd);
}

/* All the points of small order, reduced or not, with and without the top bit. */
static void low_order_peers(void)
{
	static const uint8_t points[][32] = {
		{ 0 },
		{ 1 },
		{ 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56,
		  0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb,
		  0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
		  0xb8, 0x00 },
		{ 0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0,
		  0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4,
		  0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f,
		  0x11, 0x57 },
		{ 0xec, [1 ... 30] = 0xff, 0x7f },	/* p - 1 */
		{ 0xed, [1 ... 30] = 0xff, 0x7f },	/* p */
		{ 0xee, [1 ... 30] = 0xff, 0x7f },	/* p + 1 */
	};
	unsigned int i;
	int fd = vault_open();
	uint64_t id = key_known(fd, alg_find(KV_ALG_X25519));
	uint64_t made = key_make(fd, KV_ALG_X25519);

	for (i = 0; i < 2 * ARRAY_LEN(points); i++) {
		struct call call;
		int k;

		context("point %u", i);
		for (k = 0; k < 2; k++) {
			call_init(&call, op_find("keyexchange"), NULL,
				  k ? made : id);
			memcpy(call.buf[0], points[i / 2], 32);
			call.buf[0][31] |= i & 1 ? 0x80 : 0;
			call_refused(fd, &call, EINVAL);
		}
	}
	close(fd);
}

static void peer_lengths(void)
{
	struct call call;
	size_t len;
	int fd = vault_open();
	uint64_t id = key_known(fd, alg_find(KV_ALG_X25519));

	for (len = 0; len <= CALL_BUF; len++) {
		context("a peer key of %zu bytes", len);
		call_init(&call, op_find("keyexchange"), NULL, id);
		call.req.exchange.peer_pubkey_len = len;
		if (len == 32)
			EQ(call_make(fd, &call), 0);
		else
			call_refused(fd, &call, EINVAL);
	}
	close(fd);
}

static void in_place(void)
{
	uint8_t buf[32] = { 9 }, want[32];
	int fd = vault_open();
	uint64_t id = key_known(fd, alg_find(KV_ALG_X25519));

	EQ(ask_getpubkey(fd, id, want), 0);
	EQ(ask_exchange(fd, id, buf, buf), 0);
	CHECK(memcmp(buf, want, 32) == 0);
	close(fd);
}

TESTS(exchange) = {
	TEST(public_key),
	TEST(odd_scalars),
	TEST(shared_secrets),
	TEST(two_vaults_agree),
	TEST(odd_peers),
	TEST(low_order_peers),
	TEST(peer_lengths),
	TEST(in_place),
	TESTS_END
};
