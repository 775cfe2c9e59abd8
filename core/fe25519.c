/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * fe25519.c - integers modulo 2^255 - 19, see fe25519.h
 */
#include "fe25519.h"

typedef unsigned __int128 u128;

#define MASK51	0x7ffffffffffffULL

static inline u128 mul64(uint64_t a, uint64_t b)
{
	return (u128)a * b;
}

/*
 * A product is summed up column by column. With loose operands a column, with
 * what the one below carries into it, is below 78 * 2^108, and the highest below
 * 6 * 2^108: every carry fits 64 bits, the last one (below 2^59.6) also times 19,
 * as which it comes in below, since 2^255 = 19.
 */
static inline uint64_t low51(u128 t)
{
	return (uint64_t)t & MASK51;
}

static inline uint64_t carry51(u128 t)
{
	return (uint64_t)(t >> 51);
}

void kv_fe_mul(struct kv_fe *r, const struct kv_fe *a, const struct kv_fe *b)
{
	const uint64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3],
		       a4 = a->v[4];
	const uint64_t b0 = b->v[0], b1 = b->v[1], b2 = b->v[2], b3 = b->v[3],
		       b4 = b->v[4];
	/* what stands above 2^255 comes back times 19 */
	const uint64_t c1 = 19 * a1, c2 = 19 * a2, c3 = 19 * a3, c4 = 19 * a4;
	uint64_t r0, r1, r2, r3;
	u128 t;

	t = mul64(a0, b0) + mul64(c1, b4) + mul64(c2, b3) + mul64(c3, b2) +
	    mul64(c4, b1);
	r0 = low51(t);
	t = carry51(t) + mul64(a0, b1) + mul64(a1, b0) + mul64(c2, b4) +
	    mul64(c3, b3) + mul64(c4, b2);
	r1 = low51(t);
	t = carry51(t) + mul64(a0, b2) + mul64(a1, b1) + mul64(a2, b0) +
	    mul64(c3, b4) + mul64(c4, b3);
	r2 = low51(t);
	t = carry51(t) + mul64(a0, b3) + mul64(a1, b2) + mul64(a2, b1) +
	    mul64(a3, b0) + mul64(c4, b4);
	r3 = low51(t);
	t = carry51(t) + mul64(a0, b4) + mul64(a1, b3) + mul64(a2, b2) +
	    mul64(a3, b1) + mul64(a4, b0);
	r0 += 19 * carry51(t);
	*r = (struct kv_fe){ {
		r0 & MASK51, r1 + (r0 >> 51), r2, r3, low51(t)
	} };
}

void kv_fe_square_n(struct kv_fe *r, const struct kv_fe *a, unsigned int n)
{
	uint64_t a0 = a->v[0], a1 = a->v[1], a2 = a->v[2], a3 = a->v[3],
		 a4 = a->v[4];

	do {
		const uint64_t d0 = 2 * a0, d1 = 2 * a1;
		const uint64_t c3 = 19 * a3, c4 = 19 * a4, e4 = 2 * c4;
		uint64_t r0, r1, r2, r3;
		u128 t;

		t = mul64(a0, a0) + mul64(a1, e4) + mul64(2 * a2, c3);
		r0 = low51(t);
		t = carry51(t) + mul64(d0, a1) + mul64(a2, e4) + mul64(c3, a3);
		r1 = low51(t);
		t = carry51(t) + mul64(d0, a2) + mul64(a1, a1) + mul64(a3, e4);
		r2 = low51(t);
		t = carry51(t) + mul64(d0, a3) + mul64(d1, a2) + mul64(c4, a4);
		r3 = low51(t);
		t = carry51(t) + mul64(d0, a4) + mul64(d1, a3) + mul64(a2, a2);
		a4 = low51(t);
		r0 += 19 * carry51(t);
		a0 = r0 & MASK51;
		a1 = r1 + (r0 >> 51);
		a2 = r2;
		a3 = r3;
	} while (--n);
	*r = (struct kv_fe){ { a0, a1, a2, a3, a4 } };
}

/* r = a^(2^n) * b */
static void shift_mul(struct kv_fe *r, const struct kv_fe *a, unsigned int n,
		      const struct kv_fe *b)
{
	struct kv_fe t;

	kv_fe_square_n(&t, a, n);
	kv_fe_mul(r, &t, b);
	kv_os_wipe(&t, sizeof(t));
}

