// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Handles' masks, and keys: make, name, ask, end. */
#include <string.h>

#include "transport.h"

int kv_caps(struct kv *kv, uint32_t *caps)
{
	struct kv_getcaps_req req = { 0 };
	int err = kv_request(kv, KV_IOC_GETCAPS, &req);

	if (!err)
		*caps = req.caps;
	return err;
}

int kv_restrict(struct kv *kv, uint32_t caps)
{
	struct kv_restrict_req req = { .caps = caps };

	return kv_request(kv, KV_IOC_RESTRICT, &req);
}

int kv_generate(struct kv *kv, uint32_t algorithm, uint32_t bits, uint32_t ttl,
		uint64_t *key)
{
	struct kv_genkey_req req = {
		.algorithm = algorithm, .key_bits = bits, .ttl_seconds = ttl,
	};
	int err = kv_request(kv, KV_IOC_GENKEY, &req);

	if (!err)
		*key = req.key_id;
	return err;
}

int kv_import(struct kv *kv, uint32_t algorithm, uint32_t flags,
	      const void *material, size_t len, uint64_t *key)
{
	struct kv_import_req req = {
		.algorithm = algorithm, .flags = flags,
		.key_material = material, .key_len = len,
	};
	int err = kv_request(kv, KV_IOC_IMPORT, &req);

	if (!err)
		*key = req.key_id;
	return err;
}

int kv_revoke(struct kv *kv, uint64_t key)
{
	struct kv_revoke_req req = { .key_id = key };

	return kv_request(kv, KV_IOC_REVOKE, &req);
}

int kv_destroy(struct kv *kv, uint64_t key)
{
	struct kv_destroy_req req = { .key_id = key };

	return kv_request(kv, KV_IOC_DESTROY, &req);
}

int kv_info(struct kv *kv, uint64_t key, struct kv_key_info *info)
{
	struct kv_keyinfo_req req = { .key_id = key };
	struct kv_key_info out = { .id = key };
	struct kv_find_req find = {
		.key_id = key, .name_out = (uintptr_t)out.name,
		.name_out_len = KV_MAX_NAME_SIZE,
	};
	int err;

	/* FIND takes 0 for "by name": without this check it would look for "". */
	if (key == KV_KEY_ID_INVALID)
		return -ENOENT;
	err = kv_request(kv, KV_IOC_GETINFO, &req);
	if (!err)
		err = kv_request(kv, KV_IOC_FIND, &find);
	if (err)
		return err;
	out.algorithm = req.algorithm;
	out.bits = req.key_bits;
	out.flags = req.flags;
	out.created = req.created;
	out.expires = req.expires;
	*info = out;
	return 0;
}

int kv_list(struct kv *kv, uint64_t *keys, size_t max, size_t *count)
{
	struct kv_list_req req = {
		.key_ids = max ? keys : NULL,
		.max_keys = max < KV_MAX_LIST_KEYS ? max : KV_MAX_LIST_KEYS,
	};
	int err = kv_request(kv, KV_IOC_LIST, &req);

	if (!err)
		*count = req.num_keys;
	return err;
}

int kv_set_name(struct kv *kv, uint64_t key, const char *name)
{
	struct kv_setname_req req = {
		.key_id = key, .name = (uintptr_t)name,
		.name_len = strnlen(name, KV_MAX_NAME_SIZE + 1),
	};

	return kv_request(kv, KV_IOC_SETNAME, &req);
}

int kv_find(struct kv *kv, const char *name, uint64_t *key)
{
	struct kv_find_req req = {
		.name = (uintptr_t)name,
		.name_len = strnlen(name, KV_MAX_NAME_SIZE + 1),
	};
	int err = kv_request(kv, KV_IOC_FIND, &req);

	if (!err)
		*key = req.key_id;
	return err;
}

int kv_pubkey(struct kv *kv, uint64_t key, uint8_t pubkey[32])
{
	struct kv_getpubkey_req req = {
		.key_id = key, .pubkey = pubkey, .pubkey_len = 32,
	};

	return kv_request(kv, KV_IOC_GET_PUBKEY, &req);
}

int kv_alg_info(struct kv *kv, uint32_t algorithm, struct kv_alg_info *info)
{
	struct kv_getalg_req req = { .algorithm = algorithm };
	int err = kv_request(kv, KV_IOC_GETALG, &req);

	if (err)
		return err;
	info->algorithm = algorithm;
	info->default_bits = req.default_bits;
	info->min_bits = req.min_bits;
	info->max_bits = req.max_bits;
	memcpy(info->name, req.name, sizeof(info->name));
	info->name[sizeof(info->name) - 1] = '\0';
	memcpy(info->implementation, req.implementation,
	       sizeof(info->implementation));
	info->implementation[sizeof(info->implementation) - 1] = '\0';
	return 0;
}
