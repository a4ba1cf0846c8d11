/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli.h - what every verb of uiocap(1) shares
 */
#ifndef CLI_H
#define CLI_H

#include "options.h"

/* As uiocap(1) documents them. */
enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_DEVICE = 3,
	EXIT_TIMEOUT = 4,
	EXIT_LOST = 5,
};

/**
 * struct verb - a subcommand
 * @name:     "capture"
 * @operands: what follows the options in a usage line, or ""
 * @summary:  what it does, in a line without a full stop
 * @options:  its options but --help, up to one without a name
 * @columns:  of its table, for the help text, or NULL
 * @run:      does it; @argv[0] is the verb. Returns an exit code
 */
struct verb {
	const char *name;
	const char *operands;
	const char *summary;
	const struct option_spec *options;
	const struct column *columns;
	int (*run)(int argc, char **argv);
};

extern const struct verb verb_list;
extern const struct verb verb_watch;
extern const struct verb verb_top;
extern const struct verb verb_info;
extern const struct verb verb_bind;
extern const struct verb verb_unbind;
extern const struct verb verb_capture;
extern const struct verb verb_stream;
extern const struct verb verb_regs;
extern const struct verb verb_irq;
extern const struct verb verb_help;

/** verb_find - by name; NULL and a message with the verbs that there are */
const struct verb *verb_find(const char *name);

/** verb_show_all - the general help, on stdout */
void verb_show_all(void);

#endif
