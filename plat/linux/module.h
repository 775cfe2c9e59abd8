/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* module.h - what the parts of the module start and stop; init: 0 or an errno */
#ifndef KV_MODULE_H
#define KV_MODULE_H

int kv_alarms_init(void);
void kv_alarms_exit(void);

/* Frees the spare scratch memory. */
void kv_scratch_exit(void);

/*
 * Finds an implementation of each algorithm, and keeps it from going away; or
 * tells in @failed for which there is none.
 */
int kv_crypto_init(const char **failed);
void kv_crypto_exit(void);

#endif /* KV_MODULE_H */
