/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sc25519.c - integers modulo L, see sc25519.h
 *
 * Barrett's reduction as in the Handbook of Applied Cryptography, 14.42, with
 * four 64-bit limbs, the lowest first.
 */
#include "ct.h"
#include "sc25519.h"

typedef unsigned __int128 u128;

static const uint64_t order[5] = {
	0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000, 0
};

/* floor(2^512 / L) */
static const uint64_t inverse[5] = {
	0xed9ce5a30a2c131b, 0x2106215d086329a7, 0xffffffffffffffeb,
	0xffffffffffffffff, 0xf
};

static void load(uint64_t *r, const uint8_t *in, int limbs)
{
	for (int i = 0; i < limbs; i++) {
		r[i] = 0;
		for (int j = 7; j >= 0; j--)
			r[i] = r[i] << 8 | in[8 * i + j];
	}
}

static void store(uint8_t out[32], const uint64_t a[4])
{
	for (int i = 0; i < 32; i++)
		out[i] = (uint8_t)(a[i / 8] >> 8 * (i % 8));
}

/*
 * r = a b, as long as both together; not in place. Not inlined: where more is
 * alive than there are registers, compilers leave copies of limbs on the stack.
 */
static __attribute__((__noinline__)) void
mul(uint64_t *r, const uint64_t *a, int a_limbs, const uint64_t *b, int b_limbs)
{
	memset(r, 0, (size_t)(a_limbs + b_limbs) * sizeof(*r));
	for (int i = 0; i < a_limbs; i++) {
		uint64_t carry = 0;

		for (int j = 0; j < b_limbs; j++) {
			u128 t = (u128)a[i] * b[j] + r[i + j] + carry;

			r[i + j] = (uint64_t)t;
			carry = (uint64_t)(t >> 64);
		}
		r[i + b_limbs] = carry;
	}
}

/* r = a + (b & mask), returns the carry */
static uint64_t add(uint64_t *r, const uint64_t *a, const uint64_t *b,
		    uint64_t mask, int limbs)
{
	uint64_t carry = 0;

	for (int i = 0; i < limbs; i++) {
		u128 t = (u128)a[i] + (b[i] & mask) + carry;

		r[i] = (uint64_t)t;
		carry = (uint64_t)(t >> 64);
	}
	return carry;
}

/* r = a - b, returns the borrow */
static uint64_t sub(uint64_t *r, const uint64_t *a, const uint64_t *b, int limbs)
{
	uint64_t borrow = 0;

	for (int i = 0; i < limbs; i++) {
		u128 t = (u128)a[i] - b[i] - borrow;

		r[i] = (uint64_t)t;
		borrow = (uint64_t)(t >> 64) & 1;
	}
	return borrow;
}

/*
 * r = x mod L. The quotient from the inverse is never too big, and too small by 1
 * at most: by less than 0.23 for the digits of 2^512 / L that the inverse lacks,
 * 2^-60 for those of x that are left out, and 1 for rounding.
 */
static void reduce(uint8_t r[32], const uint64_t x[8])
{
	struct {
		uint64_t quotient[10], multiple[10], rest[5];
	} s;
	uint64_t borrow;

	mul(s.quotient, x + 3, 5, inverse, 5);
	mul(s.multiple, s.quotient + 5, 5, order, 5);
	sub(s.rest, x, s.multiple, 5);
	borrow = sub(s.rest, s.rest, order, 5);
	add(s.rest, s.rest, order, kv_ct_mask(borrow), 5);
	store(r, s.rest);
	kv_os_wipe(&s, sizeof(s));
}

void kv_sc_reduce(uint8_t r[32], const uint8_t x[64])
{
	uint64_t limbs[8];

	load(limbs, x, 8);
	reduce(r, limbs);
	kv_os_wipe(limbs, sizeof(limbs));
}

void kv_sc_muladd(uint8_t r[32], const uint8_t a[32], const uint8_t b[32],
		  const uint8_t c[32])
{
	struct {
		uint64_t a[4], b[4], c[8], x[8];
	} s;

	memset(&s, 0, sizeof(s));
	load(s.a, a, 4);
	load(s.b, b, 4);
	load(s.c, c, 4);
	mul(s.x, s.a, 4, s.b, 4);
	add(s.x, s.x, s.c, kv_ct_mask(1), 8);
	reduce(r, s.x);
	kv_os_wipe(&s, sizeof(s));
}

bool kv_sc_canonical(const uint8_t s[32])
{
	uint64_t limbs[4];

	load(limbs, s, 4);
	return sub(limbs, limbs, order, 4);
}
