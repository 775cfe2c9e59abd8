// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* op.c - the operation table, and kv_call() which runs one operation */

#include "op.h"

#define SIZE(type, field)	sizeof(((struct type *)0)->field)
#define PTR(type, field)	.ptr = offsetof(struct type, field), \
				.ptr_size = SIZE(type, field)
#define LEN(type, field)	.len = offsetof(struct type, field), \
				.len_size = SIZE(type, field)

/* A buffer the caller fills in: its pointer's and its length's field. */
#define IN(type, p, l, max, ...) \
	{ .flags = KV_BUF_IN __VA_ARGS__, PTR(type, p), LEN(type, l), .limit = max }
/* The same, of a fixed size. */
#define IN_FIXED(type, p, size, ...) \
	{ .flags = KV_BUF_IN | KV_BUF_FIXED __VA_ARGS__, PTR(type, p), .limit = size }
/* A buffer we fill in: the length's field holds the room, then the length. */
#define OUT(type, p, l, max, ...) \
	{ .flags = KV_BUF_OUT __VA_ARGS__, PTR(type, p), LEN(type, l), .limit = max }
#define OUT_FIXED(type, p, size, ...) \
	{ .flags = KV_BUF_OUT | KV_BUF_FIXED __VA_ARGS__, PTR(type, p), .limit = size }
/* Ids; their count has a field of its own. */
#define OUT_IDS(type, p, l, max) \
	{ .flags = KV_BUF_OUT | KV_BUF_PUBLIC, PTR(type, p), LEN(type, l), \
	  .unit = sizeof(uint64_t), .limit = (max) * sizeof(uint64_t) }

#define ROW(name, type)	.request = KV_IOC_##name, .size = sizeof(struct type)

