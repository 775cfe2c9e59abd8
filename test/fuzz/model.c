/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * model.c - what we hold: descriptors, open files, the keys in their vaults
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"

static struct fz_desc *free_desc(void)
{
	for (int i = 0; i < FZ_DESCS; i++)
		if (fz.desc[i].fd < 0)
			return &fz.desc[i];
	return NULL;
}

static struct fz_file *free_file(void)
{
	for (int i = 0; i < FZ_FILES; i++)
		if (!fz.file[i].used)
			return &fz.file[i];
	return NULL;
}

static void adopt(struct fz_desc *d, struct fz_file *f, int fd)
{
	d->fd = fd;
	d->file = f;
	f->refs++;
}

static struct fz_file *new_file(bool rdonly, uint32_t caps)
{
	struct fz_file *f = free_file();

	memset(f, 0, sizeof(*f));
	f->used = true;
	f->rdonly = rdonly;
	f->caps = caps;
	return f;
}

bool model_init(int shared_fd)
{
	struct fz_file *f;

	for (int i = 0; i < FZ_DESCS; i++)
		fz.desc[i].fd = -1;
	f = new_file(false, KV_CAP_ALL);
	f->shared = f->loose = f->unsure = true;
	adopt(free_desc(), f, dup(shared_fd));
	f = new_file(false, KV_CAP_ALL);
	adopt(free_desc(), f, open(KV_DEVICE, O_RDWR | O_CLOEXEC));
	return fz.desc[0].fd >= 0 && fz.desc[1].fd >= 0;
}

static void open_another(void)
{
	static const int modes[] = { O_RDWR, O_RDWR, O_RDONLY, O_WRONLY };
	int mode = modes[fz_below(4)], fd;
	struct fz_file *f;

	if (!free_desc() || !free_file())
		return;
	fd = open(KV_DEVICE, mode | O_CLOEXEC);
	if (fd < 0)
		return;		/* O_WRONLY may be refused */
	f = new_file(mode == O_RDONLY, KV_CAP_ALL);
	/* what O_WRONLY may do is not written down: nothing is expected */
	f->loose = f->unsure = mode == O_WRONLY;
	adopt(free_desc(), f, fd);
}

/* The same open file once more, by dup() or through a socket. */
static int pass(int fd)
{
	char space[CMSG_SPACE(sizeof(int))] = "", byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
			    .msg_control = space,
			    .msg_controllen = sizeof(space) };
	struct cmsghdr *cm = CMSG_FIRSTHDR(&m);
	int pair[2], got = -1;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return -1;
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cm), &fd, sizeof(int));
	if (sendmsg(pair[0], &m, 0) == 1 && recvmsg(pair[1], &m, 0) == 1 &&
	    CMSG_FIRSTHDR(&m))
		memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(int));
	close(pair[0]);
	close(pair[1]);
	return got;
}

static void duplicate(struct fz_desc *d)
{
	struct fz_desc *to = free_desc();
	int fd;

	if (!to)
		return;
	fd = fz_one_in(2) ? dup(d->fd) : pass(d->fd);
	if (fd >= 0)
		adopt(to, d->file, fd);
}

void model_lose(struct fz_desc *d)
{
	struct fz_file *f = d->file;

	d->fd = -1;
	d->file = NULL;
	if (!--f->refs)
		f->used = false;
}

static void close_desc(struct fz_desc *d)
{
	int fd = d->fd;

	model_lose(d);
	close(fd);
}

void model_close_all(void)
{
	for (int i = 0; i < FZ_DESCS; i++)
		if (fz.desc[i].fd >= 0)
			close_desc(&fz.desc[i]);
}

/* A private file that may still do all: there must always be one. */
static bool have_full(void)
{
	for (int i = 0; i < FZ_FILES; i++)
		if (fz.file[i].used && !fz.file[i].loose &&
		    !fz.file[i].rdonly && fz.file[i].caps == KV_CAP_ALL)
			return true;
	return false;
}

