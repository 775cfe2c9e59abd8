/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * wall_clock.c - expiry does not follow the wall clock when it is set
 *
 * Sets this machine's clock, so only on one that was made for tests: there
 * $KV_KERNEL is set.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

static bool set_clock(time_t by)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts))
		return false;
	ts.tv_sec += by;
	return clock_settime(CLOCK_REALTIME, &ts) == 0;
}

static int use(int fd, uint64_t id)
{
	uint8_t out[64];
	size_t n = 64;

	return ask_mac(fd, id, "m", 1, out, &n);
}

/* The clock is set @by seconds while a key has @ttl seconds to live. */
static void jump(time_t by)
{
	struct kv_keyinfo_req before, after;
	uint64_t id = 0, long_one = 0;
	double start = now();
	int fd = vault_open();

	context("the clock set by %ld s", (long)by);
	EQ(ask_genkey(fd, KV_ALG_HMAC_SHA256, 0, 2, &id), 0);
	EQ(ask_genkey(fd, KV_ALG_HMAC_SHA256, 0, 600, &long_one), 0);
	EQ(ask_getinfo(fd, long_one, &before), 0);
	CHECK(set_clock(by));
	nap(0.5);
	if (now() - start < 1.9)
		EQ(use(fd, id), 0);
	EQ(use(fd, long_one), 0);
	EQ(ask_getinfo(fd, long_one, &after), 0);
	EQ(after.flags, 0);
	EQ(after.created, before.created);
	nap(start + 2.3 - now());
	EQ(use(fd, id), KV_EEXPIRED);
	EQ(use(fd, long_one), 0);
	CHECK(set_clock(-by));
	EQ(use(fd, id), KV_EEXPIRED);
	EQ(use(fd, long_one), 0);
	close(fd);
}

static void wall_clock_jumps(void)
{
	if (!getenv("KV_KERNEL")) {
		skip("would set this machine's clock");
		return;
	}
	jump(86400);
	jump(-86400);
}

TESTS(wall_clock) = {
	TEST(wall_clock_jumps),
	TESTS_END
};
