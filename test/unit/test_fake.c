// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * test_fake.c - the fake home itself: that it sees what it is there to see
 *
 * A watcher that never barks proves nothing, so each of its checks is tripped
 * once, in a child process that has to die of it.
 */

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

/* Whether @fn makes the fake home abort, saying @why. */
static bool dies(void (*fn)(void), const char *why)
{
	char said[512];
	ssize_t n;
	int fd[2], status;
	pid_t child;

	fflush(stdout);
	if (pipe(fd))
		fake_die("no pipe");
	child = fork();
	if (!child) {
		dup2(fd[1], 1);
		dup2(fd[1], 2);
		close(fd[0]);
		close(fd[1]);
		fn();
		_exit(0);
	}
	close(fd[1]);
	n = read(fd[0], said, sizeof(said) - 1);
	said[n > 0 ? n : 0] = '\0';
	close(fd[0]);
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
	       strstr(said, why);
}

static struct kv_lock lock_a, lock_b;

static void nest(void)
{
	kv_os_lock_init(&lock_a);
	kv_os_lock_init(&lock_b);
	kv_os_lock(&lock_a);
	kv_os_lock(&lock_b);
}

static void hold(void)
{
	kv_os_lock_init(&lock_a);
	kv_os_lock(&lock_a);
}

static void alloc_locked(void)
{
	hold();
	kv_os_alloc(1);
}

static void free_locked(void)
{
	void *p = kv_os_alloc(1);

	hold();
	kv_os_free(p, 1);
}

static void scratch_locked(void)
{
	hold();
	kv_os_scratch_get(1);
}

static void copy_locked(void)
{
	char from, to;

	hold();
	kv_os_copyin(&to, (uintptr_t)&from, 1);
}

static void random_locked(void)
{
	char byte;

	hold();
	kv_os_random(&byte, 1);
}

static void hash_locked(void)
{
	uint8_t out[32];

	hold();
	kv_os_crypto(KV_ALG_SHA256)->hash(NULL, 0, out);
}

static void unlock_other(void)
{
	hold();
	kv_os_unlock(&lock_b);
}

static void lock_dead(void)
{
	kv_os_lock(&lock_a);
}

static void leak_lock(void)
{
	kv_os_lock_init(&lock_a);
	fake_reset();
}

static void locks(void)
{
	CHECK(dies(nest, "while another was held"));
	CHECK(dies(alloc_locked, "allocated under a lock"));
	CHECK(dies(free_locked, "freed under a lock"));
	CHECK(dies(scratch_locked, "taken under a lock"));
	CHECK(dies(copy_locked, "read under a lock"));
	CHECK(dies(random_locked, "random bytes were made under a lock"));
	CHECK(dies(hash_locked, "hashing under a lock"));
	CHECK(dies(unlock_other, "not held"));
	CHECK(dies(lock_dead, "not live"));
	CHECK(dies(leak_lock, "not finished"));
}

static void underflow(void)
{
	struct kv_ref ref;

	kv_os_ref_init(&ref);
	kv_os_ref_put(&ref);
	kv_os_ref_put(&ref);
}

static void get_dead(void)
{
	struct kv_ref ref;

	kv_os_ref_init(&ref);
	kv_os_ref_put(&ref);
	kv_os_ref_get(&ref);
}

static void references(void)
{
	struct kv_ref ref;

	kv_os_ref_init(&ref);
	kv_os_ref_get(&ref);
	CHECK(!kv_os_ref_put(&ref));
	CHECK(kv_os_ref_put(&ref));
	CHECK(dies(underflow, "nobody held"));
	CHECK(dies(get_dead, "nobody holds"));
}

static void leak(void)
{
	if (kv_os_alloc(3))
		fake_reset();
}

static void wrong_size(void)
{
	kv_os_free(kv_os_alloc(3), 4);
}

static void mixed_up(void)
{
	kv_os_free(kv_os_scratch_get(3), 3);
}

