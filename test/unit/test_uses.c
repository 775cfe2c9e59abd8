// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_uses.c - what each request that uses a key takes, gives and refuses */

#include <stdlib.h>

#include "scene.h"

/* What a request answers for a key of each kind: 0 is "it works". */
static const struct {
	const char *name;
	unsigned long request;
	uint32_t kinds;
	int wrong;
} rules[] = {
	{ "encrypt", KV_IOC_ENCRYPT, KV_KIND_CIPHER, -EOPNOTSUPP },
	{ "decrypt", KV_IOC_DECRYPT, KV_KIND_CIPHER, -EOPNOTSUPP },
	{ "aead_encrypt", KV_IOC_AEAD_ENCRYPT, KV_KIND_AEAD, -EOPNOTSUPP },
	{ "aead_decrypt", KV_IOC_AEAD_DECRYPT, KV_KIND_AEAD, -EOPNOTSUPP },
	{ "sign", KV_IOC_SIGN, KV_KIND_SIGN, -EINVAL },
	{ "verify", KV_IOC_VERIFY, KV_KIND_SIGN, -EINVAL },
	{ "mac", KV_IOC_MAC, KV_KIND_MAC, -EOPNOTSUPP },
	{ "get_pubkey", KV_IOC_GET_PUBKEY, KV_KIND_SIGN | KV_KIND_EXCHANGE,
	  -EINVAL },
	{ "keyexchange", KV_IOC_KEYEXCHANGE, KV_KIND_EXCHANGE, -EINVAL },
	{ "derive", KV_IOC_DERIVE, KV_KIND_MAC | KV_KIND_KDF, -EOPNOTSUPP },
	{ "subkey", KV_IOC_SUBKEY, KV_KIND_MAC | KV_KIND_KDF, -EOPNOTSUPP },
};

/* The first scene of a request. */
static void scene_of(unsigned long request, struct kv_handle *h, struct scene *s)
{
	unsigned int i = 0;

	while (scene_request(i) != request)
		i++;
	scene_make(i, h, s);
}

static void wrong_kinds(void)
{
	for (size_t r = 0; r < ARRAY_SIZE(rules); r++) {
		for (size_t a = 0; a < unit_num_keyed; a++) {
			const struct kv_alg *alg = kv_alg_find(unit_keyed[a]);
			struct kv_handle *h = unit_open();
			static struct scene s, before;
			uint64_t id;

			if (alg->kind & rules[r].kinds) {
				kv_handle_close(h);
				continue;
			}
			scene_of(rules[r].request, h, &s);
			id = unit_genkey(h, unit_keyed[a], 0);
			memcpy(s.req.bytes, &id, sizeof(id));
			before = s;
			unit_note("%s with %s", rules[r].name, alg->name);
			CHECK(kv_call(h, s.request, &s.req) == rules[r].wrong);
			CHECK(!memcmp(&s, &before, sizeof(s)));
			CHECK(unit_revoke(h, id) == 0);
			CHECK(kv_call(h, s.request, &s.req) == -KV_EREVOKED);
			kv_handle_close(h);
		}
	}
}

/* A key that is not there comes before pointers that are bad. */
static void missing_keys(void)
{
	for (size_t r = 0; r < ARRAY_SIZE(rules); r++) {
		struct kv_handle *h = unit_open();
		uint8_t req[128] = { 1 };
		struct fake_event e;

		memset(req + 8, 0xff, sizeof(req) - 8);
		CHECK(kv_call(h, rules[r].request, req) == -ENOENT);
		e = fake_event(KV_EV_KEY_NOTFOUND);
		CHECK(e.count == r + 1 && e.a == 1);
		kv_handle_close(h);
	}
}

