// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The vault, the keys in it, and how the command line names them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define START "start a session with 'keyvault exec -- bash' first"

static const char *session(void)
{
	const char *home = getenv("KEYVAULT");

	return home && !strncmp(home, "fd:", 3) ? home : NULL;
}

static int open_failed(int err)
{
	const char *home = getenv("KEYVAULT");

	if (session() && (err == -EBADF || err == -ENOTTY))
		return cli_fail("the session's vault (%s) is not open here: sudo and services close it; %s",
				home, "run keyvault inside the session itself");
	if (session() && err == -EINVAL)
		return cli_fail("KEYVAULT=%s is not 'fd:' and a number: unset KEYVAULT, or %s",
				home, START);
	if (!home || !*home)
		home = KV_DEVICE;
	if (err == -EACCES || err == -EPERM)
		return cli_fail("cannot open %s: permission denied (add yourself to group keyvault, or be root)",
				home);
	if (err == -ENOENT || err == -ENXIO || err == -ENODEV)
		return cli_fail("cannot open %s: it is not there (load the module: modprobe keyvault)",
				home);
	if (err == -ENOTTY)
		return cli_fail("%s is not a vault: unset KEYVAULT, or set it to the vault's device",
				home);
	if (err == -EMFILE)
		return cli_fail("cannot open %s: as many vaults are open as there may be (root can raise max_files, see keyvault(4))",
				home);
	return cli_fail_kv(err, "cannot open %s", home);
}

int cli_open(struct kv **kv)
{
	int err = kv_open(kv, 0);

	return err ? open_failed(err) : 0;
}

int cli_open_fresh(struct kv **kv)
{
	int err;

	if (session())
		unsetenv("KEYVAULT");
	err = kv_open(kv, KV_OPEN_FRESH);
	return err ? open_failed(err) : 0;
}

int cli_open_session(struct kv **kv)
{
	if (!session())
		return cli_fail("there is no session, so a key would die with this command: " START);
	return cli_open(kv);
}

/* "0x" and 16 digits: always an id, never a name. */
static bool is_id(const char *ref)
{
	size_t n = 2;

	if (strlen(ref) != 18 || ref[0] != '0' || ref[1] != 'x')
		return false;
	while (isxdigit((unsigned char)ref[n]))
		n++;
	return n == 18;
}

int cli_find_key(struct kv *kv, const char *ref, uint64_t *key)
{
	int err;

	if (is_id(ref)) {
		*key = strtoull(ref, NULL, 16);
		return 0;
	}
	err = kv_find(kv, ref, key);
	if (err == -ENOENT || err == -EINVAL)
		return cli_fail("there is no key '%s' in this vault%s", ref,
				session() ? " ('keyvault list' shows them)" :
				": keys live in sessions; " START);
	if (err == -EPERM)
		return cli_fail("this vault's capabilities do not include getinfo, so names cannot be looked up: give the key's id");
	return err ? cli_fail_kv(err, "cannot find key '%s'", ref) : 0;
}

/* Opens the vault and finds the key @ref, which the user may have forgotten. */
int cli_open_key(const struct cli_args *args, const char *ref, struct kv **kv,
		 uint64_t *key)
{
	int status;

	if (!ref)
		return cli_bad_usage(args, "say which key: --key KEY");
	status = cli_open(kv);
	return status ? status : cli_find_key(*kv, ref, key);
}

int cli_check_name(const struct cli_args *args, const char *name)
{
	if (!name)
		return 0;
	if (is_id(name))
		return cli_bad_usage(args, "'%s' looks like an id, so it cannot be a name",
				     name);
	if (!*name || strlen(name) > KV_MAX_NAME_SIZE)
		return cli_bad_usage(args, "a name has 1 to %d bytes",
				     KV_MAX_NAME_SIZE);
	return 0;
}

/* A key that cannot get its name is not left behind without one. */
int cli_name_key(struct kv *kv, uint64_t key, const char *name)
{
	int err;

	if (!name)
		return 0;
	err = kv_set_name(kv, key, name);
	if (!err)
		return 0;
	kv_destroy(kv, key);
	if (err == -EEXIST)
		return cli_fail("there is a key '%s' already: choose another name, or 'keyvault destroy' that one",
				name);
	if (err == -EINVAL)
		return cli_fail("the vault does not take this name: it must be printable UTF-8");
	return cli_fail_kv(err, "cannot name the key '%s'", name);
}

int cli_print_new_key(uint64_t key, const char *name, uint32_t algorithm,
		      bool json)
{
	if (!json) {
		printf("0x%016llx\n", (unsigned long long)key);
		return CLI_OK;
	}
	json_open(NULL, '{');
	json_id("id", key);
	json_string("name", name ? name : "");
	json_string("algorithm", kv_alg_name(algorithm));
	json_close('}');
	return CLI_OK;
}

int cli_alg(const struct cli_args *args, const char *name, uint32_t *algorithm)
{
	*algorithm = kv_alg_by_name(name);
	if (*algorithm == KV_ALG_NONE)
		return cli_bad_usage(args, "there is no algorithm '%s': 'keyvault algorithms' lists them",
				     name);
	return 0;
}

int cli_number(const struct cli_args *args, const char *option,
	       const char *text, uint32_t *number)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno || n > UINT32_MAX)
		return cli_bad_usage(args, "--%s takes a whole number, not '%s'",
				     option, text);
	*number = n;
	return 0;
}

/* "all", "readonly", or names with commas between */
int cli_cap_list(const struct cli_args *args, const char *list, uint32_t *caps)
{
	char word[32];
	size_t len;
	uint32_t cap;

	*caps = 0;
	for (;; list += len + 1) {
		len = strcspn(list, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, list);
		cap = kv_cap_by_name(word);
		if (!strcmp(word, "all"))
			cap = KV_CAP_ALL;
		if (!strcmp(word, "readonly"))
			cap = KV_CAP_READONLY;
		if (!cap)
			return cli_bad_usage(args, "there is no capability '%s': 'keyvault caps' shows them",
					     word);
		*caps |= cap;
		if (!list[len])
			return 0;
	}
}
