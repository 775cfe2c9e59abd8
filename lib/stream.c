// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Streams: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015)
 * over a key that the vault derives for one file. docs/FORMAT.md has the bytes.
 *
 * Input gathers in buf[] until it holds one whole piece AND more follows, for
 * only then is it known not to be the last. Encrypting, a piece is a chunk of
 * plaintext; decrypting, the header first and then sealed chunks.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format.h"
#include "transport.h"

struct kv_stream {
	struct kv *kv;		/* the caller's; outlives the stream */
	uint64_t source;	/* the key that the caller named */
	uint64_t key;		/* this file's; KV_KEY_ID_INVALID: none yet */
	int (*piece)(struct kv_stream *s, uint8_t use, uint8_t **out);
	int err;		/* the first error stays */
	uint32_t algorithm;
	uint32_t hkdf;
	uint32_t counter;	/* of chunks */
	size_t size;		/* of a whole piece */
	size_t fill;		/* of buf[] */
	uint8_t header[KV_FILE_HEADER];
	uint8_t buf[KV_FILE_SEALED];
};

static int derive_file_key(struct kv_stream *s)
{
	uint8_t info[KV_FILE_INFO];

	kv_file_info(info, s->header);
	return kv_subkey(s->kv, s->source, s->hkdf,
			 kv_file_random(s->header), KV_FILE_SALT,
			 info, sizeof(info), s->algorithm, 0, 0, &s->key);
}

/* The nonce for the next chunk, which uses it up. */
static int next_nonce(struct kv_stream *s, uint8_t use,
		      uint8_t nonce[KV_AEAD_NONCE_SIZE])
{
	if (s->counter == UINT32_MAX)
		return -EFBIG;
	kv_file_nonce(nonce, s->header, s->counter++, use);
	return 0;
}

static int seal_chunk(struct kv_stream *s, uint8_t use, uint8_t **out)
{
	uint8_t nonce[KV_AEAD_NONCE_SIZE];
	int err = next_nonce(s, use, nonce);

	if (!err)
		err = kv_aead_encrypt_nonce(s->kv, s->key, NULL, 0, s->buf,
					    s->fill, *out, nonce,
					    *out + s->fill);
	if (!err)
		*out += s->fill + KV_AEAD_TAG_SIZE;
	return err;
}

static int open_chunk(struct kv_stream *s, uint8_t use, uint8_t **out)
{
	uint8_t nonce[KV_AEAD_NONCE_SIZE];
	size_t len;
	int err;

	if (s->fill < KV_AEAD_TAG_SIZE)
		return -EBADMSG;
	len = s->fill - KV_AEAD_TAG_SIZE;
	if (!len && s->counter)
		return -EBADMSG;	/* only an empty file ends empty */
	err = next_nonce(s, use, nonce);
	if (!err)
		err = kv_aead_decrypt(s->kv, s->key, NULL, 0, s->buf, len,
				      *out, nonce, s->buf + len);
	if (!err)
		*out += len;
	return err;
}

/* The header's own tag: nothing is encrypted, the header is authenticated. */
static int seal_header(struct kv_stream *s, uint8_t **out)
{
	uint8_t nonce[KV_AEAD_NONCE_SIZE];
	int err;

	kv_file_nonce(nonce, s->header, 0, KV_FILE_HEAD);
	err = kv_aead_encrypt_nonce(s->kv, s->key, s->header, KV_FILE_FIXED,
				    NULL, 0, NULL, nonce,
				    s->header + KV_FILE_FIXED);
	if (err)
		return err;
	memcpy(*out, s->header, KV_FILE_HEADER);
	*out += KV_FILE_HEADER;
	return 0;
}

static int open_header(struct kv_stream *s, uint8_t use, uint8_t **out)
{
	uint8_t nonce[KV_AEAD_NONCE_SIZE];
	int err;

	(void)out;
	if (s->fill < KV_FILE_HEADER)
		return -KV_EFORMAT;	/* it ends within the header */
	memcpy(s->header, s->buf, KV_FILE_HEADER);
	err = kv_file_parse(s->header, &s->algorithm, &s->hkdf);
	if (!err)
		err = derive_file_key(s);
	if (err)
		return err;
	kv_file_nonce(nonce, s->header, 0, KV_FILE_HEAD);
	err = kv_aead_decrypt(s->kv, s->key, s->header, KV_FILE_FIXED, NULL, 0,
			      NULL, nonce, s->header + KV_FILE_FIXED);
	if (err)
		return err == -EBADMSG ? -KV_EWRONGKEY : err;
	if (use == KV_FILE_LAST)
		return -EBADMSG;	/* not even an empty chunk follows */
	s->piece = open_chunk;
	s->size = KV_FILE_SEALED;
	return 0;
}

