/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * fake.h - what a test can do to the fake home
 *
 * The home is one for the whole process. Unless it says otherwise a function
 * may be called from any thread.
 */
#ifndef FAKE_H
#define FAKE_H

#include "kv_os.h"

/* Says why and aborts. */
void fake_die(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/*
 * Checks that everything was given back (memory, locks, alarms, prepared keys),
 * and sets the home to its first state. One thread only.
 */
void fake_reset(void);

/* Memory: what the core holds, scratch memory included. */
size_t fake_live_bytes(void);
size_t fake_live_blocks(void);
/* Off: blocks are counted, and neither searched nor watched; see threads.c. */
void fake_track(bool on);
/* Blocks that are live and hold the @len bytes at @bytes. */
unsigned int fake_live_with(const void *bytes, size_t len);
/* Dies unless all of it lies in one live block. */
void fake_need_heap(const void *p, size_t len, const char *what);

/*
 * From now on @len bytes at @bytes are a secret: scratch memory that is put
 * back must not hold them. Up to 16, until fake_reset().
 */
void fake_watch(const void *bytes, size_t len);

/* Whoever released a lock is now and then held up: windows open wide. */
void fake_shake(bool on);

/* Dies if this thread holds a lock. */
void fake_need_unlocked(const char *what);

/* Where a failure can be injected. */
enum fake_site {
	FAKE_NONE,
	FAKE_ALLOC,		/* NULL */
	FAKE_SCRATCH,		/* NULL */
	FAKE_ALARM,		/* -ENOMEM, kv_os_alarm_init() */
	FAKE_PREPARE,		/* -ENOMEM */
	FAKE_CRYPTO,		/* -EIO, any other use of cryptography */
	FAKE_COPYIN,		/* -EFAULT */
	FAKE_COPYOUT,		/* -EFAULT */
	FAKE_WRITABLE,		/* -EFAULT */
	FAKE_REQUEST_IN,	/* -EFAULT */
	FAKE_REQUEST_WRITABLE,	/* -EFAULT */
	FAKE_REQUEST_OUT,	/* -EFAULT */
};

/* The @n-th call from now on that can fail fails, once; 0: none. */
void fake_fail_at(unsigned int n);
/* Where it failed; FAKE_NONE if it has not. */
enum fake_site fake_failed(void);
/* For the home's own functions: counts a call, and says if it is to fail. */
bool fake_fails(enum fake_site site);

/*
 * The clocks stand still unless they are moved. fake_advance() moves the uptime
 * (the wall clock follows) and has every alarm that is due rung: by the caller
 * before it returns, or by a thread of the home's.
 */
void fake_advance(uint64_t ns);
void fake_wall_jump(int64_t seconds);
void fake_alarm_thread(bool on);
unsigned int fake_live_alarms(void);

#define FAKE_SECOND	1000000000ull

/* Random bytes: the system's, or reproducible, or the same again. */
void fake_random_seed(uint64_t seed);
/* The next @calls calls all get the same bytes; then it goes on as before. */
void fake_random_repeat(unsigned int calls);
/* The same, with zeroes. */
void fake_random_zero(unsigned int calls);

/*
 * User memory is this process's memory, but for null pointers, the kernel's
 * half, and what is mapped here with less than PROT_READ | PROT_WRITE. Up to 16
 * ranges, until fake_reset().
 */
void fake_user_map(const void *addr, size_t len, int prot);
/* A fresh mapping of @len bytes that ends at an unmapped page; fake_reset() ends it. */
void *fake_user_edge(size_t len, int prot);
/* Bytes written to user memory since the last fake_reset(), the request too. */
uint64_t fake_user_written(void);
/* Whether a byte that a request reads twice is fatal; it is after fake_reset(). */
void fake_user_once(bool on);
/* @fn runs after every copy of @size bytes from @user: another thread's write. */
void fake_user_racer(void (*fn)(void *user, size_t size));

/*
 * Cryptography. Of @algorithm (0: of any) the @n-th result from now on has one
 * bit flipped; n 0: every result from now on. (0, 0) ends it.
 */
void fake_crypto_break(uint32_t algorithm, unsigned int n);
/* Whether that happened. */
bool fake_crypto_broken(void);
/* @algorithm: the home has none of it, until fake_reset(). */
void fake_crypto_missing(uint32_t algorithm);
/* The next use stops; fake_crypto_wait() waits until it has. */
void fake_crypto_hold(void);
void fake_crypto_wait(void);
void fake_crypto_go(void);
/* Keys that are prepared and not released. */
unsigned int fake_live_prepared(void);

/* Events since the last fake_reset(), and the last one of its kind. */
struct fake_event {
	unsigned int count;
	uint64_t a, b, c, d;
};
struct fake_event fake_event(enum kv_event event);

/* For the fake's own files. */
void fake_clock_reset(void);
void fake_user_reset(void);
void fake_crypto_reset(void);

#endif /* FAKE_H */
