/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * race.c - a second thread that changes things while a request runs
 *
 * Two ways. Spinning: it flips and remaps as fast as it can. Faulting: a
 * buffer's pages are missing and are served by userfaultfd, so the kernel
 * stands in the middle of its copy, for certain, while the thread acts. Only
 * Linux has that; elsewhere those that would fault spin.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#ifdef __linux__
#include <linux/userfaultfd.h>
#endif
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz.h"

#define PAGE 4096u

enum act { ACT_NONE, ACT_FLIP, ACT_DESTROY, ACT_REVOKE, ACT_USE, ACT_PROTECT,
	   ACT_RESTRICT, ACT_CLOSE, ACT_COUNT };

static int uffd = -1;
static sem_t go, done;
static atomic_bool running, fired;
static bool content_only;
static struct fz_call *call;
static enum act act;
static uint64_t rng = 88172645463325252ull;

static uint64_t my_rand(void)		/* the thread's own: xorshift64 */
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng;
}

#ifdef __linux__

static size_t call_size(void)
{
	return FZ_SIZE(call->op->request);
}

static void flip_request(void)
{
	size_t n = call_size();

	if (my_rand() % 2)
		memset(call->stage, 0xff, n);
	else
		for (size_t i = 0; i < n; i++)
			call->stage[i] = my_rand();
}

/* Another request with the same key, in the middle of the first. */
static void use_key(void)
{
	uint8_t in[64] = "", out[64], nonce[12], tag[16];
	struct kv_aead_encrypt_req e = {
		.key_id = call->key ? call->key->id : 0, .plaintext = in,
		.plaintext_len = sizeof(in), .ciphertext = out,
		.ciphertext_len = sizeof(out), .nonce_out = nonce, .tag = tag,
	};
	struct kv_mac_req m = {
		.key_id = e.key_id, .data = in, .data_len = sizeof(in),
		.mac = out, .mac_len = sizeof(out),
	};

	ioctl(call->desc->fd, KV_IOC_AEAD_ENCRYPT, &e);
	ioctl(call->desc->fd, KV_IOC_MAC, &m);
}

static void fire(void)
{
	struct kv_destroy_req id = { .key_id = call->key ? call->key->id : 0 };
	struct kv_restrict_req none = { .caps = 0 };
	size_t size;
	uint8_t *slot;

	switch (act) {
	case ACT_FLIP:
		flip_request();
		break;
	case ACT_DESTROY:
		ioctl(call->desc->fd, KV_IOC_DESTROY, &id);
		break;
	case ACT_REVOKE:
		ioctl(call->desc->fd, KV_IOC_REVOKE, &id);
		break;
	case ACT_USE:
		use_key();
		break;
	case ACT_PROTECT:
		slot = mem_slot(0, &size);
		mprotect(slot, size, PROT_NONE);
		break;
	case ACT_RESTRICT:
		ioctl(call->desc->fd, KV_IOC_RESTRICT, &none);
		break;
	case ACT_CLOSE:
		close(call->desc->fd);
		break;
	default:
		break;
	}
}

/* Gives the kernel the page it waits for. */
static void serve(const struct uffd_msg *msg)
{
	size_t size;
	uint8_t *slot = mem_slot(MEM_SLOT_FAULT, &size);
	uint64_t page = msg->arg.pagefault.address & ~(uint64_t)(PAGE - 1);
	struct uffdio_copy copy = {
		.dst = page, .len = PAGE,
		.src = (uintptr_t)mem_shadow(MEM_SLOT_FAULT) +
		       (page - (uintptr_t)slot),
	};

	if (running && call->race == RACE_FAULT &&
	    !atomic_exchange(&fired, true))
		fire();
	ioctl(uffd, UFFDIO_COPY, &copy);
}

static void *fault_thread(void *arg)
{
	struct pollfd p = { .fd = uffd, .events = POLLIN };
	struct uffd_msg msg;

	(void)arg;
	for (;;)
		if (poll(&p, 1, -1) == 1 &&
		    read(uffd, &msg, sizeof(msg)) == sizeof(msg) &&
		    msg.event == UFFD_EVENT_PAGEFAULT)
			serve(&msg);
	return NULL;
}

static bool init_faults(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	pthread_t t;
	size_t size;

	reg.range.start = (uintptr_t)mem_slot(MEM_SLOT_FAULT, &size);
	reg.range.len = size;
	uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	return uffd >= 0 && !ioctl(uffd, UFFDIO_API, &api) &&
	       !ioctl(uffd, UFFDIO_REGISTER, &reg) &&
	       !pthread_create(&t, NULL, fault_thread, NULL);
}

#else

static bool init_faults(void)
{
	return true;
}

#endif

/* A bit of the request, but of no pointer: those must stay in our areas. */
static void flip_bit(void)
{
	const struct fz_field *f = &call->op->field[my_rand() % FZ_FIELDS];

	if (f->kind != F_END && f->kind != F_IN && f->kind != F_OUT)
		call->stage[f->off + my_rand() % f->size] ^= 1u << my_rand() % 8;
}