/*
 * z^(2^250 - 1), whose exponent is 250 ones in binary: a run of ones, shifted by
 * its own length, times itself, is a run twice as long. z^11 falls out.
 */
static void ones_250(struct kv_fe *r, struct kv_fe *z11, const struct kv_fe *z)
{
	struct {
		struct kv_fe z2, z9, n5, n10, n20, n50, n100;
	} s;

	kv_fe_square(&s.z2, z);
	shift_mul(&s.z9, &s.z2, 2, z);		/* 9 = 2 * 4 + 1 */
	kv_fe_mul(z11, &s.z9, &s.z2);
	shift_mul(&s.n5, z11, 1, &s.z9);	/* 31 = 11 * 2 + 9 */
	shift_mul(&s.n10, &s.n5, 5, &s.n5);
	shift_mul(&s.n20, &s.n10, 10, &s.n10);
	shift_mul(&s.n50, &s.n20, 20, &s.n20);	/* 40 ones so far */
	shift_mul(&s.n50, &s.n50, 10, &s.n10);
	shift_mul(&s.n100, &s.n50, 50, &s.n50);
	shift_mul(r, &s.n100, 100, &s.n100);
	shift_mul(r, r, 50, &s.n50);
	kv_os_wipe(&s, sizeof(s));
}

/* Fermat: z^(p-2), and p - 2 = (2^250 - 1) * 2^5 + 11. */
void kv_fe_invert(struct kv_fe *r, const struct kv_fe *z)
{
	struct {
		struct kv_fe ones, z11;
	} s;

	ones_250(&s.ones, &s.z11, z);
	shift_mul(r, &s.ones, 5, &s.z11);
	kv_os_wipe(&s, sizeof(s));
}

/* (p-5)/8 = 2^252 - 3 = (2^250 - 1) * 2^2 + 1 */
void kv_fe_root_power(struct kv_fe *r, const struct kv_fe *z)
{
	struct kv_fe ones, z11;

	ones_250(&ones, &z11, z);
	shift_mul(r, &ones, 2, z);
}

static uint64_t load64(const uint8_t *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	       (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	       (uint64_t)p[7] << 56;
}

static void store64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

void kv_fe_from_bytes(struct kv_fe *r, const uint8_t in[32])
{
	/* limb i starts at bit 51 i: in byte 0, 6, 12, 19, 24 */
	r->v[0] = load64(in) & MASK51;
	r->v[1] = load64(in + 6) >> 3 & MASK51;
	r->v[2] = load64(in + 12) >> 6 & MASK51;
	r->v[3] = load64(in + 19) >> 1 & MASK51;
	r->v[4] = load64(in + 24) >> 12 & MASK51;
}

/* One round of carries: limbs below 2^51, but for @v[0] up to 19 times more. */
static void carry_once(uint64_t v[5])
{
	for (int i = 0; i < 4; i++) {
		v[i + 1] += v[i] >> 51;
		v[i] &= MASK51;
	}
	v[0] += 19 * (v[4] >> 51);
	v[4] &= MASK51;
}

void kv_fe_to_bytes(uint8_t out[32], const struct kv_fe *a)
{
	struct kv_fe s = *a;
	uint64_t over = 19;

	carry_once(s.v);
	/* now below 2^255 + 152 < 2p; it is p or more if adding 19 reaches 2^255 */
	for (int i = 0; i < 5; i++)
		over = (s.v[i] + over) >> 51;
	s.v[0] += 19 * over;
	for (int i = 0; i < 4; i++) {
		s.v[i + 1] += s.v[i] >> 51;
		s.v[i] &= MASK51;
	}
	/* bit 255 of a value that had p or more falls off here: less 2^255 */
	s.v[4] &= MASK51;
	store64(out, s.v[0] | s.v[1] << 51);
	store64(out + 8, s.v[1] >> 13 | s.v[2] << 38);
	store64(out + 16, s.v[2] >> 26 | s.v[3] << 25);
	store64(out + 24, s.v[3] >> 39 | s.v[4] << 12);
	kv_os_wipe(&s, sizeof(s));
}
