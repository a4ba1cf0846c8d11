/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.h - rows of JSON objects, shown as columns
 *
 * A verb makes its data once, as a json-c array of objects. --json prints it as it is; a person
 * gets columns of it through libsmartcols. So the two cannot disagree.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <json-c/json.h>

/**
 * struct column - how a member of the row objects is shown
 * @key:      the member's name
 * @title:    the heading, by which -o asks for it
 * @help:     what it is
 * @decimals: of a number with a fraction
 * @right:    flush right
 * @hidden:   shown only when -o asks for it
 * @alarm:    anything but 0 is bad news: red on a terminal
 */
struct column {
	const char *key;
	const char *title;
	const char *help;
	int decimals;
	bool right;
	bool hidden;
	bool alarm;
};

#define TABLE_COLUMNS_MAX	16

/**
 * struct table_style - what the user wants of it
 * @columns:    "SLOT,MODEL", or NULL: those that are not hidden
 * @noheadings: leave the headings out
 */
struct table_style {
	const char *columns;
	bool noheadings;
};

/**
 * table_check - are all of style's columns among @columns (up to one without a title)?
 *
 * EXIT_OK, or EXIT_USAGE after a message with those that there are.
 */
int table_check(const struct column *columns, const struct table_style *style);

/** table_print - show @rows. 0 or -errno */
int table_print(FILE *out, const struct column *columns, const struct table_style *style,
		struct json_object *rows);

/** table_help - the columns and what they are, for a verb's help */
void table_help(const struct column *columns);

/** record_print - show single values of @object, a line for each, its title before it */
int record_print(FILE *out, const struct column *fields, struct json_object *object);

/** json_print - @object as a document. 0 or -errno */
int json_print(FILE *out, struct json_object *object);

/* Members of a row; json-c takes them over. Only out of memory can fail, and then shows as null. */
void put_text(struct json_object *row, const char *key, const char *text);
void put_number(struct json_object *row, const char *key, uint64_t number);
void put_real(struct json_object *row, const char *key, double real);
void put_flag(struct json_object *row, const char *key, bool flag);
/** put_hex - as a string: JSON has no such numbers, and people look registers up in hexadecimal */
void put_hex(struct json_object *row, const char *key, uint64_t number, int digits);

#endif
