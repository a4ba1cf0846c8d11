// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink-raw.c - the pixels and nothing else, frame after frame
 */
#include "output.h"
#include "sink.h"

static int open_raw(struct output *output, struct sink **out)
{
	return sink_open_plain(&sink_raw, output, out);
}

static int take_frame(struct sink *sink, const struct image *image)
{
	return output_frame(sink->output, image, "", "");
}

const struct sink_ops sink_raw = {
	.name = "raw",
	.extension = ".raw",
	.open = open_raw,
	.frame = take_frame,
	.close = sink_close_plain,
};
