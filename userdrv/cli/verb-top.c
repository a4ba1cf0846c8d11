// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-top.c - uiocap top: how a service and its clients are doing, again and again
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "clock.h"
#include "device.h"
#include "quantity.h"
#include "stop.h"
#include "table.h"
#include "talk.h"
#include "top-rows.h"

#define SLICE_MS	200	/* a signal just before a wait is noticed after this */

/**
 * struct settings - what the user wants
 * @device:   service, or NULL: the only one
 * @count:    tables; 0: until a signal
 * @every_ns: from one to the next
 */
struct settings {
	const char *device;
	uint64_t count;
	int64_t every_ns;
	bool json;
};

static const struct option_spec options[] = {
	{ 'd', "device", "SPEC", "the service, unix:PATH; the only one there is", NULL, NULL },
	{ 'i', "interval", "TIME", "from one table to the next; 1s", QUANTITY_TIME_WANTS, NULL },
	{ 'n', "count", "N", "end after N tables", QUANTITY_COUNT_WANTS, NULL },
	OPTION_JSON,
	{ 0 },
};

static const struct column fields[] = {
	{ .key = "service", .title = "Service" },
	{ .key = "model", .title = "Model" },
	{ .key = "slot", .title = "Slot" },
	{ .key = "seconds", .title = "Seconds", .decimals = 1 },
	{ .key = "irqs_per_s", .title = "Interrupts/s", .decimals = 1 },
	{ .key = "lost_irqs", .title = "Lost irqs" },
	{ 0 },
};

static const struct column channel_columns[] = {
	{ .key = "channel", .title = "CHANNEL", .right = true },
	{ .key = "kind", .title = "KIND" },
	{ .key = "fps", .title = "FPS", .right = true, .decimals = 2 },
	{ .key = "mb_per_s", .title = "MB/s", .right = true, .decimals = 2 },
	{ .key = "frames", .title = "FRAMES", .right = true },
	{ .key = "lost", .title = "LOST", .right = true, .alarm = true },
	{ .key = "incomplete", .title = "INCOMPLETE", .right = true, .alarm = true },
	{ .key = "resets", .title = "RESETS", .right = true, .alarm = true },
	{ 0 },
};

static const struct column client_columns[] = {
	{ .key = "pid", .title = "PID", .right = true },
	{ .key = "name", .title = "PROGRAM" },
	{ .key = "user", .title = "USER" },
	{ .key = "channels", .title = "CHANNELS" },
	{ .key = "fps", .title = "FPS", .right = true, .decimals = 2 },
	{ .key = "mb_per_s", .title = "MB/s", .right = true, .decimals = 2 },
	{ .key = "frames", .title = "FRAMES", .right = true },
	{ .key = "lost", .title = "LOST", .right = true, .alarm = true },
	{ .key = "free", .title = "FREE", .right = true },
	{ .key = "held", .title = "HELD", .right = true },
	{ 0 },
};

static int take_option(void *data, int key, const char *value)
{
	struct settings *s = data;

	switch (key) {
	case 'd':
		s->device = value;
		return 0;
	case 'i':
		return quantity_time(value, &s->every_ns) || s->every_ns <= 0 ? -EINVAL : 0;
	case 'n':
		return quantity_count(value, 1, UINT64_MAX, &s->count);
	default:
		s->json = true;
		return 0;
	}
}

/* ---- one table -------------------------------------------------------------------------- */

static int show_rows(const struct column *columns, struct json_object *rows, const char *none)
{
	printf("\n");
	if (json_object_array_length(rows) > 0)
		return table_print(stdout, columns, &(struct table_style){ 0 }, rows);
	return printf("%s\n", none) < 0 ? -EIO : 0;
}

static int show_text(struct json_object *o, bool again)
{
	int err;

	if (isatty(STDOUT_FILENO))
		printf("\033[H\033[J");
	else if (again)
		printf("\n");
	err = record_print(stdout, fields, o);
	if (!err)
		err = show_rows(channel_columns, json_object_object_get(o, "channels"),
				"No channel is captured.");
	if (!err)
		err = show_rows(client_columns, json_object_object_get(o, "clients"),
				"There is no client.");
	return err;
}

/* At once: who reads it may be a program. */
static int show(const struct settings *s, struct json_object *o, bool again)
{
	int err = s->json ? json_print(stdout, o) : show_text(o, again);

	json_object_put(o);
	if (!err && fflush(stdout))
		err = -errno;
	return err;
}

/* ---- again and again -------------------------------------------------------------------- */

/* Returns false when a signal came. */
static bool pause_for(int64_t ns)
{
	int64_t end = clock_ns() + ns;

	for (int64_t now = clock_ns(); now < end && !stop_requested(); now = clock_ns()) {
		int64_t ms = (end - now) / 1000000 + 1;

		poll(NULL, 0, ms < SLICE_MS ? (int)ms : SLICE_MS);
	}
	return !stop_requested();
}

static int watch(const struct settings *s, const char *spec, struct uiocap_service *service)
{
	const struct uiocap_service_state *now;
	struct top_sample before = { 0 };
	int err = uiocap_service_get_state(service, &now);

	for (uint64_t n = 0; !err && (!s->count || n < s->count); n++) {
		err = top_sample_take(&before, now);
		if (err || !pause_for(s->every_ns))
			break;
		err = uiocap_service_get_state(service, &now);
		if (!err)
			err = show(s, top_document(spec, &before, now), n > 0);
	}
	top_sample_free(&before);
	return err == -EPIPE ? EXIT_OK : err ? say_failed("ask the service", err) : EXIT_OK;
}

static int open_and_watch(const struct settings *s, struct uiocap_ctx *ctx, const char *spec)
{
	struct uiocap_service *service;
	char what[160];
	int err = uiocap_service_open(ctx, spec, &service);
	int code;

	snprintf(what, sizeof(what), "open %s", spec);
	if (err)
		return say_failed(what, err);
	stop_catch();
	code = watch(s, spec, service);
	uiocap_service_close(service);
	return code;
}

static int find_and_watch(const struct settings *s, struct uiocap_ctx *ctx)
{
	struct uiocap_service_list *list;
	const char *spec, *other;
	int err = uiocap_service_list_new(ctx, &list);
	int code;

	if (err)
		return say_failed("look for services", err);
	if (uiocap_service_list_next(list, &spec) == 0) {
		say("no service shares a card on this machine; see uiocapd(8)");
		code = EXIT_NO_DEVICE;
	} else if (uiocap_service_list_next(list, &other) == 1) {
		say("there are several services; `uiocap list` shows them, choose one with --device");
		code = EXIT_USAGE;
	} else {
		code = open_and_watch(s, ctx, spec);
	}
	uiocap_service_list_free(list);
	return code;
}

static int run(int argc, char **argv)
{
	struct settings s = { .every_ns = SECOND_NS };
	int code = options_parse(&verb_top, argc, argv, take_option, &s);
	struct uiocap_ctx *ctx;

	if (code != OPTIONS_DONE)
		return code;
	if (optind < argc)
		s.device = argv[optind++];
	if (optind < argc)
		return usage_error(&verb_top, "unexpected '%s': one service at a time",
				   argv[optind]);
	code = context_new(&ctx);
	if (code)
		return code;
	code = s.device ? open_and_watch(&s, ctx, s.device) : find_and_watch(&s, ctx);
	uiocap_ctx_free(ctx);
	return code;
}

const struct verb verb_top = {
	.name = "top",
	.operands = "[SERVICE]",
	.summary = "Show how a service that shares a card, and its clients, are doing",
	.options = options,
	.run = run,
};
