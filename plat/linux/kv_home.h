/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* kv_home.h - the Linux kernel as a home: see core/kv_os.h */
#ifndef KV_HOME_H
#define KV_HOME_H

#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/limits.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "compat.h"

struct kv_lock {
	spinlock_t spin;	/* taken in process context only */
};

struct kv_ref {
	refcount_t count;
};

/*
 * A timer, which cannot sleep, hands the ring to a workqueue. CLOCK_BOOTTIME
 * counts suspend, as kv_os_uptime() does.
 */
struct kv_alarm {
	struct hrtimer timer;
	struct work_struct work;
	spinlock_t lock;	/* orders setting the timer and the end */
	bool over;		/* under the lock: it is set no more */
	void (*ring)(void *arg);
	void *arg;
};

static inline void kv_os_lock_init(struct kv_lock *lock)
{
	spin_lock_init(&lock->spin);
}

static inline void kv_os_lock_fini(struct kv_lock *lock)
{
}

static inline void kv_os_lock(struct kv_lock *lock)
{
	spin_lock(&lock->spin);
}

static inline void kv_os_unlock(struct kv_lock *lock)
{
	spin_unlock(&lock->spin);
}

static inline void kv_os_ref_init(struct kv_ref *ref)
{
	refcount_set(&ref->count, 1);
}

static inline void kv_os_ref_get(struct kv_ref *ref)
{
	refcount_inc(&ref->count);
}

static inline bool kv_os_ref_put(struct kv_ref *ref)
{
	return refcount_dec_and_test(&ref->count);
}

static inline void kv_os_wipe(void *p, size_t size)
{
	memzero_explicit(p, size);
}

static inline bool kv_os_equal(const void *a, const void *b, size_t size)
{
	return !crypto_memneq(a, b, size);
}

static inline uint64_t kv_os_uptime(void)
{
	return ktime_get_boottime_ns();
}

static inline int64_t kv_os_time(void)
{
	return ktime_get_real_seconds();
}

#endif /* KV_HOME_H */
