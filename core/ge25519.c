/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ge25519.c - the group of edwards25519, see ge25519.h
 *
 * The formulas are those of Hisil, Wong, Carter and Dawson, "Twisted Edwards
 * Curves Revisited" (2008), 3.1 and 3.3, for a = -1.
 */
#include "ct.h"
#include "ge25519.h"

/* Holds compilers back from merging stack frames into one that is too big. */
#define NOINLINE	__attribute__((__noinline__))

/* A sum on its way: X = e f, Y = g h, Z = f g, T = e h. Loose. */
struct sum {
	struct kv_fe e, f, g, h;
};

/* A computed point in the form in which it is added: loose. */
struct addend {
	struct kv_ge_affine n;	/* Y + X, Y - X, 2 d T */
	struct kv_fe z2;	/* 2 Z */
};

static void set_neutral(struct kv_ge *p)
{
	kv_fe_set(&p->x, 0);
	kv_fe_set(&p->y, 1);
	kv_fe_set(&p->z, 1);
	kv_fe_set(&p->t, 0);
}

/* A doubling does not read T: without it, this is a quarter cheaper. */
static void finish_without_t(struct kv_ge *p, const struct sum *s)
{
	kv_fe_mul(&p->x, &s->e, &s->f);
	kv_fe_mul(&p->y, &s->g, &s->h);
	kv_fe_mul(&p->z, &s->f, &s->g);
}

static void finish(struct kv_ge *p, const struct sum *s)
{
	finish_without_t(p, s);
	kv_fe_mul(&p->t, &s->e, &s->h);
}

/* s = p + q, or p - q. @z2 is NULL where q's Z is 1. @negative is public. */
static void add(struct sum *s, const struct kv_ge *p,
		const struct kv_ge_affine *q, const struct kv_fe *z2,
		bool negative)
{
	/* -q has sum and difference exchanged, and the sign of T turned */
	struct kv_fe *f = negative ? &s->g : &s->f;
	struct kv_fe *g = negative ? &s->f : &s->g;

	kv_fe_sub(&s->e, &p->y, &p->x);
	kv_fe_mul(&s->e, &s->e, negative ? &q->sum : &q->diff);
	kv_fe_add(&s->h, &p->y, &p->x);
	kv_fe_mul(&s->h, &s->h, negative ? &q->diff : &q->sum);
	kv_fe_mul(f, &p->t, &q->t2d);
	if (z2)
		kv_fe_mul(g, &p->z, z2);
	else
		kv_fe_add(g, &p->z, &p->z);
	kv_fe_cross(&s->e, &s->h);
	kv_fe_cross(f, g);
}

/* s = 2 p, with the signs of f and h turned: the same point */
static void twice(struct sum *s, const struct kv_ge *p)
{
	kv_fe_add(&s->e, &p->x, &p->y);
	kv_fe_square(&s->e, &s->e);
	kv_fe_square(&s->f, &p->z);
	kv_fe_add(&s->f, &s->f, &s->f);
	kv_fe_square(&s->g, &p->x);
	kv_fe_square(&s->h, &p->y);
	kv_fe_cross(&s->g, &s->h);
	kv_fe_sub(&s->e, &s->e, &s->h);
	kv_fe_sub(&s->f, &s->f, &s->g);
}

/* p = [2^n]p, n at least 1 and public; T is made only at the end */
static void double_n(struct kv_ge *p, struct sum *s, int n)
{
	while (n-- > 1) {
		twice(s, p);
		finish_without_t(p, s);
	}
	twice(s, p);
	finish(p, s);
}

/* RFC 8032 5.1.2; constant time */
static void encode(uint8_t out[32], const struct kv_ge *p)
{
	struct {
		struct kv_fe inverse, x, y;
		uint8_t x_bytes[32];
	} s;

	kv_fe_invert(&s.inverse, &p->z);
	kv_fe_mul(&s.x, &p->x, &s.inverse);
	kv_fe_mul(&s.y, &p->y, &s.inverse);
	kv_fe_to_bytes(s.x_bytes, &s.x);
	kv_fe_to_bytes(out, &s.y);
	out[31] |= (uint8_t)(s.x_bytes[0] << 7);
	kv_os_wipe(&s, sizeof(s));
}

/* Digits in base 16 from -8 to 8 that add up to @scalar, which is below 2^255. */
static void recode_secret(int8_t digit[64], const uint8_t scalar[32])
{
	int carry = 0;

	for (int i = 0; i < 64; i++) {
		int d = (scalar[i / 2] >> 4 * (i % 2) & 15) + carry;

		carry = i < 63 ? (d + 8) >> 4 : 0;
		digit[i] = (int8_t)(d - carry * 16);
	}
}

