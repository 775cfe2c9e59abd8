// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * crypto_ocf.c - ciphers and AEAD by the kernel's crypto framework (crypto(9))
 *
 * The framework may replace a session while a request uses it (its driver goes
 * away), and does not say so to others who use the same session. So nobody
 * shares one: a key has a session for each request that runs at the same time,
 * the first from when the key is made, and keeps those that are idle. They take
 * turns, so that all find out when their driver wants to go.
 */

#include "crypto.h"

#include <sys/bus.h>
#include <sys/malloc.h>
#include <sys/smp.h>
#include <sys/uio.h>
#include <opencrypto/cryptodev.h>

#include "module.h"

#define KEY_MAX		32	/* bytes */
#define TRIES		16	/* of a request, when drivers come and go */

struct cipher {
	int mode, alg, flags;
	int iv_len;		/* bytes */
};

static const struct cipher gcm = {
	CSP_MODE_AEAD, CRYPTO_AES_NIST_GCM_16, CSP_F_SEPARATE_AAD,
	KV_AEAD_NONCE_SIZE
};
static const struct cipher chacha = {
	CSP_MODE_AEAD, CRYPTO_CHACHA20_POLY1305, CSP_F_SEPARATE_AAD,
	KV_AEAD_NONCE_SIZE
};
static const struct cipher cbc = {
	CSP_MODE_CIPHER, CRYPTO_AES_CBC, 0, KV_AES_IV_SIZE
};
static const struct cipher ctr = {
	CSP_MODE_CIPHER, CRYPTO_AES_ICM, 0, KV_AES_IV_SIZE
};

/* One request, with a session of its own */
struct job {
	STAILQ_ENTRY(job) link;		/* among the idle */
	crypto_session_t session;
	struct cryptop request;
	struct uio message;		/* AEAD: data and tag */
	struct iovec piece[2];
	uint8_t tag[KV_AEAD_TAG_SIZE];
	bool done;			/* under done_lock() */
};

/* The framework goes back to the bytes when it replaces a session. */
struct ocf_key {
	const struct cipher *cipher;
	struct mtx lock;		/* protects the idle */
	STAILQ_HEAD(, job) idle;
	int n_idle;			/* at most the number of processors */
	size_t len;
	uint8_t bytes[KEY_MAX];
};

static int new_session(crypto_session_t *session, const struct cipher *cipher,
		       const uint8_t *bytes, size_t len)
{
	const struct crypto_session_params params = {
		.csp_mode = cipher->mode,
		.csp_flags = cipher->flags,
		.csp_ivlen = cipher->iv_len,
		.csp_cipher_alg = cipher->alg,
		.csp_cipher_klen = (int)len,
		.csp_cipher_key = bytes,
	};
	int err = crypto_newsession(session, &params,
				    CRYPTOCAP_F_HARDWARE | CRYPTOCAP_F_SOFTWARE);

	kv_wipe_stack();
	return -err;
}

static struct job *job_get(struct ocf_key *key)
{
	struct job *job;

	mtx_lock(&key->lock);
	job = STAILQ_FIRST(&key->idle);
	if (job) {
		STAILQ_REMOVE_HEAD(&key->idle, link);
		key->n_idle--;
	}
	mtx_unlock(&key->lock);
	if (job)
		return job;
	job = malloc(sizeof(*job), M_KEYVAULT, M_WAITOK | M_ZERO);
	if (new_session(&job->session, key->cipher, key->bytes, key->len)) {
		zfree(job, M_KEYVAULT);
		job = NULL;
	}
	return job;
}

static void job_free(struct job *job)
{
	crypto_freesession(job->session);	/* wipes */
	zfree(job, M_KEYVAULT);
}

static void job_put(struct ocf_key *key, struct job *job)
{
	mtx_lock(&key->lock);
	if (key->n_idle < mp_ncpus) {
		STAILQ_INSERT_TAIL(&key->idle, job, link);
		key->n_idle++;
		job = NULL;	/* the key owns it now */
	}
	mtx_unlock(&key->lock);
	if (job)
		job_free(job);
}

