/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cli.h - what the commands of keyvault(1) share
 *
 * A command is a row: its words, its options, its function. Help, completion and
 * the check of its arguments follow from the row. A function returns an exit
 * status, after it has said on standard error what went wrong.
 */
#ifndef KV_CLI_H
#define KV_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "libkeyvault.h"

enum { CLI_OK = 0, CLI_FAIL = 1, CLI_USAGE = 2 };

#define CLI_MAX_OPTS	10

struct cli_opt {
	const char *name;	/* long, without the dashes; NULL ends the list */
	char letter;		/* 0: none */
	const char *arg;	/* what to call its argument; NULL: it has none */
	const char *help;
};

struct cli_args;

struct cli_command {
	const char *name;
	const char *operands;	/* as the usage line shows them */
	const char *summary;	/* for the list of commands */
	const char *help;	/* the rest, or NULL */
	const struct cli_opt *opts;
	int min_args, max_args;	/* max_args < 0: any, and options end there */
	int (*run)(const struct cli_args *args);
};

struct cli_args {
	const struct cli_command *cmd;
	const char *opt[CLI_MAX_OPTS];	/* by row; NULL: not given; "" without arg */
	char **arg;
	int nargs;
};

#define CLI_OPT_KEY	{ "key", 'k', "KEY", "the key's name or id" }
#define CLI_OPT_JSON	{ "json", 'j', NULL, "print JSON" }
#define CLI_OPT_END	{ NULL, 0, NULL, NULL }

extern const struct cli_command cli_generate, cli_import, cli_list, cli_info,
	cli_pubkey, cli_encrypt, cli_decrypt, cli_sign, cli_verify, cli_mac,
	cli_hash, cli_derive, cli_exchange, cli_revoke, cli_destroy, cli_caps,
	cli_algorithms, cli_exec;

/* options.c: 0, or an exit status after saying what to do instead */
int cli_parse(struct cli_args *args, int argc, char **argv);
void cli_help(const struct cli_command *cmd);

/* error.c: one line on standard error; the return value is the exit status */
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_fail_kv(int err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int cli_bad_usage(const struct cli_args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * vault.c: all answer 0 or an exit status, having said why. A session is a vault
 * that outlives the command: $KEYVAULT names a descriptor.
 */
int cli_open(struct kv **kv);
int cli_open_session(struct kv **kv);	/* fails where there is none */
int cli_open_fresh(struct kv **kv);	/* a new one, whatever the session */
int cli_find_key(struct kv *kv, const char *ref, uint64_t *key);
int cli_open_key(const struct cli_args *args, const char *ref, struct kv **kv,
		 uint64_t *key);
int cli_check_name(const struct cli_args *args, const char *name);
int cli_name_key(struct kv *kv, uint64_t key, const char *name);
int cli_print_new_key(uint64_t key, const char *name, uint32_t algorithm,
		      bool json);
int cli_alg(const struct cli_args *args, const char *name, uint32_t *algorithm);
int cli_number(const struct cli_args *args, const char *option,
	       const char *text, uint32_t *number);
int cli_cap_list(const struct cli_args *args, const char *list, uint32_t *caps);

/*
 * input.c: a whole file, or standard input (NULL, "-"), in memory. Secret
 * buffers are locked, left out of core dumps, and wiped when freed.
 */
struct cli_buf {
	uint8_t *data;
	size_t len;
	size_t room;
	bool secret;
};
int cli_read_secret(const char *path, struct cli_buf *buf);
int cli_read_message(const char *path, const char *large, struct cli_buf *buf);
int cli_read_small(const char *path, struct cli_buf *buf);
int cli_secret_alloc(struct cli_buf *buf, size_t room);
size_t cli_max_request(void);
void cli_buf_free(struct cli_buf *buf);
const char *cli_shown(const char *path);

/* encode.c. The decoders answer false for what is not so encoded. */
void cli_put_hex(FILE *f, const uint8_t *data, size_t len);
bool cli_hex_decode(struct cli_buf *buf);	/* in place; skips white space */
struct cli_pem {
	uint32_t algorithm;	/* KV_ALG_ED25519, KV_ALG_X25519 */
	bool is_public;
};
bool cli_pem_decode(struct cli_buf *buf, struct cli_pem *pem); /* in place */
void cli_put_pem(FILE *f, uint32_t algorithm, const uint8_t pubkey[32]);

/* A short result: hex and a newline, or the bytes, or a JSON member. */
void cli_put_bytes(const char *member, const uint8_t *data, size_t len, bool raw,
		   bool json);

/* json.c: one document on standard output. @key is NULL in arrays and at the top. */
void json_open(const char *key, char bracket);
void json_close(char bracket);
void json_string(const char *key, const char *value);
void json_int(const char *key, long long value);
void json_bool(const char *key, bool value);
void json_id(const char *key, uint64_t id);	/* "0x..." */
void json_hex(const char *key, const uint8_t *data, size_t len);

/*
 * outfile.c: a file that is there whole or not at all. Standard output (NULL,
 * "-"), devices and pipes get the bytes as they come.
 */
struct outfile {
	const char *path;	/* for messages too */
	int fd;
	char *temp;		/* its name until it is whole; NULL: it has none */
	bool direct;		/* no way back: bytes are out when written */
	bool replace;
};
int outfile_open(struct outfile *out, const char *path, bool replace,
		 unsigned int mode);
int outfile_write(struct outfile *out, const void *data, size_t len);
int outfile_commit(struct outfile *out);
void outfile_abort(struct outfile *out);	/* after commit: does nothing */

/* progress.c: on a terminal's standard error only */
struct progress {
	const char *verb;
	uint64_t total;		/* 0: not known */
	uint64_t done;
	int64_t shown;		/* ms */
	bool on;
};
void progress_start(struct progress *p, const char *verb, uint64_t total,
		    bool quiet);
void progress_add(struct progress *p, size_t n);
void progress_end(struct progress *p);

#endif
