// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-list.c - uiocap list: the cards of this machine
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "cli.h"
#include "device.h"
#include "table.h"
#include "talk.h"

struct settings {
	struct table_style style;
	bool json;
};

static const struct option_spec options[] = {
	OPTION_JSON,
	{ 'n', "noheadings", NULL, "leave the headings out", NULL, NULL },
	{ 'o', "output", "LIST", "columns to show, such as SLOT,MODEL", NULL, NULL },
	{ 0 },
};

static const struct column columns[] = {
	{ .key = "device", .title = "DEVICE", .help = "what --device takes" },
	{ .key = "slot", .title = "SLOT", .help = "PCI address" },
	{ .key = "id", .title = "ID", .help = "PCI vendor and device" },
	{ .key = "model", .title = "MODEL", .help = "card kind that supports it" },
	{ .key = "driver", .title = "DRIVER", .help = "kernel driver bound to it" },
	{ .key = "state", .title = "STATE",
	  .help = "ready; busy: somebody has it open; unbound: uiocap bind it first" },
	{ 0 },
};

static int take_option(void *data, int key, const char *value)
{
	struct settings *s = data;

	switch (key) {
	case 'J':
		s->json = true;
		break;
	case 'n':
		s->style.noheadings = true;
		break;
	case 'o':
		s->style.columns = value;
		break;
	}
	return 0;
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static struct json_object *row_of(const struct uiocap_device *d)
{
	struct json_object *row = json_object_new_object();
	char id[12];

	snprintf(id, sizeof(id), "%04x:%04x", d->vendor, d->device);
	put_text(row, "device", d->spec);
	put_text(row, "slot", d->slot);
	put_text(row, "id", id);
	put_text(row, "model", or_null(d->model));
	put_text(row, "driver", or_null(d->driver));
	put_text(row, "state", !d->bound ? "unbound" : d->busy ? "busy" : "ready");
	return row;
}

static int show(const struct settings *s, struct json_object *rows)
{
	struct json_object *document;
	int err;

	if (!s->json)
		return table_print(stdout, columns, &s->style, rows);
	document = json_object_new_object();
	json_object_object_add(document, "devices", json_object_get(rows));
	err = json_print(stdout, document);
	json_object_put(document);
	return err;
}

static int list(const struct settings *s, struct uiocap_ctx *ctx)
{
	const struct uiocap_device *device;
	struct json_object *rows;
	struct uiocap_list *all;
	int err = uiocap_list_new(ctx, &all);

	if (err)
		return say_failed("look for cards", err);
	rows = json_object_new_array();
	while (uiocap_list_next(all, &device) == 1)
		json_object_array_add(rows, row_of(device));
	uiocap_list_free(all);
	if (!json_object_array_length(rows) && !s->json)
		say("there is no card in this machine; `--device sim` simulates one");
	else
		err = show(s, rows);
	json_object_put(rows);
	return err ? say_failed("show the cards", err) : EXIT_OK;
}

static int run(int argc, char **argv)
{
	struct settings s = { 0 };
	int code = options_parse(&verb_list, argc, argv, take_option, &s);
	struct uiocap_ctx *ctx;

	if (code != OPTIONS_DONE)
		return code;
	if (optind < argc)
		return usage_error(&verb_list, "unexpected '%s'", argv[optind]);
	code = table_check(columns, &s.style);
	if (!code)
		code = context_new(&ctx);
	if (code)
		return code;
	code = list(&s, ctx);
	uiocap_ctx_free(ctx);
	return code;
}

const struct verb verb_list = {
	.name = "list",
	.operands = "",
	.summary = "List the cards bound to the stub, and those that could be",
	.options = options,
	.columns = columns,
	.run = run,
};
