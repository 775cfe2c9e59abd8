// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* os.c - the FreeBSD kernel as a home: memory, random bytes, time, user memory */

#include "kv_os.h"

#include <sys/eventhandler.h>
#include <sys/priority.h>
#include <sys/proc.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/sysent.h>

#include "module.h"

MALLOC_DEFINE(M_KEYVAULT, "keyvault", "keys, vaults and requests");

/* Longest time that a timer is set to; the ring of an early one sets it again. */
#define FAR	((sbintime_t)(1 << 30) * SBT_1S)

static struct {
	struct mtx lock;		/* protects the list, and when they ring */
	LIST_HEAD(, kv_alarm) all;
	struct taskqueue *queue;
	eventhandler_tag suspend, resume;
	sbintime_t slept_from[2];	/* wall clock and uptime at the last suspend */
} alarms;

static volatile uint64_t slept;		/* nanoseconds; atomic */

/* Sizes are bounded by the core, but up to the user: a limit is no emergency. */
void *kv_os_alloc(size_t size)
{
	return malloc(size, M_KEYVAULT, M_WAITOK | M_ZERO);
}

void kv_os_free(void *p, size_t size)
{
	zfree(p, M_KEYVAULT);
}

void *kv_os_scratch_get(size_t size)
{
	return malloc(size, M_KEYVAULT, M_WAITOK);
}

void kv_os_scratch_put(void *p, size_t size)
{
	free(p, M_KEYVAULT);
}

/*
 * Fortuna itself, which hears of a machine's new generation, and not
 * arc4random(9), which goes on from what it was seeded with. Nobody opens the
 * device before it is seeded.
 */
void kv_os_random(void *p, size_t size)
{
	read_random(p, (u_int)size);
}

/* The system's uptime stands still during suspend; we add what the wall clock saw. */
uint64_t kv_os_uptime(void)
{
	return sbttons(sbinuptime()) + atomic_load_acq_64(&slept);
}

static sbintime_t wall_clock(void)
{
	struct bintime now;

	bintime(&now);
	return bttosbt(now);
}

static void alarm_task(void *arg, int pending)
{
	struct kv_alarm *alarm = arg;

	mtx_lock(&alarms.lock);
	alarm->at = 0;
	mtx_unlock(&alarms.lock);
	alarm->ring(alarm->arg);
}

/* A timer's time is the system's uptime; 0 would mean at once, which is fine. */
static void start(struct kv_alarm *alarm)
{
	const uint64_t now = kv_os_uptime();
	sbintime_t wait = 0;

	if (alarm->at > now)
		wait = alarm->at - now < sbttons(FAR) ?
		       nstosbt(alarm->at - now) + 1 : FAR;
	taskqueue_enqueue_timeout_sbt(alarms.queue, &alarm->task, wait, 0, 0);
}

int kv_os_alarm_init(struct kv_alarm *alarm, void (*ring)(void *arg), void *arg)
{
	TIMEOUT_TASK_INIT(alarms.queue, &alarm->task, 0, alarm_task, alarm);
	alarm->ring = ring;
	alarm->arg = arg;
	alarm->at = 0;
	alarm->over = false;
	mtx_lock(&alarms.lock);
	LIST_INSERT_HEAD(&alarms.all, alarm, link);
	mtx_unlock(&alarms.lock);
	return 0;
}

void kv_os_alarm_set(struct kv_alarm *alarm, uint64_t uptime)
{
	mtx_lock(&alarms.lock);
	if (!alarm->over) {
		alarm->at = uptime;
		start(alarm);
	}
	mtx_unlock(&alarms.lock);
}

/*
 * Nobody sets the timer from here on. Draining alone would leave it counted as
 * armed, and the queue waits for those when it is freed.
 */
void kv_os_alarm_fini(struct kv_alarm *alarm)
{
	mtx_lock(&alarms.lock);
	alarm->over = true;
	LIST_REMOVE(alarm, link);
	mtx_unlock(&alarms.lock);
	while (taskqueue_cancel_timeout(alarms.queue, &alarm->task, NULL))
		taskqueue_drain_timeout(alarms.queue, &alarm->task);
}

