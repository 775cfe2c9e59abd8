// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_layout.c - the fields of every request, and the algorithms: what is fixed */

#include "unit.h"

/* The fields of every request, in the order and of the width that is fixed. */
#define FIELD(type, field, at, width) \
	{ #type "." #field, offsetof(struct type, field), \
	  sizeof(((struct type *)0)->field), at, width }

static const struct {
	const char *name;
	size_t offset, size, want_offset, want_size;
} fields[] = {
	FIELD(kv_genkey_req, algorithm, 0, 4),
	FIELD(kv_genkey_req, key_bits, 4, 4),
	FIELD(kv_genkey_req, flags, 8, 4),
	FIELD(kv_genkey_req, ttl_seconds, 12, 4),
	FIELD(kv_genkey_req, key_id, 16, 8),
	FIELD(kv_destroy_req, key_id, 0, 8),
	FIELD(kv_keyinfo_req, key_id, 0, 8),
	FIELD(kv_keyinfo_req, algorithm, 8, 4),
	FIELD(kv_keyinfo_req, key_bits, 12, 4),
	FIELD(kv_keyinfo_req, flags, 16, 4),
	FIELD(kv_keyinfo_req, _pad, 20, 4),
	FIELD(kv_keyinfo_req, created, 24, 8),
	FIELD(kv_keyinfo_req, expires, 32, 8),
	FIELD(kv_list_req, key_ids, 0, 8),
	FIELD(kv_list_req, max_keys, 8, 4),
	FIELD(kv_list_req, num_keys, 12, 4),
	FIELD(kv_revoke_req, key_id, 0, 8),
	FIELD(kv_restrict_req, caps, 0, 4),
	FIELD(kv_restrict_req, _pad, 4, 4),
	FIELD(kv_getcaps_req, caps, 0, 4),
	FIELD(kv_getcaps_req, _pad, 4, 4),
	FIELD(kv_encrypt_req, key_id, 0, 8),
	FIELD(kv_encrypt_req, plaintext, 8, 8),
	FIELD(kv_encrypt_req, plaintext_len, 16, 8),
	FIELD(kv_encrypt_req, ciphertext, 24, 8),
	FIELD(kv_encrypt_req, ciphertext_len, 32, 8),
	FIELD(kv_encrypt_req, iv, 40, 8),
	FIELD(kv_encrypt_req, iv_len, 48, 8),
	FIELD(kv_encrypt_req, iv_out, 56, 8),
	FIELD(kv_decrypt_req, key_id, 0, 8),
	FIELD(kv_decrypt_req, ciphertext, 8, 8),
	FIELD(kv_decrypt_req, ciphertext_len, 16, 8),
	FIELD(kv_decrypt_req, plaintext, 24, 8),
	FIELD(kv_decrypt_req, plaintext_len, 32, 8),
	FIELD(kv_decrypt_req, iv, 40, 8),
	FIELD(kv_decrypt_req, iv_len, 48, 8),
	FIELD(kv_aead_encrypt_req, key_id, 0, 8),
	FIELD(kv_aead_encrypt_req, plaintext, 8, 8),
	FIELD(kv_aead_encrypt_req, plaintext_len, 16, 8),
	FIELD(kv_aead_encrypt_req, aad, 24, 8),
	FIELD(kv_aead_encrypt_req, aad_len, 32, 8),
	FIELD(kv_aead_encrypt_req, ciphertext, 40, 8),
	FIELD(kv_aead_encrypt_req, ciphertext_len, 48, 8),
	FIELD(kv_aead_encrypt_req, nonce, 56, 8),
	FIELD(kv_aead_encrypt_req, nonce_out, 64, 8),
	FIELD(kv_aead_encrypt_req, tag, 72, 8),
	FIELD(kv_aead_decrypt_req, key_id, 0, 8),
	FIELD(kv_aead_decrypt_req, ciphertext, 8, 8),
	FIELD(kv_aead_decrypt_req, ciphertext_len, 16, 8),
	FIELD(kv_aead_decrypt_req, aad, 24, 8),
	FIELD(kv_aead_decrypt_req, aad_len, 32, 8),
	FIELD(kv_aead_decrypt_req, nonce, 40, 8),
	FIELD(kv_aead_decrypt_req, tag, 48, 8),
	FIELD(kv_aead_decrypt_req, plaintext, 56, 8),
	FIELD(kv_aead_decrypt_req, plaintext_len, 64, 8),
	FIELD(kv_sign_req, key_id, 0, 8),
	FIELD(kv_sign_req, data, 8, 8),
	FIELD(kv_sign_req, data_len, 16, 8),
	FIELD(kv_sign_req, signature, 24, 8),
	FIELD(kv_sign_req, signature_len, 32, 8),
	FIELD(kv_verify_req, key_id, 0, 8),
	FIELD(kv_verify_req, data, 8, 8),
	FIELD(kv_verify_req, data_len, 16, 8),
	FIELD(kv_verify_req, signature, 24, 8),
	FIELD(kv_verify_req, signature_len, 32, 8),
	FIELD(kv_verify_req, valid, 40, 4),
	FIELD(kv_mac_req, key_id, 0, 8),
	FIELD(kv_mac_req, data, 8, 8),
	FIELD(kv_mac_req, data_len, 16, 8),
	FIELD(kv_mac_req, mac, 24, 8),
	FIELD(kv_mac_req, mac_len, 32, 8),
	FIELD(kv_hash_req, algorithm, 0, 4),
	FIELD(kv_hash_req, _pad, 4, 4),
	FIELD(kv_hash_req, data, 8, 8),
	FIELD(kv_hash_req, data_len, 16, 8),
	FIELD(kv_hash_req, digest, 24, 8),
	FIELD(kv_hash_req, digest_len, 32, 8),
	FIELD(kv_getpubkey_req, key_id, 0, 8),
	FIELD(kv_getpubkey_req, pubkey, 8, 8),
	FIELD(kv_getpubkey_req, pubkey_len, 16, 8),
	FIELD(kv_keyexchange_req, key_id, 0, 8),
	FIELD(kv_keyexchange_req, peer_pubkey, 8, 8),
	FIELD(kv_keyexchange_req, peer_pubkey_len, 16, 8),
	FIELD(kv_keyexchange_req, shared_secret, 24, 8),
	FIELD(kv_keyexchange_req, shared_secret_len, 32, 8),
	FIELD(kv_derive_req, key_id, 0, 8),
	FIELD(kv_derive_req, algorithm, 8, 4),
	FIELD(kv_derive_req, output_bits, 12, 4),
	FIELD(kv_derive_req, output_algorithm, 16, 4),
	FIELD(kv_derive_req, _pad, 20, 4),
	FIELD(kv_derive_req, salt, 24, 8),
	FIELD(kv_derive_req, salt_len, 32, 8),
	FIELD(kv_derive_req, info, 40, 8),
	FIELD(kv_derive_req, info_len, 48, 8),
	FIELD(kv_derive_req, derived_key_id, 56, 8),
	FIELD(kv_import_req, algorithm, 0, 4),
	FIELD(kv_import_req, flags, 4, 4),
	FIELD(kv_import_req, key_material, 8, 8),
	FIELD(kv_import_req, key_len, 16, 8),
	FIELD(kv_import_req, key_id, 24, 8),
	FIELD(kv_setname_req, key_id, 0, 8),
	FIELD(kv_setname_req, name, 8, 8),
	FIELD(kv_setname_req, name_len, 16, 4),
	FIELD(kv_setname_req, _pad, 20, 4),
	FIELD(kv_find_req, key_id, 0, 8),
	FIELD(kv_find_req, name, 8, 8),
	FIELD(kv_find_req, name_out, 16, 8),
	FIELD(kv_find_req, name_len, 24, 4),
	FIELD(kv_find_req, name_out_len, 28, 4),
	FIELD(kv_getalg_req, algorithm, 0, 4),
	FIELD(kv_getalg_req, _pad, 4, 4),
	FIELD(kv_getalg_req, default_bits, 8, 4),
	FIELD(kv_getalg_req, min_bits, 12, 4),
	FIELD(kv_getalg_req, max_bits, 16, 4),
	FIELD(kv_getalg_req, _pad2, 20, 4),
	FIELD(kv_getalg_req, name, 24, 32),
	FIELD(kv_getalg_req, implementation, 56, 64),
	FIELD(kv_subkey_req, key_id, 0, 8),
	FIELD(kv_subkey_req, salt, 8, 8),
	FIELD(kv_subkey_req, info, 16, 8),
	FIELD(kv_subkey_req, salt_len, 24, 4),
	FIELD(kv_subkey_req, info_len, 28, 4),
	FIELD(kv_subkey_req, algorithm, 32, 4),
	FIELD(kv_subkey_req, output_algorithm, 36, 4),
	FIELD(kv_subkey_req, output_bits, 40, 4),
	FIELD(kv_subkey_req, ttl_seconds, 44, 4),
	FIELD(kv_subkey_req, derived_key_id, 48, 8),
};

