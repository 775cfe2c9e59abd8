/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sane.c - well-formed requests about keys; sane_use.c has those that use them
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "sane.h"

static const uint32_t keyed_algs[] = {
	KV_ALG_AES128_GCM, KV_ALG_AES256_GCM, KV_ALG_AES128_CBC,
	KV_ALG_AES256_CBC, KV_ALG_AES128_CTR, KV_ALG_AES256_CTR,
	KV_ALG_HMAC_SHA256, KV_ALG_HMAC_SHA512, KV_ALG_ED25519,
	KV_ALG_CHACHA20_POLY1305, KV_ALG_X25519, KV_ALG_HKDF_SHA256,
	KV_ALG_HKDF_SHA512,
};

uint32_t sane_alg(void)
{
	return keyed_algs[fz_below(sizeof(keyed_algs) / sizeof(keyed_algs[0]))];
}

/* Bits that GENKEY and DERIVE allow: 0, or a whole number of bytes in range. */
uint32_t sane_bits(uint32_t alg)
{
	if (fz_one_in(2))
		return 0;
	switch (alg) {
	case KV_ALG_AES128_GCM: case KV_ALG_AES128_CBC: case KV_ALG_AES128_CTR:
		return 128;
	case KV_ALG_HMAC_SHA256:
		return 128 + 8 * fz_below(49);
	case KV_ALG_HMAC_SHA512:
		return 256 + 8 * fz_below(97);
	case KV_ALG_HKDF_SHA256:
		return 128 + 8 * fz_below(1005);
	case KV_ALG_HKDF_SHA512:
		return 256 + 8 * fz_below(1005);
	default:
		return 256;
	}
}

static bool any_key(const struct fz_key *k)
{
	(void)k;
	return true;
}

uint64_t sane_pick(struct fz_call *c, bool (*fits)(const struct fz_key *))
{
	c->key = model_key(c->desc->file, fits);
	c->sane = c->key && !c->desc->file->loose;
	return c->key ? c->key->id : KV_KEY_ID_INVALID;
}

/* The vault has room for one more key, so that making one must succeed. */
static bool room(struct fz_call *c)
{
	return c->desc->file->keys < FZ_KEYS && !c->desc->file->loose;
}

void sane_genkey(struct fz_call *c)
{
	struct kv_genkey_req *r = (void *)c->req;

	r->algorithm = sane_alg();
	r->key_bits = sane_bits(r->algorithm);
	r->ttl_seconds = fz_one_in(40) ? 1 + fz_below(2) : 0;
	c->sane = room(c);
}

void sane_destroy(struct fz_call *c)
{
	struct kv_destroy_req *r = (void *)c->req;

	r->key_id = sane_pick(c, any_key);
}

void sane_getinfo(struct fz_call *c)
{
	struct kv_keyinfo_req *r = (void *)c->req;

	r->key_id = sane_pick(c, any_key);
}

void sane_list(struct fz_call *c)
{
	struct kv_list_req *r = (void *)c->req;

	r->max_keys = fz_one_in(4) ? fz_below(KV_MAX_LIST_KEYS + 1) : FZ_KEYS;
	r->key_ids = mem_out(0, r->max_keys * sizeof(uint64_t));
	c->sane = true;
}

void sane_revoke(struct fz_call *c)
{
	struct kv_revoke_req *r = (void *)c->req;

	r->key_id = sane_pick(c, any_key);
	c->sane = c->sane && !c->key->mortal && !c->key->revoked;
}

/* Drops one capability now and then; most calls ask for what is held. */
void sane_restrict(struct fz_call *c)
{
	struct kv_restrict_req *r = (void *)c->req;

	r->caps = fz_one_in(8) ? ~(1u << fz_below(15)) : 0xffffffffu;
	c->sane = !c->desc->file->shared;
}

void sane_getcaps(struct fz_call *c)
{
	c->sane = true;
}

static bool fits_source(const struct fz_key *k)
{
	return !k->mortal && !k->revoked &&
	       (k->alg == KV_ALG_HMAC_SHA256 || k->alg == KV_ALG_HMAC_SHA512 ||
		k->alg == KV_ALG_HKDF_SHA256 || k->alg == KV_ALG_HKDF_SHA512);
}

