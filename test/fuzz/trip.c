/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * trip.c - there and back: what was encrypted decrypts, what was signed
 * verifies, and one wrong bit is refused
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "fuzz.h"

#define MARK 0x5c

static uint8_t plain[KV_MAX_DATA_SIZE], cipher[KV_MAX_DATA_SIZE];

static bool untouched(const uint8_t *p, size_t len)
{
	while (len && *p == MARK) {
		p++;
		len--;
	}
	return !len;
}

static void trip_aead(const struct fz_call *c)
{
	const struct kv_aead_encrypt_req *e = (const void *)c->req;
	size_t len = e->plaintext_len;
	uint8_t tag[KV_AEAD_TAG_SIZE];
	struct kv_aead_decrypt_req d = {
		.key_id = e->key_id, .ciphertext = cipher, .ciphertext_len = len,
		.aad = e->aad, .aad_len = e->aad_len, .tag = tag,
		.nonce = e->nonce ? e->nonce : e->nonce_out,
		.plaintext = plain, .plaintext_len = len,
	};

	memcpy(cipher, e->ciphertext, len);
	memcpy(tag, e->tag, sizeof(tag));
	memset(plain, MARK, len);
	tag[fz_below(sizeof(tag))] ^= 1u << fz_below(8);
	if (!ioctl(c->desc->fd, KV_IOC_AEAD_DECRYPT, &d) || errno != EBADMSG)
		fz_bad(V_ROUND, c, "a forged tag is not EBADMSG");
	if (!untouched(plain, len) || d.plaintext_len != len)
		fz_bad(V_WROTE, c, "a forged message was written out");
	memcpy(tag, e->tag, sizeof(tag));
	if (ioctl(c->desc->fd, KV_IOC_AEAD_DECRYPT, &d))
		fz_bad(V_ROUND, c, "does not decrypt, errno %d", errno);
	else if (!c->content && e->plaintext != e->ciphertext &&
		 memcmp(plain, e->plaintext, len))
		fz_bad(V_ROUND, c, "decrypts to something else");
}

/* Keeps a short message for AEAD_DECRYPT. */
static void keep(const struct fz_call *c)
{
	const struct kv_aead_encrypt_req *e = (const void *)c->req;
	struct fz_sealed *s = &fz.sealed;
	uint8_t *to;

	if (e->plaintext_len + e->aad_len > FZ_SEALED_MAX || c->content)
		return;
	mem_sealed(&to);
	s->file = c->desc->file;
	s->key_id = e->key_id;
	s->len = e->plaintext_len;
	s->aad_len = e->aad_len;
	memcpy(to, e->ciphertext, s->len);
	memcpy(to + s->len, e->aad, s->aad_len);
	memcpy(s->nonce, e->nonce ? e->nonce : e->nonce_out, sizeof(s->nonce));
	memcpy(s->tag, e->tag, sizeof(s->tag));
}

static void trip_cipher(const struct fz_call *c)
{
	const struct kv_encrypt_req *e = (const void *)c->req;
	size_t len = e->plaintext_len;
	struct kv_decrypt_req d = {
		.key_id = e->key_id, .ciphertext = cipher, .ciphertext_len = len,
		.plaintext = plain, .plaintext_len = len,
		.iv = e->iv ? e->iv : e->iv_out, .iv_len = KV_AES_IV_SIZE,
	};

	memcpy(cipher, e->ciphertext, len);
	if (ioctl(c->desc->fd, KV_IOC_DECRYPT, &d))
		fz_bad(V_ROUND, c, "does not decrypt, errno %d", errno);
	else if (!c->content && e->plaintext != e->ciphertext &&
		 memcmp(plain, e->plaintext, len))
		fz_bad(V_ROUND, c, "decrypts to something else");
}

static void trip_sign(const struct fz_call *c)
{
	const struct kv_sign_req *s = (const void *)c->req;
	uint8_t sig[KV_ED25519_SIGNATURE_SIZE];
	struct kv_verify_req v = {
		.key_id = s->key_id, .data = s->data, .data_len = s->data_len,
		.signature = sig, .signature_len = sizeof(sig), .valid = -1,
	};

	memcpy(sig, s->signature, sizeof(sig));
	if (!c->content &&
	    (ioctl(c->desc->fd, KV_IOC_VERIFY, &v) || v.valid != 1))
		fz_bad(V_ROUND, c, "does not verify: valid %d", v.valid);
	sig[fz_below(sizeof(sig))] ^= 1u << fz_below(8);
	v.valid = -1;
	if (ioctl(c->desc->fd, KV_IOC_VERIFY, &v) || v.valid != 0)
		fz_bad(V_ROUND, c, "a forged signature: valid %d", v.valid);
}

static bool overlap(const void *a, size_t alen, const void *b, size_t blen)
{
	uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;

	return x < y + blen && y < x + alen;
}

/* The race flips the first bytes of the input; nothing else may lie there. */
static bool flips_more(const struct fz_call *c)
{
	const struct kv_aead_encrypt_req *a = (const void *)c->req;
	const struct kv_encrypt_req *e = (const void *)c->req;

	if (!c->content)
		return false;
	if (c->op->request == KV_IOC_ENCRYPT)
		return overlap(e->plaintext, RACE_CONTENT, e->iv, e->iv_len);
	return c->op->request == KV_IOC_AEAD_ENCRYPT &&
	       (overlap(a->plaintext, RACE_CONTENT, a->aad, a->aad_len) ||
		overlap(a->plaintext, RACE_CONTENT, a->nonce, 12));
}

void trip(const struct fz_call *c)
{
	const uint32_t both = KV_CAP_DECRYPT | KV_CAP_VERIFY;

	if (!c->sane || c->disturbed || (c->desc->file->caps & both) != both ||
	    flips_more(c))
		return;
	if (c->op->request == KV_IOC_AEAD_ENCRYPT) {
		trip_aead(c);
		keep(c);
	} else if (c->op->request == KV_IOC_ENCRYPT) {
		trip_cipher(c);
	} else if (c->op->request == KV_IOC_SIGN) {
		trip_sign(c);
	} else {
		return;
	}
	fz.stats->trips++;
}
