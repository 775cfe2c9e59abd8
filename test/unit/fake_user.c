// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* fake_user.c - user memory that can be bad, and is watched */

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fake.h"

#define MAX_RANGES	16
#define MAX_READS	32
#define LOWEST		0x10000ull
#define HIGHEST		(1ull << 47)

struct range {
	uint64_t start, end;
	int prot;
	void *map;		/* what fake_user_edge() has to give back */
	size_t map_len;
};

static struct {
	pthread_mutex_t mutex;		/* guards @ranges */
	struct range ranges[MAX_RANGES];
	unsigned int num_ranges;	/* these, too, are atomic */
	uint64_t written;
	bool twice_is_fine;
	void (*racer)(void *user, size_t size);
} fake = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* What the request that this thread is in has read so far. */
static _Thread_local struct range reads[MAX_READS];
static _Thread_local unsigned int num_reads;

static bool overlap(const struct range *r, uint64_t start, uint64_t end)
{
	return start < r->end && r->start < end;
}

static int check(uint64_t user, size_t size, int prot)
{
	uint64_t end = user + size;
	int err = 0;

	if (!size)
		return 0;
	if (end < user || user < LOWEST || end > HIGHEST)
		return -EFAULT;
	if (!__atomic_load_n(&fake.num_ranges, __ATOMIC_RELAXED))
		return 0;
	pthread_mutex_lock(&fake.mutex);
	for (unsigned int i = 0; i < fake.num_ranges && !err; i++)
		if (overlap(&fake.ranges[i], user, end) &&
		    !(fake.ranges[i].prot & prot))
			err = -EFAULT;
	pthread_mutex_unlock(&fake.mutex);
	return err;
}

/* A byte that is read twice can change in between. */
static void note_read(uint64_t user, size_t size)
{
	bool once = !__atomic_load_n(&fake.twice_is_fine, __ATOMIC_RELAXED);

	for (unsigned int i = 0; once && i < num_reads; i++)
		if (overlap(&reads[i], user, user + size))
			fake_die("user memory was read twice");
	if (num_reads == MAX_READS)
		fake_die("a request that reads %u buffers", MAX_READS);
	reads[num_reads].start = user;
	reads[num_reads++].end = user + size;
}

static void race(uint64_t user, size_t size)
{
	void (*racer)(void *user, size_t size);

	racer = __atomic_load_n(&fake.racer, __ATOMIC_RELAXED);
	if (racer)
		racer((void *)(uintptr_t)user, size);
}

static int in(void *to, uint64_t user, size_t size, enum fake_site site)
{
	int err;

	fake_need_unlocked("user memory was read");
	err = fake_fails(site) ? -EFAULT : check(user, size, PROT_READ);
	if (!err && size) {
		note_read(user, size);
		memcpy(to, (const void *)(uintptr_t)user, size);
		race(user, size);
	}
	return err;
}

static int out(uint64_t user, const void *from, size_t size, enum fake_site site)
{
	int err;

	fake_need_unlocked("user memory was written");
	err = fake_fails(site) ? -EFAULT : check(user, size, PROT_WRITE);
	if (!err && size) {
		memcpy((void *)(uintptr_t)user, from, size);
		__atomic_add_fetch(&fake.written, size, __ATOMIC_RELAXED);
	}
	return err;
}

static int writable(uint64_t user, size_t size, enum fake_site site)
{
	fake_need_unlocked("user memory was tried");
	return fake_fails(site) ? -EFAULT : check(user, size, PROT_WRITE);
}

int kv_os_copyin(void *to, uint64_t user, size_t size)
{
	return in(to, user, size, FAKE_COPYIN);
}

int kv_os_copyout(uint64_t user, const void *from, size_t size)
{
	return out(user, from, size, FAKE_COPYOUT);
}

int kv_os_writable(uint64_t user, size_t size)
{
	return writable(user, size, FAKE_WRITABLE);
}

int kv_os_request_in(void *to, void *request, size_t size)
{
	num_reads = 0;
	return in(to, (uintptr_t)request, size, FAKE_REQUEST_IN);
}

int kv_os_request_writable(void *request, size_t size)
{
	return writable((uintptr_t)request, size, FAKE_REQUEST_WRITABLE);
}

int kv_os_request_out(void *request, const void *from, size_t size)
{
	return out((uintptr_t)request, from, size, FAKE_REQUEST_OUT);
}

static struct range *add_range(uint64_t start, size_t len, int prot)
{
	struct range *r;

	pthread_mutex_lock(&fake.mutex);
	if (fake.num_ranges == MAX_RANGES)
		fake_die("too many ranges of user memory");
	r = &fake.ranges[fake.num_ranges];
	__atomic_add_fetch(&fake.num_ranges, 1, __ATOMIC_RELAXED);
	*r = (struct range){ .start = start, .end = start + len, .prot = prot };
	pthread_mutex_unlock(&fake.mutex);
	return r;
}

void fake_user_map(const void *addr, size_t len, int prot)
{
	add_range((uintptr_t)addr, len, prot);
}

void *fake_user_edge(size_t len, int prot)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t room = (len + page - 1) / page * page;
	uint8_t *map = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct range *r;

	if (map == MAP_FAILED || mprotect(map + room, page, PROT_NONE))
		fake_die("cannot map memory");
	r = add_range((uintptr_t)map + room, page, PROT_NONE);
	r->map = map;
	r->map_len = room + page;
	if (prot != (PROT_READ | PROT_WRITE)) {
		if (mprotect(map, room, prot))
			fake_die("cannot protect memory");
		add_range((uintptr_t)map, room, prot);
	}
	return map + room - len;
}

uint64_t fake_user_written(void)
{
	return __atomic_load_n(&fake.written, __ATOMIC_RELAXED);
}

void fake_user_once(bool on)
{
	__atomic_store_n(&fake.twice_is_fine, !on, __ATOMIC_RELAXED);
}

void fake_user_racer(void (*fn)(void *user, size_t size))
{
	__atomic_store_n(&fake.racer, fn, __ATOMIC_RELAXED);
}

void fake_user_reset(void)
{
	for (unsigned int i = 0; i < fake.num_ranges; i++)
		if (fake.ranges[i].map)
			munmap(fake.ranges[i].map, fake.ranges[i].map_len);
	fake.num_ranges = 0;
	fake.written = 0;
	fake.twice_is_fine = false;
	fake.racer = NULL;
}
