// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* op_use.c - the operations that use a key, and HASH */

#include "op.h"

/*
 * The nonce or IV of an encryption: the caller's, or one that the key never had,
 * which the caller must want back (a lost one is lost data).
 */
static int choose_nonce(struct kv_run *run, const struct kv_buf *in,
			const struct kv_buf *out, size_t len, const uint8_t **nonce)
{
	if (!in->user && !out->user)
		return -EINVAL;
	*nonce = in->data;
	if (!out->user)
		return 0;
	*nonce = out->data;
	if (!in->user)
		return kv_secret_nonce(run->secret, out->data, len);
	memcpy(out->data, in->data, len);
	return 0;
}

int kv_op_encrypt(struct kv_run *run)
{
	const struct kv_buf *data = &run->buf[0], *iv = &run->buf[2];
	const struct kv_secret *secret = run->secret;
	const uint8_t *nonce;
	int err;

	if (data->len % secret->alg->block)
		return -EINVAL;
	if (iv->user ? iv->len != KV_AES_IV_SIZE : iv->len != 0)
		return -EINVAL;
	err = choose_nonce(run, iv, &run->buf[3], KV_AES_IV_SIZE, &nonce);
	if (err || !data->len)
		return err;
	return secret->crypto->encrypt(secret->prepared, nonce, data->data, data->len);
}

int kv_op_decrypt(struct kv_run *run)
{
	const struct kv_buf *data = &run->buf[0], *iv = &run->buf[2];
	const struct kv_secret *secret = run->secret;

	if (data->len % secret->alg->block || iv->len != KV_AES_IV_SIZE)
		return -EINVAL;
	if (!data->len)
		return 0;
	return secret->crypto->decrypt(secret->prepared, iv->data, data->data,
				       data->len);
}

int kv_op_aead_encrypt(struct kv_run *run)
{
	const struct kv_buf *data = &run->buf[0], *aad = &run->buf[2];
	const struct kv_secret *secret = run->secret;
	const uint8_t *nonce;
	int err;

	err = choose_nonce(run, &run->buf[3], &run->buf[4], KV_AEAD_NONCE_SIZE,
			   &nonce);
	if (err)
		return err;
	return secret->crypto->seal(secret->prepared, nonce, aad->data, aad->len,
				    data->data, data->len, run->buf[5].data);
}

int kv_op_aead_decrypt(struct kv_run *run)
{
	const struct kv_buf *data = &run->buf[0], *aad = &run->buf[2];
	const struct kv_secret *secret = run->secret;

	return secret->crypto->open(secret->prepared, run->buf[3].data, aad->data,
				    aad->len, data->data, data->len,
				    run->buf[4].data);
}

int kv_op_sign(struct kv_run *run)
{
	const struct kv_secret *secret = run->secret;

	run->buf[1].len = secret->alg->out_len;
	return secret->alg->sign(secret, run->buf[0].data, run->buf[0].len,
				 run->buf[1].data);
}

int kv_op_verify(struct kv_run *run)
{
	const struct kv_secret *secret = run->secret;
	int err;

	run->req.verify.valid = 0;
	if (run->buf[1].len != KV_ED25519_SIGNATURE_SIZE)
		return -EINVAL;
	err = secret->alg->verify(secret, run->buf[0].data, run->buf[0].len,
				  run->buf[1].data);
	if (err == -EBADMSG)
		return 0;
	run->req.verify.valid = !err;
	return err;
}

int kv_op_mac(struct kv_run *run)
{
	const struct kv_part data = { run->buf[0].data, run->buf[0].len };
	const struct kv_secret *secret = run->secret;

	run->buf[1].len = secret->alg->out_len;
	return secret->crypto->mac(secret->prepared, &data, 1, run->buf[1].data);
}

int kv_op_hash(struct kv_run *run)
{
	const struct kv_part data = { run->buf[0].data, run->buf[0].len };
	const struct kv_alg *alg = kv_alg_find(run->req.hash.algorithm);

	if (!alg || alg->kind != KV_KIND_HASH)
		return -EINVAL;
	run->buf[1].len = alg->out_len;
	return kv_os_crypto(alg->id)->hash(&data, 1, run->buf[1].data);
}

int kv_op_get_pubkey(struct kv_run *run)
{
	const struct kv_secret *secret = run->secret;

	run->buf[0].len = sizeof(secret->public);
	memcpy(run->buf[0].data, secret->public, sizeof(secret->public));
	return 0;
}

int kv_op_keyexchange(struct kv_run *run)
{
	const struct kv_secret *secret = run->secret;
	uint8_t *peer = run->buf[0].data;

	if (run->buf[0].len != KV_X25519_PUBLIC_SIZE)
		return -EINVAL;
	peer[31] &= 127;	/* RFC 7748 5: the top bit is not looked at */
	run->buf[1].len = KV_X25519_SHARED_SIZE;
	return secret->crypto->exchange(run->buf[1].data, secret->bytes, peer);
}
