// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* derive, exchange: keys from keys */
#include <string.h>

#include "cli.h"

enum { DER_KEY, DER_ALG, DER_BITS, DER_HKDF, DER_SALT, DER_INFO, DER_JSON };

static const struct cli_opt derive_opts[] = {
	[DER_KEY] = CLI_OPT_KEY,
	[DER_ALG] = { "algorithm", 'a', "ALG", "what kind of key to make (hmac-sha256)" },
	[DER_BITS] = { "bits", 'b', "N", "its size (the algorithm's own)" },
	[DER_HKDF] = { "hkdf", 0, "ALG", "hkdf-sha256 or hkdf-sha512 (the key's own hash)" },
	[DER_SALT] = { "salt", 0, "HEX", "a salt, in hexadecimal (none)" },
	[DER_INFO] = { "info", 'i', "TEXT", "what the new key is for (nothing)" },
	[DER_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

struct derivation {
	uint32_t alg, bits, hkdf;
	uint8_t salt[2 * KV_HKDF_MAX_SALT_SIZE];
	struct cli_buf salt_buf;	/* of salt[], as hex is decoded in place */
	const char *info;
};

static int derive_salt(const struct cli_args *args, struct derivation *d)
{
	const char *hex = args->opt[DER_SALT];
	size_t len = hex ? strlen(hex) : 0;

	d->salt_buf = (struct cli_buf){ .data = d->salt, .len = len };
	if (!len)
		return 0;
	if (len > sizeof(d->salt))
		return cli_bad_usage(args, "a salt has at most %d bytes",
				     KV_HKDF_MAX_SALT_SIZE);
	memcpy(d->salt, hex, len);
	if (!cli_hex_decode(&d->salt_buf))
		return cli_bad_usage(args, "--salt takes hexadecimal digits, two for each byte");
	return 0;
}

static int derive_options(const struct cli_args *args, struct derivation *d)
{
	int status = 0;

	d->alg = KV_ALG_HMAC_SHA256;
	d->bits = 0;
	d->hkdf = KV_ALG_NONE;
	d->info = args->opt[DER_INFO] ?: "";
	if (strlen(d->info) > KV_HKDF_MAX_INFO_SIZE)
		return cli_bad_usage(args, "--info has at most %d bytes",
				     KV_HKDF_MAX_INFO_SIZE);
	if (args->opt[DER_ALG])
		status = cli_alg(args, args->opt[DER_ALG], &d->alg);
	if (!status && args->opt[DER_BITS])
		status = cli_number(args, "bits", args->opt[DER_BITS],
				    &d->bits);
	if (!status && args->opt[DER_HKDF])
		status = cli_alg(args, args->opt[DER_HKDF], &d->hkdf);
	if (status)
		return status;
	if (d->hkdf && d->hkdf != KV_ALG_HKDF_SHA256 &&
	    d->hkdf != KV_ALG_HKDF_SHA512)
		return cli_bad_usage(args, "--hkdf is hkdf-sha256 or hkdf-sha512");
	return derive_salt(args, d);
}

/* HKDF with the hash that the source key is made for. */
static uint32_t own_hkdf(struct kv *kv, uint64_t key)
{
	struct kv_key_info info;

	if (!kv_info(kv, key, &info) &&
	    (info.algorithm == KV_ALG_HMAC_SHA512 ||
	     info.algorithm == KV_ALG_HKDF_SHA512))
		return KV_ALG_HKDF_SHA512;
	return KV_ALG_HKDF_SHA256;
}

static int derive_failed(int err, const char *ref, uint32_t alg)
{
	if (err == -EOPNOTSUPP)
		return cli_fail("nothing can be derived from key '%s': make one that serves with 'keyvault generate NAME'",
				ref);
	if (err == -EINVAL)
		return cli_fail("the vault does not derive %s keys of this size ('keyvault algorithms' shows the sizes)",
				kv_alg_name(alg));
	return cli_fail_kv(err, "cannot derive from key '%s'", ref);
}

static int derive(const struct cli_args *args)
{
	const char *name = args->nargs ? args->arg[0] : NULL;
	const char *ref = args->opt[DER_KEY];
	struct kv *kv = NULL;
	uint64_t key, derived;
	struct derivation d;
	int err, status;

	status = derive_options(args, &d);
	if (!status)
		status = cli_check_name(args, name);
	if (!status)
		status = cli_open_key(args, ref, &kv, &key);
	if (status)
		goto out;
	err = kv_derive(kv, key, d.hkdf ? d.hkdf : own_hkdf(kv, key),
			d.salt_buf.data, d.salt_buf.len, d.info,
			strlen(d.info), d.alg, d.bits, &derived);
	if (err)
		status = derive_failed(err, ref, d.alg);
	else
		status = cli_name_key(kv, derived, name);
	if (!status)
		status = cli_print_new_key(derived, name, d.alg,
					   args->opt[DER_JSON]);
out:
	kv_close(kv);
	return status;
}

const struct cli_command cli_derive = {
	.name = "derive", .operands = "[NAME]",
	.summary = "make a key from another, with HKDF (RFC 5869)",
	.help = "The same key, salt and info make the same key again. Prints the new key's id.\n",
	.opts = derive_opts, .max_args = 1, .run = derive,
};

enum { EX_KEY, EX_PEER, EX_INTO, EX_RAW, EX_JSON };

static const struct cli_opt exchange_opts[] = {
	[EX_KEY] = CLI_OPT_KEY,
	[EX_PEER] = { "peer", 'p', "FILE", "the other side's public key: PEM, or 32 bytes" },
	[EX_INTO] = { "into", 'i', "NAME", "keep the secret in the vault, as an HMAC key" },
	[EX_RAW] = { "raw", 'r', NULL, "print the bytes instead of hexadecimal" },
	[EX_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

static int read_peer(const struct cli_args *args, struct cli_buf *peer)
{
	const char *path = args->opt[EX_PEER];
	struct cli_pem pem;
	int status;

	if (!path)
		return cli_bad_usage(args, "say where the other side's public key is: --peer FILE");
	status = cli_read_small(path, peer);
	if (status || peer->len == KV_X25519_PUBLIC_SIZE)
		return status;
	if (!cli_pem_decode(peer, &pem) || !pem.is_public ||
	    pem.algorithm != KV_ALG_X25519)
		return cli_fail("%s is not an X25519 public key, in PEM or as 32 bytes",
				cli_shown(path));
	return 0;
}

static int exchange_failed(int err, struct kv *kv, uint64_t key,
			   const char *ref)
{
	struct kv_key_info info;

	if (err != -EINVAL)
		return cli_fail_kv(err, "cannot exchange with key '%s'", ref);
	if (!kv_info(kv, key, &info) && info.algorithm == KV_ALG_X25519)
		return cli_fail("the other side's public key is not a safe one (a low-order point): do not trust who sent it");
	return cli_fail("key '%s' cannot exchange: make one that can with 'keyvault generate -a x25519 NAME'",
			ref);
}

/* With --into the secret goes back into the vault, and is not shown. */
static int keep_secret(const struct cli_args *args, struct kv *kv,
		       const struct cli_buf *secret)
{
	const char *name = args->opt[EX_INTO];
	uint64_t key;
	int err, status;

	err = kv_import(kv, KV_ALG_HMAC_SHA256, 0, secret->data,
			KV_X25519_SHARED_SIZE, &key);
	if (err)
		return cli_fail_kv(err, "cannot keep the shared secret");
	status = cli_name_key(kv, key, name);
	return status ? status : cli_print_new_key(key, name,
						   KV_ALG_HMAC_SHA256,
						   args->opt[EX_JSON]);
}

static int exchange(const struct cli_args *args)
{
	const char *ref = args->opt[EX_KEY];
	struct cli_buf peer = { 0 }, secret = { 0 };
	struct kv *kv = NULL;
	uint64_t key;
	int err, status;

	status = read_peer(args, &peer);
	if (!status)
		status = cli_check_name(args, args->opt[EX_INTO]);
	if (!status)
		status = cli_open_key(args, ref, &kv, &key);
	if (!status)
		status = cli_secret_alloc(&secret, 4096);
	if (status)
		goto out;
	err = kv_exchange(kv, key, peer.data, secret.data);
	if (err)
		status = exchange_failed(err, kv, key, ref);
	else if (args->opt[EX_INTO])
		status = keep_secret(args, kv, &secret);
	else
		cli_put_bytes("secret", secret.data, KV_X25519_SHARED_SIZE,
			      args->opt[EX_RAW], args->opt[EX_JSON]);
out:
	cli_buf_free(&secret);
	cli_buf_free(&peer);
	kv_close(kv);
	return status;
}

const struct cli_command cli_exchange = {
	.name = "exchange", .operands = "",
	.summary = "a shared secret with somebody's public key (X25519)",
	.help = "Prints the secret, or with --into keeps it as a key, from which 'derive' and\n"
		"'encrypt' make others. Never use the secret itself as a key.\n",
	.opts = exchange_opts, .run = exchange,
};
