// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * vault.c - vaults: the key table, quotas, expiry, names
 *
 * Whatever leaves a key under the lock (its secret, or the key itself) is put in
 * a local variable and freed after the lock: freeing wipes, and may sleep.
 */

#include "vault_table.h"

#define ALARM_GAP	10000000ull	/* ns: at most 100 rounds of expiry a second */

/* The key as a caller may see it; under the lock. */
static struct kv_key *key_seen(struct kv_vault *vault, uint64_t id)
{
	struct kv_key *key = *kv_table_link(vault, id);

	return key && !key->hidden ? key : NULL;
}

static bool is_over(const struct kv_life *life)
{
	return life->deadline && kv_os_uptime() >= life->deadline;
}

/* Takes the secret from its key, for the caller to put; under the lock. */
static struct kv_secret *take_secret(struct kv_vault *vault, struct kv_key *key)
{
	struct kv_secret *secret = key->secret;

	if (secret)
		vault->key_bytes -= secret->len;
	key->secret = NULL;
	return secret;
}

/* Rings for this deadline unless the alarm rings before; under the lock. */
static void set_alarm(struct kv_vault *vault, uint64_t deadline)
{
	if (!deadline || (vault->alarm_at && vault->alarm_at <= deadline))
		return;
	vault->alarm_at = deadline;
	kv_os_alarm_set(&vault->alarm, deadline);
}

static void ring(void *vault)
{
	kv_vault_expire(vault);
}

void kv_vault_put(struct kv_vault *vault)
{
	struct kv_key *key;
	uint32_t i;

	if (!kv_os_ref_put(&vault->ref))
		return;
	kv_os_alarm_fini(&vault->alarm);
	for (i = 0; i < vault->n_buckets; i++) {
		while ((key = vault->bucket[i])) {
			vault->bucket[i] = key->next;
			kv_os_trace(KV_EV_KEY_DESTROY, key->id, 0, 0, 0);
			kv_key_free(key);
		}
	}
	kv_os_free(vault->bucket, vault->n_buckets * sizeof(*vault->bucket));
	kv_os_lock_fini(&vault->lock);
	kv_os_free(vault, sizeof(*vault));
}

int kv_vault_make(struct kv_vault **out)
{
	struct kv_vault *vault = kv_os_alloc(sizeof(*vault));
	int err = -ENOMEM;

	if (!vault)
		goto out;
	vault->n_buckets = KV_BUCKETS_MIN;
	vault->bucket = kv_os_alloc(KV_BUCKETS_MIN * sizeof(*vault->bucket));
	if (!vault->bucket)
		goto out;
	err = kv_os_alarm_init(&vault->alarm, ring, vault);
	if (err)
		goto out;
	kv_os_lock_init(&vault->lock);
	kv_os_ref_init(&vault->ref);
	*out = vault;
	vault = NULL;		/* the caller owns it now */
out:
	if (vault)
		kv_os_free(vault->bucket, KV_BUCKETS_MIN * sizeof(*vault->bucket));
	kv_os_free(vault, sizeof(*vault));
	return err;
}

static int quota(const struct kv_vault *vault, const struct kv_key *key)
{
	if (vault->n_keys >= kv_tunable_get(KV_MAX_KEYS_PER_FILE))
		return -EMFILE;
	if (vault->key_bytes + key->secret->len > kv_tunable_get(KV_MAX_KEY_BYTES))
		return -ENOSPC;
	return 0;
}

int kv_vault_add(struct kv_vault *vault, struct kv_key *key, uint64_t *id)
{
	struct kv_key **link;
	int err;

	err = kv_table_grow(vault);
	if (err)
		return err;
	key->hidden = true;
	do {
		kv_os_random(&key->id, sizeof(key->id));
		kv_os_lock(&vault->lock);
		link = kv_table_link(vault, key->id);
		if (key->id == KV_KEY_ID_INVALID || *link) {
			err = -EAGAIN;		/* another id */
		} else {
			err = quota(vault, key);
			if (!err) {
				key->secret->id = key->id;
				*link = key;
				vault->n_keys++;
				vault->key_bytes += key->secret->len;
				*id = key->id;
			}
		}
		kv_os_unlock(&vault->lock);
	} while (err == -EAGAIN);
	return err;
}

void kv_vault_publish(struct kv_vault *vault, uint64_t id)
{
	struct kv_key *key;
	uint32_t alg, bits;

	kv_os_lock(&vault->lock);
	key = *kv_table_link(vault, id);
	key->hidden = false;
	alg = key->alg->id;
	bits = key->bits;
	set_alarm(vault, key->life.deadline);
	kv_os_unlock(&vault->lock);
	kv_os_trace(KV_EV_KEY_CREATE, id, alg, bits, 0);
}

void kv_vault_take_back(struct kv_vault *vault, uint64_t id)
{
	struct kv_key *key;

	kv_os_lock(&vault->lock);
	key = kv_table_unlink(vault, id);
	kv_os_unlock(&vault->lock);
	kv_key_free(key);
}

int kv_vault_use(struct kv_vault *vault, uint64_t id, struct kv_secret **secret)
{
	struct kv_secret *dead = NULL;
	struct kv_key *key;
	int err = 0;

	kv_os_lock(&vault->lock);
	key = key_seen(vault, id);
	if (!key) {
		err = -ENOENT;
	} else if (key->flags & KV_KEY_FLAG_REVOKED) {
		err = -KV_EREVOKED;
	} else if (!key->secret || is_over(&key->life)) {
		err = -KV_EEXPIRED;
		key->flags |= KV_KEY_FLAG_EXPIRED;
		dead = take_secret(vault, key);
	} else {
		*secret = key->secret;
		kv_secret_get(*secret);
	}
	kv_os_unlock(&vault->lock);
	if (dead)
		kv_os_trace(KV_EV_KEY_EXPIRE, id, 0, 0, 0);
	kv_secret_put(dead);
	return err;
}

