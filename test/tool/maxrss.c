// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * maxrss FILE COMMAND [ARGUMENT...] - runs COMMAND, writes to FILE the most
 * memory that it had, in KiB, and exits as it does.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	FILE *f;
	pid_t pid;

	if (argc < 3 || (pid = fork()) < 0)
		return 2;
	if (!pid) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) != pid)
		return 2;
	f = fopen(argv[1], "w");
	if (!f || fprintf(f, "%ld\n", usage.ru_maxrss) < 0 || fclose(f))
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
