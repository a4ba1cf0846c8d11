// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-list.c - uiocap list: the cards of this machine, and the services that share some
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "cli.h"
#include "device.h"
#include "table.h"
#include "talk.h"
#include "top-rows.h"

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
	  .help = "ready; busy: somebody has it open; unbound: uiocap bind it first; or clients" },
	{ .key = "clients", .title = "CLIENTS", .help = "of a service", .right = true,
	  .hidden = true },
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
	put_text(row, "clients", NULL);
	return row;
}

static unsigned int count_others(const struct uiocap_service_state *state)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < state->clients; i++)
		count += !top_is_self(&state->client[i]);
	return count;
}

static void put_state(struct json_object *row, const struct uiocap_service_state *state)
{
	unsigned int clients = count_others(state);
	char text[32];

	snprintf(text, sizeof(text), "%u client%s", clients, clients == 1 ? "" : "s");
	put_text(row, "slot", or_null(state->slot));
	put_text(row, "id", NULL);
	put_text(row, "model", state->model);
	put_text(row, "driver", "uiocapd");
	put_text(row, "state", text);
	put_number(row, "clients", clients);
}

static void put_no_state(struct json_object *row, int err)
{
	put_text(row, "slot", NULL);
	put_text(row, "id", NULL);
	put_text(row, "model", NULL);
	put_text(row, "driver", "uiocapd");
	put_text(row, "state", err == -EACCES ? "not permitted" : err == -ENODEV ? "not running" :
		 "no answer");
	put_text(row, "clients", NULL);
}

/* Who may not ask a service, or gets no answer, sees that in the table and needs no message. */
static struct json_object *service_row(struct uiocap_ctx *quiet, const char *spec)
{
	struct json_object *row = json_object_new_object();
	const struct uiocap_service_state *state;
	struct uiocap_service *service = NULL;
	int err = uiocap_service_open(quiet, spec, &service);

	put_text(row, "device", spec);
	if (!err)
		err = uiocap_service_get_state(service, &state);
	if (err)
		put_no_state(row, err);
	else
		put_state(row, state);
	uiocap_service_close(service);
	return row;
}

static int add_services(struct json_object *rows)
{
	struct uiocap_service_list *all;
	struct uiocap_ctx *quiet;
	const char *spec;
	int err = uiocap_ctx_new(&quiet);

	if (err)
		return err;
	err = uiocap_service_list_new(quiet, &all);
	while (!err && uiocap_service_list_next(all, &spec) == 1)
		json_object_array_add(rows, service_row(quiet, spec));
	if (!err)
		uiocap_service_list_free(all);
	uiocap_ctx_free(quiet);
	return err;
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
	err = add_services(rows);
	if (!err && !json_object_array_length(rows) && !s->json)
		say("there is no card in this machine; `--device sim` simulates one");
	else if (!err)
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
	.summary = "List the cards bound to the stub, those that could be, and services",
	.options = options,
	.columns = columns,
	.run = run,
};
