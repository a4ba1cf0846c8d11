// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * progress.c - a line on stderr that changes while something runs
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "progress.h"

#define EVERY_NS	200000000

static bool running, visible;
static int64_t start_ns, last_ns;
static uint64_t last_bytes;

void progress_start(int64_t now_ns)
{
	running = isatty(STDERR_FILENO);
	start_ns = now_ns;
	last_ns = now_ns;
	last_bytes = 0;
}

bool progress_due(int64_t now_ns)
{
	return running && now_ns - last_ns >= EVERY_NS;
}

void progress_show(int64_t now_ns, uint64_t bytes, uint64_t frames, uint64_t lost)
{
	double seconds = (double)(now_ns - last_ns) / 1e9;

	fprintf(stderr, "\r\033[K%6.1f s  %7.1f MB/s  %" PRIu64 " frames  %" PRIu64 " lost",
		(double)(now_ns - start_ns) / 1e9, (double)(bytes - last_bytes) / 1e6 / seconds,
		frames, lost);
	fflush(stderr);
	visible = true;
	last_ns = now_ns;
	last_bytes = bytes;
}

void progress_clear(void)
{
	if (visible)
		fputs("\r\033[K", stderr);
	visible = false;
}

void progress_end(void)
{
	progress_clear();
	running = false;
}