static void secret_left(void)
{
	uint8_t *p = kv_os_scratch_get(100);

	fake_watch("open sesame", 11);
	memcpy(p + 50, "open sesame", 11);
	kv_os_scratch_put(p, 100);
}

static void memory(void)
{
	uint8_t *p = kv_os_alloc(100);

	CHECK(fake_live_bytes() == 100 && fake_live_blocks() == 1);
	CHECK(p[0] == 0 && p[99] == 0);
	memcpy(p + 10, "open sesame", 11);
	CHECK(fake_live_with("open sesame", 11) == 1);
	kv_os_free(p, 100);
	CHECK(fake_live_bytes() == 0 && fake_live_blocks() == 0);
	p = kv_os_scratch_get(8);
	CHECK(p[0] != 0 && p[7] != 0);
	kv_os_scratch_put(p, 8);
	CHECK(dies(leak, "leaked"));
	CHECK(dies(wrong_size, "freed 3 bytes as 4"));
	CHECK(dies(mixed_up, "mixed up"));
	CHECK(dies(secret_left, "holds a secret"));
}

static void read_twice(void)
{
	char user[8], to[8];

	kv_os_request_in(to, user, 4);
	kv_os_copyin(to, (uintptr_t)user + 4, 4);
	kv_os_copyin(to, (uintptr_t)user + 3, 1);
}

static void user_memory(void)
{
	uint8_t *edge = fake_user_edge(16, PROT_READ | PROT_WRITE);
	uint8_t *fixed = fake_user_edge(16, PROT_READ);
	uintptr_t e = (uintptr_t)edge, f = (uintptr_t)fixed;
	uint8_t k[32] = { 0 };

	CHECK(kv_os_copyin(k, e, 16) == 0);
	CHECK(kv_os_copyin(k, e, 17) == -EFAULT);
	CHECK(kv_os_copyin(k, 0, 1) == -EFAULT);
	CHECK(kv_os_copyin(k, ~0ull, 2) == -EFAULT);
	CHECK(kv_os_copyin(k, 0xffff800000000000, 1) == -EFAULT);
	CHECK(kv_os_copyin(k, 0, 0) == 0);
	CHECK(kv_os_copyout(e, k, 16) == 0);
	CHECK(kv_os_copyout(e + 1, k, 16) == -EFAULT);
	CHECK(kv_os_writable(e, 16) == 0 && kv_os_writable(e, 17) == -EFAULT);
	CHECK(kv_os_copyin(k, f, 16) == 0);
	CHECK(kv_os_copyout(f, k, 1) == -EFAULT);
	CHECK(kv_os_writable(f, 1) == -EFAULT);
	CHECK(fake_user_written() == 16);
	CHECK(dies(read_twice, "read twice"));
}

static void failing(void)
{
	struct kv_alarm alarm;
	uint8_t user[4];
	void *p;

	fake_fail_at(2);
	p = kv_os_alloc(1);
	CHECK(p && fake_failed() == FAKE_NONE);
	CHECK(!kv_os_alloc(1) && fake_failed() == FAKE_ALLOC);
	kv_os_free(p, 1);
	fake_fail_at(1);
	CHECK(!kv_os_scratch_get(1) && fake_failed() == FAKE_SCRATCH);
	fake_fail_at(1);
	CHECK(kv_os_alarm_init(&alarm, NULL, NULL) == -ENOMEM);
	fake_fail_at(1);
	CHECK(kv_os_copyin(user, (uintptr_t)user, 4) == -EFAULT);
	fake_fail_at(1);
	CHECK(kv_os_copyout((uintptr_t)user, "abcd", 4) == -EFAULT);
	fake_fail_at(1);
	CHECK(kv_os_writable((uintptr_t)user, 4) == -EFAULT);
	fake_fail_at(1);
	CHECK(kv_os_crypto(KV_ALG_AES128_GCM)->prepare(&p, user, 4) == -ENOMEM);
	CHECK(fake_failed() == FAKE_PREPARE);
}

static void count_ring(void *arg)
{
	++*(int *)arg;
}

