/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * kv_os.h - all that the core asks of its home (a kernel, a process, a test)
 *
 * A home is a folder with a header kv_home.h and the functions below. kv_home.h
 * brings the fixed-width integer types, size_t, bool, NULL, memcpy, memcmp,
 * memset, memmove, the errno names, and the types
 *
 *   struct kv_lock    a mutex or spin lock; its holder never sleeps
 *   struct kv_ref     a reference count
 *   struct kv_alarm   a one-shot timer
 *
 * It may define any of these functions as static inline instead.
 *
 * Functions return 0 or a negative errno unless they say otherwise.
 */
#ifndef KV_OS_H
#define KV_OS_H

#include "kv_home.h"

/* Memory. kv_os_alloc() zeroes, may sleep, and returns NULL when there is none. */
void *kv_os_alloc(size_t size);
/* Wipes @size bytes, the size that was asked for, and frees. NULL is fine. */
void kv_os_free(void *p, size_t size);
/*
 * Memory for one operation: not zeroed, not wiped by kv_os_scratch_put(), good
 * for the home's cryptography to work in.
 */
void *kv_os_scratch_get(size_t size);
void kv_os_scratch_put(void *p, size_t size);
/* Zeroes, and is never optimised away. */
void kv_os_wipe(void *p, size_t size);
/* Compares in a time that depends on @size alone. */
bool kv_os_equal(const void *a, const void *b, size_t size);

/*
 * Random bytes from the system's seeded generator, fresh also in a machine that
 * was restored from a snapshot, as far as the system can know.
 */
void kv_os_random(void *p, size_t size);
/* Nanoseconds that passed since some start, suspend included. */
uint64_t kv_os_uptime(void);
/* Seconds since 1970, by the wall clock. */
int64_t kv_os_time(void);

/* Locks. None is taken while another is held. */
void kv_os_lock_init(struct kv_lock *lock);
void kv_os_lock_fini(struct kv_lock *lock);
void kv_os_lock(struct kv_lock *lock);
void kv_os_unlock(struct kv_lock *lock);

/* References. kv_os_ref_put() returns true to whoever put the last one. */
void kv_os_ref_init(struct kv_ref *ref);
void kv_os_ref_get(struct kv_ref *ref);
bool kv_os_ref_put(struct kv_ref *ref);

/*
 * An alarm calls @ring(@arg) once, at or soon after the uptime it was set to, in
 * a context that may sleep. Setting it again replaces the time. kv_os_alarm_set()
 * does not sleep; kv_os_alarm_fini() waits for a running @ring, which may set the
 * alarm again without effect.
 */
int kv_os_alarm_init(struct kv_alarm *alarm, void (*ring)(void *arg), void *arg);
void kv_os_alarm_set(struct kv_alarm *alarm, uint64_t uptime);
void kv_os_alarm_fini(struct kv_alarm *alarm);

/*
 * User memory; called by kv_call() alone. @user is a pointer's value as the
 * request has it. 0 or -EFAULT.
 */
int kv_os_copyin(void *to, uint64_t user, size_t size);
int kv_os_copyout(uint64_t user, const void *from, size_t size);
/* Whether all of it can be written; changes nothing. */
int kv_os_writable(uint64_t user, size_t size);
/* The request itself, as the home was given it (a kernel may have copied it). */
int kv_os_request_in(void *to, void *request, size_t size);
int kv_os_request_writable(void *request, size_t size);
int kv_os_request_out(void *request, const void *from, size_t size);

/* One piece of a message; a message is an array of them. */
struct kv_part {
	const void *data;
	size_t len;
};

/*
 * The home's cryptography for one algorithm. Those that an algorithm has no use
 * for are NULL. All may sleep; all but @prepare and @release may run at the same
 * time on one @ctx. @data and @aad lie in scratch memory (never on a stack), all
 * else may be anywhere.
 */
struct kv_crypto {
	/* A ready-to-use key (schedules, tables): made once per key. */
	int (*prepare)(void **ctx, const uint8_t *key, size_t len);
	/* Wipes and frees what @prepare made. */
	void (*release)(void *ctx);

	/* CBC over whole blocks, CTR over any length; in place. */
	int (*encrypt)(void *ctx, const uint8_t iv[16], uint8_t *data, size_t len);
	int (*decrypt)(void *ctx, const uint8_t iv[16], uint8_t *data, size_t len);

	/* AEAD; in place. @open: -EBADMSG if it is not authentic. */
	int (*seal)(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		    size_t aad_len, uint8_t *data, size_t len, uint8_t tag[16]);
	int (*open)(void *ctx, const uint8_t nonce[12], const uint8_t *aad,
		    size_t aad_len, uint8_t *data, size_t len,
		    const uint8_t tag[16]);

	/* HMAC; @out is as long as the hash. */
	int (*mac)(void *ctx, const struct kv_part *parts, unsigned int n,
		   uint8_t *out);

	/* SHA-2; no key. */
	int (*hash)(const struct kv_part *parts, unsigned int n, uint8_t *out);

	/*
	 * X25519 (RFC 7748 5). -EINVAL if @out would be all zero. @secret comes
	 * clamped, and @peer without its top bit.
	 */
	int (*exchange)(uint8_t out[32], const uint8_t secret[32],
			const uint8_t peer[32]);

	/* What carries it out, a short printable name: "generic-gcm-aesni". */
	const char *(*implementation)(void);
};

/* The home's cryptography for KV_ALG_* @algorithm, or NULL where it has none. */
const struct kv_crypto *kv_os_crypto(uint32_t algorithm);

/* What can be watched, in the order of ABI.md; the arguments that each has. */
enum kv_event {
	KV_EV_NONE,
	KV_EV_KEY_CREATE,	/* id, algorithm, bits */
	KV_EV_KEY_DESTROY,	/* id */
	KV_EV_KEY_REVOKE,	/* id */
	KV_EV_KEY_EXPIRE,	/* id */
	KV_EV_KEY_NOTFOUND,	/* id */
	KV_EV_ENCRYPT,		/* id, length, errno; and so on down to KEYEXCHANGE */
	KV_EV_DECRYPT,
	KV_EV_AEAD_ENCRYPT,
	KV_EV_AEAD_DECRYPT,
	KV_EV_MAC,
	KV_EV_SIGN,
	KV_EV_DERIVE,
	KV_EV_KEYEXCHANGE,
	KV_EV_VERIFY,		/* id, length, errno, valid */
	KV_EV_HASH,		/* length, errno */
	KV_EV_GET_PUBKEY,	/* id, errno */
	KV_EV_CAP_DENIED,	/* wanted, have */
	KV_EV_COUNT
};

/* Tells whoever watches; unused arguments are 0; an errno is positive here. */
void kv_os_trace(enum kv_event event, uint64_t a, uint64_t b, uint64_t c,
		 uint64_t d);

#endif /* KV_OS_H */
