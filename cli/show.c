// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* list, info, pubkey */
#include <string.h>
#include <time.h>

#include "cli.h"

enum { SHOW_JSON };

static const struct cli_opt show_opts[] = {
	[SHOW_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

static const char *state(const struct kv_key_info *info)
{
	if (info->flags & KV_KEY_FLAG_REVOKED)
		return "revoked";
	if (info->flags & KV_KEY_FLAG_EXPIRED)
		return "expired";
	return "active";
}

static const char *alg_name(uint32_t algorithm)
{
	return kv_alg_name(algorithm) ?: "unknown";
}

static void json_key(const struct kv_key_info *info)
{
	json_open(NULL, '{');
	json_id("id", info->id);
	json_string("name", info->name);
	json_string("algorithm", alg_name(info->algorithm));
	json_int("bits", info->bits);
	json_string("state", state(info));
	json_bool("public", info->flags & KV_KEY_FLAG_PUBLIC);
	json_int("created", info->created);
	json_int("expires", info->expires);
	json_close('}');
}

static void print_row(const struct kv_key_info *info)
{
	printf("0x%016llx  %-17s  %5u  %-7s  %s\n",
	       (unsigned long long)info->id, alg_name(info->algorithm),
	       info->bits, state(info), info->name);
}

/* A key that another program destroyed in the meantime is none of ours. */
static int print_keys(struct kv *kv, const uint64_t *ids, size_t n, bool json)
{
	struct kv_key_info info;
	int err;

	if (json)
		json_open(NULL, '[');
	for (size_t i = 0; i < n; i++) {
		err = kv_info(kv, ids[i], &info);
		if (err == -ENOENT)
			continue;
		if (err)
			return cli_fail_kv(err, "cannot ask about key 0x%016llx",
					   (unsigned long long)ids[i]);
		if (json)
			json_key(&info);
		else
			print_row(&info);
	}
	if (json)
		json_close(']');
	return CLI_OK;
}

static int list(const struct cli_args *args)
{
	uint64_t ids[KV_MAX_LIST_KEYS];
	struct kv *kv = NULL;
	size_t n;
	int err, status;

	status = cli_open(&kv);
	if (status)
		return status;
	err = kv_list(kv, ids, KV_MAX_LIST_KEYS, &n);
	if (err)
		status = cli_fail_kv(err, "cannot list the keys");
	else
		status = print_keys(kv, ids, n, args->opt[SHOW_JSON]);
	if (!err && n == KV_MAX_LIST_KEYS)
		fprintf(stderr, "keyvault: a vault lists %d keys: there may be more\n",
			KV_MAX_LIST_KEYS);
	kv_close(kv);
	return status;
}

const struct cli_command cli_list = {
	.name = "list", .operands = "",
	.summary = "the keys: id, algorithm, bits, state, name",
	.opts = show_opts, .run = list,
};

static void print_time(const char *label, int64_t when)
{
	time_t t = when;
	char text[32];
	struct tm tm;

	if (!when || !gmtime_r(&t, &tm))
		strcpy(text, "never");
	else
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	printf("%-11s%s\n", label, text);
}

static void print_info(const struct kv_key_info *info)
{
	printf("id         0x%016llx\n", (unsigned long long)info->id);
	printf("name       %s\n", info->name);
	printf("algorithm  %s%s\n", alg_name(info->algorithm),
	       info->flags & KV_KEY_FLAG_PUBLIC ? " (public key only)" : "");
	printf("bits       %u\n", info->bits);
	printf("state      %s\n", state(info));
	print_time("created", info->created);
	print_time("expires", info->expires);
}

static int info(const struct cli_args *args)
{
	struct kv_key_info key_info;
	struct kv *kv = NULL;
	uint64_t key;
	int err, status;

	status = cli_open_key(args, args->arg[0], &kv, &key);
	if (status)
		goto out;
	err = kv_info(kv, key, &key_info);
	if (err)
		status = cli_fail_kv(err, "cannot ask about key '%s'",
				     args->arg[0]);
	else if (args->opt[SHOW_JSON])
		json_key(&key_info);
	else
		print_info(&key_info);
out:
	kv_close(kv);
	return status;
}

const struct cli_command cli_info = {
	.name = "info", .operands = "KEY",
	.summary = "what a key is: algorithm, size, state, times",
	.opts = show_opts, .min_args = 1, .max_args = 1, .run = info,
};

enum { PUB_RAW, PUB_JSON };

static const struct cli_opt pubkey_opts[] = {
	[PUB_RAW] = { "raw", 'r', NULL, "print the 32 bytes instead of PEM" },
	[PUB_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

static int pubkey_failed(int err, const char *ref)
{
	if (err == -EINVAL)
		return cli_fail("key '%s' has no public half: only ed25519 and x25519 keys have one",
				ref);
	return cli_fail_kv(err, "cannot get the public key of '%s'", ref);
}

static int pubkey(const struct cli_args *args)
{
	struct kv_key_info key_info;
	struct kv *kv = NULL;
	uint8_t pub[32];
	uint64_t key;
	int err, status;

	status = cli_open_key(args, args->arg[0], &kv, &key);
	if (status)
		goto out;
	err = kv_pubkey(kv, key, pub);
	if (!err)
		err = kv_info(kv, key, &key_info);
	if (err)
		status = pubkey_failed(err, args->arg[0]);
	else if (args->opt[PUB_RAW] || args->opt[PUB_JSON])
		cli_put_bytes("pubkey", pub, sizeof(pub), args->opt[PUB_RAW],
			      args->opt[PUB_JSON]);
	else
		cli_put_pem(stdout, key_info.algorithm, pub);
out:
	kv_close(kv);
	return status;
}

const struct cli_command cli_pubkey = {
	.name = "pubkey", .operands = "KEY",
	.summary = "a key's public half, in PEM or raw",
	.opts = pubkey_opts, .min_args = 1, .max_args = 1, .run = pubkey,
};
