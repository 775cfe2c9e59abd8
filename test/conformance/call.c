/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* call.c - the table of requests and good examples of each: see call.h */
#include <errno.h>
#include <stdio.h>

#include "call.h"
#include "oracle.h"

enum { B_DATA, B_OUT, B_EXTRA, B_IV, B_IV_OUT, B_TAG };

static const uint8_t fixed_iv[16] = "sixteen iv bytes";

static void prepare_genkey(struct call *c)
{
	c->req.genkey.algorithm = KV_ALG_AES256_GCM;
}

static void prepare_none(struct call *c)
{
	(void)c;
}

static void prepare_list(struct call *c)
{
	c->req.list.key_ids = (uint64_t *)(void *)c->buf[B_OUT];
	c->req.list.max_keys = CALL_BUF / sizeof(uint64_t);
}

static void prepare_restrict(struct call *c)
{
	c->req.restrict_to.caps = KV_CAP_ALL;
}

static void prepare_encrypt(struct call *c)
{
	struct kv_encrypt_req *req = &c->req.encrypt;

	req->plaintext = c->buf[B_DATA];
	req->plaintext_len = CALL_DATA;
	req->ciphertext = c->buf[B_OUT];
	req->ciphertext_len = CALL_DATA;
	req->iv = c->buf[B_IV];
	req->iv_len = KV_AES_IV_SIZE;
	req->iv_out = c->buf[B_IV_OUT];
}

static void prepare_decrypt(struct call *c)
{
	struct kv_decrypt_req *req = &c->req.decrypt;

	req->ciphertext = c->buf[B_DATA];
	req->ciphertext_len = CALL_DATA;
	req->plaintext = c->buf[B_OUT];
	req->plaintext_len = CALL_DATA;
	req->iv = c->buf[B_IV];
	req->iv_len = KV_AES_IV_SIZE;
}

static void prepare_seal(struct call *c)
{
	struct kv_aead_encrypt_req *req = &c->req.seal;

	req->plaintext = c->buf[B_DATA];
	req->plaintext_len = CALL_DATA;
	req->aad = c->buf[B_EXTRA];
	req->aad_len = 20;
	req->ciphertext = c->buf[B_OUT];
	req->ciphertext_len = CALL_DATA;
	req->nonce = c->buf[B_IV];
	req->nonce_out = c->buf[B_IV_OUT];
	req->tag = c->buf[B_TAG];
}

static void prepare_open(struct call *c)
{
	struct kv_aead_decrypt_req *req = &c->req.open;
	uint8_t plaintext[CALL_DATA], tag[KV_AEAD_TAG_SIZE];
	struct aead with = {
		.nonce = c->buf[B_IV], .aad = c->buf[B_EXTRA], .aad_len = 20,
		.tag = tag,
	};

	fill(plaintext, sizeof(plaintext), 7);
	memcpy(c->buf[B_TAG], fixed_iv, KV_AEAD_TAG_SIZE);
	if (c->alg && (c->alg->kind & KIND_AEAD) &&
	    oracle_seal(c->alg->id, known_bytes(), plaintext, CALL_DATA,
			c->buf[B_DATA], &with))
		memcpy(c->buf[B_TAG], tag, sizeof(tag));
	req->ciphertext = c->buf[B_DATA];
	req->ciphertext_len = CALL_DATA;
	req->aad = c->buf[B_EXTRA];
	req->aad_len = 20;
	req->nonce = c->buf[B_IV];
	req->tag = c->buf[B_TAG];
	req->plaintext = c->buf[B_OUT];
	req->plaintext_len = CALL_DATA;
}

static void prepare_sign(struct call *c)
{
	struct kv_sign_req *req = &c->req.sign;

	req->data = c->buf[B_DATA];
	req->data_len = CALL_DATA;
	req->signature = c->buf[B_OUT];
	req->signature_len = KV_ED25519_SIGNATURE_SIZE;
}

static void prepare_verify(struct call *c)
{
	struct kv_verify_req *req = &c->req.verify;

	oracle_sign(known_bytes(), c->buf[B_DATA], CALL_DATA, c->buf[B_EXTRA]);
	req->data = c->buf[B_DATA];
	req->data_len = CALL_DATA;
	req->signature = c->buf[B_EXTRA];
	req->signature_len = KV_ED25519_SIGNATURE_SIZE;
	req->valid = -1;
}

