// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* device.c - /dev/keyvault, the sysctls, and the module's life */

#include "op.h"

#include <sys/conf.h>
#include <sys/fcntl.h>
#include <sys/filio.h>
#include <sys/kernel.h>
#include <sys/module.h>
#include <sys/random.h>
#include <sys/sysctl.h>

#include "module.h"

static struct {
	struct mtx lock;
	unsigned int files;	/* under the lock: open ones */
	bool going;		/* under the lock: nobody opens any more */
	struct cdev *dev;
} device;

/* A tenth of a second at a time, until the generator has its seed. */
static int wait_for_random(void)
{
	int err = 0;

	while (!err && !is_random_seeded()) {
		err = tsleep(&device, PCATCH, "kvseed", hz / 10);
		if (err == EWOULDBLOCK)
			err = 0;
	}
	return err;
}

static int count_file(void)
{
	int err = ENXIO;

	mtx_lock(&device.lock);
	if (!device.going) {
		device.files++;
		err = 0;
	}
	mtx_unlock(&device.lock);
	return err;
}

static void uncount_file(void)
{
	mtx_lock(&device.lock);
	device.files--;
	mtx_unlock(&device.lock);
}

/*
 * After the last close. Unlike the device's functions, this one runs with
 * nothing that destroy_dev() would wait for, so an open file counts as a thread
 * in the device: the module's code stays until the very last step.
 */
static void device_close(void *handle)
{
	struct cdev *dev = device.dev;

	kv_handle_close(handle);
	uncount_file();
	dev_relthread(dev, 1);
}

/*
 * A descriptor that can only be written to has no use: every request has an
 * answer.
 */
static int device_open(struct cdev *dev, int flags, int type, struct thread *td)
{
	struct kv_handle *handle = NULL;
	int err, ref;

	if (!(flags & FREAD))
		return EINVAL;
	err = wait_for_random();
	if (err)
		return err;
	err = count_file();
	if (err)
		return err;
	if (!dev_refthread(dev, &ref)) {
		err = ENXIO;
		goto out_file;
	}
	err = -kv_handle_open(&handle, !(flags & FWRITE));
	if (err)
		goto out_ref;
	err = devfs_set_cdevpriv(handle, device_close);
	if (err)
		goto out_handle;
	return 0;

out_handle:
	kv_handle_close(handle);
out_ref:
	dev_relthread(dev, ref);
out_file:
	uncount_file();
	return err;
}

/* fcntl(2) asks for the first two whenever it sets flags; we never block. */
static int device_ioctl(struct cdev *dev, u_long cmd, caddr_t data, int flags,
			struct thread *td)
{
	void *handle;
	int err;

	if (cmd == FIONBIO || cmd == FIOASYNC)
		return 0;
	err = devfs_get_cdevpriv(&handle);
	return err ? err : -kv_call(handle, cmd, data);
}

static struct cdevsw device_switch = {
	.d_version = D_VERSION,
	.d_name = "keyvault",
	.d_open = device_open,
	.d_ioctl = device_ioctl,
};

static int tunable(SYSCTL_HANDLER_ARGS)
{
	unsigned int value = kv_tunable_get(arg2);
	int err = sysctl_handle_int(oidp, &value, 0, req);

	if (err || !req->newptr)
		return err;
	return -kv_tunable_set(arg2, value);
}

SYSCTL_DECL(_security);
static SYSCTL_NODE(_security, OID_AUTO, keyvault, CTLFLAG_RD | CTLFLAG_MPSAFE, 0,
		   "Keys that programs can use but cannot read");

#define TUNABLE(name, id, about)						\
	SYSCTL_PROC(_security_keyvault, OID_AUTO, name,				\
		    CTLTYPE_UINT | CTLFLAG_RWTUN | CTLFLAG_MPSAFE, NULL, id,	\
		    tunable, "IU", about)

TUNABLE(max_keys_per_file, KV_MAX_KEYS_PER_FILE,
	"Keys in one vault (256; 1 to 65536)");
TUNABLE(max_key_bytes, KV_MAX_KEY_BYTES,
	"Bytes of keys in one vault (1048576; 1024 to 16777216)");
TUNABLE(max_files, KV_MAX_FILES,
	"Vaults in all (1024; 1 to 65536)");
TUNABLE(max_data_size, KV_MAX_DATA,
	"Bytes of data in one request (1048576; 64 to 16777216)");

static int load(void)
{
	struct make_dev_args args;
	const char *failed = NULL;
	int err;

	err = -kv_selftest(&failed);
	if (err) {
		printf("keyvault: %s failed its self-test: error %d\n", failed,
		       err);
		return err;
	}
	mtx_init(&device.lock, "keyvault files", NULL, MTX_DEF);
	kv_alarms_init();
	make_dev_args_init(&args);
	args.mda_devsw = &device_switch;
	args.mda_flags = MAKEDEV_CHECKNAME | MAKEDEV_WAITOK;
	args.mda_uid = UID_ROOT;
	args.mda_gid = GID_WHEEL;
	args.mda_mode = 0600;
	err = make_dev_s(&args, &device.dev, "keyvault");
	if (err) {
		kv_alarms_exit();
		mtx_destroy(&device.lock);
	}
	return err;
}

static int unload(void)
{
	int err = EBUSY;

	mtx_lock(&device.lock);
	if (!device.files) {
		device.going = true;
		err = 0;
	}
	mtx_unlock(&device.lock);
	if (err)
		return err;
	destroy_dev(device.dev);	/* waits */
	kv_alarms_exit();
	mtx_destroy(&device.lock);
	return 0;
}

static int event(struct module *module, int what, void *arg)
{
	switch (what) {
	case MOD_LOAD:
		return load();
	case MOD_UNLOAD:
		return unload();
	case MOD_QUIESCE:
		return device.files ? EBUSY : 0;	/* and unload() looks again */
	default:
		return EOPNOTSUPP;
	}
}

static moduledata_t keyvault = { "keyvault", event, NULL };

/* Late: the self-test needs crypto's drivers, which come after most modules. */
DECLARE_MODULE(keyvault, keyvault, SI_SUB_LAST, SI_ORDER_ANY);
MODULE_VERSION(keyvault, 1);
MODULE_DEPEND(keyvault, crypto, 1, 1, 1);