/*
 * Adds row[i].FIELD to r, which is 0, where mask[i] is all ones; @first is
 * row[0].FIELD.
 */
static void gather(struct kv_fe *r, const struct kv_fe *first,
		   const uint64_t mask[8])
{
	const size_t stride = sizeof(struct kv_ge_affine) / sizeof(*first);
	uint64_t v0 = r->v[0], v1 = 0, v2 = 0, v3 = 0, v4 = 0;

	for (size_t i = 0; i < 8; i++) {
		const uint64_t *v = first[i * stride].v, m = mask[i];

		v0 |= v[0] & m;
		v1 |= v[1] & m;
		v2 |= v[2] & m;
		v3 |= v[3] & m;
		v4 |= v[4] & m;
	}
	*r = (struct kv_fe){ { v0, v1, v2, v3, v4 } };
}

/* q = [digit](row[0]); reads all of @row, whatever the digit. */
static void lookup(struct kv_ge_affine *q, const struct kv_ge_affine row[8],
		   int8_t digit)
{
	const uint64_t sign = (uint8_t)digit >> 7;
	const uint64_t size = (uint64_t)((digit ^ -(int)sign) + (int)sign);
	const uint64_t negative = kv_ct_mask(sign);
	struct {
		uint64_t mask[8];
		struct kv_fe diff, minus;
	} s;

	for (uint64_t i = 0; i < 8; i++)
		s.mask[i] = kv_ct_mask_equal(size, i + 1);
	kv_fe_set(&q->sum, kv_ct_mask_equal(size, 0) & 1);
	q->diff = q->sum;
	kv_fe_set(&q->t2d, 0);
	gather(&q->sum, &row[0].sum, s.mask);
	gather(&q->diff, &row[0].diff, s.mask);
	gather(&q->t2d, &row[0].t2d, s.mask);

	kv_fe_set(&s.minus, 0);
	kv_fe_sub(&s.minus, &s.minus, &q->t2d);
	kv_fe_pick(&q->t2d, &s.minus, negative);
	s.diff = q->diff;
	kv_fe_pick(&q->diff, &q->sum, negative);
	kv_fe_pick(&q->sum, &s.diff, negative);
	kv_os_wipe(&s, sizeof(s));
}

/*
 * The sum of digit[i] 16^i B. The comb has a row for every other i: first the
 * odd digits are added up, times 16, then the even ones.
 */
void kv_ge_base_mul(uint8_t out[32], const uint8_t scalar[32])
{
	struct {
		int8_t digit[64];
		struct kv_ge p;
		struct kv_ge_affine q;
		struct sum sum;
	} s;

	recode_secret(s.digit, scalar);
	set_neutral(&s.p);
	for (int odd = 1; odd >= 0; odd--) {
		for (int i = 0; i < 32; i++) {
			lookup(&s.q, kv_ge_base_comb[i], s.digit[2 * i + odd]);
			add(&s.sum, &s.p, &s.q, NULL, false);
			finish(&s.p, &s.sum);
		}
		if (odd)
			double_n(&s.p, &s.sum, 4);
	}
	encode(out, &s.p);
	kv_os_wipe(&s, sizeof(s));
}

static bool is_odd(const struct kv_fe *a)
{
	uint8_t bytes[32];

	kv_fe_to_bytes(bytes, a);
	return bytes[0] & 1;
}

static bool equal(const struct kv_fe *a, const struct kv_fe *b)
{
	uint8_t a_bytes[32], b_bytes[32];

	kv_fe_to_bytes(a_bytes, a);
	kv_fe_to_bytes(b_bytes, b);
	return !memcmp(a_bytes, b_bytes, 32);
}

/* Whether v x^2 = u */
static bool is_root(const struct kv_fe *x, const struct kv_fe *u,
		    const struct kv_fe *v)
{
	struct kv_fe t;

	kv_fe_square(&t, x);
	kv_fe_mul(&t, &t, v);
	return equal(&t, u);
}

/* x = sqrt(u / v), either one; false if there is none (5.1.3, steps 2 and 3) */
static bool root(struct kv_fe *x, const struct kv_fe *u, const struct kv_fe *v)
{
	struct kv_fe v3, t;

	kv_fe_square(&v3, v);
	kv_fe_mul(&v3, &v3, v);
	kv_fe_square(&t, &v3);
	kv_fe_mul(&t, &t, v);
	kv_fe_mul(&t, &t, u);
	kv_fe_root_power(&t, &t);
	kv_fe_mul(&t, &t, &v3);
	kv_fe_mul(x, &t, u);
	if (is_root(x, u, v))
		return true;
	kv_fe_mul(x, x, &kv_fe_root_minus_1);
	return is_root(x, u, v);
}

