// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * kernel.c - kernel [--json]: instructions per operation, in a guest whose clock
 * counts instructions (test/vm/run --icount)
 *
 * Each figure is the median over RUNS runs of a few operations in a row, so that
 * interrupts do not count. Keys and contexts are made before; what is counted is
 * what a program does for one more message.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <kcapi.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <x86intrin.h>

#include "keyvault.h"

#define RUNS	41
#define AAD	16
#define TAG	16
#define MAX	65536

static const size_t sizes[] = { 64, 1024, 16384, 65536 };

#define SIZES	(sizeof(sizes) / sizeof(sizes[0]))

static int fd, narrow_fd;
static uint64_t gcm, chacha, cbc, ctr, hmac256, hmac512, ed25519, x25519;
static uint8_t in[AAD + MAX + TAG] __attribute__((aligned(4096)));
static uint8_t out[AAD + MAX + TAG] __attribute__((aligned(4096)));
static uint8_t iv[16], tag[TAG], signature[64], peer[32];

static void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void must(int ret, const char *what)
{
	if (ret)
		die(what);
}

/* OpenSSL, as well as it can be used: context and cipher are kept. */
static EVP_CIPHER_CTX *evp;

static void evp_init(void)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);

	evp = EVP_CIPHER_CTX_new();
	must(!cipher || !evp ||
	     !EVP_EncryptInit_ex2(evp, cipher, in, iv, NULL), "OpenSSL");
}

static bool evp_gcm(size_t len)
{
	int n;

	iv[0]++;
	return EVP_EncryptInit_ex2(evp, NULL, NULL, iv, NULL) &&
	       EVP_EncryptUpdate(evp, NULL, &n, in, AAD) &&
	       EVP_EncryptUpdate(evp, out, &n, in, len) &&
	       EVP_EncryptFinal_ex(evp, out + n, &n) &&
	       EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_GET_TAG, TAG, tag);
}

/* AF_ALG through libkcapi: AAD, text and tag in one buffer. */
static struct kcapi_handle *alg;

static void af_alg_init(void)
{
	kcapi_set_verbosity(KCAPI_LOG_NONE);
	if (kcapi_aead_init(&alg, "gcm(aes)", 0) < 0 ||
	    kcapi_aead_setkey(alg, in, 32) < 0 ||
	    kcapi_aead_settaglen(alg, TAG) < 0) {
		alg = NULL;
		return;
	}
	kcapi_aead_setassoclen(alg, AAD);
}

static bool af_alg_gcm(size_t len)
{
	iv[0]++;
	return alg && kcapi_aead_encrypt(alg, in, AAD + len, iv, out,
					 AAD + len + TAG,
					 KCAPI_ACCESS_HEURISTIC) >= 0;
}

static bool kv_aead(uint64_t key, size_t len)
{
	struct kv_aead_encrypt_req r = {
		.key_id = key, .plaintext = in, .plaintext_len = len,
		.aad = in, .aad_len = AAD, .ciphertext = out,
		.ciphertext_len = len, .nonce_out = iv, .tag = tag,
	};

	return !ioctl(fd, KV_IOC_AEAD_ENCRYPT, &r);
}

static bool kv_gcm(size_t len) { return kv_aead(gcm, len); }
static bool kv_chacha(size_t len) { return kv_aead(chacha, len); }

static bool kv_open(size_t len)
{
	static size_t sealed;
	struct kv_aead_decrypt_req r = {
		.key_id = gcm, .ciphertext = out, .ciphertext_len = len,
		.aad = in, .aad_len = AAD, .nonce = iv, .tag = tag,
		.plaintext = in, .plaintext_len = len,
	};

	if (sealed != len && !kv_gcm(len))
		return false;
	sealed = len;
	return !ioctl(fd, KV_IOC_AEAD_DECRYPT, &r);
}

static bool kv_cipher(uint64_t key, size_t len)
{
	struct kv_encrypt_req r = {
		.key_id = key, .plaintext = in, .plaintext_len = len,
		.ciphertext = out, .ciphertext_len = len, .iv_out = iv,
	};

	return !ioctl(fd, KV_IOC_ENCRYPT, &r);
}

static bool kv_cbc(size_t len) { return kv_cipher(cbc, len); }
static bool kv_ctr(size_t len) { return kv_cipher(ctr, len); }

