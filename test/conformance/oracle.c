/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* oracle.c - libcrypto's answers: see oracle.h */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

#include "oracle.h"

static const uint8_t nothing[1];

static const EVP_CIPHER *cipher_of(uint32_t alg)
{
	switch (alg) {
	case KV_ALG_AES128_GCM:		return EVP_aes_128_gcm();
	case KV_ALG_AES256_GCM:		return EVP_aes_256_gcm();
	case KV_ALG_CHACHA20_POLY1305:	return EVP_chacha20_poly1305();
	case KV_ALG_AES128_CBC:		return EVP_aes_128_cbc();
	case KV_ALG_AES256_CBC:		return EVP_aes_256_cbc();
	case KV_ALG_AES128_CTR:		return EVP_aes_128_ctr();
	case KV_ALG_AES256_CTR:		return EVP_aes_256_ctr();
	default:			return NULL;
	}
}

static const EVP_MD *hash_of(uint32_t alg)
{
	switch (alg) {
	case KV_ALG_SHA256:
	case KV_ALG_HMAC_SHA256:
	case KV_ALG_HKDF_SHA256:	return EVP_sha256();
	case KV_ALG_SHA512:
	case KV_ALG_HMAC_SHA512:
	case KV_ALG_HKDF_SHA512:	return EVP_sha512();
	default:			return NULL;
	}
}

static bool aead_begin(EVP_CIPHER_CTX *ctx, uint32_t alg, const uint8_t *key,
		       const struct aead *with, int encrypting)
{
	int n;

	return EVP_CipherInit_ex(ctx, cipher_of(alg), NULL, NULL, NULL,
				 encrypting) == 1 &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN,
				   KV_AEAD_NONCE_SIZE, NULL) == 1 &&
	       EVP_CipherInit_ex(ctx, NULL, NULL, key, with->nonce,
				 encrypting) == 1 &&
	       (with->aad_len == 0 ||
		EVP_CipherUpdate(ctx, NULL, &n, with->aad,
				 (int)with->aad_len) == 1);
}

bool oracle_seal(uint32_t alg, const uint8_t *key, const void *pt, size_t len,
		 uint8_t *ct, const struct aead *with)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t last[16];
	int n;
	bool ok;

	ok = ctx && aead_begin(ctx, alg, key, with, 1) &&
	     (len == 0 || EVP_CipherUpdate(ctx, ct, &n, pt, (int)len) == 1) &&
	     EVP_CipherFinal_ex(ctx, last, &n) == 1 &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, KV_AEAD_TAG_SIZE,
				 with->tag) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

bool oracle_open(uint32_t alg, const uint8_t *key, const void *ct, size_t len,
		 uint8_t *pt, const struct aead *with)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t last[16];
	int n;
	bool ok;

	ok = ctx && aead_begin(ctx, alg, key, with, 0) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, KV_AEAD_TAG_SIZE,
				 with->tag) == 1 &&
	     (len == 0 || EVP_CipherUpdate(ctx, pt, &n, ct, (int)len) == 1) &&
	     EVP_CipherFinal_ex(ctx, last, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

bool oracle_cipher(uint32_t alg, const uint8_t *key, bool encrypting,
		   const void *in, size_t len, uint8_t *out, const uint8_t *iv)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t last[32];
	int n;
	bool ok;

	ok = ctx && EVP_CipherInit_ex(ctx, cipher_of(alg), NULL, key, iv,
				      encrypting) == 1 &&
	     EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	     (len == 0 || EVP_CipherUpdate(ctx, out, &n, in, (int)len) == 1) &&
	     EVP_CipherFinal_ex(ctx, last, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

size_t oracle_hash_len(uint32_t alg)
{
	const EVP_MD *md = hash_of(alg);

	return md ? (size_t)EVP_MD_size(md) : 0;
}

bool oracle_hash(uint32_t alg, const void *data, size_t len, uint8_t *out)
{
	return EVP_Digest(len ? data : nothing, len, out, NULL, hash_of(alg),
			  NULL) == 1;
}

bool oracle_mac(uint32_t alg, const void *key, size_t key_len,
		const void *data, size_t len, uint8_t *out)
{
	return HMAC(hash_of(alg), key, (int)key_len, len ? data : nothing, len,
		    out, NULL) != NULL;
}

/*
 * HKDF spelled out with HMAC (RFC 5869 2.2, 2.3): libcrypto's own refuses an
 * info of 1024 bytes in some versions.
 */
bool oracle_hkdf(const struct hkdf *with, const void *ikm, size_t ikm_len,
		 uint8_t *okm, size_t okm_len)
{
	size_t hash_len = oracle_hash_len(with->alg), done = 0;
	uint8_t zeros[64] = { 0 }, prk[64], t[64];
	uint8_t block[64 + KV_HKDF_MAX_INFO_SIZE + 1];
	uint8_t counter = 0;

	if (with->info_len > KV_HKDF_MAX_INFO_SIZE ||
	    !oracle_mac(with->alg, with->salt_len ? with->salt : zeros,
			with->salt_len ? with->salt_len : hash_len,
			ikm, ikm_len, prk))
		return false;
	while (done < okm_len) {
		size_t n = 0, take = okm_len - done;

		if (counter)
			memcpy(block, t, n = hash_len);
		if (with->info_len)
			memcpy(block + n, with->info, with->info_len);
		n += with->info_len;
		block[n++] = ++counter;
		if (!oracle_mac(with->alg, prk, hash_len, block, n, t))
			return false;
		if (take > hash_len)
			take = hash_len;
		memcpy(okm + done, t, take);
		done += take;
	}
	return true;
}

static EVP_PKEY *secret_key(int type, const uint8_t secret[32])
{
	return EVP_PKEY_new_raw_private_key(type, NULL, secret, 32);
}

static int pkey_type(uint32_t alg)
{
	return alg == KV_ALG_ED25519 ? EVP_PKEY_ED25519 : EVP_PKEY_X25519;
}

bool oracle_pubkey(uint32_t alg, const uint8_t secret[32], uint8_t pub[32])
{
	EVP_PKEY *key = secret_key(pkey_type(alg), secret);
	size_t len = 32;
	bool ok = key && EVP_PKEY_get_raw_public_key(key, pub, &len) == 1;

	EVP_PKEY_free(key);
	return ok;
}

bool oracle_sign(const uint8_t seed[32], const void *data, size_t len,
		 uint8_t sig[64])
{
	EVP_PKEY *key = secret_key(EVP_PKEY_ED25519, seed);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t sig_len = 64;
	bool ok;

	ok = key && ctx &&
	     EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1 &&
	     EVP_DigestSign(ctx, sig, &sig_len, len ? data : nothing, len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

bool oracle_verify(const uint8_t pub[32], const void *data, size_t len,
		   const uint8_t sig[64])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
						    pub, 32);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok;

	ok = key && ctx &&
	     EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
	     EVP_DigestVerify(ctx, sig, 64, len ? data : nothing, len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

bool oracle_exchange(const uint8_t secret[32], const uint8_t peer[32],
		     uint8_t out[32])
{
	EVP_PKEY *ours = secret_key(EVP_PKEY_X25519, secret);
	EVP_PKEY *theirs = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL,
						       peer, 32);
	EVP_PKEY_CTX *ctx = ours ? EVP_PKEY_CTX_new(ours, NULL) : NULL;
	size_t len = 32;
	bool ok;

	ok = ctx && theirs && EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer(ctx, theirs) == 1 &&
	     EVP_PKEY_derive(ctx, out, &len) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(theirs);
	EVP_PKEY_free(ours);
	return ok;
}