/* Input whose bytes do not matter: not a name, nor a message to be opened. */
static bool is_noise(uint64_t at)
{
	uint8_t *sealed, *alias = mem_in_alias(at);

	mem_sealed(&sealed);
	return alias && alias >= sealed + 2 * FZ_SEALED_MAX;
}

/* A bit of the request's first input. */
static void flip_content(void)
{
	for (int i = 0; i < FZ_FIELDS; i++) {
		const struct fz_field *f = &call->op->field[i];
		uint64_t at;
		uint8_t *in;

		if (f->kind != F_IN)
			continue;
		at = fz_get(call->req, f->off, f->size);
		in = mem_in_alias(at);
		if (in && is_noise(at) && mem_in_alias(at + RACE_CONTENT))
			in[my_rand() % RACE_CONTENT] ^= 1;
		break;
	}
}

static void spin_once(void)
{
	size_t size;
	uint8_t *slot = mem_slot(my_rand() % 4, &size);
	unsigned int r = content_only ? 0 : my_rand() % 4;

	switch (r) {
	case 0:
		flip_content();
		break;
	case 1:
		flip_bit();
		break;
	case 2:
		mprotect(slot, size, PROT_NONE);
		mprotect(slot, size, PROT_READ | PROT_WRITE);
		break;
	default:
		mprotect(slot, PAGE, PROT_READ);
		sched_yield();
		mprotect(slot, PAGE, PROT_READ | PROT_WRITE);
	}
}

static void *spin_thread(void *arg)
{
	(void)arg;
	for (;;) {
		sem_wait(&go);
		while (running)
			spin_once();
		sem_post(&done);
	}
	return NULL;
}

bool race_init(void)
{
	pthread_t t;

	return init_faults() && !sem_init(&go, 0, 0) && !sem_init(&done, 0, 0) &&
	       !pthread_create(&t, NULL, spin_thread, NULL);
}

static void forget_pages(void)
{
	size_t size;
	uint8_t *slot = mem_slot(MEM_SLOT_FAULT, &size);

	madvise(slot, size, MADV_DONTNEED);
}

/* Moves one buffer of the request to the slot whose pages are missing. */
static bool move_buffer(struct fz_call *c)
{
	const struct fz_field *f = &c->op->field[fz_below(FZ_FIELDS)];
	uint64_t len = fz_len(c, f, c->req), at = fz_get(c->req, f->off, f->size);

	if ((f->kind != F_IN && f->kind != F_OUT) || !len ||
	    len > MEM_FAULT_SIZE || !at || (f->kind == F_IN && !is_noise(at)))
		return false;
	fz_put(c->req, f->off, f->size, (uintptr_t)mem_fault(len));
	return true;
}

static void arm_fault(struct fz_call *c)
{
	act = fz_one_in(2) ? ACT_FLIP : fz_below(ACT_COUNT);
	if (c->desc->file->shared && act >= ACT_RESTRICT)
		act = ACT_FLIP;
	c->flipped = act == ACT_FLIP;
	c->disturbed = act >= ACT_DESTROY && act != ACT_USE;
	forget_pages();
}

void race_arm(struct fz_call *c)
{
	bool moved = false;

	if (c->race == RACE_NONE)
		return;
	if (c->op->request == KV_IOC_AEAD_DECRYPT && c->race == RACE_SPIN)
		c->race = RACE_FAULT;	/* spinning would spoil the message */
	if (c->race == RACE_FAULT && uffd < 0)
		c->race = c->op->request == KV_IOC_AEAD_DECRYPT ? RACE_NONE :
			  RACE_SPIN;
	if (c->race == RACE_NONE)
		return;
	for (int i = 0; c->race == RACE_FAULT && i < 16 && !moved; i++)
		moved = move_buffer(c);
	call = c;
	fired = false;
	if (moved) {
		arm_fault(c);
	} else if (c->race == RACE_FAULT) {
		c->race = RACE_NONE;
		return;
	}
	if (c->race == RACE_SPIN) {
		content_only = fz_one_in(2);
		c->content = true;
		c->flipped = c->disturbed = !content_only;
	}
}

void race_start(struct fz_call *c)
{
	running = c->race != RACE_NONE;
	if (c->race == RACE_SPIN) {
		sem_post(&go);
		sched_yield();
	}
}

void race_disarm(struct fz_call *c)
{
	size_t size;

	if (c->race == RACE_NONE)
		return;
	running = false;
	if (c->race == RACE_SPIN)
		sem_wait(&done);
	for (int i = 0; i < 4; i++) {
		uint8_t *slot = mem_slot(i, &size);

		mprotect(slot, size, PROT_READ | PROT_WRITE);
	}
	if (c->race != RACE_FAULT || !fired) {
		if (c->race == RACE_FAULT)
			c->flipped = c->disturbed = false;
		return;
	}
	fz.stats->faults++;
	if (act == ACT_RESTRICT)
		model_recap(c->desc);
	if (act == ACT_REVOKE && c->key)
		c->key->revoked = true;
	c->lost_desc = act == ACT_CLOSE;
}
