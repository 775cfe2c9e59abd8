/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * narrow.c - a 32-bit program on a 64-bit kernel: each request works or is
 * refused, and not a byte outside of what the program offered is written
 *
 * A program of its own, compiled with -m32, without libcrypto.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../tap.h"
#include "header.h"

#define GUARD	256	/* bytes around everything that is handed over */
#define PATTERN	0xA5

static const char *device(void)
{
	const char *path = getenv("KEYVAULT_DEVICE");

	return path && *path ? path : KV_DEVICE;
}

static int vault_open(void)
{
	return open(device(), O_RDWR);
}

static int request(int fd, unsigned long number, void *req)
{
	return ioctl(fd, number, req) ? errno : 0;
}

static int untouched(const unsigned char *p, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (p[i] != PATTERN)
			return 0;
	return 1;
}

static uint64_t make_key(int fd, uint32_t alg)
{
	struct kv_genkey_req req;

	memset(&req, 0, sizeof(req));
	req.algorithm = alg;
	return request(fd, KV_IOC_GENKEY, &req) ? 0 : req.key_id;
}

/* A copy of @req between guards: the answer, and that nothing else changed. */
static int guarded(int fd, unsigned long number, void *req, size_t size)
{
	unsigned char arena[GUARD + 128 + GUARD];
	int err;

	memset(arena, PATTERN, sizeof(arena));
	memcpy(arena + GUARD, req, size);
	err = request(fd, number, arena + GUARD);
	CHECK(untouched(arena, GUARD));
	CHECK(untouched(arena + GUARD + size, sizeof(arena) - GUARD - size));
	if (err)
		CHECK(memcmp(arena + GUARD, req, size) == 0);
	memcpy(req, arena + GUARD, size);
	return err;
}

#define ASK(fd, number, req) guarded(fd, number, &(req), sizeof(req))

/* Those that look alike in 32 and 64 bits, the new ones among them, work. */
static void requests_without_pointers(void)
{
	int fd = vault_open();
	struct kv_genkey_req genkey = { .algorithm = KV_ALG_HKDF_SHA256,
					.ttl_seconds = 1000 };
	struct kv_keyinfo_req info = { 0 };
	struct kv_getcaps_req caps = { 0 };
	struct kv_restrict_req narrow = { .caps = KV_CAP_ALL & ~KV_CAP_MAC };
	struct kv_revoke_req revoked = { 0 };
	struct kv_destroy_req gone = { 0 };

	REQUIRE(fd >= 0);
	CHECK(ASK(fd, KV_IOC_GENKEY, genkey) == 0);
	CHECK(genkey.key_id != 0);
	info.key_id = genkey.key_id;
	CHECK(ASK(fd, KV_IOC_GETINFO, info) == 0);
	CHECK(info.algorithm == KV_ALG_HKDF_SHA256 && info.key_bits == 256);
	CHECK(info.expires - info.created >= 999 &&
	      info.expires - info.created <= 1000);
	CHECK(ASK(fd, KV_IOC_RESTRICT, narrow) == 0);
	CHECK(ASK(fd, KV_IOC_GETCAPS, caps) == 0);
	CHECK(caps.caps == (KV_CAP_ALL & ~KV_CAP_MAC));
	revoked.key_id = gone.key_id = genkey.key_id;
	CHECK(ASK(fd, KV_IOC_REVOKE, revoked) == 0);
	CHECK(ASK(fd, KV_IOC_GETINFO, info) == 0);
	CHECK(info.flags == KV_KEY_FLAG_REVOKED);
	CHECK(ASK(fd, KV_IOC_DESTROY, gone) == 0);
	CHECK(ASK(fd, KV_IOC_GETINFO, info) == ENOENT);
	close(fd);
}

static void new_requests(void)
{
	int fd = vault_open();
	uint64_t id = make_key(fd, KV_ALG_HKDF_SHA256);
	char name[] = "narrow", out[16];
	struct kv_setname_req set = { .key_id = id, .name = (uintptr_t)name,
				      .name_len = 6 };
	struct kv_find_req find = { .name = (uintptr_t)name, .name_len = 6,
				    .name_out = (uintptr_t)out,
				    .name_out_len = 6 };
	struct kv_getalg_req alg = { .algorithm = KV_ALG_AES256_GCM };
	struct kv_subkey_req sub = { .key_id = id, .salt = (uintptr_t)name,
				     .salt_len = 6,
				     .algorithm = KV_ALG_HKDF_SHA256 };

	REQUIRE(id != 0);
	memset(out, PATTERN, sizeof(out));
	CHECK(ASK(fd, KV_IOC_SETNAME, set) == 0);
	CHECK(ASK(fd, KV_IOC_FIND, find) == 0);
	CHECK(find.key_id == id && find.name_out_len == 6);
	CHECK(memcmp(out, name, 6) == 0);
	CHECK(untouched((unsigned char *)out + 6, sizeof(out) - 6));
	CHECK(ASK(fd, KV_IOC_GETALG, alg) == 0);
	CHECK(strcmp(alg.name, "aes256-gcm") == 0);
	CHECK(ASK(fd, KV_IOC_SUBKEY, sub) == 0);
	CHECK(sub.derived_key_id != 0 && sub.derived_key_id != id);
	close(fd);
}

