// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-irq.c - uiocap irq: a card's interrupts, counted, awaited, tried out
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "cli.h"
#include "device.h"
#include "quantity.h"
#include "stop.h"
#include "table.h"
#include "talk.h"

#define OPT_VECTOR	OPTION_LONG(0)

struct settings {
	const char *device;
	const char *model;
	struct table_style style;
	bool json;
	uint64_t count;
	uint64_t vector;
	int64_t timeout_ns;
};

static const struct option_spec options[] = {
	OPTION_DEVICE,
	OPTION_MODEL,
	OPTION_JSON,
	{ 'n', "count", "N", "wait, test: how many interrupts; 1", QUANTITY_COUNT_WANTS, NULL },
	{ 't', "timeout", "TIME", "wait, test: longest wait for one; 5s", QUANTITY_TIME_WANTS,
	  NULL },
	{ OPT_VECTOR, "vector", "N", "test: which vector is to be raised; 0", "a vector's number",
	  NULL },
	{ 'o', "output", "LIST", "count: columns to show, such as VECTOR,COUNT", NULL, NULL },
	{ OPTION_LONG(1), "noheadings", NULL, "count: leave the headings out", NULL, NULL },
	{ 0 },
};

static const struct column columns[] = {
	{ .key = "vector", .title = "VECTOR", .right = true, .help = "interrupt vector" },
	{
		.key = "count", .title = "COUNT", .right = true,
		.help = "interrupts since it was bound",
	},
	{ .key = "status", .title = "STATUS", .help = "what the card's status read at the latest" },
	{ .key = "age_s", .title = "AGE", .right = true, .decimals = 3,
	  .help = "seconds since the latest" },
	{ 0 },
};

static int take_option(void *data, int key, const char *value)
{
	struct settings *s = data;

	switch (key) {
	case 'd':
		s->device = value;
		return 0;
	case 'J':
		s->json = true;
		return 0;
	case 'n':
		return quantity_count(value, 1, UINT32_MAX, &s->count);
	case 't':
		return quantity_time(value, &s->timeout_ns);
	case 'o':
		s->style.columns = value;
		return 0;
	case OPT_VECTOR:
		return quantity_count(value, 0, UINT16_MAX, &s->vector);
	case OPTION_LONG(1):
		s->style.noheadings = true;
		return 0;
	default:
		s->model = value;
		return 0;
	}
}

static struct json_object *row_of(unsigned int vector, const struct uiocap_irq *irq, int64_t now_ns)
{
	struct json_object *row = json_object_new_object();

	put_number(row, "vector", vector);
	put_number(row, "count", irq->count);
	put_hex(row, "status", irq->status, 8);
	if (irq->time_ns)
		put_real(row, "age_s", (double)(now_ns - (int64_t)irq->time_ns) / 1e9);
	else
		put_text(row, "age_s", NULL);
	return row;
}

static int count(const struct settings *s, struct device *d)
{
	struct json_object *document = json_object_new_object();
	struct json_object *rows = json_object_new_array();
	int64_t now_ns = clock_ns();
	struct uiocap_irq irq;
	int err;

	json_object_object_add(document, "vectors", rows);
	for (unsigned int v = 0; !uiocap_irq_get(d->card, v, &irq); v++)
		json_object_array_add(rows, row_of(v, &irq, now_ns));
	err = s->json ? json_print(stdout, document) :
			table_print(stdout, columns, &s->style, rows);
	json_object_put(document);
	return err ? say_failed("show the interrupts", err) : EXIT_OK;
}

/* One interrupt, however it comes to pass. Signals end it. */
static int wait_one(const struct settings *s, struct device *d)
{
	int64_t end_ns = clock_ns() + s->timeout_ns;
	int n;

	do {
		n = uiocap_irq_wait(d->card, end_ns - clock_ns());
	} while (n == -EINTR && !stop_requested());
	if (n == 1)
		return EXIT_OK;
	if (n == -EINTR)
		return EXIT_FAILED;
	if (n)
		return say_failed("wait for an interrupt", n);
	say("no interrupt came within %.3g s", (double)s->timeout_ns / 1e9);
	return EXIT_TIMEOUT;
}

