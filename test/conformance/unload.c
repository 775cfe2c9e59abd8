/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * unload.c - a kernel's module stays while anyone has the device open, and what
 * was refused to go works on
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
#ifdef __FreeBSD__
#include <sys/param.h>
#include <sys/linker.h>
#else
#include <sys/syscall.h>
#endif

#include "helper.h"

#ifdef __FreeBSD__
#define REFUSED EBUSY

static int unload(void)
{
	int id = kldfind("keyvault");

	if (id < 0)
		return ENOENT;
	return kldunload(id) ? errno : 0;
}
#else
#define REFUSED EWOULDBLOCK

static int unload(void)
{
	return syscall(SYS_delete_module, "keyvault", O_NONBLOCK) ? errno : 0;
}
#endif

/*
 * Asks for it while the device is open; false, and says why, where there is no
 * module or no right to unload one.
 */
static bool refused(void)
{
	int err = unload();

	if (err == ENOENT || err == ENOSYS)
		skip("no module here");
	else if (err == EPERM)
		skip("modules are the administrator's");
	else
		EQ(err, REFUSED);
	return err == REFUSED;
}

static void while_open(void)
{
	uint8_t sig[64];
	int fd = vault_open(), rdonly, other;
	uint64_t id = key_make(fd, KV_ALG_ED25519);

	REQUIRE(fd >= 0);
	if (!refused())
		goto out;
	EQ(ask_sign(fd, id, "m", 1, sig), 0);
	CHECK(key_make(fd, KV_ALG_AES256_GCM) != 0);
	EQ(key_count(fd), 2);
	other = vault_open();
	CHECK(other >= 0);
	EQ(key_count(other), 0);
	close(other);
	rdonly = vault_open_flags(O_RDONLY);
	close(fd);
	fd = rdonly;
	CHECK(refused());
	EQ(ask_getcaps(fd), KV_CAP_ALL);
out:
	close(fd);
}

/* A key that is to expire, and its vault closed, hold nothing up or down. */
static void while_a_timer_runs(void)
{
	uint64_t id;
	int fd = vault_open();

	EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 1, &id), 0);
	if (refused()) {
		nap(1.2);
		CHECK(refused());
	}
	close(fd);
}

static volatile int stop;

static void *busy(void *arg)
{
	static uint8_t data[KV_MAX_DATA_SIZE];
	uint8_t out[64];
	size_t n;

	while (!stop) {
		n = 64;
		if (ask_hash(*(int *)arg, KV_ALG_SHA512, data, sizeof(data),
			     out, &n))
			break;
	}
	return NULL;
}

static void while_in_use(void)
{
	pthread_t thread;
	int i, fd = vault_open();

	stop = 0;
	REQUIRE(pthread_create(&thread, NULL, busy, &fd) == 0);
	for (i = 0; i < 20 && refused(); i++)
		nap(0.003);
	stop = 1;
	pthread_join(thread, NULL);
	close(fd);
}

TESTS(unload) = {
	TEST(while_open),
	TEST(while_a_timer_runs),
	TEST(while_in_use),
	TESTS_END
};
