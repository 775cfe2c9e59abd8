/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* ask.c - one function per request, as 0 or errno: see helper.h */
#include "helper.h"

int ask_genkey(int fd, uint32_t alg, uint32_t bits, uint32_t ttl, uint64_t *id)
{
	struct kv_genkey_req req = {
		.algorithm = alg, .key_bits = bits, .ttl_seconds = ttl,
	};
	int err = request(fd, KV_IOC_GENKEY, &req);

	if (!err && id)
		*id = req.key_id;
	return err;
}

uint64_t key_make(int fd, uint32_t alg)
{
	uint64_t id;

	return ask_genkey(fd, alg, 0, 0, &id) ? 0 : id;
}

int ask_import(int fd, uint32_t alg, uint32_t flags, const void *bytes, size_t len,
	   uint64_t *id)
{
	struct kv_import_req req = {
		.algorithm = alg, .flags = flags,
		.key_material = bytes, .key_len = len,
	};
	int err = request(fd, KV_IOC_IMPORT, &req);

	if (!err && id)
		*id = req.key_id;
	return err;
}

uint64_t key_import(int fd, uint32_t alg, const void *bytes, size_t len)
{
	uint64_t id;

	return ask_import(fd, alg, 0, bytes, len, &id) ? 0 : id;
}

const uint8_t *known_bytes(void)
{
	static uint8_t bytes[KV_MAX_KEY_SIZE];

	if (!bytes[0] && !bytes[1])
		fill(bytes, sizeof(bytes), 25519);
	return bytes;
}

uint64_t key_known(int fd, const struct alg *alg)
{
	if (alg->kind & KIND_KDF)
		return key_make(fd, alg->id);
	return key_import(fd, alg->id, known_bytes(), alg->bits / 8);
}

int ask_destroy(int fd, uint64_t id)
{
	struct kv_destroy_req req = { .key_id = id };

	return request(fd, KV_IOC_DESTROY, &req);
}

int ask_revoke(int fd, uint64_t id)
{
	struct kv_revoke_req req = { .key_id = id };

	return request(fd, KV_IOC_REVOKE, &req);
}

int ask_restrict(int fd, uint32_t caps)
{
	struct kv_restrict_req req = { .caps = caps };

	return request(fd, KV_IOC_RESTRICT, &req);
}

uint32_t ask_getcaps(int fd)
{
	struct kv_getcaps_req req = { .caps = 0xFFFFFFFFu };

	request(fd, KV_IOC_GETCAPS, &req);
	return req.caps;
}

int ask_getinfo(int fd, uint64_t id, struct kv_keyinfo_req *info)
{
	memset(info, 0, sizeof(*info));
	info->key_id = id;
	return request(fd, KV_IOC_GETINFO, info);
}

int ask_list(int fd, uint64_t *ids, uint32_t room, uint32_t *count)
{
	struct kv_list_req req = { .key_ids = ids, .max_keys = room };
	int err = request(fd, KV_IOC_LIST, &req);

	if (!err)
		*count = req.num_keys;
	return err;
}

int key_count(int fd)
{
	uint64_t ids[KV_MAX_LIST_KEYS];
	uint32_t count;

	return ask_list(fd, ids, KV_MAX_LIST_KEYS, &count) ? -1 : (int)count;
}

int ask_seal(int fd, uint64_t id, const void *pt, size_t len, void *ct,
	 const struct aead *with)
{
	struct kv_aead_encrypt_req req = {
		.key_id = id, .plaintext = pt, .plaintext_len = len,
		.aad = with->aad, .aad_len = with->aad_len,
		.ciphertext = ct, .ciphertext_len = len,
		.nonce = with->nonce, .nonce_out = with->nonce_out,
		.tag = with->tag,
	};

	return request(fd, KV_IOC_AEAD_ENCRYPT, &req);
}

int ask_unseal(int fd, uint64_t id, const void *ct, size_t len, void *pt,
	   const struct aead *with)
{
	struct kv_aead_decrypt_req req = {
		.key_id = id, .ciphertext = ct, .ciphertext_len = len,
		.aad = with->aad, .aad_len = with->aad_len,
		.nonce = with->nonce, .tag = with->tag,
		.plaintext = pt, .plaintext_len = len,
	};

	return request(fd, KV_IOC_AEAD_DECRYPT, &req);
}

int ask_encrypt(int fd, uint64_t id, const void *pt, size_t len, void *ct,
	    const void *iv, void *iv_out)
{
	struct kv_encrypt_req req = {
		.key_id = id, .plaintext = pt, .plaintext_len = len,
		.ciphertext = ct, .ciphertext_len = len,
		.iv = iv, .iv_len = iv ? KV_AES_IV_SIZE : 0, .iv_out = iv_out,
	};

	return request(fd, KV_IOC_ENCRYPT, &req);
}