/* One byte of room too little: ENOSPC, and the room is not told. */
static void small_rooms(void)
{
	unsigned int count = scene_count(), tried = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct kv_handle *h = unit_open();
		static struct scene s, fits, small;
		const struct kv_op *op;

		scene_make(i, h, &s);
		op = kv_op_find(s.request);
		for (unsigned int b = 0; b < KV_OP_BUFS; b++) {
			const struct kv_buf_rule *rule = &op->buf[b];
			uint64_t len = 0;

			memcpy(&len, s.req.bytes + rule->len, rule->len_size);
			if (!(rule->flags & KV_BUF_OUT) || rule->unit || !len)
				continue;
			unit_note("%s, buffer %u", scene_name(i), b);
			fits = s;
			CHECK(kv_call(h, s.request, &s.req) == 0);
			memcpy(&len, s.req.bytes + rule->len, rule->len_size);
			CHECK(len > 0 && len < sizeof(s.out));
			s = fits;
			memcpy(s.req.bytes + rule->len, &len, rule->len_size);
			CHECK(kv_call(h, s.request, &s.req) == 0);
			s = fits;
			len--;
			memcpy(s.req.bytes + rule->len, &len, rule->len_size);
			small = s;
			CHECK(kv_call(h, s.request, &s.req) == -ENOSPC);
			CHECK(!memcmp(&s, &small, sizeof(s)));
			s = fits;
			tried++;
		}
		kv_handle_close(h);
	}
	CHECK(tried > 20);
}

/* A pointer that is NULL with a length that is not 0. */
static void null_pointers(void)
{
	unsigned int count = scene_count();

	for (unsigned int i = 0; i < count; i++) {
		struct kv_handle *h = unit_open();
		static struct scene s, before;
		const struct kv_op *op;

		scene_make(i, h, &s);
		op = kv_op_find(s.request);
		for (unsigned int b = 0; b < KV_OP_BUFS && op->buf[b].flags; b++) {
			const struct kv_buf_rule *rule = &op->buf[b];
			uint64_t len = 0;

			memcpy(&len, s.req.bytes + rule->len, rule->len_size);
			if (!len)
				continue;
			before = s;
			memset(s.req.bytes + rule->ptr, 0, rule->ptr_size);
			unit_note("%s, buffer %u", scene_name(i), b);
			CHECK(kv_call(h, s.request, &s.req) == -EINVAL);
			CHECK(!memcmp(s.out, before.out, sizeof(s.out)));
			memcpy(&s, &before, sizeof(s));
		}
		kv_handle_close(h);
	}
}

/* One byte over each limit of what a request reads, and far over. */
static void long_inputs(void)
{
	static const uint64_t far[] = { 1ull << 31, 1ull << 32, 1ull << 63, ~0ull };
	unsigned int count = scene_count();

	for (unsigned int i = 0; i < count; i++) {
		struct kv_handle *h = unit_open();
		static struct scene s, before;
		const struct kv_op *op;

		scene_make(i, h, &s);
		op = kv_op_find(s.request);
		for (unsigned int b = 0; b < KV_OP_BUFS && op->buf[b].flags; b++) {
			const struct kv_buf_rule *rule = &op->buf[b];
			uint64_t len = rule->limit != KV_LIM_DATA ? rule->limit :
				       KV_MAX_DATA_SIZE, ptr = 0;

			memcpy(&ptr, s.req.bytes + rule->ptr, rule->ptr_size);
			if (!(rule->flags & KV_BUF_IN) || !rule->len_size || !ptr)
				continue;
			before = s;
			len++;
			memcpy(s.req.bytes + rule->len, &len, rule->len_size);
			unit_note("%s, buffer %u", scene_name(i), b);
			CHECK(kv_call(h, s.request, &s.req) == -EINVAL);
			for (size_t f = 0; f < ARRAY_SIZE(far); f++) {
				len = far[f];
				if (rule->len_size == 4 && !(uint32_t)len)
					continue;
				memcpy(s.req.bytes + rule->len, &len,
				       rule->len_size);
				CHECK(kv_call(h, s.request, &s.req) == -EINVAL);
			}
			CHECK(!memcmp(s.out, before.out, sizeof(s.out)));
			s = before;
		}
		kv_handle_close(h);
	}
}

