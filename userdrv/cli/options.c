// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - a verb's options as a table
 *
 * getopt_long(3) does the parsing; messages are ours, because they name what would be right.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "options.h"
#include "suggest.h"
#include "table.h"
#include "talk.h"

const char *const on_reset_names[] = { "fail", "resume", NULL };

static const struct option_spec help_option = { 'h', "help", NULL, "show this help", NULL, NULL };

/* The option at place @n of @verb's, the last one --help, or NULL. */
static const struct option_spec *option_at(const struct verb *verb, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (!verb->options[i].name)
			return NULL;
	return verb->options[n].name ? &verb->options[n] : &help_option;
}

static const struct option_spec *option_by_key(const struct verb *verb, int key)
{
	const struct option_spec *o;

	for (unsigned int i = 0; (o = option_at(verb, i)); i++)
		if (o->key == key)
			return o;
	return NULL;
}

int usage_error(const struct verb *verb, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say("%s", text);
	if (verb)
		say("`uiocap help %s` shows how it is used", verb->name);
	return EXIT_USAGE;
}

int choice_index(const char *const *choices, const char *text)
{
	for (int i = 0; choices[i]; i++)
		if (!strcmp(choices[i], text))
			return i;
	return -1;
}

static int unknown_option(const struct verb *verb, const char *word)
{
	const struct option_spec *o = option_by_key(verb, optopt);
	struct suggest s;
	char bare[64];

	if (o)
		return usage_error(verb, "--%s takes no value", o->name);
	if (optopt)	/* getopt_long(3) sets it for a letter only */
		return usage_error(verb, "unknown option -%c", optopt);
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	suggest_start(&s, bare);
	for (unsigned int i = 0; (o = option_at(verb, i)); i++)
		suggest_offer(&s, o->name);
	if (suggest_best(&s))
		return usage_error(verb, "unknown option --%s; did you mean --%s?", bare,
				   suggest_best(&s));
	return usage_error(verb, "unknown option --%s", bare);
}

static int bad_choice(const struct verb *verb, const struct option_spec *o, const char *value)
{
	char list[256] = "";
	struct suggest s;

	suggest_start(&s, value);
	for (int i = 0; o->choices[i]; i++) {
		suggest_offer(&s, o->choices[i]);
		strncat(list, i ? ", " : "", sizeof(list) - strlen(list) - 1);
		strncat(list, o->choices[i], sizeof(list) - strlen(list) - 1);
	}
	if (suggest_best(&s))
		return usage_error(verb, "--%s: there is no '%s'; did you mean '%s'? (%s)",
				   o->name, value, suggest_best(&s), list);
	return usage_error(verb, "--%s: there is no '%s', only: %s", o->name, value, list);
}

static int take_option(const struct verb *verb, const struct option_spec *o, const char *value,
		       option_fn fn, void *data)
{
	if (o == &help_option) {
		options_help(verb);
		return EXIT_OK;
	}
	if (o->choices && choice_index(o->choices, value) < 0)
		return bad_choice(verb, o, value);
	if (fn(data, o->key, value))
		return usage_error(verb, "--%s: '%s' is not %s", o->name, value, o->wants);
	return OPTIONS_DONE;
}

static void to_getopt(const struct verb *verb, struct option *longs, char *letters)
{
	const struct option_spec *o;
	unsigned int i;

	*letters++ = ':';	/* a missing value is told apart from an unknown option */
	for (i = 0; (o = option_at(verb, i)); i++) {
		longs[i] = (struct option){ o->name, o->value ? required_argument : no_argument,
					    NULL, o->key };
		if (o->key > 255)
			continue;
		*letters++ = (char)o->key;
		if (o->value)
			*letters++ = ':';
	}
	longs[i] = (struct option){ 0 };
	*letters = '\0';
}

int options_parse(const struct verb *verb, int argc, char **argv, option_fn fn, void *data)
{
	struct option longs[OPTIONS_MAX + 2];
	char letters[2 * OPTIONS_MAX + 2];
	int key, code;

	to_getopt(verb, longs, letters);
	optind = 0;	/* glibc: start anew, with another set of options */
	opterr = 0;
	while ((key = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_spec *o = option_by_key(verb, key == ':' ? optopt : key);

		if (key == ':')
			return usage_error(verb, "--%s needs a value: %s", o->name, o->value);
		if (!o)
			return unknown_option(verb, argv[optind - 1]);
		code = take_option(verb, o, optarg, fn, data);
		if (code != OPTIONS_DONE)
			return code;
	}
	return OPTIONS_DONE;
}

static void show_option(const struct option_spec *o)
{
	char left[40];

	if (o->key < 256)
		snprintf(left, sizeof(left), "-%c, --%s %s", o->key, o->name,
			 o->value ? o->value : "");
	else
		snprintf(left, sizeof(left), "    --%s %s", o->name, o->value ? o->value : "");
	printf("  %-27s %s", left, o->help);
	for (int i = 0; o->choices && o->choices[i]; i++)
		printf("%s%s", i ? ", " : ": ", o->choices[i]);
	putchar('\n');
}

void options_help(const struct verb *verb)
{
	const struct option_spec *o;

	printf("Usage: uiocap %s [OPTION]…%s%s\n\n%s.\n\nOptions:\n", verb->name,
	       *verb->operands ? " " : "", verb->operands, verb->summary);
	for (unsigned int i = 0; (o = option_at(verb, i)); i++)
		show_option(o);
	if (verb->columns)
		table_help(verb->columns);
}
