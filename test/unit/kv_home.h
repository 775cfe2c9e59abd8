/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * kv_home.h - the fake home's types: a process that watches the core
 *
 * Every function of core/kv_os.h checks that its contract is kept, and ends the
 * process where it is not; fake.h is how a test drives it.
 */
#ifndef KV_HOME_H
#define KV_HOME_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct kv_lock {
	uint32_t magic;		/* FAKE_LOCK while it is live */
	pthread_mutex_t mutex;
};

struct kv_ref {
	uint32_t count;		/* atomic */
};

/* In the fake's list of live alarms, under the fake's mutex. */
struct kv_alarm {
	struct kv_alarm *next, **link;
	void (*ring)(void *arg);
	void *arg;
	uint64_t at;
	bool set, ringing, dying;
	pthread_t ringer;	/* who runs @ring, while ringing */
};

#endif /* KV_HOME_H */
