// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.c - the figures of bench/run, as a table or as JSON
 *
 * Reads one figure a line, its fields set apart by tabs, as report() in lib.sh writes them, and
 * says which gates are met. A gate that is not may be known to be out of reach: then the figure has
 * a bound of its own, beyond which it is a new failure. Exit status 1 when a counted figure fails.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "userdrv/cli/table.h"

enum { GOAL, KIND, WHERE, WHAT, MEASURED, UNIT, GATE, BASELINE, KNOWN, FIELDS };

static const struct column columns[] = {
	{ .key = "goal", .title = "GOAL" },
	{ .key = "where", .title = "WHERE" },
	{ .key = "what", .title = "WHAT" },
	{ .key = "measured", .title = "MEASURED", .right = true, .decimals = 3 },
	{ .key = "unit", .title = "UNIT" },
	{ .key = "gate", .title = "GATE" },
	{ .key = "baseline", .title = "BASELINE" },
	{ .key = "met", .title = "MET" },
	{ 0 },
};

/* A figure that is no number fails each gate: comparisons with NaN are false. */
static bool meets(double measured, const char *gate)
{
	double limit = strtod(gate + strcspn(gate, "0123456789.-"), NULL);

	switch (gate[0]) {
	case '<': return measured <= limit;
	case '>': return measured >= limit;
	default: return measured == limit;
	}
}

static bool has(const char *text)
{
	return strcmp(text, "-") != 0;
}

static void put_some(struct json_object *row, const char *key, const char *text)
{
	put_text(row, key, has(text) ? text : NULL);
}

/* "yes", "no", "known", or NULL for a figure without a gate. */
static const char *verdict(double measured, char *const field[FIELDS])
{
	if (!has(field[GATE]))
		return NULL;
	if (meets(measured, field[GATE]))
		return "yes";
	return has(field[KNOWN]) && meets(measured, field[KNOWN]) ? "known" : "no";
}

/* Returns whether a counted figure fails. */
static bool add(struct json_object *rows, char *const field[FIELDS])
{
	struct json_object *row = json_object_new_object();
	double measured = strtod(field[MEASURED], NULL);
	const char *met = verdict(measured, field);

	put_text(row, "goal", field[GOAL]);
	put_text(row, "kind", field[KIND]);
	put_text(row, "where", field[WHERE]);
	put_text(row, "what", field[WHAT]);
	if (measured == measured)
		put_real(row, "measured", measured);
	else
		put_text(row, "measured", NULL);
	put_some(row, "unit", field[UNIT]);
	put_some(row, "gate", field[GATE]);
	put_some(row, "baseline", field[BASELINE]);
	put_text(row, "met", met);
	json_object_array_add(rows, row);
	return met && strcmp(met, "no") == 0 && strcmp(field[KIND], "counted") == 0;
}

static int split(char *line, char *field[FIELDS])
{
	line[strcspn(line, "\n")] = '\0';
	for (int n = 0; n < FIELDS; n++) {
		field[n] = strsep(&line, "\t");
		if (!field[n])
			return -EINVAL;
	}
	return line ? -EINVAL : 0;
}

int main(int argc, char **argv)
{
	struct table_style style = { 0 };
	struct json_object *rows = json_object_new_array();
	char *line = NULL, *field[FIELDS];
	size_t size = 0;
	bool missed = false;
	int err;

	while (getline(&line, &size, stdin) > 0) {
		if (split(line, field) < 0) {
			fprintf(stderr, "report: not a figure: %s\n", line);
			return 2;
		}
		missed |= add(rows, field);
	}
	if (argc > 1 && strcmp(argv[1], "--json") == 0)
		err = json_print(stdout, rows);
	else
		err = table_print(stdout, columns, &style, rows);
	json_object_put(rows);
	free(line);
	return err ? 2 : missed;
}