/* max_data_size bounds data, and nothing else. */
static void data_limit(void)
{
	static uint8_t data[200], out[200];
	struct kv_handle *h = unit_open();
	struct kv_hash_req hash = {
		.algorithm = KV_ALG_SHA256, .data = data, .data_len = 100,
		.digest = out, .digest_len = 64,
	};
	struct kv_import_req import = {
		.algorithm = KV_ALG_HMAC_SHA256, .key_material = data,
		.key_len = 200,
	};
	struct kv_encrypt_req ctr = {
		.key_id = unit_genkey(h, KV_ALG_AES256_CTR, 0),
		.plaintext = data, .plaintext_len = 100, .ciphertext = out,
		.ciphertext_len = ~(size_t)0, .iv = data, .iv_len = 16,
	};

	CHECK(kv_tunable_set(KV_MAX_DATA, 100) == 0);
	CHECK(kv_call(h, KV_IOC_HASH, &hash) == 0);
	hash.data_len = 101;
	hash.digest_len = 64;
	CHECK(kv_call(h, KV_IOC_HASH, &hash) == -EINVAL);
	CHECK(kv_call(h, KV_IOC_IMPORT, &import) == 0);
	fake_user_once(false);	/* the IV is the data, too */
	CHECK(kv_call(h, KV_IOC_ENCRYPT, &ctr) == 0);
	CHECK(ctr.ciphertext_len == 100);
	ctr.plaintext_len = 101;
	ctr.ciphertext_len = 200;
	CHECK(kv_call(h, KV_IOC_ENCRYPT, &ctr) == -EINVAL);
	CHECK(kv_tunable_set(KV_MAX_DATA, KV_MAX_DATA_SIZE) == 0);
	kv_handle_close(h);
}

/* The largest message there is, in and out. */
static void large_data(void)
{
	uint8_t *data = malloc(KV_MAX_DATA_SIZE), nonce[12], tag[16];
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_CHACHA20_POLY1305, 0);
	struct kv_aead_decrypt_req dec = {
		.key_id = id, .ciphertext = data,
		.ciphertext_len = KV_MAX_DATA_SIZE, .plaintext = data,
		.plaintext_len = KV_MAX_DATA_SIZE, .nonce = nonce, .tag = tag,
	};

	REQUIRE(data);
	memset(data, 'x', KV_MAX_DATA_SIZE);
	CHECK(unit_seal(h, id, data, KV_MAX_DATA_SIZE, nonce, tag) == 0);
	CHECK(data[0] != 'x' || data[1] != 'x' || data[2] != 'x');
	CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == 0);
	for (size_t i = 0; i < KV_MAX_DATA_SIZE; i++)
		if (data[i] != 'x')
			REQUIRE(data[i] == 'x');
	free(data);
	kv_handle_close(h);
}