static void ocf_release(void *ctx)
{
	struct ocf_key *key = ctx;
	struct job *job;

	while ((job = STAILQ_FIRST(&key->idle))) {
		STAILQ_REMOVE_HEAD(&key->idle, link);
		job_free(job);
	}
	mtx_destroy(&key->lock);
	zfree(key, M_KEYVAULT);
}

static int ocf_prepare(const struct cipher *cipher, void **ctx,
		       const uint8_t *bytes, size_t len)
{
	struct ocf_key *key;
	struct job *job;

	if (len > KEY_MAX)
		return -EINVAL;
	key = malloc(sizeof(*key), M_KEYVAULT, M_WAITOK | M_ZERO);
	key->cipher = cipher;
	mtx_init(&key->lock, "keyvault key", NULL, MTX_DEF);
	STAILQ_INIT(&key->idle);
	key->len = len;
	memcpy(key->bytes, bytes, len);
	job = job_get(key);
	if (!job) {
		ocf_release(key);
		return -EOPNOTSUPP;
	}
	job_put(key, job);
	*ctx = key;
	return 0;
}

/* A lock that outlives the job, as whoever finishes it must still unlock. */
static struct mtx *done_lock(struct job *job)
{
	return mtx_pool_find(mtxpool_sleep, job);
}

static int job_done(struct cryptop *request)
{
	struct job *job = request->crp_opaque;
	struct mtx *lock = done_lock(job);

	mtx_lock(lock);
	job->done = true;
	wakeup(job);
	mtx_unlock(lock);
	return 0;
}

/* A positive errno; the request is as the driver left it. */
static int dispatch(struct job *job)
{
	struct mtx *lock = done_lock(job);
	int err;

	job->done = false;
	job->request.crp_opaque = job;
	job->request.crp_callback = job_done;
	err = crypto_dispatch(&job->request);
	if (err)
		return err;
	mtx_lock(lock);
	while (!job->done)
		mtx_sleep(job, lock, 0, "kvocf", 0);
	mtx_unlock(lock);
	job->session = job->request.crp_session;	/* it may be another */
	return job->request.crp_etype;
}

/* What is asked of a key */
struct use {
	bool encrypt;
	const uint8_t *iv;
	const uint8_t *aad;
	size_t aad_len;
	uint8_t *data;
	size_t len;
};

static void fill_in(struct job *job, const struct cipher *cipher,
		    const struct use *use)
{
	struct cryptop *request = &job->request;

	crypto_initreq(request, job->session);
	request->crp_op = use->encrypt ? CRYPTO_OP_ENCRYPT : CRYPTO_OP_DECRYPT;
	request->crp_flags = CRYPTO_F_CBIFSYNC | CRYPTO_F_IV_SEPARATE;
	memcpy(request->crp_iv, use->iv, (size_t)cipher->iv_len);
	request->crp_payload_length = (int)use->len;
	if (cipher->mode != CSP_MODE_AEAD) {
		crypto_use_buf(request, use->data, (int)use->len);
		return;
	}
	request->crp_op |= use->encrypt ? CRYPTO_OP_COMPUTE_DIGEST :
			   CRYPTO_OP_VERIFY_DIGEST;
	if (use->aad_len) {
		request->crp_aad = __DECONST(void *, use->aad);
		request->crp_aad_length = (int)use->aad_len;
	}
	request->crp_digest_start = (int)use->len;
	job->piece[0] = (struct iovec){ use->data, use->len };
	job->piece[1] = (struct iovec){ job->tag, sizeof(job->tag) };
	job->message.uio_iov = use->len ? &job->piece[0] : &job->piece[1];
	job->message.uio_iovcnt = use->len ? 2 : 1;
	job->message.uio_resid = (ssize_t)(use->len + sizeof(job->tag));
	job->message.uio_segflg = UIO_SYSSPACE;
	crypto_use_uio(request, &job->message);
}

/*
 * EAGAIN: nothing was done, and the session is with another driver now. Where
 * @job runs in our thread, the cipher has used our stack.
 */
