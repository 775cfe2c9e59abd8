// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* libkeyvault on the device: what its header promises beyond the requests. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "libkeyvault.h"
#include "tap.h"

static struct kv *kv;

static bool all_bytes(const uint8_t *p, size_t len, uint8_t value)
{
	while (len && *p == value)
		p++, len--;
	return !len;
}

static void open_chooses_the_home(void)
{
	struct kv *a = NULL, *b = NULL;
	char home[24];
	uint64_t key, found;
	int fd;

	unsetenv("KEYVAULT");
	REQUIRE(kv_open(&a, 0) == 0);
	CHECK(fcntl(kv_fd(a), F_GETFD) & FD_CLOEXEC);
	REQUIRE(kv_generate(a, KV_ALG_ED25519, 0, 0, &key) == 0);
	CHECK(kv_set_name(a, key, "here") == 0);

	snprintf(home, sizeof(home), "fd:%d", kv_fd(a));
	setenv("KEYVAULT", home, 1);
	REQUIRE(kv_open(&b, 0) == 0);
	CHECK(kv_fd(b) != kv_fd(a));
	CHECK(fcntl(kv_fd(b), F_GETFD) & FD_CLOEXEC);
	CHECK(kv_find(b, "here", &found) == 0 && found == key);
	kv_close(b);
	CHECK(kv_find(a, "here", &found) == 0);	/* a's descriptor is open */

	REQUIRE(kv_open(&b, KV_OPEN_FRESH) == 0);
	CHECK(kv_find(b, "here", &found) == -ENOENT);
	kv_close(b);
	CHECK(kv_open(&b, 2) == -EINVAL);

	REQUIRE((fd = dup(kv_fd(a))) >= 0);
	kv_close(a);
	REQUIRE(kv_open_fd(&b, fd) == 0);
	CHECK(kv_find(b, "here", &found) == 0 && found == key);
	kv_close(b);
	CHECK(fcntl(fd, F_GETFD) < 0);	/* taken over, and closed */
	kv_close(NULL);
	unsetenv("KEYVAULT");
}

static void open_refuses_what_is_no_vault(void)
{
	static const struct {
		const char *home;
		int err;
	} homes[] = {
		{ "/dev/null", -ENOTTY }, { "/nowhere", -ENOENT },
		{ "fd:0", -ENOTTY }, { "fd:999", -EBADF }, { "fd:", -EINVAL },
		{ "fd:-1", -EINVAL }, { "fd: 1", -EINVAL }, { "fd:1x", -EINVAL },
		{ "fd:4294967296", -EINVAL }, { "/", -EISDIR },
	};
	struct kv *none = NULL;
	int fd;

	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
		setenv("KEYVAULT", homes[i].home, 1);
		CHECK(kv_open(&none, 0) == homes[i].err);
	}
	unsetenv("KEYVAULT");
	CHECK(none == NULL);
	REQUIRE((fd = open("/dev/null", O_RDWR)) >= 0);
	CHECK(kv_open_fd(&none, fd) == -ENOTTY);
	CHECK(fcntl(fd, F_GETFD) >= 0);		/* still the caller's */
	close(fd);
}

static void names_are_the_vaults(void)
{
	struct kv_alg_info info;
	unsigned int count = 0;
	uint32_t alg = KV_ALG_NONE, caps = 0;

	while ((alg = kv_alg_next(alg)) != KV_ALG_NONE) {
		count++;
		REQUIRE(kv_alg_info(kv, alg, &info) == 0);
		CHECK(!strcmp(info.name, kv_alg_name(alg)));
		CHECK(kv_alg_by_name(info.name) == alg);
		CHECK(info.implementation[0]);
	}
	for (alg = 0; alg < 1000; alg++)
		count -= !kv_alg_info(kv, alg, &info);
	CHECK(count == 0);		/* and the vault has no others */
	CHECK(kv_alg_name(3) == NULL && kv_alg_by_name("") == KV_ALG_NONE);
	for (unsigned int bit = 0; bit < 32; bit++)
		if (kv_cap_name(1u << bit))
			caps |= kv_cap_by_name(kv_cap_name(1u << bit));
	CHECK(caps == KV_CAP_ALL);
	CHECK(kv_cap_name(3) == NULL && kv_cap_by_name("all") == 0);
}

static void errors_have_words(void)
{
	CHECK(strstr(kv_strerror(-EBADMSG), "not authentic"));
	CHECK(kv_strerror(EBADMSG) == kv_strerror(-EBADMSG));
	for (int err = -200; err < 200; err++)
		CHECK(kv_strerror(err) && *kv_strerror(err));
}

