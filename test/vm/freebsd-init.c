/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * freebsd-init.c - the first process of a FreeBSD guest (see test/vm/freebsd)
 *
 * Runs the lines of /kv/commands one after the other, each a program and its
 * arguments with blanks between, prints "#run LINE" and "#status N" around what
 * they print, and powers off. Two words are its own:
 *
 *   load PATH      kldload(2)
 *   unload NAME    kldunload(2)
 */
#include <sys/param.h>
#include <sys/linker.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WORDS	32

static void mount_tmp(void)
{
	char type[] = "fstype", tmpfs[] = "tmpfs", path[] = "fspath", tmp[] = "/tmp";
	struct iovec option[] = {
		{ type, sizeof(type) }, { tmpfs, sizeof(tmpfs) },
		{ path, sizeof(path) }, { tmp, sizeof(tmp) },
	};

	if (nmount(option, nitems(option), 0))
		printf("/tmp: %s\n", strerror(errno));
}

static int run_program(char **word)
{
	pid_t pid = fork(), ended;
	int status = -1;

	if (pid == 0) {
		execv(word[0], word);
		printf("%s: %s\n", word[0], strerror(errno));
		_exit(127);
	}
	do	/* orphans are ours, too */
		ended = wait(&status);
	while (ended > 0 && ended != pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_line(char *line)
{
	char *word[WORDS + 1] = { NULL }, *next;
	int n = 0, err = 0;

	while (n < WORDS && (next = strsep(&line, " \n")))
		if (*next)
			word[n++] = next;
	if (n == 2 && !strcmp(word[0], "load"))
		err = kldload(word[1]) < 0 ? errno : 0;
	else if (n == 2 && !strcmp(word[0], "unload"))
		err = kldunload(kldfind(word[1])) ? errno : 0;
	else if (n)
		return run_program(word);
	if (err)
		printf("%s: %s\n", word[1], strerror(err));
	return err;
}

int main(void)
{
	static char line[1024];
	FILE *commands;
	int fd = open("/dev/console", O_RDWR);

	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	setvbuf(stdout, NULL, _IONBF, 0);
	mount_tmp();
	chdir("/kv");
	commands = fopen("/kv/commands", "re");
	while (commands && fgets(line, sizeof(line), commands)) {
		printf("#run %s", line);
		printf("#status %d\n", run_line(line));
	}
	printf("#done\n");
	reboot(RB_POWEROFF);
	return 1;
}
