// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* test_names.c - which byte strings are names, and whose they are */

#include "key.h"
#include "unit.h"

static size_t encode(uint32_t c, uint8_t s[4])
{
	if (c < 0x80) {
		s[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		s[0] = (uint8_t)(0xc0 | c >> 6);
		s[1] = 0x80 | (c & 0x3f);
		return 2;
	}
	if (c < 0x10000) {
		s[0] = (uint8_t)(0xe0 | c >> 12);
		s[1] = 0x80 | (c >> 6 & 0x3f);
		s[2] = 0x80 | (c & 0x3f);
		return 3;
	}
	s[0] = (uint8_t)(0xf0 | c >> 18);
	s[1] = 0x80 | (c >> 12 & 0x3f);
	s[2] = 0x80 | (c >> 6 & 0x3f);
	s[3] = 0x80 | (c & 0x3f);
	return 4;
}

struct span {
	uint32_t first, last;
	const char *why;
};

/* Unicode's Default_Ignorable_Code_Point, and controls of every sort. */
static const struct span refused[] = {
	{ 0x0000, 0x001f, "C0 controls" },
	{ 0x007f, 0x009f, "DEL and C1 controls" },
	{ 0x00ad, 0x00ad, "soft hyphen" },
	{ 0x034f, 0x034f, "combining grapheme joiner" },
	{ 0x061c, 0x061c, "Arabic letter mark" },
	{ 0x115f, 0x1160, "Hangul fillers" },
	{ 0x17b4, 0x17b5, "Khmer inherent vowels" },
	{ 0x180b, 0x180f, "Mongolian selectors" },
	{ 0x200b, 0x200f, "zero width and direction marks" },
	{ 0x2028, 0x2029, "line and paragraph separators" },
	{ 0x202a, 0x202e, "direction embeddings and overrides" },
	{ 0x2060, 0x206f, "invisible operators, isolates" },
	{ 0x3164, 0x3164, "Hangul filler" },
	{ 0xd800, 0xdfff, "surrogates" },
	{ 0xe000, 0xf8ff, "private use" },
	{ 0xfdd0, 0xfdef, "noncharacters" },
	{ 0xfe00, 0xfe0f, "variation selectors" },
	{ 0xfeff, 0xfeff, "byte order mark" },
	{ 0xffa0, 0xffa0, "halfwidth Hangul filler" },
	{ 0xfff0, 0xfff8, "unassigned, ignorable" },
	{ 0xfff9, 0xfffb, "interlinear annotation" },
	{ 0xfffe, 0xffff, "noncharacters" },
	{ 0x1bca0, 0x1bca3, "shorthand format controls" },
	{ 0x1d173, 0x1d17a, "musical format controls" },
	{ 0x1fffe, 0x1ffff, "noncharacters" },
	{ 0x2fffe, 0x2ffff, "noncharacters" },
	{ 0xdfffe, 0xdffff, "noncharacters" },
	{ 0xe0000, 0xe0fff, "tags, variation selectors" },
	{ 0xefffe, 0xfffff, "noncharacters, private use" },
	{ 0x100000, 0x10ffff, "private use" },
	{ 0x110000, 0x1fffff, "beyond Unicode" },
};

/* What people write, at the edges of what is refused, and of encodings. */
static const struct span taken[] = {
	{ 0x0020, 0x007e, "ASCII" },
	{ 0x00a1, 0x00ac, "Latin-1" },
	{ 0x00ae, 0x034e, "Latin, combining marks" },
	{ 0x0370, 0x0377, "Greek" },
	{ 0x05d0, 0x05ea, "Hebrew" },
	{ 0x0620, 0x064a, "Arabic" },
	{ 0x07ca, 0x07ff, "the last of two bytes" },
	{ 0x0800, 0x0815, "the first of three bytes" },
	{ 0x2010, 0x2027, "dashes and quotes" },
	{ 0x3041, 0x3096, "Hiragana" },
	{ 0x4e00, 0x9fff, "Han" },
	{ 0xac00, 0xd7a3, "Hangul" },
	{ 0xf900, 0xfa6d, "compatibility Han" },
	{ 0xfffc, 0xfffd, "replacement characters" },
	{ 0x10000, 0x1000b, "the first of four bytes" },
	{ 0x1f300, 0x1f64f, "emoji" },
	{ 0x20000, 0x2a6df, "Han" },
};

static void check_spans(const struct span *span, size_t n, bool want)
{
	uint8_t name[4];

	for (size_t i = 0; i < n; i++) {
		for (uint32_t c = span[i].first; c <= span[i].last; c++) {
			unit_note("%s (U+%04X)", span[i].why, c);
			CHECK(kv_name_ok(name, encode(c, name)) == want);
		}
	}
}

static void characters(void)
{
	check_spans(refused, ARRAY_SIZE(refused), false);
	check_spans(taken, ARRAY_SIZE(taken), true);
}

/* Table 3-7 of the Unicode standard: what may follow each first byte. */
static const struct {
	uint8_t first[2], second[2];
	size_t len;
} well_formed[] = {
	{ { 0x00, 0x7f }, { 0, 0 }, 1 },
	{ { 0xc2, 0xdf }, { 0x80, 0xbf }, 2 },
	{ { 0xe0, 0xe0 }, { 0xa0, 0xbf }, 3 },
	{ { 0xe1, 0xec }, { 0x80, 0xbf }, 3 },
	{ { 0xed, 0xed }, { 0x80, 0x9f }, 3 },
	{ { 0xee, 0xef }, { 0x80, 0xbf }, 3 },
	{ { 0xf0, 0xf0 }, { 0x90, 0xbf }, 4 },
	{ { 0xf1, 0xf3 }, { 0x80, 0xbf }, 4 },
	{ { 0xf4, 0xf4 }, { 0x80, 0x8f }, 4 },
};

/* Whether @s is one well-formed character of exactly @len bytes. */
static bool is_well_formed(const uint8_t *s, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(well_formed); i++) {
		if (s[0] < well_formed[i].first[0] ||
		    s[0] > well_formed[i].first[1])
			continue;
		if (len != well_formed[i].len)
			return false;
		if (len > 1 && (s[1] < well_formed[i].second[0] ||
				s[1] > well_formed[i].second[1]))
			return false;
		for (size_t j = 2; j < len; j++)
			if ((s[j] & 0xc0) != 0x80)
				return false;
		return true;
	}
	return false;
}

