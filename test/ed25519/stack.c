/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * stack.c - what is left on the stack when a key was expanded and used: no piece
 * of its seed, its scalar, its prefix or a nonce (PIECE bytes: compilers put a
 * single register aside where they like)
 *
 * The work is done by a thread on a stack of ours, which is searched afterwards.
 * It begins deep down, where the end of the thread writes nothing.
 */
#include <pthread.h>
#include "../tap.h"
#include "home.h"
#include "sc25519.h"

#define STACK_SIZE	(256 * 1024)
#define DEPTH		(32 * 1024)
#define PIECE		16

static const uint8_t msg[40] = "a message that is signed";
static uint8_t seed[32], sig[64];
static struct ed25519_key key;
static uint8_t stack[STACK_SIZE] __attribute__((aligned(4096)));
static int result;

/* Tells the compiler that the memory is read. */
static void keep(const void *p)
{
	__asm__ volatile("" : : "r" (p) : "memory");
}

static void *deep(void *arg)
{
	void (*const *work)(void) = arg;
	uint8_t above[DEPTH];

	keep(above);
	(*work)();
	keep(above);
	return NULL;
}

static void run(void (*work)(void))
{
	pthread_attr_t attr;
	pthread_t thread;

	memset(stack, 0, sizeof(stack));
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack, sizeof(stack));
	CHECK(!pthread_create(&thread, &attr, deep, &work));
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
}

/* Whether any piece of @secret is on the stack. */
static bool found(const uint8_t *secret, size_t size)
{
	for (size_t i = 0; i + PIECE <= size; i++) {
		if (memmem(stack, sizeof(stack), secret + i, PIECE))
			return true;
	}
	return false;
}

static void expand(void)
{
	result = ed25519_expand(&key, seed);
}

static void sign(void)
{
	result = ed25519_sign(sig, &key, msg, sizeof(msg));
}

static void forget(void)
{
	uint8_t copy[32];

	memcpy(copy, key.scalar, 32);
	keep(copy);
}

/* The nonce, and the hash that it came from (5.1.6, step 2) */
static void find_nonce(uint8_t nonce[32], uint8_t hash[64])
{
	const struct kv_part parts[] = { { key.prefix, 32 }, { msg, sizeof(msg) } };

	CHECK(!kv_sha512(parts, 2, hash));
	kv_sc_reduce(nonce, hash);
}

static void nothing_after_expanding(void)
{
	for (int i = 0; i < 50; i++) {
		home_random(seed, 32);
		run(expand);
		CHECK(!result);
		CHECK(!found(seed, 32));
		CHECK(!found(key.scalar, 32));
		CHECK(!found(key.prefix, 32));
	}
}

static void nothing_after_signing(void)
{
	uint8_t nonce[32], hash[64];

	for (int i = 0; i < 50; i++) {
		home_random(seed, 32);
		CHECK(!ed25519_expand(&key, seed));
		run(sign);
		CHECK(!result);
		find_nonce(nonce, hash);
		CHECK(!found(key.scalar, 32));
		CHECK(!found(key.prefix, 32));
		CHECK(!found(nonce, 32));
		CHECK(!found(hash, 64));
	}
}

/* The search finds what a function leaves behind. */
static void a_forgotten_copy_is_found(void)
{
	run(forget);
	CHECK(found(key.scalar, 32));
}

int main(void)
{
	TAP_RUN(nothing_after_expanding);
	TAP_RUN(nothing_after_signing);
	TAP_RUN(a_forgotten_copy_is_found);
	return tap_done();
}
