// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* keyvault(1): finds the command and runs it. */
#include <errno.h>
#include <string.h>

#include "cli.h"

static const struct cli_command *const commands[] = {
	&cli_generate, &cli_import, &cli_list, &cli_info, &cli_pubkey,
	&cli_encrypt, &cli_decrypt, &cli_sign, &cli_verify, &cli_mac,
	&cli_hash, &cli_derive, &cli_exchange, &cli_revoke, &cli_destroy,
	&cli_caps, &cli_algorithms, &cli_exec,
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static void overview(void)
{
	printf("usage: keyvault COMMAND [OPTIONS]\n\n"
	       "Keys that programs can use but cannot read. Keys live in a session\n"
	       "and die with it:\n\n"
	       "  keyvault exec -- bash          starts one\n"
	       "  keyvault generate backup       makes a key in it\n"
	       "  keyvault encrypt -k backup FILE\n\n"
	       "Commands ('keyvault COMMAND --help' tells more):\n");
	for (size_t i = 0; i < NCOMMANDS; i++)
		printf("  %-12s %s\n", commands[i]->name, commands[i]->summary);
}

static const struct cli_command *find_command(const char *name)
{
	for (size_t i = 0; i < NCOMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/* A full disk or a closed pipe shows here, for all that printed. */
static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout))
		return cli_fail("cannot write standard output: %s",
				strerror(errno));
	return status;
}

static bool wants_help(const struct cli_command *cmd, int argc, char **argv)
{
	for (int i = 2; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
		if (cmd->max_args < 0 && argv[i][0] != '-')
			return false;	/* it is the other program's */
	}
	return false;
}

int main(int argc, char **argv)
{
	struct cli_args args = { 0 };
	int status;

	if (argc < 2) {
		fputs("keyvault: say what to do: 'keyvault --help' lists the commands\n",
		      stderr);
		return CLI_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		overview();
		return finish(CLI_OK);
	}
	args.cmd = find_command(argv[1]);
	if (!args.cmd) {
		fprintf(stderr, "keyvault: there is no command '%s': 'keyvault --help' lists them\n",
			argv[1]);
		return CLI_USAGE;
	}
	if (wants_help(args.cmd, argc, argv)) {
		cli_help(args.cmd);
		return finish(CLI_OK);
	}
	status = cli_parse(&args, argc - 2, argv + 2);
	return status ? status : finish(args.cmd->run(&args));
}