static void prepare_mac(struct call *c)
{
	struct kv_mac_req *req = &c->req.mac;

	req->data = c->buf[B_DATA];
	req->data_len = CALL_DATA;
	req->mac = c->buf[B_OUT];
	req->mac_len = 64;
}

static void prepare_hash(struct call *c)
{
	struct kv_hash_req *req = &c->req.hash;

	req->algorithm = KV_ALG_SHA512;
	req->data = c->buf[B_DATA];
	req->data_len = CALL_DATA;
	req->digest = c->buf[B_OUT];
	req->digest_len = 64;
}

static void prepare_getpubkey(struct call *c)
{
	c->req.getpubkey.pubkey = c->buf[B_OUT];
	c->req.getpubkey.pubkey_len = 32;
}

static void prepare_exchange(struct call *c)
{
	struct kv_keyexchange_req *req = &c->req.exchange;

	memset(c->buf[B_DATA], 0, 32);
	c->buf[B_DATA][0] = 9;			/* the base point */
	req->peer_pubkey = c->buf[B_DATA];
	req->peer_pubkey_len = KV_X25519_PUBLIC_SIZE;
	req->shared_secret = c->buf[B_OUT];
	req->shared_secret_len = KV_X25519_SHARED_SIZE;
}

static void prepare_derive(struct call *c)
{
	struct kv_derive_req *req = &c->req.derive;

	req->algorithm = KV_ALG_HKDF_SHA256;
	req->output_bits = 256;
	req->output_algorithm = KV_ALG_AES256_GCM;
	req->salt = c->buf[B_DATA];
	req->salt_len = 16;
	req->info = c->buf[B_EXTRA];
	req->info_len = 16;
}

static void prepare_import(struct call *c)
{
	struct kv_import_req *req = &c->req.import;

	req->algorithm = KV_ALG_AES256_GCM;
	req->key_material = c->buf[B_DATA];
	req->key_len = 32;
}

static void prepare_setname(struct call *c)
{
	memcpy(c->buf[B_DATA], "example", 7);
	c->req.setname.name = (uintptr_t)c->buf[B_DATA];
	c->req.setname.name_len = 7;
}

static void prepare_find(struct call *c)
{
	c->req.find.name_out = (uintptr_t)c->buf[B_OUT];
	c->req.find.name_out_len = KV_MAX_NAME_SIZE;
}

static void prepare_getalg(struct call *c)
{
	c->req.getalg.algorithm = KV_ALG_AES256_GCM;
}

static void prepare_subkey(struct call *c)
{
	struct kv_subkey_req *req = &c->req.subkey;

	req->algorithm = KV_ALG_HKDF_SHA256;
	req->output_bits = 256;
	req->output_algorithm = KV_ALG_AES256_GCM;
	req->salt = (uintptr_t)c->buf[B_DATA];
	req->salt_len = 16;
	req->info = (uintptr_t)c->buf[B_EXTRA];
	req->info_len = 16;
}

#define FIELD(dir, type, ptr, len) \
	{ dir, #ptr, offsetof(type, ptr), offsetof(type, len), \
	  sizeof(((type *)0)->len), false }
