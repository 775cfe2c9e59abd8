/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * home.h - the small home in which Ed25519 is tested alone, and OpenSSL as the
 * second opinion
 */
#ifndef TEST_ED25519_HOME_H
#define TEST_ED25519_HOME_H

#include "alg.h"
#include "ed25519.h"

/* The @n-th hash from now on fails with -EIO; 0: none. */
void home_fail_hash(unsigned int n);

/* The same bytes in every run: a failure can be had again. */
void home_random(void *p, size_t size);
uint32_t home_below(uint32_t bound);

/* Dies if @hex is not just @size bytes. */
void home_unhex(void *out, size_t size, const char *hex);

void ssl_public(uint8_t public[32], const uint8_t seed[32]);
void ssl_sign(uint8_t sig[64], const uint8_t seed[32], const uint8_t *msg,
	      size_t len);
bool ssl_verify(const uint8_t sig[64], const uint8_t public[32],
		const uint8_t *msg, size_t len);

#endif /* TEST_ED25519_HOME_H */
