/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tunables.c - what an administrator sets at run time: bounds, and effect
 *
 * Each test puts back what it found. Skipped, and said so, where there is
 * nothing to set (a home that is not a kernel's) or no right to.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __FreeBSD__
#include <sys/types.h>
#include <sys/sysctl.h>
#endif

#include "call.h"
#include "oracle.h"

static const struct tunable {
	const char *name;
	unsigned long usual, min, max;
} tunables[] = {
	{ "max_keys_per_file", 256, 1, 65536 },
	{ "max_key_bytes", 1048576, 1024, 16777216 },
	{ "max_files", 1024, 1, 65536 },
	{ "max_data_size", 1048576, 64, 16777216 },
};

#ifdef __FreeBSD__
static int tunable_get(const char *name, unsigned long *value)
{
	char full[64];
	unsigned int number;
	size_t size = sizeof(number);

	snprintf(full, sizeof(full), "security.keyvault.%s", name);
	if (sysctlbyname(full, &number, &size, NULL, 0))
		return errno;
	*value = number;
	return 0;
}

static int tunable_set(const char *name, unsigned long value)
{
	char full[64];
	unsigned int number = (unsigned int)value;

	if (number != value)
		return EINVAL;
	snprintf(full, sizeof(full), "security.keyvault.%s", name);
	return sysctlbyname(full, NULL, NULL, &number, sizeof(number)) ?
	       errno : 0;
}
#else
static int tunable_open(const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/keyvault/parameters/%s", name);
	return open(path, flags);
}

static int tunable_get(const char *name, unsigned long *value)
{
	int fd = tunable_open(name, O_RDONLY);
	char text[32] = "";
	ssize_t n;

	if (fd < 0)
		return errno;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	*value = strtoul(text, NULL, 10);
	return n > 0 ? 0 : EIO;
}

static int tunable_set(const char *name, unsigned long value)
{
	int fd = tunable_open(name, O_WRONLY), err = 0;
	char text[32];

	if (fd < 0)
		return errno;
	snprintf(text, sizeof(text), "%lu", value);
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}
#endif

/* Whether there are tunables here; says why not. */
static bool settable(void)
{
	unsigned long value;

	if (tunable_get("max_files", &value)) {
		skip("no tunables here: not a kernel's device");
		return false;
	}
	if (tunable_set("max_files", value)) {
		skip("tunables are the administrator's");
		return false;
	}
	return true;
}

static void defaults_and_bounds(void)
{
	unsigned int i, k;

	if (!settable())
		return;
	for (i = 0; i < ARRAY_LEN(tunables); i++) {
		const struct tunable *t = &tunables[i];
		const unsigned long good[] = { t->min, t->max, t->min + 1,
					       t->usual };
		const unsigned long bad[] = { t->min - 1, 0, t->max + 1,
			0x80000000ul, 0xFFFFFFFFul, 0x100000000ul + t->usual };
		unsigned long value = 0;

		context("%s", t->name);
		EQ(tunable_get(t->name, &value), 0);
		EQ(value, t->usual);
		for (k = 0; k < ARRAY_LEN(bad); k++) {
			context("%s = %lu", t->name, bad[k]);
			EQ(tunable_set(t->name, bad[k]), EINVAL);
			EQ(tunable_get(t->name, &value), 0);
			EQ(value, t->usual);
		}
		for (k = 0; k < ARRAY_LEN(good); k++) {
			context("%s = %lu", t->name, good[k]);
			EQ(tunable_set(t->name, good[k]), 0);
			EQ(tunable_get(t->name, &value), 0);
			EQ(value, good[k]);
		}
	}
}

static void max_keys_per_file(void)
{
	uint64_t id = 0;
	int fd, i;

	if (!settable())
		return;
	fd = vault_open();
	for (i = 0; i < 8; i++)
		EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), 0);
	EQ(tunable_set("max_keys_per_file", 5), 0);
	/* a vault that is over it keeps what it has */
	EQ(key_count(fd), 8);
	EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), EMFILE);
	EQ(ask_destroy(fd, id), 0);
	EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), EMFILE);
	close(fd);
	fd = vault_open();
	for (i = 0; i < 5; i++)
		EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), 0);
	EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), EMFILE);
	/* more room than usual, and more keys than LIST tells of */
	EQ(tunable_set("max_keys_per_file", 2000), 0);
	for (i = 5; i < 1500; i++)
		REQUIRE_EQ(ask_genkey(fd, KV_ALG_AES128_CTR, 0, 0, &id), 0);
	EQ(key_count(fd), KV_MAX_LIST_KEYS);
	EQ(tunable_set("max_keys_per_file", 256), 0);
	close(fd);
}