void sane_derive(struct fz_call *c)
{
	struct kv_derive_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_source);
	r->algorithm = fz_one_in(2) ? KV_ALG_HKDF_SHA256 : KV_ALG_HKDF_SHA512;
	r->output_algorithm = fz_one_in(4) ? 0 : sane_alg();
	r->output_bits = sane_bits(r->output_algorithm ? r->output_algorithm :
				   KV_ALG_HMAC_SHA256);
	if (fz_one_in(2)) {
		r->salt_len = fz_below(KV_HKDF_MAX_SALT_SIZE + 1);
		r->salt = mem_in(r->salt_len);
	}
	if (fz_one_in(2)) {
		r->info_len = fz_below(KV_HKDF_MAX_INFO_SIZE + 1);
		r->info = mem_in(r->info_len);
	}
	c->sane = c->sane && room(c);
}

void sane_subkey(struct fz_call *c)
{
	struct kv_subkey_req *r = (void *)c->req;

	r->key_id = sane_pick(c, fits_source);
	r->algorithm = fz_one_in(2) ? KV_ALG_HKDF_SHA256 : KV_ALG_HKDF_SHA512;
	r->output_algorithm = sane_alg();
	r->output_bits = sane_bits(r->output_algorithm);
	r->ttl_seconds = fz_one_in(40) ? 1 + fz_below(2) : 0;
	r->salt_len = fz_below(KV_HKDF_MAX_SALT_SIZE + 1);
	r->salt = (uintptr_t)mem_in(r->salt_len);
	r->info_len = fz_below(KV_HKDF_MAX_INFO_SIZE + 1);
	r->info = (uintptr_t)mem_in(r->info_len);
	c->sane = c->sane && room(c);
}

static size_t material_len(uint32_t alg)
{
	switch (alg) {
	case KV_ALG_AES128_GCM: case KV_ALG_AES128_CBC: case KV_ALG_AES128_CTR:
		return 16;
	case KV_ALG_HMAC_SHA256: case KV_ALG_HMAC_SHA512:
		return fz_one_in(8) ? 1 + fz_below(KV_MAX_KEY_SIZE) :
				      1 + fz_below(200);
	default:
		return 32;
	}
}

void sane_import(struct fz_call *c)
{
	struct kv_import_req *r = (void *)c->req;

	r->algorithm = sane_alg();
	r->key_len = material_len(r->algorithm);
	r->key_material = mem_in(r->key_len);
	c->sane = room(c) && r->algorithm != KV_ALG_HKDF_SHA256 &&
		  r->algorithm != KV_ALG_HKDF_SHA512;
	if (r->algorithm == KV_ALG_ED25519 && fz.have_public && fz_one_in(2)) {
		r->flags = KV_KEY_FLAG_PUBLIC;
		r->key_material = memcpy(mem_name(), fz.public, 32);
	}
}

static bool fits_unnamed(const struct fz_key *k)
{
	return !k->has_name && !k->revoked && !k->mortal;
}

/* Names tell their key's id, so that FIND can be asked for one that is there. */
static uint32_t name_of(uint64_t id, char name[KV_MAX_NAME_SIZE])
{
	char text[32];
	int n = snprintf(text, sizeof(text), "key-%u-%llx", fz.proc,
			 (unsigned long long)id);

	memcpy(name, text, n);
	return n;
}

void sane_setname(struct fz_call *c)
{
	struct kv_setname_req *r = (void *)c->req;
	char *name = mem_name();

	r->key_id = sane_pick(c, fits_unnamed);
	r->name = (uintptr_t)name;
	r->name_len = name_of(r->key_id, name);
}

static bool fits_named(const struct fz_key *k)
{
	return k->named;
}

void sane_find(struct fz_call *c)
{
	struct kv_find_req *r = (void *)c->req;
	uint64_t id;
	char *name;

	r->name_out_len = fz_one_in(4) ? 0 : KV_MAX_NAME_SIZE;
	r->name_out = (uintptr_t)mem_out(0, r->name_out_len);
	if (fz_one_in(2)) {
		r->key_id = sane_pick(c, any_key);
		return;
	}
	id = sane_pick(c, fits_named);
	name = mem_name();
	r->name = (uintptr_t)name;
	r->name_len = name_of(id, name);
}

void sane_getalg(struct fz_call *c)
{
	struct kv_getalg_req *r = (void *)c->req;

	r->algorithm = sane_alg();
	c->sane = true;
}
