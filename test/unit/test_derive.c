// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_derive.c - keys that are derived, and those that may be dropped */

#include "unit.h"

static int derive(struct kv_handle *h, uint64_t id, uint32_t hkdf, uint32_t output,
		  uint32_t output_bits, uint64_t *derived)
{
	struct kv_derive_req req = {
		.key_id = id, .algorithm = hkdf, .output_algorithm = output,
		.output_bits = output_bits, .info = "test", .info_len = 4,
	};
	int err = kv_call(h, KV_IOC_DERIVE, &req);

	CHECK((req.derived_key_id != 0) == !err);
	*derived = req.derived_key_id;
	return err;
}

static void derived_algorithms(void)
{
	struct kv_handle *h = unit_open();
	uint64_t source = unit_genkey(h, KV_ALG_HKDF_SHA256, 0), id;
	struct kv_keyinfo_req info_req;

	for (uint32_t out = 0; out < 64; out++) {
		const struct kv_alg *alg = kv_alg_find(out ? out :
						       KV_ALG_HMAC_SHA256);
		bool good = alg && alg->kind != KV_KIND_HASH;

		unit_note("output algorithm %u", out);
		CHECK(derive(h, source, KV_ALG_HKDF_SHA512, out, 0, &id) ==
		      (good ? 0 : -EINVAL));
		if (!good)
			continue;
		info_req.key_id = id;
		CHECK(kv_call(h, KV_IOC_GETINFO, &info_req) == 0);
		CHECK(info_req.algorithm == alg->id);
		CHECK(info_req.key_bits == alg->bits.def);
		CHECK(unit_use(h, alg->id, id) == 0);
	}
	for (uint32_t hkdf = 0; hkdf < 64; hkdf++) {
		bool good = hkdf == KV_ALG_HKDF_SHA256 ||
			    hkdf == KV_ALG_HKDF_SHA512;

		CHECK(derive(h, source, hkdf, 0, 0, &id) == (good ? 0 : -EINVAL));
	}
	CHECK(derive(h, source, KV_ALG_HKDF_SHA256, KV_ALG_AES256_GCM, 128, &id) ==
	      -EINVAL);
	CHECK(derive(h, source, KV_ALG_HKDF_SHA256, 0, 12, &id) == -EINVAL);
	CHECK(derive(h, source, KV_ALG_HKDF_SHA256, KV_ALG_HKDF_SHA256, 8160, &id)
	      == 0);
	CHECK(derive(h, source, KV_ALG_HKDF_SHA512, KV_ALG_HKDF_SHA512, 16320, &id)
	      == 0);
	CHECK(derive(h, source, KV_ALG_HKDF_SHA512, KV_ALG_HKDF_SHA512, 16328, &id)
	      == -EINVAL);
	kv_handle_close(h);
}

/* Who may be derived from; the same twice is the same key, else another. */
static void derived_keys(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id, one, two, three;
	uint8_t a[64], b[64], c[64];

	for (size_t i = 0; i < unit_num_keyed; i++) {
		const struct kv_alg *alg = kv_alg_find(unit_keyed[i]);
		bool good = alg->kind & (KV_KIND_MAC | KV_KIND_KDF);

		id = unit_genkey(h, alg->id, 0);
		unit_note("from %s", alg->name);
		CHECK(derive(h, id, KV_ALG_HKDF_SHA256, 0, 0, &one) ==
		      (good ? 0 : -EOPNOTSUPP));
	}
	id = unit_genkey(h, KV_ALG_HMAC_SHA512, 0);
	CHECK(derive(h, id, KV_ALG_HKDF_SHA256, 0, 0, &one) == 0);
	CHECK(derive(h, id, KV_ALG_HKDF_SHA256, 0, 0, &two) == 0);
	CHECK(derive(h, id, KV_ALG_HKDF_SHA512, 0, 0, &three) == 0);
	CHECK(unit_mac(h, one, "m", 1, a) == 0);
	CHECK(unit_mac(h, two, "m", 1, b) == 0);
	CHECK(unit_mac(h, three, "m", 1, c) == 0);
	CHECK(one != two && !memcmp(a, b, 32) && memcmp(a, c, 32));
	kv_handle_close(h);
}

static uint64_t subkey(struct kv_handle *h, uint64_t id, uint32_t output,
		       uint32_t ttl)
{
	struct kv_subkey_req req = {
		.key_id = id, .algorithm = KV_ALG_HKDF_SHA256,
		.output_algorithm = output, .ttl_seconds = ttl,
		.info = (uintptr_t)"test", .info_len = 4,
	};

	CHECK(kv_call(h, KV_IOC_SUBKEY, &req) == 0);
	return req.derived_key_id;
}

/* A subkey is what DERIVE makes, and who may derive it may drop it. */
static void subkeys(void)
{
	struct kv_handle *h = unit_open();
	uint64_t source = unit_genkey(h, KV_ALG_HKDF_SHA256, 0), derived;
	uint64_t sub = subkey(h, source, KV_ALG_HMAC_SHA256, 0);
	uint64_t other = subkey(h, source, 0, 0);
	struct fake_event e;
	uint8_t a[64], b[64];

	CHECK(derive(h, source, KV_ALG_HKDF_SHA256, 0, 0, &derived) == 0);
	CHECK(unit_flags(h, sub) == KV_KEY_FLAG_TRANSIENT);
	CHECK(unit_flags(h, derived) == 0);
	CHECK(unit_mac(h, sub, "m", 1, a) == 0);
	CHECK(unit_mac(h, derived, "m", 1, b) == 0);
	CHECK(!memcmp(a, b, 32));
	e = fake_event(KV_EV_DERIVE);
	CHECK(e.count == 3 && e.a == source && e.b == 32 && e.c == 0);

	kv_handle_restrict(h, ~KV_CAP_DESTROY);
	CHECK(unit_destroy(h, source) == -EPERM);
	CHECK(unit_destroy(h, derived) == -EPERM);
	CHECK(unit_destroy(h, sub ^ 1) == -EPERM);
	CHECK(fake_event(KV_EV_CAP_DENIED).count == 3);
	CHECK(fake_event(KV_EV_CAP_DENIED).a == KV_CAP_DESTROY);
	CHECK(unit_revoke(h, sub) == 0);
	CHECK(unit_destroy(h, sub) == 0);
	CHECK(unit_flags(h, sub) == -ENOENT);
	kv_handle_restrict(h, ~KV_CAP_DERIVE);
	CHECK(unit_destroy(h, other) == -EPERM);
	CHECK(unit_flags(h, other) == KV_KEY_FLAG_TRANSIENT);
	CHECK(unit_flags(h, source) == 0 && unit_flags(h, derived) == 0);
	kv_handle_close(h);
}

void unit_derive(void)
{
	TAP_RUN(derived_algorithms);
	TAP_RUN(derived_keys);
	TAP_RUN(subkeys);
}
