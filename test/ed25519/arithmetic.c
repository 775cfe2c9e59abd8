/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * arithmetic.c - the field, the scalars and the group beside OpenSSL's BIGNUM and
 * beside each other, also with the longest limbs that each function takes
 */
#include <openssl/bn.h>
#include "../tap.h"
#include "ge25519.h"
#include "home.h"
#include "sc25519.h"

#define ROUNDS	4000

static BN_CTX *ctx;
static BIGNUM *prime, *order;

static const uint64_t tight = (1ull << 51) + (1 << 13) - 1;
static const uint64_t loose = (1ull << 54) - 1;
static const uint64_t sub_max = (1ull << 53) - 76;

/* A limb up to @max, one in two of them an edge */
static uint64_t limb(uint64_t max)
{
	const uint64_t edge[] = {
		0, 1, 18, 19, (1ull << 51) - 20, (1ull << 51) - 19,
		(1ull << 51) - 1, 1ull << 51, max - 1, max, max, max,
	};
	uint64_t v;

	if (home_below(2))
		return edge[home_below(sizeof(edge) / sizeof(edge[0]))];
	home_random(&v, sizeof(v));
	return v % (max + 1);
}

static struct kv_fe element(uint64_t max)
{
	struct kv_fe a;

	for (int i = 0; i < 5; i++)
		a.v[i] = limb(max);
	return a;
}

static struct kv_fe longest(uint64_t max)
{
	return (struct kv_fe){ { max, max, max, max, max } };
}

static bool within(const struct kv_fe *a, uint64_t max)
{
	for (int i = 0; i < 5; i++) {
		if (a->v[i] > max)
			return false;
	}
	return true;
}

/* The number that limbs stand for, modulo p; the caller frees it. */
static BIGNUM *number(const struct kv_fe *a)
{
	BIGNUM *sum = BN_new(), *one = BN_new();

	for (int i = 4; i >= 0; i--) {
		BN_lshift(sum, sum, 51);
		BN_set_word(one, a->v[i]);
		BN_add(sum, sum, one);
	}
	BN_nnmod(sum, sum, prime, ctx);
	BN_free(one);
	return sum;
}

/* Whether @a is @n modulo p; frees @n. */
static bool is(const struct kv_fe *a, BIGNUM *n)
{
	BIGNUM *m = number(a);
	bool same;

	BN_nnmod(n, n, prime, ctx);
	same = !BN_cmp(m, n);
	BN_free(m);
	BN_free(n);
	return same;
}

typedef int bn_mod_op(BIGNUM *, const BIGNUM *, const BIGNUM *, const BIGNUM *,
		      BN_CTX *);

/* a OP b modulo p; the caller frees it */
static BIGNUM *expect(bn_mod_op *op, const struct kv_fe *a, const struct kv_fe *b)
{
	BIGNUM *x = number(a), *y = number(b), *r = BN_new();

	op(r, x, y, prime, ctx);
	BN_free(x);
	BN_free(y);
	return r;
}

static void check_products(const struct kv_fe *a, const struct kv_fe *b)
{
	struct kv_fe r;

	kv_fe_mul(&r, a, b);
	CHECK(within(&r, tight));
	CHECK(is(&r, expect(BN_mod_mul, a, b)));
	kv_fe_square(&r, a);
	CHECK(within(&r, tight));
	CHECK(is(&r, expect(BN_mod_mul, a, a)));
	r = *b;
	kv_fe_mul(&r, &r, &r);
	CHECK(is(&r, expect(BN_mod_mul, b, b)));
}

static void products_of_loose_limbs(void)
{
	struct kv_fe a = longest(loose), b = a;

	check_products(&a, &b);
	for (int i = 0; i < ROUNDS; i++) {
		a = element(loose);
		b = element(loose);
		check_products(&a, &b);
	}
}

static void squaring_many_times(void)
{
	for (unsigned int n = 1; n < 60; n++) {
		struct kv_fe a = element(loose), many = a, one = a;

		kv_fe_square_n(&many, &many, n);
		for (unsigned int i = 0; i < n; i++)
			kv_fe_square(&one, &one);
		CHECK(is(&many, number(&one)));
	}
}

static void check_sums(const struct kv_fe *a, const struct kv_fe *b,
		       const struct kv_fe *c)
{
	struct kv_fe r, s;

	kv_fe_add(&r, a, b);
	CHECK(within(&r, 2 * sub_max));
	CHECK(is(&r, expect(BN_mod_add, a, b)));
	kv_fe_sub(&r, a, b);
	CHECK(within(&r, sub_max + (1ull << 53)));
	CHECK(is(&r, expect(BN_mod_sub, a, b)));
	r = *c;
	s = *b;
	kv_fe_cross(&r, &s);
	CHECK(within(&r, sub_max + (1ull << 52)));
	CHECK(is(&r, expect(BN_mod_sub, b, c)));
	CHECK(is(&s, expect(BN_mod_add, b, c)));
}

