// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-watch.c - uiocap watch: cards come and go
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>

#include "cli.h"
#include "device.h"
#include "stop.h"
#include "talk.h"

#define SLICE_MS	200	/* a signal just before a wait is noticed after this */

static const struct option_spec options[] = { { 0 } };

/* Each line at once: who reads them may be a program. */
static int show(struct uiocap_monitor *monitor)
{
	const struct uiocap_event *event;
	int ret;

	while ((ret = uiocap_monitor_next(monitor, &event)) == 1)
		printf("%s %s %s\n", event->change == UIOCAP_ADDED ? "added" : "removed",
		       event->spec, event->slot);
	if (fflush(stdout))
		return -errno;
	return ret;
}

static int watch(struct uiocap_monitor *monitor)
{
	struct pollfd fd = { .fd = uiocap_monitor_fd(monitor), .events = POLLIN };
	int ret = 0;

	while (ret == 0 && !stop_requested()) {
		ret = show(monitor);
		if (ret == 0 && poll(&fd, 1, SLICE_MS) < 0 && errno != EINTR)
			ret = -errno;
	}
	return ret == -EPIPE ? EXIT_OK : ret ? say_failed("watch", ret) : EXIT_OK;
}

static int run(int argc, char **argv)
{
	int code = options_parse(&verb_watch, argc, argv, NULL, NULL);
	struct uiocap_monitor *monitor;
	struct uiocap_ctx *ctx;
	int err;

	if (code != OPTIONS_DONE)
		return code;
	if (optind < argc)
		return usage_error(&verb_watch, "unexpected '%s'", argv[optind]);
	code = context_new(&ctx);
	if (code)
		return code;
	stop_catch();
	err = uiocap_monitor_new(ctx, &monitor);
	code = err ? say_failed("listen to udev", err) : watch(monitor);
	if (!err)
		uiocap_monitor_free(monitor);
	uiocap_ctx_free(ctx);
	return code;
}

const struct verb verb_watch = {
	.name = "watch",
	.operands = "",
	.summary = "Tell when cards come and go",
	.options = options,
	.run = run,
};