static void verify_fails_closed(void)
{
	uint8_t sig[KV_ED25519_SIGNATURE_SIZE];
	uint64_t key, mac;

	REQUIRE(kv_generate(kv, KV_ALG_ED25519, 0, 0, &key) == 0);
	REQUIRE(kv_sign(kv, key, "text", 4, sig) == 0);
	CHECK(kv_verify(kv, key, "text", 4, sig, sizeof(sig)) == 0);
	CHECK(kv_verify(kv, key, "tex", 3, sig, sizeof(sig)) == -EBADMSG);
	CHECK(kv_verify(kv, key, "text", 4, sig, 63) != 0);
	CHECK(kv_verify(kv, key, "text", 4, NULL, 0) != 0);
	for (size_t i = 0; i < sizeof(sig); i++) {
		sig[i] ^= 1;
		CHECK(kv_verify(kv, key, "text", 4, sig, 64) == -EBADMSG);
		sig[i] ^= 1;
	}
	CHECK(kv_verify(kv, key + 1, "text", 4, sig, 64) == -ENOENT);
	REQUIRE(kv_generate(kv, KV_ALG_HMAC_SHA256, 0, 0, &mac) == 0);
	CHECK(kv_verify(kv, mac, "text", 4, sig, 64) == -EINVAL);
	kv_revoke(kv, key);
	CHECK(kv_verify(kv, key, "text", 4, sig, 64) == -KV_EREVOKED);
	kv_destroy(kv, key);
	kv_destroy(kv, mac);
}

static void aead_decrypt_gives_zeros_on_failure(void)
{
	uint8_t nonce[KV_AEAD_NONCE_SIZE], tag[KV_AEAD_TAG_SIZE];
	uint8_t sealed[32], text[32], wrong[32];
	uint64_t key;

	REQUIRE(kv_generate(kv, KV_ALG_AES256_GCM, 0, 0, &key) == 0);
	memset(text, 't', sizeof(text));
	REQUIRE(kv_aead_encrypt(kv, key, "aad", 3, text, 32, sealed, nonce,
				tag) == 0);
	memset(text, 0xee, sizeof(text));
	CHECK(kv_aead_decrypt(kv, key, "aad", 3, sealed, 32, text, nonce,
			      tag) == 0);
	CHECK(all_bytes(text, 32, 't'));
	CHECK(kv_aead_decrypt(kv, key, "axd", 3, sealed, 32, text, nonce,
			      tag) == -EBADMSG);
	CHECK(all_bytes(text, 32, 0));
	memcpy(wrong, sealed, 32);
	wrong[31] ^= 1;
	CHECK(kv_aead_decrypt(kv, key, "aad", 3, wrong, 32, wrong, nonce,
			      tag) == -EBADMSG);
	CHECK(all_bytes(wrong, 32, 0));
	memset(text, 0xee, sizeof(text));
	CHECK(kv_aead_decrypt(kv, key + 1, "aad", 3, sealed, 32, text, nonce,
			      tag) == -ENOENT);
	CHECK(all_bytes(text, 32, 0));
	CHECK(kv_aead_decrypt(kv, key, "aad", 3, sealed, 32, (void *)8, nonce,
			      tag) == -EFAULT);
	CHECK(kv_aead_encrypt_nonce(kv, key, NULL, 0, text, 32, sealed, NULL,
				    tag) == -EINVAL);
	kv_destroy(kv, key);
}

/* openssl(1) decrypts what an imported key encrypted. */
static void openssl_decrypts(void)
{
	static const struct {
		uint32_t alg;
		const char *name;
		size_t len;
	} rows[] = {
		{ KV_ALG_AES128_CBC, "aes-128-cbc", 48 },
		{ KV_ALG_AES256_CBC, "aes-256-cbc", 48 },
		{ KV_ALG_AES128_CTR, "aes-128-ctr", 45 },
		{ KV_ALG_AES256_CTR, "aes-256-ctr", 45 },
	};
	static const char hex[] =
		"6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b"
		"6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b";
	char text[48], back[48], cmd[400], *at;
	uint8_t sealed[48], iv[KV_AES_IV_SIZE], material[32];
	uint64_t key;
	FILE *f;

	memset(material, 'k', sizeof(material));
	memset(text, 'T', sizeof(text));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t size = strstr(rows[i].name, "128") ? 16 : 32;

		REQUIRE(kv_import(kv, rows[i].alg, 0, material, size, &key) == 0);
		REQUIRE(kv_encrypt(kv, key, text, rows[i].len, sealed, iv) == 0);
		CHECK(kv_decrypt(kv, key, sealed, rows[i].len, back, iv) == 0);
		CHECK(!memcmp(back, text, rows[i].len));
		at = cmd + sprintf(cmd, "printf '");
		for (size_t n = 0; n < rows[i].len; n++)
			at += sprintf(at, "\\%03o", sealed[n]);
		at += sprintf(at, "' | openssl enc -d -nopad -%s -K %.*s -iv ",
			      rows[i].name, (int)size * 2, hex);
		for (size_t n = 0; n < sizeof(iv); n++)
			at += sprintf(at, "%02x", iv[n]);
		memset(back, 0, sizeof(back));
		REQUIRE((f = popen(cmd, "r")) != NULL);
		CHECK(fread(back, 1, sizeof(back), f) == rows[i].len);
		CHECK(pclose(f) == 0);
		CHECK(!memcmp(back, text, rows[i].len));
		CHECK(kv_encrypt_iv(kv, key, text, rows[i].len, back, iv) == 0);
		CHECK(!memcmp(back, sealed, rows[i].len));
		kv_destroy(kv, key);
	}
}

