// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Keys at work: encrypt, authenticate, sign, agree, derive. */
#define _GNU_SOURCE
#include <string.h>

#include "transport.h"

int kv_encrypt(struct kv *kv, uint64_t key, const void *plaintext, size_t len,
	       void *ciphertext, uint8_t iv[KV_AES_IV_SIZE])
{
	struct kv_encrypt_req req = {
		.key_id = key, .plaintext = plaintext, .plaintext_len = len,
		.ciphertext = ciphertext, .ciphertext_len = len, .iv_out = iv,
	};

	return kv_request(kv, KV_IOC_ENCRYPT, &req);
}

int kv_encrypt_iv(struct kv *kv, uint64_t key, const void *plaintext,
		  size_t len, void *ciphertext,
		  const uint8_t iv[KV_AES_IV_SIZE])
{
	struct kv_encrypt_req req = {
		.key_id = key, .plaintext = plaintext, .plaintext_len = len,
		.ciphertext = ciphertext, .ciphertext_len = len,
		.iv = iv, .iv_len = KV_AES_IV_SIZE,
	};

	return kv_request(kv, KV_IOC_ENCRYPT, &req);
}

int kv_decrypt(struct kv *kv, uint64_t key, const void *ciphertext, size_t len,
	       void *plaintext, const uint8_t iv[KV_AES_IV_SIZE])
{
	struct kv_decrypt_req req = {
		.key_id = key, .ciphertext = ciphertext, .ciphertext_len = len,
		.plaintext = plaintext, .plaintext_len = len,
		.iv = iv, .iv_len = KV_AES_IV_SIZE,
	};

	return kv_request(kv, KV_IOC_DECRYPT, &req);
}

int kv_aead_encrypt(struct kv *kv, uint64_t key, const void *aad,
		    size_t aad_len, const void *plaintext, size_t len,
		    void *ciphertext, uint8_t nonce[KV_AEAD_NONCE_SIZE],
		    uint8_t tag[KV_AEAD_TAG_SIZE])
{
	struct kv_aead_encrypt_req req = {
		.key_id = key, .plaintext = plaintext, .plaintext_len = len,
		.aad = aad, .aad_len = aad_len,
		.ciphertext = ciphertext, .ciphertext_len = len,
		.nonce_out = nonce, .tag = tag,
	};

	return kv_request(kv, KV_IOC_AEAD_ENCRYPT, &req);
}

int kv_aead_encrypt_nonce(struct kv *kv, uint64_t key, const void *aad,
			  size_t aad_len, const void *plaintext, size_t len,
			  void *ciphertext,
			  const uint8_t nonce[KV_AEAD_NONCE_SIZE],
			  uint8_t tag[KV_AEAD_TAG_SIZE])
{
	struct kv_aead_encrypt_req req = {
		.key_id = key, .plaintext = plaintext, .plaintext_len = len,
		.aad = aad, .aad_len = aad_len,
		.ciphertext = ciphertext, .ciphertext_len = len,
		.nonce = nonce, .tag = tag,
	};

	/* A NULL here would have the vault make one, and lose it. */
	if (!nonce)
		return -EINVAL;
	return kv_request(kv, KV_IOC_AEAD_ENCRYPT, &req);
}

int kv_aead_decrypt(struct kv *kv, uint64_t key, const void *aad,
		    size_t aad_len, const void *ciphertext, size_t len,
		    void *plaintext, const uint8_t nonce[KV_AEAD_NONCE_SIZE],
		    const uint8_t tag[KV_AEAD_TAG_SIZE])
{
	struct kv_aead_decrypt_req req = {
		.key_id = key, .ciphertext = ciphertext, .ciphertext_len = len,
		.aad = aad, .aad_len = aad_len, .nonce = nonce, .tag = tag,
		.plaintext = plaintext, .plaintext_len = len,
	};
	int err = kv_request(kv, KV_IOC_AEAD_DECRYPT, &req);

	/* Who forgets to look at the answer finds zeros, not what was there. */
	if (err && err != -EFAULT && plaintext && len)
		explicit_bzero(plaintext, len);
	return err;
}

