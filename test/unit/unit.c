// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* unit.c - runs the unit tests of the core, and what they share */

#include <stdarg.h>
#include <stdlib.h>

#include "../tap.h"
#undef CHECK
#undef REQUIRE
#undef TAP_RUN
#include "unit.h"

static char note[256];

int unit_check(int ok, const char *what, const char *file, int line)
{
	if (!tap_check(ok, what, file, line) && note[0])
		printf("#   at %s\n", note);
	return ok;
}

void unit_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(note, sizeof(note), format, args);
	va_end(args);
}

void unit_run(const char *name, void (*fn)(void))
{
	note[0] = '\0';
	tap_run(name, fn);
	fake_reset();
}

const uint32_t unit_keyed[] = {
	KV_ALG_AES128_GCM, KV_ALG_AES256_GCM, KV_ALG_AES128_CBC,
	KV_ALG_AES256_CBC, KV_ALG_AES128_CTR, KV_ALG_AES256_CTR,
	KV_ALG_HMAC_SHA256, KV_ALG_HMAC_SHA512, KV_ALG_ED25519,
	KV_ALG_CHACHA20_POLY1305, KV_ALG_X25519, KV_ALG_HKDF_SHA256,
	KV_ALG_HKDF_SHA512,
};
const size_t unit_num_keyed = ARRAY_SIZE(unit_keyed);

struct kv_handle *unit_open(void)
{
	struct kv_handle *h = NULL;
	int err = kv_handle_open(&h, false);

	if (err)
		fake_die("a vault cannot be opened (%d)", err);
	return h;
}

uint64_t unit_genkey(struct kv_handle *h, uint32_t algorithm, uint32_t ttl)
{
	struct kv_genkey_req req = {
		.algorithm = algorithm, .ttl_seconds = ttl,
	};
	int err = kv_call(h, KV_IOC_GENKEY, &req);

	CHECK(err == 0);
	return err ? 0 : req.key_id;
}

uint64_t unit_import(struct kv_handle *h, uint32_t algorithm, const void *bytes,
		     size_t len)
{
	struct kv_import_req req = {
		.algorithm = algorithm, .key_material = bytes, .key_len = len,
	};
	int err = kv_call(h, KV_IOC_IMPORT, &req);

	CHECK(err == 0);
	return err ? 0 : req.key_id;
}

int unit_destroy(struct kv_handle *h, uint64_t id)
{
	struct kv_destroy_req req = { .key_id = id };

	return kv_call(h, KV_IOC_DESTROY, &req);
}

int unit_revoke(struct kv_handle *h, uint64_t id)
{
	struct kv_revoke_req req = { .key_id = id };

	return kv_call(h, KV_IOC_REVOKE, &req);
}

int unit_set_name(struct kv_handle *h, uint64_t id, const char *name)
{
	struct kv_setname_req req = {
		.key_id = id, .name = (uintptr_t)name,
		.name_len = (uint32_t)strlen(name),
	};

	return kv_call(h, KV_IOC_SETNAME, &req);
}

int unit_flags(struct kv_handle *h, uint64_t id)
{
	struct kv_keyinfo_req req = { .key_id = id };
	int err = kv_call(h, KV_IOC_GETINFO, &req);

	return err ? err : (int)req.flags;
}

int unit_seal(struct kv_handle *h, uint64_t id, uint8_t *data, size_t len,
	      uint8_t nonce[12], uint8_t tag[16])
{
	struct kv_aead_encrypt_req req = {
		.key_id = id, .plaintext = data, .plaintext_len = len,
		.ciphertext = data, .ciphertext_len = len,
		.nonce_out = nonce, .tag = tag,
	};

	return kv_call(h, KV_IOC_AEAD_ENCRYPT, &req);
}

int unit_mac(struct kv_handle *h, uint64_t id, const void *data, size_t len,
	     uint8_t mac[64])
{
	struct kv_mac_req req = {
		.key_id = id, .data = data, .data_len = len,
		.mac = mac, .mac_len = 64,
	};

	return kv_call(h, KV_IOC_MAC, &req);
}

static int use_cipher(struct kv_handle *h, uint64_t id)
{
	uint8_t data[32] = "thirty-two bytes, thirty-two, ok", iv[16];
	struct kv_encrypt_req enc = {
		.key_id = id, .plaintext = data, .plaintext_len = 32,
		.ciphertext = data, .ciphertext_len = 32, .iv_out = iv,
	};
	struct kv_decrypt_req dec = {
		.key_id = id, .ciphertext = data, .ciphertext_len = 32,
		.plaintext = data, .plaintext_len = 32, .iv = iv, .iv_len = 16,
	};
	int err = kv_call(h, KV_IOC_ENCRYPT, &enc);

	if (!err)
		err = kv_call(h, KV_IOC_DECRYPT, &dec);
	if (!err)
		CHECK(!memcmp(data, "thirty-two bytes, thirty-two, ok", 32));
	return err;
}

