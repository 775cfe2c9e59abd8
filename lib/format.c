// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <string.h>

#include "format.h"

/* The line ends show what a text-mode transfer did; the 0 says "not text". */
static const uint8_t magic[8] = { 'K', 'V', 'F', '\r', '\n', 0x1a, '\n', 0 };

enum { AT_VERSION = 8, AT_ALGORITHM, AT_HKDF, AT_CHUNK };
#define VERSION		1
#define CHUNK_LOG2	16

_Static_assert(1 << CHUNK_LOG2 == KV_FILE_CHUNK, "the field and the size");

void kv_file_header(uint8_t header[KV_FILE_FIXED], uint32_t algorithm,
		    uint32_t hkdf)
{
	memcpy(header, magic, sizeof(magic));
	header[AT_VERSION] = VERSION;
	header[AT_ALGORITHM] = algorithm;
	header[AT_HKDF] = hkdf;
	header[AT_CHUNK] = CHUNK_LOG2;
}

int kv_file_parse(const uint8_t header[KV_FILE_FIXED], uint32_t *algorithm,
		  uint32_t *hkdf)
{
	uint8_t alg = header[AT_ALGORITHM], kdf = header[AT_HKDF];

	if (memcmp(header, magic, sizeof(magic)) ||
	    header[AT_VERSION] != VERSION || header[AT_CHUNK] != CHUNK_LOG2)
		return -KV_EFORMAT;
	if (alg != KV_ALG_AES256_GCM && alg != KV_ALG_CHACHA20_POLY1305)
		return -KV_EFORMAT;
	if (kdf != KV_ALG_HKDF_SHA256 && kdf != KV_ALG_HKDF_SHA512)
		return -KV_EFORMAT;
	*algorithm = alg;
	*hkdf = kdf;
	return 0;
}

void kv_file_info(uint8_t info[KV_FILE_INFO],
		  const uint8_t header[KV_FILE_FIXED])
{
	size_t label = sizeof(KV_FILE_LABEL) - 1;

	memcpy(info, KV_FILE_LABEL, label);
	memcpy(info + label, header, KV_FILE_FIXED);
}

void kv_file_nonce(uint8_t nonce[KV_AEAD_NONCE_SIZE],
		   const uint8_t header[KV_FILE_FIXED], uint32_t counter,
		   uint8_t use)
{
	memcpy(nonce, header + 12 + KV_FILE_SALT, KV_FILE_PREFIX);
	nonce[7] = counter >> 24;
	nonce[8] = counter >> 16;
	nonce[9] = counter >> 8;
	nonce[10] = counter;
	nonce[11] = use;
}