static void own_end(void *arg)
{
	kv_os_alarm_fini(arg);
}

static void wait_for_itself(void)
{
	struct kv_alarm a;

	kv_os_alarm_init(&a, own_end, &a);
	kv_os_alarm_set(&a, kv_os_uptime());
	fake_advance(0);
}

static void clocks(void)
{
	uint64_t up = kv_os_uptime();
	int64_t wall = kv_os_time();
	struct kv_alarm a;
	int rung = 0;

	CHECK(kv_os_alarm_init(&a, count_ring, &rung) == 0);
	kv_os_alarm_set(&a, up + 10);
	fake_advance(9);
	CHECK(rung == 0);
	fake_advance(1);
	CHECK(rung == 1);
	fake_advance(100);
	CHECK(rung == 1 && fake_live_alarms() == 1);
	fake_alarm_thread(true);
	kv_os_alarm_set(&a, up);
	while (__atomic_load_n(&rung, __ATOMIC_ACQUIRE) != 2)
		usleep(100);
	fake_alarm_thread(false);
	kv_os_alarm_fini(&a);
	CHECK(fake_live_alarms() == 0);
	fake_wall_jump(-5);
	CHECK(kv_os_time() == wall - 5 && kv_os_uptime() == up + 110);
	CHECK(dies(wait_for_itself, "waits for itself"));
}

static void random_bytes(void)
{
	uint8_t a[16], b[16];

	kv_os_random(a, 16);
	kv_os_random(b, 16);
	CHECK(memcmp(a, b, 16));
	fake_random_repeat(2);
	kv_os_random(a, 16);
	kv_os_random(b, 16);
	CHECK(!memcmp(a, b, 16));
	kv_os_random(b, 16);
	CHECK(memcmp(a, b, 16));
	fake_random_seed(7);
	kv_os_random(a, 16);
	fake_random_seed(7);
	kv_os_random(b, 16);
	CHECK(!memcmp(a, b, 16));
}

static void stack_data(void)
{
	uint8_t key[16] = { 0 }, data[16] = { 0 };
	const struct kv_crypto *c = kv_os_crypto(KV_ALG_AES128_CTR);
	void *ctx;

	if (!c->prepare(&ctx, key, 16))
		c->encrypt(ctx, key, data, 16);
}

static void leak_prepared(void)
{
	static uint8_t key[16];
	void *ctx;

	if (!kv_os_crypto(KV_ALG_AES128_CTR)->prepare(&ctx, key, 16))
		fake_reset();
}

static void cryptography(void)
{
	struct kv_part part = { "abc", 3 };
	const struct kv_crypto *c = kv_os_crypto(KV_ALG_SHA256);
	uint8_t good[32], bad[32];

	CHECK(c->hash(&part, 1, good) == 0);
	fake_crypto_break(KV_ALG_SHA256, 2);
	CHECK(c->hash(&part, 1, bad) == 0 && !memcmp(good, bad, 32));
	CHECK(!fake_crypto_broken());
	CHECK(c->hash(&part, 1, bad) == 0 && memcmp(good, bad, 32));
	CHECK(fake_crypto_broken());
	fake_crypto_break(0, 0);
	CHECK(c->hash(&part, 1, bad) == 0 && !memcmp(good, bad, 32));
	fake_crypto_missing(KV_ALG_SHA256);
	CHECK(!kv_os_crypto(KV_ALG_SHA256) && !kv_os_crypto(KV_ALG_ED25519));
	CHECK(!kv_os_crypto(~0u));
	CHECK(dies(stack_data, "not in the core's memory"));
	CHECK(dies(leak_prepared, "not released"));
}

void unit_fake(void)
{
	TAP_RUN(locks);
	TAP_RUN(references);
	TAP_RUN(memory);
	TAP_RUN(user_memory);
	TAP_RUN(failing);
	TAP_RUN(clocks);
	TAP_RUN(random_bytes);
	TAP_RUN(cryptography);
}
