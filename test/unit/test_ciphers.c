// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_ciphers.c - CBC, CTR and AEAD: lengths, IVs, vectors, forgeries */

#include "unit.h"

static void iv_arguments(void)
{
	static const uint32_t algs[] = { KV_ALG_AES128_CBC, KV_ALG_AES256_CTR };

	for (size_t i = 0; i < ARRAY_SIZE(algs); i++) {
		struct kv_handle *h = unit_open();
		uint8_t data[32] = { 0 }, iv[32] = { 0 }, iv_out[17], out[32];
		uint64_t id = unit_genkey(h, algs[i], 0);
		const struct kv_encrypt_req good = {
			.key_id = id, .plaintext = data, .plaintext_len = 32,
			.ciphertext = out, .ciphertext_len = 32,
			.iv = iv, .iv_len = 16, .iv_out = iv_out,
		};
		struct kv_encrypt_req req = good;
		struct kv_decrypt_req dec = {
			.key_id = id, .ciphertext = out, .ciphertext_len = 32,
			.plaintext = out, .plaintext_len = 32, .iv = iv,
		};

		iv[3] = 7;
		iv_out[16] = 0xee;
		unit_note("algorithm %u", algs[i]);
		CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == 0);
		CHECK(!memcmp(iv, iv_out, 16) && iv_out[16] == 0xee);
		req = good;
		req.iv = NULL;
		CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == -EINVAL);
		req.iv_len = 0;
		CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == 0);
		CHECK(memcmp(iv, iv_out, 16));
		req.iv_out = NULL;
		CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == -EINVAL);
		for (size_t len = 0; len < 40; len++) {
			req = good;
			req.iv_len = dec.iv_len = len;
			CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) ==
			      (len == 16 ? 0 : -EINVAL));
			CHECK(kv_call(h, KV_IOC_DECRYPT, &dec) ==
			      (len == 16 ? 0 : -EINVAL));
		}
		dec.iv = NULL;
		dec.iv_len = 0;
		CHECK(kv_call(h, KV_IOC_DECRYPT, &dec) == -EINVAL);
		kv_handle_close(h);
	}
}

/* CBC wants whole blocks, CTR takes any length; each comes back. */
static void cipher_lengths(void)
{
	for (uint32_t alg = KV_ALG_AES128_CBC; alg <= KV_ALG_AES256_CTR; alg++) {
		bool cbc = alg <= KV_ALG_AES256_CBC;
		struct kv_handle *h = unit_open();
		uint64_t id = unit_genkey(h, alg, 0);
		uint8_t data[70], out[70], back[70], iv[16];

		kv_os_random(data, sizeof(data));
		for (size_t len = 0; len < 70; len++) {
			struct kv_encrypt_req enc = {
				.key_id = id, .plaintext = data,
				.plaintext_len = len, .ciphertext = out,
				.ciphertext_len = 70, .iv_out = iv,
			};
			struct kv_decrypt_req dec = {
				.key_id = id, .ciphertext = out,
				.ciphertext_len = len, .plaintext = back,
				.plaintext_len = 70, .iv = iv, .iv_len = 16,
			};
			int want = cbc && len % 16 ? -EINVAL : 0;

			memset(out, 0xee, sizeof(out));
			memset(back, 0xee, sizeof(back));
			unit_note("algorithm %u, %zu bytes", alg, len);
			CHECK(kv_call(h, KV_IOC_ENCRYPT, &enc) == want);
			CHECK(kv_call(h, KV_IOC_DECRYPT, &dec) == want);
			if (want)
				continue;
			CHECK(enc.ciphertext_len == len);
			CHECK(dec.plaintext_len == len);
			CHECK(!memcmp(back, data, len));
			CHECK(len < 8 || memcmp(out, data, len));
			CHECK(len == 70 || (out[len] == 0xee && back[len] == 0xee));
		}
		kv_handle_close(h);
	}
}

/* SP 800-38A F.2.1 and F.5.1: the first block of each, AES-128. */
static void cipher_vectors(void)
{
	static const struct {
		uint32_t alg;
		const char *iv, *ciphertext;
	} vectors[] = {
		{ KV_ALG_AES128_CBC, "000102030405060708090a0b0c0d0e0f",
		  "7649abac8119b246cee98e9b12e9197d" },
		{ KV_ALG_AES128_CTR, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		  "874d6191b620e3261bef6864990db6ce" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct kv_handle *h = unit_open();
		uint8_t key[16], iv[16], text[16], want[16];
		struct kv_encrypt_req req = {
			.plaintext = text, .plaintext_len = 16,
			.ciphertext = text, .ciphertext_len = 16,
			.iv = iv, .iv_len = 16,
		};

		unit_unhex("2b7e151628aed2a6abf7158809cf4f3c", key, 16);
		unit_unhex("6bc1bee22e409f96e93d7e117393172a", text, 16);
		unit_unhex(vectors[i].iv, iv, 16);
		unit_unhex(vectors[i].ciphertext, want, 16);
		req.key_id = unit_import(h, vectors[i].alg, key, 16);
		CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == 0);
		CHECK(!memcmp(text, want, 16));
		kv_handle_close(h);
	}
}