/* Encrypting starts here: the key, the header, and then chunks. */
static int first_chunk(struct kv_stream *s, uint8_t use, uint8_t **out)
{
	int err = seal_header(s, out);

	if (err)
		return err;
	s->piece = seal_chunk;
	return seal_chunk(s, use, out);
}

int kv_stream_update(struct kv_stream *s, const void *in, size_t len,
		     void *out, size_t *out_len)
{
	const uint8_t *from = in;
	uint8_t *to = out;
	size_t n;

	if (!s->err && *out_len < KV_STREAM_ROOM(len))
		return -ENOSPC;
	while (len && !s->err) {
		if (s->fill == s->size) {
			s->err = s->piece(s, KV_FILE_MORE, &to);
			s->fill = 0;
			continue;
		}
		n = s->size - s->fill < len ? s->size - s->fill : len;
		memcpy(s->buf + s->fill, from, n);
		s->fill += n;
		from += n;
		len -= n;
	}
	*out_len = s->err ? 0 : (size_t)(to - (uint8_t *)out);
	return s->err;
}

int kv_stream_final(struct kv_stream *s, void *out, size_t *out_len)
{
	uint8_t *to = out;

	if (!s->err && *out_len < KV_STREAM_ROOM(0))
		return -ENOSPC;
	if (!s->err)
		s->err = s->piece(s, KV_FILE_LAST, &to);
	*out_len = s->err ? 0 : (size_t)(to - (uint8_t *)out);
	if (s->err)
		return s->err;
	s->err = -EINVAL;	/* nothing comes after the last */
	return 0;
}

/* Files are encrypted under a key's own hash; who may not ask gets SHA-256. */
static int choose_hkdf(struct kv *kv, uint64_t key, uint32_t *hkdf)
{
	struct kv_key_info info;
	int err = kv_info(kv, key, &info);

	*hkdf = KV_ALG_HKDF_SHA256;
	if (err == -EPERM)
		return 0;
	if (!err && (info.algorithm == KV_ALG_HMAC_SHA512 ||
		     info.algorithm == KV_ALG_HKDF_SHA512))
		*hkdf = KV_ALG_HKDF_SHA512;
	return err;
}

static int start_encrypt(struct kv_stream *s)
{
	int err = choose_hkdf(s->kv, s->source, &s->hkdf);

	if (err)
		return err;
	kv_file_header(s->header, s->algorithm, s->hkdf);
	if (getentropy(kv_file_random(s->header),
		       KV_FILE_SALT + KV_FILE_PREFIX))
		return -errno;
	return derive_file_key(s);
}

static struct kv_stream *stream_new(struct kv *kv, uint64_t key)
{
	struct kv_stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->kv = kv;
	s->source = key;
	return s;
}

int kv_stream_encrypt(struct kv_stream **stream, struct kv *kv, uint64_t key,
		      uint32_t algorithm)
{
	struct kv_stream *s;
	int err;

	if (algorithm == KV_ALG_NONE)
		algorithm = KV_ALG_AES256_GCM;
	if (algorithm != KV_ALG_AES256_GCM &&
	    algorithm != KV_ALG_CHACHA20_POLY1305)
		return -EINVAL;
	s = stream_new(kv, key);
	if (!s)
		return -ENOMEM;
	s->algorithm = algorithm;
	s->piece = first_chunk;
	s->size = KV_FILE_CHUNK;
	err = start_encrypt(s);
	if (err)
		kv_stream_free(s);
	else
		*stream = s;
	return err;
}

int kv_stream_decrypt(struct kv_stream **stream, struct kv *kv, uint64_t key)
{
	struct kv_stream *s = stream_new(kv, key);

	if (!s)
		return -ENOMEM;
	s->piece = open_header;
	s->size = KV_FILE_HEADER;
	*stream = s;
	return 0;
}

void kv_stream_free(struct kv_stream *s)
{
	if (!s)
		return;
	if (s->key != KV_KEY_ID_INVALID)
		kv_destroy(s->kv, s->key);
	explicit_bzero(s, sizeof(*s));
	free(s);
}
