// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* os.c - the Linux kernel as a home: memory, random bytes, alarms, user memory */

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/timex.h>
#include <linux/vmalloc.h>
#include <linux/uaccess.h>
#include <linux/futex.h>	/* after sched.h and mutex.h, which it needs */
#include <asm/futex.h>

#include "kv_os.h"
#include "module.h"

static struct workqueue_struct *alarms;

/*
 * What a vault keeps is charged to the memory cgroup of the process that asked
 * for it. Sizes are bounded by the core, but up to the user: no warning.
 */
void *kv_os_alloc(size_t size)
{
	return kvzalloc(size, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
}

void kv_os_free(void *p, size_t size)
{
	kvfree_sensitive(p, size);
}

/*
 * Scratch memory of an everyday size comes from a spare piece that each CPU
 * keeps: allocating (and zeroing, where the kernel does) costs more than a small
 * operation does. A piece is contiguous where that is easy: scatterlists are
 * short then.
 */
static const size_t class_size[] = { SZ_4K, SZ_64K + SZ_4K };

#define CLASSES	ARRAY_SIZE(class_size)

static DEFINE_PER_CPU(void *[CLASSES], spare);

static unsigned int class_of(size_t size)
{
	unsigned int class = 0;

	while (class < CLASSES && size > class_size[class])
		class++;
	return class;
}

static void *piece_make(size_t size)
{
	return alloc_pages_exact(size, GFP_KERNEL | __GFP_NORETRY |
				 __GFP_NOWARN) ?:
	       __vmalloc(size, GFP_KERNEL | __GFP_NOWARN);
}

static void piece_free(void *p, size_t size)
{
	if (is_vmalloc_addr(p))
		vfree(p);
	else if (p)
		free_pages_exact(p, size);
}

void *kv_os_scratch_get(size_t size)
{
	unsigned int class = class_of(size);

	if (class == CLASSES)
		return kvmalloc(size, GFP_KERNEL | __GFP_NOWARN);
	return this_cpu_xchg(spare[class], NULL) ?:
	       piece_make(class_size[class]);
}

void kv_os_scratch_put(void *p, size_t size)
{
	unsigned int class = class_of(size);

	if (class == CLASSES)
		kvfree(p);
	else if (p && this_cpu_cmpxchg(spare[class], NULL, p))
		piece_free(p, class_size[class]);
}

void kv_scratch_exit(void)
{
	unsigned int cpu, class;

	for_each_possible_cpu(cpu)
		for (class = 0; class < CLASSES; class++)
			piece_free(per_cpu(spare, cpu)[class], class_size[class]);
}

/*
 * Two machines restored from one snapshot hold the same generator, and give the
 * same bytes until it is seeded anew; without a VM generation id nothing tells
 * the kernel to. Their cycle counters differ, so one is mixed in. It does not
 * depend on the bytes: they stay uniform.
 *
 * Few bytes are no key but a part of a nonce, or an id: they come from what the
 * generator made in advance, at a fraction of the price.
 */
void kv_os_random(void *p, size_t size)
{
	u64 cycles = random_get_entropy();

	if (size <= sizeof(cycles)) {
		cycles ^= get_random_u64();
		memcpy(p, &cycles, size);
		return;
	}
	get_random_bytes(p, size);
	crypto_xor(p, (const u8 *)&cycles, sizeof(cycles));
}

static void alarm_work(struct work_struct *work)
{
	struct kv_alarm *alarm = container_of(work, struct kv_alarm, work);

	alarm->ring(alarm->arg);
}

static enum hrtimer_restart alarm_timer(struct hrtimer *timer)
{
	struct kv_alarm *alarm = container_of(timer, struct kv_alarm, timer);

	queue_work(alarms, &alarm->work);
	return HRTIMER_NORESTART;
}

int kv_os_alarm_init(struct kv_alarm *alarm, void (*ring)(void *arg), void *arg)
{
	hrtimer_setup(&alarm->timer, alarm_timer, CLOCK_BOOTTIME,
		      HRTIMER_MODE_ABS);
	INIT_WORK(&alarm->work, alarm_work);
	spin_lock_init(&alarm->lock);
	alarm->over = false;
	alarm->ring = ring;
	alarm->arg = arg;
	return 0;
}

void kv_os_alarm_set(struct kv_alarm *alarm, uint64_t uptime)
{
	spin_lock(&alarm->lock);
	if (!alarm->over)
		hrtimer_start(&alarm->timer,
			      ns_to_ktime(min_t(u64, uptime, KTIME_MAX)),
			      HRTIMER_MODE_ABS);
	spin_unlock(&alarm->lock);
}

void kv_os_alarm_fini(struct kv_alarm *alarm)
{
	spin_lock(&alarm->lock);
	alarm->over = true;
	spin_unlock(&alarm->lock);
	/* Nobody sets the timer from here on, so nobody queues the work again. */
	hrtimer_cancel(&alarm->timer);
	cancel_work_sync(&alarm->work);
}

int kv_alarms_init(void)
{
	alarms = alloc_workqueue("keyvault", WQ_UNBOUND, 0);
	return alarms ? 0 : -ENOMEM;
}

void kv_alarms_exit(void)
{
	destroy_workqueue(alarms);
}

/* The user pointer, or NULL where it is more than this machine's pointers hold. */
static void __user *user_ptr(uint64_t user)
{
	return user <= ULONG_MAX ? u64_to_user_ptr(user) : NULL;
}

/*
 * The core has checked @size against the memory that it lies in, which it made
 * for it; looking the memory up again (CONFIG_HARDENED_USERCOPY) would be a
 * sixth of a small operation. These check the user's part as ever.
 */
static int copy_in(void *to, const void __user *from, size_t size)
{
	return _copy_from_user(to, from, size) ? -EFAULT : 0;
}

static int copy_out(void __user *to, const void *from, size_t size)
{
	return _copy_to_user(to, from, size) ? -EFAULT : 0;
}

/*
 * Adds 0 to a word: the page is written, so that a read-only one faults and a
 * shared one is copied, and another thread's write at the same time is not lost.
 */
static int touch(u32 __user *word)
{
	int old, err;

	/* Where the processor has no atomic add, it gives up now and then. */
	while ((err = arch_futex_atomic_op_inuser(FUTEX_OP_ADD, 0, &old,
						  word)) == -EAGAIN)
		cond_resched();
	return err ? -EFAULT : 0;
}

static int writable(const void __user *user, size_t size)
{
	unsigned long addr = (unsigned long)user, last = addr + size - 1;
	int err = 0;

	if (!size)
		return 0;
	if (!access_ok(user, size))
		return -EFAULT;
	for (addr &= ~3ul; !err && addr <= last; addr = (addr | ~PAGE_MASK) + 1)
		err = touch((u32 __user *)addr);
	return err;
}

int kv_os_copyin(void *to, uint64_t user, size_t size)
{
	return copy_in(to, user_ptr(user), size);
}

int kv_os_copyout(uint64_t user, const void *from, size_t size)
{
	return copy_out(user_ptr(user), from, size);
}

int kv_os_writable(uint64_t user, size_t size)
{
	return writable(user_ptr(user), size);
}

int kv_os_request_in(void *to, void *request, size_t size)
{
	return copy_in(to, (const void __user __force *)request, size);
}

int kv_os_request_writable(void *request, size_t size)
{
	return writable((const void __user __force *)request, size);
}

int kv_os_request_out(void *request, const void *from, size_t size)
{
	return copy_out((void __user __force *)request, from, size);
}
