// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* device.c - /dev/keyvault, the parameters, and the module's life */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/random.h>

#include "op.h"
#include "module.h"

/*
 * A descriptor that can only be written to (or neither) has no use: every request
 * has an answer.
 */
static int device_open(struct inode *inode, struct file *file)
{
	struct kv_handle *handle;
	int err;

	if (!(file->f_mode & FMODE_READ))
		return -EINVAL;
	err = wait_for_random_bytes();
	if (err)
		return err;
	err = kv_handle_open(&handle, !(file->f_mode & FMODE_WRITE));
	if (err)
		return err;
	file->private_data = handle;
	return 0;
}

static int device_release(struct inode *inode, struct file *file)
{
	kv_handle_close(file->private_data);
	return 0;
}

/* The core hands the argument back to kv_os_request_*(), which know what it is. */
static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return kv_call(file->private_data, cmd, (void *)arg);
}

/*
 * A 32-bit program's request numbers hold the sizes of its own structs. Where a
 * struct has pointers or sizes in it, its size and so the number differ from all
 * of ours: ENOTTY. The others (GENKEY, DESTROY, GETINFO, REVOKE, RESTRICT,
 * GETCAPS, and all from 50 up) are laid out alike, and work.
 */
static const struct file_operations device_ops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "keyvault",
	.mode = 0600,
	.fops = &device_ops,
};

static int tunable_set(const char *text, const struct kernel_param *param)
{
	u32 value;
	int err = kstrtou32(text, 0, &value);

	return err ? -EINVAL : kv_tunable_set((uintptr_t)param->arg, value);
}

static int tunable_get(char *text, const struct kernel_param *param)
{
	return sysfs_emit(text, "%u\n", kv_tunable_get((uintptr_t)param->arg));
}

static const struct kernel_param_ops tunable_ops = {
	.set = tunable_set,
	.get = tunable_get,
};

#define TUNABLE(name, id, about)					\
	module_param_cb(name, &tunable_ops, (void *)(id), 0644);	\
	MODULE_PARM_DESC(name, about)

TUNABLE(max_keys_per_file, KV_MAX_KEYS_PER_FILE,
	"Keys in one vault (256; 1 to 65536)");
TUNABLE(max_key_bytes, KV_MAX_KEY_BYTES,
	"Bytes of keys in one vault (1048576; 1024 to 16777216)");
TUNABLE(max_files, KV_MAX_FILES,
	"Vaults in all (1024; 1 to 65536)");
TUNABLE(max_data_size, KV_MAX_DATA,
	"Bytes of data in one request (1048576; 64 to 16777216)");

static int __init keyvault_init(void)
{
	const char *failed = NULL;
	int err;

	err = kv_crypto_init(&failed);
	if (err) {
		pr_err("the kernel has no %s: error %d\n", failed, err);
		goto out;
	}
	err = kv_selftest(&failed);
	if (err) {
		pr_err("%s failed its self-test: error %d\n", failed, err);
		goto out_crypto;
	}
	err = kv_alarms_init();
	if (err)
		goto out_crypto;
	err = misc_register(&device);
	if (err)
		goto out_alarms;
	return 0;

out_alarms:
	kv_alarms_exit();
out_crypto:
	kv_scratch_exit();
	kv_crypto_exit();
out:
	return err;
}

static void __exit keyvault_exit(void)
{
	misc_deregister(&device);
	kv_alarms_exit();
	kv_scratch_exit();
	kv_crypto_exit();
}

module_init(keyvault_init);
module_exit(keyvault_exit);

MODULE_DESCRIPTION("Keys that programs can use but cannot read");
MODULE_LICENSE("Dual BSD/GPL");