static int run(const struct ocf_key *key, struct job *job, const struct use *use)
{
	int err = EAGAIN, i;

	for (i = 0; err == EAGAIN && i < TRIES; i++) {
		fill_in(job, key->cipher, use);
		err = dispatch(job);
		crypto_destroyreq(&job->request);
	}
	kv_wipe_stack();
	return -err;
}

static int use_cipher(struct ocf_key *key, const struct use *use)
{
	struct job *job = job_get(key);
	int err;

	if (!job)
		return -ENOMEM;
	err = run(key, job, use);
	job_put(key, job);
	return err;
}

static int ocf_encrypt(void *ctx, const uint8_t iv[16], uint8_t *data, size_t len)
{
	const struct use use = {
		.encrypt = true, .iv = iv, .data = data, .len = len,
	};

	return use_cipher(ctx, &use);
}

static int ocf_decrypt(void *ctx, const uint8_t iv[16], uint8_t *data, size_t len)
{
	const struct use use = { .iv = iv, .data = data, .len = len };

	return use_cipher(ctx, &use);
}

static int ocf_seal(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		    size_t aad_len, uint8_t *data, size_t len, uint8_t tag[16])
{
	const struct use use = { true, nonce, aad, aad_len, data, len };
	struct job *job = job_get(ctx);
	int err;

	if (!job)
		return -ENOMEM;
	err = run(ctx, job, &use);
	if (!err)
		memcpy(tag, job->tag, sizeof(job->tag));
	job_put(ctx, job);
	return err;
}

static int ocf_open(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		    size_t aad_len, uint8_t *data, size_t len,
		    const uint8_t tag[16])
{
	const struct use use = { false, nonce, aad, aad_len, data, len };
	struct job *job = job_get(ctx);
	int err;

	if (!job)
		return -ENOMEM;
	memcpy(job->tag, tag, sizeof(job->tag));
	err = run(ctx, job, &use);
	job_put(ctx, job);
	return err;
}

/*
 * The driver that a key would get now, which changes when drivers are loaded.
 * The names of drivers stay when drivers go.
 */
static const char *driver_name(const struct cipher *cipher, size_t len)
{
	static const uint8_t zeroes[KEY_MAX];
	crypto_session_t session;
	device_t device;
	const char *name = NULL;

	if (new_session(&session, cipher, zeroes, len))
		return "none";
	device = crypto_find_device_byhid((int)crypto_ses2hid(session));
	if (device)
		name = device_get_name(device);
	crypto_freesession(session);
	return name ? name : "opencrypto";
}

static int gcm_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return ocf_prepare(&gcm, ctx, key, len);
}

static const char *gcm_name(void)
{
	return driver_name(&gcm, 16);
}

static int chacha_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return ocf_prepare(&chacha, ctx, key, len);
}

static const char *chacha_name(void)
{
	return driver_name(&chacha, 32);
}

static int cbc_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return ocf_prepare(&cbc, ctx, key, len);
}

static const char *cbc_name(void)
{
	return driver_name(&cbc, 16);
}

static int ctr_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return ocf_prepare(&ctr, ctx, key, len);
}

static const char *ctr_name(void)
{
	return driver_name(&ctr, 16);
}

#define AEAD	.release = ocf_release, .seal = ocf_seal, .open = ocf_open
#define CIPHER	.release = ocf_release, .encrypt = ocf_encrypt, \
		.decrypt = ocf_decrypt

const struct kv_crypto kv_crypto_gcm = {
	AEAD, .prepare = gcm_prepare, .implementation = gcm_name,
};

const struct kv_crypto kv_crypto_chacha = {
	AEAD, .prepare = chacha_prepare, .implementation = chacha_name,
};

const struct kv_crypto kv_crypto_cbc = {
	CIPHER, .prepare = cbc_prepare, .implementation = cbc_name,
};

const struct kv_crypto kv_crypto_ctr = {
	CIPHER, .prepare = ctr_prepare, .implementation = ctr_name,
};