int kv_sign(struct kv *kv, uint64_t key, const void *data, size_t len,
	    uint8_t signature[KV_ED25519_SIGNATURE_SIZE])
{
	struct kv_sign_req req = {
		.key_id = key, .data = data, .data_len = len,
		.signature = signature,
		.signature_len = KV_ED25519_SIGNATURE_SIZE,
	};

	return kv_request(kv, KV_IOC_SIGN, &req);
}

int kv_verify(struct kv *kv, uint64_t key, const void *data, size_t len,
	      const void *signature, size_t signature_len)
{
	struct kv_verify_req req = {
		.key_id = key, .data = data, .data_len = len,
		.signature = signature, .signature_len = signature_len,
		.valid = 0,
	};
	int err = kv_request(kv, KV_IOC_VERIFY, &req);

	if (err)
		return err;
	return req.valid == 1 ? 0 : -EBADMSG;
}

int kv_mac(struct kv *kv, uint64_t key, const void *data, size_t len,
	   void *mac, size_t *mac_len)
{
	struct kv_mac_req req = {
		.key_id = key, .data = len ? data : NULL, .data_len = len,
		.mac = mac, .mac_len = *mac_len,
	};
	int err = kv_request(kv, KV_IOC_MAC, &req);

	if (!err)
		*mac_len = req.mac_len;
	return err;
}

int kv_hash(struct kv *kv, uint32_t algorithm, const void *data, size_t len,
	    void *digest, size_t *digest_len)
{
	struct kv_hash_req req = {
		.algorithm = algorithm,
		.data = len ? data : NULL, .data_len = len,
		.digest = digest, .digest_len = *digest_len,
	};
	int err = kv_request(kv, KV_IOC_HASH, &req);

	if (!err)
		*digest_len = req.digest_len;
	return err;
}

int kv_exchange(struct kv *kv, uint64_t key,
		const uint8_t peer[KV_X25519_PUBLIC_SIZE],
		uint8_t secret[KV_X25519_SHARED_SIZE])
{
	struct kv_keyexchange_req req = {
		.key_id = key, .peer_pubkey = peer,
		.peer_pubkey_len = KV_X25519_PUBLIC_SIZE,
		.shared_secret = secret,
		.shared_secret_len = KV_X25519_SHARED_SIZE,
	};

	return kv_request(kv, KV_IOC_KEYEXCHANGE, &req);
}

int kv_derive(struct kv *kv, uint64_t key, uint32_t hkdf, const void *salt,
	      size_t salt_len, const void *info, size_t info_len,
	      uint32_t algorithm, uint32_t bits, uint64_t *derived)
{
	struct kv_derive_req req = {
		.key_id = key, .algorithm = hkdf,
		.output_bits = bits, .output_algorithm = algorithm,
		.salt = salt, .salt_len = salt_len,
		.info = info, .info_len = info_len,
	};
	int err = kv_request(kv, KV_IOC_DERIVE, &req);

	if (!err)
		*derived = req.derived_key_id;
	return err;
}

int kv_subkey(struct kv *kv, uint64_t key, uint32_t hkdf, const void *salt,
	      size_t salt_len, const void *info, size_t info_len,
	      uint32_t algorithm, uint32_t bits, uint32_t ttl_seconds,
	      uint64_t *derived)
{
	struct kv_subkey_req req = {
		.key_id = key, .algorithm = hkdf,
		.output_bits = bits, .output_algorithm = algorithm,
		.ttl_seconds = ttl_seconds,
		.salt = (uintptr_t)salt, .salt_len = (uint32_t)salt_len,
		.info = (uintptr_t)info, .info_len = (uint32_t)info_len,
	};
	int err;

	if (salt_len > KV_HKDF_MAX_SALT_SIZE || info_len > KV_HKDF_MAX_INFO_SIZE)
		return -EINVAL;
	err = kv_request(kv, KV_IOC_SUBKEY, &req);
	if (!err)
		*derived = req.derived_key_id;
	return err;
}
