// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * capture.c - a capture from beginning to end; the loop in the middle is capture-loop.c
 */
#include <errno.h>
#include <stdio.h>

#include "capture-loop.h"
#include "cli.h"
#include "clock.h"
#include "filename.h"
#include "output.h"
#include "progress.h"
#include "snapshot.h"
#include "stop.h"
#include "talk.h"

static int choose_channel(struct capture *c, unsigned int n)
{
	bool asked = c->options->channels >> n & 1;
	struct tally *t = &c->result->tally[n];
	struct uiocap_channel *channel = uiocap_card_channel(c->device->card, n);

	if (!channel && asked)
		return usage_error(&verb_capture, "there is no channel %u: %s has %u, from 0", n,
				   c->device->info.spec, c->device->info.channels);
	if (!channel)
		return EXIT_OK;
	uiocap_channel_get_info(channel, &t->info);
	if (asked && t->info.kind != UIOCAP_CHANNEL_VIDEO)
		return usage_error(&verb_capture, "channel %u is a stream of bytes: use "
				   "`uiocap stream --channel %u`", n, n);
	if (!asked && (c->options->channels || t->info.kind != UIOCAP_CHANNEL_VIDEO))
		return EXIT_OK;
	if (channel_enable(channel)) {
		t->channel = channel;
		c->open++;
		return EXIT_OK;
	}
	if (asked)
		return usage_error(&verb_capture, "the service does not capture channel %u", n);
	return EXIT_OK;
}

static int choose_channels(struct capture *c)
{
	int code = EXIT_OK;

	for (unsigned int n = 0; !code && n < SINK_CHANNELS; n++)
		code = choose_channel(c, n);
	if (!code && !c->open) {
		say("%s has no video channel", c->device->info.spec);
		return EXIT_FAILED;
	}
	return code;
}

/* Channels must not write over each other's files. */
static int check_names(const struct capture *c)
{
	const struct capture_options *o = c->options;
	struct filename_plan plan;

	if (c->open == 1)
		return EXIT_OK;
	if (o->output && (filename_plan(o->output, &plan), !plan.channels))
		return usage_error(&verb_capture, "several channels in one %s: put %%c into "
				   "--output, or choose a channel with --channels",
				   plan.standard ? "pipe" : "file");
	if (o->files && (filename_plan(o->files, &plan), !plan.channels))
		return usage_error(&verb_capture, "several channels in one picture: put %%c into "
				   "--snapshot, or use --contact-sheet");
	return EXIT_OK;
}

static int set_up_channel(const struct capture_options *o, struct tally *t)
{
	int err = uiocap_channel_set_buffers(t->channel, o->buffers);

	if (!err)
		err = uiocap_channel_set_chunk_lines(t->channel, o->chunk_lines);
	if (!err)
		err = uiocap_channel_set_hold(t->channel, o->hold);
	uiocap_channel_get_info(t->channel, &t->info);
	return err;
}

static int set_up(struct capture *c)
{
	const struct capture_options *o = c->options;
	int err = 0;

	for (unsigned int n = 0; !err && n < SINK_CHANNELS; n++)
		if (c->result->tally[n].channel)
			err = set_up_channel(o, &c->result->tally[n]);
	if (!err && o->wait != WAIT_DEFAULT)
		err = uiocap_card_set_wait(c->device->card, (enum uiocap_wait)o->wait,
					   o->look_ns);
	if (!err)
		err = uiocap_card_set_on_reset(c->device->card, o->on_reset);
	if (err == -ENOTSUP) {
		say("%s has no interrupt to wait for: --wait timer or busy will do",
		    c->device->info.spec);
		return EXIT_FAILED;
	}
	return err ? say_failed("set the card up", err) : EXIT_OK;
}

static int open_output(struct capture *c)
{
	int err = output_open(c->options->output, &c->output);

	if (err)
		return say_failed("open the output", err);
	for (unsigned int n = 0; !err && n < SINK_CHANNELS; n++)
		if (c->result->tally[n].channel)
			err = output_prepare(c->output, n);
	return err ? EXIT_FAILED : EXIT_OK;
}

static int open_sink(struct capture *c)
{
	const struct capture_options *o = c->options;
	int err = 0, code = o->output ? open_output(c) : EXIT_OK;

	if (code)
		return code;
	if (o->files || o->sheet)
		err = snapshot_new(o->files, o->sheet, &c->snapshot);
	if (!err)
		err = o->sink->open(c->output, &c->sink);
	return err ? say_failed("open the output", err) : EXIT_OK;
}

/* What a sink still has to say when it closes is an error like any other. */
static int close_sink(struct capture *c)
{
	int err = c->sink ? c->sink->ops->close(c->sink) : 0;
	int output_err = output_close(c->output);

	return err || output_err ? EXIT_FAILED : EXIT_OK;
}