static const struct kv_op ops[KV_OP_COUNT] = {
	[1] = { ROW(GENKEY, kv_genkey_req), .cap = KV_CAP_GENKEY,
		.flags = KV_OP_ANSWERS, .run = kv_op_genkey },
	[2] = { ROW(DESTROY, kv_destroy_req), .cap = KV_CAP_DESTROY,
		.or_cap = KV_CAP_DERIVE,
		.run = kv_op_destroy },
	[3] = { ROW(GETINFO, kv_keyinfo_req), .cap = KV_CAP_GETINFO,
		.flags = KV_OP_ASKS | KV_OP_ANSWERS, .run = kv_op_getinfo },
	[4] = { ROW(LIST, kv_list_req), .cap = KV_CAP_LIST,
		.flags = KV_OP_ASKS | KV_OP_ANSWERS, .run = kv_op_list,
		.buf = { OUT_IDS(kv_list_req, key_ids, max_keys, KV_MAX_LIST_KEYS) } },
	[5] = { ROW(REVOKE, kv_revoke_req), .cap = KV_CAP_REVOKE,
		.run = kv_op_revoke },
	[6] = { ROW(RESTRICT, kv_restrict_req), .cap = KV_CAP_RESTRICT,
		.run = kv_op_restrict },
	[7] = { ROW(GETCAPS, kv_getcaps_req),
		.flags = KV_OP_ASKS | KV_OP_ANSWERS, .run = kv_op_getcaps },

	[10] = { ROW(ENCRYPT, kv_encrypt_req), .cap = KV_CAP_ENCRYPT,
		.flags = KV_OP_ANSWERS, .event = KV_EV_ENCRYPT,
		.kinds = KV_KIND_CIPHER, .wrong_kind = -EOPNOTSUPP,
		.run = kv_op_encrypt,
		.buf = { IN(kv_encrypt_req, plaintext, plaintext_len, KV_LIM_DATA,
			    | KV_BUF_PUBLIC),
			 OUT(kv_encrypt_req, ciphertext, ciphertext_len, KV_LIM_DATA,
			     | KV_BUF_OVER),
			 IN(kv_encrypt_req, iv, iv_len, KV_MAX_IV_SIZE),
			 OUT_FIXED(kv_encrypt_req, iv_out, KV_AES_IV_SIZE,
				   | KV_BUF_OPTIONAL) } },
	[11] = { ROW(DECRYPT, kv_decrypt_req), .cap = KV_CAP_DECRYPT,
		.flags = KV_OP_ANSWERS, .event = KV_EV_DECRYPT,
		.kinds = KV_KIND_CIPHER, .wrong_kind = -EOPNOTSUPP,
		.run = kv_op_decrypt,
		.buf = { IN(kv_decrypt_req, ciphertext, ciphertext_len, KV_LIM_DATA),
			 OUT(kv_decrypt_req, plaintext, plaintext_len, KV_LIM_DATA,
			     | KV_BUF_OVER),
			 IN(kv_decrypt_req, iv, iv_len, KV_MAX_IV_SIZE) } },
	[12] = { ROW(AEAD_ENCRYPT, kv_aead_encrypt_req), .cap = KV_CAP_ENCRYPT,
		.flags = KV_OP_ANSWERS, .event = KV_EV_AEAD_ENCRYPT,
		.kinds = KV_KIND_AEAD, .wrong_kind = -EOPNOTSUPP,
		.run = kv_op_aead_encrypt,
		.buf = { IN(kv_aead_encrypt_req, plaintext, plaintext_len,
			    KV_LIM_DATA, | KV_BUF_PUBLIC),
			 OUT(kv_aead_encrypt_req, ciphertext, ciphertext_len,
			     KV_LIM_DATA, | KV_BUF_OVER),
			 IN(kv_aead_encrypt_req, aad, aad_len, KV_MAX_AAD_SIZE),
			 IN_FIXED(kv_aead_encrypt_req, nonce, KV_AEAD_NONCE_SIZE,
				  | KV_BUF_OPTIONAL),
			 OUT_FIXED(kv_aead_encrypt_req, nonce_out,
				   KV_AEAD_NONCE_SIZE, | KV_BUF_OPTIONAL),
			 OUT_FIXED(kv_aead_encrypt_req, tag, KV_AEAD_TAG_SIZE) } },
	[13] = { ROW(AEAD_DECRYPT, kv_aead_decrypt_req), .cap = KV_CAP_DECRYPT,
		.flags = KV_OP_ANSWERS, .event = KV_EV_AEAD_DECRYPT,
		.kinds = KV_KIND_AEAD, .wrong_kind = -EOPNOTSUPP,
		.run = kv_op_aead_decrypt,
		.buf = { IN(kv_aead_decrypt_req, ciphertext, ciphertext_len,
			    KV_LIM_DATA),
			 OUT(kv_aead_decrypt_req, plaintext, plaintext_len,
			     KV_LIM_DATA, | KV_BUF_OVER),
			 IN(kv_aead_decrypt_req, aad, aad_len, KV_MAX_AAD_SIZE),
			 IN_FIXED(kv_aead_decrypt_req, nonce, KV_AEAD_NONCE_SIZE),
			 IN_FIXED(kv_aead_decrypt_req, tag, KV_AEAD_TAG_SIZE) } },

	[20] = { ROW(SIGN, kv_sign_req), .cap = KV_CAP_SIGN,
		.flags = KV_OP_ANSWERS, .event = KV_EV_SIGN,
		.kinds = KV_KIND_SIGN, .wrong_kind = -EINVAL,
		.run = kv_op_sign,
		.buf = { IN(kv_sign_req, data, data_len, KV_LIM_DATA),
			 OUT(kv_sign_req, signature, signature_len, KV_HASH_MAX) } },
	[21] = { ROW(VERIFY, kv_verify_req), .cap = KV_CAP_VERIFY,
		.flags = KV_OP_ASKS | KV_OP_ANSWERS, .event = KV_EV_VERIFY,
		.kinds = KV_KIND_SIGN | KV_KIND_VERIFY, .wrong_kind = -EINVAL,
		.run = kv_op_verify,
		.buf = { IN(kv_verify_req, data, data_len, KV_LIM_DATA),
			 IN(kv_verify_req, signature, signature_len, KV_HASH_MAX) } },
	[22] = { ROW(MAC, kv_mac_req), .cap = KV_CAP_MAC,
		.flags = KV_OP_ANSWERS, .event = KV_EV_MAC,
		.kinds = KV_KIND_MAC, .wrong_kind = -EOPNOTSUPP,
		.run = kv_op_mac,
		.buf = { IN(kv_mac_req, data, data_len, KV_LIM_DATA, | KV_BUF_NULL),
			 OUT(kv_mac_req, mac, mac_len, KV_HASH_MAX) } },
	[23] = { ROW(HASH, kv_hash_req), .cap = KV_CAP_HASH,
		.flags = KV_OP_ASKS | KV_OP_ANSWERS, .event = KV_EV_HASH,
		.run = kv_op_hash,
		.buf = { IN(kv_hash_req, data, data_len, KV_LIM_DATA, | KV_BUF_NULL),
			 OUT(kv_hash_req, digest, digest_len, KV_HASH_MAX) } },
	[24] = { ROW(GET_PUBKEY, kv_getpubkey_req), .cap = KV_CAP_GETINFO,
		.flags = KV_OP_ASKS | KV_OP_ANSWERS, .event = KV_EV_GET_PUBKEY,
		.kinds = KV_KIND_SIGN | KV_KIND_VERIFY | KV_KIND_EXCHANGE,
		.wrong_kind = -EINVAL, .run = kv_op_get_pubkey,
		.buf = { OUT(kv_getpubkey_req, pubkey, pubkey_len, KV_HASH_MAX) } },

	[30] = { ROW(KEYEXCHANGE, kv_keyexchange_req), .cap = KV_CAP_EXCHANGE,
		.flags = KV_OP_ANSWERS, .event = KV_EV_KEYEXCHANGE,
		.kinds = KV_KIND_EXCHANGE, .wrong_kind = -EINVAL,
		.run = kv_op_keyexchange,
		.buf = { IN(kv_keyexchange_req, peer_pubkey, peer_pubkey_len,
			    KV_HASH_MAX),
			 OUT(kv_keyexchange_req, shared_secret, shared_secret_len,
			     KV_HASH_MAX) } },
	[31] = { ROW(DERIVE, kv_derive_req), .cap = KV_CAP_DERIVE,
		.flags = KV_OP_ANSWERS, .event = KV_EV_DERIVE,
		.kinds = KV_KIND_MAC | KV_KIND_KDF, .wrong_kind = -EOPNOTSUPP,
		.run = kv_op_derive,
		.buf = { IN(kv_derive_req, salt, salt_len, KV_HKDF_MAX_SALT_SIZE),
			 IN(kv_derive_req, info, info_len, KV_HKDF_MAX_INFO_SIZE) } },
	[40] = { ROW(IMPORT, kv_import_req), .cap = KV_CAP_IMPORT,
		.flags = KV_OP_ANSWERS, .run = kv_op_import,
		.buf = { IN(kv_import_req, key_material, key_len, KV_MAX_KEY_SIZE) } },

	[50] = { ROW(SETNAME, kv_setname_req), .cap = KV_CAP_GENKEY,
		.or_cap = KV_CAP_IMPORT | KV_CAP_DERIVE,
		.run = kv_op_setname,
		.buf = { IN(kv_setname_req, name, name_len, KV_MAX_NAME_SIZE) } },
	[51] = { ROW(FIND, kv_find_req), .cap = KV_CAP_GETINFO,
		.flags = KV_OP_ASKS | KV_OP_ANSWERS, .run = kv_op_find_key,
		.buf = { IN(kv_find_req, name, name_len, KV_MAX_NAME_SIZE),
			 OUT(kv_find_req, name_out, name_out_len,
			     KV_MAX_NAME_SIZE) } },
	[52] = { ROW(GETALG, kv_getalg_req), .cap = KV_CAP_GETINFO,
		.flags = KV_OP_ASKS | KV_OP_ANSWERS, .run = kv_op_getalg },
	[53] = { ROW(SUBKEY, kv_subkey_req), .cap = KV_CAP_DERIVE,
		.flags = KV_OP_ANSWERS, .event = KV_EV_DERIVE,
		.kinds = KV_KIND_MAC | KV_KIND_KDF, .wrong_kind = -EOPNOTSUPP,
		.run = kv_op_subkey,
		.buf = { IN(kv_subkey_req, salt, salt_len, KV_HKDF_MAX_SALT_SIZE),
			 IN(kv_subkey_req, info, info_len, KV_HKDF_MAX_INFO_SIZE) } },
};

