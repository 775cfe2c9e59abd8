// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* alg_hkdf.c - HKDF (RFC 5869) on the home's HMAC */

#include "key.h"

/* One HMAC with a key that is used once. */
static int hmac_once(const struct kv_crypto *hmac, const void *key, size_t key_len,
		     const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	void *ctx = NULL;
	int err;

	err = hmac->prepare(&ctx, key, key_len);
	if (err)
		return err;
	err = hmac->mac(ctx, parts, n, out);
	hmac->release(ctx);
	return err;
}

/* RFC 5869 2.3: T(i) = HMAC(PRK, T(i-1) | info | i) */
static int expand(const struct kv_crypto *hmac, void *prk, size_t hash_len,
		  const struct kv_part *info, uint8_t *t, uint8_t *out,
		  size_t out_len)
{
	uint8_t i = 1;
	struct kv_part parts[] = { { t, 0 }, *info, { &i, 1 } };
	size_t n;
	int err;

	for (;; i++) {
		err = hmac->mac(prk, parts, 3, t);
		if (err)
			return err;
		n = out_len < hash_len ? out_len : hash_len;
		memcpy(out, t, n);
		out += n;
		out_len -= n;
		if (!out_len)
			return 0;
		parts[0].len = hash_len;
	}
}

int kv_hkdf(const struct kv_hkdf *in, uint8_t *out, size_t out_len)
{
	static const uint8_t zeroes[KV_HASH_MAX];
	const struct kv_crypto *hmac = kv_os_crypto(in->hmac);
	const size_t hash_len = kv_alg_find(in->hmac)->out_len;
	struct {
		uint8_t prk[KV_HASH_MAX], t[KV_HASH_MAX];
	} secret;
	const void *salt = in->salt.len ? in->salt.data : zeroes;
	const size_t salt_len = in->salt.len ? in->salt.len : hash_len;
	void *prk = NULL;
	int err = -EINVAL;

	if (!out_len || out_len > 255 * hash_len)
		goto out;
	err = hmac_once(hmac, salt, salt_len, &in->ikm, 1, secret.prk);
	if (err)
		goto out;
	err = hmac->prepare(&prk, secret.prk, hash_len);
	if (err)
		goto out;
	err = expand(hmac, prk, hash_len, &in->info, secret.t, out, out_len);
	hmac->release(prk);
	if (err)
		kv_os_wipe(out, out_len);
out:
	kv_os_wipe(&secret, sizeof(secret));
	return err;
}
