/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * keyvault.h - the ioctl interface of /dev/keyvault
 *
 * Keys that programs can use but cannot read. open("/dev/keyvault", O_RDWR)
 * makes a fresh, empty, private vault; requests on the descriptor make keys in
 * it and use them by 64-bit id. Key bytes never come back. dup(), fork() and
 * SCM_RIGHTS share the open file: the same keys, the same capability mask. The
 * last close destroys and wipes every key.
 *
 * The same header serves kernel and user space, C99 and C++, Linux and FreeBSD.
 * Names, field order, field types and numbers are fixed for ever.
 *
 * Every request answers 0, or -1 with errno; then no user buffer was written
 * and no key was made:
 *
 *   EPERM        the descriptor lacks the capability, or is O_RDONLY and the
 *                request is not a mere question
 *   ENOENT       no such key in this vault
 *   KV_EREVOKED  the key was revoked
 *   KV_EEXPIRED  the key's time is over
 *   EOPNOTSUPP   the key cannot do this (encrypt, decrypt, MAC, derive)
 *   EINVAL       bad algorithm, size, alignment, pointer/length pair or flag;
 *                data over max_data_size; sign, verify, GET_PUBKEY, KEYEXCHANGE
 *                with a key of another kind; a low-order peer point
 *   ENOSPC       an output buffer is too small, or the vault's key bytes are
 *                used up
 *   EMFILE       too many keys in the vault; too many vaults (at open)
 *   EEXIST       the name is taken, or the key already has one (SETNAME)
 *   EOVERFLOW    the key has made 2^32 nonces or IVs and may make no more
 *                (SP 800-38D 8.3): make a new key
 *   EBADMSG      AEAD authentication failed
 *   EFAULT       a pointer is bad
 *   ENOMEM       the system is out of memory
 *   ENOTTY       unknown request
 *
 * Lengths are bytes. A pointer may be NULL where its length is 0; MAC and HASH
 * take the empty message only so. A field "in/out" holds the room on the way in
 * and the length on the way out.
 */
#ifndef KEYVAULT_H
#define KEYVAULT_H

#if defined(__KERNEL__)
#include <linux/errno.h>
#include <linux/ioctl.h>
#include <linux/types.h>
#elif defined(_KERNEL)
#include <sys/types.h>
#include <sys/errno.h>
#include <sys/ioccom.h>
#else
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define KV_DEVICE		"/dev/keyvault"
#define KV_KEY_ID_INVALID	0

#ifdef EKEYREVOKED
#define KV_EREVOKED		EKEYREVOKED
#else
#define KV_EREVOKED		EACCES
#endif
#ifdef EKEYEXPIRED
#define KV_EEXPIRED		EKEYEXPIRED
#else
#define KV_EEXPIRED		ESTALE
#endif

/* Algorithms. Default key bits, and the bits that are allowed, in brackets. */
#define KV_ALG_NONE		0
#define KV_ALG_SHA256		1	/* FIPS 180-4; no key */
#define KV_ALG_SHA512		2
#define KV_ALG_AES128_GCM	10	/* SP 800-38D; 128 */
#define KV_ALG_AES256_GCM	11	/* 256 */
#define KV_ALG_AES128_CBC	12	/* SP 800-38A, no padding; 128 */
#define KV_ALG_AES256_CBC	13	/* 256 */
#define KV_ALG_AES128_CTR	14	/* SP 800-38A, 128-bit big-endian counter */
#define KV_ALG_AES256_CTR	15
#define KV_ALG_HMAC_SHA256	20	/* RFC 2104; 256 (128..512) */
#define KV_ALG_HMAC_SHA512	21	/* 512 (256..1024); import of both: 8..65536 */
#define KV_ALG_ED25519		30	/* RFC 8032; 256 */
#define KV_ALG_CHACHA20_POLY1305 40	/* RFC 8439; 256 */
#define KV_ALG_X25519		41	/* RFC 7748; 256 */
#define KV_ALG_HKDF_SHA256	50	/* RFC 5869; 256 (128..8160) */
#define KV_ALG_HKDF_SHA512	51	/* 512 (128..16320) */

