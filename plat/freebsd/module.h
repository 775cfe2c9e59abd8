/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* module.h - what the parts of the module share */
#ifndef KV_MODULE_H
#define KV_MODULE_H

#include <sys/param.h>
#include <sys/kernel.h>
#include <sys/malloc.h>

MALLOC_DECLARE(M_KEYVAULT);

void kv_alarms_init(void);
void kv_alarms_exit(void);

#endif /* KV_MODULE_H */
