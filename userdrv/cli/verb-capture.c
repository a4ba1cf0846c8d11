// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-capture.c - uiocap capture: frames of video channels
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "cli.h"
#include "clock.h"
#include "filename.h"
#include "png-gray.h"
#include "quantity.h"
#include "report.h"
#include "stop.h"
#include "talk.h"

enum {
	OPT_BUFFERS = OPTION_LONG(0),
	OPT_CHUNK_LINES,
	OPT_HOLD,
	OPT_LOOK,
	OPT_ON_RESET,
	OPT_STRICT,
	OPT_TIMEOUT,
	OPT_SNAPSHOT,
	OPT_SHEET,
	OPT_MODEL = OPTION_LONG(100),
};

struct settings {
	const char *device;
	const char *model;
	struct capture_options capture;
	bool strict;
	bool json;
};

/* In the order of enum uiocap_wait. */
static const char *const wait_names[] = { "interrupt", "busy", "adaptive", "timer", NULL };

static const struct option_spec options[] = {
	OPTION_DEVICE,
	OPTION_MODEL,
	{ 'c', "channels", "LIST", "which channels, such as 0,2-5; all: every video channel",
	  "a list of channels such as 0,2-5, or all", NULL },
	{ 'n', "count", "N", "end after N whole frames of each channel", QUANTITY_COUNT_WANTS,
	  NULL },
	{ 't', "duration", "TIME", "end after this time, such as 10s or 2m", QUANTITY_TIME_WANTS,
	  NULL },
	{ 'f', "format", "FORMAT", "what becomes of frames", NULL, sink_names },
	{ 'o', "output", "FILE", "where to; %c: channel, %n: number of the frame, -: a pipe",
	  "a file name: after % comes c (channel), n (frame) or %", NULL },
	{ OPT_SNAPSHOT, "snapshot", "FILE", "a PNG of each channel's last frame, with %c",
	  "a file name: after % comes c (channel), n (frame) or %", NULL },
	{ OPT_SHEET, "contact-sheet", "FILE", "one PNG of all channels' last frames", NULL, NULL },
	{ 'w', "wait", "HOW", "how to wait for frames", NULL, wait_names },
	{ OPT_LOOK, "look", "TIME", "timer: how often; adaptive: how long before it blocks",
	  QUANTITY_TIME_WANTS, NULL },
	{ OPT_TIMEOUT, "timeout", "TIME", "give up when no frame comes for so long; 5s",
	  QUANTITY_TIME_WANTS, NULL },
	{ OPT_BUFFERS, "buffers", "N", "frame buffers of each channel",
	  "a number of buffers from 2 to 65535", NULL },
	{ OPT_CHUNK_LINES, "chunk-lines", "N", "lines that the card transfers at a time",
	  QUANTITY_COUNT_WANTS, NULL },
	{ OPT_HOLD, "hold", NULL, "sources wait for free buffers, if they can", NULL, NULL },
	OPTION_ON_RESET(OPT_ON_RESET),
	{ OPT_STRICT, "strict", NULL, "frames lost or incomplete are a failure", NULL, NULL },
	OPTION_JSON,
	{ 0 },
};

static int take_name(const char *value, const char **out)
{
	struct filename_plan plan;

	*out = value;
	return *value ? filename_plan(value, &plan) : -EINVAL;
}

static int take_number(const char *value, uint64_t min, uint64_t max, uint32_t *out)
{
	uint64_t n;

	if (quantity_count(value, min, max, &n))
		return -EINVAL;
	*out = (uint32_t)n;
	return 0;
}

static int take_capture_option(struct capture_options *c, int key, const char *value)
{
	switch (key) {
	case 'c':
		c->channels = 0;
		return strcmp(value, "all") ? quantity_set(value, &c->channels) : 0;
	case 'n':
		return quantity_count(value, 1, UINT64_MAX, &c->count);
	case 't':
		return quantity_time(value, &c->duration_ns);
	case 'f':
		c->sink = sink_named(value);
		return 0;
	case 'o':
		return take_name(value, &c->output);
	case 'w':
		c->wait = choice_index(wait_names, value);
		return 0;
	case OPT_LOOK:
		return quantity_time(value, &c->look_ns);
	case OPT_ON_RESET:
		c->on_reset = choice_index(on_reset_names, value);
		return 0;
	case OPT_SNAPSHOT:
		return take_name(value, &c->files);
	case OPT_SHEET:
		c->sheet = value;
		return 0;
	case OPT_TIMEOUT:
		return quantity_time(value, &c->timeout_ns);
	case OPT_BUFFERS:
		return take_number(value, 2, UINT16_MAX, &c->buffers);
	case OPT_CHUNK_LINES:
		return take_number(value, 1, UINT32_MAX, &c->chunk_lines);
	default:
		c->hold = true;
		return 0;
	}
}

