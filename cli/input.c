// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Whole files in memory: secrets, messages, and small things. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli.h"

#define MAX_DATA_SIZE	"/sys/module/keyvault/parameters/max_data_size"
#define SECRET_ROOM	32768	/* a key of KV_MAX_KEY_SIZE in hex, with line ends */

static bool is_stdin(const char *path)
{
	return !path || !strcmp(path, "-");
}

const char *cli_shown(const char *path)
{
	return is_stdin(path) ? "standard input" : path;
}

int cli_secret_alloc(struct cli_buf *buf, size_t room)
{
	void *p = mmap(NULL, room, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return cli_fail("out of memory");
	if (mlock(p, room)) {
		munmap(p, room);
		return cli_fail("cannot keep the key out of swap: %s (raise 'ulimit -l' to 64 or more)",
				strerror(errno));
	}
#ifdef MADV_DONTDUMP
	madvise(p, room, MADV_DONTDUMP);
#endif
	*buf = (struct cli_buf){ .data = p, .room = room, .secret = true };
	return 0;
}

void cli_buf_free(struct cli_buf *buf)
{
	if (!buf->data)
		return;
	if (buf->secret) {
		explicit_bzero(buf->data, buf->room);
		munmap(buf->data, buf->room);
	} else {
		free(buf->data);
	}
	buf->data = NULL;
}

static bool grow(struct cli_buf *buf, size_t max)
{
	size_t room = buf->room * 2 > max + 1 ? max + 1 : buf->room * 2;
	void *p = room > buf->room ? realloc(buf->data, room) : NULL;

	if (!p)
		return false;
	buf->data = p;
	buf->room = room;
	return true;
}

/*
 * Reads to the end. More than @max bytes: stops with len > @max. Secret buffers
 * are as large as they will be. -1 with errno.
 */
static int read_all(int fd, struct cli_buf *buf, size_t max)
{
	ssize_t n;

	while (buf->len <= max) {
		if (buf->len == buf->room && !grow(buf, max)) {
			errno = ENOMEM;
			return -1;
		}
		n = read(fd, buf->data + buf->len, buf->room - buf->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		buf->len += n;
	}
	return 0;
}

static int read_path(const char *path, struct cli_buf *buf, size_t max)
{
	int fd = is_stdin(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int status = 0;

	if (fd < 0)
		return cli_fail("cannot open %s: %s", path, strerror(errno));
	if (read_all(fd, buf, max))
		status = cli_fail("cannot read %s: %s", cli_shown(path),
				  strerror(errno));
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}

int cli_read_secret(const char *path, struct cli_buf *buf)
{
	int status = cli_secret_alloc(buf, SECRET_ROOM);

	if (!status)
		status = read_path(path, buf, SECRET_ROOM - 1);
	if (!status && buf->len == SECRET_ROOM)
		status = cli_fail("%s is too long to be a key", cli_shown(path));
	if (!status && !buf->len)
		status = cli_fail("%s is empty: a key was expected",
				  cli_shown(path));
	return status;
}

static int plain_alloc(struct cli_buf *buf)
{
	*buf = (struct cli_buf){ .data = malloc(4096), .room = 4096 };
	return buf->data ? 0 : cli_fail("out of memory");
}

/* What the vault takes in one request, which root may have changed. */
size_t cli_max_request(void)
{
	unsigned long max = KV_MAX_DATA_SIZE;
	FILE *f = fopen(MAX_DATA_SIZE, "re");

	if (f) {
		if (fscanf(f, "%lu", &max) != 1)
			max = KV_MAX_DATA_SIZE;
		fclose(f);
	}
	return max;
}

/* @large: what to do with a message that is longer than the vault takes. */
int cli_read_message(const char *path, const char *large, struct cli_buf *buf)
{
	size_t max = cli_max_request();
	int status = plain_alloc(buf);

	if (!status)
		status = read_path(path, buf, max);
	if (!status && buf->len > max)
		status = cli_fail("%s is larger than the %zu bytes that the vault takes in one request: %s, or have root raise max_data_size (see keyvault(4))",
				  cli_shown(path), max, large);
	return status;
}

/* A public key, a signature. What is longer is neither, as the caller will see. */
int cli_read_small(const char *path, struct cli_buf *buf)
{
	int status = plain_alloc(buf);

	return status ? status : read_path(path, buf, 4095);
}
