// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * search.c - search DUMP <PATTERNS: where in a memory dump do secrets lie?
 *
 * Reads lines "NAME HEX", 16 to 1024 bytes each, from standard input; looks for
 * every 16-byte piece of each, at every address. Prints "NAME PIECE ADDRESS" for
 * every hit, PIECE being the piece's offset in the pattern.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE		16
#define MAX_PIECES	65536
#define BUCKETS		65536u

struct piece {
	uint8_t bytes[PIECE];
	char name[48];
	unsigned int offset;
	int next;		/* in its bucket; -1: none */
};

static struct piece pieces[MAX_PIECES];
static int n_pieces, bucket[BUCKETS];

static uint32_t hash(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v * 0x9e3779b97f4a7c15 >> 48;
}

static int add(const char *name, const uint8_t *bytes, unsigned int offset)
{
	struct piece *p = &pieces[n_pieces];
	uint32_t h = hash(bytes);

	if (n_pieces == MAX_PIECES)
		return -1;
	memcpy(p->bytes, bytes, PIECE);
	snprintf(p->name, sizeof(p->name), "%s", name);
	p->offset = offset;
	p->next = bucket[h];
	bucket[h] = n_pieces++;
	return 0;
}

/* A pattern's pieces; the last may overlap the one before. */
static int add_pattern(const char *name, const char *hex)
{
	uint8_t bytes[1024];
	size_t len = strlen(hex) / 2, at;

	if (len < PIECE || len > sizeof(bytes))
		return -1;
	for (size_t i = 0; i < len; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &bytes[i]) != 1)
			return -1;
	for (at = 0; at + PIECE <= len; at += PIECE)
		if (add(name, bytes + at, at))
			return -1;
	return at < len ? add(name, bytes + len - PIECE, len - PIECE) : 0;
}

static void search(const uint8_t *dump, size_t size)
{
	for (size_t i = 0; i + PIECE <= size; i++)
		for (int n = bucket[hash(dump + i)]; n >= 0; n = pieces[n].next)
			if (!memcmp(pieces[n].bytes, dump + i, PIECE))
				printf("%s %u %#zx\n", pieces[n].name,
				       pieces[n].offset, i);
}

int main(int argc, char **argv)
{
	char name[48], hex[2049];
	struct stat st;
	uint8_t *dump;
	int fd;

	if (argc != 2)
		return 2;
	memset(bucket, 0xff, sizeof(bucket));
	while (scanf("%47s %2048s", name, hex) == 2)
		if (add_pattern(name, hex))
			return 2;
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || fstat(fd, &st))
		return 2;
	dump = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (dump == MAP_FAILED)
		return 2;
	search(dump, st.st_size);
	return 0;
}
