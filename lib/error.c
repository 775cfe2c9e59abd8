// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* What an error means to who called, in words. */
#include "libkeyvault.h"

static const struct {
	int err;
	const char *text;
} errors[] = {
	{ 0, "success" },
	{ EPERM, "this handle of the vault lacks the capability for it, or is read-only" },
	{ ENOENT, "there is no such key in this vault" },
	{ KV_EREVOKED, "the key was revoked" },
	{ KV_EEXPIRED, "the key's time is over" },
	{ EOPNOTSUPP, "a key of this kind cannot do that" },
	{ EINVAL, "a size, an algorithm or a flag is not one the vault takes, or the key is of another kind" },
	{ ENOSPC, "the room for the answer is too small, or the vault holds as many bytes of keys as it may" },
	{ EMFILE, "there are as many keys in the vault, or as many vaults, as there may be" },
	{ EEXIST, "the name is taken, or the key has one" },
	{ EOVERFLOW, "the key has made as many nonces as are safe: make a new key" },
	{ EBADMSG, "not authentic: it was changed or cut short, or was made with another key" },
	{ EFAULT, "a pointer is bad" },
	{ ENOMEM, "out of memory" },
	{ ENOTTY, "not a vault, or one that does not know this request" },
	{ EBADF, "the descriptor is not open" },
	{ EACCES, "permission denied" },
	{ ENXIO, "there is no vault behind the device: the module is not loaded" },
	{ ENODEV, "there is no vault behind the device: the module is not loaded" },
	{ EFBIG, "longer than the file format can hold (256 TiB)" },
	{ KV_EFORMAT, "not in the keyvault file format, or of a version that is not known here" },
	{ KV_EWRONGKEY, "it was encrypted with another key, or its header was changed" },
};

const char *kv_strerror(int err)
{
	if (err < 0)
		err = -err;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].err == err)
			return errors[i].text;
	return "an error that the vault does not document";
}
