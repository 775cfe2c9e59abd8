/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The bytes of docs/FORMAT.md. No cryptography and no vault here. */
#ifndef KV_FORMAT_H
#define KV_FORMAT_H

#include <stdbool.h>

#include "libkeyvault.h"

#define KV_FILE_SALT		32
#define KV_FILE_PREFIX		7	/* of each nonce */
#define KV_FILE_FIXED		(12 + KV_FILE_SALT + KV_FILE_PREFIX)
#define KV_FILE_HEADER		(KV_FILE_FIXED + KV_AEAD_TAG_SIZE)
#define KV_FILE_CHUNK		65536	/* plaintext */
#define KV_FILE_SEALED		(KV_FILE_CHUNK + KV_AEAD_TAG_SIZE)
#define KV_FILE_LABEL		"keyvault file 1"
#define KV_FILE_INFO		(sizeof(KV_FILE_LABEL) - 1 + KV_FILE_FIXED)

/* The last byte of a nonce says what it is for. */
enum { KV_FILE_MORE = 0, KV_FILE_LAST = 1, KV_FILE_HEAD = 2 };

/* Fills in all but the salt and the prefix, which are at kv_file_random(). */
void kv_file_header(uint8_t header[KV_FILE_FIXED], uint32_t algorithm,
		    uint32_t hkdf);
static inline uint8_t *kv_file_random(uint8_t header[KV_FILE_FIXED])
{
	return header + 12;
}

/* -KV_EFORMAT unless every field is one that version 1 knows. */
int kv_file_parse(const uint8_t header[KV_FILE_FIXED], uint32_t *algorithm,
		  uint32_t *hkdf);

/* HKDF's info: the label and the header. */
void kv_file_info(uint8_t info[KV_FILE_INFO],
		  const uint8_t header[KV_FILE_FIXED]);

/* STREAM's nonce: prefix || counter, big-endian || use. */
void kv_file_nonce(uint8_t nonce[KV_AEAD_NONCE_SIZE],
		   const uint8_t header[KV_FILE_FIXED], uint32_t counter,
		   uint8_t use);

#endif
