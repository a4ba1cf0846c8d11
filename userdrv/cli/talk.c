// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * talk.c - messages for people
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "uiocap/uiocap.h"

#include "cli.h"
#include "progress.h"
#include "talk.h"

static int wanted = UIOCAP_LOG_WARNING;
static bool told;	/* the library has said why since the last failure */

void talk_verbose(void)
{
	wanted = UIOCAP_LOG_DEBUG;
}

void say(const char *format, ...)
{
	va_list args;

	progress_clear();
	fputs("uiocap: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static void take_message(void *data, int severity, const char *message)
{
	(void)data;
	if (severity <= UIOCAP_LOG_ERROR)
		told = true;
	say("%s%s", severity == UIOCAP_LOG_WARNING ? "warning: " : "", message);
}

void talk_attach(struct uiocap_ctx *ctx)
{
	uiocap_ctx_set_log(ctx, take_message, NULL, wanted);
}

static const char *reason(int err)
{
	switch (err) {
	case -ENODEV:
		return "the card has gone, or it is dead";
	case -ESTALE:
		return "the card has been reset";
	default:
		return strerror(-err);
	}
}

int say_failed(const char *what, int err)
{
	if (!told)
		say("cannot %s: %s", what, reason(err));
	told = false;
	switch (err) {
	case -ENODEV:
	case -ENXIO:
	case -ENOENT:
		return EXIT_NO_DEVICE;
	case -ETIMEDOUT:
		return EXIT_TIMEOUT;
	case -EINVAL:
		return EXIT_USAGE;
	default:
		return EXIT_FAILED;
	}
}

int say_run_failed(const char *what, int err)
{
	int code = say_failed(what, err);

	if (err == -ESTALE)
		say("with --on-reset=resume it would start the card anew and go on");
	return code;
}

bool talk_colour(FILE *stream)
{
	const char *no = getenv("NO_COLOR");

	/* https://no-color.org: present and not empty, whatever its value */
	return !(no && *no) && isatty(fileno(stream));
}
