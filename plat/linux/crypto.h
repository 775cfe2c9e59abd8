/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * crypto.h - the kernel's crypto API as the core's struct kv_crypto
 *
 * Each algorithm has a transform that lives as long as the module: it chose the
 * implementation (AES-NI, ...), which the self-test then tried and which every
 * key uses. A key is a transform of its own, made when the key is, and shared by
 * all who use it; what one operation needs besides is a job.
 */
#ifndef KV_CRYPTO_H
#define KV_CRYPTO_H

#include <linux/crypto.h>
#include <linux/scatterlist.h>

#include "kv_os.h"

/*
 * Asynchronous implementations are welcome (some wrap the fast ones). Those of
 * devices are not: they keep copies of keys where nobody wipes them.
 */
#define KV_CRYPTO_MASK	CRYPTO_ALG_KERN_DRIVER_ONLY

#define KV_SG_FAST	3	/* AAD, data and tag, each contiguous */

/* A message as the crypto API wants it */
struct kv_sg {
	struct scatterlist *list;
	struct scatterlist fast[KV_SG_FAST];
	struct sg_table table;	/* of a message in more pieces */
};

/*
 * @n parts, in heap memory, at most KV_SG_FAST; empty ones are left out, but not
 * all are empty. -ENOMEM.
 */
int kv_sg_make(struct kv_sg *sg, const struct kv_part *parts, unsigned int n);
void kv_sg_free(struct kv_sg *sg);

/* The memory of one operation that runs */
struct kv_job {
	struct crypto_wait wait;
	struct kv_sg sg;
	uint8_t iv[16];
	uint8_t tag[16];
	void *req[] CRYPTO_MINALIGN_ATTR;	/* the request, and what is its own */
};

/*
 * A key keeps one job for the next operation; more are made when operations run
 * at the same time.
 */
struct kv_jobs {
	struct kv_job *spare;	/* atomic */
	size_t req_size;
};

/* A job, or NULL. kv_job_put() wipes the request, which may hold secrets. */
struct kv_job *kv_job_get(struct kv_jobs *jobs);
void kv_job_put(struct kv_jobs *jobs, struct kv_job *job);
void kv_jobs_fini(struct kv_jobs *jobs);

/*
 * Overwrites the part of the stack that functions called before have used: some
 * ciphers of the kernel leave their state, which has the key in it, there.
 */
void kv_wipe_stack(void);

extern const struct kv_crypto kv_crypto_gcm;
extern const struct kv_crypto kv_crypto_chacha;
extern const struct kv_crypto kv_crypto_cbc;
extern const struct kv_crypto kv_crypto_ctr;
extern const struct kv_crypto kv_crypto_sha256;
extern const struct kv_crypto kv_crypto_sha512;
extern const struct kv_crypto kv_crypto_hmac_sha256;
extern const struct kv_crypto kv_crypto_hmac_sha512;

/* 0, or an errno: the kernel has no algorithm called @failed. */
int kv_aeads_init(const char **failed);
void kv_aeads_exit(void);
int kv_ciphers_init(const char **failed);
void kv_ciphers_exit(void);
int kv_hashes_init(const char **failed);
void kv_hashes_exit(void);

#endif /* KV_CRYPTO_H */
