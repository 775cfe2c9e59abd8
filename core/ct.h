/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ct.h - masks for constant-time code
 */
#ifndef KV_CT_H
#define KV_CT_H

#include "kv_os.h"

/* Hides a value's origin from the compiler, so that no mask becomes a branch. */
static inline uint64_t kv_ct_opaque(uint64_t v)
{
	__asm__("" : "+r" (v));
	return v;
}

/* All ones if @bit is 1, 0 if it is 0. */
static inline uint64_t kv_ct_mask(uint64_t bit)
{
	return kv_ct_opaque(0 - bit);
}

/* All ones if @a and @b, both below 2^63, are equal, else 0. */
static inline uint64_t kv_ct_mask_equal(uint64_t a, uint64_t b)
{
	return kv_ct_mask(((a ^ b) - 1) >> 63);
}

#endif /* KV_CT_H */
