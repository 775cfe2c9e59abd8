// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* name.c - what a key's name may be: printable UTF-8 (RFC 3629) */

#include "key.h"

struct code_range {
	uint32_t first, last;
};

/*
 * Characters that a person cannot see, or that change how others are shown:
 * controls, surrogates, zero-width and direction marks, line and paragraph
 * separators, interlinear marks, the byte order mark, tags and variation
 * selectors, private use above the BMP, and what is no character at all.
 */
static const struct code_range hidden[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad },
	{ 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
	{ 0xd800, 0xf8ff }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
	{ 0xfffe, 0xffff }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0000, 0x10ffff },
};

static bool is_hidden(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return (c & 0xfffe) == 0xfffe;	/* noncharacters of the other planes */
}

/* Bytes of the character at @s, which is put into @c; 0: malformed. */
static size_t decode(const uint8_t *s, size_t len, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;

	if (s[0] < 0x80)
		n = 1, *c = s[0];
	else if ((s[0] & 0xe0) == 0xc0)
		n = 2, *c = s[0] & 0x1f;
	else if ((s[0] & 0xf0) == 0xe0)
		n = 3, *c = s[0] & 0x0f;
	else if ((s[0] & 0xf8) == 0xf0)
		n = 4, *c = s[0] & 0x07;
	else
		return 0;
	if (n > len)
		return 0;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	return *c >= least[n] && *c <= 0x10ffff ? n : 0;
}

bool kv_name_ok(const uint8_t *name, size_t len)
{
	size_t i, n;
	uint32_t c;

	if (!len || len > KV_MAX_NAME_SIZE)
		return false;
	for (i = 0; i < len; i += n) {
		n = decode(name + i, len - i, &c);
		if (!n || is_hidden(c))
			return false;
	}
	return true;
}
