/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * edges.c - what is not a valid key or signature, where implementations differ:
 * see core/ed25519.h
 */
#include <openssl/bn.h>
#include "../tap.h"
#include "ge25519.h"
#include "home.h"
#include "sc25519.h"

/* y of the points whose order divides 8; the sign of x gives the others */
static const char *const small_y[] = {
	"0100000000000000000000000000000000000000000000000000000000000000",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"0000000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
};

static const char order_8[] =
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";

static const uint8_t order[32] = {
	0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2,
	0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10
};

/* y = p + small, up to 2^255 - 1 */
static void from_p_on(uint8_t out[32], unsigned int small)
{
	memset(out, 0xff, 32);
	out[0] = (uint8_t)(0xed + small);
	out[31] = 0x7f;
}

/* Adds; false if it does not fit */
static bool add_order(uint8_t s[32])
{
	unsigned int carry = 0;

	for (int i = 0; i < 32; i++) {
		carry += (unsigned int)s[i] + order[i];
		s[i] = (uint8_t)carry;
		carry >>= 8;
	}
	return !carry;
}

static void random_scalar(uint8_t s[32])
{
	uint8_t wide[64];

	home_random(wide, 64);
	kv_sc_reduce(s, wide);
}

static bool valid(const uint8_t sig[64], const uint8_t public[32],
		  const void *msg, size_t len)
{
	return !ed25519_verify(sig, public, msg, len);
}

/* The same verdict as OpenSSL's; returns it. */
static bool agreed(const uint8_t sig[64], const uint8_t public[32],
		   const void *msg, size_t len)
{
	const bool ok = valid(sig, public, msg, len);

	CHECK(ok == ssl_verify(sig, public, msg, len));
	return ok;
}

/* S, S + L, S + 2 L, ... solve the same equation: only S is valid. */
static void the_order_added_to_s(void)
{
	for (int i = 0; i < 300; i++) {
		struct ed25519_key key;
		uint8_t seed[32], sig[64];

		home_random(seed, 32);
		CHECK(!ed25519_expand(&key, seed));
		CHECK(!ed25519_sign(sig, &key, seed, 32));
		CHECK(agreed(sig, key.public, seed, 32));
		while (add_order(sig + 32))
			CHECK(!agreed(sig, key.public, seed, 32));
	}
}

/* S = 0 is fine, S = L is not, for a key that any S and R = [S]B will do for. */
static void s_is_the_order(void)
{
	uint8_t sig[64] = { 1 }, neutral[32] = { 1 };

	CHECK(agreed(sig, neutral, "m", 1));
	CHECK(add_order(sig + 32));
	CHECK(!agreed(sig, neutral, "m", 1));
}

/*
 * A of small order: refused as a key to take in; as a key to verify with, it is
 * what the equation says, as with OpenSSL.
 */
static void check_small_order(const uint8_t a[32])
{
	int good = 0, bad = 0;

	CHECK(!ed25519_public_ok(a));
	for (unsigned int m = 0; m < 100; m++) {
		uint8_t sig[64];

		random_scalar(sig + 32);
		kv_ge_base_mul(sig, sig + 32);
		if (agreed(sig, a, &m, sizeof(m)))
			good++;
		else
			bad++;
	}
	CHECK(good > 0);		/* [h]A is neutral for one h in 1, 2, 4, 8 */
	CHECK(a[0] == 1 ? !bad : bad > 0);
}

static void keys_of_small_order(void)
{
	for (int i = 0; i < 5; i++) {
		uint8_t a[32];

		home_unhex(a, 32, small_y[i]);
		check_small_order(a);
		a[31] |= 0x80;
		if (i >= 2)		/* else x = 0 */
			check_small_order(a);
	}
}

/* sB + T, T of order 8: no cofactor, so valid only where [h]T is neutral. */
static void keys_of_mixed_order(void)
{
	const uint8_t one[32] = { 1 };
	int good = 0, bad = 0;
	struct kv_ge t;
	uint8_t point[32];

	home_unhex(point, 32, order_8);
	REQUIRE(kv_ge_decode(&t, point));
	for (unsigned int m = 0; m < 1000; m++) {
		uint8_t sig[64], seed[32] = { 7 };
		struct ed25519_key key;

		CHECK(!ed25519_expand(&key, seed));
		memset(point, 0, 32);
		memcpy(point, key.scalar, 32);
		kv_sc_muladd(point, point, one, (uint8_t[32]){ 0 });
		kv_ge_mul_sub(key.public, one, &t, point);
		CHECK(ed25519_public_ok(key.public));
		CHECK(!ed25519_sign(sig, &key, (uint8_t *)&m, sizeof(m)));
		if (agreed(sig, key.public, &m, sizeof(m)))
			good++;
		else
			bad++;
	}
	CHECK(good > 60 && good < 250 && good + bad == 1000);
}