static void sums_and_differences(void)
{
	struct kv_fe a = longest(0), b = longest(sub_max), c = longest(tight);

	check_sums(&a, &b, &c);
	check_sums(&b, &a, &c);
	for (int i = 0; i < ROUNDS; i++) {
		a = element(sub_max);
		b = element(sub_max);
		c = element(tight);
		check_sums(&a, &b, &c);
	}
}

static void picking(void)
{
	struct kv_fe a = element(loose), b = element(loose), r = a;

	kv_fe_pick(&r, &b, 0);
	CHECK(!memcmp(&r, &a, sizeof(r)));
	kv_fe_pick(&r, &b, ~0ull);
	CHECK(!memcmp(&r, &b, sizeof(r)));
}

static BIGNUM *power(const struct kv_fe *a, const char *exponent_hex)
{
	BIGNUM *x = number(a), *e = NULL, *r = BN_new();

	BN_hex2bn(&e, exponent_hex);
	BN_mod_exp(r, x, e, prime, ctx);
	BN_free(x);
	BN_free(e);
	return r;
}

static void inverses_and_root_powers(void)
{
	struct kv_fe r;

	for (int i = 0; i < 200; i++) {
		const struct kv_fe a = i ? element(loose) : longest(0);

		kv_fe_invert(&r, &a);
		CHECK(is(&r, power(&a, "7fffffffffffffffffffffffffffffff"
				       "ffffffffffffffffffffffffffffffeb")));
		kv_fe_root_power(&r, &a);
		CHECK(is(&r, power(&a, "0fffffffffffffffffffffffffffffff"
				       "fffffffffffffffffffffffffffffffd")));
	}
}

/* The one encoding of a value, and back. */
static void check_encoding(const struct kv_fe *a)
{
	BIGNUM *n = number(a);
	uint8_t bytes[32], expected[32];
	struct kv_fe back;

	BN_bn2lebinpad(n, expected, 32);
	kv_fe_to_bytes(bytes, a);
	CHECK(!memcmp(bytes, expected, 32));
	kv_fe_from_bytes(&back, bytes);
	CHECK(within(&back, (1ull << 51) - 1));
	CHECK(is(&back, n));
	bytes[31] |= 0x80;
	kv_fe_from_bytes(&back, bytes);
	CHECK(is(&back, number(a)));
}

static void encodings(void)
{
	struct kv_fe a = longest(loose);

	check_encoding(&a);
	for (uint64_t small = 0; small < 40; small++) {
		/* around 0, p and 2^255 */
		kv_fe_set(&a, small);
		check_encoding(&a);
		a = longest((1ull << 51) - 1);
		a.v[0] = a.v[0] + small - 20;
		check_encoding(&a);
	}
	for (int i = 0; i < ROUNDS; i++) {
		a = element(loose);
		check_encoding(&a);
	}
}

/* Values around multiples of L, and powers of two, and random ones */
static void scalar(uint8_t *out, int size)
{
	BIGNUM *n = BN_new(), *m = BN_new();
	uint8_t random[64];

	home_random(random, sizeof(random));
	BN_lebin2bn(random, 1 + (int)home_below((uint32_t)size), n);
	switch (home_below(4)) {
	case 0:			/* a multiple of L, a little more or less */
		BN_mul(n, n, order, ctx);
		BN_set_word(m, home_below(3));
		home_below(2) ? BN_add(n, n, m) : BN_sub(n, n, m);
		break;
	case 1:			/* all ones, from some bit down */
		BN_one(n);
		BN_lshift(n, n, (int)home_below(8u * (uint32_t)size + 1));
		BN_sub_word(n, 1);
		break;
	}
	BN_set_negative(n, 0);
	BN_mask_bits(n, 8 * size);
	BN_bn2lebinpad(n, out, size);
	BN_free(n);
	BN_free(m);
}

/* Whether @r is @n modulo L, and below it; frees @n. */
static bool is_scalar(const uint8_t r[32], BIGNUM *n)
{
	uint8_t expected[32];

	BN_nnmod(n, n, order, ctx);
	BN_bn2lebinpad(n, expected, 32);
	BN_free(n);
	return !memcmp(r, expected, 32);
}

static void reductions(void)
{
	uint8_t x[64], r[32];

	memset(x, 0xff, sizeof(x));
	for (int i = 0; i < 4 * ROUNDS; i++) {
		kv_sc_reduce(r, x);
		CHECK(is_scalar(r, BN_lebin2bn(x, 64, NULL)));
		scalar(x, 64);
	}
}

