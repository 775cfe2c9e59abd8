/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sane_use.c - well-formed requests that use keys
 */
#include <string.h>

#include "fuzz.h"
#include "sane.h"

static bool fits_aead(const struct fz_key *k)
{
	return !k->mortal && !k->revoked &&
	       (k->alg == KV_ALG_AES128_GCM || k->alg == KV_ALG_AES256_GCM ||
		k->alg == KV_ALG_CHACHA20_POLY1305);
}

static bool fits_cipher(const struct fz_key *k)
{
	return !k->mortal && !k->revoked && k->alg >= KV_ALG_AES128_CBC &&
	       k->alg <= KV_ALG_AES256_CTR;
}

static bool fits_mac(const struct fz_key *k)
{
	return !k->mortal && !k->revoked &&
	       (k->alg == KV_ALG_HMAC_SHA256 || k->alg == KV_ALG_HMAC_SHA512);
}

static bool fits_sign(const struct fz_key *k)
{
	return !k->mortal && !k->revoked && !k->public &&
	       k->alg == KV_ALG_ED25519;
}

static bool fits_verify(const struct fz_key *k)
{
	return !k->mortal && !k->revoked && k->alg == KV_ALG_ED25519;
}

static bool fits_exchange(const struct fz_key *k)
{
	return !k->mortal && !k->revoked && k->alg == KV_ALG_X25519;
}

static bool fits_public(const struct fz_key *k)
{
	return fits_verify(k) || fits_exchange(k);
}

/* Lengths that a message has: mostly short, around blocks and pages, all. */
static size_t message_len(size_t max)
{
	static const size_t edges[] = {
		0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 4095,
		4096, 4097, 8191, 8192, 8193,
	};
	uint64_t r = fz_below(1000);
	size_t n;

	if (r < 500)
		n = edges[fz_below(sizeof(edges) / sizeof(edges[0]))];
	else if (r < 900)
		n = fz_below(512);
	else if (r < 997)
		n = fz_below(16384);
	else
		n = max - fz_below(32);
	return n < max ? n : max;
}

static bool is_cbc(const struct fz_key *k)
{
	return k->alg == KV_ALG_AES128_CBC || k->alg == KV_ALG_AES256_CBC;
}

static size_t cipher_len(const struct fz_key *k)
{
	size_t n = message_len(KV_MAX_DATA_SIZE);

	return k && is_cbc(k) ? n & ~(size_t)(KV_AES_BLOCK_SIZE - 1) : n;
}

/* Room: just enough, or some more. */
static size_t some_room(size_t n)
{
	return fz_one_in(4) ? n + fz_below(64) : n;
}

void sane_encrypt(struct fz_call *c)
{
	struct kv_encrypt_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_cipher);
	r->plaintext_len = cipher_len(c->key);
	r->ciphertext_len = some_room(r->plaintext_len);
	r->ciphertext = mem_out(0, r->ciphertext_len);
	/* in place, and the ordinary way */
	r->plaintext = fz_one_in(8) ? r->ciphertext : mem_in(r->plaintext_len);
	if (fz_one_in(2)) {
		r->iv_len = KV_AES_IV_SIZE;
		r->iv = mem_in(KV_AES_IV_SIZE);
	}
	if (!r->iv || fz_one_in(2))
		r->iv_out = mem_out(1, KV_AES_IV_SIZE);
}

void sane_decrypt(struct fz_call *c)
{
	struct kv_decrypt_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_cipher);
	r->ciphertext_len = cipher_len(c->key);
	r->plaintext_len = some_room(r->ciphertext_len);
	r->plaintext = mem_out(0, r->plaintext_len);
	r->ciphertext = fz_one_in(8) ? r->plaintext : mem_in(r->ciphertext_len);
	r->iv = mem_in(KV_AES_IV_SIZE);
	r->iv_len = KV_AES_IV_SIZE;
}

static size_t aad_len(void)
{
	return fz_one_in(3) ? message_len(KV_MAX_AAD_SIZE) : fz_below(64);
}

void sane_aead_encrypt(struct fz_call *c)
{
	struct kv_aead_encrypt_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_aead);
	r->plaintext_len = message_len(KV_MAX_DATA_SIZE);
	r->ciphertext_len = some_room(r->plaintext_len);
	r->ciphertext = mem_out(0, r->ciphertext_len);
	r->plaintext = fz_one_in(8) ? r->ciphertext : mem_in(r->plaintext_len);
	r->aad_len = aad_len();
	r->aad = mem_in(r->aad_len);
	if (fz_one_in(4))
		r->nonce = mem_in(KV_AEAD_NONCE_SIZE);
	if (!r->nonce || fz_one_in(2))
		r->nonce_out = mem_out(1, KV_AEAD_NONCE_SIZE);
	r->tag = mem_out(2, KV_AEAD_TAG_SIZE);
}

