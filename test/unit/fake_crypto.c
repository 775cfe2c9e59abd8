// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * fake_crypto.c - a process's cryptography: libcrypto behind struct kv_crypto
 *
 * Knows core/kv_os.h and libcrypto 3, and nothing of the fake home. What is
 * prepared for a key is a template that each use copies, so that uses run at the
 * same time; libcrypto wipes copies and template as it frees them.
 */

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "fake_crypto.h"
#include "keyvault.h"

/* CBC, CTR and AEAD: one template for each direction. */
struct cipher {
	EVP_CIPHER_CTX *enc, *dec;
};

static void cipher_release(void *ctx)
{
	struct cipher *c = ctx;

	EVP_CIPHER_CTX_free(c->enc);
	EVP_CIPHER_CTX_free(c->dec);
	OPENSSL_free(c);
}

static EVP_CIPHER_CTX *cipher_template(const EVP_CIPHER *type,
				       const uint8_t *key, int enc)
{
	EVP_CIPHER_CTX *t = EVP_CIPHER_CTX_new();

	if (t && (!EVP_CipherInit_ex2(t, type, key, NULL, enc, NULL) ||
		  !EVP_CIPHER_CTX_set_padding(t, 0))) {
		EVP_CIPHER_CTX_free(t);
		t = NULL;
	}
	return t;
}

static int cipher_prepare(void **ctx, const EVP_CIPHER *type,
			  const uint8_t *key, size_t len)
{
	struct cipher *c;

	if (len != (size_t)EVP_CIPHER_get_key_length(type))
		return -EINVAL;
	c = OPENSSL_zalloc(sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->enc = cipher_template(type, key, 1);
	c->dec = cipher_template(type, key, 0);
	if (!c->enc || !c->dec) {
		cipher_release(c);
		return -ENOMEM;
	}
	*ctx = c;
	return 0;
}

/* One use of @t: a copy that has its IV. NULL: no memory. */
static EVP_CIPHER_CTX *cipher_use(const EVP_CIPHER_CTX *t, const uint8_t *iv)
{
	EVP_CIPHER_CTX *use = EVP_CIPHER_CTX_new();

	if (use && (!EVP_CIPHER_CTX_copy(use, t) ||
		    !EVP_CipherInit_ex2(use, NULL, NULL, iv, -1, NULL))) {
		EVP_CIPHER_CTX_free(use);
		use = NULL;
	}
	return use;
}

static int cipher_run(const EVP_CIPHER_CTX *t, const uint8_t iv[16],
		      uint8_t *data, size_t len)
{
	EVP_CIPHER_CTX *use = cipher_use(t, iv);
	int n, err = 0;

	if (!use)
		return -ENOMEM;
	if (!EVP_CipherUpdate(use, data, &n, data, (int)len) || n != (int)len)
		err = -EIO;
	EVP_CIPHER_CTX_free(use);
	return err;
}

static int cipher_encrypt(void *ctx, const uint8_t iv[16], uint8_t *data,
			  size_t len)
{
	return cipher_run(((struct cipher *)ctx)->enc, iv, data, len);
}

static int cipher_decrypt(void *ctx, const uint8_t iv[16], uint8_t *data,
			  size_t len)
{
	return cipher_run(((struct cipher *)ctx)->dec, iv, data, len);
}

static int aead_update(EVP_CIPHER_CTX *use, const uint8_t *aad, size_t aad_len,
		       uint8_t *data, size_t len)
{
	int n;

	if (aad_len && !EVP_CipherUpdate(use, NULL, &n, aad, (int)aad_len))
		return -EIO;
	if (len && !EVP_CipherUpdate(use, data, &n, data, (int)len))
		return -EIO;
	return 0;
}

static int aead_seal(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		     size_t aad_len, uint8_t *data, size_t len, uint8_t tag[16])
{
	EVP_CIPHER_CTX *use = cipher_use(((struct cipher *)ctx)->enc, nonce);
	uint8_t none[16];
	int n, err;

	if (!use)
		return -ENOMEM;
	err = aead_update(use, aad, aad_len, data, len);
	if (!err && (!EVP_CipherFinal_ex(use, none, &n) ||
		     !EVP_CIPHER_CTX_ctrl(use, EVP_CTRL_AEAD_GET_TAG, 16, tag)))
		err = -EIO;
	EVP_CIPHER_CTX_free(use);
	return err;
}

static int aead_open(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		     size_t aad_len, uint8_t *data, size_t len,
		     const uint8_t tag[16])
{
	EVP_CIPHER_CTX *use = cipher_use(((struct cipher *)ctx)->dec, nonce);
	uint8_t none[16];
	int n, err = 0;

	if (!use)
		return -ENOMEM;
	if (!EVP_CIPHER_CTX_ctrl(use, EVP_CTRL_AEAD_SET_TAG, 16, (void *)tag))
		err = -EIO;
	if (!err)
		err = aead_update(use, aad, aad_len, data, len);
	if (!err && EVP_CipherFinal_ex(use, none, &n) <= 0)
		err = -EBADMSG;
	EVP_CIPHER_CTX_free(use);
	return err;
}

static void mac_release(void *ctx)
{
	EVP_MAC_CTX_free(ctx);
}

static int mac_prepare(void **ctx, char *digest, const uint8_t *key, size_t len)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *type = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *mac = type ? EVP_MAC_CTX_new(type) : NULL;

	EVP_MAC_free(type);	/* @mac has its own reference */
	if (!mac || !EVP_MAC_init(mac, key, len, params)) {
		EVP_MAC_CTX_free(mac);
		return -ENOMEM;
	}
	*ctx = mac;
	return 0;
}

