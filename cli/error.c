// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* What went wrong, as one line that a person can act on. */
#include <stdarg.h>
#include <string.h>

#include "cli.h"

static void say(const char *format, va_list ap, const char *more)
{
	fflush(stdout);
	fputs("keyvault: ", stderr);
	vfprintf(stderr, format, ap);
	fprintf(stderr, "%s%s\n", more ? ": " : "", more ? more : "");
}

int cli_fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap, NULL);
	va_end(ap);
	return CLI_FAIL;
}

int cli_fail_kv(int err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(format, ap, kv_strerror(err));
	va_end(ap);
	return CLI_FAIL;
}

int cli_bad_usage(const struct cli_args *args, const char *format, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fprintf(stderr, "keyvault: %s ('keyvault %s --help' tells how)\n", text,
		args->cmd->name);
	return CLI_USAGE;
}
