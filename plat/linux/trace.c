// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* trace.c - from the core's events to tracepoints */

#include "kv_os.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* Each costs one jump that is not taken while nobody watches. */
void kv_os_trace(enum kv_event event, uint64_t a, uint64_t b, uint64_t c,
		 uint64_t d)
{
	switch (event) {
	case KV_EV_KEY_CREATE:
		return trace_key_create(a, b, c);
	case KV_EV_KEY_DESTROY:
		return trace_key_destroy(a);
	case KV_EV_KEY_REVOKE:
		return trace_key_revoke(a);
	case KV_EV_KEY_EXPIRE:
		return trace_key_expire(a);
	case KV_EV_KEY_NOTFOUND:
		return trace_key_notfound(a);
	case KV_EV_ENCRYPT:
		return trace_encrypt(a, b, c);
	case KV_EV_DECRYPT:
		return trace_decrypt(a, b, c);
	case KV_EV_AEAD_ENCRYPT:
		return trace_aead_encrypt(a, b, c);
	case KV_EV_AEAD_DECRYPT:
		return trace_aead_decrypt(a, b, c);
	case KV_EV_MAC:
		return trace_mac(a, b, c);
	case KV_EV_SIGN:
		return trace_sign(a, b, c);
	case KV_EV_DERIVE:
		return trace_derive(a, b, c);
	case KV_EV_KEYEXCHANGE:
		return trace_keyexchange(a, b, c);
	case KV_EV_VERIFY:
		return trace_verify(a, b, c, d);
	case KV_EV_HASH:
		return trace_hash(a, b);
	case KV_EV_GET_PUBKEY:
		return trace_get_pubkey(a, b);
	case KV_EV_CAP_DENIED:
		return trace_cap_denied(a, b);
	case KV_EV_NONE:
	case KV_EV_COUNT:
		return;
	}
}
