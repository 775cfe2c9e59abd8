/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* crypto.h - the kernel's cryptography as the core's struct kv_crypto */
#ifndef KV_CRYPTO_H
#define KV_CRYPTO_H

#include "kv_os.h"
#include "keyvault.h"

/*
 * Overwrites the part of the stack that functions called before have used: some
 * of the kernel's leave their state, which comes of a key, there.
 */
void kv_wipe_stack(void);

/* crypto_ocf.c */
extern const struct kv_crypto kv_crypto_gcm;
extern const struct kv_crypto kv_crypto_chacha;
extern const struct kv_crypto kv_crypto_cbc;
extern const struct kv_crypto kv_crypto_ctr;

/* crypto_hash.c */
extern const struct kv_crypto kv_crypto_sha256;
extern const struct kv_crypto kv_crypto_sha512;
extern const struct kv_crypto kv_crypto_hmac_sha256;
extern const struct kv_crypto kv_crypto_hmac_sha512;

#endif /* KV_CRYPTO_H */
