/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * scene.h - a valid request for every operation and every algorithm it takes
 *
 * Tests run a scene, and variations of it: something fails, a pointer is bad, a
 * capability is missing. All that a request can write is in the scene, so that a
 * comparison with a copy shows whether it wrote.
 */
#ifndef UNIT_SCENE_H
#define UNIT_SCENE_H

#include "unit.h"

#define SCENE_DATA	48

struct scene {
	unsigned long request;
	union {
		uint8_t bytes[128];
		struct kv_genkey_req genkey;
		struct kv_destroy_req destroy;
		struct kv_keyinfo_req info;
		struct kv_list_req list;
		struct kv_revoke_req revoke;
		struct kv_restrict_req restrict_;
		struct kv_getcaps_req getcaps;
		struct kv_encrypt_req encrypt;
		struct kv_decrypt_req decrypt;
		struct kv_aead_encrypt_req aead_encrypt;
		struct kv_aead_decrypt_req aead_decrypt;
		struct kv_sign_req sign;
		struct kv_verify_req verify;
		struct kv_mac_req mac;
		struct kv_hash_req hash;
		struct kv_getpubkey_req getpubkey;
		struct kv_keyexchange_req exchange;
		struct kv_derive_req derive;
		struct kv_import_req import;
		struct kv_setname_req setname;
		struct kv_find_req find;
		struct kv_getalg_req getalg;
		struct kv_subkey_req subkey;
	} req;
	uint64_t ids[32];
	/* What the request reads */
	uint8_t data[SCENE_DATA], aad[20], iv[16], tag[16], sig[64], key[64];
	char name[8];
	/* What it writes */
	uint8_t out[80], out2[80], out3[80];
};

/* 0 .. scene_count() - 1 */
unsigned int scene_count(void);
/* "mac hmac-sha256"; until the next call. */
const char *scene_name(unsigned int i);
unsigned long scene_request(unsigned int i);
/* Makes the keys that it needs in @h, and fills in the request. */
void scene_make(unsigned int i, struct kv_handle *h, struct scene *s);

#endif /* UNIT_SCENE_H */
