// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* crypto_cipher.c - AES-CBC and AES-CTR by the kernel's crypto API */

#include <crypto/skcipher.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "crypto.h"
#include "keyvault.h"

struct cipher {
	const char *name;
	struct crypto_skcipher *tfm;	/* has no key; stands for the implementation */
};

struct cipher_key {
	struct crypto_skcipher *tfm;
	struct kv_jobs jobs;
};

static struct cipher cbc = { "cbc(aes)" };
static struct cipher ctr = { "ctr(aes)" };

static const char *driver_name(const struct cipher *cipher)
{
	return crypto_tfm_alg_driver_name(crypto_skcipher_tfm(cipher->tfm));
}

static int cipher_init(struct cipher *cipher, const char **failed)
{
	struct crypto_skcipher *tfm = crypto_alloc_skcipher(cipher->name, 0,
							    KV_CRYPTO_MASK);

	if (IS_ERR(tfm)) {
		*failed = cipher->name;
		return PTR_ERR(tfm);
	}
	cipher->tfm = tfm;
	return 0;
}

int kv_ciphers_init(const char **failed)
{
	int err = cipher_init(&cbc, failed);

	if (err)
		return err;
	err = cipher_init(&ctr, failed);
	if (err)
		crypto_free_skcipher(cbc.tfm);
	return err;
}

void kv_ciphers_exit(void)
{
	crypto_free_skcipher(ctr.tfm);
	crypto_free_skcipher(cbc.tfm);
}

static void cipher_release(void *ctx)
{
	struct cipher_key *key = ctx;

	kv_jobs_fini(&key->jobs);
	crypto_free_skcipher(key->tfm);	/* wipes */
	kfree(key);
}

static int cipher_prepare(const struct cipher *cipher, void **ctx,
			  const uint8_t *bytes, size_t len)
{
	struct cipher_key *key = kzalloc(sizeof(*key), GFP_KERNEL_ACCOUNT);
	int err;

	if (!key)
		return -ENOMEM;
	key->tfm = crypto_alloc_skcipher(driver_name(cipher), 0, KV_CRYPTO_MASK);
	if (IS_ERR(key->tfm)) {
		err = PTR_ERR(key->tfm);
		kfree(key);
		return err;
	}
	key->jobs.req_size = sizeof(struct skcipher_request) +
			     crypto_skcipher_reqsize(key->tfm);
	err = crypto_skcipher_setkey(key->tfm, bytes, len);
	kv_wipe_stack();
	if (err) {
		cipher_release(key);
		return err;
	}
	*ctx = key;
	return 0;
}

static int cipher_run(struct cipher_key *key, const uint8_t iv[16],
		      uint8_t *data, size_t len,
		      int (*crypt)(struct skcipher_request *req))
{
	struct skcipher_request *req;
	struct kv_job *job;
	int err;

	if (!len)
		return 0;
	job = kv_job_get(&key->jobs);
	if (!job)
		return -ENOMEM;
	err = kv_sg_make(&job->sg, &(const struct kv_part) { data, len }, 1);
	if (err)
		goto out;
	req = (struct skcipher_request *)job->req;
	memcpy(job->iv, iv, sizeof(job->iv));
	skcipher_request_set_tfm(req, key->tfm);
	skcipher_request_set_callback(req, CRYPTO_TFM_REQ_MAY_SLEEP |
				      CRYPTO_TFM_REQ_MAY_BACKLOG,
				      crypto_req_done, &job->wait);
	skcipher_request_set_crypt(req, job->sg.list, job->sg.list, len, job->iv);
	err = crypto_wait_req(crypt(req), &job->wait);
	kv_sg_free(&job->sg);
out:
	kv_job_put(&key->jobs, job);
	return err;
}

static int cipher_encrypt(void *ctx, const uint8_t iv[16], uint8_t *data,
			  size_t len)
{
	return cipher_run(ctx, iv, data, len, crypto_skcipher_encrypt);
}

static int cipher_decrypt(void *ctx, const uint8_t iv[16], uint8_t *data,
			  size_t len)
{
	return cipher_run(ctx, iv, data, len, crypto_skcipher_decrypt);
}

static int cbc_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return cipher_prepare(&cbc, ctx, key, len);
}

static const char *cbc_name(void)
{
	return driver_name(&cbc);
}

const struct kv_crypto kv_crypto_cbc = {
	.prepare = cbc_prepare,
	.release = cipher_release,
	.encrypt = cipher_encrypt,
	.decrypt = cipher_decrypt,
	.implementation = cbc_name,
};

static int ctr_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return cipher_prepare(&ctr, ctx, key, len);
}

static const char *ctr_name(void)
{
	return driver_name(&ctr);
}

const struct kv_crypto kv_crypto_ctr = {
	.prepare = ctr_prepare,
	.release = cipher_release,
	.encrypt = cipher_encrypt,
	.decrypt = cipher_decrypt,
	.implementation = ctr_name,
};
