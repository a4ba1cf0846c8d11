// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-regs.c - uiocap regs: a card's registers, by name or by address
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "device.h"
#include "quantity.h"
#include "reg-place.h"
#include "table.h"
#include "talk.h"

struct settings {
	const char *device;
	const char *model;
	struct table_style style;
	bool json;
};

static const struct option_spec options[] = {
	OPTION_DEVICE,
	OPTION_MODEL,
	OPTION_JSON,
	{ 'n', "noheadings", NULL, "dump: leave the headings out", NULL, NULL },
	{ 'o', "output", "LIST", "dump: columns to show, such as NAME,VALUE", NULL, NULL },
	{ 0 },
};

static const struct column columns[] = {
	{ .key = "name", .title = "NAME", .help = "what the data sheet calls it" },
	{ .key = "bar", .title = "BAR", .right = true, .help = "which BAR it is in" },
	{ .key = "offset", .title = "OFFSET", .help = "where in the BAR" },
	{ .key = "access", .title = "ACCESS", .help = "rw, ro, wo" },
	{ .key = "value", .title = "VALUE", .help = "what it reads; - where reading is no use" },
	{ 0 },
};

static int take_option(void *data, int key, const char *value)
{
	struct settings *s = data;

	switch (key) {
	case 'd':
		s->device = value;
		break;
	case 'J':
		s->json = true;
		break;
	case 'n':
		s->style.noheadings = true;
		break;
	case 'o':
		s->style.columns = value;
		break;
	default:
		s->model = value;
		break;
	}
	return 0;
}

static const char *access_of(const struct uiocap_register *r)
{
	return !r->readable ? "wo" : r->writable ? "rw" : "ro";
}

/* -EINVAL is the user's address: says what would do. */
static int access_failed(const struct device *d, const struct reg_place *p, int err)
{
	size_t size = uiocap_bar_size(d->card, p->bar);

	if (err != -EINVAL)
		return say_failed("access the register", err);
	if (!size)
		return usage_error(&verb_regs, "%s: BAR %u has no registers that can be reached",
				   p->text, p->bar);
	return usage_error(&verb_regs, "%s: offsets in BAR %u are multiples of 4 up to 0x%zx",
			   p->text, p->bar, size - 4);
}

static struct json_object *row_of(const struct reg_place *p, const uint32_t *value)
{
	struct json_object *row = json_object_new_object();

	put_text(row, "name", p->known ? p->known->name : NULL);
	put_number(row, "bar", p->bar);
	put_hex(row, "offset", p->offset, 4);
	put_text(row, "access", p->known ? access_of(p->known) : NULL);
	if (value)
		put_hex(row, "value", *value, 8);
	else
		put_text(row, "value", NULL);
	return row;
}

static int read_row(const struct device *d, const struct reg_place *p, struct json_object *rows)
{
	uint32_t value;
	int err = uiocap_reg_read(d->card, p->bar, p->offset, &value);

	if (err)
		return access_failed(d, p, err);
	json_object_array_add(rows, row_of(p, &value));
	return EXIT_OK;
}

static int dump(struct device *d, int argc, char **argv, struct json_object *rows)
{
	const struct uiocap_register *r;
	int code = EXIT_OK;

	if (argc)
		return usage_error(&verb_regs, "unexpected '%s': dump shows all", argv[0]);
	if (!uiocap_card_register(d->card, 0))
		say("%s has no names for registers; `uiocap regs peek BAR:OFFSET` does without",
		    d->info.model);
	for (unsigned int n = 0; !code && (r = uiocap_card_register(d->card, n)); n++) {
		struct reg_place p = { r->name, r, r->bar, r->offset };

		if (r->readable)
			code = read_row(d, &p, rows);
		else
			json_object_array_add(rows, row_of(&p, NULL));
	}
	return code;
}

