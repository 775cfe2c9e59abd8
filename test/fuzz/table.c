/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * table.c - the requests, field by field
 */
#include <string.h>

#include "fuzz.h"
#include "sane.h"

#define AT(s, m)	(uint8_t)offsetof(struct s, m), \
			(uint8_t)sizeof(((struct s *)0)->m)
#define FIELD(s, m, k)	{ k, AT(s, m), 0, 0, 0 }
#define LEN(s, m, k, lim) { k, AT(s, m), 0, 0, lim }
#define BUF(s, m, l, k, lim) { k, AT(s, m), AT(s, l), lim }
#define FIXED(s, m, k, n) { k, AT(s, m), 0, 0, n }

#define MAKERS	(KV_CAP_GENKEY | KV_CAP_IMPORT | KV_CAP_DERIVE)
#define DATA	KV_MAX_DATA_SIZE

const struct fz_op fz_ops[] = {
	{ "GENKEY", KV_IOC_GENKEY, KV_CAP_GENKEY, false, true, 10, sane_genkey,
	  { FIELD(kv_genkey_req, algorithm, F_ALG),
	    FIELD(kv_genkey_req, key_bits, F_BITS),
	    FIELD(kv_genkey_req, flags, F_FLAGS),
	    FIELD(kv_genkey_req, ttl_seconds, F_TTL),
	    FIELD(kv_genkey_req, key_id, F_RESULT) } },
	{ "DESTROY", KV_IOC_DESTROY, KV_CAP_DESTROY | KV_CAP_DERIVE, false, false, 5,
	  sane_destroy,
	  { FIELD(kv_destroy_req, key_id, F_ID) } },
	{ "GETINFO", KV_IOC_GETINFO, KV_CAP_GETINFO, true, false, 4,
	  sane_getinfo,
	  { FIELD(kv_keyinfo_req, key_id, F_ID),
	    FIELD(kv_keyinfo_req, algorithm, F_RESULT),
	    FIELD(kv_keyinfo_req, key_bits, F_RESULT),
	    FIELD(kv_keyinfo_req, flags, F_RESULT),
	    FIELD(kv_keyinfo_req, created, F_RESULT),
	    FIELD(kv_keyinfo_req, expires, F_RESULT) } },
	{ "LIST", KV_IOC_LIST, KV_CAP_LIST, true, false, 4, sane_list,
	  { BUF(kv_list_req, key_ids, max_keys, F_OUT, KV_MAX_LIST_KEYS),
	    FIELD(kv_list_req, max_keys, F_COUNT),
	    FIELD(kv_list_req, num_keys, F_RESULT) } },
	{ "REVOKE", KV_IOC_REVOKE, KV_CAP_REVOKE, false, false, 1, sane_revoke,
	  { FIELD(kv_revoke_req, key_id, F_ID) } },
	{ "RESTRICT", KV_IOC_RESTRICT, KV_CAP_RESTRICT, false, false, 1,
	  sane_restrict,
	  { FIELD(kv_restrict_req, caps, F_CAPS),
	    FIELD(kv_restrict_req, _pad, F_PAD) } },
	{ "GETCAPS", KV_IOC_GETCAPS, 0, true, false, 2, sane_getcaps,
	  { FIELD(kv_getcaps_req, caps, F_RESULT),
	    FIELD(kv_getcaps_req, _pad, F_PAD) } },
	{ "ENCRYPT", KV_IOC_ENCRYPT, KV_CAP_ENCRYPT, false, false, 12,
	  sane_encrypt,
	  { FIELD(kv_encrypt_req, key_id, F_ID),
	    BUF(kv_encrypt_req, plaintext, plaintext_len, F_IN, DATA),
	    LEN(kv_encrypt_req, plaintext_len, F_LEN, DATA),
	    BUF(kv_encrypt_req, ciphertext, ciphertext_len, F_OUT, DATA),
	    LEN(kv_encrypt_req, ciphertext_len, F_ROOM, DATA),
	    BUF(kv_encrypt_req, iv, iv_len, F_IN, KV_AES_IV_SIZE),
	    LEN(kv_encrypt_req, iv_len, F_LEN, KV_AES_IV_SIZE),
	    FIXED(kv_encrypt_req, iv_out, F_OUT, KV_AES_IV_SIZE) } },
	{ "DECRYPT", KV_IOC_DECRYPT, KV_CAP_DECRYPT, false, false, 8,
	  sane_decrypt,
	  { FIELD(kv_decrypt_req, key_id, F_ID),
	    BUF(kv_decrypt_req, ciphertext, ciphertext_len, F_IN, DATA),
	    LEN(kv_decrypt_req, ciphertext_len, F_LEN, DATA),
	    BUF(kv_decrypt_req, plaintext, plaintext_len, F_OUT, DATA),
	    LEN(kv_decrypt_req, plaintext_len, F_ROOM, DATA),
	    BUF(kv_decrypt_req, iv, iv_len, F_IN, KV_AES_IV_SIZE),
	    LEN(kv_decrypt_req, iv_len, F_LEN, KV_AES_IV_SIZE) } },
	{ "AEAD_ENCRYPT", KV_IOC_AEAD_ENCRYPT, KV_CAP_ENCRYPT, false, false, 16,
	  sane_aead_encrypt,
	  { FIELD(kv_aead_encrypt_req, key_id, F_ID),
	    BUF(kv_aead_encrypt_req, plaintext, plaintext_len, F_IN, DATA),
	    LEN(kv_aead_encrypt_req, plaintext_len, F_LEN, DATA),
	    BUF(kv_aead_encrypt_req, aad, aad_len, F_IN, KV_MAX_AAD_SIZE),
	    LEN(kv_aead_encrypt_req, aad_len, F_LEN, KV_MAX_AAD_SIZE),
	    BUF(kv_aead_encrypt_req, ciphertext, ciphertext_len, F_OUT, DATA),
	    LEN(kv_aead_encrypt_req, ciphertext_len, F_ROOM, DATA),
	    FIXED(kv_aead_encrypt_req, nonce, F_IN, KV_AEAD_NONCE_SIZE),
	    FIXED(kv_aead_encrypt_req, nonce_out, F_OUT, KV_AEAD_NONCE_SIZE),
	    FIXED(kv_aead_encrypt_req, tag, F_OUT, KV_AEAD_TAG_SIZE) } },
	{ "AEAD_DECRYPT", KV_IOC_AEAD_DECRYPT, KV_CAP_DECRYPT, false, false, 8,
	  sane_aead_decrypt,
	  { FIELD(kv_aead_decrypt_req, key_id, F_ID),
	    BUF(kv_aead_decrypt_req, ciphertext, ciphertext_len, F_IN, DATA),
	    LEN(kv_aead_decrypt_req, ciphertext_len, F_LEN, DATA),
	    BUF(kv_aead_decrypt_req, aad, aad_len, F_IN, KV_MAX_AAD_SIZE),
	    LEN(kv_aead_decrypt_req, aad_len, F_LEN, KV_MAX_AAD_SIZE),
	    FIXED(kv_aead_decrypt_req, nonce, F_IN, KV_AEAD_NONCE_SIZE),
	    FIXED(kv_aead_decrypt_req, tag, F_IN, KV_AEAD_TAG_SIZE),
	    BUF(kv_aead_decrypt_req, plaintext, plaintext_len, F_OUT, DATA),
	    LEN(kv_aead_decrypt_req, plaintext_len, F_ROOM, DATA) } },
	{ "SIGN", KV_IOC_SIGN, KV_CAP_SIGN, false, false, 4, sane_sign,
	  { FIELD(kv_sign_req, key_id, F_ID),
	    BUF(kv_sign_req, data, data_len, F_IN, DATA),
	    LEN(kv_sign_req, data_len, F_LEN, DATA),
	    BUF(kv_sign_req, signature, signature_len, F_OUT, 64),
	    LEN(kv_sign_req, signature_len, F_ROOM, 64) } },
	{ "VERIFY", KV_IOC_VERIFY, KV_CAP_VERIFY, true, false, 3, sane_verify,
	  { FIELD(kv_verify_req, key_id, F_ID),
	    BUF(kv_verify_req, data, data_len, F_IN, DATA),
	    LEN(kv_verify_req, data_len, F_LEN, DATA),
	    BUF(kv_verify_req, signature, signature_len, F_IN, 64),
	    LEN(kv_verify_req, signature_len, F_LEN, 64),
	    FIELD(kv_verify_req, valid, F_RESULT) } },
	{ "MAC", KV_IOC_MAC, KV_CAP_MAC, false, false, 8, sane_mac,
	  { FIELD(kv_mac_req, key_id, F_ID),
	    BUF(kv_mac_req, data, data_len, F_IN, DATA),
	    LEN(kv_mac_req, data_len, F_LEN, DATA),
	    BUF(kv_mac_req, mac, mac_len, F_OUT, 64),
	    LEN(kv_mac_req, mac_len, F_ROOM, 64) } },
	{ "HASH", KV_IOC_HASH, KV_CAP_HASH, true, false, 6, sane_hash,
	  { FIELD(kv_hash_req, algorithm, F_ALG),
	    FIELD(kv_hash_req, _pad, F_PAD),
	    BUF(kv_hash_req, data, data_len, F_IN, DATA),
	    LEN(kv_hash_req, data_len, F_LEN, DATA),
	    BUF(kv_hash_req, digest, digest_len, F_OUT, 64),
	    LEN(kv_hash_req, digest_len, F_ROOM, 64) } },
	{ "GET_PUBKEY", KV_IOC_GET_PUBKEY, KV_CAP_GETINFO, true, false, 4,
	  sane_getpubkey,
	  { FIELD(kv_getpubkey_req, key_id, F_ID),
	    BUF(kv_getpubkey_req, pubkey, pubkey_len, F_OUT, 32),
	    LEN(kv_getpubkey_req, pubkey_len, F_ROOM, 32) } },
	{ "KEYEXCHANGE", KV_IOC_KEYEXCHANGE, KV_CAP_EXCHANGE, false, false, 4,
	  sane_keyexchange,
	  { FIELD(kv_keyexchange_req, key_id, F_ID),
	    BUF(kv_keyexchange_req, peer_pubkey, peer_pubkey_len, F_IN, 32),
	    LEN(kv_keyexchange_req, peer_pubkey_len, F_LEN, 32),
	    BUF(kv_keyexchange_req, shared_secret, shared_secret_len, F_OUT, 32),
	    LEN(kv_keyexchange_req, shared_secret_len, F_ROOM, 32) } },
	{ "DERIVE", KV_IOC_DERIVE, KV_CAP_DERIVE, false, true, 6, sane_derive,
	  { FIELD(kv_derive_req, key_id, F_ID),
	    FIELD(kv_derive_req, algorithm, F_ALG),
	    FIELD(kv_derive_req, output_bits, F_BITS),
	    FIELD(kv_derive_req, output_algorithm, F_ALG),
	    FIELD(kv_derive_req, _pad, F_PAD),
	    BUF(kv_derive_req, salt, salt_len, F_IN, KV_HKDF_MAX_SALT_SIZE),
	    LEN(kv_derive_req, salt_len, F_LEN, KV_HKDF_MAX_SALT_SIZE),
	    BUF(kv_derive_req, info, info_len, F_IN, KV_HKDF_MAX_INFO_SIZE),
	    LEN(kv_derive_req, info_len, F_LEN, KV_HKDF_MAX_INFO_SIZE),
	    FIELD(kv_derive_req, derived_key_id, F_RESULT) } },
	{ "IMPORT", KV_IOC_IMPORT, KV_CAP_IMPORT, false, true, 10, sane_import,
	  { FIELD(kv_import_req, algorithm, F_ALG),
	    FIELD(kv_import_req, flags, F_FLAGS),
	    BUF(kv_import_req, key_material, key_len, F_IN, KV_MAX_KEY_SIZE),
	    LEN(kv_import_req, key_len, F_LEN, KV_MAX_KEY_SIZE),
	    FIELD(kv_import_req, key_id, F_RESULT) } },
	{ "SETNAME", KV_IOC_SETNAME, MAKERS, false, false, 3, sane_setname,
	  { FIELD(kv_setname_req, key_id, F_ID),
	    BUF(kv_setname_req, name, name_len, F_IN, KV_MAX_NAME_SIZE),
	    LEN(kv_setname_req, name_len, F_LEN, KV_MAX_NAME_SIZE),
	    FIELD(kv_setname_req, _pad, F_PAD) } },
	{ "FIND", KV_IOC_FIND, KV_CAP_GETINFO, true, false, 4, sane_find,
	  { FIELD(kv_find_req, key_id, F_ID),
	    BUF(kv_find_req, name, name_len, F_IN, KV_MAX_NAME_SIZE),
	    LEN(kv_find_req, name_len, F_LEN, KV_MAX_NAME_SIZE),
	    BUF(kv_find_req, name_out, name_out_len, F_OUT, KV_MAX_NAME_SIZE),
	    LEN(kv_find_req, name_out_len, F_ROOM, KV_MAX_NAME_SIZE) } },
	{ "GETALG", KV_IOC_GETALG, KV_CAP_GETINFO, true, false, 2, sane_getalg,
	  { FIELD(kv_getalg_req, algorithm, F_ALG),
	    FIELD(kv_getalg_req, _pad, F_PAD),
	    FIELD(kv_getalg_req, default_bits, F_RESULT) } },
	{ "SUBKEY", KV_IOC_SUBKEY, KV_CAP_DERIVE, false, true, 6, sane_subkey,
	  { FIELD(kv_subkey_req, key_id, F_ID),
	    BUF(kv_subkey_req, salt, salt_len, F_IN, KV_HKDF_MAX_SALT_SIZE),
	    BUF(kv_subkey_req, info, info_len, F_IN, KV_HKDF_MAX_INFO_SIZE),
	    LEN(kv_subkey_req, salt_len, F_LEN, KV_HKDF_MAX_SALT_SIZE),
	    LEN(kv_subkey_req, info_len, F_LEN, KV_HKDF_MAX_INFO_SIZE),
	    FIELD(kv_subkey_req, algorithm, F_ALG),
	    FIELD(kv_subkey_req, output_algorithm, F_ALG),
	    FIELD(kv_subkey_req, output_bits, F_BITS),
	    FIELD(kv_subkey_req, ttl_seconds, F_TTL),
	    FIELD(kv_subkey_req, derived_key_id, F_RESULT) } },
};

const unsigned int fz_op_count = sizeof(fz_ops) / sizeof(fz_ops[0]);

uint64_t fz_get(const uint8_t *req, unsigned int off, unsigned int size)
{
	uint64_t v = 0;

	memcpy(&v, req + off, size);	/* little-endian, as the machine is */
	return v;
}

void fz_put(uint8_t *req, unsigned int off, unsigned int size, uint64_t v)
{
	memcpy(req + off, &v, size);
}

uint64_t fz_len(const struct fz_call *c, const struct fz_field *f,
		const uint8_t *req)
{
	uint64_t n;

	if (!f->len_size)
		return f->limit;
	n = fz_get(req, f->len_off, f->len_size);
	return c->op->request == KV_IOC_LIST ? n * sizeof(uint64_t) : n;
}
