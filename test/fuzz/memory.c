/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * memory.c - user memory that is known byte by byte, and addresses that are bad
 *
 * Every area has a page without access on both sides, so that an area's end is
 * a cliff. Inputs and the request lie in a memfd that is mapped twice: once for
 * the kernel, read-only, once for us.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

#define PAGE		4096u
#define STAGE_SIZE	(2 * PAGE)
#define STAGE_FILL	0xa5
#define STAGE_AROUND	128	/* bytes looked at before and behind */
#define SEALED_SIZE	4096	/* of the inputs, for mem_sealed() */
#define FILE_SIZE	(16 * PAGE)

struct area {
	uint8_t *base;
	size_t size;
	bool writes;		/* for the kernel; all can be read */
	uint8_t *shadow;	/* what it holds, or NULL */
};

enum { A_IN = MEM_SLOTS, A_STAGE, A_STAGE_RO, A_NAME, A_FILE, A_COUNT };

static struct area areas[A_COUNT];	/* the slots come first */
static uint8_t *in_alias;
static uint8_t file_bytes[FILE_SIZE];
static int file_fd = -1;
static uint64_t hole, no_access;

static void fill(uint8_t *p, size_t len)
{
	for (size_t i = 0; i + 8 <= len; i += 8) {
		uint64_t r = fz_rand();

		memcpy(p + i, &r, 8);
	}
}