/*
 * Capabilities of a descriptor. They can only shrink (KV_IOC_RESTRICT), for all
 * who share the open file. GETCAPS needs none.
 */
#define KV_CAP_GENKEY		(1u << 0)
#define KV_CAP_DESTROY		(1u << 1)
#define KV_CAP_REVOKE		(1u << 2)
#define KV_CAP_ENCRYPT		(1u << 3)	/* ENCRYPT, AEAD_ENCRYPT */
#define KV_CAP_DECRYPT		(1u << 4)	/* DECRYPT, AEAD_DECRYPT */
#define KV_CAP_SIGN		(1u << 5)
#define KV_CAP_VERIFY		(1u << 6)
#define KV_CAP_MAC		(1u << 7)
#define KV_CAP_HASH		(1u << 8)
#define KV_CAP_GETINFO		(1u << 9)	/* GETINFO, GET_PUBKEY, FIND, GETALG */
#define KV_CAP_LIST		(1u << 10)
#define KV_CAP_RESTRICT		(1u << 11)
#define KV_CAP_DERIVE		(1u << 12)
#define KV_CAP_EXCHANGE		(1u << 13)
#define KV_CAP_IMPORT		(1u << 14)
#define KV_CAP_ALL		0x7FFFu
#define KV_CAP_READONLY		(KV_CAP_ENCRYPT | KV_CAP_DECRYPT | \
				 KV_CAP_SIGN | KV_CAP_VERIFY | \
				 KV_CAP_MAC | KV_CAP_HASH | \
				 KV_CAP_GETINFO | KV_CAP_LIST)

/* Key flags */
#define KV_KEY_FLAG_NONE	0u
#define KV_KEY_FLAG_REVOKED	1u	/* out only */
#define KV_KEY_FLAG_EXPIRED	2u	/* out only */
#define KV_KEY_FLAG_PUBLIC	0x100u	/* a bare public key: verifies, no more */
#define KV_KEY_FLAG_TRANSIENT	0x200u	/* made by SUBKEY; see there */

/* Limits, in bytes unless the name says otherwise */
#define KV_MAX_KEY_SIZE		8192
#define KV_MAX_IV_SIZE		32
#define KV_MAX_TAG_SIZE		32
#define KV_MAX_AAD_SIZE		65536
#define KV_MAX_DATA_SIZE	1048576	/* the default of max_data_size */
#define KV_MAX_LIST_KEYS	1024	/* ids */
#define KV_MAX_NAME_SIZE	63
#define KV_AEAD_NONCE_SIZE	12
#define KV_AEAD_TAG_SIZE	16
#define KV_AES_BLOCK_SIZE	16
#define KV_AES_IV_SIZE		16
#define KV_ED25519_SEED_SIZE	32
#define KV_ED25519_PUBLIC_SIZE	32
#define KV_ED25519_SECRET_SIZE	64
#define KV_ED25519_SIGNATURE_SIZE 64
#define KV_X25519_PUBLIC_SIZE	32
#define KV_X25519_SECRET_SIZE	32
#define KV_X25519_SHARED_SIZE	32
#define KV_HKDF_MAX_SALT_SIZE	1024
#define KV_HKDF_MAX_INFO_SIZE	1024
#define KV_HKDF_MAX_OUTPUT_SIZE	8160

/* GENKEY: makes a random key. */
struct kv_genkey_req {
	uint32_t algorithm;	/* KV_ALG_* with a key */
	uint32_t key_bits;	/* 0: the algorithm's default */
	uint32_t flags;		/* KV_KEY_FLAG_NONE */
	uint32_t ttl_seconds;	/* 0: never expires */
	uint64_t key_id;	/* out */
};

