// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-help.c - uiocap help
 */
#include <getopt.h>
#include <stddef.h>

#include "cli.h"

static const struct option_spec options[] = { { 0 } };

static int run(int argc, char **argv)
{
	int code = options_parse(&verb_help, argc, argv, NULL, NULL);
	const struct verb *verb;

	if (code != OPTIONS_DONE)
		return code;
	if (optind == argc) {
		verb_show_all();
		return EXIT_OK;
	}
	verb = verb_find(argv[optind]);
	if (!verb)
		return EXIT_USAGE;
	options_help(verb);
	return EXIT_OK;
}

const struct verb verb_help = {
	.name = "help",
	.operands = "[VERB]",
	.summary = "Tell how a verb is used",
	.options = options,
	.run = run,
};
