/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * trace.c - what can be watched: each event, its numbers, and nothing more
 *
 * Linux's tracepoints, read as root through an instance of tracefs of our own.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call.h"

#define TRACEFS "/sys/kernel/tracing"
#define OURS TRACEFS "/instances/kv-conformance"
#define EVENTS TRACEFS "/events/keyvault"

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) >= 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* Begins to watch, with nothing seen yet. */
static bool watch(void)
{
	if (access(EVENTS, R_OK)) {
		skip("no tracepoints here");
		return false;
	}
	if (mkdir(OURS, 0700) && errno != EEXIST) {
		skip("tracing is the administrator's");
		return false;
	}
	return CHECK(put(OURS "/trace", "") &&
		     put(OURS "/events/keyvault/enable", "1"));
}

static void stop_watching(void)
{
	CHECK(put(OURS "/events/keyvault/enable", "0"));
	CHECK(rmdir(OURS) == 0);
}

/* How many events were seen that read like this; forgets them all. */
static int seen(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static int seen(const char *format, ...)
{
	char want[128], *line = NULL;
	size_t room = 0;
	FILE *file = fopen(OURS "/trace", "r");
	va_list args;
	int n = 0;

	va_start(args, format);
	vsnprintf(want, sizeof(want), format, args);
	va_end(args);
	while (file && getline(&line, &room, file) > 0) {
		char *at = strstr(line, want);

		if (at && (at[strlen(want)] == '\n' || at[strlen(want)] == ' '))
			n++;
	}
	free(line);
	if (file)
		fclose(file);
	put(OURS "/trace", "");
	return n;
}

/* The event of each request that uses a key, and how long its message is. */
static const struct {
	const char *op, *event;
	size_t length;
} uses[] = {
	{ "encrypt", "encrypt", CALL_DATA },
	{ "decrypt", "decrypt", CALL_DATA },
	{ "aead-encrypt", "aead_encrypt", CALL_DATA },
	{ "aead-decrypt", "aead_decrypt", CALL_DATA },
	{ "mac", "mac", CALL_DATA },
	{ "sign", "sign", CALL_DATA },
	{ "derive", "derive", 32 },
	{ "subkey", "derive", 32 },
	{ "keyexchange", "keyexchange", 32 },
};

static void use_events(void)
{
	unsigned int i;
	int fd;

	if (!watch())
		return;
	fd = vault_open();
	for (i = 0; i < ARRAY_LEN(uses); i++) {
		const struct op *op = op_find(uses[i].op);
		const struct alg *alg = op_alg(op);
		uint64_t id = key_known(fd, alg);
		struct call call;

		context("%s", op->name);
		seen("-");
		call_init(&call, op, alg, id);
		EQ(call_make(fd, &call), 0);
		EQ(seen(": %s: id=0x%016" PRIx64 " length=%zu error=0",
			uses[i].event, id, uses[i].length), 1);
		EQ(ask_revoke(fd, id), 0);
		EQ(seen(": key_revoke: id=0x%016" PRIx64, id), 1);
		call_init(&call, op, alg, id);
		EQ(call_make(fd, &call), KV_EREVOKED);
		EQ(seen(": %s: id=0x%016" PRIx64 " length=0 error=%d",
			uses[i].event, id, KV_EREVOKED), 1);
		EQ(ask_destroy(fd, id), 0);
		EQ(seen(": key_destroy: id=0x%016" PRIx64, id), 1);
		call_init(&call, op, alg, id);
		EQ(call_make(fd, &call), ENOENT);
		EQ(seen(": key_notfound: id=0x%016" PRIx64, id), 1);
	}
	close(fd);
	stop_watching();
}

static void forgery_is_seen(void)
{
	const struct op *op = op_find("aead-decrypt");
	const struct alg *alg = op_alg(op);
	struct call call;
	uint64_t id;
	int fd;

	if (!watch())
		return;
	fd = vault_open();
	id = key_known(fd, alg);
	call_init(&call, op, alg, id);
	call.buf[0][0] ^= 1;
	EQ(call_make(fd, &call), EBADMSG);
	EQ(seen(": aead_decrypt: id=0x%016" PRIx64 " length=%d error=%d", id,
		CALL_DATA, EBADMSG), 1);
	close(fd);
	stop_watching();
}

static void verify_hash_pubkey(void)
{
	const struct alg *alg = alg_find(KV_ALG_ED25519);
	struct call call;
	uint64_t id;
	int fd;

	if (!watch())
		return;
	fd = vault_open();
	id = key_known(fd, alg);
	call_init(&call, op_find("verify"), alg, id);
	EQ(call_make(fd, &call), 0);
	EQ(seen(": verify: id=0x%016" PRIx64 " length=%d error=0 valid=1", id,
		CALL_DATA), 1);
	call.buf[0][0] ^= 1;
	EQ(call_make(fd, &call), 0);
	EQ(seen(": verify: id=0x%016" PRIx64 " length=%d error=0 valid=0", id,
		CALL_DATA), 1);
	call_init(&call, op_find("hash"), NULL, 0);
	EQ(call_make(fd, &call), 0);
	EQ(seen(": hash: length=%d error=0", CALL_DATA), 1);
	call.req.hash.digest_len = 63;
	EQ(call_make(fd, &call), ENOSPC);
	EQ(seen(": hash: length=%d error=%d", CALL_DATA, ENOSPC), 1);
	call_init(&call, op_find("get-pubkey"), alg, id);
	EQ(call_make(fd, &call), 0);
	EQ(seen(": get_pubkey: id=0x%016" PRIx64 " error=0", id), 1);
	close(fd);
	stop_watching();
}

/* A key is seen to be made, in each of the ways, and to end with its vault. */
static void key_life(void)
{
	static const char *const makers[] = {
		"genkey", "import", "derive", "subkey",
	};
	uint64_t source, id = 0;
	unsigned int i;
	int fd;

	if (!watch())
		return;
	fd = vault_open();
	source = key_make(fd, KV_ALG_HKDF_SHA256);
	for (i = 0; i < ARRAY_LEN(makers); i++) {
		const struct op *op = op_find(makers[i]);
		struct call call;

		context("%s", op->name);
		call_init(&call, op, NULL, source);
		EQ(call_make(fd, &call), 0);
		id = call_get(&call, op->made, 8);
		EQ(seen(": key_create: id=0x%016" PRIx64 " alg=%d bits=256", id,
			KV_ALG_AES256_GCM), 1);
	}
	close(fd);
	EQ(seen(": key_destroy: id=0x%016" PRIx64, id), 1);
	/* the timer, not the next use, ends a key */
	fd = vault_open();
	EQ(ask_genkey(fd, KV_ALG_AES128_GCM, 0, 2, &id), 0);
	EQ(seen(": key_create: id=0x%016" PRIx64 " alg=10 bits=128", id), 1);
	nap(2.5);
	EQ(seen(": key_expire: id=0x%016" PRIx64, id), 1);
	close(fd);
	stop_watching();
}

static void denials(void)
{
	const struct op *op;
	int fd;

	if (!watch())
		return;
	fd = vault_open();
	EQ(ask_restrict(fd, KV_CAP_LIST), 0);
	FOR_OPS(op) {
		struct call call;

		if (!op->caps || op->caps == KV_CAP_LIST)
			continue;
		context("%s", op->name);
		seen("-");
		call_init(&call, op, NULL, 77);
		EQ(call_make(fd, &call), EPERM);
		/* where any of several will do, the first is told */
		EQ(seen(": cap_denied: wanted=0x%x have=0x%x",
			op->caps & -op->caps, KV_CAP_LIST), 1);
	}
	close(fd);
	stop_watching();
}

/* The numbers of one event, as its format file has them. */
static void only_numbers_in(const char *event)
{
	static const char *const allowed[] = {
		"id", "alg", "bits", "length", "error", "valid", "wanted",
		"have",
	};
	char path[128], *line = NULL;
	size_t room = 0;
	unsigned int fields = 0;
	FILE *file;

	snprintf(path, sizeof(path), EVENTS "/%s/format", event);
	file = fopen(path, "r");
	context("%s", event);
	REQUIRE(file != NULL);
	while (getline(&line, &room, file) > 0) {
		char type[16], name[32];
		int offset, size, is_signed;
		unsigned int i;

		if (sscanf(line, " field:%15s %31[^;]; offset:%d; size:%d;"
			   " signed:%d;", type, name, &offset, &size,
			   &is_signed) != 5 ||
		    strncmp(name, "common_", 7) == 0 ||
		    strstr(line, "common_"))
			continue;
		for (i = 0; i < ARRAY_LEN(allowed); i++)
			if (strcmp(name, allowed[i]) == 0)
				break;
		CHECK(i < ARRAY_LEN(allowed));
		CHECK(size <= 8);
		fields++;
	}
	CHECK(fields >= 1 && fields <= 4);
	free(line);
	fclose(file);
}

static void numbers_and_nothing_else(void)
{
	static const char *const events[] = {
		"key_create", "key_destroy", "key_revoke", "key_expire",
		"key_notfound", "encrypt", "decrypt", "aead_encrypt",
		"aead_decrypt", "mac", "sign", "derive", "keyexchange",
		"verify", "hash", "get_pubkey", "cap_denied",
	};
	unsigned int i;

	if (access(EVENTS, R_OK)) {
		skip("no tracepoints here");
		return;
	}
	for (i = 0; i < ARRAY_LEN(events); i++)
		only_numbers_in(events[i]);
}

TESTS(trace) = {
	TEST(use_events),
	TEST(forgery_is_seen),
	TEST(verify_hash_pubkey),
	TEST(key_life),
	TEST(denials),
	TEST(numbers_and_nothing_else),
	TESTS_END
};
