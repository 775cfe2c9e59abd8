// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* scene.c - a valid request for every operation and every algorithm it takes */

#include "scene.h"

typedef void build_fn(struct kv_handle *h, struct scene *s, uint32_t alg);

static void build_genkey(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	(void)h;
	s->req.genkey.algorithm = alg;
	s->req.genkey.ttl_seconds = 60;
}

/* The 17th key: the table has to grow. */
static void build_genkey_17(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	for (int i = 0; i < 16; i++)
		unit_genkey(h, alg, 0);
	s->req.genkey.algorithm = alg;
}

static void build_import(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	(void)h;
	s->req.import.algorithm = alg;
	s->req.import.key_material = s->key;
	s->req.import.key_len = kv_alg_find(alg)->import.def / 8;
}

static void make_public(struct kv_handle *h, uint64_t id, uint8_t public[32])
{
	struct kv_getpubkey_req req = {
		.key_id = id, .pubkey = public, .pubkey_len = 32,
	};

	if (kv_call(h, KV_IOC_GET_PUBKEY, &req))
		fake_die("a key has no public key");
}

static void build_import_public(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	make_public(h, unit_genkey(h, alg, 0), s->key);
	s->req.import.algorithm = alg;
	s->req.import.flags = KV_KEY_FLAG_PUBLIC;
	s->req.import.key_material = s->key;
	s->req.import.key_len = 32;
}

static void build_destroy(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.destroy.key_id = unit_genkey(h, alg, 0);
}

static void build_revoke(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.revoke.key_id = unit_genkey(h, alg, 0);
}

static void build_getinfo(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.info.key_id = unit_genkey(h, alg, 0);
}

static void build_list(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	unit_genkey(h, alg, 0);
	unit_genkey(h, alg, 0);
	s->req.list.key_ids = s->ids;
	s->req.list.max_keys = ARRAY_SIZE(s->ids);
}

static void build_restrict(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	(void)h;
	(void)alg;
	s->req.restrict_.caps = KV_CAP_ALL & ~KV_CAP_SIGN;
}

static void build_getcaps(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	(void)h;
	(void)s;
	(void)alg;
}

static void build_encrypt(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	struct kv_encrypt_req *req = &s->req.encrypt;

	req->key_id = unit_genkey(h, alg, 0);
	req->plaintext = s->data;
	req->plaintext_len = SCENE_DATA;
	req->ciphertext = s->out;
	req->ciphertext_len = sizeof(s->out);
	req->iv_out = s->out2;
}

static void build_encrypt_iv(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	build_encrypt(h, s, alg);
	s->req.encrypt.iv = s->iv;
	s->req.encrypt.iv_len = 16;
}

static void build_encrypt_no_iv_out(struct kv_handle *h, struct scene *s,
				    uint32_t alg)
{
	build_encrypt_iv(h, s, alg);
	s->req.encrypt.iv_out = NULL;
}

static void build_decrypt(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	struct kv_decrypt_req *req = &s->req.decrypt;

	req->key_id = unit_genkey(h, alg, 0);
	req->ciphertext = s->data;
	req->ciphertext_len = SCENE_DATA;
	req->plaintext = s->out;
	req->plaintext_len = sizeof(s->out);
	req->iv = s->iv;
	req->iv_len = 16;
}

static void build_seal(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	struct kv_aead_encrypt_req *req = &s->req.aead_encrypt;

	req->key_id = unit_genkey(h, alg, 0);
	req->plaintext = s->data;
	req->plaintext_len = SCENE_DATA - 1;
	req->aad = s->aad;
	req->aad_len = sizeof(s->aad);
	req->ciphertext = s->out;
	req->ciphertext_len = sizeof(s->out);
	req->nonce_out = s->out2;
	req->tag = s->out3;
}

static void build_seal_nonce(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	build_seal(h, s, alg);
	s->req.aead_encrypt.nonce = s->iv;
	s->req.aead_encrypt.nonce_out = NULL;
}

static void build_open(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	struct kv_aead_decrypt_req *req = &s->req.aead_decrypt;
	struct kv_aead_encrypt_req seal = {
		.key_id = unit_genkey(h, alg, 0),
		.plaintext = s->data, .plaintext_len = SCENE_DATA,
		.ciphertext = s->data, .ciphertext_len = SCENE_DATA,
		.aad = s->aad, .aad_len = sizeof(s->aad),
		.nonce = s->iv, .tag = s->tag,
	};

	if (kv_call(h, KV_IOC_AEAD_ENCRYPT, &seal))
		fake_die("nothing can be sealed");
	req->key_id = seal.key_id;
	req->ciphertext = s->data;
	req->ciphertext_len = SCENE_DATA;
	req->aad = s->aad;
	req->aad_len = sizeof(s->aad);
	req->nonce = s->iv;
	req->tag = s->tag;
	req->plaintext = s->out;
	req->plaintext_len = sizeof(s->out);
}

