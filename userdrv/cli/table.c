// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * table.c - rows of JSON objects, shown as columns
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <libsmartcols/libsmartcols.h>

#include "cli.h"
#include "suggest.h"
#include "table.h"
#include "talk.h"

/* The column that the first word of @list names, @len its length, or NULL. */
static const struct column *column_named(const struct column *columns, const char *list,
					 size_t len)
{
	for (; columns->title; columns++)
		if (strlen(columns->title) == len && !strncasecmp(columns->title, list, len))
			return columns;
	return NULL;
}

static int unknown_column(const struct column *columns, const char *list, size_t len)
{
	char name[64], known[256] = "";
	struct suggest s;

	snprintf(name, sizeof(name), "%.*s", (int)len, list);
	suggest_start(&s, name);
	for (const struct column *c = columns; c->title; c++) {
		suggest_offer(&s, c->title);
		strncat(known, c == columns ? "" : ",", sizeof(known) - strlen(known) - 1);
		strncat(known, c->title, sizeof(known) - strlen(known) - 1);
	}
	if (suggest_best(&s))
		say("there is no column '%s'; did you mean %s?", name, suggest_best(&s));
	else
		say("there is no column '%s', only %s", name, known);
	return EXIT_USAGE;
}

/* The columns to be shown, up to NULL. */
static int choose(const struct column *columns, const struct table_style *style,
		  const struct column *chosen[TABLE_COLUMNS_MAX + 1])
{
	const char *list = style->columns;
	unsigned int n = 0;

	for (const struct column *c = columns; !list && c->title; c++)
		if (!c->hidden)
			chosen[n++] = c;
	while (list && n < TABLE_COLUMNS_MAX) {
		size_t len = strcspn(list, ",");

		chosen[n] = column_named(columns, list, len);
		if (!chosen[n++])
			return unknown_column(columns, list, len);
		list = list[len] ? list + len + 1 : NULL;
	}
	chosen[n] = NULL;
	return EXIT_OK;
}

int table_check(const struct column *columns, const struct table_style *style)
{
	const struct column *chosen[TABLE_COLUMNS_MAX + 1];

	return choose(columns, style, chosen);
}

static const char *cell_text(const struct column *column, struct json_object *value, char *buf,
			     size_t size)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		return "-";
	case json_type_boolean:
		return json_object_get_boolean(value) ? "yes" : "no";
	case json_type_int:
		snprintf(buf, size, "%" PRIu64, json_object_get_uint64(value));
		return buf;
	case json_type_double:
		snprintf(buf, size, "%.*f", column->decimals, json_object_get_double(value));
		return buf;
	default:
		return json_object_get_string(value);
	}
}

static void fill_line(struct libscols_line *line, const struct column *const *chosen,
		      struct json_object *row, bool colour)
{
	for (size_t i = 0; chosen[i]; i++) {
		struct json_object *value = json_object_object_get(row, chosen[i]->key);
		const char *text;
		char buf[32];

		text = cell_text(chosen[i], value, buf, sizeof(buf));
		scols_line_set_data(line, i, text);
		if (colour && chosen[i]->alarm && value && json_object_get_uint64(value))
			scols_cell_set_color(scols_line_get_cell(line, i), "red");
	}
}

static int fill_table(struct libscols_table *table, const struct column *const *chosen,
		      struct json_object *rows, bool colour)
{
	for (size_t i = 0; chosen[i]; i++)
		if (!scols_table_new_column(table, chosen[i]->title, 0,
					    chosen[i]->right ? SCOLS_FL_RIGHT : 0))
			return -ENOMEM;
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		if (!line)
			return -ENOMEM;
		fill_line(line, chosen, json_object_array_get_idx(rows, i), colour);
	}
	return 0;
}

int table_print(FILE *out, const struct column *columns, const struct table_style *style,
		struct json_object *rows)
{
	const struct column *chosen[TABLE_COLUMNS_MAX + 1];
	bool colour = talk_colour(out);
	struct libscols_table *table;
	int err;

	if (choose(columns, style, chosen))
		return -EINVAL;
	table = scols_new_table();
	if (!table)
		return -ENOMEM;
	scols_table_set_stream(table, out);
	scols_table_enable_noheadings(table, style->noheadings);
	scols_table_enable_colors(table, colour);
	err = fill_table(table, chosen, rows, colour);
	if (!err)
		err = scols_print_table(table);
	scols_unref_table(table);
	return err;
}

void table_help(const struct column *columns)
{
	printf("\nColumns:\n");
	for (; columns->title; columns++)
		printf("  %-11s %s\n", columns->title, columns->help);
}

int record_print(FILE *out, const struct column *fields, struct json_object *object)
{
	char buf[32];

	for (; fields->title; fields++) {
		struct json_object *value = json_object_object_get(object, fields->key);

		if (value)
			fprintf(out, "%-12s %s\n", fields->title,
				cell_text(fields, value, buf, sizeof(buf)));
	}
	return ferror(out) ? -EIO : 0;
}

int json_print(FILE *out, struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_SPACED |
							  JSON_C_TO_STRING_NOSLASHESCAPE);

	if (!text)
		return -ENOMEM;
	return fprintf(out, "%s\n", text) < 0 ? -EIO : 0;
}

void put_text(struct json_object *row, const char *key, const char *text)
{
	json_object_object_add(row, key, text ? json_object_new_string(text) : NULL);
}

void put_number(struct json_object *row, const char *key, uint64_t number)
{
	json_object_object_add(row, key, json_object_new_uint64(number));
}

void put_real(struct json_object *row, const char *key, double real)
{
	char text[40];

	/* Six digits after the point say all that a measured number has to say. */
	snprintf(text, sizeof(text), "%.6f", real);
	json_object_object_add(row, key, json_object_new_double_s(real, text));
}

void put_flag(struct json_object *row, const char *key, bool flag)
{
	json_object_object_add(row, key, json_object_new_boolean(flag));
}

void put_hex(struct json_object *row, const char *key, uint64_t number, int digits)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%0*" PRIx64, digits, number);
	put_text(row, key, text);
}