/*
 * DESTROY: the id is gone at once, the bytes when the last running use ends.
 * Needs KV_CAP_DESTROY; for keys that SUBKEY made, KV_CAP_DERIVE will do.
 */
struct kv_destroy_req {
	uint64_t key_id;
};

/* GETINFO: works on revoked and expired keys too. */
struct kv_keyinfo_req {
	uint64_t key_id;
	uint32_t algorithm;	/* out, and all that follow */
	uint32_t key_bits;
	uint32_t flags;		/* KV_KEY_FLAG_* */
	uint32_t _pad;
	int64_t created;	/* seconds since 1970, by the wall clock */
	int64_t expires;	/* the same; 0: never */
};

/* LIST: at most @max_keys and KV_MAX_LIST_KEYS ids, in no order. */
struct kv_list_req {
	uint64_t *key_ids;	/* out */
	uint32_t max_keys;	/* room, in ids */
	uint32_t num_keys;	/* out */
};

/* REVOKE: no use from now on; the id stays, so that GETINFO tells. */
struct kv_revoke_req {
	uint64_t key_id;
};

/* RESTRICT: new mask = old & @caps, for all who share the descriptor. */
struct kv_restrict_req {
	uint32_t caps;
	uint32_t _pad;
};

struct kv_getcaps_req {
	uint32_t caps;		/* out */
	uint32_t _pad;
};

/*
 * ENCRYPT, DECRYPT: CBC (whole blocks, no padding) and CTR (any length), no
 * authentication. @iv NULL with @iv_len 0: the vault makes a random one and
 * needs @iv_out to put it. In place is fine.
 */
struct kv_encrypt_req {
	uint64_t key_id;
	const void *plaintext;
	size_t plaintext_len;
	void *ciphertext;	/* out, as long as the plaintext */
	size_t ciphertext_len;	/* in/out */
	const void *iv;		/* KV_AES_IV_SIZE, or NULL */
	size_t iv_len;
	void *iv_out;		/* out: the IV used; may be NULL if @iv is not */
};

struct kv_decrypt_req {
	uint64_t key_id;
	const void *ciphertext;
	size_t ciphertext_len;
	void *plaintext;	/* out */
	size_t plaintext_len;	/* in/out */
	const void *iv;
	size_t iv_len;
};

/*
 * AEAD_ENCRYPT: @nonce NULL: the vault makes one that never repeats for this
 * key, and needs @nonce_out to put it.
 */
struct kv_aead_encrypt_req {
	uint64_t key_id;
	const void *plaintext;
	size_t plaintext_len;
	const void *aad;
	size_t aad_len;		/* at most KV_MAX_AAD_SIZE */
	void *ciphertext;	/* out, as long as the plaintext */
	size_t ciphertext_len;	/* in/out */
	const void *nonce;	/* KV_AEAD_NONCE_SIZE, or NULL */
	void *nonce_out;	/* out: the nonce used; may be NULL if @nonce is not */
	void *tag;		/* out: KV_AEAD_TAG_SIZE */
};

/* AEAD_DECRYPT: EBADMSG and an untouched @plaintext unless all is authentic. */
struct kv_aead_decrypt_req {
	uint64_t key_id;
	const void *ciphertext;
	size_t ciphertext_len;
	const void *aad;
	size_t aad_len;
	const void *nonce;	/* KV_AEAD_NONCE_SIZE */
	const void *tag;	/* KV_AEAD_TAG_SIZE */
	void *plaintext;	/* out */
	size_t plaintext_len;	/* in/out */
};

/* SIGN: Ed25519 (RFC 8032 5.1.6, pure), 64 bytes. */
struct kv_sign_req {
	uint64_t key_id;
	const void *data;
	size_t data_len;
	void *signature;	/* out */
	size_t signature_len;	/* in/out */
};

