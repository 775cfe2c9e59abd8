// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* generate, import, revoke, destroy */
#include <string.h>

#include "cli.h"

enum { GEN_ALG, GEN_BITS, GEN_TTL, GEN_JSON };

static const struct cli_opt generate_opts[] = {
	[GEN_ALG] = { "algorithm", 'a', "ALG", "what kind of key (hkdf-sha256)" },
	[GEN_BITS] = { "bits", 'b', "N", "its size (the algorithm's own)" },
	[GEN_TTL] = { "ttl", 't', "SECONDS", "wipe it after so long (never)" },
	[GEN_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

static int generate_failed(int err, const char *algorithm)
{
	if (err == -EINVAL)
		return cli_fail("the vault does not make %s keys of this size ('keyvault algorithms' shows the sizes)",
				algorithm);
	return cli_fail_kv(err, "cannot generate the key");
}

static int generate(const struct cli_args *args)
{
	const char *name = args->nargs ? args->arg[0] : NULL;
	const char *alg_name = args->nargs > 1 ? args->arg[1] :
			       args->opt[GEN_ALG] ?: "hkdf-sha256";
	uint32_t alg, bits = 0, ttl = 0;
	struct kv *kv = NULL;
	uint64_t key;
	int err, status;

	if (args->nargs > 1 && args->opt[GEN_ALG])
		return cli_bad_usage(args, "the algorithm is there twice");
	status = cli_alg(args, alg_name, &alg);
	if (!status && args->opt[GEN_BITS])
		status = cli_number(args, "bits", args->opt[GEN_BITS], &bits);
	if (!status && args->opt[GEN_TTL])
		status = cli_number(args, "ttl", args->opt[GEN_TTL], &ttl);
	if (!status)
		status = cli_check_name(args, name);
	if (!status)
		status = cli_open_session(&kv);
	if (status)
		return status;
	err = kv_generate(kv, alg, bits, ttl, &key);
	if (err)
		status = generate_failed(err, alg_name);
	else
		status = cli_name_key(kv, key, name);
	kv_close(kv);
	return status ? status : cli_print_new_key(key, name, alg,
						   args->opt[GEN_JSON]);
}

const struct cli_command cli_generate = {
	.name = "generate", .operands = "[NAME [ALG]]",
	.summary = "make a random key",
	.help = "Prints the key's id. The default kind is for files ('keyvault encrypt') and\n"
		"for deriving others. A key that was made here exists nowhere else: what is\n"
		"encrypted with it cannot be read after the session. To read it later, import\n"
		"a key that you keep.\n",
	.opts = generate_opts, .max_args = 2, .run = generate,
};

enum { IMP_ALG, IMP_FILE, IMP_HEX, IMP_PEM, IMP_PUBLIC, IMP_JSON };

static const struct cli_opt import_opts[] = {
	[IMP_ALG] = { "algorithm", 'a', "ALG", "what kind of key; a PEM file says it itself" },
	[IMP_FILE] = { "file", 'f', "FILE", "read it from there (standard input)" },
	[IMP_HEX] = { "hex", 'x', NULL, "it is in hexadecimal" },
	[IMP_PEM] = { "pem", 'p', NULL, "it is an Ed25519 or X25519 key in PEM" },
	[IMP_PUBLIC] = { "public", 0, NULL, "it is a public key: to verify with" },
	[IMP_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

static int import_decode(const struct cli_args *args, struct cli_buf *buf,
			 uint32_t *alg, uint32_t *flags)
{
	const char *from = cli_shown(args->opt[IMP_FILE]);
	struct cli_pem pem;

	if (args->opt[IMP_HEX] && !cli_hex_decode(buf))
		return cli_fail("%s is not hexadecimal: leave out --hex for raw bytes",
				from);
	if (!args->opt[IMP_PEM])
		return 0;
	if (!cli_pem_decode(buf, &pem))
		return cli_fail("%s holds no Ed25519 or X25519 key in PEM (PKCS #8, not encrypted)",
				from);
	if (*alg != KV_ALG_NONE && *alg != pem.algorithm)
		return cli_fail("%s is an %s key: leave out --algorithm", from,
				kv_alg_name(pem.algorithm));
	*alg = pem.algorithm;
	if (pem.is_public)
		*flags = KV_KEY_FLAG_PUBLIC;
	return 0;
}

static int import_failed(int err, uint32_t alg, uint32_t flags, size_t len)
{
	if (err != -EINVAL)
		return cli_fail_kv(err, "cannot import the key");
	if (alg == KV_ALG_HKDF_SHA256 || alg == KV_ALG_HKDF_SHA512)
		return cli_fail("HKDF keys are made in the vault and not imported: import an hmac-sha256 key, which can be derived from as well");
	if (flags && alg != KV_ALG_ED25519)
		return cli_fail("only Ed25519 public keys are imported: give an X25519 one to 'keyvault exchange --peer'");
	return cli_fail("%zu bytes are no %s key ('keyvault algorithms' shows the sizes; --hex and --pem say how it is written)",
			len, kv_alg_name(alg));
}

static int import_check(const struct cli_args *args, uint32_t *alg)
{
	*alg = KV_ALG_NONE;
	if (args->opt[IMP_HEX] && args->opt[IMP_PEM])
		return cli_bad_usage(args, "--hex and --pem exclude each other");
	if (args->opt[IMP_ALG])
		return cli_alg(args, args->opt[IMP_ALG], alg);
	if (!args->opt[IMP_PEM])
		return cli_bad_usage(args, "say what kind of key it is: --algorithm ALG, or --pem");
	return 0;
}

static int import(const struct cli_args *args)
{
	const char *name = args->nargs ? args->arg[0] : NULL;
	uint32_t flags = args->opt[IMP_PUBLIC] ? KV_KEY_FLAG_PUBLIC : 0;
	struct cli_buf buf = { 0 };
	struct kv *kv = NULL;
	uint64_t key;
	uint32_t alg;
	int err, status;

	status = import_check(args, &alg);
	if (!status)
		status = cli_check_name(args, name);
	if (!status)
		status = cli_open_session(&kv);
	if (!status)
		status = cli_read_secret(args->opt[IMP_FILE], &buf);
	if (!status)
		status = import_decode(args, &buf, &alg, &flags);
	if (status)
		goto out;
	err = kv_import(kv, alg, flags, buf.data, buf.len, &key);
	if (err)
		status = import_failed(err, alg, flags, buf.len);
	else
		status = cli_name_key(kv, key, name);
	if (!status)
		status = cli_print_new_key(key, name, alg, args->opt[IMP_JSON]);
out:
	cli_buf_free(&buf);
	kv_close(kv);
	return status;
}

const struct cli_command cli_import = {
	.name = "import", .operands = "[NAME]",
	.summary = "put a key into the vault, from a file or standard input",
	.help = "Prints the key's id. Raw bytes unless --hex or --pem. Your file stays as it is.\n",
	.opts = import_opts, .max_args = 1, .run = import,
};

static const struct cli_opt no_opts[] = { CLI_OPT_END };

/* The same for each key named; goes on after a failure. */
static int each_key(const struct cli_args *args,
		    int (*act)(struct kv *kv, uint64_t key))
{
	struct kv *kv = NULL;
	uint64_t key;
	int err, status;

	status = cli_open(&kv);
	if (status)
		return status;
	for (int i = 0; i < args->nargs; i++) {
		if (cli_find_key(kv, args->arg[i], &key)) {
			status = CLI_FAIL;
			continue;
		}
		err = act(kv, key);
		if (err)
			status = cli_fail_kv(err, "cannot %s key '%s'",
					     args->cmd->name, args->arg[i]);
	}
	kv_close(kv);
	return status;
}

static int revoke(const struct cli_args *args)
{
	return each_key(args, kv_revoke);
}

static int destroy(const struct cli_args *args)
{
	return each_key(args, kv_destroy);
}

const struct cli_command cli_revoke = {
	.name = "revoke", .operands = "KEY...",
	.summary = "end a key's use; its id and name stay",
	.opts = no_opts, .min_args = 1, .max_args = KV_MAX_LIST_KEYS,
	.run = revoke,
};

const struct cli_command cli_destroy = {
	.name = "destroy", .operands = "KEY...",
	.summary = "wipe a key and forget it",
	.opts = no_opts, .min_args = 1, .max_args = KV_MAX_LIST_KEYS,
	.run = destroy,
};
