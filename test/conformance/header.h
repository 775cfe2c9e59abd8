/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * header.h - what the compiler can say about keyvault.h: sizes, offsets, constants
 *
 * Included by abi.c and compiled on its own as C99, as C++ and for 32 bits, so it
 * uses nothing but keyvault.h, and the oldest of static assertions.
 */
#include "keyvault.h"

#define GLUE_(a, b) a ## b
#define GLUE(a, b) GLUE_(a, b)
#define IS(what, value) \
	extern char GLUE(is_, __LINE__)[(what) == (value) ? 1 : -1]
/* @size, then each field's offset */
#define AT(type, field, offset) IS(offsetof(struct type, field), offset)

#if UINTPTR_MAX > 0xFFFFFFFFu
IS(sizeof(struct kv_genkey_req), 24);
AT(kv_genkey_req, algorithm, 0);
AT(kv_genkey_req, key_bits, 4);
AT(kv_genkey_req, flags, 8);
AT(kv_genkey_req, ttl_seconds, 12);
AT(kv_genkey_req, key_id, 16);
IS(sizeof(struct kv_keyinfo_req), 40);
AT(kv_keyinfo_req, key_id, 0);
AT(kv_keyinfo_req, algorithm, 8);
AT(kv_keyinfo_req, key_bits, 12);
AT(kv_keyinfo_req, flags, 16);
AT(kv_keyinfo_req, _pad, 20);
AT(kv_keyinfo_req, created, 24);
AT(kv_keyinfo_req, expires, 32);
IS(sizeof(struct kv_list_req), 16);
AT(kv_list_req, key_ids, 0);
AT(kv_list_req, max_keys, 8);
AT(kv_list_req, num_keys, 12);
IS(sizeof(struct kv_encrypt_req), 64);
AT(kv_encrypt_req, key_id, 0);
AT(kv_encrypt_req, plaintext, 8);
AT(kv_encrypt_req, plaintext_len, 16);
AT(kv_encrypt_req, ciphertext, 24);
AT(kv_encrypt_req, ciphertext_len, 32);
AT(kv_encrypt_req, iv, 40);
AT(kv_encrypt_req, iv_len, 48);
AT(kv_encrypt_req, iv_out, 56);
IS(sizeof(struct kv_decrypt_req), 56);
AT(kv_decrypt_req, key_id, 0);
AT(kv_decrypt_req, ciphertext, 8);
AT(kv_decrypt_req, ciphertext_len, 16);
AT(kv_decrypt_req, plaintext, 24);
AT(kv_decrypt_req, plaintext_len, 32);
AT(kv_decrypt_req, iv, 40);
AT(kv_decrypt_req, iv_len, 48);
IS(sizeof(struct kv_aead_encrypt_req), 80);
AT(kv_aead_encrypt_req, key_id, 0);
AT(kv_aead_encrypt_req, plaintext, 8);
AT(kv_aead_encrypt_req, plaintext_len, 16);
AT(kv_aead_encrypt_req, aad, 24);
AT(kv_aead_encrypt_req, aad_len, 32);
AT(kv_aead_encrypt_req, ciphertext, 40);
AT(kv_aead_encrypt_req, ciphertext_len, 48);
AT(kv_aead_encrypt_req, nonce, 56);
AT(kv_aead_encrypt_req, nonce_out, 64);
AT(kv_aead_encrypt_req, tag, 72);
IS(sizeof(struct kv_aead_decrypt_req), 72);
AT(kv_aead_decrypt_req, key_id, 0);
AT(kv_aead_decrypt_req, ciphertext, 8);
AT(kv_aead_decrypt_req, ciphertext_len, 16);
AT(kv_aead_decrypt_req, aad, 24);
AT(kv_aead_decrypt_req, aad_len, 32);
AT(kv_aead_decrypt_req, nonce, 40);
AT(kv_aead_decrypt_req, tag, 48);
AT(kv_aead_decrypt_req, plaintext, 56);
AT(kv_aead_decrypt_req, plaintext_len, 64);
IS(sizeof(struct kv_sign_req), 40);
AT(kv_sign_req, key_id, 0);
AT(kv_sign_req, data, 8);
AT(kv_sign_req, data_len, 16);
AT(kv_sign_req, signature, 24);
AT(kv_sign_req, signature_len, 32);
IS(sizeof(struct kv_verify_req), 48);
AT(kv_verify_req, key_id, 0);
AT(kv_verify_req, data, 8);
AT(kv_verify_req, data_len, 16);
AT(kv_verify_req, signature, 24);
AT(kv_verify_req, signature_len, 32);
AT(kv_verify_req, valid, 40);
IS(sizeof(struct kv_mac_req), 40);
AT(kv_mac_req, key_id, 0);
AT(kv_mac_req, data, 8);
AT(kv_mac_req, data_len, 16);
AT(kv_mac_req, mac, 24);
AT(kv_mac_req, mac_len, 32);
IS(sizeof(struct kv_hash_req), 40);
AT(kv_hash_req, algorithm, 0);
AT(kv_hash_req, _pad, 4);
AT(kv_hash_req, data, 8);
AT(kv_hash_req, data_len, 16);
AT(kv_hash_req, digest, 24);
AT(kv_hash_req, digest_len, 32);
IS(sizeof(struct kv_getpubkey_req), 24);
AT(kv_getpubkey_req, key_id, 0);
AT(kv_getpubkey_req, pubkey, 8);
AT(kv_getpubkey_req, pubkey_len, 16);
IS(sizeof(struct kv_keyexchange_req), 40);
AT(kv_keyexchange_req, key_id, 0);
AT(kv_keyexchange_req, peer_pubkey, 8);
AT(kv_keyexchange_req, peer_pubkey_len, 16);
AT(kv_keyexchange_req, shared_secret, 24);
AT(kv_keyexchange_req, shared_secret_len, 32);
IS(sizeof(struct kv_derive_req), 64);
AT(kv_derive_req, key_id, 0);
AT(kv_derive_req, algorithm, 8);
AT(kv_derive_req, output_bits, 12);
AT(kv_derive_req, output_algorithm, 16);
AT(kv_derive_req, _pad, 20);
AT(kv_derive_req, salt, 24);
AT(kv_derive_req, salt_len, 32);
AT(kv_derive_req, info, 40);
AT(kv_derive_req, info_len, 48);
AT(kv_derive_req, derived_key_id, 56);
IS(sizeof(struct kv_import_req), 32);
AT(kv_import_req, algorithm, 0);
AT(kv_import_req, flags, 4);
AT(kv_import_req, key_material, 8);
AT(kv_import_req, key_len, 16);
AT(kv_import_req, key_id, 24);
#endif

