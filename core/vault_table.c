// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* vault_table.c - a vault's keys by id: a hash table that doubles as it fills */

#include "vault_table.h"

struct kv_key **kv_table_link(struct kv_vault *vault, uint64_t id)
{
	struct kv_key **link = &vault->bucket[id & (vault->n_buckets - 1)];

	while (*link && (*link)->id != id)
		link = &(*link)->next;
	return link;
}

struct kv_key *kv_table_unlink(struct kv_vault *vault, uint64_t id)
{
	struct kv_key **link = kv_table_link(vault, id);
	struct kv_key *key = *link;

	if (!key)
		return NULL;
	*link = key->next;
	vault->n_keys--;
	if (key->secret)
		vault->key_bytes -= key->secret->len;
	return key;
}

void kv_table_each(struct kv_vault *vault,
		   bool (*fn)(struct kv_vault *vault, struct kv_key *key, void *arg),
		   void *arg)
{
	struct kv_key *key;
	uint32_t i;

	for (i = 0; i < vault->n_buckets; i++)
		for (key = vault->bucket[i]; key; key = key->next)
			if (!fn(vault, key, arg))
				return;
}

int kv_table_grow(struct kv_vault *vault)
{
	struct kv_key **fresh = NULL, **stale = NULL, *key;
	uint32_t i, n, n_stale = 0;

	kv_os_lock(&vault->lock);
	n = vault->n_keys >= vault->n_buckets ? 2 * vault->n_buckets : 0;
	kv_os_unlock(&vault->lock);
	if (!n)
		return 0;
	fresh = kv_os_alloc(n * sizeof(*fresh));
	if (!fresh)
		return -ENOMEM;

	kv_os_lock(&vault->lock);
	if (vault->n_buckets < n) {	/* nobody else was faster */
		stale = vault->bucket;
		n_stale = vault->n_buckets;
		for (i = 0; i < n_stale; i++) {
			while ((key = stale[i])) {
				stale[i] = key->next;
				key->next = fresh[key->id & (n - 1)];
				fresh[key->id & (n - 1)] = key;
			}
		}
		vault->bucket = fresh;
		vault->n_buckets = n;
		fresh = NULL;	/* the vault owns it now */
	}
	kv_os_unlock(&vault->lock);
	kv_os_free(stale, n_stale * sizeof(*stale));
	kv_os_free(fresh, n * sizeof(*fresh));
	return 0;
}
