// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_nonces.c - nonces that the vault makes: never the same, never too many */

#include <stdlib.h>

#include "unit.h"

#define NONCE	KV_AEAD_NONCE_SIZE

/* The secret of a key; the vault keeps it. */
static struct kv_secret *secret_of(struct kv_handle *h, uint64_t id)
{
	struct kv_secret *secret;

	if (kv_vault_use(h->vault, id, &secret))
		fake_die("a key has no secret");
	kv_secret_put(secret);
	return secret;
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, NONCE);
}

static bool distinct(uint8_t *nonces, size_t n)
{
	qsort(nonces, n, NONCE, compare);
	for (size_t i = 1; i < n; i++)
		if (!compare(nonces + (i - 1) * NONCE, nonces + i * NONCE))
			return false;
	return true;
}

static void make(struct kv_handle *h, uint64_t id, uint8_t *nonces, size_t n)
{
	uint8_t data[4] = { 0 }, tag[16];

	for (size_t i = 0; i < n; i++)
		CHECK(unit_seal(h, id, data, 4, nonces + i * NONCE, tag) == 0);
}

static void distinct_nonces(void)
{
	static uint8_t nonces[5000 * NONCE];
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_AES256_GCM, 0);

	make(h, id, nonces, 5000);
	CHECK(distinct(nonces, 5000));
	kv_handle_close(h);
}

/* Also when the generator always gives the same bytes, and the counter wraps. */
static void distinct_without_randomness(void)
{
	static const uint32_t starts[] = { 0, 0x7ffffff0, 0xfffffff0, 0xffffffff };
	static uint8_t nonces[3000 * NONCE];
	struct kv_handle *h = unit_open();

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		uint64_t id = unit_genkey(h, KV_ALG_CHACHA20_POLY1305, 0);

		secret_of(h, id)->nonce_start = starts[i];
		fake_random_repeat(~0u);
		make(h, id, nonces, 3000);
		fake_random_repeat(0);
		unit_note("start %#x", starts[i]);
		CHECK(distinct(nonces, 3000));
	}
	kv_handle_close(h);
}

/* Also when the counter is the same again, as after a snapshot's restoring. */
static void distinct_after_a_snapshot(void)
{
	static uint8_t nonces[2000 * NONCE];
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_AES128_GCM, 0);

	make(h, id, nonces, 1000);
	secret_of(h, id)->nonces = 0;
	make(h, id, nonces + 1000 * NONCE, 1000);
	CHECK(distinct(nonces, 2000));
	kv_handle_close(h);
}

struct maker {
	struct kv_handle *h;
	uint64_t id;
	uint8_t nonces[1000 * NONCE];
};

static void *make_many(void *arg)
{
	struct maker *m = arg;

	make(m->h, m->id, m->nonces, 1000);
	return NULL;
}

static void distinct_across_threads(void)
{
	static struct maker makers[4];
	static uint8_t nonces[4 * 1000 * NONCE];
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_AES256_GCM, 0);
	pthread_t threads[4];

	fake_random_repeat(~0u);
	for (int i = 0; i < 4; i++) {
		makers[i].h = h;
		makers[i].id = id;
		if (pthread_create(&threads[i], NULL, make_many, &makers[i]))
			fake_die("no thread");
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		memcpy(nonces + i * sizeof(makers[i].nonces), makers[i].nonces,
		       sizeof(makers[i].nonces));
	}
	CHECK(distinct(nonces, 4000));
	CHECK(secret_of(h, id)->nonces == 4000);
	kv_handle_close(h);
}

/* An IV is not to be foretold: all of it is random. */
static void random_ivs(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_AES256_CBC, 0);
	uint8_t data[16] = { 0 }, iv[64][16], changed[16] = { 0 };
	struct kv_encrypt_req req = {
		.key_id = id, .plaintext = data, .plaintext_len = 16,
		.ciphertext = data, .ciphertext_len = 16,
	};

	for (int i = 0; i < 64; i++) {
		req.iv_out = iv[i];
		CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == 0);
		for (int j = 0; j < 16; j++)
			changed[j] |= iv[i][j] ^ iv[0][j];
	}
	for (int j = 0; j < 16; j++)	/* chance of failure: 2^-63 for each bit */
		CHECK(changed[j] == 0xff);
	kv_handle_close(h);
}

static int seal_with(struct kv_handle *h, uint64_t id, const uint8_t *nonce,
		     uint8_t *nonce_out, uint8_t *data)
{
	uint8_t tag[16];
	struct kv_aead_encrypt_req req = {
		.key_id = id, .plaintext = data, .plaintext_len = 8,
		.ciphertext = data, .ciphertext_len = 8,
		.nonce = nonce, .nonce_out = nonce_out, .tag = tag,
	};

	return kv_call(h, KV_IOC_AEAD_ENCRYPT, &req);
}

/* SP 800-38D 8.3: the message 2^32 + 1 is refused, and nothing is encrypted. */
static void message_limit(void)
{
	static const uint32_t algs[] = { KV_ALG_AES128_GCM, KV_ALG_AES256_GCM,
					 KV_ALG_CHACHA20_POLY1305 };
	struct kv_handle *h = unit_open();

	for (size_t i = 0; i < ARRAY_SIZE(algs); i++) {
		uint64_t id = unit_genkey(h, algs[i], 0);
		uint64_t other = unit_genkey(h, algs[i], 0);
		uint8_t data[8] = "message", nonce[NONCE] = "unchanged";

		unit_note("algorithm %u", algs[i]);
		secret_of(h, id)->nonces = (1ull << 32) - 2;
		CHECK(seal_with(h, id, NULL, nonce, data) == 0);
		CHECK(seal_with(h, id, NULL, nonce, data) == 0);
		memcpy(data, "message", 8);
		memcpy(nonce, "unchanged", 10);
		for (int j = 0; j < 3; j++)
			CHECK(seal_with(h, id, NULL, nonce, data) == -EOVERFLOW);
		CHECK(!memcmp(data, "message", 8));
		CHECK(!memcmp(nonce, "unchanged", 10));
		CHECK(fake_event(KV_EV_AEAD_ENCRYPT).c == EOVERFLOW);
		CHECK(seal_with(h, id, nonce, NULL, data) == 0);
		CHECK(memcmp(data, "message", 8));
		CHECK(seal_with(h, other, NULL, nonce, data) == 0);
		CHECK(unit_flags(h, id) == 0);
	}
	kv_handle_close(h);
}

static void iv_limit(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_AES128_CTR, 0);
	uint8_t data[3] = "abc", iv[16] = "unchanged";
	struct kv_encrypt_req req = {
		.key_id = id, .plaintext = data, .plaintext_len = 3,
		.ciphertext = data, .ciphertext_len = 3, .iv_out = iv,
	};

	secret_of(h, id)->nonces = 1ull << 32;
	CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == -EOVERFLOW);
	CHECK(!memcmp(data, "abc", 3) && !memcmp(iv, "unchanged", 10));
	req.iv = iv;
	req.iv_len = 16;
	CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == 0);
	CHECK(memcmp(data, "abc", 3));
	kv_handle_close(h);
}

void unit_nonces(void)
{
	TAP_RUN(distinct_nonces);
	TAP_RUN(distinct_without_randomness);
	TAP_RUN(distinct_after_a_snapshot);
	TAP_RUN(distinct_across_threads);
	TAP_RUN(random_ivs);
	TAP_RUN(message_limit);
	TAP_RUN(iv_limit);
}