/* One layout everywhere. */
IS(sizeof(struct kv_destroy_req), 8);
IS(sizeof(struct kv_revoke_req), 8);
IS(sizeof(struct kv_restrict_req), 8);
AT(kv_restrict_req, caps, 0);
AT(kv_restrict_req, _pad, 4);
IS(sizeof(struct kv_getcaps_req), 8);
AT(kv_getcaps_req, caps, 0);
IS(sizeof(struct kv_setname_req), 24);
AT(kv_setname_req, key_id, 0);
AT(kv_setname_req, name, 8);
AT(kv_setname_req, name_len, 16);
AT(kv_setname_req, _pad, 20);
IS(sizeof(struct kv_find_req), 32);
AT(kv_find_req, key_id, 0);
AT(kv_find_req, name, 8);
AT(kv_find_req, name_out, 16);
AT(kv_find_req, name_len, 24);
AT(kv_find_req, name_out_len, 28);
IS(sizeof(struct kv_getalg_req), 120);
AT(kv_getalg_req, algorithm, 0);
AT(kv_getalg_req, _pad, 4);
AT(kv_getalg_req, default_bits, 8);
AT(kv_getalg_req, min_bits, 12);
AT(kv_getalg_req, max_bits, 16);
AT(kv_getalg_req, _pad2, 20);
AT(kv_getalg_req, name, 24);
AT(kv_getalg_req, implementation, 56);
IS(sizeof(struct kv_subkey_req), 56);
AT(kv_subkey_req, key_id, 0);
AT(kv_subkey_req, salt, 8);
AT(kv_subkey_req, info, 16);
AT(kv_subkey_req, salt_len, 24);
AT(kv_subkey_req, info_len, 28);
AT(kv_subkey_req, algorithm, 32);
AT(kv_subkey_req, output_algorithm, 36);
AT(kv_subkey_req, output_bits, 40);
AT(kv_subkey_req, ttl_seconds, 44);
AT(kv_subkey_req, derived_key_id, 48);

