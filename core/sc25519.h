/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sc25519.h - scalars of Ed25519: integers modulo the order of the base point,
 * L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032 5.1)
 *
 * Little endian. Constant time, but for kv_sc_canonical().
 */
#ifndef KV_SC25519_H
#define KV_SC25519_H

#include "kv_os.h"

/* r = x mod L */
void kv_sc_reduce(uint8_t r[32], const uint8_t x[64]);
/* r = (a b + c) mod L, for any 256-bit a, b, c */
void kv_sc_muladd(uint8_t r[32], const uint8_t a[32], const uint8_t b[32],
		  const uint8_t c[32]);
/* Whether @s, which is public, is below L. */
bool kv_sc_canonical(const uint8_t s[32]);

#endif /* KV_SC25519_H */