/* Whether @s is a row of well-formed characters. */
static bool is_text(const uint8_t *s, size_t len)
{
	if (!len)
		return true;
	for (size_t n = 1; n <= len && n <= 4; n++)
		if (is_well_formed(s, n) && is_text(s + n, len - n))
			return true;
	return false;
}

/* Whether all characters of well-formed text are names by themselves. */
static bool all_names(const uint8_t *s, size_t len)
{
	size_t n = 1;

	if (!len)
		return true;
	while (!is_well_formed(s, n))
		n++;
	return kv_name_ok(s, n) && all_names(s + n, len - n);
}

/*
 * Every first byte, with bytes from all edges behind it: alone, truncated,
 * overlong, with wrong continuations. What is malformed is no name; text is one
 * if its characters are.
 */
static void encodings(void)
{
	static const uint8_t edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f,
					 0xa0, 0xbf, 0xc0, 0xc2, 0xff };
	const size_t n = ARRAY_SIZE(edges);
	unsigned int names = 0;

	for (unsigned int first = 0; first < 256; first++) {
		for (size_t i = 0; i < n * n * n * 4; i++) {
			const size_t len = i / (n * n * n) + 1;
			const uint8_t s[4] = {
				(uint8_t)first, edges[i % n], edges[i / n % n],
				edges[i / n / n % n],
			};
			bool want = is_text(s, len) && all_names(s, len);

			unit_note("%02x %02x %02x %02x, %zu bytes", s[0], s[1],
				  s[2], s[3], len);
			CHECK(kv_name_ok(s, len) == want);
			names += want;
		}
	}
	CHECK(names > 1000);
}

static void malformed(void)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "a\x80", "\xc2", "\xc2" "a", "\xe2\x82",
		"\xe2\x82" "a", "\xf0\x9f\x98", "\xf0\x9f\x98" "a",
		"\xc0\x80", "\xc0\xaf", "\xc1\xbf",	/* overlong */
		"\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf",		/* surrogates */
		"\xed\xa0\xbd\xed\xb8\x80",		/* a pair of them */
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80",	/* beyond U+10FFFF */
		"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80",
		"\xfe", "\xff", "\xff\xfe", "a\xffz",
	};
	uint8_t long_name[64];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		unit_note("malformed string %zu", i);
		CHECK(!kv_name_ok((const uint8_t *)bad[i], strlen(bad[i])));
	}
	memset(long_name, 'x', sizeof(long_name));
	CHECK(!kv_name_ok(long_name, 0));
	CHECK(kv_name_ok(long_name, 1));
	CHECK(kv_name_ok(long_name, 63));
	CHECK(!kv_name_ok(long_name, 64));
	long_name[30] = '\0';
	CHECK(!kv_name_ok(long_name, 63));
	long_name[30] = 'x';
	memcpy(long_name + 60, "\xe2\x82\xac", 3);	/* ends with the name */
	CHECK(kv_name_ok(long_name, 63));
	CHECK(!kv_name_ok(long_name, 62));
}

