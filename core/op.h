/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * op.h - the operation table, and the one way to run an operation
 *
 * A row says what a request is, who may make it, what key it needs and where its
 * user buffers are. From the row alone follow the capability check, the bounds
 * checks, the copies in and out, the trace and the wiping; the operation's own
 * function sees kernel memory only.
 */
#ifndef KV_OP_H
#define KV_OP_H

#include "vault.h"

#define KV_OP_BUFS	6	/* user buffers of one request, at most */
#define KV_OP_COUNT	64	/* request numbers are below; a power of two */

/* Flags of a buffer */
#define KV_BUF_IN	0x01u
#define KV_BUF_OUT	0x02u
#define KV_BUF_FIXED	0x04u	/* no length field: it is @limit bytes */
#define KV_BUF_OPTIONAL	0x08u	/* may be NULL (with FIXED; else length 0 says so) */
#define KV_BUF_NULL	0x10u	/* of length 0 it must be NULL (MAC, HASH) */
#define KV_BUF_OVER	0x20u	/* the answer lies over, and is as long as, buffer 0 */
#define KV_BUF_PUBLIC	0x40u	/* no secret after success: not wiped */

#define KV_LIM_DATA	0	/* the limit is the tunable max_data_size */

struct kv_buf_rule {
	uint8_t flags;		/* 0: there is no such buffer */
	uint8_t ptr, ptr_size;	/* the pointer: offset in the request, bytes */
	uint8_t len, len_size;	/* the length field, in bytes or units of @unit */
	uint8_t unit;		/* 0, 1: bytes; else OUT only, length not told back */
	uint32_t limit;		/* bytes; KV_LIM_DATA */
};

/* A buffer of a request that runs */
struct kv_buf {
	uint64_t user;		/* 0: NULL */
	uint8_t *data;		/* our copy; NULL where @user is, or it is empty */
	size_t len;		/* IN: bytes; OUT: bytes that the operation wrote */
	size_t room;		/* OUT: bytes at @user */
};

struct kv_op;

/* An operation that runs */
struct kv_run {
	const struct kv_op *op;
	struct kv_handle *handle;
	struct kv_secret *secret;	/* of the key; NULL where the row needs none */
	uint64_t made;			/* a key that becomes visible on success */
	size_t length;			/* for the trace */
	union {
		uint64_t key_id;	/* the first field, where kv_op.kinds */
		struct kv_genkey_req genkey;
		struct kv_destroy_req destroy;
		struct kv_keyinfo_req info;
		struct kv_list_req list;
		struct kv_revoke_req revoke;
		struct kv_restrict_req restrict_;
		struct kv_getcaps_req getcaps;
		struct kv_encrypt_req encrypt;
		struct kv_decrypt_req decrypt;
		struct kv_aead_encrypt_req aead_encrypt;
		struct kv_aead_decrypt_req aead_decrypt;
		struct kv_sign_req sign;
		struct kv_verify_req verify;
		struct kv_mac_req mac;
		struct kv_hash_req hash;
		struct kv_getpubkey_req getpubkey;
		struct kv_keyexchange_req exchange;
		struct kv_derive_req derive;
		struct kv_import_req import;
		struct kv_setname_req setname;
		struct kv_find_req find;
		struct kv_getalg_req getalg;
		struct kv_subkey_req subkey;
	} req;				/* our copy of the request */
	struct kv_buf buf[KV_OP_BUFS];	/* in the row's order */
	uint8_t *scratch;		/* holds the buffers' data */
	size_t scratch_size;
};

/* Flags of an operation */
#define KV_OP_ASKS	0x1u	/* an O_RDONLY descriptor may, too */
#define KV_OP_ANSWERS	0x2u	/* the request is written back on success */

struct kv_op {
	uint32_t request;	/* KV_IOC_*; 0: no such operation */
	uint16_t size;		/* of the request */
	uint16_t flags;
	uint32_t cap;		/* the capability it needs; 0: none */
	uint32_t or_cap;	/* one of these will do as well */
	uint32_t kinds;		/* of a usable key at @key_id; 0: needs none */
	int wrong_kind;		/* the errno for others */
	enum kv_event event;
	int (*run)(struct kv_run *run);
	struct kv_buf_rule buf[KV_OP_BUFS];
};

/* The row of a request, or NULL. */
const struct kv_op *kv_op_find(unsigned long request);

/*
 * Runs @request. @user_request is the request as the home was given it, for
 * kv_os_request_in() and its kind. 0 or a negative errno, then nothing was
 * written and no key was made.
 */
int kv_call(struct kv_handle *handle, unsigned long request, void *user_request);

/* Tells whoever watches that @caps were not enough, and returns -EPERM. */
int kv_denied(const struct kv_op *op, uint32_t caps);

/* The operations: op_key.c, and op_use.c for those that use a key. */
int kv_op_genkey(struct kv_run *run);
int kv_op_destroy(struct kv_run *run);
int kv_op_getinfo(struct kv_run *run);
int kv_op_list(struct kv_run *run);
int kv_op_revoke(struct kv_run *run);
int kv_op_restrict(struct kv_run *run);
int kv_op_getcaps(struct kv_run *run);
int kv_op_import(struct kv_run *run);
int kv_op_derive(struct kv_run *run);
int kv_op_subkey(struct kv_run *run);
int kv_op_setname(struct kv_run *run);
int kv_op_find_key(struct kv_run *run);
int kv_op_getalg(struct kv_run *run);
int kv_op_encrypt(struct kv_run *run);
int kv_op_decrypt(struct kv_run *run);
int kv_op_aead_encrypt(struct kv_run *run);
int kv_op_aead_decrypt(struct kv_run *run);
int kv_op_sign(struct kv_run *run);
int kv_op_verify(struct kv_run *run);
int kv_op_mac(struct kv_run *run);
int kv_op_hash(struct kv_run *run);
int kv_op_get_pubkey(struct kv_run *run);
int kv_op_keyexchange(struct kv_run *run);

#endif /* KV_OP_H */