const struct kv_op *kv_op_find(unsigned long request)
{
	const struct kv_op *op = &ops[request % KV_OP_COUNT];

	return op->request && op->request == request ? op : NULL;
}

int kv_denied(const struct kv_op *op, uint32_t caps)
{
	kv_os_trace(KV_EV_CAP_DENIED, op->cap, caps, 0, 0);
	return -EPERM;
}

/* The gate comes first, once, for all. */
static int gate(const struct kv_handle *handle, const struct kv_op *op)
{
	const uint32_t caps = kv_handle_caps(handle);

	if ((!op->cap || (caps & (op->cap | op->or_cap))) &&
	    (!handle->rdonly || (op->flags & KV_OP_ASKS)))
		return 0;
	return kv_denied(op, caps);
}

/* Fields are 4 or 8 bytes wide: pointers, size_t, uint32_t, uint64_t. */
static uint64_t get_field(const struct kv_run *run, uint8_t offset, uint8_t size)
{
	const uint8_t *field = (const uint8_t *)&run->req + offset;
	uint32_t narrow;
	uint64_t wide;

	if (size == sizeof(narrow)) {
		memcpy(&narrow, field, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, field, sizeof(wide));
	return wide;
}

static void set_field(struct kv_run *run, uint8_t offset, uint8_t size,
		      uint64_t value)
{
	uint8_t *field = (uint8_t *)&run->req + offset;
	uint32_t narrow = (uint32_t)value;

	if (size == sizeof(narrow))
		memcpy(field, &narrow, sizeof(narrow));
	else
		memcpy(field, &value, sizeof(value));
}

static int take_key(struct kv_run *run)
{
	const struct kv_op *op = run->op;
	int err;

	if (!op->kinds)
		return 0;
	err = kv_vault_use(run->handle->vault, run->req.key_id, &run->secret);
	if (err == -ENOENT)
		kv_os_trace(KV_EV_KEY_NOTFOUND, run->req.key_id, 0, 0, 0);
	if (!err && !(run->secret->alg->kind & op->kinds))
		err = op->wrong_kind;
	return err;
}

/*
 * Reads one buffer's pointer and length, and checks them as its rule says.
 * @need: how much scratch memory it takes.
 */
static int check_buffer(struct kv_run *run, const struct kv_buf_rule *rule,
			struct kv_buf *buf, size_t *need)
{
	const size_t limit = rule->limit != KV_LIM_DATA ? rule->limit :
			     kv_tunable_get(KV_MAX_DATA);
	uint64_t len = rule->limit;

	buf->user = get_field(run, rule->ptr, rule->ptr_size);
	if (rule->flags & KV_BUF_FIXED) {
		if (!buf->user)
			return rule->flags & KV_BUF_OPTIONAL ? 0 : -EINVAL;
	} else {
		len = get_field(run, rule->len, rule->len_size);
		if (rule->unit && len > limit / rule->unit)
			len = limit / rule->unit;
		if (rule->unit)
			len *= rule->unit;
		if (!buf->user && len)
			return -EINVAL;
	}
	if (rule->flags & KV_BUF_IN) {
		if (len > limit || (!len && buf->user && (rule->flags & KV_BUF_NULL)))
			return -EINVAL;
		buf->len = len;
	} else {
		buf->room = len < limit ? len : limit;
		if (rule->flags & KV_BUF_OVER) {
			buf->len = run->buf[0].len;
			return buf->len > buf->room ? -ENOSPC : 0;
		}
		if (rule->flags & KV_BUF_FIXED)
			buf->len = len;
		if (!rule->unit)
			len = limit;
	}
	*need = (len + 15) & ~(size_t)15;
	return 0;
}

/* Checks the buffers, lays them out in scratch memory, and fills in the inputs. */
static int take_buffers(struct kv_run *run)
{
	const struct kv_buf_rule *rule = run->op->buf;
	size_t need[KV_OP_BUFS] = { 0 }, size = 0, at = 0;
	struct kv_buf *buf = run->buf;
	unsigned int i;
	int err = 0;

	for (i = 0; i < KV_OP_BUFS && rule[i].flags; i++) {
		err = check_buffer(run, &rule[i], &buf[i], &need[i]);
		if (err)
			return err;
		size += need[i];
	}
	if (!size)
		return 0;
	run->scratch = kv_os_scratch_get(size);
	if (!run->scratch)
		return -ENOMEM;
	run->scratch_size = size;
	for (i = 0; i < KV_OP_BUFS && rule[i].flags; i++) {
		if (rule[i].flags & KV_BUF_OVER)
			buf[i].data = buf[0].data;
		else if (need[i])
			buf[i].data = run->scratch + at;
		at += need[i];
		if ((rule[i].flags & KV_BUF_IN) && buf[i].len)
			err = kv_os_copyin(buf[i].data, buf[i].user, buf[i].len);
		if (err)
			return err;
	}
	return 0;
}

/* Whether everything that is to be written can be: then all of it is, or none. */
static int check_answer(struct kv_run *run, void *user_request)
{
	const struct kv_buf_rule *rule = run->op->buf;
	struct kv_buf *buf = run->buf;
	unsigned int i;
	int err = 0;

	for (i = 0; i < KV_OP_BUFS && rule[i].flags && !err; i++) {
		if (!(rule[i].flags & KV_BUF_OUT) || !buf[i].len)
			continue;
		err = buf[i].len > buf[i].room ? -ENOSPC :
		      kv_os_writable(buf[i].user, buf[i].len);
	}
	if (!err && (run->op->flags & KV_OP_ANSWERS))
		err = kv_os_request_writable(user_request, run->op->size);
	return err;
}

static int answer(struct kv_run *run, void *user_request)
{
	const struct kv_buf_rule *rule = run->op->buf;
	struct kv_buf *buf = run->buf;
	unsigned int i;
	int err;

	err = check_answer(run, user_request);
	for (i = 0; i < KV_OP_BUFS && rule[i].flags && !err; i++) {
		if (!(rule[i].flags & KV_BUF_OUT))
			continue;
		if (buf[i].len)
			err = kv_os_copyout(buf[i].user, buf[i].data, buf[i].len);
		if (rule[i].len_size && !rule[i].unit)
			set_field(run, rule[i].len, rule[i].len_size, buf[i].len);
	}
	if (!err && (run->op->flags & KV_OP_ANSWERS))
		err = kv_os_request_out(user_request, &run->req, run->op->size);
	return err;
}

/* A key that was made is visible from now on, or never was. */
static void settle(struct kv_run *run, int err)
{
	if (!run->made)
		return;
	if (err)
		kv_vault_take_back(run->handle->vault, run->made);
	else
		kv_vault_publish(run->handle->vault, run->made);
}

/* All the scratch memory is secret, but for what success made public. */
static void wipe(struct kv_run *run, int err)
{
	size_t skip = 0;

	if (!err && (run->op->buf[0].flags & KV_BUF_PUBLIC))
		skip = run->buf[0].len;
	kv_os_wipe(run->scratch + skip, run->scratch_size - skip);
	kv_os_scratch_put(run->scratch, run->scratch_size);
}

static void trace(const struct kv_run *run, int err)
{
	const enum kv_event event = run->op->event;
	const uint64_t e = (uint64_t)-err;

	if (event == KV_EV_HASH)
		kv_os_trace(event, run->length, e, 0, 0);
	else if (event == KV_EV_GET_PUBKEY)
		kv_os_trace(event, run->req.key_id, e, 0, 0);
	else if (event == KV_EV_VERIFY)
		kv_os_trace(event, run->req.key_id, run->length, e,
			    !err && run->req.verify.valid);
	else if (event != KV_EV_NONE)
		kv_os_trace(event, run->req.key_id, run->length, e, 0);
}

int kv_call(struct kv_handle *handle, unsigned long request, void *user_request)
{
	const struct kv_op *op = kv_op_find(request);
	struct kv_run run;
	int err;

	if (!op)
		return -ENOTTY;
	err = gate(handle, op);
	if (err)
		return err;
	memset(&run, 0, sizeof(run));
	run.op = op;
	run.handle = handle;
	err = kv_os_request_in(&run.req, user_request, op->size);
	if (err)
		return err;
	err = take_key(&run);
	if (!err)
		err = take_buffers(&run);
	if (!err) {
		run.length = run.buf[0].len;
		err = op->run(&run);
	}
	if (!err)
		err = answer(&run, user_request);
	settle(&run, err);
	trace(&run, err);
	if (run.scratch)
		wipe(&run, err);
	kv_secret_put(run.secret);
	return err;
}
