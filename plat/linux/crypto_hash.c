// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* crypto_hash.c - SHA-2 and HMAC by the kernel's crypto API */

#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/sched.h>

#include "crypto.h"
#include "keyvault.h"

/* Bytes between two chances for others to run: a hash is one long loop. */
#define STEP	65536u

struct hash {
	const char *name;
	struct crypto_shash *tfm;	/* HMAC: has no key */
};

static struct hash hashes[] = {
	{ "sha256" }, { "sha512" }, { "hmac(sha256)" }, { "hmac(sha512)" }
};
static struct hash *const sha256 = &hashes[0];
static struct hash *const sha512 = &hashes[1];
static struct hash *const hmac_sha256 = &hashes[2];
static struct hash *const hmac_sha512 = &hashes[3];

int kv_hashes_init(const char **failed)
{
	struct crypto_shash *tfm;
	struct hash *h;

	for (h = hashes; h < hashes + ARRAY_SIZE(hashes); h++) {
		tfm = crypto_alloc_shash(h->name, 0, KV_CRYPTO_MASK);
		if (IS_ERR(tfm)) {
			*failed = h->name;
			kv_hashes_exit();
			return PTR_ERR(tfm);
		}
		h->tfm = tfm;
	}
	return 0;
}

void kv_hashes_exit(void)
{
	struct hash *h;

	for (h = hashes; h < hashes + ARRAY_SIZE(hashes); h++) {
		crypto_free_shash(h->tfm);	/* NULL is fine */
		h->tfm = NULL;
	}
}

static int update(struct shash_desc *desc, const struct kv_part *part)
{
	const uint8_t *p = part->data;
	size_t left = part->len, n;
	int err = 0;

	for (; !err && left > STEP; left -= n, p += n) {
		n = STEP;
		err = crypto_shash_update(desc, p, n);
		cond_resched();
	}
	return err ?: crypto_shash_update(desc, p, left);
}

static int digest(struct crypto_shash *tfm, const struct kv_part *parts,
		  unsigned int n, uint8_t *out)
{
	SHASH_DESC_ON_STACK(desc, tfm);
	unsigned int i;
	int err;

	desc->tfm = tfm;
	err = crypto_shash_init(desc);
	for (i = 0; !err && i < n; i++)
		if (parts[i].len)
			err = update(desc, &parts[i]);
	if (!err)
		err = crypto_shash_final(desc, out);
	shash_desc_zero(desc);
	return err;
}

static const char *driver_name(const struct hash *h)
{
	return crypto_tfm_alg_driver_name(crypto_shash_tfm(h->tfm));
}

static int sha256_hash(const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	return digest(sha256->tfm, parts, n, out);
}

static const char *sha256_name(void)
{
	return driver_name(sha256);
}

const struct kv_crypto kv_crypto_sha256 = {
	.hash = sha256_hash,
	.implementation = sha256_name,
};

static int sha512_hash(const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	return digest(sha512->tfm, parts, n, out);
}

static const char *sha512_name(void)
{
	return driver_name(sha512);
}

const struct kv_crypto kv_crypto_sha512 = {
	.hash = sha512_hash,
	.implementation = sha512_name,
};

static void hmac_release(void *ctx)
{
	crypto_free_shash(ctx);	/* wipes */
}

/* A key is padded with zeroes (RFC 2104 2): an empty one is the same as one zero. */
static int hmac_prepare(const struct hash *h, void **ctx, const uint8_t *key,
			size_t len)
{
	static const uint8_t zero[1];
	struct crypto_shash *tfm = crypto_alloc_shash(driver_name(h), 0,
						      KV_CRYPTO_MASK);
	int err;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	err = crypto_shash_setkey(tfm, len ? key : zero, len ?: sizeof(zero));
	kv_wipe_stack();	/* a long key was hashed, and its end is there */
	if (err) {
		hmac_release(tfm);
		return err;
	}
	*ctx = tfm;
	return 0;
}

static int hmac_mac(void *ctx, const struct kv_part *parts, unsigned int n,
		    uint8_t *out)
{
	return digest(ctx, parts, n, out);
}

static int hmac_sha256_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return hmac_prepare(hmac_sha256, ctx, key, len);
}

static const char *hmac_sha256_name(void)
{
	return driver_name(hmac_sha256);
}

const struct kv_crypto kv_crypto_hmac_sha256 = {
	.prepare = hmac_sha256_prepare,
	.release = hmac_release,
	.mac = hmac_mac,
	.implementation = hmac_sha256_name,
};

static int hmac_sha512_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return hmac_prepare(hmac_sha512, ctx, key, len);
}

static const char *hmac_sha512_name(void)
{
	return driver_name(hmac_sha512);
}

const struct kv_crypto kv_crypto_hmac_sha512 = {
	.prepare = hmac_sha512_prepare,
	.release = hmac_release,
	.mac = hmac_mac,
	.implementation = hmac_sha512_name,
};