static void build_sign(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.sign.key_id = unit_genkey(h, alg, 0);
	s->req.sign.data = s->data;
	s->req.sign.data_len = SCENE_DATA;
	s->req.sign.signature = s->out;
	s->req.sign.signature_len = sizeof(s->out);
}

static void build_verify(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	struct kv_sign_req sign = {
		.key_id = unit_genkey(h, alg, 0), .data = s->data,
		.data_len = SCENE_DATA, .signature = s->sig, .signature_len = 64,
	};

	if (kv_call(h, KV_IOC_SIGN, &sign))
		fake_die("nothing can be signed");
	s->req.verify.key_id = sign.key_id;
	s->req.verify.data = s->data;
	s->req.verify.data_len = SCENE_DATA;
	s->req.verify.signature = s->sig;
	s->req.verify.signature_len = 64;
}

static void build_mac(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.mac.key_id = unit_genkey(h, alg, 0);
	s->req.mac.data = s->data;
	s->req.mac.data_len = SCENE_DATA;
	s->req.mac.mac = s->out;
	s->req.mac.mac_len = sizeof(s->out);
}

static void build_hash(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	(void)h;
	s->req.hash.algorithm = alg;
	s->req.hash.data = s->data;
	s->req.hash.data_len = SCENE_DATA;
	s->req.hash.digest = s->out;
	s->req.hash.digest_len = sizeof(s->out);
}

static void build_pubkey(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.getpubkey.key_id = unit_genkey(h, alg, 0);
	s->req.getpubkey.pubkey = s->out;
	s->req.getpubkey.pubkey_len = sizeof(s->out);
}

static void build_exchange(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.exchange.key_id = unit_genkey(h, alg, 0);
	make_public(h, s->req.exchange.key_id, s->key);
	s->req.exchange.peer_pubkey = s->key;
	s->req.exchange.peer_pubkey_len = 32;
	s->req.exchange.shared_secret = s->out;
	s->req.exchange.shared_secret_len = sizeof(s->out);
}

static void build_derive_from(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	struct kv_derive_req *req = &s->req.derive;

	req->key_id = unit_genkey(h, alg, 60);
	req->algorithm = KV_ALG_HKDF_SHA512;
	req->salt = s->aad;
	req->salt_len = sizeof(s->aad);
	req->info = s->data;
	req->info_len = SCENE_DATA;
}

static void build_derive_to(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	build_derive_from(h, s, KV_ALG_HKDF_SHA256);
	s->req.derive.output_algorithm = alg;
	s->req.derive.output_bits = kv_alg_find(alg)->bits.max;
}

static void build_subkey(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	struct kv_subkey_req *req = &s->req.subkey;

	req->key_id = unit_genkey(h, alg, 0);
	req->algorithm = KV_ALG_HKDF_SHA256;
	req->output_algorithm = KV_ALG_AES256_GCM;
	req->salt = (uintptr_t)s->aad;
	req->salt_len = sizeof(s->aad);
	req->info = (uintptr_t)s->data;
	req->info_len = SCENE_DATA;
	req->ttl_seconds = 60;
}

static void build_setname(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.setname.key_id = unit_genkey(h, alg, 0);
	s->req.setname.name = (uintptr_t)s->name;
	s->req.setname.name_len = sizeof(s->name);
}

static void build_find_name(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	char name[sizeof(s->name) + 1] = "";

	memcpy(name, s->name, sizeof(s->name));
	unit_set_name(h, unit_genkey(h, alg, 0), name);
	s->req.find.name = (uintptr_t)s->name;
	s->req.find.name_len = sizeof(s->name);
}

static void build_find_id(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	s->req.find.key_id = unit_genkey(h, alg, 0);
	unit_set_name(h, s->req.find.key_id, "name");
	s->req.find.name_out = (uintptr_t)s->out;
	s->req.find.name_out_len = sizeof(s->out);
}

static void build_getalg(struct kv_handle *h, struct scene *s, uint32_t alg)
{
	(void)h;
	s->req.getalg.algorithm = alg;
}

#define ANY	(~0u)		/* every kind */
#define KEYED	(~KV_KIND_HASH)
#define GIVEN	(KEYED & ~KV_KIND_KDF)	/* can be imported */

