/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * main.c - runs the conformance suite, or the topics named in the arguments
 *
 * usage: conformance [TOPIC...]
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "../tap.h"
#undef CHECK
#undef REQUIRE
#include "helper.h"

#define TOPICS(X) \
	X(abi) X(keys) X(list) X(caps) X(states) X(kinds) \
	X(faults) X(memory) X(buffers) \
	X(aead) X(cipher) X(mac_hash) X(sign) X(exchange) X(derive) X(subkey) \
	X(names) X(fd) X(limits) X(tunables) X(nonces) X(threads) X(races) \
	X(expiry) X(wall_clock) X(trace) X(unload) \
	X(vectors_aes) X(vectors_aead) X(vectors_mac_hash) X(vectors_curve) \
	X(vectors_kdf)

#define DECLARE(topic) extern const struct test topic ## _tests[];
TOPICS(DECLARE)

static const struct topic {
	const char *name;
	const struct test *tests;
} topics[] = {
#define ROW(topic) { #topic, topic ## _tests },
	TOPICS(ROW)
};

#define SLOW 3.0	/* seconds, from which a test's time is told */

static char where[200];

void context(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(where, sizeof(where), format, args);
	va_end(args);
}

void note(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

void skip(const char *why)
{
	tap_skip_why = why;
}

static void tell_where(void)
{
	if (where[0] && tap_bad < 20)
		printf("# at %s:\n", where);
}

int check(int ok, const char *what, const char *file, int line)
{
	if (!ok)
		tell_where();
	return tap_check(ok, what, file, line);
}

int check_eq(long long got, long long want, const char *what, const char *file,
	     int line)
{
	if (got != want) {
		tell_where();
		if (tap_bad < 20)
			printf("# got %lld, wanted %lld\n", got, want);
	}
	errno = 0;
	return tap_check(got == want, what, file, line);
}

static bool wanted(const char *topic, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], topic) == 0)
			return true;
	return argc < 2;
}

static void run_topic(const struct topic *topic)
{
	const struct test *test;

	for (test = topic->tests; test->name; test++) {
		char name[128];
		double start = now(), took;

		where[0] = 0;
		snprintf(name, sizeof(name), "%s: %s", topic->name, test->name);
		tap_run(name, test->run);
		took = now() - start;
		if (took >= SLOW)
			note("%s took %.1f s", name, took);
	}
}

int main(int argc, char **argv)
{
	double start = now();
	unsigned int i;
	int fd = vault_open();

	signal(SIGPIPE, SIG_IGN);
	if (fd < 0) {
		printf("Bail out! cannot open %s: %s\n", device(),
		       strerror(errno));
		return 1;
	}
	close(fd);
	for (i = 0; i < ARRAY_LEN(topics); i++)
		if (wanted(topics[i].name, argc, argv))
			run_topic(&topics[i]);
	note("%d tests in %.1f s", tap_number, now() - start);
	if (!tap_number) {
		printf("Bail out! no such topic\n");
		return 1;
	}
	return tap_done();
}
