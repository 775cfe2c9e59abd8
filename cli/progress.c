// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define EVERY_MS 100
#define WIDTH	 30

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void show(const struct progress *p)
{
	static const char bar[] = "##############################";
	unsigned int part = WIDTH, percent = 100;

	if (!p->total) {
		fprintf(stderr, "\r%s %llu MiB", p->verb,
			(unsigned long long)p->done >> 20);
		return;
	}
	if (p->done < p->total) {
		part = (double)p->done / p->total * WIDTH;
		percent = (double)p->done / p->total * 100;
	}
	fprintf(stderr, "\r%s [%-*.*s] %3u%% of %llu MiB", p->verb, WIDTH,
		(int)part, bar, percent, (unsigned long long)p->total >> 20);
}

void progress_start(struct progress *p, const char *verb, uint64_t total,
		    bool quiet)
{
	*p = (struct progress){ .verb = verb, .total = total,
				.on = !quiet && isatty(STDERR_FILENO),
				.shown = now_ms() };
}

/* Nothing shows for what is done at once. */
void progress_add(struct progress *p, size_t n)
{
	int64_t now;

	p->done += n;
	if (!p->on)
		return;
	now = now_ms();
	if (now - p->shown < EVERY_MS)
		return;
	p->shown = now;
	show(p);
}

/* Clears the line, so that a message after it stands alone. */
void progress_end(struct progress *p)
{
	if (p->on)
		fputs("\r\033[K", stderr);
	p->on = false;
}
