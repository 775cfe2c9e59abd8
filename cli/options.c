// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A command line against its command's row. */
#include <string.h>

#include "cli.h"

struct parse {
	struct cli_args *args;
	char **next, **end;
};

static int set(struct parse *p, int row, const char *value)
{
	const struct cli_opt *opt = &p->args->cmd->opts[row];

	if (p->args->opt[row])
		return cli_bad_usage(p->args, "--%s is there twice", opt->name);
	if (!opt->arg && value)
		return cli_bad_usage(p->args, "--%s takes no value", opt->name);
	if (opt->arg && !value) {
		if (p->next == p->end)
			return cli_bad_usage(p->args, "--%s needs a value: %s",
					     opt->name, opt->arg);
		value = *p->next++;
	}
	p->args->opt[row] = opt->arg ? value : "";
	return 0;
}

/* "--name", "--name=value", "--name value" */
static int long_option(struct parse *p, const char *word)
{
	const struct cli_opt *opts = p->args->cmd->opts;
	size_t len = strcspn(word, "=");

	for (int i = 0; opts[i].name; i++)
		if (strlen(opts[i].name) == len &&
		    !strncmp(opts[i].name, word, len))
			return set(p, i, word[len] ? word + len + 1 : NULL);
	return cli_bad_usage(p->args, "there is no option --%.*s", (int)len,
			     word);
}

/* "-k value", "-kvalue", and "-jq" for those that take none */
static int short_options(struct parse *p, const char *word)
{
	const struct cli_opt *opts = p->args->cmd->opts;
	int i, status;

	for (; *word; word++) {
		for (i = 0; opts[i].name && opts[i].letter != *word; i++)
			;
		if (!opts[i].name)
			return cli_bad_usage(p->args, "there is no option -%c",
					     *word);
		if (opts[i].arg)
			return set(p, i, word[1] ? word + 1 : NULL);
		status = set(p, i, NULL);
		if (status)
			return status;
	}
	return 0;
}

static int count_operands(const struct cli_args *args)
{
	const struct cli_command *cmd = args->cmd;

	if (args->nargs < cmd->min_args)
		return cli_bad_usage(args, "something is missing: keyvault %s %s",
				     cmd->name, cmd->operands);
	if (cmd->max_args >= 0 && args->nargs > cmd->max_args)
		return cli_bad_usage(args, "'%s' is one word too many",
				     args->arg[cmd->max_args]);
	return 0;
}

/* Operands move to the front of @argv as they are met. */
int cli_parse(struct cli_args *args, int argc, char **argv)
{
	struct parse p = { args, argv, argv + argc };
	bool options = true;
	int status = 0;
	char *word;

	args->arg = argv;
	while (!status && p.next < p.end) {
		word = *p.next++;
		if (options && !strcmp(word, "--"))
			options = false;
		else if (options && !strncmp(word, "--", 2))
			status = long_option(&p, word + 2);
		else if (options && word[0] == '-' && word[1])
			status = short_options(&p, word + 1);
		else
			args->arg[args->nargs++] = word;
		if (args->nargs && args->cmd->max_args < 0)
			options = false;	/* the rest is another's */
	}
	return status ? status : count_operands(args);
}

void cli_help(const struct cli_command *cmd)
{
	const struct cli_opt *o;
	char left[40];

	printf("usage: keyvault %s [OPTIONS]%s%s\n\n%s\n", cmd->name,
	       *cmd->operands ? " " : "", cmd->operands, cmd->summary);
	if (cmd->help)
		printf("\n%s", cmd->help);
	printf("\nOptions:\n");
	for (o = cmd->opts; o->name; o++) {
		snprintf(left, sizeof(left), "%c%c%s --%s%s%s",
			 o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
			 o->letter ? "," : " ", o->name, o->arg ? " " : "",
			 o->arg ? o->arg : "");
		printf("  %-24s %s\n", left, o->help);
	}
	printf("  %-24s %s\n", "-h, --help", "print this");
}