/* a b + c; the caller frees it */
static BIGNUM *muladd(const uint8_t a[32], const uint8_t b[32], const uint8_t c[32])
{
	BIGNUM *x = BN_lebin2bn(a, 32, NULL), *y = BN_lebin2bn(b, 32, NULL);
	BIGNUM *z = BN_lebin2bn(c, 32, NULL);

	BN_mul(x, x, y, ctx);
	BN_add(x, x, z);
	BN_free(y);
	BN_free(z);
	return x;
}

static void products_of_scalars(void)
{
	uint8_t a[32], b[32], c[32], r[32];

	memset(a, 0xff, 32);
	memset(b, 0xff, 32);
	memset(c, 0xff, 32);
	for (int i = 0; i < 4 * ROUNDS; i++) {
		kv_sc_muladd(r, a, b, c);
		CHECK(is_scalar(r, muladd(a, b, c)));
		scalar(a, 32);
		scalar(b, 32);
		scalar(c, 32);
	}
}

static void canonical_scalars(void)
{
	uint8_t s[32];

	for (int i = 0; i < 4 * ROUNDS; i++) {
		BIGNUM *n;

		scalar(s, 32);
		n = BN_lebin2bn(s, 32, NULL);
		CHECK(kv_sc_canonical(s) == (BN_cmp(n, order) < 0));
		BN_free(n);
	}
}

/* (x - a k) mod L */
static void mulsub(uint8_t r[32], const uint8_t x[32], const uint8_t a[32],
		   const uint8_t k[32])
{
	uint8_t minus[32], reduced[64] = { 0 };
	BIGNUM *n = BN_lebin2bn(a, 32, NULL);

	BN_nnmod(n, n, order, ctx);
	BN_sub(n, order, n);
	BN_bn2lebinpad(n, minus, 32);
	BN_free(n);
	memcpy(reduced, x, 32);
	kv_sc_reduce(r, reduced);
	kv_sc_muladd(r, minus, k, r);
}

static void reduced_scalar(uint8_t s[32])
{
	uint8_t wide[64] = { 0 };

	scalar(wide, 32);
	kv_sc_reduce(s, wide);
}

/* [b]B - [a][k]B by digits and tables is [b - a k]B by the comb. */
static void two_ways_to_multiply(void)
{
	uint8_t a[32], b[32], k[32], point[32], expected[32], got[32], sum[32];
	struct kv_ge p;

	for (int i = 0; i < ROUNDS / 4; i++) {
		reduced_scalar(a);
		reduced_scalar(b);
		scalar(k, 32);
		k[31] &= 0x7f;
		kv_ge_base_mul(point, k);
		REQUIRE(kv_ge_decode(&p, point));
		kv_ge_mul_sub(got, a, &p, b);
		mulsub(sum, b, a, k);
		kv_ge_base_mul(expected, sum);
		CHECK(!memcmp(got, expected, 32));
	}
}

/* Scalars of one hex digit over and over reach the comb's every column. */
static void every_digit_of_the_comb(void)
{
	for (unsigned int digit = 0; digit < 16; digit++) {
		uint8_t s[32], wide[64] = { 0 }, reduced[32], one[32], two[32];

		memset(s, (int)(digit * 17), 32);
		s[31] &= 0x7f;
		memcpy(wide, s, 32);
		kv_sc_reduce(reduced, wide);
		kv_ge_base_mul(one, s);
		kv_ge_base_mul(two, reduced);
		CHECK(!memcmp(one, two, 32));
	}
}

int main(void)
{
	static const char p_hex[] = "7fffffffffffffffffffffffffffffff"
				    "ffffffffffffffffffffffffffffffed";
	static const char l_hex[] = "10000000000000000000000000000000"
				    "14def9dea2f79cd65812631a5cf5d3ed";

	ctx = BN_CTX_new();
	BN_hex2bn(&prime, p_hex);
	BN_hex2bn(&order, l_hex);
	TAP_RUN(products_of_loose_limbs);
	TAP_RUN(squaring_many_times);
	TAP_RUN(sums_and_differences);
	TAP_RUN(picking);
	TAP_RUN(inverses_and_root_powers);
	TAP_RUN(encodings);
	TAP_RUN(reductions);
	TAP_RUN(products_of_scalars);
	TAP_RUN(canonical_scalars);
	TAP_RUN(two_ways_to_multiply);
	TAP_RUN(every_digit_of_the_comb);
	BN_free(prime);
	BN_free(order);
	BN_CTX_free(ctx);
	return tap_done();
}
