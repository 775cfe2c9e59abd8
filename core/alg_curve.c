// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* alg_curve.c - Ed25519 (RFC 8032) and X25519 (RFC 7748) keys */

#include "alg_rows.h"
#include "ed25519.h"

int kv_ed25519_prepare(struct kv_secret *secret)
{
	struct ed25519_key *key = kv_os_alloc(sizeof(*key));
	int err = -ENOMEM;

	if (!key)
		goto out;
	err = ed25519_expand(key, secret->bytes);
	if (err)
		goto out;
	memcpy(secret->public, key->public, sizeof(secret->public));
	secret->prepared = key;
	key = NULL;		/* the secret owns it now */
out:
	kv_os_free(key, sizeof(*key));
	return err;
}

void kv_ed25519_release(struct kv_secret *secret)
{
	kv_os_free(secret->prepared, sizeof(struct ed25519_key));
}

int kv_ed25519_prepare_public(struct kv_secret *secret)
{
	if (!ed25519_public_ok(secret->bytes))
		return -EINVAL;
	memcpy(secret->public, secret->bytes, sizeof(secret->public));
	return 0;
}

int kv_ed25519_sign(const struct kv_secret *secret, const uint8_t *msg,
		    size_t len, uint8_t *sig)
{
	return ed25519_sign(sig, secret->prepared, msg, len);
}

int kv_ed25519_verify(const struct kv_secret *secret, const uint8_t *msg,
		      size_t len, const uint8_t sig[64])
{
	return ed25519_verify(sig, secret->public, msg, len);
}

/* Clamps the scalar once (RFC 7748 5) and makes the public key (6.1). */
int kv_x25519_prepare(struct kv_secret *secret)
{
	static const uint8_t base[KV_X25519_PUBLIC_SIZE] = { 9 };

	secret->bytes[0] &= 248;
	secret->bytes[31] &= 127;
	secret->bytes[31] |= 64;
	return secret->crypto->exchange(secret->public, secret->bytes, base);
}