static void layouts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		unit_note("%s", fields[i].name);
		CHECK(fields[i].offset == fields[i].want_offset);
		CHECK(fields[i].size == fields[i].want_size);
	}
}

static const struct {
	uint32_t id;
	const char *name;
	uint32_t kind, def, min, max, import_min, import_max;
} algs[] = {
	{ 1, "sha256", KV_KIND_HASH, 0, 0, 0, 0, 0 },
	{ 2, "sha512", KV_KIND_HASH, 0, 0, 0, 0, 0 },
	{ 10, "aes128-gcm", KV_KIND_AEAD, 128, 128, 128, 128, 128 },
	{ 11, "aes256-gcm", KV_KIND_AEAD, 256, 256, 256, 256, 256 },
	{ 12, "aes128-cbc", KV_KIND_CIPHER, 128, 128, 128, 128, 128 },
	{ 13, "aes256-cbc", KV_KIND_CIPHER, 256, 256, 256, 256, 256 },
	{ 14, "aes128-ctr", KV_KIND_CIPHER, 128, 128, 128, 128, 128 },
	{ 15, "aes256-ctr", KV_KIND_CIPHER, 256, 256, 256, 256, 256 },
	{ 20, "hmac-sha256", KV_KIND_MAC, 256, 128, 512, 8, 65536 },
	{ 21, "hmac-sha512", KV_KIND_MAC, 512, 256, 1024, 8, 65536 },
	{ 30, "ed25519", KV_KIND_SIGN, 256, 256, 256, 256, 256 },
	{ 40, "chacha20-poly1305", KV_KIND_AEAD, 256, 256, 256, 256, 256 },
	{ 41, "x25519", KV_KIND_EXCHANGE, 256, 256, 256, 256, 256 },
	{ 50, "hkdf-sha256", KV_KIND_KDF, 256, 128, 8160, 0, 0 },
	{ 51, "hkdf-sha512", KV_KIND_KDF, 512, 128, 16320, 0, 0 },
};

