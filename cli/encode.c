// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Hex, base64 and the PEM forms of curve keys: SubjectPublicKeyInfo and PKCS #8
 * as RFC 8410 fixes them, where all but the 32 bytes at the end is constant.
 */
#define _GNU_SOURCE
#include <string.h>

#include "cli.h"

static const char b64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const struct der {
	const char *label;
	struct cli_pem is;
	uint8_t len;
	uint8_t prefix[16];
} ders[] = {
	{ "PUBLIC KEY", { KV_ALG_ED25519, true }, 12,
	  { 0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0 } },
	{ "PUBLIC KEY", { KV_ALG_X25519, true }, 12,
	  { 0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 3, 0x21, 0 } },
	{ "PRIVATE KEY", { KV_ALG_ED25519, false }, 16,
	  { 0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70,
	    4, 0x22, 4, 0x20 } },
	{ "PRIVATE KEY", { KV_ALG_X25519, false }, 16,
	  { 0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e,
	    4, 0x22, 4, 0x20 } },
};

#define NDERS (sizeof(ders) / sizeof(ders[0]))

void cli_put_hex(FILE *f, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		fprintf(f, "%02x", data[i]);
}

static int nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool cli_hex_decode(struct cli_buf *buf)
{
	size_t digits = 0;
	int n;

	for (size_t i = 0; i < buf->len; i++) {
		if (space(buf->data[i]))
			continue;
		n = nibble(buf->data[i]);
		if (n < 0)
			return false;
		if (digits++ % 2)
			buf->data[digits / 2 - 1] |= n;
		else
			buf->data[digits / 2] = n << 4;
	}
	buf->len = digits / 2;
	return digits && digits % 2 == 0;
}

/* In place: 4 characters become 3 bytes. The length, or -1. */
static long base64_decode(uint8_t *text, size_t len)
{
	uint32_t bits = 0;
	size_t have = 0, out = 0, pad = 0;
	const char *at;

	for (size_t i = 0; i < len; i++) {
		if (space(text[i]))
			continue;
		if (text[i] == '=') {
			pad++;
			continue;
		}
		at = text[i] ? strchr(b64, text[i]) : NULL;
		if (!at || pad)
			return -1;
		bits = bits << 6 | (uint32_t)(at - b64);
		have += 6;
		if (have >= 8) {
			have -= 8;
			text[out++] = bits >> have;
		}
	}
	explicit_bzero(&bits, sizeof(bits));	/* it may be a secret's end */
	return pad > 2 ? -1 : (long)out;
}

/* What stands between the BEGIN and the END line of @label, or NULL. */
static uint8_t *pem_body(struct cli_buf *buf, const char *label, size_t *len)
{
	char line[64];
	uint8_t *begin, *end;
	size_t n;

	n = snprintf(line, sizeof(line), "-----BEGIN %s-----", label);
	begin = memmem(buf->data, buf->len, line, n);
	if (!begin)
		return NULL;
	begin += n;
	n = snprintf(line, sizeof(line), "-----END %s-----", label);
	end = memmem(begin, buf->data + buf->len - begin, line, n);
	if (!end)
		return NULL;
	*len = end - begin;
	return begin;
}

bool cli_pem_decode(struct cli_buf *buf, struct cli_pem *pem)
{
	const char *label = "PRIVATE KEY";
	uint8_t *body;
	size_t len;
	long n;

	body = pem_body(buf, label, &len);
	if (!body) {
		label = "PUBLIC KEY";
		body = pem_body(buf, label, &len);
	}
	if (!body)
		return false;
	n = base64_decode(body, len);
	for (size_t i = 0; i < NDERS; i++) {
		if (strcmp(ders[i].label, label) || n != ders[i].len + 32 ||
		    memcmp(body, ders[i].prefix, ders[i].len))
			continue;
		memmove(buf->data, body + ders[i].len, 32);
		buf->len = 32;
		*pem = ders[i].is;
		return true;
	}
	return false;
}

/* @len is not one more than a multiple of 3. */
static void put_base64(FILE *f, const uint8_t *data, size_t len)
{
	uint32_t bits;

	for (; len >= 3; len -= 3, data += 3) {
		bits = data[0] << 16 | data[1] << 8 | data[2];
		fprintf(f, "%c%c%c%c", b64[bits >> 18], b64[bits >> 12 & 63],
			b64[bits >> 6 & 63], b64[bits & 63]);
	}
	if (len == 2) {
		bits = data[0] << 16 | data[1] << 8;
		fprintf(f, "%c%c%c=", b64[bits >> 18], b64[bits >> 12 & 63],
			b64[bits >> 6 & 63]);
	}
}

/* 44 bytes: one line of base64 that ends with one '='. */
void cli_put_pem(FILE *f, uint32_t algorithm, const uint8_t pubkey[32])
{
	const struct der *der = &ders[algorithm == KV_ALG_ED25519 ? 0 : 1];
	uint8_t bytes[44];

	memcpy(bytes, der->prefix, 12);
	memcpy(bytes + 12, pubkey, 32);
	fprintf(f, "-----BEGIN %s-----\n", der->label);
	put_base64(f, bytes, sizeof(bytes));
	fprintf(f, "\n-----END %s-----\n", der->label);
}

void cli_put_bytes(const char *member, const uint8_t *data, size_t len, bool raw,
		   bool json)
{
	if (raw) {
		fwrite(data, 1, len, stdout);
		return;
	}
	if (json) {
		json_open(NULL, '{');
		json_hex(member, data, len);
		json_close('}');
		return;
	}
	cli_put_hex(stdout, data, len);
	putchar('\n');
}
