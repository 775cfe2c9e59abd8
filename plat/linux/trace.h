/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * trace.h - the tracepoints, group keyvault
 *
 * What can be watched: ids, algorithms, lengths, errors. Never key bytes,
 * plaintext or nonces.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM keyvault

#if !defined(KV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KV_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(key_create,
	TP_PROTO(u64 id, u32 alg, u32 bits),
	TP_ARGS(id, alg, bits),
	TP_STRUCT__entry(
		__field(u64, id)
		__field(u32, alg)
		__field(u32, bits)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->alg = alg;
		__entry->bits = bits;
	),
	TP_printk("id=0x%016llx alg=%u bits=%u", __entry->id, __entry->alg,
		  __entry->bits)
);

DECLARE_EVENT_CLASS(keyvault_key,
	TP_PROTO(u64 id),
	TP_ARGS(id),
	TP_STRUCT__entry(
		__field(u64, id)
	),
	TP_fast_assign(
		__entry->id = id;
	),
	TP_printk("id=0x%016llx", __entry->id)
);

#define KV_TRACE_KEY(name)					\
	DEFINE_EVENT(keyvault_key, name,			\
		TP_PROTO(u64 id),				\
		TP_ARGS(id))

KV_TRACE_KEY(key_destroy);
KV_TRACE_KEY(key_revoke);
KV_TRACE_KEY(key_expire);
KV_TRACE_KEY(key_notfound);

DECLARE_EVENT_CLASS(keyvault_use,
	TP_PROTO(u64 id, u64 length, int error),
	TP_ARGS(id, length, error),
	TP_STRUCT__entry(
		__field(u64, id)
		__field(u64, length)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->length = length;
		__entry->error = error;
	),
	TP_printk("id=0x%016llx length=%llu error=%d", __entry->id,
		  __entry->length, __entry->error)
);

#define KV_TRACE_USE(name)					\
	DEFINE_EVENT(keyvault_use, name,			\
		TP_PROTO(u64 id, u64 length, int error),	\
		TP_ARGS(id, length, error))

KV_TRACE_USE(encrypt);
KV_TRACE_USE(decrypt);
KV_TRACE_USE(aead_encrypt);
KV_TRACE_USE(aead_decrypt);
KV_TRACE_USE(mac);
KV_TRACE_USE(sign);
KV_TRACE_USE(derive);
KV_TRACE_USE(keyexchange);

TRACE_EVENT(verify,
	TP_PROTO(u64 id, u64 length, int error, int valid),
	TP_ARGS(id, length, error, valid),
	TP_STRUCT__entry(
		__field(u64, id)
		__field(u64, length)
		__field(int, error)
		__field(int, valid)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->length = length;
		__entry->error = error;
		__entry->valid = valid;
	),
	TP_printk("id=0x%016llx length=%llu error=%d valid=%d", __entry->id,
		  __entry->length, __entry->error, __entry->valid)
);

TRACE_EVENT(hash,
	TP_PROTO(u64 length, int error),
	TP_ARGS(length, error),
	TP_STRUCT__entry(
		__field(u64, length)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->length = length;
		__entry->error = error;
	),
	TP_printk("length=%llu error=%d", __entry->length, __entry->error)
);

TRACE_EVENT(get_pubkey,
	TP_PROTO(u64 id, int error),
	TP_ARGS(id, error),
	TP_STRUCT__entry(
		__field(u64, id)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->error = error;
	),
	TP_printk("id=0x%016llx error=%d", __entry->id, __entry->error)
);

TRACE_EVENT(cap_denied,
	TP_PROTO(u32 wanted, u32 have),
	TP_ARGS(wanted, have),
	TP_STRUCT__entry(
		__field(u32, wanted)
		__field(u32, have)
	),
	TP_fast_assign(
		__entry->wanted = wanted;
		__entry->have = have;
	),
	TP_printk("wanted=0x%x have=0x%x", __entry->wanted, __entry->have)
);

#endif /* KV_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
