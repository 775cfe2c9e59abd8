// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * fake_inject.c - the home's cryptography: libcrypto's, watched, and able to
 * fail, to be wrong, and to stop midway
 */

#include <stdlib.h>

#include "fake.h"
#include "fake_crypto.h"
#include "keyvault.h"

#define MAX_ALGORITHM	64

enum hold { RUN, HOLD_NEXT, HELD };

static struct {
	pthread_mutex_t mutex;		/* guards all that is not atomic only */
	pthread_cond_t changed;		/* @hold did */
	enum hold hold;			/* atomic */
	bool breaking;			/* atomic */
	bool break_all, broken;
	uint32_t break_algorithm;	/* 0: any */
	unsigned int break_in;		/* results until one breaks */
	bool missing[MAX_ALGORITHM];	/* atomic only */
	unsigned int num_prepared;	/* atomic only */
} fake = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
};

/* What the core gets as a ctx. */
struct prepared {
	const struct kv_crypto *real;
	void *ctx;
	uint32_t algorithm;
	unsigned int users;		/* atomic */
};

/* Flips a bit of the result if this is the one that a test wants wrong. */
static void flip(uint32_t algorithm, uint8_t *result)
{
	bool now = false;

	if (!__atomic_load_n(&fake.breaking, __ATOMIC_RELAXED))
		return;
	pthread_mutex_lock(&fake.mutex);
	if (fake.breaking && (!fake.break_algorithm ||
			      fake.break_algorithm == algorithm))
		now = fake.break_all || --fake.break_in == 0;
	if (now) {
		fake.broken = true;
		__atomic_store_n(&fake.breaking, fake.break_all,
				 __ATOMIC_RELAXED);
	}
	pthread_mutex_unlock(&fake.mutex);
	if (now)
		result[0] ^= 0x10;
}

static void stop(void)
{
	if (__atomic_load_n(&fake.hold, __ATOMIC_RELAXED) == RUN)
		return;
	pthread_mutex_lock(&fake.mutex);
	if (fake.hold == HOLD_NEXT) {
		__atomic_store_n(&fake.hold, HELD, __ATOMIC_RELAXED);
		pthread_cond_broadcast(&fake.changed);
		while (fake.hold == HELD)
			pthread_cond_wait(&fake.changed, &fake.mutex);
	}
	pthread_mutex_unlock(&fake.mutex);
}

/* Before every use: 0, or the error to give. */
static int enter(struct prepared *p, const char *what)
{
	fake_need_unlocked(what);
	if (fake_fails(FAKE_CRYPTO))
		return -EIO;
	if (p)
		__atomic_add_fetch(&p->users, 1, __ATOMIC_RELAXED);
	stop();
	return 0;
}

/* After every use: the outcome, @result spoilt if it is to be. */
static int leave(struct prepared *p, uint32_t algorithm, int err, uint8_t *result)
{
	if (!err && result)
		flip(algorithm, result);
	if (p)
		__atomic_sub_fetch(&p->users, 1, __ATOMIC_RELAXED);
	return err;
}

static int prepare(uint32_t algorithm, void **ctx, const uint8_t *key, size_t len)
{
	struct prepared *p;
	int err;

	fake_need_unlocked("a key was prepared");
	if (fake_fails(FAKE_PREPARE))
		return -ENOMEM;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->real = ssl_crypto(algorithm);
	p->algorithm = algorithm;
	err = p->real->prepare(&p->ctx, key, len);
	if (err) {
		free(p);
		return err;
	}
	__atomic_add_fetch(&fake.num_prepared, 1, __ATOMIC_RELAXED);
	*ctx = p;
	return 0;
}

static void release(void *ctx)
{
	struct prepared *p = ctx;

	fake_need_unlocked("a key was released");
	if (__atomic_load_n(&p->users, __ATOMIC_RELAXED))
		fake_die("a key was released while it was in use");
	p->real->release(p->ctx);
	free(p);
	__atomic_sub_fetch(&fake.num_prepared, 1, __ATOMIC_RELAXED);
}

