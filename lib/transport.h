/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * transport.h - how a handle reaches its vault
 *
 * The operations build a request of keyvault.h and give it to kv_request();
 * which home answers it, they do not know. A home is a row in open.c's table: the
 * prefix of $KEYVAULT that chooses it, and these functions. All return 0 or a
 * negative errno.
 */
#ifndef KV_TRANSPORT_H
#define KV_TRANSPORT_H

#include "libkeyvault.h"

struct kv_transport {
	/* @home is $KEYVAULT after the prefix. Sets kv->fd. */
	int (*open)(struct kv *kv, const char *home);
	/* @req is read and written as KV_IOC_* says. Any thread, any time. */
	int (*call)(const struct kv *kv, unsigned long request, void *req);
	void (*close)(struct kv *kv);
};

/* Set once, by open; only read after that. */
struct kv {
	const struct kv_transport *transport;
	int fd;
};

extern const struct kv_transport kv_transport_device;	/* a device's path */
extern const struct kv_transport kv_transport_fd;	/* an inherited one */

static inline int kv_request(const struct kv *kv, unsigned long request,
			     void *req)
{
	return kv->transport->call(kv, request, req);
}

#endif
