// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * keys.c - residue GO SEED: makes keys that test/residue/residue can compute
 * from SEED, uses each in every way, and ends them in every way
 *
 * Says "alive" when all keys live and this program has no copy of them, waits
 * until the file GO.1 is there, ends the keys, says "gone", waits for GO.2. Key
 * bytes exist here only between make_bytes() and the explicit_bzero() after the
 * import, in one locked buffer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "keyvault.h"

#define TTL	30	/* seconds that the keys of EXPIRY live */
#define DATA	8192

enum end { DESTROY, REVOKE, EXPIRY, CLOSE, KILL, ENDS };

/* The same list stands in test/residue/residue. */
static const struct kind {
	uint32_t alg, len;
} kinds[] = {
	{ KV_ALG_AES128_GCM, 16 }, { KV_ALG_AES256_GCM, 32 },
	{ KV_ALG_AES128_CBC, 16 }, { KV_ALG_AES256_CBC, 32 },
	{ KV_ALG_AES128_CTR, 16 }, { KV_ALG_AES256_CTR, 32 },
	{ KV_ALG_CHACHA20_POLY1305, 32 }, { KV_ALG_HMAC_SHA256, 32 },
	{ KV_ALG_HMAC_SHA256, 100 }, { KV_ALG_HMAC_SHA512, 64 },
	{ KV_ALG_HMAC_SHA512, 200 }, { KV_ALG_ED25519, 32 },
	{ KV_ALG_X25519, 32 },
};

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))
#define KEYS	(KINDS + 4)	/* some have a derived one, too */

static uint64_t seed;
static uint8_t *key_bytes;			/* one locked page */
static uint8_t data[DATA], out[DATA], back[DATA];

struct vault {
	int fd;
	unsigned int n;
	uint64_t id[KEYS];
};

