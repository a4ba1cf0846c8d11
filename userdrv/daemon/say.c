// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * say.c - lines for the journal, or for who has started uiocapd by hand
 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static int wanted = SAY_INFO;

void say_level(int severity)
{
	wanted = severity;
}

/* As one write: others may have the same journal stream. */
void say(int severity, const char *format, ...)
{
	char line[512];
	va_list args;

	if (severity > wanted)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "uiocapd: %s\n", line);
	else
		fprintf(stderr, "<%d>%s\n", severity, line);
}

void say_library(void *data, int severity, const char *message)
{
	(void)data;
	say(severity, "%s", message);
}
