// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * trace.c - from the core's events to probes of DTrace's provider keyvault
 *
 * What can be watched: ids, algorithms, lengths, errors. Never key bytes,
 * plaintext or nonces.
 */

#include "kv_os.h"

#include <sys/sdt.h>

SDT_PROVIDER_DEFINE(keyvault);

SDT_PROBE_DEFINE3(keyvault, , , key__create, "uint64_t", "uint32_t", "uint32_t");

#define KEY_PROBE(name) \
	SDT_PROBE_DEFINE1(keyvault, , , name, "uint64_t")

KEY_PROBE(key__destroy);
KEY_PROBE(key__revoke);
KEY_PROBE(key__expire);
KEY_PROBE(key__notfound);

#define USE_PROBE(name) \
	SDT_PROBE_DEFINE3(keyvault, , , name, "uint64_t", "uint64_t", "int")

USE_PROBE(encrypt);
USE_PROBE(decrypt);
USE_PROBE(aead__encrypt);
USE_PROBE(aead__decrypt);
USE_PROBE(mac);
USE_PROBE(sign);
USE_PROBE(derive);
USE_PROBE(keyexchange);

SDT_PROBE_DEFINE4(keyvault, , , verify, "uint64_t", "uint64_t", "int", "int");
SDT_PROBE_DEFINE2(keyvault, , , hash, "uint64_t", "int");
SDT_PROBE_DEFINE2(keyvault, , , get__pubkey, "uint64_t", "int");
SDT_PROBE_DEFINE2(keyvault, , , cap__denied, "uint32_t", "uint32_t");

#define CASE_KEY(event, name) \
	case event: SDT_PROBE1(keyvault, , , name, a); return
#define CASE_USE(event, name) \
	case event: SDT_PROBE3(keyvault, , , name, a, b, c); return
#define CASE_TWO(event, name) \
	case event: SDT_PROBE2(keyvault, , , name, a, b); return

/* Each costs next to nothing while nobody watches. */
void kv_os_trace(enum kv_event event, uint64_t a, uint64_t b, uint64_t c,
		 uint64_t d)
{
	switch (event) {
	CASE_USE(KV_EV_KEY_CREATE, key__create);
	CASE_KEY(KV_EV_KEY_DESTROY, key__destroy);
	CASE_KEY(KV_EV_KEY_REVOKE, key__revoke);
	CASE_KEY(KV_EV_KEY_EXPIRE, key__expire);
	CASE_KEY(KV_EV_KEY_NOTFOUND, key__notfound);
	CASE_USE(KV_EV_ENCRYPT, encrypt);
	CASE_USE(KV_EV_DECRYPT, decrypt);
	CASE_USE(KV_EV_AEAD_ENCRYPT, aead__encrypt);
	CASE_USE(KV_EV_AEAD_DECRYPT, aead__decrypt);
	CASE_USE(KV_EV_MAC, mac);
	CASE_USE(KV_EV_SIGN, sign);
	CASE_USE(KV_EV_DERIVE, derive);
	CASE_USE(KV_EV_KEYEXCHANGE, keyexchange);
	case KV_EV_VERIFY:
		SDT_PROBE4(keyvault, , , verify, a, b, c, d);
		return;
	CASE_TWO(KV_EV_HASH, hash);
	CASE_TWO(KV_EV_GET_PUBKEY, get__pubkey);
	CASE_TWO(KV_EV_CAP_DENIED, cap__denied);
	case KV_EV_NONE:
	case KV_EV_COUNT:
		return;
	}
}