/* Any bit that is changed, or any wrong part: EBADMSG, and nothing written. */
static void forgeries(void)
{
	static const uint32_t algs[] = { KV_ALG_AES128_GCM, KV_ALG_AES256_GCM,
					 KV_ALG_CHACHA20_POLY1305 };

	for (size_t a = 0; a < ARRAY_SIZE(algs); a++) {
		struct kv_handle *h = unit_open();
		struct {
			uint8_t text[20], aad[7], nonce[12], tag[16];
		} m = { "twenty bytes of text", "header", "", "" };
		uint8_t plain[20], untouched[20];
		struct kv_aead_encrypt_req enc = {
			.key_id = unit_genkey(h, algs[a], 0),
			.plaintext = m.text, .plaintext_len = 20,
			.ciphertext = m.text, .ciphertext_len = 20,
			.aad = m.aad, .aad_len = 7,
			.nonce_out = m.nonce, .tag = m.tag,
		};
		struct kv_aead_decrypt_req dec = {
			.key_id = enc.key_id, .ciphertext = m.text,
			.ciphertext_len = 20, .aad = m.aad, .aad_len = 7,
			.nonce = m.nonce, .tag = m.tag, .plaintext = plain,
			.plaintext_len = 20,
		};

		memset(plain, 0xee, 20);
		memset(untouched, 0xee, 20);
		unit_note("algorithm %u", algs[a]);
		CHECK(kv_call(h, KV_IOC_AEAD_ENCRYPT, &enc) == 0);
		for (size_t bit = 0; bit < sizeof(m) * 8; bit++) {
			((uint8_t *)&m)[bit / 8] ^= 1 << bit % 8;
			CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == -EBADMSG);
			((uint8_t *)&m)[bit / 8] ^= 1 << bit % 8;
		}
		dec.aad_len = 6;
		CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == -EBADMSG);
		dec.aad_len = 7;
		dec.ciphertext_len = 19;
		CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == -EBADMSG);
		dec.ciphertext_len = 20;
		dec.key_id = unit_genkey(h, algs[a], 0);
		CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == -EBADMSG);
		CHECK(fake_event(KV_EV_AEAD_DECRYPT).c == EBADMSG);
		CHECK(!memcmp(plain, untouched, 20) && dec.plaintext_len == 20);
		dec.key_id = enc.key_id;
		CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == 0);
		CHECK(!memcmp(plain, "twenty bytes of text", 20));
		kv_handle_close(h);
	}
}

static void aead_arguments(void)
{
	struct kv_handle *h = unit_open();
	uint8_t data[8] = "message", out[8], nonce[12] = "nonce", told[12], tag[16];
	const struct kv_aead_encrypt_req good = {
		.key_id = unit_genkey(h, KV_ALG_AES256_GCM, 0),
		.plaintext = data, .plaintext_len = 8, .ciphertext = out,
		.ciphertext_len = 8, .nonce = nonce, .nonce_out = told,
		.tag = tag,
	};
	struct kv_aead_encrypt_req req = good;
	struct kv_aead_decrypt_req dec = {
		.key_id = good.key_id, .ciphertext = out, .ciphertext_len = 8,
		.plaintext = data, .plaintext_len = 8, .nonce = nonce, .tag = tag,
	};

	CHECK(kv_call(h, KV_IOC_AEAD_ENCRYPT, &req) == 0);
	CHECK(!memcmp(told, nonce, 12));
	req.nonce = NULL;
	CHECK(kv_call(h, KV_IOC_AEAD_ENCRYPT, &req) == 0);
	CHECK(memcmp(told, nonce, 12));
	req.nonce_out = NULL;
	CHECK(kv_call(h, KV_IOC_AEAD_ENCRYPT, &req) == -EINVAL);
	req = good;
	req.tag = NULL;
	CHECK(kv_call(h, KV_IOC_AEAD_ENCRYPT, &req) == -EINVAL);
	dec.tag = NULL;
	CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == -EINVAL);
	dec.tag = tag;
	dec.nonce = NULL;
	CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == -EINVAL);
	kv_handle_close(h);
}

/* Buffers may overlap as they like: all is read before anything is written. */
static void overlapping_buffers(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_AES256_CTR, 0);
	uint8_t text[32], apart[32], area[64], iv[16] = { 5 };
	struct kv_encrypt_req req = {
		.key_id = id, .plaintext = text, .plaintext_len = 32,
		.ciphertext = apart, .ciphertext_len = 32, .iv = iv, .iv_len = 16,
	};

	kv_os_random(text, sizeof(text));
	CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == 0);
	for (size_t shift = 0; shift < 32; shift++) {
		memcpy(area + 16, text, 32);
		req.plaintext = area + 16;
		req.ciphertext = area + shift;
		req.ciphertext_len = 32;
		unit_note("shifted by %zu", shift);
		CHECK(kv_call(h, KV_IOC_ENCRYPT, &req) == 0);
		CHECK(!memcmp(area + shift, apart, 32));
	}
	kv_handle_close(h);
}

void unit_ciphers(void)
{
	TAP_RUN(iv_arguments);
	TAP_RUN(cipher_lengths);
	TAP_RUN(cipher_vectors);
	TAP_RUN(forgeries);
	TAP_RUN(aead_arguments);
	TAP_RUN(overlapping_buffers);
}