bool kv_ge_decode(struct kv_ge *p, const uint8_t in[32])
{
	const bool sign = in[31] >> 7;
	uint8_t y_bytes[32];
	struct kv_fe u, v;

	set_neutral(p);
	kv_fe_from_bytes(&p->y, in);
	kv_fe_to_bytes(y_bytes, &p->y);
	y_bytes[31] |= in[31] & 0x80;
	if (memcmp(y_bytes, in, 32))
		return false;		/* y is not below p */

	kv_fe_square(&u, &p->y);
	kv_fe_mul(&v, &u, &kv_fe_d);
	kv_fe_sub(&u, &u, &p->z);	/* y^2 - 1 */
	kv_fe_add(&v, &v, &p->z);	/* d y^2 + 1 */
	if (!root(&p->x, &u, &v))
		return false;
	if (equal(&p->x, &p->t) && sign)
		return false;		/* there is no -0 */
	if (is_odd(&p->x) != sign) {
		kv_fe_sub(&p->x, &p->t, &p->x);
		kv_fe_mul(&p->x, &p->x, &p->z);	/* tight again */
	}
	kv_fe_mul(&p->t, &p->x, &p->y);
	return true;
}

bool kv_ge_small_order(const struct kv_ge *p)
{
	struct kv_ge q = *p;
	struct kv_fe zero;
	struct sum sum;

	/* [8]p is (0, 1) where [4]p is (0, 1) or (0, -1): where its x is 0 */
	double_n(&q, &sum, 2);
	kv_fe_set(&zero, 0);
	return equal(&q.x, &zero);
}

/*
 * Digits in base 2 that add up to @s: 0, or odd and between -2^(width-1) and
 * 2^(width-1), with at least width - 1 zeros after each that is not 0. @s is
 * public, and below 2^255.
 */
static void recode_public(int8_t digit[256], const uint8_t s[32], int width)
{
	int carry = 0;

	memset(digit, 0, 256);
	for (int i = 0; i < 256; i++) {
		int window = s[i / 8] >> i % 8;

		if ((window & 1) == carry)
			continue;
		if (i < 248)
			window |= s[i / 8 + 1] << (8 - i % 8);
		window = (window & ((1 << width) - 1)) + carry;
		carry = window >> (width - 1);
		digit[i] = (int8_t)(window - (carry << width));
		i += width - 1;
	}
}

static void to_addend(struct addend *r, const struct kv_ge *p)
{
	kv_fe_add(&r->n.sum, &p->y, &p->x);
	kv_fe_sub(&r->n.diff, &p->y, &p->x);
	kv_fe_mul(&r->n.t2d, &p->t, &kv_fe_2d);
	kv_fe_add(&r->z2, &p->z, &p->z);
}

/* p, 3p, 5p, 7p */
static NOINLINE void odd_multiples(struct addend odd[4], const struct kv_ge *p)
{
	struct kv_ge q = *p;
	struct sum sum;

	double_n(&q, &sum, 1);
	to_addend(&odd[0], p);
	for (int i = 1; i < 4; i++) {
		struct kv_ge next;

		add(&sum, &q, &odd[i - 1].n, &odd[i - 1].z2, false);
		finish(&next, &sum);
		to_addend(&odd[i], &next);
	}
}

/* q = [b]B - [a]p from digits of b and a, the highest first (Straus) */
static NOINLINE void straus(struct kv_ge *q, const int8_t a[256],
			    const struct kv_ge *p, const int8_t b[256])
{
	struct addend odd[4];
	struct sum sum;

	odd_multiples(odd, p);
	set_neutral(q);
	for (int i = 255; i >= 0; i--) {
		twice(&sum, q);
		if (a[i]) {
			const struct addend *n = &odd[(a[i] < 0 ? -a[i] : a[i]) / 2];

			finish(q, &sum);
			add(&sum, q, &n->n, &n->z2, a[i] > 0);
		}
		if (b[i]) {
			finish(q, &sum);
			add(&sum, q, &kv_ge_base_odd[(b[i] < 0 ? -b[i] : b[i]) / 2],
			    NULL, b[i] < 0);
		}
		finish_without_t(q, &sum);
	}
}

void kv_ge_mul_sub(uint8_t out[32], const uint8_t a[32], const struct kv_ge *p,
		   const uint8_t b[32])
{
	int8_t a_digit[256], b_digit[256];
	struct kv_ge q;

	recode_public(a_digit, a, 4);	/* for odd_multiples() */
	recode_public(b_digit, b, 7);	/* for kv_ge_base_odd */
	straus(&q, a_digit, p, b_digit);
	encode(out, &q);
}
