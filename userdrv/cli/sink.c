// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink.c - the table of sinks
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

static const struct sink_ops *const sinks[] = {
	&sink_null, &sink_check, &sink_check_edges, &sink_raw, &sink_pgm, &sink_png, &sink_y4m,
	NULL,
};

const char *const sink_names[] = {
	"null", "check", "check-edges", "raw", "pgm", "png", "y4m", NULL,
};

const struct sink_ops *sink_named(const char *name)
{
	for (int i = 0; sinks[i]; i++)
		if (!strcmp(sinks[i]->name, name))
			return sinks[i];
	return NULL;
}

const struct sink_ops *sink_for_file(const char *file)
{
	const char *dot = strrchr(file, '.');

	for (int i = 0; dot && sinks[i]; i++)
		if (sinks[i]->extension && !strcasecmp(sinks[i]->extension, dot))
			return sinks[i];
	return NULL;
}

int sink_open_plain(const struct sink_ops *ops, struct output *output, struct sink **out)
{
	struct sink *sink = calloc(1, sizeof(*sink));

	if (!sink)
		return -ENOMEM;
	sink->ops = ops;
	sink->output = output;
	*out = sink;
	return 0;
}

int sink_close_plain(struct sink *sink)
{
	free(sink);
	return 0;
}