static int wait_some(const struct settings *s, struct device *d)
{
	for (uint64_t i = 0; i < s->count; i++) {
		int code = wait_one(s, d);

		if (code)
			return code;
	}
	return EXIT_OK;
}

/* Raises one and waits until it is counted. */
static int test_one(const struct settings *s, struct device *d)
{
	unsigned int vector = (unsigned int)s->vector;
	struct uiocap_irq before, after;
	int err = uiocap_irq_get(d->card, vector, &before);
	int code;

	if (err)
		return usage_error(&verb_irq, "there is no vector %u: %s has %u", vector,
				   d->info.spec, d->info.vectors);
	err = uiocap_irq_raise(d->card, vector);
	if (err == -ENOTSUP)
		say("a %s cannot raise an interrupt by itself", d->info.model);
	if (err)
		return err == -ENOTSUP ? EXIT_FAILED : say_failed("raise an interrupt", err);
	do {	/* a wake-up may be that of another vector */
		code = wait_one(s, d);
		uiocap_irq_get(d->card, vector, &after);
	} while (!code && after.count == before.count);
	if (code)
		return code;
	if (after.count == before.count + 1)
		return EXIT_OK;
	say("one interrupt was raised, %" PRIu64 " were counted", after.count - before.count);
	return EXIT_FAILED;
}

static void show_test(const struct settings *s, uint64_t raised, uint64_t counted, double seconds)
{
	struct json_object *o;

	if (!s->json) {
		printf("%" PRIu64 " raised, %" PRIu64 " delivered and counted, %.1f us each\n",
		       raised, counted, counted ? seconds / (double)counted * 1e6 : 0.0);
		return;
	}
	o = json_object_new_object();
	put_number(o, "vector", s->vector);
	put_number(o, "raised", raised);
	put_number(o, "counted", counted);
	put_real(o, "seconds", seconds);
	json_print(stdout, o);
	json_object_put(o);
}

static int test(const struct settings *s, struct device *d)
{
	int64_t start_ns = clock_ns();
	int code = EXIT_OK;
	uint64_t raised = 0;

	while (!code && raised < s->count) {
		code = test_one(s, d);
		raised++;
	}
	if (code != EXIT_USAGE)
		show_test(s, raised, raised - (code != EXIT_OK),
			  (double)(clock_ns() - start_ns) / 1e9);
	return code;
}

static const struct action {
	const char *name;
	int (*run)(const struct settings *s, struct device *d);
} actions[] = {
	{ "count", count },
	{ "wait", wait_some },
	{ "test", test },
	{ NULL, NULL },
};

static const struct action *action_named(const char *name)
{
	const struct action *a;

	for (a = actions; a->name; a++)
		if (!strcmp(a->name, name))
			return a;
	usage_error(&verb_irq, "there is no '%s', only: count, wait, test", name);
	return NULL;
}

static int run(int argc, char **argv)
{
	struct settings s = { .count = 1, .timeout_ns = 5 * SECOND_NS };
	int code = options_parse(&verb_irq, argc, argv, take_option, &s);
	const struct action *action = actions;	/* count, when nothing else is asked for */
	struct device device;

	if (code != OPTIONS_DONE)
		return code;
	code = table_check(columns, &s.style);
	if (code)
		return code;
	if (optind < argc)
		action = action_named(argv[optind++]);
	if (!action)
		return EXIT_USAGE;
	if (optind < argc)
		return usage_error(&verb_irq, "unexpected '%s'", argv[optind]);
	code = device_open_own(s.device, s.model, &device);
	if (code)
		return code;
	stop_catch();
	code = action->run(&s, &device);
	device_close(&device);
	return code;
}

const struct verb verb_irq = {
	.name = "irq",
	.operands = "[count | wait | test]",
	.summary = "Count interrupts, wait for them, have the card raise them",
	.options = options,
	.columns = columns,
	.run = run,
};
