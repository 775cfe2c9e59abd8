// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_uses.c - what all requests that use a key take and refuse alike */

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
}