static int peek(struct device *d, int argc, char **argv, struct json_object *rows)
{
	int code = EXIT_OK;

	if (!argc)
		return usage_error(&verb_regs, "peek: which register? NAME or BAR:OFFSET");
	for (int i = 0; !code && i < argc; i++) {
		struct reg_place p;

		if (reg_place_find(d->card, argv[i], &p))
			return EXIT_USAGE;
		code = read_row(d, &p, rows);
	}
	return code;
}

static int poke_one(struct device *d, const char *name, const char *number)
{
	struct reg_place p;
	uint64_t value;
	int err;

	if (reg_place_find(d->card, name, &p))
		return EXIT_USAGE;
	if (quantity_count(number, 0, UINT32_MAX, &value))
		return usage_error(&verb_regs, "'%s' is not a value of 32 bits", number);
	if (p.known && !p.known->writable)
		return usage_error(&verb_regs, "%s is read-only", p.known->name);
	err = uiocap_reg_write(d->card, p.bar, p.offset, (uint32_t)value);
	return err ? access_failed(d, &p, err) : EXIT_OK;
}

static int poke(struct device *d, int argc, char **argv, struct json_object *rows)
{
	int code = EXIT_OK;

	(void)rows;
	if (!argc || argc % 2)
		return usage_error(&verb_regs, "poke takes pairs: REGISTER VALUE");
	for (int i = 0; !code && i < argc; i += 2)
		code = poke_one(d, argv[i], argv[i + 1]);
	return code;
}

static int show_table(const struct settings *s, struct json_object *rows)
{
	return table_print(stdout, columns, &s->style, rows);
}

/* Values alone, in the order asked for: what a script wants. */
static int show_values(const struct settings *s, struct json_object *rows)
{
	(void)s;
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		puts(json_object_get_string(json_object_object_get(row, "value")));
	}
	return 0;
}

static int show_nothing(const struct settings *s, struct json_object *rows)
{
	(void)s;
	(void)rows;
	return 0;
}

static const struct action {
	const char *name;
	int (*run)(struct device *d, int argc, char **argv, struct json_object *rows);
	int (*show)(const struct settings *s, struct json_object *rows);
} actions[] = {
	{ "dump", dump, show_table },
	{ "peek", peek, show_values },
	{ "poke", poke, show_nothing },
	{ NULL, NULL, NULL },
};

static const struct action *action_named(const char *name)
{
	const struct action *a;

	for (a = actions; a->name; a++)
		if (!strcmp(a->name, name))
			return a;
	usage_error(&verb_regs, "there is no '%s', only: dump, peek, poke", name);
	return NULL;
}

static int show(const struct settings *s, const struct action *action, struct json_object *rows)
{
	struct json_object *document;
	int err;

	if (!s->json)
		return action->show(s, rows);
	document = json_object_new_object();
	json_object_object_add(document, "registers", json_object_get(rows));
	err = json_print(stdout, document);
	json_object_put(document);
	return err;
}

static int act(const struct settings *s, const struct action *action, int argc, char **argv)
{
	struct json_object *rows;
	struct device device;
	int code = device_open_own(s->device, s->model, &device);

	if (code)
		return code;
	rows = json_object_new_array();
	code = action->run(&device, argc, argv, rows);
	if (!code && show(s, action, rows))
		code = say_failed("show the registers", -EIO);
	json_object_put(rows);
	device_close(&device);
	return code;
}

static int run(int argc, char **argv)
{
	struct settings s = { 0 };
	int code = options_parse(&verb_regs, argc, argv, take_option, &s);
	const struct action *action = actions;	/* dump, when nothing else is asked for */

	if (code != OPTIONS_DONE)
		return code;
	code = table_check(columns, &s.style);
	if (code)
		return code;
	if (optind < argc)
		action = action_named(argv[optind++]);
	if (!action)
		return EXIT_USAGE;
	return act(&s, action, argc - optind, argv + optind);
}

const struct verb verb_regs = {
	.name = "regs",
	.operands = "[dump | peek REGISTER… | poke REGISTER VALUE…]",
	.summary = "Read and write registers, named or as BAR:OFFSET",
	.options = options,
	.columns = columns,
	.run = run,
};
