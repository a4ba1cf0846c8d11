// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * capture-loop.c - the part of a capture that runs for each frame
 */
#include <errno.h>

#include "capture-loop.h"
#include "clock.h"
#include "progress.h"
#include "snapshot.h"
#include "stop.h"

#define SLICE_NS	(SECOND_NS / 5)	/* a signal just before a wait is noticed after this */

static struct image image_of(const struct uiocap_frame *frame, const struct tally *t)
{
	return (struct image){
		.channel = t->info.number,
		.number = uiocap_frame_number(frame),
		.card_number = uiocap_frame_card_number(frame),
		.width = t->info.width_bytes,
		.height = t->info.height,
		.chunk_lines = t->info.chunk_lines,
		.period_ns = t->info.period_ns,
		.data = uiocap_frame_data(frame),
	};
}

/* The sink's own time is measured apart: the rest is what the driver costs. */
static int to_sink(struct capture *c, const struct image *image)
{
	int64_t before_ns;
	int err;

	if (!c->sink->ops->frame)
		return 0;
	before_ns = clock_cpu_ns();
	err = c->sink->ops->frame(c->sink, image);
	c->result->usage.sink_cpu_ns += clock_cpu_ns() - before_ns;
	c->sink_failed = err && err != -EBADMSG && err != -ENODEV;
	return err;
}

static void count_whole(struct capture *c, struct tally *t, const struct image *image)
{
	t->frames++;
	t->bytes += image_size(image);
	if (t->frames == c->options->count) {
		tally_resets(t);
		t->done = true;
		c->open--;
	}
}

void tally_resets(struct tally *t)
{
	struct uiocap_stats stats;

	uiocap_channel_get_stats(t->channel, &stats);
	t->resets = stats.resets;
	t->reset_lost = stats.reset_lost;
}

static int take_whole(struct capture *c, struct tally *t, struct uiocap_frame *frame)
{
	struct image image = image_of(frame, t);
	int err = to_sink(c, &image);

	if (c->snapshot)
		snapshot_keep(c->snapshot, &image, frame);
	else
		uiocap_frame_release(frame);
	if (err && err != -EBADMSG)
		return err;
	if (err)	/* the sink found it wrong */
		t->damaged++;
	count_whole(c, t, &image);
	return 0;
}

/*
 * Counts a frame and gives it to the sink where it is whole: what a damaged one holds in place of
 * what is missing is older data, which no file should pretend to be this frame's.
 */
static int take(struct capture *c, struct uiocap_frame *frame)
{
	struct uiocap_channel_info info;
	struct tally *t;

	uiocap_channel_get_info(uiocap_frame_channel(frame), &info);
	t = &c->result->tally[info.number];
	if (t->done) {
		uiocap_frame_release(frame);
		return 0;
	}
	c->silent_ns = 0;
	t->produced = uiocap_frame_number(frame) + 1;
	t->lost += uiocap_frame_lost(frame);
	if (!(uiocap_frame_status(frame) & (UIOCAP_FRAME_MISSING | UIOCAP_FRAME_CORRUPT)))
		return take_whole(c, t, frame);
	t->incomplete++;
	uiocap_frame_release(frame);
	return 0;
}

static void show_progress(const struct capture *c, int64_t now_ns)
{
	uint64_t bytes = 0, frames = 0, lost = 0;

	if (!progress_due(now_ns))
		return;
	for (unsigned int n = 0; n < SINK_CHANNELS; n++) {
		bytes += c->result->tally[n].bytes;
		frames += c->result->tally[n].frames;
		lost += c->result->tally[n].lost;
	}
	progress_show(now_ns, bytes, frames, lost);
}

/* Is there a reason to end, other than the card's? */
static bool at_end(struct capture *c, int64_t now_ns)
{
	const struct capture_options *o = c->options;
	enum capture_end *end = &c->result->end;

	if (!c->open)
		*end = CAPTURE_COUNT;
	else if (o->duration_ns && now_ns - c->start_ns >= o->duration_ns)
		*end = CAPTURE_DURATION;
	else if (stop_requested())
		*end = CAPTURE_SIGNAL;
	else if (c->silent_ns >= o->timeout_ns)
		*end = CAPTURE_TIMEOUT;
	else
		return false;
	return true;
}

static int64_t patience_ns(const struct capture *c, int64_t now_ns)
{
	const struct capture_options *o = c->options;
	int64_t wait_ns = o->timeout_ns - c->silent_ns;

	if (o->duration_ns && c->start_ns + o->duration_ns - now_ns < wait_ns)
		wait_ns = c->start_ns + o->duration_ns - now_ns;
	return wait_ns < SLICE_NS ? wait_ns : SLICE_NS;
}

/* Until a frame that is wanted ends it. While the machine slept, for instance, nobody listened. */
static void note_silence(struct capture *c, int64_t took_ns, int64_t wait_ns)
{
	c->silent_ns += took_ns < wait_ns ? took_ns : wait_ns;
}

static int fail(struct capture *c, int err)
{
	c->result->end = err == -EPIPE ? CAPTURE_READER : CAPTURE_FAILURE;
	return err == -EPIPE ? 0 : err;
}

int capture_loop(struct capture *c)
{
	int64_t now_ns = c->start_ns;

	for (; !at_end(c, now_ns); now_ns = clock_ns()) {
		int64_t wait_ns = patience_ns(c, now_ns);
		struct uiocap_frame *frame;
		int n = uiocap_card_acquire(c->device->card, wait_ns, &frame);

		if (n == -ENODATA) {
			c->result->end = CAPTURE_SOURCE;
			return 0;
		}
		note_silence(c, clock_ns() - now_ns, wait_ns);
		if (n == 1)
			n = take(c, frame);
		if (n < 0 && n != -EINTR)
			return fail(c, n);
		show_progress(c, now_ns);
	}
	return 0;
}

int capture_drain(struct capture *c)
{
	struct uiocap_frame *frame;

	while (uiocap_card_acquire(c->device->card, 0, &frame) == 1) {
		int err = take(c, frame);

		if (err)
			return fail(c, err);
	}
	return 0;
}
