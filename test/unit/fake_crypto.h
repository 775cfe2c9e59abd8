/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* fake_crypto.h - a process's cryptography, by libcrypto */
#ifndef FAKE_CRYPTO_H
#define FAKE_CRYPTO_H

#include "kv_os.h"

/* libcrypto's part in kv_os_crypto(): the functions of @algorithm, or NULL. */
const struct kv_crypto *ssl_crypto(uint32_t algorithm);

#endif /* FAKE_CRYPTO_H */