/* VERIFY: answers 0 either way. Look at @valid. */
struct kv_verify_req {
	uint64_t key_id;
	const void *data;
	size_t data_len;
	const void *signature;
	size_t signature_len;	/* KV_ED25519_SIGNATURE_SIZE, else EINVAL */
	int valid;		/* out: 1 or 0 */
};

/* MAC: HMAC, 32 or 64 bytes. */
struct kv_mac_req {
	uint64_t key_id;
	const void *data;
	size_t data_len;
	void *mac;		/* out */
	size_t mac_len;		/* in/out */
};

/* HASH: KV_ALG_SHA256 or KV_ALG_SHA512; no key. */
struct kv_hash_req {
	uint32_t algorithm;
	uint32_t _pad;
	const void *data;
	size_t data_len;
	void *digest;		/* out */
	size_t digest_len;	/* in/out */
};

/* GET_PUBKEY: of an Ed25519 or X25519 key, 32 bytes. */
struct kv_getpubkey_req {
	uint64_t key_id;
	void *pubkey;		/* out */
	size_t pubkey_len;	/* in/out */
};

/*
 * KEYEXCHANGE: X25519 (RFC 7748 6.1). EINVAL where the shared secret would be
 * all zero. The secret is returned: run it through a KDF.
 */
struct kv_keyexchange_req {
	uint64_t key_id;
	const void *peer_pubkey;
	size_t peer_pubkey_len;	/* KV_X25519_PUBLIC_SIZE */
	void *shared_secret;	/* out, 32 bytes */
	size_t shared_secret_len; /* in/out */
};

/*
 * DERIVE: HKDF (RFC 5869), a new key from an HMAC or HKDF key. The new key never
 * outlives the old one's expiry.
 */
struct kv_derive_req {
	uint64_t key_id;
	uint32_t algorithm;	/* KV_ALG_HKDF_* */
	uint32_t output_bits;	/* 0: the default of @output_algorithm */
	uint32_t output_algorithm; /* 0: KV_ALG_HMAC_SHA256 */
	uint32_t _pad;
	const void *salt;
	size_t salt_len;	/* at most KV_HKDF_MAX_SALT_SIZE */
	const void *info;
	size_t info_len;	/* at most KV_HKDF_MAX_INFO_SIZE */
	uint64_t derived_key_id; /* out */
};

/*
 * IMPORT: Ed25519 takes the 32-byte seed (with KV_KEY_FLAG_PUBLIC the 32-byte
 * public key), X25519 the 32-byte scalar; HKDF is refused. Wipe your own copy.
 */
struct kv_import_req {
	uint32_t algorithm;
	uint32_t flags;
	const void *key_material;
	size_t key_len;
	uint64_t key_id;	/* out */
};

/*
 * New requests: fixed-width fields only, pointers as uint64_t, so one layout
 * serves 32-bit and 64-bit callers. A non-zero _pad is EINVAL.
 */

/*
 * SETNAME: names a key, once: 1 to KV_MAX_NAME_SIZE bytes of printable UTF-8
 * (RFC 3629; no controls, no invisible or direction-changing characters), no
 * terminator, unique in the vault. EEXIST where the name is taken or the key
 * has one: a name, once resolved, means the same key until that is destroyed.
 * Needs one of KV_CAP_GENKEY, KV_CAP_IMPORT, KV_CAP_DERIVE.
 */
struct kv_setname_req {
	uint64_t key_id;
	uint64_t name;		/* const char * */
	uint32_t name_len;
	uint32_t _pad;
};

/*
 * FIND: @key_id 0: the key called @name, else the key @key_id (then @name is
 * NULL with length 0). ENOENT where there is none. Works on revoked and expired
 * keys. The name is written where there is room for it (a zero @name_out_len
 * asks for none); a key without a name has a length of 0.
 */
struct kv_find_req {
	uint64_t key_id;	/* in/out */
	uint64_t name;		/* const char *, in */
	uint64_t name_out;	/* char *, out, no terminator */
	uint32_t name_len;
	uint32_t name_out_len;	/* in/out */
};

