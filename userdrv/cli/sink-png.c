// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink-png.c - one PNG a frame
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "png-gray.h"
#include "sink.h"
#include "talk.h"

static int open_png(struct output *output, struct sink **out)
{
	return sink_open_plain(&sink_png, output, out);
}

static int take_frame(struct sink *sink, const struct image *image)
{
	uint8_t *png;
	size_t size;
	int err = png_gray(image->data, image->width, image->height, &png, &size);

	if (err) {
		say("cannot make a picture of frame %" PRIu64 " of channel %u: %s", image->number,
		    image->channel, strerror(-err));
		return err;
	}
	err = output_bytes(sink->output, image, png, size);
	free(png);
	return err;
}

const struct sink_ops sink_png = {
	.name = "png",
	.extension = ".png",
	.alone = true,
	.open = open_png,
	.frame = take_frame,
	.close = sink_close_plain,
};
