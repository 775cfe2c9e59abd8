/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sane.h - well-formed requests, one function each: fills c->req, sets c->key
 * and, where success is certain, c->sane
 */
#ifndef TEST_FUZZ_SANE_H
#define TEST_FUZZ_SANE_H

#include <stdbool.h>
#include <stdint.h>

struct fz_call;
struct fz_key;

/*
 * A key of the descriptor's vault that @fits, in c->key, and c->sane where it
 * is certain to be there. Returns its id, or 0.
 */
uint64_t sane_pick(struct fz_call *c, bool (*fits)(const struct fz_key *));

void sane_genkey(struct fz_call *c);
void sane_destroy(struct fz_call *c);
void sane_getinfo(struct fz_call *c);
void sane_list(struct fz_call *c);
void sane_revoke(struct fz_call *c);
void sane_restrict(struct fz_call *c);
void sane_getcaps(struct fz_call *c);
void sane_encrypt(struct fz_call *c);
void sane_decrypt(struct fz_call *c);
void sane_aead_encrypt(struct fz_call *c);
void sane_aead_decrypt(struct fz_call *c);
void sane_sign(struct fz_call *c);
void sane_verify(struct fz_call *c);
void sane_mac(struct fz_call *c);
void sane_hash(struct fz_call *c);
void sane_getpubkey(struct fz_call *c);
void sane_keyexchange(struct fz_call *c);
void sane_derive(struct fz_call *c);
void sane_subkey(struct fz_call *c);
void sane_import(struct fz_call *c);
void sane_setname(struct fz_call *c);
void sane_find(struct fz_call *c);
void sane_getalg(struct fz_call *c);

#endif