IS(KV_KEY_ID_INVALID, 0);
IS(KV_ALG_NONE, 0);
IS(KV_ALG_SHA256, 1);
IS(KV_ALG_SHA512, 2);
IS(KV_ALG_AES128_GCM, 10);
IS(KV_ALG_AES256_GCM, 11);
IS(KV_ALG_AES128_CBC, 12);
IS(KV_ALG_AES256_CBC, 13);
IS(KV_ALG_AES128_CTR, 14);
IS(KV_ALG_AES256_CTR, 15);
IS(KV_ALG_HMAC_SHA256, 20);
IS(KV_ALG_HMAC_SHA512, 21);
IS(KV_ALG_ED25519, 30);
IS(KV_ALG_CHACHA20_POLY1305, 40);
IS(KV_ALG_X25519, 41);
IS(KV_ALG_HKDF_SHA256, 50);
IS(KV_ALG_HKDF_SHA512, 51);

IS(KV_CAP_GENKEY, 0x1);
IS(KV_CAP_DESTROY, 0x2);
IS(KV_CAP_REVOKE, 0x4);
IS(KV_CAP_ENCRYPT, 0x8);
IS(KV_CAP_DECRYPT, 0x10);
IS(KV_CAP_SIGN, 0x20);
IS(KV_CAP_VERIFY, 0x40);
IS(KV_CAP_MAC, 0x80);
IS(KV_CAP_HASH, 0x100);
IS(KV_CAP_GETINFO, 0x200);
IS(KV_CAP_LIST, 0x400);
IS(KV_CAP_RESTRICT, 0x800);
IS(KV_CAP_DERIVE, 0x1000);
IS(KV_CAP_EXCHANGE, 0x2000);
IS(KV_CAP_IMPORT, 0x4000);
IS(KV_CAP_ALL, 0x7FFF);
IS(KV_CAP_READONLY, 0x7F8);

IS(KV_KEY_FLAG_NONE, 0);
IS(KV_KEY_FLAG_REVOKED, 1);
IS(KV_KEY_FLAG_EXPIRED, 2);
IS(KV_KEY_FLAG_PUBLIC, 0x100);
IS(KV_KEY_FLAG_TRANSIENT, 0x200);

IS(KV_MAX_KEY_SIZE, 8192);
IS(KV_MAX_IV_SIZE, 32);
IS(KV_MAX_TAG_SIZE, 32);
IS(KV_MAX_AAD_SIZE, 65536);
IS(KV_MAX_DATA_SIZE, 1048576);
IS(KV_MAX_LIST_KEYS, 1024);
IS(KV_MAX_NAME_SIZE, 63);
IS(KV_AEAD_NONCE_SIZE, 12);
IS(KV_AEAD_TAG_SIZE, 16);
IS(KV_AES_BLOCK_SIZE, 16);
IS(KV_AES_IV_SIZE, 16);
IS(KV_ED25519_SEED_SIZE, 32);
IS(KV_ED25519_PUBLIC_SIZE, 32);
IS(KV_ED25519_SECRET_SIZE, 64);
IS(KV_ED25519_SIGNATURE_SIZE, 64);
IS(KV_X25519_PUBLIC_SIZE, 32);
IS(KV_X25519_SECRET_SIZE, 32);
IS(KV_X25519_SHARED_SIZE, 32);
IS(KV_HKDF_MAX_SALT_SIZE, 1024);
IS(KV_HKDF_MAX_INFO_SIZE, 1024);
IS(KV_HKDF_MAX_OUTPUT_SIZE, 8160);
#if defined(__linux__)
IS(KV_EREVOKED, 128);		/* EKEYREVOKED */
IS(KV_EEXPIRED, 127);		/* EKEYEXPIRED */
#elif defined(__FreeBSD__)
IS(KV_EREVOKED, 13);		/* EACCES */
IS(KV_EEXPIRED, 70);		/* ESTALE */
#endif
