// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* op_key.c - the operations that make keys, ask about them, and end them */

#include "op.h"

/*
 * Turns a filled-in secret into a key of the vault, which stays hidden until the
 * request is answered. Takes over the secret, also when it fails.
 */
static int make_key(struct kv_run *run, struct kv_secret *secret, uint32_t flags)
{
	struct kv_key *key = NULL;
	int err;

	err = kv_secret_prepare(secret);
	if (err)
		goto out;
	err = kv_key_make(&key, secret, flags);
	if (err)
		goto out;
	secret = NULL;		/* the key owns it now */
	err = kv_vault_add(run->handle->vault, key, &run->made);
	if (err)
		goto out;
	key = NULL;		/* the vault owns it now */
out:
	kv_key_free(key);
	kv_secret_put(secret);
	return err;
}

/* Bytes of a key of @bits (0: the default), or -EINVAL. */
static int key_bytes(const struct kv_bits *rule, uint32_t bits)
{
	if (!bits)
		bits = rule->def;
	if (!bits || bits < rule->min || bits > rule->max || bits % 8)
		return -EINVAL;
	return (int)(bits / 8);
}

int kv_op_genkey(struct kv_run *run)
{
	struct kv_genkey_req *req = &run->req.genkey;
	const struct kv_alg *alg = kv_alg_find(req->algorithm);
	struct kv_secret *secret;
	int err, len;

	if (!alg || req->flags)
		return -EINVAL;
	len = key_bytes(&alg->bits, req->key_bits);
	if (len < 0)
		return len;
	err = kv_secret_make(&secret, alg, (size_t)len);
	if (err)
		return err;
	kv_os_random(secret->bytes, secret->len);
	secret->life = kv_life_of(req->ttl_seconds, NULL);
	err = make_key(run, secret, 0);
	req->key_id = run->made;
	return err;
}

int kv_op_import(struct kv_run *run)
{
	struct kv_import_req *req = &run->req.import;
	const bool public = req->flags & KV_KEY_FLAG_PUBLIC;
	const struct kv_buf *material = &run->buf[0];
	const struct kv_alg *alg;
	struct kv_secret *secret;
	int err;

	if (req->flags & ~KV_KEY_FLAG_PUBLIC || !material->len)
		return -EINVAL;
	alg = public ? kv_alg_find_public(req->algorithm) :
		       kv_alg_find(req->algorithm);
	if (!alg)
		return -EINVAL;
	err = key_bytes(&alg->import, (uint32_t)material->len * 8);
	if (err < 0)
		return err;
	err = kv_secret_make(&secret, alg, material->len);
	if (err)
		return err;
	memcpy(secret->bytes, material->data, secret->len);
	secret->life = kv_life_of(0, NULL);
	err = make_key(run, secret, req->flags);
	req->key_id = run->made;
	return err;
}

/* The bits that DERIVE makes: as for an import, and for HKDF as for GENKEY. */
static int derived_bytes(const struct kv_alg *alg, uint32_t bits)
{
	struct kv_bits rule = alg->kind == KV_KIND_KDF ? alg->bits : alg->import;

	if (rule.max > KV_HKDF_MAX_OUTPUT_SIZE * 8)
		rule.max = KV_HKDF_MAX_OUTPUT_SIZE * 8;
	return key_bytes(&rule, bits);
}

/* What DERIVE and SUBKEY have in common; their buffers are the salt and the info. */
struct derivation {
	uint32_t algorithm, output_algorithm, output_bits, ttl, flags;
};

/* A key from the key in use, which it does not outlive. */
static int derive(struct kv_run *run, const struct derivation *d)
{
	const struct kv_buf *salt = &run->buf[0], *info = &run->buf[1];
	const struct kv_alg *kdf = kv_alg_find(d->algorithm);
	const struct kv_alg *alg = kv_alg_find(d->output_algorithm ?
				d->output_algorithm : KV_ALG_HMAC_SHA256);
	struct kv_secret *secret;
	struct kv_hkdf in;
	int err, len;

	run->length = 0;
	if (!kdf || kdf->kind != KV_KIND_KDF || !alg)
		return -EINVAL;
	len = derived_bytes(alg, d->output_bits);
	if (len < 0)
		return len;
	run->length = (size_t)len;
	err = kv_secret_make(&secret, alg, (size_t)len);
	if (err)
		return err;
	secret->life = kv_life_of(d->ttl, &run->secret->life);
	in.hmac = kdf->hash;
	in.ikm = (struct kv_part){ run->secret->bytes, run->secret->len };
	in.salt = (struct kv_part){ salt->data, salt->len };
	in.info = (struct kv_part){ info->data, info->len };
	err = kv_hkdf(&in, secret->bytes, secret->len);
	if (err)
		kv_secret_put(secret);
	else
		err = make_key(run, secret, d->flags);
	return err;
}

