// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* fake_clock.c - clocks, alarms, random bytes and the trace */

#include <stdlib.h>
#include <sys/random.h>

#include "fake.h"

#define FIRST_UPTIME	(1000 * FAKE_SECOND)
#define FIRST_WALL	1700000000ll
#define SYSTEM_RANDOM	0

static struct {
	pthread_mutex_t mutex;		/* guards all, and every alarm */
	pthread_cond_t changed;		/* an alarm was set, rung or moved to */
	struct kv_alarm *alarms;
	unsigned int num_alarms;
	uint64_t uptime;		/* atomic */
	int64_t wall;			/* at uptime 0; atomic */
	bool threaded;
	pthread_t thread;
	uint64_t seed;			/* SYSTEM_RANDOM, or the state; atomic */
	uint64_t again;			/* the state that is repeated */
	unsigned int repeats;		/* atomic */
	bool zeroes;			/* what is repeated is zeroes */
	struct fake_event events[KV_EV_COUNT];	/* atomic */
} fake = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
	.uptime = FIRST_UPTIME,
	.wall = FIRST_WALL,
};

static void lock(void)
{
	pthread_mutex_lock(&fake.mutex);
}

static void unlock(void)
{
	pthread_mutex_unlock(&fake.mutex);
}

uint64_t kv_os_uptime(void)
{
	return __atomic_load_n(&fake.uptime, __ATOMIC_RELAXED);
}

int64_t kv_os_time(void)
{
	return __atomic_load_n(&fake.wall, __ATOMIC_RELAXED) +
	       (int64_t)(kv_os_uptime() / FAKE_SECOND);
}

/* Rings one alarm that is due, with the mutex given up meanwhile. */
static bool ring_one(void)
{
	struct kv_alarm *a;

	for (a = fake.alarms; a; a = a->next)
		if (a->set && !a->ringing && a->at <= fake.uptime)
			break;
	if (!a)
		return false;
	a->set = false;
	a->ringing = true;
	a->ringer = pthread_self();
	unlock();
	a->ring(a->arg);
	lock();
	a->ringing = false;
	pthread_cond_broadcast(&fake.changed);
	return true;
}

static void *ringer(void *unused)
{
	(void)unused;
	lock();
	while (fake.threaded)
		if (!ring_one())
			pthread_cond_wait(&fake.changed, &fake.mutex);
	unlock();
	return NULL;
}

void fake_alarm_thread(bool on)
{
	bool was;

	lock();
	was = fake.threaded;
	fake.threaded = on;
	pthread_cond_broadcast(&fake.changed);
	unlock();
	if (on && !was && pthread_create(&fake.thread, NULL, ringer, NULL))
		fake_die("cannot make a thread");
	if (!on && was)
		pthread_join(fake.thread, NULL);
}

void fake_advance(uint64_t ns)
{
	lock();
	__atomic_add_fetch(&fake.uptime, ns, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&fake.changed);
	while (!fake.threaded && ring_one())
		;
	unlock();
}

void fake_wall_jump(int64_t seconds)
{
	__atomic_add_fetch(&fake.wall, seconds, __ATOMIC_RELAXED);
}

unsigned int fake_live_alarms(void)
{
	unsigned int n;

	lock();
	n = fake.num_alarms;
	unlock();
	return n;
}

int kv_os_alarm_init(struct kv_alarm *alarm, void (*ring)(void *arg), void *arg)
{
	fake_need_unlocked("an alarm was made");
	if (fake_fails(FAKE_ALARM))
		return -ENOMEM;
	lock();
	memset(alarm, 0, sizeof(*alarm));
	alarm->ring = ring;
	alarm->arg = arg;
	alarm->next = fake.alarms;
	alarm->link = &fake.alarms;
	if (alarm->next)
		alarm->next->link = &alarm->next;
	fake.alarms = alarm;
	fake.num_alarms++;
	unlock();
	return 0;
}

void kv_os_alarm_set(struct kv_alarm *alarm, uint64_t uptime)
{
	lock();
	if (!alarm->link)
		fake_die("an alarm was set that is not live");
	alarm->at = uptime;
	alarm->set = !alarm->dying;
	pthread_cond_broadcast(&fake.changed);
	unlock();
}

