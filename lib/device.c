// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The transport to a kernel: requests are ioctls on a descriptor. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "transport.h"

static int device_call(const struct kv *kv, unsigned long request, void *req)
{
	return ioctl(kv->fd, request, req) < 0 ? -errno : 0;
}

static void device_close(struct kv *kv)
{
	close(kv->fd);
}

static int device_open(struct kv *kv, const char *path)
{
	kv->fd = open(path, O_RDWR | O_CLOEXEC);
	return kv->fd < 0 ? -errno : 0;
}

/*
 * "fd:N": the handle gets its own descriptor of the same open file, so that
 * closing the handle leaves N to whoever inherits it next.
 */
static int inherited_open(struct kv *kv, const char *number)
{
	char *end;
	long fd;

	if (*number < '0' || *number > '9')
		return -EINVAL;
	errno = 0;
	fd = strtol(number, &end, 10);
	if (*end || errno || fd > INT_MAX)
		return -EINVAL;
	kv->fd = fcntl((int)fd, F_DUPFD_CLOEXEC, 3);
	return kv->fd < 0 ? -errno : 0;
}

const struct kv_transport kv_transport_device = {
	.open = device_open, .call = device_call, .close = device_close,
};

const struct kv_transport kv_transport_fd = {
	.open = inherited_open, .call = device_call, .close = device_close,
};