/* y from p on names a point a second time: refused, whatever it names. */
static void keys_that_are_not_canonical(void)
{
	uint8_t a[32], sig[64];

	random_scalar(sig + 32);
	kv_ge_base_mul(sig, sig + 32);
	for (unsigned int i = 0; i < 2 * 19; i++) {
		from_p_on(a, i / 2);
		a[31] |= (uint8_t)(i % 2 << 7);
		CHECK(!ed25519_public_ok(a));
		CHECK(!valid(sig, a, "m", 1));
	}
	/* (0, 1) and (0, -1) with a sign */
	for (int i = 0; i < 2; i++) {
		home_unhex(a, 32, small_y[i]);
		a[31] |= 0x80;
		CHECK(!ed25519_public_ok(a));
		CHECK(!valid(sig, a, "m", 1));
	}
}

/* R = (0, 1) as (0, p + 1) or with a sign: the equation holds, the bytes differ. */
static void an_r_that_is_not_canonical(void)
{
	uint8_t sig[64] = { 1 }, neutral[32] = { 1 };

	CHECK(agreed(sig, neutral, "m", 1));
	sig[31] = 0x80;
	CHECK(!agreed(sig, neutral, "m", 1));
	from_p_on(sig, 1);
	CHECK(!agreed(sig, neutral, "m", 1));
}

/* @n = the bytes; the caller frees it */
static BIGNUM *from_element(const struct kv_fe *a)
{
	uint8_t bytes[32];

	kv_fe_to_bytes(bytes, a);
	return BN_lebin2bn(bytes, 32, NULL);
}

struct curve {
	BN_CTX *ctx;
	BIGNUM *p, *d, *y, *u, *v, *x;
};

/* Whether 5.1.3 finds a point for y, @sign; its x in @c->x. */
static bool expect_point(struct curve *c, const uint8_t in[32])
{
	const bool sign = in[31] >> 7;
	uint8_t bytes[32];

	memcpy(bytes, in, 32);
	bytes[31] &= 0x7f;
	BN_lebin2bn(bytes, 32, c->y);
	if (BN_cmp(c->y, c->p) >= 0)
		return false;
	BN_mod_sqr(c->u, c->y, c->p, c->ctx);
	BN_mod_mul(c->v, c->u, c->d, c->p, c->ctx);
	BN_add_word(c->v, 1);
	BN_mod_sub(c->u, c->u, BN_value_one(), c->p, c->ctx);
	BN_mod_inverse(c->v, c->v, c->p, c->ctx);
	BN_mod_mul(c->u, c->u, c->v, c->p, c->ctx);
	if (BN_kronecker(c->u, c->p, c->ctx) < 0)
		return false;
	BN_mod_sqrt(c->x, c->u, c->p, c->ctx);
	if (BN_is_zero(c->x))
		return !sign;
	if (BN_is_odd(c->x) != sign)
		BN_sub(c->x, c->p, c->x);
	return true;
}

static void check_decoding(struct curve *c, const uint8_t in[32])
{
	const bool expected = expect_point(c, in);
	BIGNUM *x, *y, *t;
	struct kv_ge p;

	REQUIRE(kv_ge_decode(&p, in) == expected);
	if (!expected)
		return;
	x = from_element(&p.x);
	y = from_element(&p.y);
	t = from_element(&p.t);
	CHECK(!BN_cmp(x, c->x));
	CHECK(!BN_cmp(y, c->y));
	BN_mod_mul(x, x, y, c->p, c->ctx);
	CHECK(!BN_cmp(x, t));
	BN_free(x);
	BN_free(y);
	BN_free(t);
	x = from_element(&p.z);
	CHECK(BN_is_one(x));
	BN_free(x);
}

static void decoding(void)
{
	struct curve c = {
		.ctx = BN_CTX_new(), .y = BN_new(), .u = BN_new(),
		.v = BN_new(), .x = BN_new(),
	};
	uint8_t in[32];

	BN_hex2bn(&c.p, "7fffffffffffffffffffffffffffffff"
			"ffffffffffffffffffffffffffffffed");
	BN_hex2bn(&c.d, "52036cee2b6ffe738cc740797779e898"
			"00700a4d4141d8ab75eb4dca135978a3");
	for (unsigned int i = 0; i < 3000; i++) {
		home_random(in, 32);
		if (i < 512) {		/* around 0 and p, both signs */
			if (i % 2)
				from_p_on(in, (unsigned int)(0 - 0xed));
			else
				memset(in, 0, 32);
			in[0] = (uint8_t)(i / 2);
			in[31] |= (uint8_t)(home_below(2) << 7);
		}
		check_decoding(&c, in);
	}
	for (int i = 0; i < 5; i++) {
		home_unhex(in, 32, small_y[i]);
		check_decoding(&c, in);
		in[31] |= 0x80;
		check_decoding(&c, in);
	}
	BN_free(c.p);
	BN_free(c.d);
	BN_free(c.y);
	BN_free(c.u);
	BN_free(c.v);
	BN_free(c.x);
	BN_CTX_free(c.ctx);
}

int main(void)
{
	TAP_RUN(the_order_added_to_s);
	TAP_RUN(s_is_the_order);
	TAP_RUN(keys_of_small_order);
	TAP_RUN(keys_of_mixed_order);
	TAP_RUN(keys_that_are_not_canonical);
	TAP_RUN(an_r_that_is_not_canonical);
	TAP_RUN(decoding);
	return tap_done();
}