/* @kinds: of the algorithms it is built for; 0: once, for HMAC-SHA256. */
static const struct {
	const char *name;
	unsigned long request;
	uint32_t kinds;
	build_fn *build;
} rows[] = {
	{ "genkey", KV_IOC_GENKEY, KEYED, build_genkey },
	{ "17th genkey", KV_IOC_GENKEY, 0, build_genkey_17 },
	{ "import", KV_IOC_IMPORT, GIVEN, build_import },
	{ "import public", KV_IOC_IMPORT, KV_KIND_SIGN, build_import_public },
	{ "destroy", KV_IOC_DESTROY, KEYED, build_destroy },
	{ "revoke", KV_IOC_REVOKE, KEYED, build_revoke },
	{ "getinfo", KV_IOC_GETINFO, KEYED, build_getinfo },
	{ "list", KV_IOC_LIST, 0, build_list },
	{ "restrict", KV_IOC_RESTRICT, 0, build_restrict },
	{ "getcaps", KV_IOC_GETCAPS, 0, build_getcaps },
	{ "encrypt", KV_IOC_ENCRYPT, KV_KIND_CIPHER, build_encrypt },
	{ "encrypt iv", KV_IOC_ENCRYPT, KV_KIND_CIPHER, build_encrypt_iv },
	{ "encrypt iv in only", KV_IOC_ENCRYPT, KV_KIND_CIPHER,
	  build_encrypt_no_iv_out },
	{ "decrypt", KV_IOC_DECRYPT, KV_KIND_CIPHER, build_decrypt },
	{ "aead_encrypt", KV_IOC_AEAD_ENCRYPT, KV_KIND_AEAD, build_seal },
	{ "aead_encrypt nonce", KV_IOC_AEAD_ENCRYPT, KV_KIND_AEAD,
	  build_seal_nonce },
	{ "aead_decrypt", KV_IOC_AEAD_DECRYPT, KV_KIND_AEAD, build_open },
	{ "sign", KV_IOC_SIGN, KV_KIND_SIGN, build_sign },
	{ "verify", KV_IOC_VERIFY, KV_KIND_SIGN, build_verify },
	{ "mac", KV_IOC_MAC, KV_KIND_MAC, build_mac },
	{ "hash", KV_IOC_HASH, KV_KIND_HASH, build_hash },
	{ "get_pubkey", KV_IOC_GET_PUBKEY, KV_KIND_SIGN | KV_KIND_EXCHANGE,
	  build_pubkey },
	{ "keyexchange", KV_IOC_KEYEXCHANGE, KV_KIND_EXCHANGE, build_exchange },
	{ "derive from", KV_IOC_DERIVE, KV_KIND_MAC | KV_KIND_KDF,
	  build_derive_from },
	{ "derive to", KV_IOC_DERIVE, KEYED, build_derive_to },
	{ "subkey", KV_IOC_SUBKEY, KV_KIND_MAC | KV_KIND_KDF, build_subkey },
	{ "setname", KV_IOC_SETNAME, 0, build_setname },
	{ "find by name", KV_IOC_FIND, 0, build_find_name },
	{ "find by id", KV_IOC_FIND, 0, build_find_id },
	{ "getalg", KV_IOC_GETALG, ANY, build_getalg },
};

struct place {
	size_t row;
	uint32_t alg;
};

/* Whether there is an @i-th scene; which one. */
static bool find(unsigned int i, struct place *place)
{
	unsigned int n = 0;

	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		for (uint32_t id = 0; id < 64; id++) {
			const struct kv_alg *alg = kv_alg_find(id);
			uint32_t kinds = rows[r].kinds;

			if (!alg || (kinds ? !(alg->kind & kinds) :
					     id != KV_ALG_HMAC_SHA256))
				continue;
			if (n++ == i) {
				*place = (struct place){ r, id };
				return true;
			}
		}
	}
	return false;
}

unsigned int scene_count(void)
{
	struct place place;
	unsigned int n = 0;

	while (find(n, &place))
		n++;
	return n;
}

const char *scene_name(unsigned int i)
{
	static char name[64];
	struct place p;

	if (!find(i, &p))
		fake_die("there is no scene %u", i);
	snprintf(name, sizeof(name), "%s %s", rows[p.row].name,
		 kv_alg_find(p.alg)->name);
	return name;
}

unsigned long scene_request(unsigned int i)
{
	struct place p;

	if (!find(i, &p))
		fake_die("there is no scene %u", i);
	return rows[p.row].request;
}

void scene_make(unsigned int i, struct kv_handle *h, struct scene *s)
{
	struct place p;

	if (!find(i, &p))
		fake_die("there is no scene %u", i);
	memset(s, 0xee, sizeof(*s));
	memset(&s->req, 0, sizeof(s->req));
	for (size_t j = 0; j < sizeof(s->data); j++)
		s->data[j] = (uint8_t)j;
	memset(s->aad, 0x11, sizeof(s->aad));
	memset(s->iv, 0x22, sizeof(s->iv));
	for (size_t j = 0; j < sizeof(s->key); j++)
		s->key[j] = (uint8_t)(0x33 + j);
	memcpy(s->name, "a name..", sizeof(s->name));
	s->request = rows[p.row].request;
	rows[p.row].build(h, s, p.alg);
}