int ask_decrypt(int fd, uint64_t id, const void *ct, size_t len, void *pt,
	    const void *iv)
{
	struct kv_decrypt_req req = {
		.key_id = id, .ciphertext = ct, .ciphertext_len = len,
		.plaintext = pt, .plaintext_len = len,
		.iv = iv, .iv_len = KV_AES_IV_SIZE,
	};

	return request(fd, KV_IOC_DECRYPT, &req);
}

int ask_sign(int fd, uint64_t id, const void *data, size_t len, uint8_t sig[64])
{
	struct kv_sign_req req = {
		.key_id = id, .data = data, .data_len = len,
		.signature = sig, .signature_len = KV_ED25519_SIGNATURE_SIZE,
	};

	return request(fd, KV_IOC_SIGN, &req);
}

int ask_verify(int fd, uint64_t id, const void *data, size_t len,
	   const void *sig, size_t sig_len, int *valid)
{
	struct kv_verify_req req = {
		.key_id = id, .data = data, .data_len = len,
		.signature = sig, .signature_len = sig_len, .valid = -1,
	};
	int err = request(fd, KV_IOC_VERIFY, &req);

	*valid = req.valid;
	return err;
}

int ask_mac(int fd, uint64_t id, const void *data, size_t len, void *out,
	size_t *out_len)
{
	struct kv_mac_req req = {
		.key_id = id, .data = data, .data_len = len,
		.mac = out, .mac_len = *out_len,
	};
	int err = request(fd, KV_IOC_MAC, &req);

	*out_len = req.mac_len;
	return err;
}

int ask_hash(int fd, uint32_t alg, const void *data, size_t len, void *out,
	 size_t *out_len)
{
	struct kv_hash_req req = {
		.algorithm = alg, .data = data, .data_len = len,
		.digest = out, .digest_len = *out_len,
	};
	int err = request(fd, KV_IOC_HASH, &req);

	*out_len = req.digest_len;
	return err;
}

int ask_getpubkey(int fd, uint64_t id, uint8_t pub[32])
{
	struct kv_getpubkey_req req = {
		.key_id = id, .pubkey = pub, .pubkey_len = 32,
	};

	return request(fd, KV_IOC_GET_PUBKEY, &req);
}

int ask_exchange(int fd, uint64_t id, const uint8_t peer[32], uint8_t out[32])
{
	struct kv_keyexchange_req req = {
		.key_id = id, .peer_pubkey = peer, .peer_pubkey_len = 32,
		.shared_secret = out, .shared_secret_len = 32,
	};

	return request(fd, KV_IOC_KEYEXCHANGE, &req);
}

int ask_derive(int fd, uint64_t id, const struct hkdf *with, uint32_t out_alg,
	   uint32_t out_bits, uint64_t *derived)
{
	struct kv_derive_req req = {
		.key_id = id, .algorithm = with->alg, .output_bits = out_bits,
		.output_algorithm = out_alg,
		.salt = with->salt, .salt_len = with->salt_len,
		.info = with->info, .info_len = with->info_len,
	};
	int err = request(fd, KV_IOC_DERIVE, &req);

	if (!err && derived)
		*derived = req.derived_key_id;
	return err;
}

int ask_subkey(int fd, uint64_t id, const struct hkdf *with, uint32_t out_alg,
	       uint32_t ttl, uint64_t *derived)
{
	struct kv_subkey_req req = {
		.key_id = id, .algorithm = with->alg,
		.output_algorithm = out_alg, .ttl_seconds = ttl,
		.salt = (uintptr_t)with->salt,
		.salt_len = (uint32_t)with->salt_len,
		.info = (uintptr_t)with->info,
		.info_len = (uint32_t)with->info_len,
	};
	int err = request(fd, KV_IOC_SUBKEY, &req);

	if (!err && derived)
		*derived = req.derived_key_id;
	return err;
}

int ask_setname(int fd, uint64_t id, const void *name, uint32_t len)
{
	struct kv_setname_req req = {
		.key_id = id, .name = (uintptr_t)name, .name_len = len,
	};

	return request(fd, KV_IOC_SETNAME, &req);
}

int ask_find(int fd, uint64_t *id, const void *name, uint32_t len, char *out,
	 uint32_t *room)
{
	struct kv_find_req req = {
		.key_id = *id, .name = (uintptr_t)name, .name_len = len,
		.name_out = (uintptr_t)out, .name_out_len = room ? *room : 0,
	};
	int err = request(fd, KV_IOC_FIND, &req);

	*id = req.key_id;
	if (room)
		*room = req.name_out_len;
	return err;
}
