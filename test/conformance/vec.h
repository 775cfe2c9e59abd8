/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * vec.h - reads published test vectors: records of "NAME = value" lines
 *
 * The files are those of Debian's python3-cryptography-vectors; $KEYVAULT_VECTORS
 * names another folder. A record ends where a name comes a second time, or where
 * a section ("[ENCRYPT]") begins. Names are compared without case.
 */
#ifndef CONFORMANCE_VEC_H
#define CONFORMANCE_VEC_H

#include <stdio.h>

#include "helper.h"

struct vec;

struct bytes {
	uint8_t *data;		/* NULL: there is no such field */
	size_t len;
};

/* Both fail the test, loudly, and return NULL where there is no such file. */
FILE *vec_file(const char *path);
struct vec *vec_open(const char *path);
void vec_close(struct vec *vec);
/* Goes to the next record. False: there is none. */
bool vec_next(struct vec *vec);
/* Of the record: a field of hexadecimal digits or quoted text; one's number. */
struct bytes vec_bytes(const struct vec *vec, const char *name);
long vec_number(const struct vec *vec, const char *name);
bool vec_has(const struct vec *vec, const char *name);
bool vec_is(const struct vec *vec, const char *name, const char *value);
/* The section that the record is in, "" if none. */
const char *vec_section(const struct vec *vec);

/* Hexadecimal digits to bytes, in place. Returns how many. */
size_t vec_unhex(char *text, size_t digits);

/* Tells how many cases ran, and fails if they are fewer than were known. */
void vec_count(const char *what, unsigned int ran, unsigned int known);

#endif /* CONFORMANCE_VEC_H */
