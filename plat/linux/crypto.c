// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* crypto.c - which cryptography an algorithm has here; X25519; jobs */

#include <crypto/curve25519.h>
#include <linux/kmod.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "crypto.h"
#include "keyvault.h"
#include "module.h"

#define STACK_WIPED	1792	/* bytes; a function may have 2048 */

static int curve_exchange(uint8_t out[32], const uint8_t secret[32],
			  const uint8_t peer[32])
{
	bool ok = curve25519(out, secret, peer);

	kv_wipe_stack();
	return ok ? 0 : -EINVAL;
}

static const char *curve_name(void)
{
	return "libcurve25519";
}

static const struct kv_crypto crypto_curve = {
	.exchange = curve_exchange,
	.implementation = curve_name,
};

const struct kv_crypto *kv_os_crypto(uint32_t algorithm)
{
	static const struct kv_crypto *const table[] = {
		[KV_ALG_SHA256] = &kv_crypto_sha256,
		[KV_ALG_SHA512] = &kv_crypto_sha512,
		[KV_ALG_AES128_GCM] = &kv_crypto_gcm,
		[KV_ALG_AES256_GCM] = &kv_crypto_gcm,
		[KV_ALG_AES128_CBC] = &kv_crypto_cbc,
		[KV_ALG_AES256_CBC] = &kv_crypto_cbc,
		[KV_ALG_AES128_CTR] = &kv_crypto_ctr,
		[KV_ALG_AES256_CTR] = &kv_crypto_ctr,
		[KV_ALG_HMAC_SHA256] = &kv_crypto_hmac_sha256,
		[KV_ALG_HMAC_SHA512] = &kv_crypto_hmac_sha512,
		[KV_ALG_CHACHA20_POLY1305] = &kv_crypto_chacha,
		[KV_ALG_X25519] = &crypto_curve,
	};

	return algorithm < ARRAY_SIZE(table) ? table[algorithm] : NULL;
}

/*
 * The crypto API loads a module when it has no implementation at all, and many
 * kernels have slow ones built in. The fast ones are asked for by the same names;
 * where there are none, nothing is lost.
 */
static void load_fast_ones(void)
{
	static const char *const names[] = {
		"aes", "ghash", "sha256", "sha512", "chacha20", "poly1305"
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		request_module("crypto-%s", names[i]);
}

int kv_crypto_init(const char **failed)
{
	int err;

	load_fast_ones();
	err = kv_aeads_init(failed);
	if (err)
		goto out;
	err = kv_ciphers_init(failed);
	if (err)
		goto out_aeads;
	err = kv_hashes_init(failed);
	if (err)
		goto out_ciphers;
	return 0;

out_ciphers:
	kv_ciphers_exit();
out_aeads:
	kv_aeads_exit();
out:
	return err;
}

void kv_crypto_exit(void)
{
	kv_hashes_exit();
	kv_ciphers_exit();
	kv_aeads_exit();
}

noinline void kv_wipe_stack(void)
{
	uint8_t used[STACK_WIPED];

	memzero_explicit(used, sizeof(used));
}

/* In how many pieces it lies: large memory is contiguous in pages only. */
static unsigned int pieces(const struct kv_part *part)
{
	if (!part->len)
		return 0;
	if (!is_vmalloc_addr(part->data))
		return 1;
	return DIV_ROUND_UP(offset_in_page(part->data) + part->len, PAGE_SIZE);
}

/* Fills in the entries of a part in pages; returns the entry after them. */
static struct scatterlist *add_paged(struct scatterlist *entry,
				     const struct kv_part *part)
{
	const uint8_t *p = part->data;
	size_t left = part->len, n;

	for (; left; left -= n, p += n, entry = sg_next(entry)) {
		n = min_t(size_t, left, PAGE_SIZE - offset_in_page(p));
		sg_set_page(entry, vmalloc_to_page(p), n, offset_in_page(p));
	}
	return entry;
}

static int sg_make_pages(struct kv_sg *sg, const struct kv_part *parts,
			 unsigned int n)
{
	struct scatterlist *entry;
	unsigned int i, total = 0;

	for (i = 0; i < n; i++)
		total += pieces(&parts[i]);
	if (sg_alloc_table(&sg->table, total, GFP_KERNEL | __GFP_NOWARN))
		return -ENOMEM;
	sg->list = entry = sg->table.sgl;
	for (i = 0; i < n; i++) {
		if (is_vmalloc_addr(parts[i].data)) {
			entry = add_paged(entry, &parts[i]);
		} else if (parts[i].len) {
			sg_set_buf(entry, parts[i].data, parts[i].len);
			entry = sg_next(entry);
		}
	}
	return 0;
}

int kv_sg_make(struct kv_sg *sg, const struct kv_part *parts, unsigned int n)
{
	struct scatterlist *entry = sg->fast;
	unsigned int i;

	sg_init_table(sg->fast, KV_SG_FAST);
	for (i = 0; i < n; i++) {
		if (!parts[i].len)
			continue;
		if (is_vmalloc_addr(parts[i].data))
			return sg_make_pages(sg, parts, n);
		sg_set_buf(entry++, parts[i].data, parts[i].len);
	}
	sg_mark_end(entry - 1);
	sg->list = sg->fast;
	return 0;
}

void kv_sg_free(struct kv_sg *sg)
{
	if (sg->list != sg->fast)
		sg_free_table(&sg->table);
}

struct kv_job *kv_job_get(struct kv_jobs *jobs)
{
	struct kv_job *job = xchg(&jobs->spare, NULL);

	if (!job) {
		job = kmalloc(sizeof(*job) + jobs->req_size,
			      GFP_KERNEL_ACCOUNT);
		if (job)
			crypto_init_wait(&job->wait);
	}
	return job;
}

void kv_job_put(struct kv_jobs *jobs, struct kv_job *job)
{
	memzero_explicit(job->req, jobs->req_size);
	if (cmpxchg(&jobs->spare, NULL, job))
		kfree_sensitive(job);
}

void kv_jobs_fini(struct kv_jobs *jobs)
{
	kfree_sensitive(jobs->spare);
}
