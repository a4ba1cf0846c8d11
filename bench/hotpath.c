// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hotpath.c - what a chunk costs, for callgrind to count
 *
 *	usage: hotpath library|bare CHANNELS CHUNKS CHUNK_BYTES BUFFERS READY FRAMES
 *
 * Two arms take the same completions and post the same descriptors: a program that uses the
 * library, and the least that any program must do with the rings (walk.h). What is to be counted
 * are the functions that a frame passes through, uiocap_card_acquire() to uiocap_frame_release(),
 * or walk_take(): the card that writes the completions is part of the process and not of the
 * cost. Each time there are READY frames to be had, of one channel after the other.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory-card.h"
#include "walk.h"

static struct {
	unsigned int channels, chunks, chunk_bytes, buffers, ready, frames;
} arg;

static struct uiocap_card *open_card(struct uiocap_ctx *ctx)
{
	struct uiocap_card *card;

	if (uiocap_card_open(ctx, "uio0", NULL, &card) < 0 ||
	    uiocap_card_set_wait(card, UIOCAP_WAIT_BUSY, 0) < 0)
		errx(1, "the card cannot be opened");
	for (unsigned int ch = 0; ch < arg.channels; ch++) {
		struct uiocap_channel *c = uiocap_card_channel(card, ch);

		if (uiocap_channel_enable(c, true) < 0 ||
		    uiocap_channel_set_buffers(c, arg.buffers) < 0)
			errx(1, "channel %u cannot be set up", ch);
	}
	if (uiocap_card_start(card) < 0)
		errx(1, "the card cannot be started");
	return card;
}

static const void *volatile last_data;

/* A user's loop: what it asks of each frame is what a program needs to use it. */
static uint64_t library_frames(struct uiocap_card *card, unsigned int n)
{
	struct uiocap_frame *frame;
	uint64_t bytes = 0;

	while (n-- > 0 && uiocap_card_acquire(card, -1, &frame) == 1) {
		if (uiocap_frame_status(frame) != 0)
			errx(1, "frame %ju is damaged", (uintmax_t)uiocap_frame_number(frame));
		last_data = uiocap_frame_data(frame);
		bytes += uiocap_frame_size(frame);
		uiocap_frame_release(frame);
	}
	return bytes;
}

static void make_ready(struct memory_card *mc)
{
	static unsigned int turn;

	for (unsigned int i = 0; i < arg.ready; i++) {
		memory_card_frame(mc, turn);
		turn = turn + 1 < arg.channels ? turn + 1 : 0;
	}
}

static uint64_t run_library(struct memory_card *mc, struct uiocap_card *card)
{
	uint64_t bytes = 0;

	for (unsigned int n = 0; n < arg.frames; n += arg.ready) {
		make_ready(mc);
		bytes += library_frames(card, arg.ready);
	}
	return bytes;
}

static uint64_t run_bare(struct memory_card *mc)
{
	struct walk walks[REFCARD_MAX_CHANNELS];
	uint64_t bytes = 0;

	for (unsigned int ch = 0; ch < arg.channels; ch++)
		walk_init(&walks[ch], mc, ch);
	for (unsigned int n = 0; n < arg.frames; n += arg.ready) {
		make_ready(mc);
		for (unsigned int ch = 0; ch < arg.channels; ch++)
			bytes += walk_take(&walks[ch]);
	}
	return bytes;
}

static unsigned int number(const char *text)
{
	unsigned int n = (unsigned int)strtoul(text, NULL, 10);

	if (n == 0)
		errx(2, "\"%s\" is no number", text);
	return n;
}

int main(int argc, char **argv)
{
	struct uiocap_ctx *ctx;
	struct memory_card *mc;
	struct uiocap_card *card;
	uint64_t bytes;

	if (argc != 8)
		errx(2, "usage: hotpath library|bare CHANNELS CHUNKS CHUNK_BYTES BUFFERS READY FRAMES");
	arg.channels = number(argv[2]);
	arg.chunks = number(argv[3]);
	arg.chunk_bytes = number(argv[4]);
	arg.buffers = number(argv[5]);
	arg.ready = number(argv[6]);
	arg.frames = number(argv[7]);
	if (uiocap_ctx_new(&ctx) < 0)
		err(1, "memory");
	mc = memory_card_new(arg.channels, arg.chunks, arg.chunk_bytes);
	card = open_card(ctx);
	memory_card_start(mc);
	bytes = strcmp(argv[1], "bare") == 0 ? run_bare(mc) : run_library(mc, card);
	printf("%ju\n", (uintmax_t)(bytes / arg.chunk_bytes));
	return 0;
}
