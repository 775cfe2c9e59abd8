/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * main.c - fuzz [--count N] [--seed S] [--procs P]
 *
 * The same seed makes the same requests, but for the ids that the vault draws
 * and for what races decide. Speaks TAP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

struct fz_world fz;

uint64_t fz_rand(void)		/* splitmix64 */
{
	uint64_t z = fz.rng += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void fz_bad(enum fz_verdict v, const struct fz_call *c, const char *fmt, ...)
{
	va_list ap;

	if (__atomic_add_fetch(&fz.stats->bad[v], 1, __ATOMIC_RELAXED) > 10)
		return;
	printf("# bad: process %u request %" PRIu64 ": %s %#lx%s%s errno %d: ",
	       fz.proc, fz.serial, c->op->name, c->request,
	       c->compat ? " 32-bit" : "",
	       c->race == RACE_SPIN ? " spin" : c->race ? " fault" : "", c->err);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n#   ");
	for (int i = 0; i < FZ_FIELDS && c->op->field[i].kind; i++)
		printf(" %" PRIx64, fz_get(c->req, c->op->field[i].off,
					   c->op->field[i].size));
	printf("\n");
	fflush(stdout);
}

/* The 32-bit entry, from a 64-bit program: legacy ioctl() is number 54. */
static int ioctl_compat(int fd, uint32_t request, uint32_t arg)
{
	int ret = -ENOSYS;

#ifdef __linux__
	__asm__ volatile("int $0x80" : "=a" (ret)
			 : "a" (54), "b" (fd), "c" (request), "d" (arg)
			 : "memory", "r8", "r9", "r10", "r11");
#else
	(void)fd;
	(void)request;
	(void)arg;
#endif
	return ret;
}

void call_do(struct fz_call *c)
{
	int ret;

	if (c->compat) {
		ret = ioctl_compat(c->desc->fd, c->request, c->arg);
		c->err = ret < 0 ? -ret : 0;
	} else {
		ret = ioctl(c->desc->fd, c->request, c->arg);
		c->err = ret < 0 ? errno : 0;
	}
	if (ret > 0)
		fz_bad(V_ERRNO, c, "answered %d", ret);
}

/* A kernel without 32-bit programs kills who tries: a child finds out. */
static bool probe_compat(int fd)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(ioctl_compat(fd, 0, 0) == -ENOTTY ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static const struct fz_op *pick_op(void)
{
	static unsigned int total;
	unsigned int r, i = 0;

	if (!total)
		for (i = 0; i < fz_op_count; i++)
			total += fz_ops[i].weight;
	r = fz_below(total);
	for (i = 0; r >= fz_ops[i].weight; i++)
		r -= fz_ops[i].weight;
	return &fz_ops[i];
}

/* A spoiled number may be another request's. */
static void resolve(struct fz_call *c)
{
	c->unknown = true;
	for (unsigned int i = 0; i < fz_op_count; i++)
		if ((uint32_t)fz_ops[i].request == (uint32_t)c->request) {
			c->op = &fz_ops[i];
			c->unknown = false;
		}
}

static void place(struct fz_call *c)
{
	size_t size = c->unknown ? FZ_REQ_MAX : FZ_SIZE(c->request);

	c->stage = mem_stage(size);
	c->arg = (uintptr_t)c->stage;
	c->arg_reads = c->arg_writes = true;
	if (c->bad_place)
		mutate_place(c, size);
	c->compat = fz.have_compat && fz_one_in(40) && c->arg >> 32 == 0;
	if (!c->compat && !c->unknown && c->arg_reads && fz_one_in(16))
		c->race = fz_one_in(3) ? RACE_SPIN : RACE_FAULT;
	race_arm(c);
	memcpy(c->stage, c->req, size);
	race_start(c);
}

static void count(const struct fz_call *c)
{
	struct fz_stats *s = fz.stats;
	size_t op = c->op - fz_ops;

	__atomic_add_fetch(c->unknown ? &s->unknown : &s->calls[op], 1,
			   __ATOMIC_RELAXED);
	if (!c->unknown && !c->err)
		__atomic_add_fetch(&s->ok[op], 1, __ATOMIC_RELAXED);
	if (c->err < FZ_ERRNOS && !c->unknown)
		__atomic_add_fetch(&s->errs[op][c->err], 1, __ATOMIC_RELAXED);
	s->races += c->race != RACE_NONE;
	s->compat += c->compat;
}

static void one(void)
{
	struct fz_call c = { 0 };

	fz.serial++;
	if (fz_one_in(150))
		model_churn();
	c.desc = model_desc();
	c.op = pick_op();
	c.request = c.op->request;
	c.op->sane(&c);
	if (!c.key && c.op->field[0].kind == F_ID && model_may_make(c.desc) &&
	    !fz_one_in(8)) {
		memset(c.req, 0, sizeof(c.req));	/* no such key yet */
		c.op = &fz_ops[0];
		c.request = c.op->request;
		c.op->sane(&c);
	}
	if (fz_one_in(2))
		mutate(&c);
	resolve(&c);
	place(&c);
	call_do(&c);
	race_disarm(&c);
	judge(&c);
	count(&c);
	if (c.lost_desc)
		model_lose(c.desc);
}

static int child(unsigned int proc, uint64_t n, int shared_fd)
{
	struct mem_extent all = { 0, UINT64_MAX };
	struct fz_call end = { .op = &fz_ops[0] };

	fz.proc = proc;
	fz.rng = fz.seed * 1000003 + proc;
	if (!mem_init() || !model_init(shared_fd) || !race_init()) {
		printf("# process %u cannot start: %s\n", proc, strerror(errno));
		return 1;
	}
	close(shared_fd);
	for (uint64_t i = 0; i < n; i++) {
		one();
		if (!proc && (i + 1) % (n / 10 + 1) == 0) {
			printf("# %" PRIu64 " of %" PRIu64 " each\n", i + 1, n);
			fflush(stdout);
		}
	}
	if (mem_check(all, NULL, 0))
		fz_bad(V_WROTE, &end, "found at the end, by whichever request");
	if (!mem_file_intact())
		fz_bad(V_FILE, &end, "the read-only file has changed");
	model_close_all();
	return 0;
}

static const char *errno_name(int e)
{
#ifdef __linux__
	return strerrorname_np(e);
#else
	return strerror(e);
#endif
}

static void print_stats(const struct fz_stats *s)
{
	for (unsigned int i = 0; i < fz_op_count; i++) {
		printf("# %-12s %7" PRIu64 " calls %7" PRIu64 " ok ",
		       fz_ops[i].name, s->calls[i], s->ok[i]);
		for (int e = 1; e < FZ_ERRNOS; e++)
			if (s->errs[i][e])
				printf(" %s %" PRIu64, errno_name(e),
				       s->errs[i][e]);
		printf("\n");
	}
	printf("# unknown %" PRIu64 ", 32-bit %" PRIu64 ", raced %" PRIu64
	       " (%" PRIu64 " caught in a copy), round trips %" PRIu64
	       ", partly written before EFAULT %" PRIu64 "\n", s->unknown,
	       s->compat, s->races, s->faults, s->trips, s->partial);
}

static int tap(int number, bool ok, const char *what)
{
	printf("%sok %d - fuzz: %s\n", ok ? "" : "not ", number, what);
	return !ok;
}

static int report(const struct fz_stats *s, bool alive)
{
	static const char *const names[V_COUNT] = {
		[V_WROTE] = "nothing is written on failure",
		[V_BEYOND] = "nothing is written beyond the room on success",
		[V_ERRNO] = "every errno is a documented one",
		[V_EPERM] = "EPERM where the capability is missing, only there",
		[V_EFAULT] = "bad addresses are never used",
		[V_SANE] = "well-formed requests succeed, whatever the "
			   "request is changed to underway",
		[V_ROUND] = "what was encrypted decrypts, forgeries do not",
		[V_KEYS] = "there are the keys that were made, no more",
		[V_FILE] = "a file mapped read-only keeps its bytes",
	};
	bool all_ok = true;
	uint64_t calls = 0, ok = 0;
	int bad, n = 1;

	for (unsigned int i = 0; i < fz_op_count; i++) {
		calls += s->calls[i];
		ok += s->ok[i];
		all_ok &= s->ok[i] > 0;
	}
	print_stats(s);
	bad = tap(n++, alive, "all processes ran to their end");
	for (int v = 0; v < V_COUNT; v++)
		bad += tap(n++, !s->bad[v], names[v]);
	bad += tap(n++, all_ok && ok * 4 > calls && s->trips &&
		   (s->faults || !FZ_HAS_FAULTS),
		   "every request succeeded at times, and one in four overall");
	printf("1..%d\n", n - 1);
	return bad ? 1 : 0;
}

int main(int argc, char **argv)
{
	uint64_t n = 100000;
	unsigned int procs = 2;
	bool alive = true;
	int status, fd;

	fz.seed = time(NULL);
	for (int i = 1; i + 1 < argc; i += 2) {
		uint64_t v = strtoull(argv[i + 1], NULL, 0);

		if (!strcmp(argv[i], "--count"))
			n = v;
		else if (!strcmp(argv[i], "--seed"))
			fz.seed = v;
		else if (!strcmp(argv[i], "--procs") && v)
			procs = v;
		else
			argc = 0;
	}
	if (argc % 2 == 0) {
		fprintf(stderr, "usage: fuzz [--count N] [--seed S] [--procs P]\n");
		return 2;
	}
	fd = open(KV_DEVICE, O_RDWR | O_CLOEXEC);
	fz.stats = mmap(NULL, sizeof(*fz.stats), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || fz.stats == MAP_FAILED) {
		fprintf(stderr, "fuzz: %s: %s\n", KV_DEVICE, strerror(errno));
		return 2;
	}
	fz.have_compat = probe_compat(fd);
	printf("# fuzz --count %" PRIu64 " --seed %" PRIu64 " --procs %u\n", n,
	       fz.seed, procs);
	fflush(stdout);
	for (unsigned int p = 0; p < procs; p++)
		if (!fork())
			_exit(child(p, (n + procs - 1) / procs, fd));
	close(fd);
	for (unsigned int p = 0; p < procs; p++)
		alive &= wait(&status) > 0 && status == 0;
	return report(fz.stats, alive);
}
