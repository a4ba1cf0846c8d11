// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink-null.c - frames that are only counted: what the card and the driver alone can do
 */
#include <stddef.h>

#include "sink.h"

static int open_null(struct output *output, struct sink **out)
{
	return sink_open_plain(&sink_null, output, out);
}

const struct sink_ops sink_null = {
	.name = "null",
	.open = open_null,
	.frame = NULL,
	.close = sink_close_plain,
};