/* ---- running ---- */

static uint64_t interrupts(const struct device *device)
{
	struct uiocap_irq irq;
	uint64_t sum = 0;

	for (unsigned int v = 0; !uiocap_irq_get(device->card, v, &irq); v++)
		sum += irq.count;
	return sum;
}

static struct usage measure(const struct device *device)
{
	return (struct usage){
		.wall_ns = clock_ns(),
		.cpu_ns = clock_cpu_ns(),
		.interrupts = interrupts(device),
		.lost_irqs = uiocap_card_lost_irqs(device->card),
		.syscalls = uiocap_card_syscalls(device->card),
	};
}

/* What starting and stopping take is not what capturing takes. */
static void note_usage(struct capture *c, const struct usage *before)
{
	struct usage after = measure(c->device);
	struct usage *u = &c->result->usage;

	u->wall_ns = after.wall_ns - before->wall_ns;
	u->cpu_ns = after.cpu_ns - before->cpu_ns;
	u->interrupts = after.interrupts - before->interrupts;
	u->lost_irqs = after.lost_irqs - before->lost_irqs;
	u->syscalls = after.syscalls - before->syscalls;
}

/* The library has the last word about a channel that ran until the card was stopped. */
static void add_up(struct capture_result *r)
{
	for (unsigned int n = 0; n < SINK_CHANNELS; n++) {
		struct tally *t = &r->tally[n];
		struct uiocap_stats stats;

		if (!t->channel)
			continue;
		uiocap_channel_get_stats(t->channel, &stats);
		if (!t->done) {
			tally_resets(t);
			t->produced = stats.produced;
			t->lost = stats.lost;
		}
		r->total.produced += t->produced;
		r->total.frames += t->frames;
		r->total.incomplete += t->incomplete;
		r->total.lost += t->lost;
		r->total.damaged += t->damaged;
		r->total.bytes += t->bytes;
		r->total.reset_lost += t->reset_lost;
		if (t->resets > r->total.resets)
			r->total.resets = t->resets;
	}
}

/* Loop, stop, and what was in flight when the card stopped. */
static int capture(struct capture *c)
{
	struct usage before = measure(c->device);
	int err, stop_err;

	c->start_ns = before.wall_ns;
	progress_start(c->start_ns);
	err = capture_loop(c);
	progress_end();
	note_usage(c, &before);
	if (err == -ENODEV)
		return err;
	stop_err = uiocap_card_stop(c->device->card);
	/* The card ran until now: what is still drained is part of the rate, and so is its time. */
	c->result->usage.wall_ns = clock_ns() - before.wall_ns;
	if (!err && c->result->end != CAPTURE_READER)
		err = capture_drain(c);
	if (!err && stop_err) {
		c->result->end = CAPTURE_FAILURE;
		err = stop_err;
	}
	return err;
}

static int say_end(const struct capture *c, int err)
{
	const struct capture_options *o = c->options;

	switch (c->result->end) {
	case CAPTURE_TIMEOUT:
		say("no frame came within %.3g s", (double)o->timeout_ns / 1e9);
		return EXIT_TIMEOUT;
	case CAPTURE_SIGNAL:
		if (!o->count && !o->duration_ns)
			return EXIT_OK;
		say("interrupted before the end");
		return EXIT_FAILED;
	case CAPTURE_SOURCE:
		if (!o->count)
			return EXIT_OK;
		say("the source has ended before that many frames");
		return EXIT_FAILED;
	case CAPTURE_FAILURE:
		return c->sink_failed ? EXIT_FAILED : say_run_failed("capture", err);
	default:
		return EXIT_OK;
	}
}

static int run(struct capture *c, bool *started)
{
	int err = uiocap_card_start(c->device->card);
	int code;

	if (err)
		return say_failed("start the capture", err);
	*started = true;
	err = capture(c);
	add_up(c->result);
	code = say_end(c, err);
	if (c->snapshot && err != -ENODEV && snapshot_write(c->snapshot) && !code)
		code = EXIT_FAILED;
	return code;
}

int capture_run(struct device *device, const struct capture_options *options,
		struct capture_result *out, bool *started)
{
	struct capture c = { .options = options, .result = out, .device = device };
	int code, close_code;

	*out = (struct capture_result){ .end = CAPTURE_FAILURE };
	*started = false;
	code = choose_channels(&c);
	if (!code)
		code = check_names(&c);
	if (!code)
		code = set_up(&c);
	if (!code)
		code = open_sink(&c);
	if (!code)
		code = run(&c, started);
	snapshot_free(c.snapshot);
	close_code = close_sink(&c);
	return code ? code : close_code;
}
