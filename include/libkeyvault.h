/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * libkeyvault.h - keys that a program can use but cannot read
 *
 * One function per operation of keyvault.h, with plain C types. Every function
 * that returns int answers 0, or a negative errno as keyvault.h lists them
 * (kv_strerror() makes a sentence of it); then its outputs are not to be used.
 *
 * A handle has no state that changes: any number of threads may use one at the
 * same time. A stream (below) is for one thread at a time. Descriptors that the
 * library opens are closed on exec.
 *
 * Lengths are bytes. A pointer may be NULL where its length is 0. Ciphertext is
 * as long as its plaintext, and may be written over it, except in streams.
 */
#ifndef LIBKEYVAULT_H
#define LIBKEYVAULT_H

#include "keyvault.h"

#ifdef __cplusplus
extern "C" {
#endif

struct kv;			/* a handle on a vault */
struct kv_stream;		/* a file on its way in or out */

/* kv_open(): a new, empty vault, even where $KEYVAULT names an inherited one */
#define KV_OPEN_FRESH		1u

/*
 * Opens the vault that $KEYVAULT names: a device's path, or "fd:N" for a vault
 * on the inherited descriptor N (which stays open, and is shared with all who
 * hold it). Without $KEYVAULT, and in set-user-ID programs: KV_DEVICE.
 */
int kv_open(struct kv **kv, unsigned int flags);

/* Takes over @fd, a vault's descriptor that came from elsewhere. */
int kv_open_fd(struct kv **kv, int fd);

/* The handle's descriptor, to pass on; it stays the handle's. */
int kv_fd(const struct kv *kv);

/* NULL is fine. A private vault dies with its last descriptor. */
void kv_close(struct kv *kv);

/* A sentence for what a function returned, of either sign. Never NULL. */
const char *kv_strerror(int err);

/*
 * Names, as in "aes256-gcm" and "getinfo". NULL, KV_ALG_NONE and 0 where there
 * is none. kv_alg_next() walks the algorithms: KV_ALG_NONE to start, and at the
 * end. @cap is one KV_CAP_* bit.
 */
const char *kv_alg_name(uint32_t algorithm);
uint32_t kv_alg_by_name(const char *name);
uint32_t kv_alg_next(uint32_t algorithm);
const char *kv_cap_name(uint32_t cap);
uint32_t kv_cap_by_name(const char *name);

/* What an algorithm is, and what carries it out here. */
struct kv_alg_info {
	uint32_t algorithm;
	uint32_t default_bits;		/* 0: no key */
	uint32_t min_bits;
	uint32_t max_bits;
	char name[32];
	char implementation[64];
};
int kv_alg_info(struct kv *kv, uint32_t algorithm, struct kv_alg_info *info);

/* Capabilities: KV_CAP_*. kv_restrict() narrows all who share the descriptor. */
int kv_caps(struct kv *kv, uint32_t *caps);
int kv_restrict(struct kv *kv, uint32_t caps);

/*
 * Keys. @bits 0: the algorithm's default. @ttl in seconds, 0: never expires.
 * @flags: KV_KEY_FLAG_NONE or KV_KEY_FLAG_PUBLIC. Wipe your own copy of what you
 * import.
 */
int kv_generate(struct kv *kv, uint32_t algorithm, uint32_t bits, uint32_t ttl,
		uint64_t *key);
int kv_import(struct kv *kv, uint32_t algorithm, uint32_t flags,
	      const void *material, size_t len, uint64_t *key);
int kv_revoke(struct kv *kv, uint64_t key);
int kv_destroy(struct kv *kv, uint64_t key);

struct kv_key_info {
	uint64_t id;
	uint32_t algorithm;
	uint32_t bits;
	uint32_t flags;			/* KV_KEY_FLAG_* */
	int64_t created;		/* seconds since 1970 */
	int64_t expires;		/* the same; 0: never */
	char name[KV_MAX_NAME_SIZE + 1]; /* "": none */
};
int kv_info(struct kv *kv, uint64_t key, struct kv_key_info *info);

/* At most @max and KV_MAX_LIST_KEYS ids, in no order. */
int kv_list(struct kv *kv, uint64_t *keys, size_t max, size_t *count);

/* A name is given once; 1 to KV_MAX_NAME_SIZE bytes of printable UTF-8. */
int kv_set_name(struct kv *kv, uint64_t key, const char *name);
int kv_find(struct kv *kv, const char *name, uint64_t *key);

/* The public half of an Ed25519 or X25519 key. */
int kv_pubkey(struct kv *kv, uint64_t key, uint8_t pubkey[32]);

/*
 * AES in CBC (whole blocks, no padding) and CTR: no authentication; prefer the
 * AEADs. kv_encrypt() has the vault make a random @iv and writes it out;
 * kv_encrypt_iv() takes the caller's.
 */
int kv_encrypt(struct kv *kv, uint64_t key, const void *plaintext, size_t len,
	       void *ciphertext, uint8_t iv[KV_AES_IV_SIZE]);
int kv_encrypt_iv(struct kv *kv, uint64_t key, const void *plaintext,
		  size_t len, void *ciphertext,
		  const uint8_t iv[KV_AES_IV_SIZE]);
int kv_decrypt(struct kv *kv, uint64_t key, const void *ciphertext, size_t len,
	       void *plaintext, const uint8_t iv[KV_AES_IV_SIZE]);

/*
 * AEAD: AES-GCM and ChaCha20-Poly1305. kv_aead_encrypt() has the vault make a
 * @nonce that never repeats, and writes it out; with kv_aead_encrypt_nonce() the
 * caller answers for that. kv_aead_decrypt() answers -EBADMSG unless all is
 * authentic; on any failure it fills @plaintext with zeros.
 */
int kv_aead_encrypt(struct kv *kv, uint64_t key, const void *aad,
		    size_t aad_len, const void *plaintext, size_t len,
		    void *ciphertext, uint8_t nonce[KV_AEAD_NONCE_SIZE],
		    uint8_t tag[KV_AEAD_TAG_SIZE]);
int kv_aead_encrypt_nonce(struct kv *kv, uint64_t key, const void *aad,
			  size_t aad_len, const void *plaintext, size_t len,
			  void *ciphertext,
			  const uint8_t nonce[KV_AEAD_NONCE_SIZE],
			  uint8_t tag[KV_AEAD_TAG_SIZE]);
int kv_aead_decrypt(struct kv *kv, uint64_t key, const void *aad,
		    size_t aad_len, const void *ciphertext, size_t len,
		    void *plaintext, const uint8_t nonce[KV_AEAD_NONCE_SIZE],
		    const uint8_t tag[KV_AEAD_TAG_SIZE]);

/*
 * Ed25519 (RFC 8032, pure). kv_verify() answers 0 for a valid signature and for
 * nothing else; -EBADMSG for one that is not.
 */
int kv_sign(struct kv *kv, uint64_t key, const void *data, size_t len,
	    uint8_t signature[KV_ED25519_SIGNATURE_SIZE]);
int kv_verify(struct kv *kv, uint64_t key, const void *data, size_t len,
	      const void *signature, size_t signature_len);

/* HMAC and SHA-2. @mac_len, @digest_len: room in, 32 or 64 out. */
int kv_mac(struct kv *kv, uint64_t key, const void *data, size_t len,
	   void *mac, size_t *mac_len);
int kv_hash(struct kv *kv, uint32_t algorithm, const void *data, size_t len,
	    void *digest, size_t *digest_len);

/*
 * X25519 (RFC 7748). -EINVAL for a low-order @peer. Run the secret through a
 * KDF, and wipe it.
 */
int kv_exchange(struct kv *kv, uint64_t key,
		const uint8_t peer[KV_X25519_PUBLIC_SIZE],
		uint8_t secret[KV_X25519_SHARED_SIZE]);

/*
 * HKDF (RFC 5869): a new key of @algorithm (KV_ALG_NONE: HMAC-SHA256) and @bits
 * (0: its default) from the HMAC or HKDF key @key. @hkdf: KV_ALG_HKDF_*.
 */
int kv_derive(struct kv *kv, uint64_t key, uint32_t hkdf, const void *salt,
	      size_t salt_len, const void *info, size_t info_len,
	      uint32_t algorithm, uint32_t bits, uint64_t *derived);

/*
 * The same, for a key that is used for a while and dropped: it lives @ttl_seconds
 * at most (0: as long as @key), and kv_destroy() takes it also from a handle that
 * has KV_CAP_DERIVE and not KV_CAP_DESTROY.
 */
int kv_subkey(struct kv *kv, uint64_t key, uint32_t hkdf, const void *salt,
	      size_t salt_len, const void *info, size_t info_len,
	      uint32_t algorithm, uint32_t bits, uint32_t ttl_seconds,
	      uint64_t *derived);

/*
 * Streams: data of any size, in pieces, in constant memory, in the file format of
 * docs/FORMAT.md. @key is an HMAC or HKDF key, from which the vault derives one
 * for this file alone (kv_subkey()); kv_stream_free() destroys it.
 * @algorithm: KV_ALG_AES256_GCM (also for KV_ALG_NONE), KV_ALG_CHACHA20_POLY1305.
 *
 * kv_stream_update() takes @len bytes and gives *@out_len; room for
 * KV_STREAM_ROOM(len) must be there (-ENOSPC), and must not overlap @in.
 * kv_stream_final() gives the rest, KV_STREAM_ROOM(0) at most; without it the
 * file is not whole. Decryption gives only bytes that are authentic and in their
 * place, but that the file is whole is known only after kv_stream_final():
 * -KV_EFORMAT is not in this format, -KV_EWRONGKEY has another key, -EBADMSG was
 * changed or cut. After an error the stream can only be freed.
 */
#ifdef EKEYREJECTED
#define KV_EWRONGKEY		EKEYREJECTED
#else
#define KV_EWRONGKEY		EAUTH
#endif
#define KV_EFORMAT		EPROTO
#define KV_STREAM_ROOM(len)	((len) + (len) / 4096 + 65536 + 128)

int kv_stream_encrypt(struct kv_stream **stream, struct kv *kv, uint64_t key,
		      uint32_t algorithm);
int kv_stream_decrypt(struct kv_stream **stream, struct kv *kv, uint64_t key);
int kv_stream_update(struct kv_stream *stream, const void *in, size_t len,
		     void *out, size_t *out_len);
int kv_stream_final(struct kv_stream *stream, void *out, size_t *out_len);
void kv_stream_free(struct kv_stream *stream);

#ifdef __cplusplus
}
#endif

#endif /* LIBKEYVAULT_H */