/* GETALG: what an algorithm is, and what carries it out here. */
struct kv_getalg_req {
	uint32_t algorithm;
	uint32_t _pad;
	uint32_t default_bits;	/* out, and all that follow; 0: no key */
	uint32_t min_bits;
	uint32_t max_bits;
	uint32_t _pad2;
	char name[32];		/* "aes256-gcm" */
	char implementation[64]; /* "generic-gcm-aesni" */
};

/*
 * SUBKEY: DERIVE for keys that are used for a while and dropped, such as one
 * file's or one session's. Whoever may derive may also DESTROY such a key (it
 * can be derived again), so that a process with KV_CAP_DERIVE and KV_CAP_DECRYPT
 * can open files and cannot destroy what they were encrypted with.
 */
struct kv_subkey_req {
	uint64_t key_id;
	uint64_t salt;		/* const void * */
	uint64_t info;		/* const void * */
	uint32_t salt_len;	/* at most KV_HKDF_MAX_SALT_SIZE */
	uint32_t info_len;	/* at most KV_HKDF_MAX_INFO_SIZE */
	uint32_t algorithm;	/* KV_ALG_HKDF_* */
	uint32_t output_algorithm; /* 0: KV_ALG_HMAC_SHA256 */
	uint32_t output_bits;	/* 0: the default of @output_algorithm */
	uint32_t ttl_seconds;	/* 0: as long as the key it comes from */
	uint64_t derived_key_id; /* out */
};

#define KV_IOC_GENKEY		_IOWR('K', 1, struct kv_genkey_req)
#define KV_IOC_DESTROY		_IOW('K', 2, struct kv_destroy_req)
#define KV_IOC_GETINFO		_IOWR('K', 3, struct kv_keyinfo_req)
#define KV_IOC_LIST		_IOWR('K', 4, struct kv_list_req)
#define KV_IOC_REVOKE		_IOW('K', 5, struct kv_revoke_req)
#define KV_IOC_RESTRICT		_IOW('K', 6, struct kv_restrict_req)
#define KV_IOC_GETCAPS		_IOR('K', 7, struct kv_getcaps_req)
#define KV_IOC_ENCRYPT		_IOWR('K', 10, struct kv_encrypt_req)
#define KV_IOC_DECRYPT		_IOWR('K', 11, struct kv_decrypt_req)
#define KV_IOC_AEAD_ENCRYPT	_IOWR('K', 12, struct kv_aead_encrypt_req)
#define KV_IOC_AEAD_DECRYPT	_IOWR('K', 13, struct kv_aead_decrypt_req)
#define KV_IOC_SIGN		_IOWR('K', 20, struct kv_sign_req)
#define KV_IOC_VERIFY		_IOWR('K', 21, struct kv_verify_req)
#define KV_IOC_MAC		_IOWR('K', 22, struct kv_mac_req)
#define KV_IOC_HASH		_IOWR('K', 23, struct kv_hash_req)
#define KV_IOC_GET_PUBKEY	_IOWR('K', 24, struct kv_getpubkey_req)
#define KV_IOC_KEYEXCHANGE	_IOWR('K', 30, struct kv_keyexchange_req)
#define KV_IOC_DERIVE		_IOWR('K', 31, struct kv_derive_req)
#define KV_IOC_IMPORT		_IOWR('K', 40, struct kv_import_req)
#define KV_IOC_SETNAME		_IOW('K', 50, struct kv_setname_req)
#define KV_IOC_FIND		_IOWR('K', 51, struct kv_find_req)
#define KV_IOC_GETALG		_IOWR('K', 52, struct kv_getalg_req)
#define KV_IOC_SUBKEY		_IOWR('K', 53, struct kv_subkey_req)

#ifdef __cplusplus
}
#endif

#endif /* KEYVAULT_H */
