// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* One JSON document (RFC 8259) on standard output. */
#include "cli.h"

static bool comma;	/* something came before at this level */
static int depth;

/* Bytes from 0x80 up pass: names are UTF-8, which the vault checked. */
static void quoted(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			printf("\\u%04x", (unsigned char)*s);
		else
			putchar(*s);
	}
	putchar('"');
}

static void start(const char *key)
{
	if (comma)
		putchar(',');
	if (key) {
		quoted(key);
		putchar(':');
	}
	comma = true;
}

void json_open(const char *key, char bracket)
{
	start(key);
	putchar(bracket);
	comma = false;
	depth++;
}

void json_close(char bracket)
{
	putchar(bracket);
	comma = true;
	if (!--depth)
		putchar('\n');
}

void json_string(const char *key, const char *value)
{
	start(key);
	quoted(value);
}

void json_int(const char *key, long long value)
{
	start(key);
	printf("%lld", value);
}

void json_bool(const char *key, bool value)
{
	start(key);
	fputs(value ? "true" : "false", stdout);
}

void json_id(const char *key, uint64_t id)
{
	start(key);
	printf("\"0x%016llx\"", (unsigned long long)id);
}

void json_hex(const char *key, const uint8_t *data, size_t len)
{
	start(key);
	putchar('"');
	cli_put_hex(stdout, data, len);
	putchar('"');
}
