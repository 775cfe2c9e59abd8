// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_curves.c - Ed25519 and X25519: vectors, public keys, bad peers */

#include "unit.h"

/* A bare public key verifies, tells itself, and can do nothing else. */
static void public_keys(void)
{
	struct kv_handle *h = unit_open();
	uint64_t pair = unit_genkey(h, KV_ALG_ED25519, 0);
	uint8_t public[32], again[64], sig[64];
	struct kv_getpubkey_req get = {
		.key_id = pair, .pubkey = public, .pubkey_len = 32,
	};
	struct kv_import_req import_req = {
		.algorithm = KV_ALG_ED25519, .flags = KV_KEY_FLAG_PUBLIC,
		.key_material = public, .key_len = 32,
	};
	struct kv_sign_req sign = {
		.key_id = pair, .data = "m", .data_len = 1, .signature = sig,
		.signature_len = 64,
	};
	struct kv_verify_req verify = {
		.data = "m", .data_len = 1, .signature = sig, .signature_len = 64,
	};

	REQUIRE(kv_call(h, KV_IOC_GET_PUBKEY, &get) == 0);
	REQUIRE(kv_call(h, KV_IOC_SIGN, &sign) == 0);
	REQUIRE(kv_call(h, KV_IOC_IMPORT, &import_req) == 0);
	verify.key_id = get.key_id = sign.key_id = import_req.key_id;
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 1);
	sig[5] ^= 1;
	CHECK(kv_call(h, KV_IOC_VERIFY, &verify) == 0 && verify.valid == 0);
	CHECK(kv_call(h, KV_IOC_SIGN, &sign) == -EINVAL);
	get.pubkey = again;
	get.pubkey_len = 64;
	CHECK(kv_call(h, KV_IOC_GET_PUBKEY, &get) == 0 && get.pubkey_len == 32);
	CHECK(!memcmp(public, again, 32));
	CHECK(unit_flags(h, import_req.key_id) == KV_KEY_FLAG_PUBLIC);
	CHECK(unit_revoke(h, import_req.key_id) == 0);
	CHECK(unit_flags(h, import_req.key_id) ==
	      (KV_KEY_FLAG_PUBLIC | KV_KEY_FLAG_REVOKED));
	kv_handle_close(h);
}

/* What is no public key: not on the curve, written otherwise, of small order. */
static void bad_public_keys(void)
{
	static const char *const bad[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		/* y is p, p + 1, and the most there is */
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		/* x would be -0 */
		"0100000000000000000000000000000000000000000000000000000000000080",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		/* no x for this y */
		"0200000000000000000000000000000000000000000000000000000000000000",
		"0200000000000000000000000000000000000000000000000000000000000080",
	};
	struct kv_handle *h = unit_open();
	uint8_t public[32];
	struct kv_import_req req = {
		.algorithm = KV_ALG_ED25519, .flags = KV_KEY_FLAG_PUBLIC,
		.key_material = public, .key_len = 32,
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		unit_unhex(bad[i], public, 32);
		unit_note("public key %zu", i);
		CHECK(kv_call(h, KV_IOC_IMPORT, &req) == -EINVAL);
	}
	unit_unhex("0300000000000000000000000000000000000000000000000000000000000000",
		   public, 32);
	CHECK(kv_call(h, KV_IOC_IMPORT, &req) == 0);
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

void unit_curves(void)
{
	TAP_RUN(public_keys);
	TAP_RUN(bad_public_keys);
	TAP_RUN(signatures);
	TAP_RUN(exchange_vectors);
	TAP_RUN(bad_peers);
}