/* @size bytes between two pages without access. @fd -1: anonymous. */
static uint8_t *map(size_t size, int prot, int fd, int flags)
{
	uint8_t *p = mmap(NULL, size + 2 * PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	if (mmap(p + PAGE, size, prot, flags | MAP_FIXED, fd, 0) == MAP_FAILED)
		return NULL;
	return p + PAGE;
}

static bool add(int which, size_t size, int prot, int fd, int flags)
{
	struct area *a = &areas[which];

	a->base = map(size, prot, fd, flags);
	a->size = size;
	a->writes = prot & PROT_WRITE;
	return a->base != NULL;
}

static bool init_slots(void)
{
	for (int i = 0; i < MEM_SLOTS; i++) {
		size_t n = i == MEM_SLOT_FAULT ? MEM_FAULT_SIZE : MEM_SLOT_SIZE;

		areas[i].shadow = malloc(n);
		if (!areas[i].shadow ||
		    !add(i, n, PROT_READ | PROT_WRITE, -1, 0))
			return false;
		fill(areas[i].shadow, n);
#ifdef __linux__
		if (i == MEM_SLOT_FAULT)
			continue;	/* race.c serves its pages */
#endif
		memcpy(areas[i].base, areas[i].shadow, n);
	}
	return true;
}

static bool init_shared(void)
{
	int in = memfd_create("in", 0), stage = memfd_create("stage", 0);

	if (ftruncate(in, MEM_IN_SIZE) || ftruncate(stage, STAGE_SIZE))
		return false;
	in_alias = map(MEM_IN_SIZE, PROT_READ | PROT_WRITE, in, 0);
	if (!in_alias)
		return false;
	fill(in_alias, MEM_IN_SIZE);
	/* in the low 4 GiB, for the 32-bit entry */
	return add(A_IN, MEM_IN_SIZE, PROT_READ, in, 0) &&
	       add(A_STAGE, STAGE_SIZE, PROT_READ | PROT_WRITE, stage,
		   MAP_32BIT) &&
	       add(A_STAGE_RO, STAGE_SIZE, PROT_READ, stage, MAP_32BIT) &&
	       !close(in) && !close(stage);
}

/* A file that is open for reading only; nothing may change it. */
static bool init_file(void)
{
	char path[] = "/tmp/keyvault-fuzz-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		return false;
	fill(file_bytes, FILE_SIZE);
	if (write(fd, file_bytes, FILE_SIZE) != FILE_SIZE || close(fd))
		return false;
	file_fd = open(path, O_RDONLY);
	unlink(path);
	return file_fd >= 0 && add(A_FILE, FILE_SIZE, PROT_READ, file_fd, 0);
}

bool mem_init(void)
{
	uint8_t *p = map(16 * PAGE, PROT_NONE, -1, 0);

	no_access = (uintptr_t)p;
	if (!p || !init_slots() || !init_shared() || !init_file() ||
	    !add(A_NAME, PAGE, PROT_READ | PROT_WRITE, -1, 0))
		return false;
	/* the last: nothing small enough is mapped after it, to fill it */
	p = map(16 * PAGE, PROT_NONE, -1, 0);
	hole = (uintptr_t)p;
	return p && !munmap(p, 16 * PAGE);
}

/* @len bytes in the area: anywhere, or against its end. */
static uint8_t *place(const struct area *a, size_t len)
{
	if (fz_one_in(4))
		return a->base + a->size - len;
	return a->base + fz_below(a->size - len + 1);
}

/* Behind the part that mem_sealed() has. */
const void *mem_in(size_t len)
{
	struct area a = areas[A_IN];

	a.base += SEALED_SIZE;
	a.size -= SEALED_SIZE;
	return place(&a, len);
}

const uint8_t *mem_sealed(uint8_t **writable)
{
	*writable = in_alias;
	return areas[A_IN].base;
}

void *mem_in_alias(uint64_t at)
{
	uint64_t base = (uintptr_t)areas[A_IN].base;

	return at - base < MEM_IN_SIZE ? in_alias + (at - base) : NULL;
}

void *mem_out(unsigned int slot, size_t len)
{
	return place(&areas[slot], len);
}

void *mem_fault(size_t len)
{
	return place(&areas[MEM_SLOT_FAULT], len);
}

uint8_t *mem_slot(unsigned int slot, size_t *size)
{
	*size = areas[slot].size;
	return areas[slot].base;
}

const uint8_t *mem_shadow(unsigned int slot)
{
	return areas[slot].shadow;
}

/* Where the surroundings of @len bytes begin and end. */
static void around(const struct area *a, const uint8_t *at, size_t len,
		   uint8_t **from, uint8_t **to)
{
	size_t off = at - a->base, end = off + len;

	*from = a->base + (off > STAGE_AROUND ? off - STAGE_AROUND : 0);
	*to = a->base + (end + STAGE_AROUND < a->size ? end + STAGE_AROUND :
							a->size);
}

uint8_t *mem_stage(size_t size)
{
	/* 8-aligned mostly, as compilers do; the odd address must work too */
	uint64_t at = (uintptr_t)place(&areas[A_STAGE], size);
	uint8_t *from, *to;

	at = fz_one_in(8) ? at : at & ~7ull;
	around(&areas[A_STAGE], (uint8_t *)(uintptr_t)at, size, &from, &to);
	memset(from, STAGE_FILL, to - from);
	return (uint8_t *)(uintptr_t)at;
}

bool mem_stage_intact(const uint8_t *stage, size_t size)
{
	uint8_t *from, *to;

	around(&areas[A_STAGE], stage, size, &from, &to);
	for (; from < to; from++)
		if ((from < stage || from >= stage + size) &&
		    *from != STAGE_FILL)
			return false;
	return true;
}

uint64_t mem_stage_readonly(const uint8_t *stage)
{
	return (uintptr_t)areas[A_STAGE_RO].base +
	       (stage - areas[A_STAGE].base);
}

char *mem_name(void)
{
	return (char *)place(&areas[A_NAME], KV_MAX_NAME_SIZE);
}

static const uint64_t far_away[] = {
	0, 1, 4095, 0x7fffffffefff, 0x7ffffffff000, 0x7fffffffffff,
	0x800000000000, 0x0123456789abcdef, 0x8000000000000000,
	0xffff7fffffffffff, 0xffff800000000000, 0xffff888000000000,
	0xffff888000100000, 0xffffc90000000000, 0xffffea0000000000,
	0xffffffff81000000, 0xffffffff82000000, 0xffffffffa0000000,
	0xffffffffc0000000, 0xffffffffff600000, 0xfffffffffffff000,
	0xffffffffffffffff,
};

uint64_t mem_bad(size_t len)
{
	/* never where the request itself lies: that is looked at, too */
	const struct area *a = &areas[fz_below(A_STAGE)];
	size_t part = len ? fz_below(len < a->size ? len : a->size) : 0;

	switch (fz_below(8)) {
	case 0:
		return no_access + fz_below(16 * PAGE);
	case 1:
		return hole + fz_below(16 * PAGE);
	case 2:		/* readable only */
		return (uintptr_t)place(&areas[A_FILE], len % FILE_SIZE);
	case 3:
		return (uintptr_t)areas[A_IN].base + fz_below(PAGE);
	case 4:		/* begins well, ends beyond the cliff */
	case 5:
		return (uintptr_t)a->base + a->size - part;
	case 6:		/* ends well */
		return (uintptr_t)a->base - (len ? 1 + fz_below(len) % PAGE : 1);
	default:
		return far_away[fz_below(sizeof(far_away) / 8)];
	}
}

static bool within(const struct area *a, uint64_t at, uint64_t len)
{
	uint64_t off = at - (uintptr_t)a->base;

	return off <= a->size && len <= a->size - off;
}

bool mem_reads(uint64_t at, uint64_t len)
{
	for (int i = 0; i < A_COUNT; i++)
		if (within(&areas[i], at, len))
			return true;
	return len == 0;
}

bool mem_writes(uint64_t at, uint64_t len)
{
	for (int i = 0; i < A_COUNT; i++)
		if (areas[i].writes && within(&areas[i], at, len))
			return true;
	return len == 0;
}

/* The part of @e that lies in @a: offsets [*lo, *hi). */
static bool clip(const struct area *a, struct mem_extent e, size_t *lo, size_t *hi)
{
	uint64_t base = (uintptr_t)a->base, end = base + a->size;
	uint64_t to = e.at + e.len < e.at ? UINT64_MAX : e.at + e.len;

	if (to <= base || e.at >= end)
		return false;
	*lo = e.at < base ? 0 : e.at - base;
	*hi = (to < end ? to : end) - base;
	return *lo < *hi;
}

static uint64_t compare(struct area *a, size_t lo, size_t hi)
{
	uint64_t differ = 0;

	if (!memcmp(a->base + lo, a->shadow + lo, hi - lo))
		return 0;
	for (size_t i = lo; i < hi; i++)
		differ += a->base[i] != a->shadow[i];
	memcpy(a->base + lo, a->shadow + lo, hi - lo);
	return differ;
}

uint64_t mem_check(struct mem_extent window, const struct mem_extent *written,
		   unsigned int n)
{
	uint64_t differ = 0;
	size_t lo, hi;

	for (int i = 0; i < MEM_SLOTS; i++) {
		for (unsigned int j = 0; j < n; j++)
			if (clip(&areas[i], written[j], &lo, &hi))
				memcpy(areas[i].base + lo, areas[i].shadow + lo,
				       hi - lo);
		if (clip(&areas[i], window, &lo, &hi))
			differ += compare(&areas[i], lo, hi);
	}
	return differ;
}

bool mem_file_intact(void)
{
	static uint8_t now[FILE_SIZE];

	return pread(file_fd, now, FILE_SIZE, 0) == FILE_SIZE &&
	       !memcmp(now, file_bytes, FILE_SIZE) &&
	       !memcmp(areas[A_FILE].base, file_bytes, FILE_SIZE);
}
