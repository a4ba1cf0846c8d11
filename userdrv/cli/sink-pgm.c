// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink-pgm.c - Netpbm's portable graymap, "P5": a file may hold several, one after another
 */
#include <stdio.h>

#include "output.h"
#include "sink.h"

static int open_pgm(struct output *output, struct sink **out)
{
	return sink_open_plain(&sink_pgm, output, out);
}

static int take_frame(struct sink *sink, const struct image *image)
{
	char head[40];

	snprintf(head, sizeof(head), "P5\n%u %u\n255\n", image->width, image->height);
	return output_frame(sink->output, image, "", head);
}

const struct sink_ops sink_pgm = {
	.name = "pgm",
	.extension = ".pgm",
	.open = open_pgm,
	.frame = take_frame,
	.close = sink_close_plain,
};
