// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* handle.c - handles: opened, narrowed, closed; and what an administrator sets */

#include "vault.h"

static uint32_t handles;	/* open ones; atomic */

const struct kv_tunable kv_tunables[KV_TUNABLES] = {
	[KV_MAX_KEYS_PER_FILE] = { "max_keys_per_file",
		"keys in one vault", 256, 1, 65536 },
	[KV_MAX_KEY_BYTES] = { "max_key_bytes",
		"bytes of all keys in one vault", 1048576, 1024, 16777216 },
	[KV_MAX_FILES] = { "max_files",
		"vaults open at the same time", 1024, 1, 65536 },
	[KV_MAX_DATA] = { "max_data_size",
		"bytes of data in one request", KV_MAX_DATA_SIZE, 64, 16777216 },
};

/* 0: the default */
static uint32_t tuned[KV_TUNABLES];

uint32_t kv_tunable_get(enum kv_tunable_id which)
{
	uint32_t value = __atomic_load_n(&tuned[which], __ATOMIC_RELAXED);

	return value ? value : kv_tunables[which].def;
}

int kv_tunable_set(enum kv_tunable_id which, uint32_t value)
{
	const struct kv_tunable *t = &kv_tunables[which];

	if (value < t->min || value > t->max)
		return -EINVAL;
	__atomic_store_n(&tuned[which], value, __ATOMIC_RELAXED);
	return 0;
}

int kv_handle_open(struct kv_handle **out, bool rdonly)
{
	struct kv_handle *handle = NULL;
	int err = -EMFILE;

	if (__atomic_add_fetch(&handles, 1, __ATOMIC_RELAXED) >
	    kv_tunable_get(KV_MAX_FILES))
		goto out;
	err = -ENOMEM;
	handle = kv_os_alloc(sizeof(*handle));
	if (!handle)
		goto out;
	err = kv_vault_make(&handle->vault);
	if (err)
		goto out;
	handle->caps = KV_CAP_ALL;
	handle->rdonly = rdonly;
	*out = handle;
	handle = NULL;		/* the caller owns it now */
out:
	if (err)
		__atomic_sub_fetch(&handles, 1, __ATOMIC_RELAXED);
	kv_os_free(handle, sizeof(*handle));
	return err;
}

void kv_handle_close(struct kv_handle *handle)
{
	kv_vault_put(handle->vault);
	kv_os_free(handle, sizeof(*handle));
	__atomic_sub_fetch(&handles, 1, __ATOMIC_RELAXED);
}

uint32_t kv_handle_caps(const struct kv_handle *handle)
{
	return __atomic_load_n(&handle->caps, __ATOMIC_RELAXED);
}

void kv_handle_restrict(struct kv_handle *handle, uint32_t caps)
{
	__atomic_and_fetch(&handle->caps, caps, __ATOMIC_RELAXED);
}
