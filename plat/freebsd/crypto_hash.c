// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* crypto_hash.c - SHA-2 and HMAC, with the kernel's transforms called directly */

#include "crypto.h"

#include <sys/malloc.h>
#include <opencrypto/cryptodev.h>
#include <opencrypto/xform_auth.h>

#include "module.h"

/* A hash that runs */
union state {
	SHA256_CTX sha256;
	SHA512_CTX sha512;
};

/* HMAC (RFC 2104) with the key's block hashed already, once for all */
struct hmac_key {
	const struct auth_hash *hash;
	union state inner, outer;
};

static void update(const struct auth_hash *hash, union state *state,
		   const struct kv_part *parts, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (parts[i].len)
			hash->Update(state, parts[i].data, (u_int)parts[i].len);
}

static int digest(const struct auth_hash *hash, const struct kv_part *parts,
		  unsigned int n, uint8_t *out)
{
	union state state;

	hash->Init(&state);
	update(hash, &state, parts, n);
	hash->Final(out, &state);
	explicit_bzero(&state, sizeof(state));
	kv_wipe_stack();	/* a message may be secret: Ed25519's are */
	return 0;
}

static int sha256_hash(const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	return digest(&auth_hash_sha2_256, parts, n, out);
}

static int sha512_hash(const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	return digest(&auth_hash_sha2_512, parts, n, out);
}

static int hmac_prepare(const struct auth_hash *hash, void **ctx,
			const uint8_t *bytes, size_t len)
{
	struct hmac_key *key = malloc(sizeof(*key), M_KEYVAULT, M_WAITOK | M_ZERO);

	key->hash = hash;
	hmac_init_ipad(hash, (const char *)bytes, (int)len, &key->inner);
	hmac_init_opad(hash, (const char *)bytes, (int)len, &key->outer);
	kv_wipe_stack();
	*ctx = key;
	return 0;
}

static int hmac_sha256_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return hmac_prepare(&auth_hash_hmac_sha2_256, ctx, key, len);
}

static int hmac_sha512_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return hmac_prepare(&auth_hash_hmac_sha2_512, ctx, key, len);
}

static void hmac_release(void *ctx)
{
	zfree(ctx, M_KEYVAULT);
}

static int hmac_mac(void *ctx, const struct kv_part *parts, unsigned int n,
		    uint8_t *out)
{
	const struct hmac_key *key = ctx;
	struct {
		union state state;
		uint8_t inner[SHA512_DIGEST_LENGTH];
	} secret;
	const struct kv_part inner = { secret.inner, key->hash->hashsize };

	secret.state = key->inner;
	update(key->hash, &secret.state, parts, n);
	key->hash->Final(secret.inner, &secret.state);
	secret.state = key->outer;
	update(key->hash, &secret.state, &inner, 1);
	key->hash->Final(out, &secret.state);
	explicit_bzero(&secret, sizeof(secret));
	kv_wipe_stack();
	return 0;
}

/* The kernel's SHA-2 is that of libmd, for C or for the processor. */
static const char *hash_name(void)
{
	return "libmd";
}

const struct kv_crypto kv_crypto_sha256 = {
	.hash = sha256_hash,
	.implementation = hash_name,
};

const struct kv_crypto kv_crypto_sha512 = {
	.hash = sha512_hash,
	.implementation = hash_name,
};

const struct kv_crypto kv_crypto_hmac_sha256 = {
	.prepare = hmac_sha256_prepare,
	.release = hmac_release,
	.mac = hmac_mac,
	.implementation = hash_name,
};

const struct kv_crypto kv_crypto_hmac_sha512 = {
	.prepare = hmac_sha512_prepare,
	.release = hmac_release,
	.mac = hmac_mac,
	.implementation = hash_name,
};
