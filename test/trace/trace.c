// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * trace.c - trace [--work]: do the tracepoints tell what happens, and no more?
 *
 * Makes one request after the other in a tracing instance of its own, and
 * compares what tracefs has with what was done; then searches the raw buffers
 * for key bytes, plaintext and nonces. --work only makes the requests, for
 * whoever watches. TAP.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tap.h"
#include "keyvault.h"

#define TRACING "/sys/kernel/tracing/instances/keyvault-test"

static int fd, narrow;
static bool watching = true;
static char text[1 << 18];
static uint8_t raw[1 << 20], key_bytes[32], plain[100], out[128], nonce[12];
static uint64_t gcm, ctr, hmac, ed, curve;

static void write_file(const char *name, const char *value)
{
	char path[256];
	int f;

	snprintf(path, sizeof(path), TRACING "/%s", name);
	f = open(path, O_WRONLY | O_TRUNC);
	CHECK(f >= 0 && write(f, value, strlen(value)) == (ssize_t)strlen(value));
	close(f);
}

static void read_trace(void)
{
	int f = open(TRACING "/trace", O_RDONLY);
	size_t n = 0;
	ssize_t got;

	while (n < sizeof(text) - 1 &&
	       (got = read(f, text + n, sizeof(text) - 1 - n)) > 0)
		n += got;
	text[n] = '\0';
	close(f);
}