static bool kv_mac(uint64_t key, size_t len)
{
	struct kv_mac_req r = {
		.key_id = key, .data = in, .data_len = len, .mac = out,
		.mac_len = 64,
	};

	return !ioctl(fd, KV_IOC_MAC, &r);
}

static bool kv_mac256(size_t len) { return kv_mac(hmac256, len); }
static bool kv_mac512(size_t len) { return kv_mac(hmac512, len); }

static bool kv_sha256(size_t len)
{
	struct kv_hash_req r = {
		.algorithm = KV_ALG_SHA256, .data = in, .data_len = len,
		.digest = out, .digest_len = 32,
	};

	return !ioctl(fd, KV_IOC_HASH, &r);
}

static bool kv_sign(size_t len)
{
	struct kv_sign_req r = {
		.key_id = ed25519, .data = in, .data_len = len,
		.signature = signature, .signature_len = 64,
	};

	return !ioctl(fd, KV_IOC_SIGN, &r);
}

static bool kv_verify(size_t len)
{
	struct kv_verify_req r = {
		.key_id = ed25519, .data = in, .data_len = len,
		.signature = signature, .signature_len = 64,
	};

	return !ioctl(fd, KV_IOC_VERIFY, &r) && r.valid == 1;
}

static bool kv_exchange(size_t len)
{
	struct kv_keyexchange_req r = {
		.key_id = x25519, .peer_pubkey = peer, .peer_pubkey_len = 32,
		.shared_secret = out, .shared_secret_len = 32,
	};

	(void)len;
	return !ioctl(fd, KV_IOC_KEYEXCHANGE, &r);
}

static uint64_t generate(uint32_t algorithm)
{
	struct kv_genkey_req r = { .algorithm = algorithm };

	return ioctl(fd, KV_IOC_GENKEY, &r) ? 0 : r.key_id;
}

static bool kv_life(size_t len)
{
	struct kv_destroy_req r = { .key_id = generate(KV_ALG_AES256_GCM) };

	(void)len;
	return r.key_id && !ioctl(fd, KV_IOC_DESTROY, &r);
}

static bool getppid_call(size_t len)
{
	(void)len;
	return syscall(SYS_getppid) >= 0;
}

static bool unknown_ioctl(size_t len)
{
	(void)len;
	return ioctl(fd, _IO('K', 63)) && errno == ENOTTY;
}

static bool denied(size_t len)
{
	struct kv_genkey_req r = { .algorithm = KV_ALG_AES256_GCM };

	(void)len;
	return ioctl(narrow_fd, KV_IOC_GENKEY, &r) && errno == EPERM;
}

static bool nothing(size_t len)
{
	(void)len;
	return true;
}

static const struct bench {
	const char *name;
	bool (*run)(size_t len);
	bool sized;
} benches[] = {
	{ "OpenSSL EVP, AES-256-GCM", evp_gcm, true },
	{ "AF_ALG (libkcapi), AES-256-GCM", af_alg_gcm, true },
	{ "keyvault, AES-256-GCM", kv_gcm, true },
	{ "keyvault, AES-256-GCM, decrypt", kv_open, true },
	{ "keyvault, ChaCha20-Poly1305", kv_chacha, true },
	{ "keyvault, AES-256-CTR", kv_ctr, true },
	{ "keyvault, AES-256-CBC", kv_cbc, true },
	{ "keyvault, HMAC-SHA256", kv_mac256, true },
	{ "keyvault, HMAC-SHA512", kv_mac512, true },
	{ "keyvault, SHA-256", kv_sha256, true },
	{ "getppid()", getppid_call, false },
	{ "ioctl() of an unknown number, ENOTTY", unknown_ioctl, false },
	{ "a denied request, EPERM", denied, false },
	{ "Ed25519, sign 64 B", kv_sign, false },
	{ "Ed25519, verify 64 B", kv_verify, false },
	{ "X25519", kv_exchange, false },
	{ "GENKEY and DESTROY, AES-256-GCM", kv_life, false },
};