static void die(const char *what)
{
	printf("residue: %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

static void call(const struct vault *v, unsigned long request, void *arg,
		 const char *what)
{
	if (ioctl(v->fd, request, arg))
		die(what);
}

/* splitmix64 from a start of its own for each end and kind */
static void make_bytes(enum end end, size_t kind, size_t len)
{
	uint64_t state = seed + end * 1000003 + kind * 10007, z;

	for (size_t i = 0; i < len; i += 8) {
		z = state += 0x9e3779b97f4a7c15;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		z ^= z >> 31;
		memcpy(key_bytes + i, &z, 8);
	}
}

static uint64_t import(struct vault *v, enum end end, size_t kind)
{
	struct kv_import_req r = {
		.algorithm = kinds[kind].alg, .key_material = key_bytes,
		.key_len = kinds[kind].len,
	};

	make_bytes(end, kind, r.key_len);
	call(v, KV_IOC_IMPORT, &r, "import");
	explicit_bzero(key_bytes, 4096);
	return v->id[v->n++] = r.key_id;
}

static uint64_t derive(struct vault *v, uint64_t from, uint32_t alg,
		       uint32_t bits, const char *info)
{
	struct kv_derive_req r = {
		.key_id = from, .algorithm = KV_ALG_HKDF_SHA256,
		.output_algorithm = alg, .output_bits = bits, .salt = "salt",
		.salt_len = 4, .info = info, .info_len = strlen(info),
	};

	call(v, KV_IOC_DERIVE, &r, "derive");
	return v->id[v->n++] = r.derived_key_id;
}

static uint64_t subkey(struct vault *v, uint64_t from, size_t kind)
{
	char info[16];
	struct kv_subkey_req r = {
		.key_id = from, .algorithm = KV_ALG_HKDF_SHA512,
		.output_algorithm = kinds[kind].alg,
		.output_bits = kinds[kind].len * 8, .ttl_seconds = TTL,
		.info = (uintptr_t)info,
	};

	r.info_len = snprintf(info, sizeof(info), "subkey-%zu", kind);
	call(v, KV_IOC_SUBKEY, &r, "subkey");
	return v->id[v->n++] = r.derived_key_id;
}

static void use_aead(const struct vault *v, uint64_t id, size_t len, bool given)
{
	uint8_t nonce[12] = "residue-0001", tag[16];
	struct kv_aead_encrypt_req e = {
		.key_id = id, .plaintext = data, .plaintext_len = len,
		.aad = "aad", .aad_len = 3, .ciphertext = out,
		.ciphertext_len = len, .nonce = given ? nonce : NULL,
		.nonce_out = given ? NULL : nonce, .tag = tag,
	};
	struct kv_aead_decrypt_req d = {
		.key_id = id, .ciphertext = out, .ciphertext_len = len,
		.aad = "aad", .aad_len = 3, .nonce = nonce, .tag = tag,
		.plaintext = back, .plaintext_len = len,
	};

	call(v, KV_IOC_AEAD_ENCRYPT, &e, "aead encrypt");
	call(v, KV_IOC_AEAD_DECRYPT, &d, "aead decrypt");
	tag[0] ^= 1;
	if (!ioctl(v->fd, KV_IOC_AEAD_DECRYPT, &d) || errno != EBADMSG)
		die("a forgery");
}

static void use_cipher(const struct vault *v, uint64_t id, size_t len)
{
	uint8_t iv[16];
	struct kv_encrypt_req e = {
		.key_id = id, .plaintext = data, .plaintext_len = len,
		.ciphertext = out, .ciphertext_len = len, .iv_out = iv,
	};
	struct kv_decrypt_req d = {
		.key_id = id, .ciphertext = out, .ciphertext_len = len,
		.plaintext = back, .plaintext_len = len, .iv = iv, .iv_len = 16,
	};

	call(v, KV_IOC_ENCRYPT, &e, "encrypt");
	call(v, KV_IOC_DECRYPT, &d, "decrypt");
}

static void use_mac(const struct vault *v, uint64_t id, size_t len)
{
	struct kv_mac_req m = {
		.key_id = id, .data = data, .data_len = len, .mac = out,
		.mac_len = 64,
	};

	call(v, KV_IOC_MAC, &m, "mac");
}

static void use_sign(const struct vault *v, uint64_t id)
{
	struct kv_getpubkey_req p = {
		.key_id = id, .pubkey = out, .pubkey_len = 32,
	};
	struct kv_sign_req s = {
		.key_id = id, .data = "residue", .data_len = 7,
		.signature = out, .signature_len = 64,
	};
	struct kv_verify_req y = {
		.key_id = id, .data = "residue", .data_len = 7,
		.signature = out, .signature_len = 64,
	};

	call(v, KV_IOC_GET_PUBKEY, &p, "pubkey");
	call(v, KV_IOC_SIGN, &s, "sign");
	call(v, KV_IOC_VERIFY, &y, "verify");
}

static void use_exchange(const struct vault *v, uint64_t id)
{
	uint8_t peer[32] = { 9 };
	struct kv_keyexchange_req x = {
		.key_id = id, .peer_pubkey = peer, .peer_pubkey_len = 32,
		.shared_secret = key_bytes, .shared_secret_len = 32,
	};

	/* a peer that is no base point, and whose secret only we two know */
	memset(peer, 0x42, 31);
	call(v, KV_IOC_KEYEXCHANGE, &x, "key exchange");
	explicit_bzero(key_bytes, 4096);
}

static void use(const struct vault *v, uint32_t alg, uint64_t id)
{
	static const size_t some[] = { 0, 16, 64, 1008, DATA };

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		switch (alg) {
		case KV_ALG_AES128_GCM:
		case KV_ALG_AES256_GCM:
		case KV_ALG_CHACHA20_POLY1305:
			use_aead(v, id, some[i], true);
			use_aead(v, id, some[i], false);
			break;
		case KV_ALG_HMAC_SHA256:
		case KV_ALG_HMAC_SHA512:
			if (some[i])
				use_mac(v, id, some[i]);
			break;
		case KV_ALG_ED25519:
			use_sign(v, id);
			break;
		case KV_ALG_X25519:
			use_exchange(v, id);
			break;
		default:
			use_cipher(v, id, some[i]);
		}
	}
}

static void open_vault(struct vault *v)
{
	v->n = 0;
	v->fd = open(KV_DEVICE, O_RDWR | O_CLOEXEC);
	if (v->fd < 0)
		die(KV_DEVICE);
}

static void fill(struct vault *v, enum end end)
{
	uint64_t id, hkdf;

	open_vault(v);
	for (size_t i = 0; i < KINDS; i++) {
		id = import(v, end, i);
		use(v, kinds[i].alg, id);
		if (kinds[i].alg != KV_ALG_HMAC_SHA256 || kinds[i].len != 32)
			continue;
		use(v, KV_ALG_AES256_GCM,
		    derive(v, id, KV_ALG_AES256_GCM, 0, "gcm"));
		hkdf = derive(v, id, KV_ALG_HKDF_SHA256, 0, "hkdf");
		use(v, KV_ALG_HMAC_SHA512,
		    derive(v, hkdf, KV_ALG_HMAC_SHA512, 0, "mac"));
	}
}

/* Nothing but SUBKEY makes keys of known bytes with an end. */
static void fill_expiry(struct vault *v)
{
	const size_t source = 9;	/* HMAC_SHA512 */
	uint64_t id;

	open_vault(v);
	id = import(v, EXPIRY, source);
	for (size_t i = 0; i < KINDS; i++)
		use(v, kinds[i].alg, subkey(v, id, i));
}

/* A process of its own, which is killed with its vault open. */
static pid_t start_victim(void)
{
	int pipe_fd[2];
	char ready;
	struct vault v;
	pid_t pid;

	if (pipe(pipe_fd) || (pid = fork()) < 0)
		die("fork");
	if (!pid) {
		if (mlock(key_bytes, 4096))	/* not inherited */
			die("mlock");
		fill(&v, KILL);
		if (write(pipe_fd[1], "r", 1) != 1)
			die("pipe");
		for (;;)
			pause();
	}
	close(pipe_fd[1]);
	if (read(pipe_fd[0], &ready, 1) != 1)
		die("the victim");
	return pid;
}

static void say_and_wait(const char *what, const char *go, int n)
{
	char path[4096];

	printf("%s\n", what);
	fflush(stdout);
	snprintf(path, sizeof(path), "%s.%d", go, n);
	while (access(path, F_OK))
		usleep(100000);
}

static void end_each(const struct vault *v, unsigned long request)
{
	struct kv_destroy_req r;

	for (unsigned int i = 0; i < v->n; i++) {
		r.key_id = v->id[i];
		call(v, request, &r, "end");
	}
}

static void await_expiry(const struct vault *v, time_t born)
{
	struct kv_destroy_req r = { .key_id = v->id[0] };
	struct timespec now;

	do {
		usleep(200000);
		clock_gettime(CLOCK_BOOTTIME, &now);
	} while (now.tv_sec < born + TTL + 2);
	call(v, KV_IOC_DESTROY, &r, "destroy the source");
}

int main(int argc, char **argv)
{
	struct vault v[ENDS];
	struct timespec born;
	pid_t victim;

	if (argc != 3)
		return 2;
	seed = strtoull(argv[2], NULL, 0);
	key_bytes = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (key_bytes == MAP_FAILED || mlock(key_bytes, 4096))
		die("mlock");
	memset(data, 'd', sizeof(data));
	victim = start_victim();
	fill(&v[DESTROY], DESTROY);
	fill(&v[REVOKE], REVOKE);
	fill(&v[CLOSE], CLOSE);
	fill_expiry(&v[EXPIRY]);
	clock_gettime(CLOCK_BOOTTIME, &born);

	say_and_wait("alive", argv[1], 1);
	end_each(&v[DESTROY], KV_IOC_DESTROY);
	end_each(&v[REVOKE], KV_IOC_REVOKE);
	close(v[CLOSE].fd);
	kill(victim, SIGKILL);
	waitpid(victim, NULL, 0);
	await_expiry(&v[EXPIRY], born.tv_sec);
	say_and_wait("gone", argv[1], 2);
	return 0;
}
