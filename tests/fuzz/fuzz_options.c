/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_options.c - uiocap-card's command line: a word a line */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sim/options.h"
#include "sim/pattern.h"

#define WORDS_MAX	64

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* What it says to people is not of interest, and would be much. */
static enum options_verdict parse_silently(int argc, char **argv, struct options *options)
{
	static FILE *nowhere;
	FILE *out = stdout, *err = stderr;
	enum options_verdict verdict;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	check(nowhere);
	stdout = nowhere;
	stderr = nowhere;
	verdict = options_parse(argc, argv, options);
	stdout = out;
	stderr = err;
	return verdict;
}

/* A card that is to be run can be made. */
static void check_options(const struct options *o)
{
	unsigned int channels = o->channels + o->streams;

	check(channels > 0 && channels <= REFCARD_MAX_CHANNELS);
	check((o->socket != NULL) != (o->socket_fd >= 0));
	check(o->width > 0 && o->width <= PATTERN_MAX_WIDTH && o->width % 4 == 0);
	check(o->height > 0 && o->height <= PATTERN_MAX_HEIGHT);
	check(o->faults.count <= FAULTS_MAX);
	for (unsigned int i = 0; i < o->faults.count; i++)
		check(o->faults.fixed[i].channel < REFCARD_MAX_CHANNELS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *argv[WORDS_MAX + 2] = { "uiocap-card" }, *save;
	struct options options;
	int argc = 1;

	check(text != NULL);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	for (char *word = strtok_r(text, "\n", &save); word && argc <= WORDS_MAX;
	     word = strtok_r(NULL, "\n", &save))
		argv[argc++] = word;
	optind = 0;	/* glibc: from the beginning */
	if (parse_silently(argc, argv, &options) == OPTIONS_RUN)
		check_options(&options);
	free(text);
	return 0;
}
