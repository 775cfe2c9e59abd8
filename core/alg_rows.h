/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* alg_rows.h - the functions that rows of the algorithm table name */
#ifndef KV_ALG_ROWS_H
#define KV_ALG_ROWS_H

#include "key.h"

/* alg.c: the home prepares the bytes */
int kv_home_prepare(struct kv_secret *secret);
void kv_home_release(struct kv_secret *secret);
#define KV_ALG_BY_HOME	.prepare = kv_home_prepare, .release = kv_home_release

/* alg_curve.c */
int kv_ed25519_prepare(struct kv_secret *secret);
int kv_ed25519_prepare_public(struct kv_secret *secret);
void kv_ed25519_release(struct kv_secret *secret);
int kv_ed25519_sign(const struct kv_secret *secret, const uint8_t *msg,
		    size_t len, uint8_t *sig);
int kv_ed25519_verify(const struct kv_secret *secret, const uint8_t *msg,
		      size_t len, const uint8_t sig[64]);
int kv_x25519_prepare(struct kv_secret *secret);

#endif /* KV_ALG_ROWS_H */