static int take_option(void *data, int key, const char *value)
{
	struct settings *s = data;

	switch (key) {
	case 'd':
		s->device = value;
		return 0;
	case 'J':
		s->json = true;
		return 0;
	case OPT_MODEL:
		s->model = value;
		return 0;
	case OPT_STRICT:
		s->strict = true;
		return 0;
	default:
		return take_capture_option(&s->capture, key, value);
	}
}

/* The format that the file's name asks for where --format does not. */
static int choose_sink(struct capture_options *c)
{
	if (c->sink)
		return EXIT_OK;
	c->sink = c->output ? sink_for_file(c->output) : sink_named("null");
	if (c->sink)
		return EXIT_OK;
	return usage_error(&verb_capture, "'%s' does not tell its format: add --format "
			   "(raw, pgm, png or y4m)", c->output);
}

/* What only makes sense together, or does not. */
static int check_output(const struct settings *s)
{
	const struct capture_options *c = &s->capture;
	const char *format = c->sink->name;
	struct filename_plan plan;

	if (!c->sink->extension && c->output)
		return usage_error(&verb_capture, "--format %s writes nothing: leave --output out",
				   format);
	if (!c->sink->extension)
		return EXIT_OK;
	if (!c->output)
		return usage_error(&verb_capture, "--format %s needs --output FILE", format);
	filename_plan(c->output, &plan);
	if (plan.standard && s->json)
		return usage_error(&verb_capture, "--json and --output - both want the standard "
				   "output");
	if (c->sink->alone && !plan.frames && c->count != 1)
		return usage_error(&verb_capture, "a %s file holds one frame: put %%n into "
				   "--output, or ask for --count 1", format);
	return EXIT_OK;
}

static int check_pictures(const struct capture_options *c)
{
	bool pictures = c->files || c->sheet;

	if (pictures && c->buffers == 2)
		return usage_error(&verb_capture, "--buffers 2 is too few with a picture of the "
				   "last frame, which keeps one: 3 or more");
	if ((pictures || c->sink == &sink_png) && !png_gray_available())
		return usage_error(&verb_capture, "this uiocap was built without libpng");
	return EXIT_OK;
}

static int check_waiting(const struct capture_options *c)
{
	if (c->look_ns && c->wait != UIOCAP_WAIT_TIMER && c->wait != UIOCAP_WAIT_ADAPTIVE)
		return usage_error(&verb_capture, "--look is for --wait timer and --wait adaptive");
	return EXIT_OK;
}

static int check(struct settings *s)
{
	int code = choose_sink(&s->capture);

	if (!code)
		code = check_output(s);
	if (!code)
		code = check_pictures(&s->capture);
	if (!code)
		code = check_waiting(&s->capture);
	return code;
}

static int show(const struct settings *s, const struct device *device,
		const struct capture_result *result)
{
	bool piped = s->capture.output && !strcmp(s->capture.output, "-");
	int err;

	if (s->json)
		err = report_json(stdout, device, &s->capture, result);
	else
		err = report_table(piped ? stderr : stdout, &s->capture, result);
	return err ? say_failed("show the result", err) : EXIT_OK;
}

/* What the frames say about the code, where nothing else has failed. */
static int judge(const struct settings *s, const struct tally *total)
{
	if (total->damaged) {
		say("%" PRIu64 " of %" PRIu64 " frames are not the test pattern", total->damaged,
		    total->frames);
		return EXIT_FAILED;
	}
	if (!s->strict || !(total->lost + total->incomplete))
		return EXIT_OK;
	say("%" PRIu64 " frames were lost, %" PRIu64 " incomplete", total->lost, total->incomplete);
	return EXIT_LOST;
}

static int capture(const struct settings *s, struct device *device)
{
	struct capture_result result;
	int code, show_code;
	bool started;

	stop_catch();
	code = capture_run(device, &s->capture, &result, &started);
	if (!started)
		return code;
	show_code = show(s, device, &result);
	if (!code)
		code = judge(s, &result.total);
	return code ? code : show_code;
}

static int run(int argc, char **argv)
{
	struct settings s = {
		.capture = { .wait = WAIT_DEFAULT, .timeout_ns = 5 * SECOND_NS },
	};
	int code = options_parse(&verb_capture, argc, argv, take_option, &s);
	struct device device;

	if (code != OPTIONS_DONE)
		return code;
	if (optind < argc)
		return usage_error(&verb_capture, "unexpected '%s'", argv[optind]);
	code = check(&s);
	if (!code)
		code = device_open(s.device, s.model, &device);
	if (code)
		return code;
	code = capture(&s, &device);
	device_close(&device);
	return code;
}

const struct verb verb_capture = {
	.name = "capture",
	.operands = "",
	.summary = "Take frames of video channels: count, check or write them",
	.options = options,
	.run = run,
};