void model_churn(void)
{
	struct fz_desc *d = &fz.desc[1 + fz_below(FZ_DESCS - 1)];
	int fd;

	switch (fz_below(3)) {
	case 0:
		open_another();
		break;
	case 1:
		if (d->fd >= 0)
			duplicate(d);
		break;
	default:
		if (d->fd >= 0)
			close_desc(d);
	}
	if (have_full())
		return;
	for (int i = 1; i < FZ_DESCS && (!free_desc() || !free_file()); i++)
		if (fz.desc[i].fd >= 0)
			close_desc(&fz.desc[i]);
	fd = open(KV_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		adopt(free_desc(), new_file(false, KV_CAP_ALL), fd);
}

/* Mostly one that may do all; the first is the shared one. */
struct fz_desc *model_desc(void)
{
	struct fz_desc *d;

	for (int tries = 0; ; tries++) {
		d = &fz.desc[fz_below(FZ_DESCS)];
		if (d->fd < 0)
			continue;
		if (tries > 40 || fz_one_in(96))
			return d;
		if (!d->file->loose && !d->file->rdonly &&
		    d->file->caps == KV_CAP_ALL)
			return d;
	}
}

bool model_may_make(const struct fz_desc *d)
{
	return !d->file->rdonly && d->file->caps & KV_CAP_GENKEY;
}

struct fz_key *model_key(struct fz_file *f, bool (*fits)(const struct fz_key *))
{
	unsigned int start = f->keys ? fz_below(f->keys) : 0;

	for (unsigned int i = 0; i < f->keys; i++) {
		struct fz_key *k = &f->key[(start + i) % f->keys];

		if (fits(k))
			return k;
	}
	return NULL;
}

static bool destroy(struct fz_desc *d, uint64_t id)
{
	struct kv_destroy_req r = { .key_id = id };

	return !ioctl(d->fd, KV_IOC_DESTROY, &r);
}

/* A request made key @id. Where the table is full it goes again at once. */
void model_add(struct fz_desc *d, uint64_t id, const struct fz_call *c)
{
	struct fz_file *f = d->file;
	struct kv_keyinfo_req info = { .key_id = id };
	struct fz_key k = { .id = id };

	if (f->keys == FZ_KEYS) {
		if (!destroy(d, id))
			f->loose = true;
		return;
	}
	if (ioctl(d->fd, KV_IOC_GETINFO, &info)) {
		if (f->caps & KV_CAP_GETINFO && !f->loose)
			fz_bad(V_KEYS, c, "new key is unknown: errno %d", errno);
		f->loose = true;
		return;
	}
	k.alg = info.algorithm;
	k.bits = info.key_bits;
	k.mortal = info.expires != 0;
	k.public = c->op->request == KV_IOC_IMPORT &&
		   ((const struct kv_import_req *)c->req)->flags;
	f->key[f->keys++] = k;
}

void model_drop(struct fz_file *f, struct fz_key *k)
{
	fz.stale[fz_below(64)] = k->id;
	*k = f->key[--f->keys];
}

struct fz_key *model_find(struct fz_file *f, uint64_t id)
{
	for (unsigned int i = 0; i < f->keys; i++)
		if (f->key[i].id == id)
			return &f->key[i];
	return NULL;
}

void model_recap(struct fz_desc *d)
{
	struct kv_getcaps_req r = { 0 };

	if (!ioctl(d->fd, KV_IOC_GETCAPS, &r))
		d->file->caps = r.caps;
}

static bool listed(uint64_t id, const uint64_t *ids, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static bool refresh(struct fz_desc *d, struct fz_key *k)
{
	struct kv_keyinfo_req info = { .key_id = k->id };

	if (ioctl(d->fd, KV_IOC_GETINFO, &info)) {
		d->file->loose = true;
		return false;
	}
	k->revoked = info.flags & KV_KEY_FLAG_REVOKED;
	return true;
}

/* After a race nobody knows which keys there are: ask, and forget the rest. */
void model_resync(struct fz_desc *d)
{
	uint64_t ids[KV_MAX_LIST_KEYS];
	struct kv_list_req r = { .key_ids = ids, .max_keys = KV_MAX_LIST_KEYS };
	struct fz_file *f = d->file;

	if (f->loose)
		return;
	if (ioctl(d->fd, KV_IOC_LIST, &r)) {
		f->loose = true;
		return;
	}
	for (unsigned int i = 0; i < f->keys; )
		if (!listed(f->key[i].id, ids, r.num_keys))
			model_drop(f, &f->key[i]);
		else if (refresh(d, &f->key[i]))
			i++;
		else
			return;
	for (unsigned int i = 0; i < r.num_keys; i++)
		if (!model_find(f, ids[i]) && !destroy(d, ids[i]))
			f->loose = true;
}

int model_count_ok(const struct fz_desc *d)
{
	uint64_t ids[KV_MAX_LIST_KEYS];
	struct kv_list_req r = { .key_ids = ids, .max_keys = KV_MAX_LIST_KEYS };

	if (d->file->loose || ioctl(d->fd, KV_IOC_LIST, &r))
		return -1;
	return r.num_keys == d->file->keys;
}
