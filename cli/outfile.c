// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A file that appears under its name when it is whole, or not at all: until then
 * it has no name (O_TMPFILE), or where the file system knows no such files, a
 * temporary one in the same folder, which outfile_abort() removes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

static char *folder_of(const char *path)
{
	char *copy = strdup(path), *folder = copy ? strdup(dirname(copy)) : NULL;

	free(copy);
	return folder;
}

/* A name beside @path that nobody has. NULL: out of memory. */
static char *temp_name(const char *path)
{
	unsigned char r[8];
	char *folder = folder_of(path), *name = NULL;

	if (!folder || getentropy(r, sizeof(r)) ||
	    asprintf(&name, "%s/.keyvault-%02x%02x%02x%02x%02x%02x%02x%02x",
		     folder, r[0], r[1], r[2], r[3], r[4], r[5], r[6],
		     r[7]) < 0)
		name = NULL;
	free(folder);
	return name;
}

static int open_nameless(const char *folder, unsigned int mode)
{
#ifdef O_TMPFILE
	return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
#else
	(void)folder;
	(void)mode;
	errno = EOPNOTSUPP;
	return -1;
#endif
}

static int open_temp(struct outfile *out, unsigned int mode)
{
	char *folder = folder_of(out->path);

	if (!folder)
		return -1;
	out->fd = open_nameless(folder, mode);
	free(folder);
	if (out->fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR &&
			     errno != EINVAL))
		return out->fd;
	out->temp = temp_name(out->path);
	if (!out->temp)
		return -1;
	out->fd = open(out->temp, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC,
		       mode);
	if (out->fd < 0) {
		free(out->temp);
		out->temp = NULL;
	}
	return out->fd;
}

static int open_failed(const struct outfile *out)
{
	return cli_fail("cannot write %s: %s", out->path, strerror(errno));
}

int outfile_open(struct outfile *out, const char *path, bool replace,
		 unsigned int mode)
{
	struct stat st;

	*out = (struct outfile){ .path = path, .fd = -1, .replace = replace };
	if (!path || !strcmp(path, "-")) {
		out->path = "standard output";
		out->fd = STDOUT_FILENO;
		out->direct = true;
		return 0;
	}
	if (!stat(path, &st)) {
		if (S_ISDIR(st.st_mode))
			return cli_fail("%s is a folder: name a file in it with --output",
					path);
		out->direct = !S_ISREG(st.st_mode);
		if (!out->direct && !replace)
			return cli_fail("%s is there already: --force replaces it, --output chooses another name",
					path);
	}
	if (out->direct)
		out->fd = open(path, O_WRONLY | O_CLOEXEC);
	else
		open_temp(out, mode);
	return out->fd < 0 ? open_failed(out) : 0;
}

int outfile_write(struct outfile *out, const void *data, size_t len)
{
	const char *p = data;
	ssize_t n;

	while (len) {
		n = write(out->fd, p, len);
		if (n < 0)
			return -errno;
		p += n;
		len -= n;
	}
	return 0;
}

/* The nameless file gets @name, which must be free. */
static int link_nameless(int fd, const char *name)
{
	char proc[32];

	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, proc, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

/*
 * Without --force only link() will do: it fails where somebody made the file in
 * the meantime. With it, rename() replaces what is there, at once.
 */
static int give_name(struct outfile *out)
{
	if (!out->replace)
		return out->temp ? link(out->temp, out->path) :
				   link_nameless(out->fd, out->path);
	if (!out->temp) {
		out->temp = temp_name(out->path);
		if (!out->temp || link_nameless(out->fd, out->temp)) {
			free(out->temp);
			out->temp = NULL;
			return -1;
		}
	}
	if (rename(out->temp, out->path))
		return -1;
	free(out->temp);
	out->temp = NULL;
	return 0;
}

/* So that the name, too, is there after a power cut. */
static void sync_folder(const char *path)
{
	char *folder = folder_of(path);
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

int outfile_commit(struct outfile *out)
{
	int status = 0;

	if (!out->direct && (fsync(out->fd) || give_name(out)))
		status = open_failed(out);
	else if (out->fd != STDOUT_FILENO && close(out->fd))
		status = open_failed(out);
	else
		out->fd = -1;
	if (!status && !out->direct)
		sync_folder(out->path);
	outfile_abort(out);	/* drops the temporary name */
	return status;
}

void outfile_abort(struct outfile *out)
{
	if (out->temp)
		unlink(out->temp);
	free(out->temp);
	out->temp = NULL;
	if (out->fd >= 0 && out->fd != STDOUT_FILENO)
		close(out->fd);
	out->fd = -1;
}