/* The trace has this line, exactly, and it is forgotten then. */
static void expect(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void expect(const char *fmt, ...)
{
	char line[256] = ": ", *at;
	va_list ap;

	if (!watching)
		return;
	va_start(ap, fmt);
	vsnprintf(line + 2, sizeof(line) - 3, fmt, ap);
	va_end(ap);
	strcat(line, "\n");
	read_trace();
	at = strstr(text, line);
	if (!CHECK(at != NULL))
		printf("# expected%s# trace:\n%s", line, text);
	write_file("trace", "");
}

static uint64_t generate(uint32_t alg, uint32_t ttl)
{
	struct kv_genkey_req r = { .algorithm = alg, .ttl_seconds = ttl };

	CHECK(!ioctl(fd, KV_IOC_GENKEY, &r));
	return r.key_id;
}

static uint64_t import(uint32_t alg, size_t len)
{
	struct kv_import_req r = {
		.algorithm = alg, .key_material = key_bytes, .key_len = len,
	};

	CHECK(!ioctl(fd, KV_IOC_IMPORT, &r));
	expect("key_create: id=0x%016" PRIx64 " alg=%u bits=%zu", r.key_id, alg,
	       len * 8);
	return r.key_id;
}

static void keys_made(void)
{
	gcm = import(KV_ALG_AES256_GCM, 32);
	ctr = import(KV_ALG_AES128_CTR, 16);
	hmac = import(KV_ALG_HMAC_SHA256, 32);
	ed = generate(KV_ALG_ED25519, 0);
	expect("key_create: id=0x%016" PRIx64 " alg=30 bits=256", ed);
	curve = generate(KV_ALG_X25519, 0);
	expect("key_create: id=0x%016" PRIx64 " alg=41 bits=256", curve);
}

static void aead_events(void)
{
	uint8_t tag[16];
	struct kv_aead_encrypt_req e = {
		.key_id = gcm, .plaintext = plain, .plaintext_len = 100,
		.ciphertext = out, .ciphertext_len = 100, .nonce_out = nonce,
		.tag = tag,
	};
	struct kv_aead_decrypt_req d = {
		.key_id = gcm, .ciphertext = out, .ciphertext_len = 100,
		.nonce = nonce, .tag = tag, .plaintext = out,
		.plaintext_len = 100,
	};

	CHECK(!ioctl(fd, KV_IOC_AEAD_ENCRYPT, &e));
	expect("aead_encrypt: id=0x%016" PRIx64 " length=100 error=0", gcm);
	tag[3] ^= 4;
	CHECK(ioctl(fd, KV_IOC_AEAD_DECRYPT, &d) && errno == EBADMSG);
	expect("aead_decrypt: id=0x%016" PRIx64 " length=100 error=%d", gcm,
	       EBADMSG);
	tag[3] ^= 4;
	CHECK(!ioctl(fd, KV_IOC_AEAD_DECRYPT, &d));
	expect("aead_decrypt: id=0x%016" PRIx64 " length=100 error=0", gcm);
}

static void cipher_events(void)
{
	uint8_t iv[16];
	struct kv_encrypt_req e = {
		.key_id = ctr, .plaintext = plain, .plaintext_len = 99,
		.ciphertext = out, .ciphertext_len = 99, .iv_out = iv,
	};
	struct kv_decrypt_req d = {
		.key_id = ctr, .ciphertext = out, .ciphertext_len = 99,
		.plaintext = out, .plaintext_len = 99, .iv = iv, .iv_len = 16,
	};

	CHECK(!ioctl(fd, KV_IOC_ENCRYPT, &e));
	expect("encrypt: id=0x%016" PRIx64 " length=99 error=0", ctr);
	CHECK(!ioctl(fd, KV_IOC_DECRYPT, &d));
	expect("decrypt: id=0x%016" PRIx64 " length=99 error=0", ctr);
}

static void mac_and_hash_events(void)
{
	struct kv_mac_req m = {
		.key_id = hmac, .data = plain, .data_len = 98, .mac = out,
		.mac_len = 64,
	};
	struct kv_hash_req h = {
		.algorithm = KV_ALG_SHA512, .data = plain, .data_len = 97,
		.digest = out, .digest_len = 64,
	};

	CHECK(!ioctl(fd, KV_IOC_MAC, &m));
	expect("mac: id=0x%016" PRIx64 " length=98 error=0", hmac);
	CHECK(!ioctl(fd, KV_IOC_HASH, &h));
	expect("hash: length=97 error=0");
}

static void sign_events(void)
{
	struct kv_sign_req s = {
		.key_id = ed, .data = plain, .data_len = 96, .signature = out,
		.signature_len = 64,
	};
	struct kv_verify_req v = {
		.key_id = ed, .data = plain, .data_len = 96, .signature = out,
		.signature_len = 64,
	};

	CHECK(!ioctl(fd, KV_IOC_SIGN, &s));
	expect("sign: id=0x%016" PRIx64 " length=96 error=0", ed);
	CHECK(!ioctl(fd, KV_IOC_VERIFY, &v));
	expect("verify: id=0x%016" PRIx64 " length=96 error=0 valid=1", ed);
	out[0] ^= 1;
	CHECK(!ioctl(fd, KV_IOC_VERIFY, &v));
	expect("verify: id=0x%016" PRIx64 " length=96 error=0 valid=0", ed);
}

static void curve_events(void)
{
	uint8_t peer[32] = { 9 };
	struct kv_getpubkey_req p = {
		.key_id = curve, .pubkey = out, .pubkey_len = 32,
	};
	struct kv_keyexchange_req x = {
		.key_id = curve, .peer_pubkey = peer, .peer_pubkey_len = 32,
		.shared_secret = out, .shared_secret_len = 32,
	};

	CHECK(!ioctl(fd, KV_IOC_GET_PUBKEY, &p));
	expect("get_pubkey: id=0x%016" PRIx64 " error=0", curve);
	CHECK(!ioctl(fd, KV_IOC_KEYEXCHANGE, &x));
	expect("keyexchange: id=0x%016" PRIx64 " length=32 error=0", curve);
}

static void derive_events(void)
{
	struct kv_derive_req d = {
		.key_id = hmac, .algorithm = KV_ALG_HKDF_SHA256,
		.output_algorithm = KV_ALG_AES128_GCM,
	};

	CHECK(!ioctl(fd, KV_IOC_DERIVE, &d));
	read_trace();
	if (watching)
		CHECK(strstr(text, "alg=10 bits=128\n"));
	expect("derive: id=0x%016" PRIx64 " length=16 error=0", hmac);
}

static void refusals(void)
{
	struct kv_restrict_req r = { .caps = KV_CAP_HASH | KV_CAP_LIST };
	struct kv_genkey_req g = { .algorithm = KV_ALG_AES256_GCM };
	struct kv_mac_req m = { .key_id = 0x1234567890, .mac = out,
				.mac_len = 64 };

	narrow = open(KV_DEVICE, O_RDWR | O_CLOEXEC);
	CHECK(narrow >= 0 && !ioctl(narrow, KV_IOC_RESTRICT, &r));
	CHECK(ioctl(narrow, KV_IOC_GENKEY, &g) && errno == EPERM);
	expect("cap_denied: wanted=0x%x have=0x%x", KV_CAP_GENKEY, r.caps);
	CHECK(ioctl(fd, KV_IOC_MAC, &m) && errno == ENOENT);
	expect("key_notfound: id=0x0000001234567890");
	close(narrow);
}

static void ends(void)
{
	struct kv_destroy_req d = { .key_id = ctr };
	struct kv_revoke_req r = { .key_id = gcm };
	uint64_t brief = generate(KV_ALG_AES256_GCM, 1);

	CHECK(!ioctl(fd, KV_IOC_DESTROY, &d));
	expect("key_destroy: id=0x%016" PRIx64, ctr);
	CHECK(!ioctl(fd, KV_IOC_REVOKE, &r));
	expect("key_revoke: id=0x%016" PRIx64, gcm);
	sleep(2);		/* nobody uses it */
	expect("key_expire: id=0x%016" PRIx64, brief);
	close(fd);
	expect("key_destroy: id=0x%016" PRIx64, ed);
}

/* Whether any 8 bytes in a row of @secret lie in the buffer. */
static bool contains(size_t len, const uint8_t *secret, size_t secret_len)
{
	for (size_t i = 0; i + 8 <= secret_len; i++)
		if (memmem(raw, len, secret + i, 8))
			return true;
	return false;
}

static size_t read_raw(size_t len, const char *cpu)
{
	char path[512];
	ssize_t got;
	int f;

	snprintf(path, sizeof(path), TRACING "/per_cpu/%s/trace_pipe_raw", cpu);
	f = open(path, O_RDONLY | O_NONBLOCK);
	while (len < sizeof(raw) - 4096 && (got = read(f, raw + len, 4096)) > 0)
		len += got;
	close(f);
	return len;
}

/* Everything once more, unread, then the buffers as the kernel filled them. */
static void no_secrets(void)
{
	struct dirent *entry;
	size_t len = 0;
	DIR *cpus;

	watching = false;
	fd = open(KV_DEVICE, O_RDWR | O_CLOEXEC);
	keys_made();
	aead_events();
	cipher_events();
	mac_and_hash_events();
	sign_events();
	watching = true;
	cpus = opendir(TRACING "/per_cpu");
	REQUIRE(cpus);
	while ((entry = readdir(cpus)))
		if (entry->d_name[0] == 'c')
			len = read_raw(len, entry->d_name);
	closedir(cpus);
	CHECK(contains(len, (uint8_t *)&gcm, sizeof(gcm)));	/* ids are there */
	CHECK(!contains(len, key_bytes, sizeof(key_bytes)));
	CHECK(!contains(len, plain, sizeof(plain)));
	CHECK(!contains(len, nonce, sizeof(nonce)));
	CHECK(!contains(len, out, 64));		/* a signature, a digest */
	close(fd);
}

static void prepare(void)
{
	for (size_t i = 0; i < sizeof(key_bytes); i++)
		key_bytes[i] = 0x91 + 37 * i;
	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = 0xe7 + 91 * i;
	fd = open(KV_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror(KV_DEVICE);
		exit(1);
	}
}

static void work(void)
{
	watching = false;
	keys_made();
	aead_events();
	cipher_events();
	mac_and_hash_events();
	sign_events();
	curve_events();
	derive_events();
	refusals();
}

int main(int argc, char **argv)
{
	prepare();
	if (argc > 1 && !strcmp(argv[1], "--work")) {
		work();
		return tap_bad != 0;
	}
	if (mkdir(TRACING, 0700) && errno != EEXIST)
		perror(TRACING);
	write_file("events/keyvault/enable", "1");
	TAP_RUN(keys_made);
	TAP_RUN(aead_events);
	TAP_RUN(cipher_events);
	TAP_RUN(mac_and_hash_events);
	TAP_RUN(sign_events);
	TAP_RUN(curve_events);
	TAP_RUN(derive_events);
	TAP_RUN(refusals);
	TAP_RUN(ends);
	TAP_RUN(no_secrets);
	write_file("events/keyvault/enable", "0");
	rmdir(TRACING);
	return tap_done();
}
