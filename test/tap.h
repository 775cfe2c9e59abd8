/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tap.h - the tests' voice: TAP lines on standard output ("ok 1 - name").
 *
 * A test is a function that CHECKs; the first failed CHECK prints where and
 * marks the test failed (it goes on, unless REQUIRE is used, which returns).
 * TAP_RUN(function) runs one; main() ends with return tap_done();
 */
#ifndef TEST_TAP_H
#define TEST_TAP_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int tap_number, tap_failures, tap_bad;
static const char *tap_skip_why;

#define CHECK(cond) tap_check(!!(cond), #cond, __FILE__, __LINE__)
#define REQUIRE(cond) do { if (!CHECK(cond)) return; } while (0)
#define SKIP(why) do { tap_skip_why = (why); return; } while (0)
#define TAP_RUN(fn) tap_run(#fn, fn)

static inline int tap_check(int ok, const char *what, const char *file, int line)
{
	if (!ok) {
		tap_bad++;
		if (tap_bad <= 20)
			printf("# %s:%d: failed: %s (errno %d, %s)\n", file,
			       line, what, errno, strerror(errno));
	}
	return ok;
}

static inline void tap_run(const char *name, void (*fn)(void))
{
	tap_bad = 0;
	tap_skip_why = NULL;
	fn();
	tap_number++;
	if (tap_bad)
		tap_failures++;
	printf("%sok %d - %s%s%s\n", tap_bad ? "not " : "", tap_number, name,
	       tap_skip_why && !tap_bad ? " # SKIP " : "",
	       tap_skip_why && !tap_bad ? tap_skip_why : "");
	fflush(stdout);
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_number);
	return tap_failures ? 1 : 0;
}

#endif