/* A pointer above 4 GiB in a new request is no pointer of this program's. */
static void high_pointers(void)
{
	int fd = vault_open();
	uint64_t id = make_key(fd, KV_ALG_ED25519);
	struct kv_setname_req set = { .key_id = id, .name_len = 4 };
	char name[] = "name";

	set.name = (uintptr_t)name | 1ull << 40;
	CHECK(ASK(fd, KV_IOC_SETNAME, set) == EFAULT);
	set.name = (uintptr_t)name | 1ull << 63;
	CHECK(ASK(fd, KV_IOC_SETNAME, set) == EFAULT);
	close(fd);
}

/* The old requests with pointers: our struct is not the kernel's. */
static void requests_with_pointers(void)
{
	static const struct { unsigned long number; size_t size; } t[] = {
		{ KV_IOC_LIST, sizeof(struct kv_list_req) },
		{ KV_IOC_ENCRYPT, sizeof(struct kv_encrypt_req) },
		{ KV_IOC_DECRYPT, sizeof(struct kv_decrypt_req) },
		{ KV_IOC_AEAD_ENCRYPT, sizeof(struct kv_aead_encrypt_req) },
		{ KV_IOC_AEAD_DECRYPT, sizeof(struct kv_aead_decrypt_req) },
		{ KV_IOC_SIGN, sizeof(struct kv_sign_req) },
		{ KV_IOC_VERIFY, sizeof(struct kv_verify_req) },
		{ KV_IOC_MAC, sizeof(struct kv_mac_req) },
		{ KV_IOC_HASH, sizeof(struct kv_hash_req) },
		{ KV_IOC_GET_PUBKEY, sizeof(struct kv_getpubkey_req) },
		{ KV_IOC_KEYEXCHANGE, sizeof(struct kv_keyexchange_req) },
		{ KV_IOC_DERIVE, sizeof(struct kv_derive_req) },
		{ KV_IOC_IMPORT, sizeof(struct kv_import_req) },
	};
	unsigned char buf[4096];
	unsigned int i;
	int fd = vault_open();

	memset(buf, PATTERN, sizeof(buf));
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		unsigned char req[128];
		uint32_t *words = (uint32_t *)(void *)req;
		unsigned int k;

		/* each word a pointer to @buf, or a length of 64, in turn */
		for (k = 0; k < 32; k++)
			words[k] = k & 1 ? 64 : (uint32_t)(uintptr_t)buf;
		CHECK(guarded(fd, t[i].number, req, t[i].size) == ENOTTY);
	}
	CHECK(untouched(buf, sizeof(buf)));
	close(fd);
}

/*
 * A 64-bit program's numbers, which this one should not know, with 64-bit
 * structs: the hash, which needs no key, is the answer or is refused.
 */
static void a_wide_programs_requests(void)
{
	int fd = vault_open();
	struct {
		uint32_t algorithm, pad;
		uint64_t data, data_len, digest, digest_len;
	} hash = { .algorithm = KV_ALG_SHA256, .data_len = 3, .digest_len = 32 };
	unsigned char out[GUARD + 32 + GUARD];
	int err;

	memset(out, PATTERN, sizeof(out));
	hash.data = (uintptr_t)"abc";
	hash.digest = (uintptr_t)(out + GUARD);
	err = ASK(fd, 0xC0284B17ul, hash);
	CHECK(err == 0 || err == ENOTTY);
	CHECK(untouched(out, GUARD));
	CHECK(untouched(out + GUARD + 32, GUARD));
	if (err == 0)
		CHECK(out[GUARD] == 0xba && out[GUARD + 31] == 0xad);
	else
		CHECK(untouched(out + GUARD, 32));
	hash.digest |= 1ull << 40;
	err = ASK(fd, 0xC0284B17ul, hash);
	CHECK(err == EFAULT || err == ENOTTY);
	close(fd);
}

/* All numbers with all sizes: refused, or no more written than the size. */
static void every_number(void)
{
	static const unsigned long directions[] = {
		0, 0x40000000ul, 0x80000000ul, 0xC0000000ul,
	};
	unsigned long nr, size;
	int fd = vault_open(), errs = 0;

	for (nr = 0; nr < 64; nr++)
		for (size = 0; size <= 124; size += 4) {
			unsigned int d;

			for (d = 0; d < 4; d++) {
				unsigned char req[128];

				memset(req, PATTERN, sizeof(req));
				errs += guarded(fd, directions[d] | size << 16 |
						'K' << 8 | nr, req, size) != 0;
			}
		}
	CHECK(errs > 8000);
	close(fd);
}

int main(void)
{
	int fd = vault_open();

	if (fd < 0) {
		printf("Bail out! cannot open %s: %s\n", device(),
		       strerror(errno));
		return 1;
	}
	close(fd);
	TAP_RUN(requests_without_pointers);
	TAP_RUN(new_requests);
	TAP_RUN(high_pointers);
	TAP_RUN(requests_with_pointers);
	TAP_RUN(a_wide_programs_requests);
	TAP_RUN(every_number);
	return tap_done();
}
