// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* exec: a session, that is a program with a vault on a descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

#define FIRST_FD 20	/* scripts use the low numbers, and shells those from 10 */

enum { EXEC_CAPS, EXEC_SETUP };

static const struct cli_opt exec_opts[] = {
	[EXEC_CAPS] = { "caps", 'c', "LIST", "what COMMAND may do (all)" },
	[EXEC_SETUP] = { "setup", 's', "SCRIPT", "run this by sh first, with all capabilities" },
	CLI_OPT_END
};

/* Leaves a vault's descriptor for others to inherit, and $KEYVAULT naming it. */
static int keep_open(struct kv *kv)
{
	char home[24];
	int fd;

	fd = fcntl(kv_fd(kv), F_DUPFD, FIRST_FD);
	if (fd < 0)
		return cli_fail("cannot keep the vault open: %s",
				strerror(errno));
	snprintf(home, sizeof(home), "fd:%d", fd);
	if (setenv("KEYVAULT", home, 1))
		return cli_fail("out of memory");
	return 0;
}

static int set_up(const char *script)
{
	int status = system(script);

	if (status < 0)
		return cli_fail("cannot run the --setup script: %s",
				strerror(errno));
	if (WIFSIGNALED(status))
		return cli_fail("the --setup script was killed by signal %d, so COMMAND was not run",
				WTERMSIG(status));
	if (WEXITSTATUS(status))
		return cli_fail("the --setup script failed (exit status %d), so COMMAND was not run",
				WEXITSTATUS(status));
	return 0;
}

static int exec(const struct cli_args *args)
{
	struct kv *kv = NULL;
	uint32_t caps = KV_CAP_ALL;
	int err, status = 0;

	if (args->opt[EXEC_CAPS])
		status = cli_cap_list(args, args->opt[EXEC_CAPS], &caps);
	if (!status)
		status = cli_open_fresh(&kv);
	if (!status)
		status = keep_open(kv);
	if (!status && args->opt[EXEC_SETUP])
		status = set_up(args->opt[EXEC_SETUP]);
	if (status)
		goto out;
	err = caps == KV_CAP_ALL ? 0 : kv_restrict(kv, caps);
	if (err) {
		status = cli_fail_kv(err, "cannot narrow the vault");
		goto out;
	}
	args->arg[args->nargs] = NULL;
	execvp(args->arg[0], args->arg);
	status = errno == ENOENT ? 127 : 126;
	cli_fail("cannot run %s: %s", args->arg[0], strerror(errno));
out:
	kv_close(kv);
	return status;
}

const struct cli_command cli_exec = {
	.name = "exec", .operands = "[--] COMMAND [ARGUMENT...]",
	.summary = "run a program with a vault of its own: a session",
	.help = "COMMAND and all that it starts share a new, empty vault, which every keyvault\n"
		"in it uses; the keys die with the last of them. With --caps they may do only\n"
		"what LIST names (see 'keyvault caps'), so --setup puts in the keys first:\n\n"
		"  keyvault exec -- bash\n"
		"  keyvault exec --setup 'keyvault import -a hmac-sha256 -f key backup' \\\n"
		"      --caps decrypt,derive,getinfo -- keyvault decrypt -k backup FILE.kv\n\n"
		"In a session, exec starts another, which shares no key with the first; 'keyvault\n"
		"caps --restrict' narrows the one you are in.\n",
	.opts = exec_opts, .min_args = 1, .max_args = -1, .run = exec,
};
