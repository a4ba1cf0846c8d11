// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink-check.c - compares frames with the reference card's test pattern (refcard §11)
 *
 * "check" looks at every byte. "check-edges" looks at the first and the last line of each chunk:
 * enough to see a chunk in the wrong place, and cheap enough where the processor is emulated.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pattern.h"

#include "sink.h"
#include "talk.h"

#define TELL_MOST	8	/* of frames that are wrong */

struct checker {
	struct sink sink;
	struct pattern *pattern[SINK_CHANNELS];
	unsigned int told;
};

static int open_checker(const struct sink_ops *ops, struct sink **out)
{
	struct checker *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->sink.ops = ops;
	*out = &c->sink;
	return 0;
}

static int open_check(struct output *output, struct sink **out)
{
	(void)output;
	return open_checker(&sink_check, out);
}

static int open_check_edges(struct output *output, struct sink **out)
{
	(void)output;
	return open_checker(&sink_check_edges, out);
}

static int wrong(struct checker *c, const struct image *image, uint32_t line, long column)
{
	if (c->told++ < TELL_MOST)
		say("channel %u, frame %" PRIu64 ": line %u is wrong from column %ld on%s",
		    image->channel, image->number, line, column,
		    c->told == TELL_MOST ? "; further ones are only counted" : "");
	return -EBADMSG;
}

static bool at_edge(const struct image *image, uint32_t line)
{
	uint32_t in_chunk = line % image->chunk_lines;

	return in_chunk == 0 || in_chunk == image->chunk_lines - 1 || line == image->height - 1;
}

static int check(struct checker *c, const struct image *image, bool edges)
{
	struct pattern **pattern = &c->pattern[image->channel];
	int err = 0;

	if (!*pattern)
		err = pattern_new(image->channel, image->width, image->height, pattern);
	if (err) {
		say("cannot check channel %u: %s", image->channel, strerror(-err));
		return err;
	}
	for (uint32_t line = 0; line < image->height; line++) {
		long column;

		if (edges && !at_edge(image, line))
			continue;
		column = pattern_check_line(*pattern, (uint32_t)image->card_number, line,
					    image->data + (size_t)line * image->width);
		if (column >= 0)
			return wrong(c, image, line, column);
	}
	return 0;
}

static int take_frame(struct sink *sink, const struct image *image)
{
	return check((struct checker *)sink, image, false);
}

static int take_edges(struct sink *sink, const struct image *image)
{
	return check((struct checker *)sink, image, true);
}

static int close_check(struct sink *sink)
{
	struct checker *c = (struct checker *)sink;

	for (unsigned int n = 0; n < SINK_CHANNELS; n++)
		pattern_free(c->pattern[n]);
	free(c);
	return 0;
}

const struct sink_ops sink_check = {
	.name = "check",
	.checks = true,
	.open = open_check,
	.frame = take_frame,
	.close = close_check,
};

const struct sink_ops sink_check_edges = {
	.name = "check-edges",
	.checks = true,
	.open = open_check_edges,
	.frame = take_edges,
	.close = close_check,
};