#define BARE(dir, type, ptr) \
	{ dir, #ptr, offsetof(type, ptr), NONE, 0, false }
#define OPTIONAL(dir, type, ptr) \
	{ dir, #ptr, offsetof(type, ptr), NONE, 0, true }
#define END { FIELD_END, NULL, 0, 0, 0, false }
#define KEY(type) offsetof(type, key_id)

#define KEYED (KIND_ANY)

const struct op ops[] = {
	{ "genkey", KV_IOC_GENKEY, sizeof(struct kv_genkey_req),
	  KV_CAP_GENKEY, false, false, 0, 0,
	  NONE, KEY(struct kv_genkey_req), NONE, { END }, prepare_genkey },
	{ "destroy", KV_IOC_DESTROY, sizeof(struct kv_destroy_req),
	  KV_CAP_DESTROY, false, false, KEYED, 0,
	  KEY(struct kv_destroy_req), NONE, NONE, { END }, prepare_none },
	{ "getinfo", KV_IOC_GETINFO, sizeof(struct kv_keyinfo_req),
	  KV_CAP_GETINFO, true, false, KEYED, 0,
	  KEY(struct kv_keyinfo_req), NONE, NONE, { END }, prepare_none },
	{ "list", KV_IOC_LIST, sizeof(struct kv_list_req),
	  KV_CAP_LIST, true, false, 0, 0, NONE, NONE, NONE,
	  { FIELD(OUT, struct kv_list_req, key_ids, max_keys), END },
	  prepare_list },
	{ "revoke", KV_IOC_REVOKE, sizeof(struct kv_revoke_req),
	  KV_CAP_REVOKE, false, false, KEYED, 0,
	  KEY(struct kv_revoke_req), NONE, NONE, { END }, prepare_none },
	{ "restrict", KV_IOC_RESTRICT, sizeof(struct kv_restrict_req),
	  KV_CAP_RESTRICT, false, false, 0, 0, NONE, NONE, NONE, { END },
	  prepare_restrict },
	{ "getcaps", KV_IOC_GETCAPS, sizeof(struct kv_getcaps_req),
	  0, true, false, 0, 0, NONE, NONE, NONE, { END }, prepare_none },
	{ "encrypt", KV_IOC_ENCRYPT, sizeof(struct kv_encrypt_req),
	  KV_CAP_ENCRYPT, false, true, KIND_CIPHER, EOPNOTSUPP,
	  KEY(struct kv_encrypt_req), NONE, NONE,
	  { FIELD(IN, struct kv_encrypt_req, plaintext, plaintext_len),
	    FIELD(OUT, struct kv_encrypt_req, ciphertext, ciphertext_len),
	    FIELD(IN, struct kv_encrypt_req, iv, iv_len),
	    OPTIONAL(OUT, struct kv_encrypt_req, iv_out), END },
	  prepare_encrypt },
	{ "decrypt", KV_IOC_DECRYPT, sizeof(struct kv_decrypt_req),
	  KV_CAP_DECRYPT, false, true, KIND_CIPHER, EOPNOTSUPP,
	  KEY(struct kv_decrypt_req), NONE, NONE,
	  { FIELD(IN, struct kv_decrypt_req, ciphertext, ciphertext_len),
	    FIELD(OUT, struct kv_decrypt_req, plaintext, plaintext_len),
	    FIELD(IN, struct kv_decrypt_req, iv, iv_len), END },
	  prepare_decrypt },
	{ "aead-encrypt", KV_IOC_AEAD_ENCRYPT,
	  sizeof(struct kv_aead_encrypt_req),
	  KV_CAP_ENCRYPT, false, true, KIND_AEAD, EOPNOTSUPP,
	  KEY(struct kv_aead_encrypt_req), NONE, NONE,
	  { FIELD(IN, struct kv_aead_encrypt_req, plaintext, plaintext_len),
	    FIELD(IN, struct kv_aead_encrypt_req, aad, aad_len),
	    FIELD(OUT, struct kv_aead_encrypt_req, ciphertext, ciphertext_len),
	    OPTIONAL(IN, struct kv_aead_encrypt_req, nonce),
	    OPTIONAL(OUT, struct kv_aead_encrypt_req, nonce_out),
	    BARE(OUT, struct kv_aead_encrypt_req, tag), END },
	  prepare_seal },
	{ "aead-decrypt", KV_IOC_AEAD_DECRYPT,
	  sizeof(struct kv_aead_decrypt_req),
	  KV_CAP_DECRYPT, false, true, KIND_AEAD, EOPNOTSUPP,
	  KEY(struct kv_aead_decrypt_req), NONE, NONE,
	  { FIELD(IN, struct kv_aead_decrypt_req, ciphertext, ciphertext_len),
	    FIELD(IN, struct kv_aead_decrypt_req, aad, aad_len),
	    BARE(IN, struct kv_aead_decrypt_req, nonce),
	    BARE(IN, struct kv_aead_decrypt_req, tag),
	    FIELD(OUT, struct kv_aead_decrypt_req, plaintext, plaintext_len),
	    END },
	  prepare_open },
	{ "sign", KV_IOC_SIGN, sizeof(struct kv_sign_req),
	  KV_CAP_SIGN, false, true, KIND_SIGN, EINVAL,
	  KEY(struct kv_sign_req), NONE, NONE,
	  { FIELD(IN, struct kv_sign_req, data, data_len),
	    FIELD(OUT, struct kv_sign_req, signature, signature_len), END },
	  prepare_sign },
	{ "verify", KV_IOC_VERIFY, sizeof(struct kv_verify_req),
	  KV_CAP_VERIFY, true, true, KIND_SIGN, EINVAL,
	  KEY(struct kv_verify_req), NONE, NONE,
	  { FIELD(IN, struct kv_verify_req, data, data_len),
	    FIELD(IN, struct kv_verify_req, signature, signature_len), END },
	  prepare_verify },
	{ "mac", KV_IOC_MAC, sizeof(struct kv_mac_req),
	  KV_CAP_MAC, false, true, KIND_MAC, EOPNOTSUPP,
	  KEY(struct kv_mac_req), NONE, NONE,
	  { FIELD(IN, struct kv_mac_req, data, data_len),
	    FIELD(OUT, struct kv_mac_req, mac, mac_len), END },
	  prepare_mac },
	{ "hash", KV_IOC_HASH, sizeof(struct kv_hash_req),
	  KV_CAP_HASH, true, false, 0, 0, NONE, NONE, NONE,
	  { FIELD(IN, struct kv_hash_req, data, data_len),
	    FIELD(OUT, struct kv_hash_req, digest, digest_len), END },
	  prepare_hash },
	{ "get-pubkey", KV_IOC_GET_PUBKEY, sizeof(struct kv_getpubkey_req),
	  KV_CAP_GETINFO, true, true, KIND_SIGN | KIND_EXCHANGE, EINVAL,
	  KEY(struct kv_getpubkey_req), NONE, NONE,
	  { FIELD(OUT, struct kv_getpubkey_req, pubkey, pubkey_len), END },
	  prepare_getpubkey },
	{ "keyexchange", KV_IOC_KEYEXCHANGE, sizeof(struct kv_keyexchange_req),
	  KV_CAP_EXCHANGE, false, true, KIND_EXCHANGE, EINVAL,
	  KEY(struct kv_keyexchange_req), NONE, NONE,
	  { FIELD(IN, struct kv_keyexchange_req, peer_pubkey, peer_pubkey_len),
	    FIELD(OUT, struct kv_keyexchange_req, shared_secret,
		  shared_secret_len), END },
	  prepare_exchange },
	{ "derive", KV_IOC_DERIVE, sizeof(struct kv_derive_req),
	  KV_CAP_DERIVE, false, true, KIND_MAC | KIND_KDF, EOPNOTSUPP,
	  KEY(struct kv_derive_req),
	  offsetof(struct kv_derive_req, derived_key_id), NONE,
	  { FIELD(IN, struct kv_derive_req, salt, salt_len),
	    FIELD(IN, struct kv_derive_req, info, info_len), END },
	  prepare_derive },
	{ "import", KV_IOC_IMPORT, sizeof(struct kv_import_req),
	  KV_CAP_IMPORT, false, false, 0, 0,
	  NONE, KEY(struct kv_import_req), NONE,
	  { FIELD(IN, struct kv_import_req, key_material, key_len), END },
	  prepare_import },
	{ "setname", KV_IOC_SETNAME, sizeof(struct kv_setname_req),
	  KV_CAP_GENKEY | KV_CAP_IMPORT | KV_CAP_DERIVE, false, false,
	  KEYED, 0, KEY(struct kv_setname_req), NONE,
	  offsetof(struct kv_setname_req, _pad),
	  { FIELD(IN, struct kv_setname_req, name, name_len), END },
	  prepare_setname },
	{ "find", KV_IOC_FIND, sizeof(struct kv_find_req),
	  KV_CAP_GETINFO, true, false, KEYED, 0,
	  KEY(struct kv_find_req), NONE, NONE,
	  { FIELD(OUT, struct kv_find_req, name_out, name_out_len), END },
	  prepare_find },
	{ "getalg", KV_IOC_GETALG, sizeof(struct kv_getalg_req),
	  KV_CAP_GETINFO, true, false, 0, 0, NONE, NONE,
	  offsetof(struct kv_getalg_req, _pad), { END }, prepare_getalg },
	{ "subkey", KV_IOC_SUBKEY, sizeof(struct kv_subkey_req),
	  KV_CAP_DERIVE, false, true, KIND_MAC | KIND_KDF, EOPNOTSUPP,
	  KEY(struct kv_subkey_req),
	  offsetof(struct kv_subkey_req, derived_key_id), NONE,
	  { FIELD(IN, struct kv_subkey_req, salt, salt_len),
	    FIELD(IN, struct kv_subkey_req, info, info_len), END },
	  prepare_subkey },
};
const unsigned int op_count = ARRAY_LEN(ops);
