/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ge25519.h - the group of edwards25519: -x^2 + y^2 = 1 + d x^2 y^2
 *
 * Points are in extended coordinates (RFC 8032 5.1.4): x = X/Z, y = Y/Z,
 * x y = T/Z. The formulas are complete: they need no exceptions.
 */
#ifndef KV_GE25519_H
#define KV_GE25519_H

#include "fe25519.h"

struct kv_ge {
	struct kv_fe x, y, z, t;	/* tight */
};

/* A known point with Z = 1, in the form in which it is added: tight. */
struct kv_ge_affine {
	struct kv_fe sum, diff, t2d;	/* y + x, y - x, 2 d x y */
};

/* ed25519_table.c, made by tools/ed25519_table.py */
extern const struct kv_fe kv_fe_d;		/* -121665/121666 */
extern const struct kv_fe kv_fe_2d;
extern const struct kv_fe kv_fe_root_minus_1;	/* 2^((p-1)/4) */
/* [i][j]: (j + 1) 256^i B */
extern const struct kv_ge_affine kv_ge_base_comb[32][8];
/* [j]: (2 j + 1) B */
extern const struct kv_ge_affine kv_ge_base_odd[32];

/*
 * The encoding of [@scalar]B, @scalar below 2^255, in constant time. For secret
 * scalars.
 */
void kv_ge_base_mul(uint8_t out[32], const uint8_t scalar[32]);

/* For public values only, all that follow: their time depends on them. */

/* RFC 8032 5.1.3: false, and @p undefined, if @in is no encoding of a point. */
bool kv_ge_decode(struct kv_ge *p, const uint8_t in[32]);
/* Whether [8]p is the neutral element. */
bool kv_ge_small_order(const struct kv_ge *p);
/* The encoding of [b]B - [a]p, @a and @b below L. */
void kv_ge_mul_sub(uint8_t out[32], const uint8_t a[32], const struct kv_ge *p,
		   const uint8_t b[32]);

#endif /* KV_GE25519_H */