/* The last message that was encrypted, if its key is still there. */
static bool unseal(struct fz_call *c)
{
	struct kv_aead_decrypt_req *r = (void *)c->req;
	const struct fz_sealed *s = &fz.sealed;
	uint8_t *to;

	c->key = s->file == c->desc->file ?
		 model_find(c->desc->file, s->key_id) : NULL;
	if (!c->key || c->key->revoked)
		return false;
	r->ciphertext = mem_sealed(&to);
	r->aad = (const uint8_t *)r->ciphertext + s->len;
	r->nonce = (const uint8_t *)r->aad + s->aad_len;
	r->tag = (const uint8_t *)r->nonce + sizeof(s->nonce);
	memcpy(to + s->len + s->aad_len, s->nonce, sizeof(s->nonce));
	memcpy(to + s->len + s->aad_len + sizeof(s->nonce), s->tag,
	       sizeof(s->tag));
	r->ciphertext_len = s->len;
	r->aad_len = s->aad_len;
	r->key_id = s->key_id;
	return true;
}

static void forge(struct fz_call *c)
{
	struct kv_aead_decrypt_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_aead);
	r->ciphertext_len = message_len(KV_MAX_DATA_SIZE);
	r->ciphertext = mem_in(r->ciphertext_len);
	r->aad_len = aad_len();
	r->aad = mem_in(r->aad_len);
	r->nonce = mem_in(KV_AEAD_NONCE_SIZE);
	r->tag = mem_in(KV_AEAD_TAG_SIZE);
	c->sane = false;
}

void sane_aead_decrypt(struct fz_call *c)
{
	struct kv_aead_decrypt_req *r = (void *)c->req;

	c->sane = !fz_one_in(4) && unseal(c);
	if (!c->sane)
		forge(c);
	r->plaintext_len = some_room(r->ciphertext_len);
	r->plaintext = mem_out(0, r->plaintext_len);
}

void sane_sign(struct fz_call *c)
{
	struct kv_sign_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_sign);
	r->data_len = message_len(65536);
	r->data = mem_in(r->data_len);
	r->signature_len = some_room(KV_ED25519_SIGNATURE_SIZE);
	r->signature = mem_out(0, r->signature_len);
}

void sane_verify(struct fz_call *c)
{
	struct kv_verify_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_verify);
	r->data_len = message_len(65536);
	r->data = mem_in(r->data_len);
	r->signature_len = fz_one_in(4) ? fz_below(130) :
					  KV_ED25519_SIGNATURE_SIZE;
	r->signature = mem_in(r->signature_len);
	c->sane = c->sane && r->signature_len == KV_ED25519_SIGNATURE_SIZE;
}

void sane_mac(struct fz_call *c)
{
	struct kv_mac_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_mac);
	r->data_len = message_len(KV_MAX_DATA_SIZE);
	r->data = r->data_len ? mem_in(r->data_len) : NULL;
	r->mac_len = some_room(64);
	r->mac = mem_out(0, r->mac_len);
}

void sane_hash(struct fz_call *c)
{
	struct kv_hash_req *r = (void *)c->req;

	r->algorithm = fz_one_in(2) ? KV_ALG_SHA256 : KV_ALG_SHA512;
	r->data_len = message_len(KV_MAX_DATA_SIZE);
	r->data = r->data_len ? mem_in(r->data_len) : NULL;
	r->digest_len = some_room(64);
	r->digest = mem_out(0, r->digest_len);
	c->sane = true;
}

void sane_getpubkey(struct fz_call *c)
{
	struct kv_getpubkey_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_public);
	r->pubkey_len = some_room(KV_ED25519_PUBLIC_SIZE);
	r->pubkey = mem_out(0, r->pubkey_len);
}

void sane_keyexchange(struct fz_call *c)
{
	struct kv_keyexchange_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_exchange);
	r->peer_pubkey_len = KV_X25519_PUBLIC_SIZE;
	r->peer_pubkey = mem_in(KV_X25519_PUBLIC_SIZE);
	r->shared_secret_len = some_room(KV_X25519_SHARED_SIZE);
	r->shared_secret = mem_out(0, r->shared_secret_len);
}