static void empty_messages(void)
{
	struct kv_handle *h = unit_open();
	uint8_t out[64], nonce[12], tag[16];
	uint64_t hmac = unit_genkey(h, KV_ALG_HMAC_SHA512, 0);
	uint64_t gcm = unit_genkey(h, KV_ALG_AES256_GCM, 0);
	uint64_t ed = unit_genkey(h, KV_ALG_ED25519, 0);
	struct kv_hash_req hash = {
		.algorithm = KV_ALG_SHA256, .digest = out, .digest_len = 64,
	};
	struct kv_sign_req sign = {
		.key_id = ed, .signature = out, .signature_len = 64,
	};
	struct kv_verify_req verify = {
		.key_id = ed, .signature = out, .signature_len = 64,
	};
	struct kv_aead_decrypt_req dec = {
		.key_id = gcm, .nonce = nonce, .tag = tag,
	};
	uint8_t want[32];

	unit_unhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		   want, 32);
	CHECK(kv_call(h, KV_IOC_HASH, &hash) == 0);
	CHECK(hash.digest_len == 32 && !memcmp(out, want, 32));
	hash.data = out;
	CHECK(kv_call(h, KV_IOC_HASH, &hash) == -EINVAL);
	CHECK(unit_mac(h, hmac, NULL, 0, out) == 0);
	CHECK(unit_mac(h, hmac, "", 0, out) == -EINVAL);
	CHECK(kv_call(h, KV_IOC_SIGN, &sign) == 0);
	verify.data = "";
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 1);
	sign.data = "";
	CHECK(kv_call(h, KV_IOC_SIGN, &sign) == 0);
	verify.data = NULL;
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 1);
	CHECK(unit_seal(h, gcm, NULL, 0, nonce, tag) == 0);
	CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == 0);
	dec.ciphertext = dec.aad = "";
	CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == 0);
	tag[0] ^= 1;
	CHECK(kv_call(h, KV_IOC_AEAD_DECRYPT, &dec) == -EBADMSG);
	kv_handle_close(h);
}

static void hash_arguments(void)
{
	struct kv_handle *h = unit_open();
	uint8_t out[64];
	struct kv_hash_req req = { .data = "abc", .data_len = 3, .digest = out };
	uint8_t want[64];

	for (uint32_t id = 0; id < 64; id++) {
		req.algorithm = id;
		req.digest_len = 64;
		CHECK(kv_call(h, KV_IOC_HASH, &req) ==
		      (id == KV_ALG_SHA256 || id == KV_ALG_SHA512 ? 0 : -EINVAL));
	}
	req.algorithm = KV_ALG_SHA512;
	CHECK(kv_call(h, KV_IOC_HASH, &req) == 0 && req.digest_len == 64);
	unit_unhex("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		   "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		   want, 64);
	CHECK(!memcmp(out, want, 64));
	CHECK(fake_event(KV_EV_HASH).a == 3 && fake_event(KV_EV_HASH).b == 0);
	kv_handle_close(h);
}

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

static void signatures(void)
{
	struct kv_handle *h = unit_open();
	uint8_t seed[32], want[64], sig[80], msg[1] = { 0x72 };
	struct kv_sign_req sign = {
		.data = msg, .data_len = 1, .signature = sig, .signature_len = 80,
	};
	struct kv_verify_req verify = {
		.data = msg, .data_len = 1, .signature = sig, .signature_len = 64,
	};

	/* RFC 8032 7.1, test 2 */
	unit_unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		   seed, 32);
	unit_unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		   "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
		   want, 64);
	sign.key_id = verify.key_id = unit_import(h, KV_ALG_ED25519, seed, 32);
	CHECK(kv_call(h, KV_IOC_SIGN, &sign) == 0 && sign.signature_len == 64);
	CHECK(!memcmp(sig, want, 64));
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 1);
	for (size_t bit = 0; bit < 512; bit++) {
		sig[bit / 8] ^= 1 << bit % 8;
		verify.valid = 1;
		CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0);
		CHECK(verify.valid == 0);
		sig[bit / 8] ^= 1 << bit % 8;
	}
	msg[0] ^= 1;
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 0);
	CHECK(fake_event(KV_EV_VERIFY).d == 0 && fake_event(KV_EV_VERIFY).c == 0);
	msg[0] ^= 1;
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 1);
	CHECK(fake_event(KV_EV_VERIFY).d == 1 && fake_event(KV_EV_VERIFY).b == 1);
	for (size_t len = 0; len < 80; len++) {
		verify.signature_len = len;
		if (len != 64)
			CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == -EINVAL);
	}
	kv_handle_close(h);
}

