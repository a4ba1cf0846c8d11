// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink-y4m.c - YUV4MPEG2, luminance only: what video players and encoders read from a pipe
 */
#include <inttypes.h>
#include <stdio.h>

#include "output.h"
#include "sink.h"

static int open_y4m(struct output *output, struct sink **out)
{
	return sink_open_plain(&sink_y4m, output, out);
}

static int take_frame(struct sink *sink, const struct image *image)
{
	char head[96];

	/* The rate is a fraction; 0:0 stands for one that is not known. */
	snprintf(head, sizeof(head), "YUV4MPEG2 W%u H%u F%u:%" PRIu64 " Ip A1:1 Cmono\n",
		 image->width, image->height, image->period_ns ? 1000000000u : 0,
		 image->period_ns);
	return output_frame(sink->output, image, head, "FRAME\n");
}

const struct sink_ops sink_y4m = {
	.name = "y4m",
	.extension = ".y4m",
	.open = open_y4m,
	.frame = take_frame,
	.close = sink_close_plain,
};