static int mac_run(void *ctx, const struct kv_part *parts, unsigned int n,
		   uint8_t *out)
{
	EVP_MAC_CTX *use = EVP_MAC_CTX_dup(ctx);
	int err = use ? 0 : -ENOMEM;
	size_t len;

	for (unsigned int i = 0; i < n && !err; i++)
		if (!EVP_MAC_update(use, parts[i].data, parts[i].len))
			err = -EIO;
	if (!err && !EVP_MAC_final(use, out, &len, EVP_MAX_MD_SIZE))
		err = -EIO;
	EVP_MAC_CTX_free(use);
	return err;
}

static int hash_run(const EVP_MD *type, const struct kv_part *parts,
		    unsigned int n, uint8_t *out)
{
	EVP_MD_CTX *use = EVP_MD_CTX_new();
	int err = use ? 0 : -ENOMEM;

	if (!err && !EVP_DigestInit_ex2(use, type, NULL))
		err = -EIO;
	for (unsigned int i = 0; i < n && !err; i++)
		if (!EVP_DigestUpdate(use, parts[i].data, parts[i].len))
			err = -EIO;
	if (!err && !EVP_DigestFinal_ex(use, out, NULL))
		err = -EIO;
	EVP_MD_CTX_free(use);
	return err;
}

static int sha256_run(const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	return hash_run(EVP_sha256(), parts, n, out);
}

static int sha512_run(const struct kv_part *parts, unsigned int n, uint8_t *out)
{
	return hash_run(EVP_sha512(), parts, n, out);
}

/* libcrypto refuses a shared secret that is all zero. */
static int x25519_run(uint8_t out[32], const uint8_t secret[32],
		      const uint8_t peer[32])
{
	EVP_PKEY *mine, *theirs;
	EVP_PKEY_CTX *use = NULL;
	size_t len = 32;
	int err = -ENOMEM;

	mine = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, 32);
	theirs = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, peer, 32);
	if (mine)
		use = EVP_PKEY_CTX_new_from_pkey(NULL, mine, NULL);
	if (!theirs || !use || EVP_PKEY_derive_init(use) <= 0 ||
	    EVP_PKEY_derive_set_peer_ex(use, theirs, 0) <= 0)
		goto out;
	err = EVP_PKEY_derive(use, out, &len) > 0 ? 0 : -EINVAL;
out:
	EVP_PKEY_CTX_free(use);
	EVP_PKEY_free(theirs);
	EVP_PKEY_free(mine);
	return err;
}

static const char *implementation(void)
{
	return "libcrypto";
}

#define CIPHER_PREPARE(name, type)					\
static int name##_prepare(void **ctx, const uint8_t *key, size_t len)	\
{									\
	return cipher_prepare(ctx, type(), key, len);			\
}

CIPHER_PREPARE(aes128_gcm, EVP_aes_128_gcm)
CIPHER_PREPARE(aes256_gcm, EVP_aes_256_gcm)
CIPHER_PREPARE(aes128_cbc, EVP_aes_128_cbc)
CIPHER_PREPARE(aes256_cbc, EVP_aes_256_cbc)
CIPHER_PREPARE(aes128_ctr, EVP_aes_128_ctr)
CIPHER_PREPARE(aes256_ctr, EVP_aes_256_ctr)
CIPHER_PREPARE(chacha20_poly1305, EVP_chacha20_poly1305)

static int hmac_sha256_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return mac_prepare(ctx, "SHA256", key, len);
}

static int hmac_sha512_prepare(void **ctx, const uint8_t *key, size_t len)
{
	return mac_prepare(ctx, "SHA512", key, len);
}

#define CIPHER_ROW(name) {						\
	.prepare = name##_prepare, .release = cipher_release,		\
	.encrypt = cipher_encrypt, .decrypt = cipher_decrypt,		\
	.implementation = implementation }
#define AEAD_ROW(name) {						\
	.prepare = name##_prepare, .release = cipher_release,		\
	.seal = aead_seal, .open = aead_open,				\
	.implementation = implementation }
#define MAC_ROW(name) {							\
	.prepare = name##_prepare, .release = mac_release,		\
	.mac = mac_run, .implementation = implementation }

static const struct {
	uint32_t algorithm;
	struct kv_crypto crypto;
} rows[] = {
	{ KV_ALG_SHA256, { .hash = sha256_run, .implementation = implementation } },
	{ KV_ALG_SHA512, { .hash = sha512_run, .implementation = implementation } },
	{ KV_ALG_AES128_GCM, AEAD_ROW(aes128_gcm) },
	{ KV_ALG_AES256_GCM, AEAD_ROW(aes256_gcm) },
	{ KV_ALG_AES128_CBC, CIPHER_ROW(aes128_cbc) },
	{ KV_ALG_AES256_CBC, CIPHER_ROW(aes256_cbc) },
	{ KV_ALG_AES128_CTR, CIPHER_ROW(aes128_ctr) },
	{ KV_ALG_AES256_CTR, CIPHER_ROW(aes256_ctr) },
	{ KV_ALG_HMAC_SHA256, MAC_ROW(hmac_sha256) },
	{ KV_ALG_HMAC_SHA512, MAC_ROW(hmac_sha512) },
	{ KV_ALG_CHACHA20_POLY1305, AEAD_ROW(chacha20_poly1305) },
	{ KV_ALG_X25519, { .exchange = x25519_run, .implementation = implementation } },
};

const struct kv_crypto *ssl_crypto(uint32_t algorithm)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].algorithm == algorithm)
			return &rows[i].crypto;
	return NULL;
}
