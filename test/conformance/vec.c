/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* vec.c - reads published test vectors: see vec.h */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "vec.h"

#define VECTORS "/usr/lib/python3/dist-packages/cryptography_vectors"
#define MAX_FIELDS 16

struct vec {
	FILE *file;
	char *line;		/* read, and not yet of a record; "": none */
	size_t room;
	char section[64];
	unsigned int count;
	struct { char *name, *value; struct bytes bytes; } field[MAX_FIELDS];
};

FILE *vec_file(const char *path)
{
	const char *folder = getenv("KEYVAULT_VECTORS");
	char name[512];
	FILE *file;

	snprintf(name, sizeof(name), "%s/%s",
		 folder && *folder ? folder : VECTORS, path);
	file = fopen(name, "r");
	if (!file)
		note("cannot open %s: %s (package python3-cryptography-vectors)",
		     name, strerror(errno));
	CHECK(file != NULL);
	return file;
}

struct vec *vec_open(const char *path)
{
	FILE *file = vec_file(path);
	struct vec *vec = file ? calloc(1, sizeof(*vec)) : NULL;

	if (file && !vec)
		abort();
	if (vec)
		vec->file = file;
	return vec;
}

static void forget(struct vec *vec)
{
	while (vec->count) {
		vec->count--;
		free(vec->field[vec->count].name);
		free(vec->field[vec->count].value);
		free(vec->field[vec->count].bytes.data);
		memset(&vec->field[vec->count], 0, sizeof(vec->field[0]));
	}
}

void vec_close(struct vec *vec)
{
	forget(vec);
	fclose(vec->file);
	free(vec->line);
	free(vec);
}

static int nibble(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

size_t vec_unhex(char *text, size_t digits)
{
	size_t n;

	for (n = 0; n < digits / 2; n++) {
		int high = nibble(text[2 * n]), low = nibble(text[2 * n + 1]);

		if (high < 0 || low < 0)
			break;
		text[n] = (char)(high << 4 | low);
	}
	return n;
}

static struct bytes to_bytes(const char *value)
{
	size_t len = strlen(value);
	struct bytes b = { malloc(len + 1), 0 };

	if (!b.data)
		abort();
	if (value[0] == '"' && len >= 2) {
		b.len = len - 2;
		memcpy(b.data, value + 1, b.len);
		return b;
	}
	memcpy(b.data, value, len + 1);
	b.len = vec_unhex((char *)b.data, len);
	return b;
}

static char *trimmed(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = 0;
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static int find(const struct vec *vec, const char *name)
{
	unsigned int i;

	for (i = 0; i < vec->count; i++)
		if (strcasecmp(vec->field[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* False: the line begins the next record. */
static bool take(struct vec *vec, char *line)
{
	char *value = strchr(line, '=');
	char *name;

	if (line[0] == '[') {
		if (vec->count)
			return false;
		snprintf(vec->section, sizeof(vec->section), "%s", line);
		return true;
	}
	name = value ? strndup(line, (size_t)(value - line)) : strdup(line);
	if (!name)
		abort();
	trimmed(name);
	if (find(vec, name) >= 0 || vec->count == MAX_FIELDS) {
		free(name);
		return false;
	}
	value = strdup(value ? trimmed(value + 1) : "");
	if (!value)
		abort();
	vec->field[vec->count].name = name;
	vec->field[vec->count].value = value;
	vec->field[vec->count].bytes = to_bytes(value);
	vec->count++;
	return true;
}

bool vec_next(struct vec *vec)
{
	bool held = vec->line && vec->line[0];

	forget(vec);
	for (;;) {
		char *line;

		if (!held && getline(&vec->line, &vec->room, vec->file) < 0) {
			if (vec->line)
				vec->line[0] = 0;
			break;
		}
		held = false;
		line = trimmed(vec->line);
		if (!*line || *line == '#')
			continue;
		if (!take(vec, line))
			break;
	}
	return vec->count > 0;
}

struct bytes vec_bytes(const struct vec *vec, const char *name)
{
	int i = find(vec, name);

	return i < 0 ? (struct bytes){ NULL, 0 } : vec->field[i].bytes;
}

long vec_number(const struct vec *vec, const char *name)
{
	int i = find(vec, name);

	return i < 0 ? -1 : strtol(vec->field[i].value, NULL, 10);
}

bool vec_has(const struct vec *vec, const char *name)
{
	return find(vec, name) >= 0;
}

bool vec_is(const struct vec *vec, const char *name, const char *value)
{
	int i = find(vec, name);

	return i >= 0 && strcasecmp(vec->field[i].value, value) == 0;
}

const char *vec_section(const struct vec *vec)
{
	return vec->section;
}

void vec_count(const char *what, unsigned int ran, unsigned int known)
{
	context("%s", what);
	note("%s: %u cases", what, ran);
	EQ(ran, known);
}
