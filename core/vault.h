/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * vault.h - vaults and handles
 *
 * A handle is what an open file is: a capability mask and the vault it acts on.
 * A vault is a set of keys with a quota; it lives as long as a handle refers to
 * it. Functions that take an id return -ENOENT where the vault has no such key.
 */
#ifndef KV_VAULT_H
#define KV_VAULT_H

#include "key.h"

struct kv_vault {
	struct kv_ref ref;
	struct kv_lock lock;		/* protects all that follows, and the keys */
	struct kv_key **bucket;		/* by the low bits of the id */
	uint32_t n_buckets;		/* a power of two */
	uint32_t n_keys;
	size_t key_bytes;		/* of the secrets that keys hold */
	struct kv_alarm alarm;		/* rings kv_vault_expire() */
	uint64_t alarm_at;		/* by kv_os_uptime(); 0: not set */
};

struct kv_handle {
	struct kv_vault *vault;		/* one reference */
	uint32_t caps;			/* atomic: it only loses bits */
	bool rdonly;			/* may only ask */
};

/*
 * A new handle to a new, empty vault, with KV_CAP_ALL. -EMFILE: there are
 * max_files of them.
 */
int kv_handle_open(struct kv_handle **handle, bool rdonly);
void kv_handle_close(struct kv_handle *handle);
uint32_t kv_handle_caps(const struct kv_handle *handle);
void kv_handle_restrict(struct kv_handle *handle, uint32_t caps);

/* An empty vault with one reference; the last put destroys and wipes its keys. */
int kv_vault_make(struct kv_vault **vault);
void kv_vault_put(struct kv_vault *vault);

/*
 * Puts @key into the vault, which owns it from then on, gives it an id, and
 * keeps it hidden until kv_vault_publish(). -EMFILE, -ENOSPC: the quota.
 */
int kv_vault_add(struct kv_vault *vault, struct kv_key *key, uint64_t *id);
void kv_vault_publish(struct kv_vault *vault, uint64_t id);
/* Takes back what was added and never published. */
void kv_vault_take_back(struct kv_vault *vault, uint64_t id);

/*
 * The secret of an active key; the caller must put it. -KV_EREVOKED,
 * -KV_EEXPIRED.
 */
int kv_vault_use(struct kv_vault *vault, uint64_t id, struct kv_secret **secret);

/* Unless @any, only a transient key; all others are not there. */
int kv_vault_destroy(struct kv_vault *vault, uint64_t id, bool any);
int kv_vault_revoke(struct kv_vault *vault, uint64_t id);
/* Fills in all but the id. */
int kv_vault_info(struct kv_vault *vault, struct kv_keyinfo_req *info);
/* Returns how many ids, at most @max, were put into @ids. */
uint32_t kv_vault_list(struct kv_vault *vault, uint64_t *ids, uint32_t max);

/* @name is a valid one. -EEXIST: taken, or the key has one. */
int kv_vault_set_name(struct kv_vault *vault, uint64_t id, const uint8_t *name,
		      size_t len);
/*
 * Finds by name where @id is 0, else by id, and tells both. @name has room for
 * KV_MAX_NAME_SIZE bytes.
 */
int kv_vault_find(struct kv_vault *vault, uint64_t *id, uint8_t *name,
		  size_t *len);

/* Wipes the keys whose time is over; the alarm calls it. */
void kv_vault_expire(struct kv_vault *vault);

/* What an administrator can set, at run time, in every home. */
enum kv_tunable_id {
	KV_MAX_KEYS_PER_FILE,
	KV_MAX_KEY_BYTES,
	KV_MAX_FILES,
	KV_MAX_DATA,
	KV_TUNABLES
};

struct kv_tunable {
	const char *name;
	const char *about;
	uint32_t def, min, max;
};

extern const struct kv_tunable kv_tunables[KV_TUNABLES];
uint32_t kv_tunable_get(enum kv_tunable_id which);
/* -EINVAL outside the bounds. */
int kv_tunable_set(enum kv_tunable_id which, uint32_t value);

#endif /* KV_VAULT_H */