void kv_os_alarm_fini(struct kv_alarm *alarm)
{
	fake_need_unlocked("an alarm was waited for");
	lock();
	if (!alarm->link)
		fake_die("an alarm was finished that is not live");
	alarm->dying = true;
	alarm->set = false;
	while (alarm->ringing) {
		if (pthread_equal(alarm->ringer, pthread_self()))
			fake_die("an alarm waits for itself");
		pthread_cond_wait(&fake.changed, &fake.mutex);
	}
	*alarm->link = alarm->next;
	if (alarm->next)
		alarm->next->link = alarm->link;
	alarm->link = NULL;
	fake.num_alarms--;
	unlock();
}

/* SplitMix64: reproducible, not secret. */
static uint64_t step(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static void fill(uint64_t *state, uint8_t *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		p[i] = step(state) >> 24;
}

void kv_os_random(void *p, size_t size)
{
	fake_need_unlocked("random bytes were made");
	if (!__atomic_load_n(&fake.repeats, __ATOMIC_RELAXED) &&
	    __atomic_load_n(&fake.seed, __ATOMIC_RELAXED) == SYSTEM_RANDOM) {
		for (size_t n = 0; n < size; )
			n += getrandom((uint8_t *)p + n, size - n, 0);
		return;
	}
	lock();
	if (fake.repeats) {
		uint64_t state = fake.again;

		__atomic_sub_fetch(&fake.repeats, 1, __ATOMIC_RELAXED);
		if (fake.zeroes)
			memset(p, 0, size);
		else
			fill(&state, p, size);
	} else {
		uint64_t state = fake.seed;

		fill(&state, p, size);
		__atomic_store_n(&fake.seed, state, __ATOMIC_RELAXED);
	}
	unlock();
}

void fake_random_seed(uint64_t seed)
{
	__atomic_store_n(&fake.seed, seed, __ATOMIC_RELAXED);
}

void fake_random_repeat(unsigned int calls)
{
	lock();
	fake.zeroes = false;
	__atomic_store_n(&fake.repeats, calls, __ATOMIC_RELAXED);
	unlock();
}

void fake_random_zero(unsigned int calls)
{
	lock();
	fake.zeroes = true;
	__atomic_store_n(&fake.repeats, calls, __ATOMIC_RELAXED);
	unlock();
}

void kv_os_trace(enum kv_event event, uint64_t a, uint64_t b, uint64_t c,
		 uint64_t d)
{
	struct fake_event *e;

	if (event <= KV_EV_NONE || event >= KV_EV_COUNT)
		fake_die("there is no event %d", (int)event);
	e = &fake.events[event];
	__atomic_add_fetch(&e->count, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&e->a, a, __ATOMIC_RELAXED);
	__atomic_store_n(&e->b, b, __ATOMIC_RELAXED);
	__atomic_store_n(&e->c, c, __ATOMIC_RELAXED);
	__atomic_store_n(&e->d, d, __ATOMIC_RELAXED);
}

struct fake_event fake_event(enum kv_event event)
{
	const struct fake_event *e = &fake.events[event];

	return (struct fake_event){
		__atomic_load_n(&e->count, __ATOMIC_RELAXED),
		__atomic_load_n(&e->a, __ATOMIC_RELAXED),
		__atomic_load_n(&e->b, __ATOMIC_RELAXED),
		__atomic_load_n(&e->c, __ATOMIC_RELAXED),
		__atomic_load_n(&e->d, __ATOMIC_RELAXED),
	};
}

void fake_clock_reset(void)
{
	fake_alarm_thread(false);
	if (fake.alarms)
		fake_die("an alarm was not finished");
	fake.uptime = FIRST_UPTIME;
	fake.wall = FIRST_WALL;
	fake.seed = SYSTEM_RANDOM;
	fake.again = 0x5eed;
	fake.repeats = 0;
	memset(fake.events, 0, sizeof(fake.events));
}