static void max_key_bytes(void)
{
	uint64_t id = 0;
	int fd, i;

	if (!settable())
		return;
	EQ(tunable_set("max_key_bytes", 1024), 0);
	fd = vault_open();
	for (i = 0; i < 32; i++)
		EQ(ask_genkey(fd, KV_ALG_AES256_GCM, 0, 0, &id), 0);
	EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), ENOSPC);
	EQ(ask_destroy(fd, id), 0);
	EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 0, &id), 0);
	EQ(tunable_set("max_key_bytes", 1048576), 0);
	close(fd);
}

static void max_files(void)
{
	int fds[64], n = 0;

	if (!settable())
		return;
	EQ(tunable_set("max_files", 3), 0);
	while (n < 64 && (fds[n] = vault_open()) >= 0)
		n++;
	EQ(errno, EMFILE);
	CHECK(n <= 3);	/* others may have vaults open */
	EQ(tunable_set("max_files", 1024), 0);
	fds[n] = vault_open();
	CHECK(fds[n] >= 0);
	do
		close(fds[n]);
	while (n--);
}

/* At the limit, and one byte over it, for every request that takes data. */
static void limit_is(size_t limit)
{
	uint8_t *in = calloc(1, limit + 16), *out = malloc(limit + 16);
	uint8_t nonce[16] = { 0 }, sig[64] = { 0 };
	struct aead with = { .nonce = nonce, .tag = sig };
	uint64_t gcm, ctr, hmac, ed;
	size_t over;
	int valid, fd = vault_open();

	REQUIRE(in && out);
	gcm = key_known(fd, alg_find(KV_ALG_AES256_GCM));
	ctr = key_known(fd, alg_find(KV_ALG_AES256_CTR));
	hmac = key_known(fd, alg_find(KV_ALG_HMAC_SHA256));
	ed = key_known(fd, alg_find(KV_ALG_ED25519));
	for (over = 0; over < 2; over++) {
		size_t len = limit + over, n = 64;
		int want = over ? EINVAL : 0;

		context("%zu bytes of %zu", len, limit);
		EQ(ask_encrypt(fd, ctr, in, len, out, nonce, NULL), want);
		EQ(ask_decrypt(fd, ctr, in, len, out, nonce), want);
		EQ(ask_seal(fd, gcm, in, len, out, &with), want);
		if (!over)
			EQ(ask_unseal(fd, gcm, out, len, out, &with), 0);
		else
			EQ(ask_unseal(fd, gcm, out, len, out, &with), EINVAL);
		EQ(ask_mac(fd, hmac, in, len, sig, &n), want);
		n = 64;
		EQ(ask_hash(fd, KV_ALG_SHA512, in, len, sig, &n), want);
		EQ(ask_sign(fd, ed, in, len, sig), want);
		EQ(ask_verify(fd, ed, in, len, sig, 64, &valid), want);
	}
	close(fd);
	free(in);
	free(out);
}

/* The most that can be set: one request is enough. */
static void most_data(void)
{
	const size_t most = 16777216;
	uint8_t *in = calloc(1, most + 1), got[64], want[64];
	size_t n = 64;
	int fd = vault_open();

	REQUIRE(in && oracle_hash(KV_ALG_SHA512, in, most, want));
	EQ(tunable_set("max_data_size", most), 0);
	EQ(ask_hash(fd, KV_ALG_SHA512, in, most, got, &n), 0);
	CHECK(memcmp(got, want, 64) == 0);
	EQ(ask_hash(fd, KV_ALG_SHA512, in, most + 1, got, &n), EINVAL);
	free(in);
	close(fd);
}

static void max_data_size(void)
{
	static const unsigned long limits[] = {
		64, 65, 1000, 65536, 3000000, 1048576,
	};
	unsigned int i;

	if (!settable())
		return;
	most_data();
	for (i = 0; i < ARRAY_LEN(limits); i++) {
		EQ(tunable_set("max_data_size", limits[i]), 0);
		limit_is(limits[i]);
	}
}

TESTS(tunables) = {
	TEST(defaults_and_bounds),
	TEST(max_keys_per_file),
	TEST(max_key_bytes),
	TEST(max_files),
	TEST(max_data_size),
	TESTS_END
};