static void on_suspend(void *arg)
{
	mtx_lock(&alarms.lock);
	alarms.slept_from[0] = wall_clock();
	alarms.slept_from[1] = sbinuptime();
	mtx_unlock(&alarms.lock);
}

/* The wall clock was set from the battery's clock before we are told. */
static void on_resume(void *arg)
{
	struct kv_alarm *alarm;
	sbintime_t gap;

	mtx_lock(&alarms.lock);
	gap = (wall_clock() - alarms.slept_from[0]) -
	      (sbinuptime() - alarms.slept_from[1]);
	if (gap > 0)
		atomic_add_64(&slept, sbttons(gap));
	LIST_FOREACH(alarm, &alarms.all, link)
		if (alarm->at)
			start(alarm);
	mtx_unlock(&alarms.lock);
}

void kv_alarms_init(void)
{
	mtx_init(&alarms.lock, "keyvault alarms", NULL, MTX_DEF);
	LIST_INIT(&alarms.all);
	alarms.queue = taskqueue_create("keyvault", M_WAITOK,
					taskqueue_thread_enqueue, &alarms.queue);
	taskqueue_start_threads(&alarms.queue, 1, PWAIT, "keyvault");
	alarms.suspend = EVENTHANDLER_REGISTER(power_suspend, on_suspend, NULL,
					       EVENTHANDLER_PRI_ANY);
	alarms.resume = EVENTHANDLER_REGISTER(power_resume, on_resume, NULL,
					      EVENTHANDLER_PRI_ANY);
}

/* Waits for handlers that run. */
void kv_alarms_exit(void)
{
	EVENTHANDLER_DEREGISTER(power_resume, alarms.resume);
	EVENTHANDLER_DEREGISTER(power_suspend, alarms.suspend);
	taskqueue_free(alarms.queue);
	mtx_destroy(&alarms.lock);
}

int kv_os_copyin(void *to, uint64_t user, size_t size)
{
	return -copyin((const void *)(uintptr_t)user, to, size);
}

int kv_os_copyout(uint64_t user, const void *from, size_t size)
{
	return -copyout(from, (void *)(uintptr_t)user, size);
}

/*
 * Swaps a word for itself: the page is written, so that a read-only one faults
 * and a shared one is copied, and another thread's write at the same time is not
 * lost; where there was one, we try again.
 */
static int touch(uint64_t user)
{
	volatile uint32_t *word = (volatile uint32_t *)(uintptr_t)user;
	uint32_t old, seen;
	int failed;

	if (fueword32(word, &old))
		return -EFAULT;
	for (;;) {
		failed = casueword32(word, old, &seen, old);
		if (failed == -1)
			return -EFAULT;
		if (!failed && seen == old)
			return 0;
		old = seen;
		maybe_yield();
	}
}

int kv_os_writable(uint64_t user, size_t size)
{
	uint64_t addr, last = user + size - 1;
	int err = 0;

	if (!size)
		return 0;
	if (last < user)
		return -EFAULT;
	for (addr = user & ~3ull; !err && addr <= last;
	     addr = (addr | PAGE_MASK) + 1)
		err = touch(addr);
	return err;
}

/* ioctl(2) has copied the request in, and copies it out after success. */
int kv_os_request_in(void *to, void *request, size_t size)
{
	memcpy(to, request, size);
	return 0;
}

/*
 * Whether ioctl(2) will be able to: it knows the user's pointer, and we look it
 * up in the call's arguments. Other systems' calls are translated; theirs it
 * finds out itself, when it is too late.
 */
int kv_os_request_writable(void *request, size_t size)
{
	const struct syscall_args *call = &curthread->td_sa;

	if (SV_CURPROC_ABI() != SV_ABI_FREEBSD || call->code != SYS_ioctl)
		return 0;
	return kv_os_writable((uint64_t)call->args[2], size);
}

int kv_os_request_out(void *request, const void *from, size_t size)
{
	memcpy(request, from, size);
	return 0;
}
