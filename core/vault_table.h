/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * vault_table.h - a vault's keys by id; for vault.c
 *
 * Ids are random: their low bits choose the bucket. All but kv_table_grow() are
 * called under the vault's lock.
 */
#ifndef KV_VAULT_TABLE_H
#define KV_VAULT_TABLE_H

#include "vault.h"

#define KV_BUCKETS_MIN	16u

/* The link that leads to the key, or to the end of its bucket. */
struct kv_key **kv_table_link(struct kv_vault *vault, uint64_t id);
/* Takes the key from the table and the quota, for the caller to free, or NULL. */
struct kv_key *kv_table_unlink(struct kv_vault *vault, uint64_t id);
/* Calls @fn for every key until it returns false. */
void kv_table_each(struct kv_vault *vault,
		   bool (*fn)(struct kv_vault *vault, struct kv_key *key, void *arg),
		   void *arg);
/* Doubles the table when it is full, so that lookups stay short. */
int kv_table_grow(struct kv_vault *vault);

#endif /* KV_VAULT_TABLE_H */