int kv_vault_destroy(struct kv_vault *vault, uint64_t id, bool any)
{
	struct kv_key *key;

	kv_os_lock(&vault->lock);
	key = key_seen(vault, id);
	if (key && !any && !(key->flags & KV_KEY_FLAG_TRANSIENT))
		key = NULL;
	if (key)
		kv_table_unlink(vault, id);
	kv_os_unlock(&vault->lock);
	if (!key)
		return -ENOENT;
	kv_key_free(key);
	kv_os_trace(KV_EV_KEY_DESTROY, id, 0, 0, 0);
	return 0;
}

int kv_vault_revoke(struct kv_vault *vault, uint64_t id)
{
	struct kv_secret *dead = NULL;
	struct kv_key *key;

	kv_os_lock(&vault->lock);
	key = key_seen(vault, id);
	if (key) {
		key->flags |= KV_KEY_FLAG_REVOKED;
		dead = take_secret(vault, key);
	}
	kv_os_unlock(&vault->lock);
	if (!key)
		return -ENOENT;
	kv_secret_put(dead);
	kv_os_trace(KV_EV_KEY_REVOKE, id, 0, 0, 0);
	return 0;
}

int kv_vault_info(struct kv_vault *vault, struct kv_keyinfo_req *info)
{
	struct kv_key *key;

	kv_os_lock(&vault->lock);
	key = key_seen(vault, info->key_id);
	if (key) {
		info->algorithm = key->alg->id;
		info->key_bits = key->bits;
		info->flags = key->flags;
		if (is_over(&key->life))
			info->flags |= KV_KEY_FLAG_EXPIRED;
		info->_pad = 0;
		info->created = key->life.created;
		info->expires = key->life.expires;
	}
	kv_os_unlock(&vault->lock);
	return key ? 0 : -ENOENT;
}

struct listing {
	uint64_t *ids;
	uint32_t n, max;
};

static bool list_one(struct kv_vault *vault, struct kv_key *key, void *arg)
{
	struct listing *l = arg;

	(void)vault;
	if (l->n < l->max && !key->hidden)
		l->ids[l->n++] = key->id;
	return l->n < l->max;
}

uint32_t kv_vault_list(struct kv_vault *vault, uint64_t *ids, uint32_t max)
{
	struct listing l = { ids, 0, max };

	kv_os_lock(&vault->lock);
	kv_table_each(vault, list_one, &l);
	kv_os_unlock(&vault->lock);
	return l.n;
}

struct naming {
	const uint8_t *name;
	size_t len;
	struct kv_key *key;	/* that has the name */
};

static bool name_one(struct kv_vault *vault, struct kv_key *key, void *arg)
{
	struct naming *n = arg;

	(void)vault;
	if (key->name_len == n->len && !memcmp(key->name, n->name, n->len))
		n->key = key;
	return !n->key;
}

/* The key called so, or NULL; under the lock. */
static struct kv_key *key_named(struct kv_vault *vault, const uint8_t *name,
				size_t len)
{
	struct naming n = { name, len, NULL };

	kv_table_each(vault, name_one, &n);
	return n.key;
}

int kv_vault_set_name(struct kv_vault *vault, uint64_t id, const uint8_t *name,
		      size_t len)
{
	struct kv_key *key;
	int err = 0;

	kv_os_lock(&vault->lock);
	key = key_seen(vault, id);
	if (!key) {
		err = -ENOENT;
	} else if (key->name_len || key_named(vault, name, len)) {
		err = -EEXIST;
	} else {
		memcpy(key->name, name, len);
		key->name_len = (uint8_t)len;
	}
	kv_os_unlock(&vault->lock);
	return err;
}

int kv_vault_find(struct kv_vault *vault, uint64_t *id, uint8_t *name, size_t *len)
{
	struct kv_key *key;

	kv_os_lock(&vault->lock);
	key = *id ? key_seen(vault, *id) : key_named(vault, name, *len);
	if (key) {
		*id = key->id;
		*len = key->name_len;
		memcpy(name, key->name, key->name_len);
	}
	kv_os_unlock(&vault->lock);
	return key ? 0 : -ENOENT;
}

struct expiry {
	struct kv_secret *dead;		/* linked by their next */
	uint64_t now, soonest;
};

static bool expire_one(struct kv_vault *vault, struct kv_key *key, void *arg)
{
	struct expiry *e = arg;
	struct kv_secret *secret;

	if (!key->secret || key->hidden || !key->life.deadline)
		return true;
	if (key->life.deadline <= e->now) {
		key->flags |= KV_KEY_FLAG_EXPIRED;
		secret = take_secret(vault, key);
		secret->next = e->dead;
		e->dead = secret;
	} else if (!e->soonest || key->life.deadline < e->soonest) {
		e->soonest = key->life.deadline;
	}
	return true;
}

void kv_vault_expire(struct kv_vault *vault)
{
	struct expiry e = { NULL, kv_os_uptime(), 0 };
	struct kv_secret *secret;

	kv_os_lock(&vault->lock);
	kv_table_each(vault, expire_one, &e);
	vault->alarm_at = 0;
	if (e.soonest && e.soonest < e.now + ALARM_GAP)
		e.soonest = e.now + ALARM_GAP;
	set_alarm(vault, e.soonest);
	kv_os_unlock(&vault->lock);
	while ((secret = e.dead)) {
		e.dead = secret->next;
		kv_os_trace(KV_EV_KEY_EXPIRE, secret->id, 0, 0, 0);
		kv_secret_put(secret);
	}
}