static void algorithms(void)
{
	size_t found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(algs); i++) {
		const struct kv_alg *alg = kv_alg_find(algs[i].id);

		unit_note("algorithm %u", algs[i].id);
		REQUIRE(alg);
		CHECK(alg->id == algs[i].id && alg->kind == algs[i].kind);
		CHECK(!strcmp(alg->name, algs[i].name));
		CHECK(alg->bits.def == algs[i].def);
		CHECK(alg->bits.min == algs[i].min);
		CHECK(alg->bits.max == algs[i].max);
		CHECK(alg->import.min == algs[i].import_min);
		CHECK(alg->import.max == algs[i].import_max);
	}
	for (uint32_t id = 0; id < 1000; id++)
		found += kv_alg_find(id) != NULL;
	CHECK(found == ARRAY_SIZE(algs));
	CHECK(!kv_alg_find(~0u));
	CHECK(kv_alg_find_public(KV_ALG_ED25519)->kind == KV_KIND_VERIFY);
	for (uint32_t id = 0; id < 1000; id++)
		CHECK(!kv_alg_find_public(id) == (id != KV_ALG_ED25519));
}

static void getalg(void)
{
	struct kv_handle *h = unit_open();
	struct kv_getalg_req req;

	for (size_t i = 0; i < ARRAY_SIZE(algs); i++) {
		memset(&req, 0xff, sizeof(req));
		req.algorithm = algs[i].id;
		CHECK(kv_call(h, KV_IOC_GETALG, &req) == -EINVAL);
		CHECK(req._pad == ~0u && (uint8_t)req.name[0] == 0xff);
		req._pad = 0;
		unit_note("algorithm %u", algs[i].id);
		CHECK(kv_call(h, KV_IOC_GETALG, &req) == 0);
		CHECK(req.default_bits == algs[i].def);
		CHECK(req.min_bits == algs[i].min);
		CHECK(req.max_bits == algs[i].max);
		CHECK(req._pad2 == 0);
		CHECK(!strcmp(req.name, algs[i].name));
		CHECK(!memchr(req.name, 0xff, sizeof(req.name)));
		CHECK(!strcmp(req.implementation, algs[i].id == KV_ALG_ED25519 ?
			      "keyvault" : "fake-libcrypto"));
		CHECK(!memchr(req.implementation, 0xff,
			      sizeof(req.implementation)));
	}
	for (uint32_t id = 0; id < 256; id++) {
		req = (struct kv_getalg_req){ .algorithm = id };
		CHECK(kv_call(h, KV_IOC_GETALG, &req) ==
		      (kv_alg_find(id) ? 0 : -EINVAL));
	}
	kv_handle_close(h);
}

void unit_layout(void)
{
	TAP_RUN(layouts);
	TAP_RUN(algorithms);
	TAP_RUN(getalg);
}