/* RFC 7748 5.2, the two vectors, and the first iteration: a public key. */
static void exchange_vectors(void)
{
	static const struct {
		const char *scalar, *u, *out;
	} vectors[] = {
		{ "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
		  "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
		  "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552" },
		{ "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
		  "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
		  "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957" },
		{ "0900000000000000000000000000000000000000000000000000000000000000",
		  "0900000000000000000000000000000000000000000000000000000000000000",
		  "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079" },
	};
	struct kv_handle *h = unit_open();
	uint8_t scalar[32], u[32], want[32], out[64];
	struct kv_keyexchange_req req = {
		.peer_pubkey = u, .peer_pubkey_len = 32, .shared_secret = out,
	};
	struct kv_getpubkey_req get = { .pubkey = out, .pubkey_len = 64 };

	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		unit_unhex(vectors[i].scalar, scalar, 32);
		unit_unhex(vectors[i].u, u, 32);
		unit_unhex(vectors[i].out, want, 32);
		req.key_id = unit_import(h, KV_ALG_X25519, scalar, 32);
		req.shared_secret_len = 64;
		unit_note("vector %zu", i + 1);
		CHECK(kv_call(h, KV_IOC_KEYEXCHANGE, &req) == 0);
		CHECK(req.shared_secret_len == 32 && !memcmp(out, want, 32));
		u[31] ^= 0x80;		/* the top bit is not looked at */
		CHECK(kv_call(h, KV_IOC_KEYEXCHANGE, &req) == 0);
		CHECK(!memcmp(out, want, 32));
	}
	get.key_id = req.key_id;
	CHECK(kv_call(h, KV_IOC_GET_PUBKEY, &get) == 0 && get.pubkey_len == 32);
	CHECK(!memcmp(out, want, 32));
	kv_handle_close(h);
}

/* Peers that make the shared secret zero, and lengths that are none. */
static void bad_peers(void)
{
	static const char *const low_order[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	struct kv_handle *h = unit_open();
	uint8_t peer[64] = { 9 }, out[32], untouched[32];
	struct kv_keyexchange_req req = {
		.key_id = unit_genkey(h, KV_ALG_X25519, 0),
		.peer_pubkey = peer, .shared_secret = out, .shared_secret_len = 32,
	};

	memset(out, 0xee, 32);
	memset(untouched, 0xee, 32);
	for (size_t len = 0; len < 64; len++) {
		req.peer_pubkey_len = len;
		if (len != 32)
			CHECK(kv_call(h, KV_IOC_KEYEXCHANGE, &req) == -EINVAL);
	}
	req.peer_pubkey_len = 32;
	for (size_t i = 0; i < ARRAY_SIZE(low_order); i++) {
		unit_unhex(low_order[i], peer, 32);
		unit_note("peer %zu", i);
		CHECK(kv_call(h, KV_IOC_KEYEXCHANGE, &req) == -EINVAL);
		peer[31] ^= 0x80;
		CHECK(kv_call(h, KV_IOC_KEYEXCHANGE, &req) == -EINVAL);
	}
	CHECK(!memcmp(out, untouched, 32));
	CHECK(fake_event(KV_EV_KEYEXCHANGE).c == EINVAL);
	kv_handle_close(h);
}

void unit_uses(void)
{
	TAP_RUN(wrong_kinds);
	TAP_RUN(missing_keys);
	TAP_RUN(small_rooms);
	TAP_RUN(null_pointers);
	TAP_RUN(long_inputs);
	TAP_RUN(data_limit);
	TAP_RUN(large_data);
	TAP_RUN(empty_messages);
	TAP_RUN(hash_arguments);
	TAP_RUN(iv_arguments);
	TAP_RUN(cipher_lengths);
	TAP_RUN(cipher_vectors);
	TAP_RUN(forgeries);
	TAP_RUN(aead_arguments);
	TAP_RUN(overlapping_buffers);
	TAP_RUN(signatures);
	TAP_RUN(exchange_vectors);
	TAP_RUN(bad_peers);
}