#define SIZE 200000

/* Puts all of @in through, @step bytes at a time. The length, or an error. */
static long stream(struct kv_stream *s, const uint8_t *in, size_t len,
		   size_t step, uint8_t *out)
{
	static uint8_t room[KV_STREAM_ROOM(SIZE)];
	size_t done, n, put;
	long total = 0;
	int err;

	for (done = 0; done < len; done += n) {
		n = len - done < step ? len - done : step;
		put = KV_STREAM_ROOM(n);
		err = kv_stream_update(s, in + done, n, room, &put);
		if (err)
			return err;
		memcpy(out + total, room, put);
		total += put;
	}
	put = KV_STREAM_ROOM(0);
	err = kv_stream_final(s, room, &put);
	if (err)
		return err;
	memcpy(out + total, room, put);
	return total + put;
}

static uint8_t plain[SIZE], sealed[KV_STREAM_ROOM(SIZE)];
static uint8_t opened[KV_STREAM_ROOM(SIZE)];

static void streams_take_pieces_of_any_size(void)
{
	static const size_t steps[] = { 1, 67, 4093, 65536, 65552, SIZE };
	struct kv_stream *s;
	uint64_t key;
	long n;

	REQUIRE(kv_generate(kv, KV_ALG_HKDF_SHA256, 0, 0, &key) == 0);
	for (size_t i = 0; i < SIZE; i++)
		plain[i] = i * 7 + i / 256;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		REQUIRE(kv_stream_encrypt(&s, kv, key, 0) == 0);
		n = stream(s, plain, SIZE, steps[i], sealed);
		kv_stream_free(s);
		REQUIRE(n == SIZE + 67 + 4 * 16);
		REQUIRE(kv_stream_decrypt(&s, kv, key) == 0);
		memset(opened, 0, sizeof(opened));
		CHECK(stream(s, sealed, n, steps[5 - i], opened) == SIZE);
		CHECK(!memcmp(opened, plain, SIZE));
		kv_stream_free(s);
	}
	kv_destroy(kv, key);
}

static void streams_keep_their_first_error(void)
{
	struct kv_stream *s = NULL;
	uint64_t key, gcm;
	size_t put;
	long n;

	REQUIRE(kv_generate(kv, KV_ALG_HKDF_SHA512, 0, 0, &key) == 0);
	REQUIRE(kv_generate(kv, KV_ALG_AES256_GCM, 0, 0, &gcm) == 0);
	CHECK(kv_stream_encrypt(&s, kv, gcm, 0) == -EOPNOTSUPP);
	CHECK(kv_stream_encrypt(&s, kv, key, KV_ALG_AES128_GCM) == -EINVAL);
	CHECK(kv_stream_encrypt(&s, kv, key + 1, 0) == -ENOENT);
	CHECK(s == NULL);
	REQUIRE(kv_stream_encrypt(&s, kv, key, KV_ALG_CHACHA20_POLY1305) == 0);
	put = KV_STREAM_ROOM(10) - 1;
	CHECK(kv_stream_update(s, plain, 10, opened, &put) == -ENOSPC);
	n = stream(s, plain, 1000, 1000, sealed);	/* nothing was lost */
	CHECK(n == 1000 + 67 + 16);
	put = KV_STREAM_ROOM(1);
	CHECK(kv_stream_update(s, plain, 1, opened, &put) == -EINVAL);
	CHECK(kv_stream_final(s, opened, &put) == -EINVAL);
	kv_stream_free(s);

	REQUIRE(kv_stream_decrypt(&s, kv, key) == 0);
	sealed[100] ^= 1;
	CHECK(stream(s, sealed, n, n, opened) == -EBADMSG);
	put = KV_STREAM_ROOM(0);
	CHECK(kv_stream_final(s, opened, &put) == -EBADMSG && put == 0);
	kv_stream_free(s);
	kv_stream_free(NULL);
	kv_destroy(kv, key);
	kv_destroy(kv, gcm);
}

