// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - uiocap(1): a table of verbs
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "uiocap/uiocap.h"

#include "cli.h"
#include "stop.h"
#include "suggest.h"
#include "talk.h"

static const struct verb *const verbs[] = {
	&verb_list, &verb_watch, &verb_top, &verb_info, &verb_bind, &verb_unbind, &verb_capture,
	&verb_stream, &verb_regs, &verb_irq, &verb_help, NULL,
};

const struct verb *verb_find(const char *name)
{
	struct suggest s;

	suggest_start(&s, name);
	for (int i = 0; verbs[i]; i++) {
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
		suggest_offer(&s, verbs[i]->name);
	}
	if (suggest_best(&s))
		say("unknown verb '%s'; did you mean '%s'?", name, suggest_best(&s));
	else
		say("unknown verb '%s'; `uiocap help` lists those that there are", name);
	return NULL;
}

void verb_show_all(void)
{
	printf("Usage: uiocap [-v] VERB [OPTION]…\n\n"
	       "Captures frames from a PCIe acquisition card.\n\nVerbs:\n");
	for (int i = 0; verbs[i]; i++)
		printf("  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
	printf("\n  -h, --help     show this help; `uiocap help VERB` shows a verb's\n"
	       "      --version  show the version\n"
	       "  -v, --verbose  show what the library has to say\n");
}

/*
 * What was written may still be in the buffer, and the disk full. Nobody listening any more is no
 * failure: he who wants less than all of the output closes the pipe.
 */
static int flush_stdout(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	if (errno == EPIPE)
		return code;
	say("cannot write to the standard output: %s", strerror(errno));
	return code == EXIT_OK ? EXIT_FAILED : code;
}

/* Options before the verb. OPTIONS_DONE, or the exit code to leave with. */
static int global_option(const char *word)
{
	if (!strcmp(word, "-h") || !strcmp(word, "--help")) {
		verb_show_all();
		return EXIT_OK;
	}
	if (!strcmp(word, "--version")) {
		printf("uiocap %s\n", uiocap_version());
		return EXIT_OK;
	}
	if (!strcmp(word, "-v") || !strcmp(word, "--verbose")) {
		talk_verbose();
		return OPTIONS_DONE;
	}
	say("unknown option %s before the verb; `uiocap --help` shows how it is used", word);
	return EXIT_USAGE;
}

static int run(int argc, char **argv)
{
	const struct verb *verb;
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		int code = global_option(argv[i]);

		if (code != OPTIONS_DONE)
			return code;
	}
	if (i == argc) {
		say("a verb is missing; `uiocap help` lists those that there are");
		return EXIT_USAGE;
	}
	verb = verb_find(argv[i]);
	return verb ? verb->run(argc - i, argv + i) : EXIT_USAGE;
}

/*
 * Who was started without one of the three would give its number to the next file, and write into
 * that what was meant for people. Reading is all that can be done with these.
 */
static void fill_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	fill_standard();
	/* For the width of what is not ASCII; numbers stay as programs read them. */
	setlocale(LC_CTYPE, "");
	stop_prepare();
	return flush_stdout(run(argc, argv));
}