static int encrypt(void *ctx, const uint8_t iv[16], uint8_t *data, size_t len)
{
	struct prepared *p = ctx;
	int err = enter(p, "encryption");

	if (err)
		return err;
	fake_need_heap(data, len, "encryption");
	err = p->real->encrypt(p->ctx, iv, data, len);
	return leave(p, p->algorithm, err, len ? data : NULL);
}

static int decrypt(void *ctx, const uint8_t iv[16], uint8_t *data, size_t len)
{
	struct prepared *p = ctx;
	int err = enter(p, "decryption");

	if (err)
		return err;
	fake_need_heap(data, len, "decryption");
	err = p->real->decrypt(p->ctx, iv, data, len);
	return leave(p, p->algorithm, err, len ? data : NULL);
}

static int seal(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		size_t aad_len, uint8_t *data, size_t len, uint8_t tag[16])
{
	struct prepared *p = ctx;
	int err = enter(p, "sealing");

	if (err)
		return err;
	fake_need_heap(aad, aad_len, "sealing");
	fake_need_heap(data, len, "sealing");
	err = p->real->seal(p->ctx, nonce, aad, aad_len, data, len, tag);
	return leave(p, p->algorithm, err, tag);
}

static int open(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		size_t aad_len, uint8_t *data, size_t len, const uint8_t tag[16])
{
	struct prepared *p = ctx;
	int err = enter(p, "opening");

	if (err)
		return err;
	fake_need_heap(aad, aad_len, "opening");
	fake_need_heap(data, len, "opening");
	err = p->real->open(p->ctx, nonce, aad, aad_len, data, len, tag);
	return leave(p, p->algorithm, err, len ? data : NULL);
}

static int mac(void *ctx, const struct kv_part *parts, unsigned int n,
	       uint8_t *out)
{
	struct prepared *p = ctx;
	int err = enter(p, "a MAC");

	if (err)
		return err;
	err = p->real->mac(p->ctx, parts, n, out);
	return leave(p, p->algorithm, err, out);
}

static int hash(uint32_t algorithm, const struct kv_part *parts, unsigned int n,
		uint8_t *out)
{
	int err = enter(NULL, "hashing");

	if (err)
		return err;
	err = ssl_crypto(algorithm)->hash(parts, n, out);
	return leave(NULL, algorithm, err, out);
}

static int sha256(const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	return hash(KV_ALG_SHA256, parts, n, out);
}

static int sha512(const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	return hash(KV_ALG_SHA512, parts, n, out);
}

static int exchange(uint8_t out[32], const uint8_t secret[32],
		    const uint8_t peer[32])
{
	int err = enter(NULL, "a key exchange");

	if (err)
		return err;
	if (peer[31] & 0x80)	/* homes differ in what they make of it */
		fake_die("a peer's unused bit was left to the home");
	if (secret[0] & 7 || (secret[31] & 0xc0) != 0x40)
		fake_die("clamping a scalar was left to the home");
	err = ssl_crypto(KV_ALG_X25519)->exchange(out, secret, peer);
	return leave(NULL, KV_ALG_X25519, err, out);
}

static const char *implementation(void)
{
	return "fake-libcrypto";
}

#define PREPARE(name, algorithm)					\
static int prepare_##name(void **ctx, const uint8_t *key, size_t len)	\
{									\
	return prepare(algorithm, ctx, key, len);			\
}

PREPARE(aes128_gcm, KV_ALG_AES128_GCM)
PREPARE(aes256_gcm, KV_ALG_AES256_GCM)
PREPARE(aes128_cbc, KV_ALG_AES128_CBC)
PREPARE(aes256_cbc, KV_ALG_AES256_CBC)
PREPARE(aes128_ctr, KV_ALG_AES128_CTR)
PREPARE(aes256_ctr, KV_ALG_AES256_CTR)
PREPARE(hmac_sha256, KV_ALG_HMAC_SHA256)
PREPARE(hmac_sha512, KV_ALG_HMAC_SHA512)
PREPARE(chacha20_poly1305, KV_ALG_CHACHA20_POLY1305)

