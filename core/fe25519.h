/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * fe25519.h - the field of curve25519: integers modulo p = 2^255 - 19
 *
 * An element is five limbs of 51 bits, the lowest first, kept redundantly: limbs
 * may be longer, and a value has many representations. Each function says which
 * limbs it takes and gives:
 *
 *   tight   below 2^51 + 2^13: what a multiplication gives
 *   loose   below 2^54: what a multiplication takes
 *
 * Everything here is constant time: no branch and no address depends on a value.
 * Results may be the same object as operands. 64-bit machines only (the product
 * of two limbs needs an unsigned __int128).
 */
#ifndef KV_FE25519_H
#define KV_FE25519_H

#include "kv_os.h"

struct kv_fe {
	uint64_t v[5];
};

static inline void kv_fe_set(struct kv_fe *r, uint64_t small)
{
	*r = (struct kv_fe){ { small } };
}

/* r = a + b: no carry, so limbs add up (tight + tight is loose). */
static inline void kv_fe_add(struct kv_fe *r, const struct kv_fe *a,
			     const struct kv_fe *b)
{
	r->v[0] = a->v[0] + b->v[0];
	r->v[1] = a->v[1] + b->v[1];
	r->v[2] = a->v[2] + b->v[2];
	r->v[3] = a->v[3] + b->v[3];
	r->v[4] = a->v[4] + b->v[4];
}

/* r = a - b as a + 4p - b: limbs of @b at most 2^53 - 76, limbs grow by 2^53. */
static inline void kv_fe_sub(struct kv_fe *r, const struct kv_fe *a,
			     const struct kv_fe *b)
{
	r->v[0] = a->v[0] + 0x1fffffffffffb4 - b->v[0];
	r->v[1] = a->v[1] + 0x1ffffffffffffc - b->v[1];
	r->v[2] = a->v[2] + 0x1ffffffffffffc - b->v[2];
	r->v[3] = a->v[3] + 0x1ffffffffffffc - b->v[3];
	r->v[4] = a->v[4] + 0x1ffffffffffffc - b->v[4];
}

/* r = a - b as a + 2p - b: @b tight, limbs grow by 2^52. */
static inline void kv_fe_sub_tight(struct kv_fe *r, const struct kv_fe *a,
				   const struct kv_fe *b)
{
	r->v[0] = a->v[0] + 0xfffffffffffda - b->v[0];
	r->v[1] = a->v[1] + 0xffffffffffffe - b->v[1];
	r->v[2] = a->v[2] + 0xffffffffffffe - b->v[2];
	r->v[3] = a->v[3] + 0xffffffffffffe - b->v[3];
	r->v[4] = a->v[4] + 0xffffffffffffe - b->v[4];
}

/* The butterfly (a, b) = (b - a, b + a): @a tight. */
static inline void kv_fe_cross(struct kv_fe *a, struct kv_fe *b)
{
	const struct kv_fe t = *a;

	kv_fe_sub_tight(a, b, &t);
	kv_fe_add(b, b, &t);
}

/* r = a where @mask is all ones, unchanged where it is 0. */
static inline void kv_fe_pick(struct kv_fe *r, const struct kv_fe *a,
			      uint64_t mask)
{
	r->v[0] ^= mask & (r->v[0] ^ a->v[0]);
	r->v[1] ^= mask & (r->v[1] ^ a->v[1]);
	r->v[2] ^= mask & (r->v[2] ^ a->v[2]);
	r->v[3] ^= mask & (r->v[3] ^ a->v[3]);
	r->v[4] ^= mask & (r->v[4] ^ a->v[4]);
}

/* Loose operands, tight results. */
void kv_fe_mul(struct kv_fe *r, const struct kv_fe *a, const struct kv_fe *b);
/* r = a^(2^n), n at least 1 and public. */
void kv_fe_square_n(struct kv_fe *r, const struct kv_fe *a, unsigned int n);

static inline void kv_fe_square(struct kv_fe *r, const struct kv_fe *a)
{
	kv_fe_square_n(r, a, 1);
}

/* r = 1/z, and 0 for 0. */
void kv_fe_invert(struct kv_fe *r, const struct kv_fe *z);
/* r = z^((p-5)/8), the heart of a square root (RFC 8032 5.1.3, step 2). */
void kv_fe_root_power(struct kv_fe *r, const struct kv_fe *z);

/* Little endian (RFC 8032 5.1.2). The top bit is ignored; p and above are taken. */
void kv_fe_from_bytes(struct kv_fe *r, const uint8_t in[32]);
/* The one encoding below p of a loose @a. */
void kv_fe_to_bytes(uint8_t out[32], const struct kv_fe *a);

#endif /* KV_FE25519_H */