int kv_op_derive(struct kv_run *run)
{
	struct kv_derive_req *req = &run->req.derive;
	const struct derivation d = {
		req->algorithm, req->output_algorithm, req->output_bits, 0, 0,
	};
	int err = derive(run, &d);

	req->derived_key_id = run->made;
	return err;
}

int kv_op_subkey(struct kv_run *run)
{
	struct kv_subkey_req *req = &run->req.subkey;
	const struct derivation d = {
		req->algorithm, req->output_algorithm, req->output_bits,
		req->ttl_seconds, KV_KEY_FLAG_TRANSIENT,
	};
	int err = derive(run, &d);

	req->derived_key_id = run->made;
	return err;
}

/* Passes @err on; who watches hears of ids that are not there. */
static int noted(uint64_t id, int err)
{
	if (err == -ENOENT)
		kv_os_trace(KV_EV_KEY_NOTFOUND, id, 0, 0, 0);
	return err;
}

int kv_op_destroy(struct kv_run *run)
{
	const uint32_t caps = kv_handle_caps(run->handle);
	const bool any = caps & KV_CAP_DESTROY;
	const uint64_t id = run->req.destroy.key_id;
	int err = kv_vault_destroy(run->handle->vault, id, any);

	return err && !any ? kv_denied(run->op, caps) : noted(id, err);
}

int kv_op_revoke(struct kv_run *run)
{
	const uint64_t id = run->req.revoke.key_id;

	return noted(id, kv_vault_revoke(run->handle->vault, id));
}

int kv_op_getinfo(struct kv_run *run)
{
	struct kv_keyinfo_req *info = &run->req.info;

	return noted(info->key_id, kv_vault_info(run->handle->vault, info));
}

int kv_op_list(struct kv_run *run)
{
	struct kv_buf *ids = &run->buf[0];
	uint32_t max = (uint32_t)(ids->room / sizeof(uint64_t)), n = 0;

	if (max)
		n = kv_vault_list(run->handle->vault, (uint64_t *)ids->data, max);
	ids->len = n * sizeof(uint64_t);
	run->req.list.num_keys = n;
	return 0;
}

int kv_op_restrict(struct kv_run *run)
{
	kv_handle_restrict(run->handle, run->req.restrict_.caps);
	return 0;
}

int kv_op_getcaps(struct kv_run *run)
{
	run->req.getcaps.caps = kv_handle_caps(run->handle);
	run->req.getcaps._pad = 0;
	return 0;
}

int kv_op_setname(struct kv_run *run)
{
	const struct kv_setname_req *req = &run->req.setname;
	const struct kv_buf *name = &run->buf[0];

	if (req->_pad || !kv_name_ok(name->data, name->len))
		return -EINVAL;
	return noted(req->key_id, kv_vault_set_name(run->handle->vault, req->key_id,
						    name->data, name->len));
}

int kv_op_find_key(struct kv_run *run)
{
	const struct kv_buf *name = &run->buf[0];
	struct kv_buf *out = &run->buf[1];
	uint64_t id = run->req.find.key_id;
	uint8_t found[KV_MAX_NAME_SIZE];
	size_t len = name->len;
	int err;

	if (id ? len != 0 : len == 0)
		return -EINVAL;
	if (len)
		memcpy(found, name->data, len);
	err = noted(id, kv_vault_find(run->handle->vault, &id, found, &len));
	if (err)
		return err;
	run->req.find.key_id = id;
	if (out->room) {
		memcpy(out->data, found, len);
		out->len = len;
	}
	return 0;
}

/* Copies as much of a name as there is room for, and ends it. */
static void copy_name(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < size && from[i]; i++)
		to[i] = from[i];
	to[i] = '\0';
}

int kv_op_getalg(struct kv_run *run)
{
	struct kv_getalg_req *req = &run->req.getalg;
	const struct kv_alg *alg = kv_alg_find(req->algorithm);
	const struct kv_crypto *crypto;

	if (!alg || req->_pad)
		return -EINVAL;
	crypto = kv_os_crypto(alg->hash ? alg->hash : alg->id);
	memset(req->name, 0, sizeof(req->name));
	memset(req->implementation, 0, sizeof(req->implementation));
	req->default_bits = alg->bits.def;
	req->min_bits = alg->bits.min;
	req->max_bits = alg->bits.max;
	req->_pad2 = 0;
	copy_name(req->name, sizeof(req->name), alg->name);
	copy_name(req->implementation, sizeof(req->implementation),
		  crypto ? crypto->implementation() : "keyvault");
	return 0;
}