#define CIPHER(name) { .prepare = prepare_##name, .release = release,	\
	.encrypt = encrypt, .decrypt = decrypt,				\
	.implementation = implementation }
#define AEAD(name) { .prepare = prepare_##name, .release = release,	\
	.seal = seal, .open = open, .implementation = implementation }
#define MAC(name) { .prepare = prepare_##name, .release = release,	\
	.mac = mac, .implementation = implementation }

static const struct kv_crypto rows[MAX_ALGORITHM] = {
	[KV_ALG_SHA256] = { .hash = sha256, .implementation = implementation },
	[KV_ALG_SHA512] = { .hash = sha512, .implementation = implementation },
	[KV_ALG_AES128_GCM] = AEAD(aes128_gcm),
	[KV_ALG_AES256_GCM] = AEAD(aes256_gcm),
	[KV_ALG_AES128_CBC] = CIPHER(aes128_cbc),
	[KV_ALG_AES256_CBC] = CIPHER(aes256_cbc),
	[KV_ALG_AES128_CTR] = CIPHER(aes128_ctr),
	[KV_ALG_AES256_CTR] = CIPHER(aes256_ctr),
	[KV_ALG_HMAC_SHA256] = MAC(hmac_sha256),
	[KV_ALG_HMAC_SHA512] = MAC(hmac_sha512),
	[KV_ALG_CHACHA20_POLY1305] = AEAD(chacha20_poly1305),
	[KV_ALG_X25519] = { .exchange = exchange,
			    .implementation = implementation },
};

const struct kv_crypto *kv_os_crypto(uint32_t algorithm)
{
	if (algorithm >= MAX_ALGORITHM || !rows[algorithm].implementation)
		return NULL;
	return __atomic_load_n(&fake.missing[algorithm], __ATOMIC_RELAXED) ?
	       NULL : &rows[algorithm];
}

void fake_crypto_missing(uint32_t algorithm)
{
	__atomic_store_n(&fake.missing[algorithm], true, __ATOMIC_RELAXED);
}

void fake_crypto_break(uint32_t algorithm, unsigned int n)
{
	pthread_mutex_lock(&fake.mutex);
	__atomic_store_n(&fake.breaking, algorithm || n, __ATOMIC_RELAXED);
	fake.broken = false;
	fake.break_algorithm = algorithm;
	fake.break_in = n;
	fake.break_all = !n;
	pthread_mutex_unlock(&fake.mutex);
}

bool fake_crypto_broken(void)
{
	bool broken;

	pthread_mutex_lock(&fake.mutex);
	broken = fake.broken;
	pthread_mutex_unlock(&fake.mutex);
	return broken;
}

static void set_hold(enum hold hold)
{
	pthread_mutex_lock(&fake.mutex);
	__atomic_store_n(&fake.hold, hold, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&fake.changed);
	pthread_mutex_unlock(&fake.mutex);
}

void fake_crypto_hold(void)
{
	set_hold(HOLD_NEXT);
}

void fake_crypto_wait(void)
{
	pthread_mutex_lock(&fake.mutex);
	while (fake.hold == HOLD_NEXT)
		pthread_cond_wait(&fake.changed, &fake.mutex);
	pthread_mutex_unlock(&fake.mutex);
}

void fake_crypto_go(void)
{
	set_hold(RUN);
}

unsigned int fake_live_prepared(void)
{
	return __atomic_load_n(&fake.num_prepared, __ATOMIC_RELAXED);
}

void fake_crypto_reset(void)
{
	if (fake.num_prepared)
		fake_die("%u prepared keys were not released", fake.num_prepared);
	fake_crypto_break(0, 0);
	fake_crypto_go();
	memset(fake.missing, 0, sizeof(fake.missing));
}
