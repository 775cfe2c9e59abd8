// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* key.c - one key: its secret made, prepared, used and wiped; its identity */

#include "key.h"

int kv_secret_make(struct kv_secret **secret, const struct kv_alg *alg, size_t len)
{
	struct kv_secret *s = kv_os_alloc(sizeof(*s) + len);

	if (!s)
		return -ENOMEM;
	kv_os_ref_init(&s->ref);
	s->alg = alg;
	s->len = len;
	*secret = s;
	return 0;
}

int kv_secret_prepare(struct kv_secret *secret)
{
	const struct kv_alg *alg = secret->alg;

	secret->crypto = kv_os_crypto(alg->hash ? alg->hash : alg->id);
	if (!secret->crypto && !(alg->kind & (KV_KIND_SIGN | KV_KIND_VERIFY)))
		return -EOPNOTSUPP;	/* kv_selftest() then says which */
	kv_os_random(&secret->nonce_start, sizeof(secret->nonce_start));
	return alg->prepare ? alg->prepare(secret) : 0;
}

void kv_secret_get(struct kv_secret *secret)
{
	kv_os_ref_get(&secret->ref);
}

void kv_secret_put(struct kv_secret *secret)
{
	if (!secret || !kv_os_ref_put(&secret->ref))
		return;
	if (secret->prepared)
		secret->alg->release(secret);
	kv_os_free(secret, sizeof(*secret) + secret->len);
}

/*
 * An AEAD nonce starts with a counter, so that no two are the same however the
 * generator behaves, and goes on with 64 random bits, so that they also differ
 * from those of the same key in a machine restored from a snapshot. An IV is
 * random as a whole: CBC needs one that cannot be foretold.
 */
int kv_secret_nonce(struct kv_secret *secret, uint8_t *nonce, size_t len)
{
	uint64_t n = __atomic_fetch_add(&secret->nonces, 1, __ATOMIC_RELAXED);
	uint32_t count = secret->nonce_start + (uint32_t)n;

	if (n >= KV_NONCES_MAX)
		return -EOVERFLOW;
	if (len != KV_AEAD_NONCE_SIZE) {
		kv_os_random(nonce, len);
		return 0;
	}
	memcpy(nonce, &count, sizeof(count));
	kv_os_random(nonce + sizeof(count), len - sizeof(count));
	return 0;
}

int kv_key_make(struct kv_key **key, struct kv_secret *secret, uint32_t flags)
{
	struct kv_key *k = kv_os_alloc(sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->secret = secret;
	k->alg = secret->alg;
	k->bits = (uint32_t)secret->len * 8;
	k->flags = flags;
	k->life = secret->life;
	*key = k;
	return 0;
}

void kv_key_free(struct kv_key *key)
{
	if (!key)
		return;
	kv_secret_put(key->secret);
	kv_os_free(key, sizeof(*key));
}

struct kv_life kv_life_of(uint32_t ttl, const struct kv_life *source)
{
	struct kv_life life = { 0, kv_os_time(), 0 };

	if (ttl) {
		life.deadline = kv_os_uptime() + ttl * 1000000000ull;
		life.expires = life.created + ttl;
	}
	if (source && source->deadline &&
	    (!ttl || source->deadline < life.deadline)) {
		life.deadline = source->deadline;
		life.expires = source->expires;
	}
	return life;
}