static int find_name(struct kv_handle *h, const char *name, uint64_t *id)
{
	struct kv_find_req req = {
		.name = (uintptr_t)name, .name_len = (uint32_t)strlen(name),
	};
	int err = kv_call(h, KV_IOC_FIND, &req);

	*id = req.key_id;
	return err;
}

static int find_id(struct kv_handle *h, uint64_t id, char name[64], uint32_t room)
{
	struct kv_find_req req = {
		.key_id = id, .name_out = (uintptr_t)name, .name_out_len = room,
	};
	int err = kv_call(h, KV_IOC_FIND, &req);

	if (!err)
		name[req.name_out_len] = '\0';
	return err;
}

static void names(void)
{
	struct kv_handle *h = unit_open();
	uint64_t a = unit_genkey(h, KV_ALG_AES256_GCM, 5);
	uint64_t b = unit_genkey(h, KV_ALG_ED25519, 0), found;
	char name[80];

	CHECK(find_id(h, a, name, 63) == 0 && !strcmp(name, ""));
	CHECK(unit_set_name(h, a, "café") == 0);
	CHECK(unit_set_name(h, a, "café") == -EEXIST);
	CHECK(unit_set_name(h, a, "other") == -EEXIST);
	CHECK(unit_set_name(h, b, "café") == -EEXIST);
	CHECK(unit_set_name(h, b, "caf") == 0);
	CHECK(unit_set_name(h, b ^ 1, "x") == -ENOENT);
	CHECK(find_name(h, "café", &found) == 0 && found == a);
	CHECK(find_name(h, "caf", &found) == 0 && found == b);
	CHECK(find_name(h, "cafés", &found) == -ENOENT && found == 0);
	CHECK(find_name(h, "ca", &found) == -ENOENT);
	CHECK(find_name(h, "", &found) == -EINVAL);
	CHECK(find_id(h, a, name, 63) == 0 && !strcmp(name, "café"));
	CHECK(find_id(h, a, name, 5) == 0 && !strcmp(name, "café"));
	CHECK(find_id(h, a, name, 4) == -ENOSPC);
	CHECK(find_id(h, a, name, 0) == 0 && !strcmp(name, ""));
	CHECK(find_id(h, a ^ 1, name, 63) == -ENOENT);

	/* The name stays with a key that has ended, and goes when it does. */
	fake_advance(6 * FAKE_SECOND);
	CHECK(find_name(h, "café", &found) == 0 && found == a);
	CHECK(unit_set_name(h, b, "café") == -EEXIST);
	CHECK(unit_revoke(h, b) == 0);
	CHECK(find_name(h, "caf", &found) == 0 && found == b);
	CHECK(unit_destroy(h, a) == 0);
	CHECK(find_name(h, "café", &found) == -ENOENT);
	a = unit_genkey(h, KV_ALG_AES256_GCM, 0);
	CHECK(unit_set_name(h, a, "café") == 0);
	kv_handle_close(h);
}

static void find_arguments(void)
{
	struct kv_handle *h = unit_open();
	uint64_t id = unit_genkey(h, KV_ALG_AES256_GCM, 0);
	char out[64] = "unchanged";
	struct kv_find_req req = {
		.key_id = id, .name = (uintptr_t)"abc", .name_len = 3,
		.name_out = (uintptr_t)out, .name_out_len = 63,
	};

	CHECK(unit_set_name(h, id, "abc") == 0);
	CHECK(kv_call(h, KV_IOC_FIND, &req) == -EINVAL);
	req.key_id = 0;
	req.name_len = 64;
	CHECK(kv_call(h, KV_IOC_FIND, &req) == -EINVAL);
	req.name = 0;
	req.name_len = 3;
	CHECK(kv_call(h, KV_IOC_FIND, &req) == -EINVAL);
	CHECK(!strcmp(out, "unchanged"));
	req.name = (uintptr_t)"abc";
	CHECK(kv_call(h, KV_IOC_FIND, &req) == 0);
	CHECK(req.key_id == id && req.name_out_len == 3);
	CHECK(!memcmp(out, "abchanged", 9));
	kv_handle_close(h);
}

void unit_names(void)
{
	TAP_RUN(characters);
	TAP_RUN(encodings);
	TAP_RUN(malformed);
	TAP_RUN(names);
	TAP_RUN(find_arguments);
}
