// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* fake.c - memory, locks, references and injected failures */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fake.h"

#define LOCK_MAGIC	0x6c6f636bu
#define BLOCK_MAGIC	0x626c6f63u
#define MAX_WATCHED	16
#define MAX_SECRET	8192

/* Stands before every block; the block's own end is for ASan to guard. */
struct block {
	struct block *next, **link;
	size_t size;
	uint32_t magic;
	bool scratch;
	_Alignas(16) uint8_t data[];
};

/*
 * Atomic variables are read and written relaxed, and the mutex is taken only where
 * it must be: synchronisation of the fake's own would hide the core's races.
 */
static struct {
	size_t bytes, count;		/* atomic */
	unsigned int locks;		/* atomic */
	bool untracked, shaking;	/* atomic */
	pthread_mutex_t mutex;		/* guards all that follows */
	struct block *blocks;
	struct {
		uint8_t bytes[MAX_SECRET];
		size_t len;
	} watched[MAX_WATCHED];
	unsigned int num_watched;
	unsigned int fail_in;		/* calls until one fails; 0: none will; atomic */
	enum fake_site failed;
} fake = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static _Thread_local struct kv_lock *held;

void fake_die(const char *format, ...)
{
	va_list args;

	printf("Bail out! fake home: ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	abort();
}

void fake_need_unlocked(const char *what)
{
	if (held)
		fake_die("%s under a lock", what);
}

bool fake_fails(enum fake_site site)
{
	bool fails;

	if (!__atomic_load_n(&fake.fail_in, __ATOMIC_RELAXED))
		return false;
	pthread_mutex_lock(&fake.mutex);
	fails = fake.fail_in &&
		__atomic_sub_fetch(&fake.fail_in, 1, __ATOMIC_RELAXED) == 0;
	if (fails)
		fake.failed = site;
	pthread_mutex_unlock(&fake.mutex);
	return fails;
}

void fake_fail_at(unsigned int n)
{
	pthread_mutex_lock(&fake.mutex);
	__atomic_store_n(&fake.fail_in, n, __ATOMIC_RELAXED);
	fake.failed = FAKE_NONE;
	pthread_mutex_unlock(&fake.mutex);
}

enum fake_site fake_failed(void)
{
	enum fake_site failed;

	pthread_mutex_lock(&fake.mutex);
	failed = fake.failed;
	pthread_mutex_unlock(&fake.mutex);
	return failed;
}

void fake_reset(void)
{
	if (fake.count)
		fake_die("%zu blocks leaked, %zu bytes", fake.count, fake.bytes);
	if (fake.locks)
		fake_die("%u locks were not finished", fake.locks);
	fake.num_watched = 0;
	fake_track(true);
	fake_shake(false);
	fake_fail_at(0);
	fake_clock_reset();
	fake_user_reset();
	fake_crypto_reset();
}

static void *get(size_t size, bool scratch, int fill)
{
	struct block *block = malloc(sizeof(*block) + size);

	if (!block)
		fake_die("the test itself is out of memory");
	block->size = size;
	block->magic = BLOCK_MAGIC;
	block->scratch = scratch;
	block->link = NULL;
	memset(block->data, fill, size);
	__atomic_add_fetch(&fake.bytes, size, __ATOMIC_RELAXED);
	__atomic_add_fetch(&fake.count, 1, __ATOMIC_RELAXED);
	if (__atomic_load_n(&fake.untracked, __ATOMIC_RELAXED))
		return block->data;

	pthread_mutex_lock(&fake.mutex);
	block->next = fake.blocks;
	block->link = &fake.blocks;
	if (block->next)
		block->next->link = &block->next;
	fake.blocks = block;
	pthread_mutex_unlock(&fake.mutex);
	return block->data;
}

static void refuse_secrets(const struct block *block)
{
	for (unsigned int i = 0; i < fake.num_watched; i++)
		if (memmem(block->data, block->size, fake.watched[i].bytes,
			   fake.watched[i].len))
			fake_die("scratch memory of %zu bytes holds a secret",
				 block->size);
}

static void put(void *p, size_t size, bool scratch)
{
	struct block *block;

	block = (void *)((uint8_t *)p - offsetof(struct block, data));
	if (block->magic != BLOCK_MAGIC)
		fake_die("freed what is no block, or is free");
	if (block->size != size)
		fake_die("freed %zu bytes as %zu", block->size, size);
	if (block->scratch != scratch)
		fake_die("scratch memory and memory were mixed up");

	if (block->link) {
		pthread_mutex_lock(&fake.mutex);
		if (scratch)
			refuse_secrets(block);
		*block->link = block->next;
		if (block->next)
			block->next->link = block->link;
		pthread_mutex_unlock(&fake.mutex);
	}
	__atomic_sub_fetch(&fake.bytes, size, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&fake.count, 1, __ATOMIC_RELAXED);
	memset(block->data, 0xdd, size);
	block->magic = 0;
	free(block);
}

void *kv_os_alloc(size_t size)
{
	fake_need_unlocked("memory was allocated");
	return fake_fails(FAKE_ALLOC) ? NULL : get(size, false, 0);
}

void kv_os_free(void *p, size_t size)
{
	fake_need_unlocked("memory was freed");
	if (p)
		put(p, size, false);
}

void *kv_os_scratch_get(size_t size)
{
	fake_need_unlocked("scratch memory was taken");
	return fake_fails(FAKE_SCRATCH) ? NULL : get(size, true, 0xa5);
}

void kv_os_scratch_put(void *p, size_t size)
{
	fake_need_unlocked("scratch memory was put");
	if (p)
		put(p, size, true);
}

void kv_os_wipe(void *p, size_t size)
{
	memset(p, 0, size);
	__asm__ volatile("" : : "r" (p) : "memory");
}

bool kv_os_equal(const void *a, const void *b, size_t size)
{
	const uint8_t *x = a, *y = b;
	uint8_t diff = 0;

	for (size_t i = 0; i < size; i++)
		diff |= x[i] ^ y[i];
	return diff == 0;
}

size_t fake_live_bytes(void)
{
	return __atomic_load_n(&fake.bytes, __ATOMIC_RELAXED);
}

size_t fake_live_blocks(void)
{
	return __atomic_load_n(&fake.count, __ATOMIC_RELAXED);
}

void fake_track(bool on)
{
	__atomic_store_n(&fake.untracked, !on, __ATOMIC_RELAXED);
}

unsigned int fake_live_with(const void *bytes, size_t len)
{
	unsigned int n = 0;

	pthread_mutex_lock(&fake.mutex);
	for (struct block *b = fake.blocks; b; b = b->next)
		n += memmem(b->data, b->size, bytes, len) != NULL;
	pthread_mutex_unlock(&fake.mutex);
	return n;
}

void fake_need_heap(const void *p, size_t len, const char *what)
{
	uintptr_t at = (uintptr_t)p;
	bool found = false;

	pthread_mutex_lock(&fake.mutex);
	for (struct block *b = fake.blocks; b && !found; b = b->next)
		found = at - (uintptr_t)b->data < b->size &&
			len <= b->size - (at - (uintptr_t)b->data);
	pthread_mutex_unlock(&fake.mutex);
	if (len && !found && !__atomic_load_n(&fake.untracked, __ATOMIC_RELAXED))
		fake_die("%s: data that is not in the core's memory", what);
}

void fake_watch(const void *bytes, size_t len)
{
	pthread_mutex_lock(&fake.mutex);
	if (fake.num_watched == MAX_WATCHED || len > MAX_SECRET || !len)
		fake_die("too many secrets, or too long a secret, to watch");
	memcpy(fake.watched[fake.num_watched].bytes, bytes, len);
	fake.watched[fake.num_watched++].len = len;
	pthread_mutex_unlock(&fake.mutex);
}

void kv_os_lock_init(struct kv_lock *lock)
{
	if (lock->magic == LOCK_MAGIC)
		fake_die("a live lock was initialised");
	pthread_mutex_init(&lock->mutex, NULL);
	lock->magic = LOCK_MAGIC;
	__atomic_add_fetch(&fake.locks, 1, __ATOMIC_RELAXED);
}

void kv_os_lock_fini(struct kv_lock *lock)
{
	if (lock->magic != LOCK_MAGIC)
		fake_die("a lock was finished that is not live");
	if (pthread_mutex_destroy(&lock->mutex))
		fake_die("a lock was finished while it was held");
	lock->magic = 0;
	__atomic_sub_fetch(&fake.locks, 1, __ATOMIC_RELAXED);
}

void kv_os_lock(struct kv_lock *lock)
{
	if (lock->magic != LOCK_MAGIC)
		fake_die("a lock was taken that is not live");
	if (held)
		fake_die("a lock was taken while another was held");
	pthread_mutex_lock(&lock->mutex);
	held = lock;
}

void kv_os_unlock(struct kv_lock *lock)
{
	if (held != lock)
		fake_die("a lock was released that was not held");
	held = NULL;
	pthread_mutex_unlock(&lock->mutex);
	if (__atomic_load_n(&fake.shaking, __ATOMIC_RELAXED)) {
		static _Thread_local unsigned int turn;

		if (turn++ % 16 == 0)
			usleep(turn % 256);
	}
}

void fake_shake(bool on)
{
	__atomic_store_n(&fake.shaking, on, __ATOMIC_RELAXED);
}

void kv_os_ref_init(struct kv_ref *ref)
{
	__atomic_store_n(&ref->count, 1, __ATOMIC_RELAXED);
}

void kv_os_ref_get(struct kv_ref *ref)
{
	if (__atomic_fetch_add(&ref->count, 1, __ATOMIC_RELAXED) == 0)
		fake_die("a reference was taken to what nobody holds");
}

bool kv_os_ref_put(struct kv_ref *ref)
{
	uint32_t old = __atomic_fetch_sub(&ref->count, 1, __ATOMIC_ACQ_REL);

	if (old == 0)
		fake_die("a reference was put that nobody held");
	return old == 1;
}
