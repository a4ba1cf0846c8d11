/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - a verb's options as a table: parsed, explained and corrected from the same lines
 */
#ifndef OPTIONS_H
#define OPTIONS_H

struct verb;

/**
 * struct option_spec - an option
 * @key:     its letter, or a number above 255 where it has none
 * @name:    its long name
 * @value:   what it takes, as shown in the help, or NULL: nothing
 * @help:    what it does
 * @wants:   "a time such as 10s": completes the message about a value that is not
 * @choices: the only values it takes, up to NULL, or NULL: others
 */
struct option_spec {
	int key;
	const char *name;
	const char *value;
	const char *help;
	const char *wants;
	const char *const *choices;
};

#define OPTION_LONG(n)	(256 + (n))	/* key of an option without a letter */
#define OPTIONS_MAX	24

/* Options that several verbs have, written once. */
#define OPTION_DEVICE	{ 'd', "device", "SPEC", "the card; the only one there is", NULL, NULL }
#define OPTION_MODEL	{ OPTION_LONG(100), "model", "NAME", \
			  "card kind to use instead of the one for its PCI id", NULL, NULL }
#define OPTION_JSON	{ 'J', "json", NULL, "print JSON, complete", NULL, NULL }

/* In the order of enum uiocap_on_reset. */
extern const char *const on_reset_names[];
#define OPTION_ON_RESET(key) { key, "on-reset", "HOW", "what to do when the card is reset", NULL, \
			       on_reset_names }

/**
 * option_fn - takes an option
 * @value: NULL where it has none; one of its choices where it has some
 *
 * Returns 0, or -EINVAL where the value is not what the option wants.
 */
typedef int (*option_fn)(void *data, int key, const char *value);

#define OPTIONS_DONE	(-1)

/**
 * options_parse - gives each option to @fn; operands then begin at argv[optind]
 * @fn: NULL for a verb that has no options of its own
 *
 * Returns OPTIONS_DONE, or the exit code to leave with: help was shown, or an error told.
 */
int options_parse(const struct verb *verb, int argc, char **argv, option_fn fn, void *data);

/** options_help - the verb's help, on stdout */
void options_help(const struct verb *verb);

/** usage_error - tells what is wrong with the command line and where help is; EXIT_USAGE */
int __attribute__((format(printf, 2, 3))) usage_error(const struct verb *verb, const char *format,
						      ...);

/** choice_index - which of @choices @text is, or -1 */
int choice_index(const char *const *choices, const char *text);

#endif
