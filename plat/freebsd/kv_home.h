/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* kv_home.h - the FreeBSD kernel as a home: see core/kv_os.h */
#ifndef KV_HOME_H
#define KV_HOME_H

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/lock.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/refcount.h>
#include <sys/taskqueue.h>
#include <sys/time.h>

struct kv_lock {
	struct mtx mtx;
};

struct kv_ref {
	u_int count;
};

/* A timer, which cannot sleep, hands the ring to a thread of our own. */
struct kv_alarm {
	struct timeout_task task;
	LIST_ENTRY(kv_alarm) link;	/* in the list of all; os.c has its lock */
	uint64_t at;			/* under the same lock; 0: not set */
	bool over;			/* under it, too: it is set no more */
	void (*ring)(void *arg);
	void *arg;
};

static inline void kv_os_lock_init(struct kv_lock *lock)
{
	mtx_init(&lock->mtx, "keyvault vault", NULL, MTX_DEF);
}

static inline void kv_os_lock_fini(struct kv_lock *lock)
{
	mtx_destroy(&lock->mtx);
}

static inline void kv_os_lock(struct kv_lock *lock)
{
	mtx_lock(&lock->mtx);
}

static inline void kv_os_unlock(struct kv_lock *lock)
{
	mtx_unlock(&lock->mtx);
}

static inline void kv_os_ref_init(struct kv_ref *ref)
{
	refcount_init(&ref->count, 1);
}

static inline void kv_os_ref_get(struct kv_ref *ref)
{
	refcount_acquire(&ref->count);
}

static inline bool kv_os_ref_put(struct kv_ref *ref)
{
	return refcount_release(&ref->count);
}

static inline void kv_os_wipe(void *p, size_t size)
{
	explicit_bzero(p, size);
}

static inline bool kv_os_equal(const void *a, const void *b, size_t size)
{
	return timingsafe_bcmp(a, b, size) == 0;
}

static inline int64_t kv_os_time(void)
{
	return time_second;
}

#endif /* KV_HOME_H */
