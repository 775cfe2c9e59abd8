/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * call.h - every request as a row, so that one loop can break all of them
 *
 * A call is a good request with buffers of its own. Tests spoil one thing in it
 * and say which errno they want; call_refused() also sees that nothing was
 * written: not the request, not one byte of any output buffer.
 */
#ifndef CONFORMANCE_CALL_H
#define CONFORMANCE_CALL_H

#include "helper.h"

#define CALL_DATA	48	/* bytes of message in a call: whole blocks */
#define CALL_BUF	128	/* room of each buffer */
#define CALL_BUFS	6
#define NONE		((size_t)-1)

enum direction { FIELD_END, IN, OUT };

/* A pointer in a request. */
struct field {
	enum direction dir;
	const char *name;
	size_t ptr;		/* offset of the pointer */
	size_t len;		/* offset of its length, or NONE */
	size_t len_size;	/* bytes of the length field */
	bool may_be_null;	/* even where the length is not 0 or NONE */
};

struct call;

struct op {
	const char *name;
	unsigned long request;
	size_t size;
	uint32_t caps;		/* any of these will do; 0: none is needed */
	bool question;		/* answered on an O_RDONLY descriptor too */
	bool use;		/* not on a revoked or expired key */
	unsigned int kinds;	/* of key that it works with; 0: takes no key */
	int wrong;		/* errno for a key of another kind */
	size_t key;		/* offset of the key id that goes in, or NONE */
	size_t made;		/* offset of the id of a key that it makes */
	size_t pad;		/* offset of a _pad that must be 0, or NONE */
	struct field fields[7];	/* up to a FIELD_END */
	void (*prepare)(struct call *call);
};

extern const struct op ops[];
extern const unsigned int op_count;

#define FOR_OPS(op) for ((op) = ops; (op) < ops + op_count; (op)++)

struct call {
	const struct op *op;
	const struct alg *alg;	/* of the key, or NULL */
	union {
		struct kv_genkey_req genkey;
		struct kv_destroy_req destroy;
		struct kv_keyinfo_req getinfo;
		struct kv_list_req list;
		struct kv_revoke_req revoke;
		struct kv_restrict_req restrict_to;
		struct kv_getcaps_req getcaps;
		struct kv_encrypt_req encrypt;
		struct kv_decrypt_req decrypt;
		struct kv_aead_encrypt_req seal;
		struct kv_aead_decrypt_req open;
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
		uint8_t bytes[128];
	} req;
	uint8_t buf[CALL_BUFS][CALL_BUF];
};

const struct op *op_find(const char *name);

/*
 * A good request for @op with the key @id of @alg (key_known(), so that what is
 * to be decrypted is authentic). NULL and 0 where the operation takes no key.
 * The call points into itself: do not copy it.
 */
void call_init(struct call *call, const struct op *op, const struct alg *alg,
	       uint64_t id);
/* A kind of key that @op works with, or NULL. */
const struct alg *op_alg(const struct op *op);
/* 0 or errno. */
int call_make(int fd, struct call *call);
/* The request is refused with @err, and nothing was written. */
bool call_refused(int fd, struct call *call, int err);

uint64_t call_get(const struct call *call, size_t offset, size_t size);
void call_set(struct call *call, size_t offset, size_t size, uint64_t value);
uint64_t field_ptr(const struct call *call, const struct field *field);
void field_set_ptr(struct call *call, const struct field *field, const void *p);
/* Bytes that are at the pointer: the length, or what the ABI fixes. */
size_t field_len(const struct call *call, const struct field *field);
void field_set_len(struct call *call, const struct field *field, uint64_t len);

#endif /* CONFORMANCE_CALL_H */
