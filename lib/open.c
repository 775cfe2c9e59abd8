// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Handles: which home, open and close. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "transport.h"

/* The first row whose prefix fits takes it. */
static const struct {
	const char *prefix;
	const struct kv_transport *transport;
	bool inherited;
} homes[] = {
	{ "fd:", &kv_transport_fd, true },
	{ "", &kv_transport_device, false },
};

/* What is open must be a vault; a file or a terminal knows no GETCAPS. */
static int open_with(struct kv **out, const struct kv_transport *transport,
		     const char *home)
{
	uint32_t caps;
	struct kv *kv;
	int err;

	kv = calloc(1, sizeof(*kv));
	if (!kv)
		return -ENOMEM;
	kv->transport = transport;
	err = transport->open(kv, home);
	if (err)
		goto out;
	err = kv_caps(kv, &caps);
	if (err) {
		transport->close(kv);
		goto out;
	}
	*out = kv;
	kv = NULL;	/* the caller's now */
out:
	free(kv);
	return err;
}

int kv_open(struct kv **kv, unsigned int flags)
{
	const char *home = secure_getenv("KEYVAULT");
	size_t i = 0;

	if (flags & ~KV_OPEN_FRESH)
		return -EINVAL;
	if (!home || !*home)
		home = KV_DEVICE;
	while (strncmp(home, homes[i].prefix, strlen(homes[i].prefix)))
		i++;	/* the last prefix fits all */
	if (homes[i].inherited && (flags & KV_OPEN_FRESH))
		return open_with(kv, &kv_transport_device, KV_DEVICE);
	return open_with(kv, homes[i].transport,
			 home + strlen(homes[i].prefix));
}

int kv_open_fd(struct kv **out, int fd)
{
	struct kv *kv = calloc(1, sizeof(*kv));
	uint32_t caps;
	int err;

	if (!kv)
		return -ENOMEM;
	kv->transport = &kv_transport_device;
	kv->fd = fd;
	err = kv_caps(kv, &caps);
	if (err)
		free(kv);	/* the descriptor stays the caller's */
	else
		*out = kv;
	return err;
}

int kv_fd(const struct kv *kv)
{
	return kv->fd;
}

void kv_close(struct kv *kv)
{
	if (!kv)
		return;
	kv->transport->close(kv);
	free(kv);
}
