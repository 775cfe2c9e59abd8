// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * test_stack.c - no copy of a secret stays on the stack when a request is over
 *
 * Requests run on a stack that is searched afterwards, for the key's bytes and for
 * what was made of them.
 */

#include <stdlib.h>
#include <sys/mman.h>

#include "ed25519.h"
#include "scene.h"

#define STACK	(512 * 1024)

/* A request, or where @hkdf is set, that. */
struct job {
	struct kv_handle *h;
	unsigned long request;
	void *req;
	int err;
	const struct kv_hkdf *hkdf;
	uint8_t okm[80];
};

/* Far below what a thread's end may still overwrite. */
static void __attribute__((noinline)) deep(void (*fn)(void *arg), void *arg)
{
	volatile uint8_t gap[64 * 1024];

	gap[0] = gap[sizeof(gap) - 1] = 0;
	fn(arg);
	gap[0] = gap[sizeof(gap) - 1] = 0;
}

static void call(void *arg)
{
	struct job *job = arg;

	if (job->hkdf)
		job->err = kv_hkdf(job->hkdf, job->okm, sizeof(job->okm));
	else
		job->err = kv_call(job->h, job->request, job->req);
}

static void *run(void *arg)
{
	deep(call, arg);
	return NULL;
}

/* Runs a request on a fresh stack, which the caller unmaps. */
static uint8_t *run_on_stack(struct job *job)
{
	uint8_t *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_attr_t attr;
	pthread_t thread;

	if (stack == MAP_FAILED || pthread_attr_init(&attr) ||
	    pthread_attr_setstack(&attr, stack, STACK) ||
	    pthread_create(&thread, &attr, run, job))
		fake_die("no thread with a stack of its own");
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
	return stack;
}

/* Whether any 16 bytes in a row of the secret are there. */
static bool holds(const uint8_t *stack, const uint8_t *secret, size_t len)
{
	for (size_t i = 0; i + 16 <= len; i++)
		if (memmem(stack, STACK, secret + i, 16))
			return true;
	return false;
}

/* A search that finds nothing proves nothing unless it can find something. */
static void leave_copy(void *arg)
{
	volatile uint8_t copy[64];

	for (size_t i = 0; i < sizeof(copy); i++)
		copy[i] = ((const uint8_t *)arg)[i];
}

static void *leave_behind(void *arg)
{
	deep(leave_copy, arg);
	return NULL;
}

static void the_search_finds(void)
{
	uint8_t *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t secret[64];
	pthread_attr_t attr;
	pthread_t thread;

	kv_os_random(secret, sizeof(secret));
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack, STACK);
	REQUIRE(!pthread_create(&thread, &attr, leave_behind, secret));
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
	CHECK(holds(stack, secret, sizeof(secret)));
	munmap(stack, STACK);
}

/* Every import: the bytes that are given. */
static void imports(void)
{
	for (size_t i = 0; i < unit_num_keyed; i++) {
		const struct kv_alg *alg = kv_alg_find(unit_keyed[i]);
		uint8_t key[64], *stack;
		struct kv_import_req req = {
			.algorithm = alg->id, .key_material = key,
			.key_len = alg->import.def / 8,
		};
		struct job job = { .h = unit_open(), .request = KV_IOC_IMPORT,
				   .req = &req };

		if (req.key_len) {
			kv_os_random(key, sizeof(key));
			unit_note("%s", alg->name);
			stack = run_on_stack(&job);
			CHECK(job.err == 0);
			CHECK(!holds(stack, key, req.key_len));
			munmap(stack, STACK);
		}
		kv_handle_close(job.h);
	}
}

/* Every scene with a key: its bytes, and Ed25519's expanded key. */
static void uses(void)
{
	unsigned int count = scene_count(), looked = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct job job = { .h = unit_open() };
		struct kv_secret *secret = NULL;
		static struct scene s;
		uint8_t *stack;
		uint64_t id;

		scene_make(i, job.h, &s);
		memcpy(&id, s.req.bytes, sizeof(id));
		if (!kv_op_find(s.request)->kinds ||
		    kv_vault_use(job.h->vault, id, &secret)) {
			kv_handle_close(job.h);
			continue;
		}
		job.request = s.request;
		job.req = &s.req;
		unit_note("%s", scene_name(i));
		stack = run_on_stack(&job);
		CHECK(job.err == 0);
		CHECK(!holds(stack, secret->bytes, secret->len));
		if (secret->alg->kind == KV_KIND_SIGN) {
			const struct ed25519_key *key = secret->prepared;

			CHECK(!holds(stack, key->scalar, 32));
			CHECK(!holds(stack, key->prefix, 32));
		}
		looked++;
		munmap(stack, STACK);
		kv_secret_put(secret);
		kv_handle_close(job.h);
	}
	CHECK(looked > 30);
}

/* Every key that is made: its bytes, which nobody but the vault ever had. */
static void made_keys(void)
{
	unsigned int count = scene_count(), looked = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct job job = { .h = unit_open(),
				   .request = scene_request(i) };
		struct kv_secret *secret = NULL;
		static struct scene s;
		uint8_t *stack;
		uint64_t id;

		scene_make(i, job.h, &s);
		job.req = &s.req;
		if (s.request != KV_IOC_GENKEY && s.request != KV_IOC_DERIVE &&
		    s.request != KV_IOC_SUBKEY) {
			kv_handle_close(job.h);
			continue;
		}
		stack = run_on_stack(&job);
		unit_note("%s", scene_name(i));
		CHECK(job.err == 0);
		id = s.request == KV_IOC_GENKEY ? s.req.genkey.key_id :
		     s.request == KV_IOC_DERIVE ? s.req.derive.derived_key_id :
		     s.req.subkey.derived_key_id;
		REQUIRE(kv_vault_use(job.h->vault, id, &secret) == 0);
		CHECK(!holds(stack, secret->bytes, secret->len));
		kv_secret_put(secret);
		looked++;
		munmap(stack, STACK);
		kv_handle_close(job.h);
	}
	CHECK(looked > 30);
}

/* By itself: what follows it in a request may cover its traces. */
static void hkdf(void)
{
	static const uint32_t hmacs[] = { KV_ALG_HMAC_SHA256, KV_ALG_HMAC_SHA512 };

	for (size_t i = 0; i < ARRAY_SIZE(hmacs); i++) {
		const size_t len = kv_alg_find(hmacs[i])->out_len;
		const struct kv_part ikm = { "input keying material", 21 };
		const struct kv_hkdf in = { .hmac = hmacs[i], .ikm = ikm,
					    .salt = { "salt", 4 } };
		const struct kv_crypto *hmac = kv_os_crypto(hmacs[i]);
		struct job job = { .hkdf = &in };
		uint8_t prk[64], *stack;
		void *ctx;

		REQUIRE(hmac->prepare(&ctx, (const uint8_t *)"salt", 4) == 0);
		CHECK(hmac->mac(ctx, &ikm, 1, prk) == 0);
		hmac->release(ctx);
		stack = run_on_stack(&job);
		unit_note("HMAC %u", hmacs[i]);
		CHECK(job.err == 0);
		CHECK(!holds(stack, prk, len));
		CHECK(!holds(stack, job.okm, sizeof(job.okm)));
		munmap(stack, STACK);
	}
}

void unit_stack(void)
{
	TAP_RUN(the_search_finds);
	TAP_RUN(imports);
	TAP_RUN(uses);
	TAP_RUN(made_keys);
	TAP_RUN(hkdf);
}
