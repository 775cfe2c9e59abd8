// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* caps, algorithms: what this vault may and can do */
#include "cli.h"

enum { CAPS_RESTRICT, CAPS_JSON };

static const struct cli_opt caps_opts[] = {
	[CAPS_RESTRICT] = { "restrict", 0, "LIST", "give up all but these, for the whole session" },
	[CAPS_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

static void print_caps(uint32_t mask, bool json)
{
	const char *name, *before = "";

	if (json) {
		json_open(NULL, '{');
		json_int("mask", mask);
		json_open("caps", '[');
	}
	for (uint32_t cap = 1; cap; cap <<= 1) {
		name = mask & cap ? kv_cap_name(cap) : NULL;
		if (!name)
			continue;
		if (json)
			json_string(NULL, name);
		else
			printf("%s%s", before, name);
		before = ",";
	}
	if (json) {
		json_close(']');
		json_close('}');
	} else {
		putchar('\n');
	}
}

static int caps(const struct cli_args *args)
{
	const char *list = args->opt[CAPS_RESTRICT];
	struct kv *kv = NULL;
	uint32_t mask = 0;
	int err, status;

	if (list) {
		status = cli_cap_list(args, list, &mask);
		if (!status)
			status = cli_open_session(&kv);
	} else {
		status = cli_open(&kv);
	}
	if (status)
		return status;
	err = list ? kv_restrict(kv, mask) : 0;
	if (!err)
		err = kv_caps(kv, &mask);
	if (err)
		status = cli_fail_kv(err, list ? "cannot narrow the session" :
				     "cannot ask for the capabilities");
	else
		print_caps(mask, args->opt[CAPS_JSON]);
	kv_close(kv);
	return status;
}

const struct cli_command cli_caps = {
	.name = "caps", .operands = "",
	.summary = "what may be done here; give some of it up",
	.help = "LIST is names with commas between, 'readonly' or 'all'. What is given up does\n"
		"not come back, for any process in the session.\n",
	.opts = caps_opts, .run = caps,
};

enum { ALGS_JSON };

static const struct cli_opt algorithms_opts[] = {
	[ALGS_JSON] = CLI_OPT_JSON,
	CLI_OPT_END
};

static void json_alg(const struct kv_alg_info *info)
{
	json_open(NULL, '{');
	json_string("name", info->name);
	json_int("number", info->algorithm);
	json_int("bits", info->default_bits);
	json_int("min_bits", info->min_bits);
	json_int("max_bits", info->max_bits);
	json_string("implementation", info->implementation);
	json_close('}');
}

static void print_alg(const struct kv_alg_info *info)
{
	char bits[48] = "-";

	if (info->default_bits && info->min_bits == info->max_bits)
		snprintf(bits, sizeof(bits), "%u", info->default_bits);
	else if (info->default_bits)
		snprintf(bits, sizeof(bits), "%u (%u-%u)", info->default_bits,
			 info->min_bits, info->max_bits);
	printf("%-17s  %-15s  %s\n", info->name, bits, info->implementation);
}

static int algorithms(const struct cli_args *args)
{
	bool json = args->opt[ALGS_JSON];
	struct kv_alg_info info;
	struct kv *kv = NULL;
	int err, status;

	status = cli_open(&kv);
	if (status)
		return status;
	if (json)
		json_open(NULL, '[');
	for (uint32_t alg = kv_alg_next(KV_ALG_NONE); alg;
	     alg = kv_alg_next(alg)) {
		err = kv_alg_info(kv, alg, &info);
		if (err) {
			status = cli_fail_kv(err, "cannot ask about %s",
					     kv_alg_name(alg));
			break;
		}
		if (json)
			json_alg(&info);
		else
			print_alg(&info);
	}
	if (json && !status)
		json_close(']');
	kv_close(kv);
	return status;
}

const struct cli_command cli_algorithms = {
	.name = "algorithms", .operands = "",
	.summary = "the algorithms: key bits (range), and what carries them out",
	.opts = algorithms_opts, .run = algorithms,
};
