// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* sign, verify, mac, hash: messages that go to the vault in one request */
#include <string.h>

#include "cli.h"

#define HASH_FIRST "sign a hash of it instead (sha512sum FILE | keyvault sign -k KEY)"

/* The key, then the message: what sign, verify and mac begin with. */
static int open_message(const struct cli_args *args, const char *ref,
			const char *large, struct kv **kv, uint64_t *key,
			struct cli_buf *message)
{
	int status = cli_open_key(args, ref, kv, key);

	return status ? status :
	       cli_read_message(args->nargs ? args->arg[0] : NULL, large,
				message);
}

enum { SIGN_KEY, SIGN_RAW, SIGN_JSON, SIGN_OUT, SIGN_FORCE };

#define RESULT_OPTS \
	[SIGN_KEY] = CLI_OPT_KEY, \
	[SIGN_RAW] = { "raw", 'r', NULL, "print the bytes instead of hexadecimal" }, \
	[SIGN_JSON] = CLI_OPT_JSON

static const struct cli_opt sign_opts[] = {
	RESULT_OPTS,
	[SIGN_OUT] = { "output", 'o', "FILE", "write the bytes there" },
	[SIGN_FORCE] = { "force", 'f', NULL, "replace the file that is there" },
	CLI_OPT_END
};

static int put_signature(const struct cli_args *args, const uint8_t *sig)
{
	struct outfile out;
	int err, status;

	if (!args->opt[SIGN_OUT]) {
		cli_put_bytes("signature", sig, KV_ED25519_SIGNATURE_SIZE,
			      args->opt[SIGN_RAW], args->opt[SIGN_JSON]);
		return CLI_OK;
	}
	status = outfile_open(&out, args->opt[SIGN_OUT], args->opt[SIGN_FORCE],
			      0666);
	if (status)
		return status;
	err = outfile_write(&out, sig, KV_ED25519_SIGNATURE_SIZE);
	if (err)
		status = cli_fail("cannot write %s: %s", out.path,
				  strerror(-err));
	else
		status = outfile_commit(&out);
	outfile_abort(&out);
	return status;
}

static int sign_failed(int err, const char *ref)
{
	if (err == -EINVAL || err == -EOPNOTSUPP)
		return cli_fail("key '%s' cannot sign: make one that can with 'keyvault generate -a ed25519 NAME'",
				ref);
	return cli_fail_kv(err, "cannot sign with key '%s'", ref);
}

static int sign(const struct cli_args *args)
{
	const char *ref = args->opt[SIGN_KEY];
	uint8_t sig[KV_ED25519_SIGNATURE_SIZE];
	struct cli_buf message = { 0 };
	struct kv *kv = NULL;
	uint64_t key;
	int err, status;

	status = open_message(args, ref, HASH_FIRST, &kv, &key, &message);
	if (status)
		goto out;
	err = kv_sign(kv, key, message.data, message.len, sig);
	if (err)
		status = sign_failed(err, ref);
	else
		status = put_signature(args, sig);
out:
	cli_buf_free(&message);
	kv_close(kv);
	return status;
}

const struct cli_command cli_sign = {
	.name = "sign", .operands = "[FILE]",
	.summary = "an Ed25519 signature of a file or standard input",
	.opts = sign_opts, .max_args = 1, .run = sign,
};

enum { VERIFY_KEY, VERIFY_SIG, VERIFY_QUIET };

static const struct cli_opt verify_opts[] = {
	[VERIFY_KEY] = CLI_OPT_KEY,
	[VERIFY_SIG] = { "signature", 's', "FILE", "the signature: 64 bytes, or in hexadecimal" },
	[VERIFY_QUIET] = { "quiet", 'q', NULL, "say nothing: the exit status tells" },
	CLI_OPT_END
};

static int read_signature(const struct cli_args *args, struct cli_buf *sig)
{
	const char *path = args->opt[VERIFY_SIG];
	int status;

	if (!path)
		return cli_bad_usage(args, "say where the signature is: --signature FILE");
	if (!strcmp(path, "-") && !(args->nargs && strcmp(args->arg[0], "-")))
		return cli_bad_usage(args, "the message and the signature cannot both be standard input");
	status = cli_read_small(path, sig);
	if (status || sig->len == KV_ED25519_SIGNATURE_SIZE)
		return status;
	if (!cli_hex_decode(sig) || sig->len != KV_ED25519_SIGNATURE_SIZE)
		return cli_fail("%s is not a signature: it has 64 bytes, or 128 hexadecimal digits",
				cli_shown(path));
	return 0;
}