#define BENCHES	(sizeof(benches) / sizeof(benches[0]))

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The median of RUNS runs of @n operations; 0: refused. */
static uint64_t once(bool (*run)(size_t), size_t len, unsigned int n)
{
	uint64_t t[RUNS], start;

	for (unsigned int i = 0; i < 4; i++)
		if (!run(len))
			return 0;
	for (unsigned int i = 0; i < RUNS; i++) {
		bool ok = true;

		start = __rdtsc();
		for (unsigned int j = 0; j < n; j++)
			ok &= run(len);
		t[i] = __rdtsc() - start;
		if (!ok)
			return 0;
	}
	qsort(t, RUNS, sizeof(t[0]), compare);
	return t[RUNS / 2];
}

/* Per operation, less what the loop and the clock cost. */
static uint64_t measure(bool (*run)(size_t), size_t len)
{
	unsigned int n = len > 4096 ? 2 : 8;
	uint64_t t = once(run, len, n), empty = once(nothing, len, n);

	return t ? (t - empty) / n : 0;
}

/* A million rounds of two instructions: the clock must have seen them. */
static void check_clock(void)
{
	uint64_t start = __rdtsc(), t;
	unsigned long n = 1000000;

	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r" (n));
	t = __rdtsc() - start;
	if (t < 1990000 || t > 2200000) {
		fprintf(stderr, "bench: the clock counts no instructions: "
			"%llu for 2000000\n", (unsigned long long)t);
		exit(1);
	}
}

static void prepare(void)
{
	struct kv_restrict_req r = { .caps = KV_CAP_READONLY };

	fd = open(KV_DEVICE, O_RDWR | O_CLOEXEC);
	narrow_fd = open(KV_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0 || narrow_fd < 0)
		die(KV_DEVICE);
	must(ioctl(narrow_fd, KV_IOC_RESTRICT, &r), "restrict");
	gcm = generate(KV_ALG_AES256_GCM);
	chacha = generate(KV_ALG_CHACHA20_POLY1305);
	cbc = generate(KV_ALG_AES256_CBC);
	ctr = generate(KV_ALG_AES256_CTR);
	hmac256 = generate(KV_ALG_HMAC_SHA256);
	hmac512 = generate(KV_ALG_HMAC_SHA512);
	ed25519 = generate(KV_ALG_ED25519);
	x25519 = generate(KV_ALG_X25519);
	memset(in, 1, sizeof(in));
	memset(out, 2, sizeof(out));
	memset(peer, 9, sizeof(peer));
	evp_init();
	af_alg_init();
}

static void print_cell(uint64_t n, bool json)
{
	if (n)
		printf(json ? "%llu" : " %llu |", (unsigned long long)n);
	else
		printf(json ? "null" : " refused |");
	fflush(stdout);
}

static void print_markdown(void)
{
	struct utsname u;

	uname(&u);
	printf("Instructions per operation, Linux %s.\n\n"
	       "| encrypt, MAC, hash | 64 B | 1 KiB | 16 KiB | 64 KiB |\n"
	       "|---|--:|--:|--:|--:|\n", u.release);
	for (size_t i = 0; i < BENCHES; i++) {
		if (i && benches[i - 1].sized && !benches[i].sized)
			printf("\n| operation | instructions |\n|---|--:|\n");
		printf("| %s |", benches[i].name);
		for (size_t s = 0; s < (benches[i].sized ? SIZES : 1); s++)
			print_cell(measure(benches[i].run, sizes[s]), false);
		printf("\n");
	}
}

static void print_json(void)
{
	const char *comma = "";
	struct utsname u;

	uname(&u);
	printf("{ \"kernel\": \"%s\", \"unit\": \"instructions\", "
	       "\"results\": [", u.release);
	for (size_t i = 0; i < BENCHES; i++) {
		for (size_t s = 0; s < (benches[i].sized ? SIZES : 1); s++) {
			printf("%s\n  { \"name\": \"%s\", \"size\": %zu, "
			       "\"count\": ", comma, benches[i].name,
			       sizes[s]);
			print_cell(measure(benches[i].run, sizes[s]), true);
			printf(" }");
			comma = ",";
		}
	}
	printf("\n] }\n");
}

int main(int argc, char **argv)
{
	check_clock();
	prepare();
	if (argc == 2 && !strcmp(argv[1], "--json"))
		print_json();
	else
		print_markdown();
	return 0;
}
