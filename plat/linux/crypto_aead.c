// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* crypto_aead.c - AES-GCM and ChaCha20-Poly1305 by the kernel's crypto API */

#include <crypto/aead.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "crypto.h"
#include "keyvault.h"

struct aead {
	const char *name;
	struct crypto_aead *tfm;	/* has no key; stands for the implementation */
};

struct aead_key {
	struct crypto_aead *tfm;
	struct kv_jobs jobs;
};

static struct aead gcm = { "gcm(aes)" };
static struct aead chacha = { "rfc7539(chacha20,poly1305)" };

static const char *driver_name(const struct aead *aead)
{
	return crypto_tfm_alg_driver_name(crypto_aead_tfm(aead->tfm));
}

static int aead_init(struct aead *aead, const char **failed)
{
	struct crypto_aead *tfm = crypto_alloc_aead(aead->name, 0,
						    KV_CRYPTO_MASK);

	if (IS_ERR(tfm)) {
		*failed = aead->name;
		return PTR_ERR(tfm);
	}
	aead->tfm = tfm;
	return 0;
}

int kv_aeads_init(const char **failed)
{
	int err = aead_init(&gcm, failed);

	if (err)
		return err;
	err = aead_init(&chacha, failed);
	if (err)
		crypto_free_aead(gcm.tfm);
	return err;
}

void kv_aeads_exit(void)
{
	crypto_free_aead(chacha.tfm);
	crypto_free_aead(gcm.tfm);
}

static void aead_release(void *ctx)
{
	struct aead_key *key = ctx;

	kv_jobs_fini(&key->jobs);
	crypto_free_aead(key->tfm);	/* wipes */
	kfree(key);
}

static int aead_prepare(const struct aead *aead, void **ctx,
			const uint8_t *bytes, size_t len)
{
	struct aead_key *key = kzalloc(sizeof(*key), GFP_KERNEL_ACCOUNT);
	int err;

	if (!key)
		return -ENOMEM;
	key->tfm = crypto_alloc_aead(driver_name(aead), 0, KV_CRYPTO_MASK);
	if (IS_ERR(key->tfm)) {
		err = PTR_ERR(key->tfm);
		kfree(key);
		return err;
	}
	key->jobs.req_size = sizeof(struct aead_request) +
			     crypto_aead_reqsize(key->tfm);
	err = crypto_aead_setkey(key->tfm, bytes, len) ?:
	      crypto_aead_setauthsize(key->tfm, KV_AEAD_TAG_SIZE);
	kv_wipe_stack();
	if (err) {
		aead_release(key);
		return err;
	}
	*ctx = key;
	return 0;
}

/* The job's list is AAD, data and tag; @crypt is the length of what is not AAD. */
static struct aead_request *request_of(struct aead_key *key, struct kv_job *job,
				       const uint8_t nonce[12], size_t aad,
				       size_t crypt)
{
	struct aead_request *req = (struct aead_request *)job->req;

	memcpy(job->iv, nonce, KV_AEAD_NONCE_SIZE);
	aead_request_set_tfm(req, key->tfm);
	aead_request_set_callback(req, CRYPTO_TFM_REQ_MAY_SLEEP |
				  CRYPTO_TFM_REQ_MAY_BACKLOG,
				  crypto_req_done, &job->wait);
	aead_request_set_crypt(req, job->sg.list, job->sg.list, crypt, job->iv);
	aead_request_set_ad(req, aad);
	return req;
}

static int aead_seal(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		     size_t aad_len, uint8_t *data, size_t len, uint8_t tag[16])
{
	struct aead_key *key = ctx;
	struct kv_job *job = kv_job_get(&key->jobs);
	int err;

	if (!job)
		return -ENOMEM;
	err = kv_sg_make(&job->sg, (const struct kv_part[]) {
		{ aad, aad_len }, { data, len }, { job->tag, sizeof(job->tag) }
	}, 3);
	if (err)
		goto out;
	err = crypto_wait_req(crypto_aead_encrypt(request_of(key, job, nonce,
							     aad_len, len)),
			      &job->wait);
	kv_sg_free(&job->sg);
	memcpy(tag, job->tag, sizeof(job->tag));
out:
	kv_job_put(&key->jobs, job);
	return err;
}

static int aead_open(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		     size_t aad_len, uint8_t *data, size_t len,
		     const uint8_t tag[16])
{
	struct aead_key *key = ctx;
	struct kv_job *job = kv_job_get(&key->jobs);
	int err;

	if (!job)
		return -ENOMEM;
	memcpy(job->tag, tag, sizeof(job->tag));
	err = kv_sg_make(&job->sg, (const struct kv_part[]) {
		{ aad, aad_len }, { data, len }, { job->tag, sizeof(job->tag) }
	}, 3);
	if (err)
		goto out;
	err = crypto_wait_req(crypto_aead_decrypt(request_of(key, job, nonce,
					aad_len, len + sizeof(job->tag))),
			      &job->wait);
	kv_sg_free(&job->sg);
out:
	kv_job_put(&key->jobs, job);
	return err;
}

static int gcm_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return aead_prepare(&gcm, ctx, key, len);
}

static const char *gcm_name(void)
{
	return driver_name(&gcm);
}

const struct kv_crypto kv_crypto_gcm = {
	.prepare = gcm_prepare,
	.release = aead_release,
	.seal = aead_seal,
	.open = aead_open,
	.implementation = gcm_name,
};

static int chacha_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return aead_prepare(&chacha, ctx, key, len);
}

static int chacha_seal(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		       size_t aad_len, uint8_t *data, size_t len,
		       uint8_t tag[16])
{
	int err = aead_seal(ctx, nonce, aad, aad_len, data, len, tag);

	kv_wipe_stack();
	return err;
}

static int chacha_open(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		       size_t aad_len, uint8_t *data, size_t len,
		       const uint8_t tag[16])
{
	int err = aead_open(ctx, nonce, aad, aad_len, data, len, tag);

	kv_wipe_stack();
	return err;
}

static const char *chacha_name(void)
{
	return driver_name(&chacha);
}

const struct kv_crypto kv_crypto_chacha = {
	.prepare = chacha_prepare,
	.release = aead_release,
	.seal = chacha_seal,
	.open = chacha_open,
	.implementation = chacha_name,
};