/* Eight threads on one handle, each with streams and keys of its own. */
static void *worker(void *arg)
{
	uint8_t *in = malloc(70000), *out = malloc(KV_STREAM_ROOM(70000));
	uint8_t *back = malloc(KV_STREAM_ROOM(70000));
	struct kv_stream *s;
	uint64_t key = *(uint64_t *)arg;
	long bad = 0, n;

	for (int round = 0; in && out && back && round < 5; round++) {
		memset(in, round, 70000);
		if (kv_stream_encrypt(&s, kv, key, 0))
			return "cannot start";
		n = 67 + 2 * 16 + 70000;
		size_t a = KV_STREAM_ROOM(70000), b = KV_STREAM_ROOM(0);

		bad += !!kv_stream_update(s, in, 70000, out, &a);
		bad += !!kv_stream_final(s, out + a, &b);
		bad += (long)(a + b) != n;
		kv_stream_free(s);
		if (kv_stream_decrypt(&s, kv, key))
			return "cannot start";
		a = KV_STREAM_ROOM(n), b = KV_STREAM_ROOM(0);
		bad += !!kv_stream_update(s, out, n, back, &a);
		bad += !!kv_stream_final(s, back + a, &b);
		bad += a + b != 70000 || memcmp(in, back, 70000);
		kv_stream_free(s);
	}
	free(in);
	free(out);
	free(back);
	return bad ? "went wrong" : NULL;
}

static void threads_share_a_handle(void)
{
	pthread_t threads[8];
	size_t before, after;
	uint64_t key, ids[KV_MAX_LIST_KEYS];
	void *answer;

	REQUIRE(kv_generate(kv, KV_ALG_HKDF_SHA256, 0, 0, &key) == 0);
	REQUIRE(kv_list(kv, ids, KV_MAX_LIST_KEYS, &before) == 0);
	for (int i = 0; i < 8; i++)
		REQUIRE(!pthread_create(&threads[i], NULL, worker, &key));
	for (int i = 0; i < 8; i++)
		CHECK(!pthread_join(threads[i], &answer) && !answer);
	REQUIRE(kv_list(kv, ids, KV_MAX_LIST_KEYS, &after) == 0);
	CHECK(before == after);
	kv_destroy(kv, key);
}

/* A handle that may decrypt files can drop the files' keys, and no others. */
static void narrowed_streams(void)
{
	struct kv *own = NULL;
	struct kv_stream *s;
	size_t count;
	uint64_t key, ids[8];
	long n;

	REQUIRE(kv_open(&own, KV_OPEN_FRESH) == 0);
	REQUIRE(kv_generate(own, KV_ALG_HKDF_SHA256, 0, 0, &key) == 0);
	REQUIRE(kv_stream_encrypt(&s, own, key, 0) == 0);
	n = stream(s, plain, 100, 100, sealed);
	kv_stream_free(s);
	REQUIRE(kv_restrict(own, KV_CAP_DERIVE | KV_CAP_DECRYPT |
			    KV_CAP_LIST) == 0);
	REQUIRE(kv_stream_decrypt(&s, own, key) == 0);
	CHECK(stream(s, sealed, n, n, opened) == 100);
	CHECK(kv_list(own, ids, 8, &count) == 0 && count == 2);
	kv_stream_free(s);
	CHECK(kv_list(own, ids, 8, &count) == 0 && count == 1);
	CHECK(kv_destroy(own, key) == -EPERM);
	CHECK(kv_stream_encrypt(&s, own, key, 0) == 0);	/* it may derive, */
	CHECK(stream(s, plain, 1, 1, sealed) == -EPERM); /* but not encrypt */
	kv_stream_free(s);
	kv_close(own);
}

int main(void)
{
	unsetenv("KEYVAULT");
	if (kv_open(&kv, 0)) {
		printf("Bail out! cannot open %s\n", KV_DEVICE);
		return 1;
	}
	TAP_RUN(open_chooses_the_home);
	TAP_RUN(open_refuses_what_is_no_vault);
	TAP_RUN(names_are_the_vaults);
	TAP_RUN(errors_have_words);
	TAP_RUN(verify_fails_closed);
	TAP_RUN(aead_decrypt_gives_zeros_on_failure);
	TAP_RUN(openssl_decrypts);
	TAP_RUN(streams_take_pieces_of_any_size);
	TAP_RUN(streams_keep_their_first_error);
	TAP_RUN(threads_share_a_handle);
	TAP_RUN(narrowed_streams);
	kv_close(kv);
	return tap_done();
}