static int verify_failed(int err, const struct cli_args *args)
{
	const char *ref = args->opt[VERIFY_KEY];

	if (err == -EBADMSG && args->opt[VERIFY_QUIET])
		return CLI_FAIL;
	if (err == -EBADMSG)
		return cli_fail("the signature is NOT valid for %s and key '%s'",
				cli_shown(args->nargs ? args->arg[0] : NULL),
				ref);
	if (err == -EINVAL || err == -EOPNOTSUPP)
		return cli_fail("key '%s' cannot verify: it is not an ed25519 key (import the signer's with 'keyvault import --pem')",
				ref);
	return cli_fail_kv(err, "cannot verify with key '%s'", ref);
}

static int verify(const struct cli_args *args)
{
	const char *ref = args->opt[VERIFY_KEY];
	struct cli_buf message = { 0 }, sig = { 0 };
	struct kv *kv = NULL;
	uint64_t key;
	int err, status;

	status = read_signature(args, &sig);
	if (!status)
		status = open_message(args, ref,
				      "verify its hash if that was signed",
				      &kv, &key, &message);
	if (status)
		goto out;
	err = kv_verify(kv, key, message.data, message.len, sig.data, sig.len);
	if (err)
		status = verify_failed(err, args);
	else if (!args->opt[VERIFY_QUIET])
		puts("valid");
out:
	cli_buf_free(&message);
	cli_buf_free(&sig);
	kv_close(kv);
	return status;
}

const struct cli_command cli_verify = {
	.name = "verify", .operands = "[FILE]",
	.summary = "check a signature: exit status 0 is valid, 1 is not",
	.opts = verify_opts, .max_args = 1, .run = verify,
};

static const struct cli_opt mac_opts[] = { RESULT_OPTS, CLI_OPT_END };

static int mac(const struct cli_args *args)
{
	const char *ref = args->opt[SIGN_KEY];
	struct cli_buf message = { 0 };
	struct kv *kv = NULL;
	uint8_t out[64];
	size_t len = sizeof(out);
	uint64_t key;
	int err, status;

	status = open_message(args, ref,
			      "authenticate a hash of it (sha512sum FILE | keyvault mac -k KEY)",
			      &kv, &key, &message);
	if (status)
		goto done;
	err = kv_mac(kv, key, message.data, message.len, out, &len);
	if (err == -EOPNOTSUPP)
		status = cli_fail("key '%s' cannot make MACs: make one that can with 'keyvault generate -a hmac-sha256 NAME'",
				  ref);
	else if (err)
		status = cli_fail_kv(err, "cannot make a MAC with key '%s'", ref);
	else
		cli_put_bytes("mac", out, len, args->opt[SIGN_RAW],
			      args->opt[SIGN_JSON]);
done:
	cli_buf_free(&message);
	kv_close(kv);
	return status;
}

const struct cli_command cli_mac = {
	.name = "mac", .operands = "[FILE]",
	.summary = "an HMAC of a file or standard input",
	.opts = mac_opts, .max_args = 1, .run = mac,
};

enum { HASH_ALG, HASH_RAW, HASH_JSON };

static const struct cli_opt hash_opts[] = {
	[HASH_ALG] = { "algorithm", 'a', "ALG", "sha256 or sha512 (sha256)" },
	[HASH_RAW] = { "raw", 'r', NULL, "print the bytes instead of hexadecimal" },
	[HASH_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

static int hash(const struct cli_args *args)
{
	const char *alg_name = args->opt[HASH_ALG] ?: "sha256";
	struct cli_buf message = { 0 };
	struct kv *kv = NULL;
	uint8_t out[64];
	size_t len = sizeof(out);
	uint32_t alg;
	int err, status;

	status = cli_alg(args, alg_name, &alg);
	if (!status && alg != KV_ALG_SHA256 && alg != KV_ALG_SHA512)
		status = cli_bad_usage(args, "%s is not a hash: sha256 and sha512 are",
				       alg_name);
	if (!status)
		status = cli_open(&kv);
	if (!status)
		status = cli_read_message(args->nargs ? args->arg[0] : NULL,
					  "use sha256sum or sha512sum", &message);
	if (status)
		goto done;
	err = kv_hash(kv, alg, message.data, message.len, out, &len);
	if (err)
		status = cli_fail_kv(err, "cannot hash");
	else
		cli_put_bytes("digest", out, len, args->opt[HASH_RAW],
			      args->opt[HASH_JSON]);
done:
	cli_buf_free(&message);
	kv_close(kv);
	return status;
}

const struct cli_command cli_hash = {
	.name = "hash", .operands = "[FILE]",
	.summary = "a SHA-256 or SHA-512 hash of a file or standard input",
	.opts = hash_opts, .max_args = 1, .run = hash,
};