static int use_aead(struct kv_handle *h, uint64_t id)
{
	uint8_t data[5] = "hello", nonce[12], tag[16];
	struct kv_aead_decrypt_req dec = {
		.key_id = id, .ciphertext = data, .ciphertext_len = 5,
		.nonce = nonce, .tag = tag, .plaintext = data,
		.plaintext_len = 5,
	};
	int err = unit_seal(h, id, data, 5, nonce, tag);

	if (!err)
		err = kv_call(h, KV_IOC_AEAD_DECRYPT, &dec);
	if (!err)
		CHECK(!memcmp(data, "hello", 5));
	return err;
}

static int use_mac(struct kv_handle *h, uint64_t id)
{
	uint8_t one[64], two[64];
	int err = unit_mac(h, id, "message", 7, one);

	if (!err)
		err = unit_mac(h, id, "message", 7, two);
	if (!err)
		CHECK(!memcmp(one, two, 32));
	return err;
}

static int use_signature(struct kv_handle *h, uint64_t id)
{
	uint8_t sig[64];
	struct kv_sign_req sign = {
		.key_id = id, .data = "message", .data_len = 7,
		.signature = sig, .signature_len = 64,
	};
	struct kv_verify_req verify = {
		.key_id = id, .data = "message", .data_len = 7,
		.signature = sig, .signature_len = 64,
	};
	int err = kv_call(h, KV_IOC_SIGN, &sign);

	if (!err)
		err = kv_call(h, KV_IOC_VERIFY, &verify);
	if (!err)
		CHECK(verify.valid == 1);
	return err;
}

static int use_exchange(struct kv_handle *h, uint64_t id)
{
	uint8_t public[32], shared[32];
	struct kv_getpubkey_req get = {
		.key_id = id, .pubkey = public, .pubkey_len = 32,
	};
	struct kv_keyexchange_req exchange = {
		.key_id = id, .peer_pubkey = public, .peer_pubkey_len = 32,
		.shared_secret = shared, .shared_secret_len = 32,
	};
	int err = kv_call(h, KV_IOC_GET_PUBKEY, &get);

	return err ? err : kv_call(h, KV_IOC_KEYEXCHANGE, &exchange);
}

static int use_derive(struct kv_handle *h, uint64_t id)
{
	struct kv_derive_req req = {
		.key_id = id, .algorithm = KV_ALG_HKDF_SHA256,
		.info = "unit", .info_len = 4,
	};
	int err = kv_call(h, KV_IOC_DERIVE, &req);

	return err ? err : unit_destroy(h, req.derived_key_id);
}

int unit_use(struct kv_handle *h, uint32_t algorithm, uint64_t id)
{
	switch (kv_alg_find(algorithm)->kind & ~KV_KIND_VERIFY) {
	case KV_KIND_CIPHER:
		return use_cipher(h, id);
	case KV_KIND_AEAD:
		return use_aead(h, id);
	case KV_KIND_MAC:
		return use_mac(h, id);
	case KV_KIND_KDF:
		return use_derive(h, id);
	case KV_KIND_SIGN:
		return use_signature(h, id);
	case KV_KIND_EXCHANGE:
		return use_exchange(h, id);
	}
	fake_die("no use of algorithm %u", algorithm);
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

void unit_state(struct kv_handle *h, struct unit_state *state)
{
	struct kv_list_req list = { .key_ids = state->ids, .max_keys = 256 };

	memset(state, 0, sizeof(*state));
	state->caps = kv_handle_caps(h);
	state->n_keys = h->vault->n_keys;
	state->key_bytes = h->vault->key_bytes;
	if (kv_call(h, KV_IOC_LIST, &list))
		fake_die("the state of a vault cannot be seen");
	state->num_ids = list.num_keys;
	qsort(state->ids, list.num_keys, sizeof(*state->ids), by_id);
	for (uint32_t i = 0; i < list.num_keys; i++) {
		state->info[i].key_id = state->ids[i];
		if (kv_call(h, KV_IOC_GETINFO, &state->info[i]))
			fake_die("a key that is listed has no info");
	}
}

bool unit_same(const struct unit_state *a, const struct unit_state *b)
{
	return !memcmp(a, b, sizeof(*a));
}

size_t unit_unhex(const char *hex, uint8_t *to, size_t room)
{
	size_t n = strlen(hex) / 2;
	unsigned int byte;

	if (n > room)
		fake_die("%zu bytes of hex for %zu", n, room);
	for (size_t i = 0; i < n; i++) {
		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			fake_die("bad hex");
		to[i] = (uint8_t)byte;
	}
	return n;
}

int main(void)
{
	unit_fake();
	unit_table();
	unit_layout();
	unit_keys();
	unit_derive();
	unit_uses();
	unit_ciphers();
	unit_curves();
	unit_failures();
	unit_vault();
	unit_expiry();
	unit_ending();
	unit_nonces();
	unit_names();
	unit_vectors();
	unit_trace();
	unit_stack();
	return tap_done();
}
