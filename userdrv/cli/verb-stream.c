// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-stream.c - uiocap stream: the bytes of a stream channel
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "device.h"
#include "progress.h"
#include "quantity.h"
#include "stop.h"
#include "stream-loop.h"
#include "talk.h"

enum {
	OPT_IDLE = OPTION_LONG(0),
	OPT_TIMEOUT,
	OPT_ON_RESET,
	OPT_STRICT,
	OPT_MODEL = OPTION_LONG(100),
};

struct settings {
	const char *device;
	const char *model;
	const char *output;
	uint64_t channel;	/* UINT64_MAX: the only stream there is */
	int64_t idle_ns;	/* 0: the library's choice */
	enum uiocap_on_reset on_reset;
	bool strict;
	struct stream_limits limits;
};

static const struct option_spec options[] = {
	OPTION_DEVICE,
	OPTION_MODEL,
	{ 'c', "channel", "N", "which channel; the only stream there is", "a channel's number",
	  NULL },
	{ 'n', "count", "BYTES", "end after so many", QUANTITY_BYTES_WANTS, NULL },
	{ 't', "duration", "TIME", "end after this time, such as 10s or 2m", QUANTITY_TIME_WANTS,
	  NULL },
	{ 'o', "output", "FILE", "where to; the standard output", NULL, NULL },
	{ OPT_IDLE, "idle", "TIME", "a silence after which a part of a buffer is delivered",
	  QUANTITY_TIME_WANTS, NULL },
	{ OPT_TIMEOUT, "timeout", "TIME", "give up when no byte comes for so long",
	  QUANTITY_TIME_WANTS, NULL },
	OPTION_ON_RESET(OPT_ON_RESET),
	{ OPT_STRICT, "strict", NULL, "bytes lost or damaged are a failure", NULL, NULL },
	{ 0 },
};

static int take_option(void *data, int key, const char *value)
{
	struct settings *s = data;

	switch (key) {
	case 'd':
		s->device = value;
		return 0;
	case 'c':
		return quantity_count(value, 0, UINT16_MAX, &s->channel);
	case 'n':
		return quantity_bytes(value, &s->limits.count);
	case 't':
		return quantity_time(value, &s->limits.duration_ns);
	case 'o':
		s->output = strcmp(value, "-") ? value : NULL;
		return 0;
	case OPT_IDLE:
		return quantity_time(value, &s->idle_ns);
	case OPT_TIMEOUT:
		return quantity_time(value, &s->limits.timeout_ns);
	case OPT_ON_RESET:
		s->on_reset = choice_index(on_reset_names, value);
		return 0;
	case OPT_STRICT:
		s->strict = true;
		return 0;
	default:
		s->model = value;
		return 0;
	}
}

static bool is_stream(struct uiocap_channel *channel)
{
	struct uiocap_channel_info info;

	uiocap_channel_get_info(channel, &info);
	return info.kind == UIOCAP_CHANNEL_STREAM;
}

static int only_stream(const struct device *d, struct uiocap_channel **out)
{
	struct uiocap_channel *channel;

	*out = NULL;
	for (unsigned int n = 0; (channel = uiocap_card_channel(d->card, n)); n++) {
		if (!is_stream(channel) || !channel_enable(channel))
			continue;
		if (*out)
			return usage_error(&verb_stream, "%s has several streams: choose one with "
					   "--channel; `uiocap info` shows them", d->info.spec);
		*out = channel;
	}
	if (*out)
		return EXIT_OK;
	say("%s has no stream channel", d->info.spec);
	return EXIT_FAILED;
}

static int choose_channel(const struct settings *s, const struct device *d,
			  struct uiocap_channel **out)
{
	if (s->channel == UINT64_MAX)
		return only_stream(d, out);
	*out = uiocap_card_channel(d->card, (unsigned int)s->channel);
	if (!*out)
		return usage_error(&verb_stream, "there is no channel %" PRIu64 ": %s has %u, "
				   "from 0", s->channel, d->info.spec, d->info.channels);
	if (is_stream(*out) && !channel_enable(*out))
		return usage_error(&verb_stream, "the service does not capture channel %" PRIu64,
				   s->channel);
	if (is_stream(*out))
		return EXIT_OK;
	return usage_error(&verb_stream, "channel %" PRIu64 " is video: use `uiocap capture`",
			   s->channel);
}

static int start(const struct settings *s, struct device *d, struct stream *st)
{
	/* A source that can wait loses nothing while a pipe's reader takes its time. */
	int err = uiocap_channel_set_hold(st->channel, true);

	if (!err)
		err = uiocap_card_set_on_reset(d->card, s->on_reset);
	if (!err && s->idle_ns)
		err = uiocap_channel_set_idle(st->channel, (uint64_t)s->idle_ns);
	if (!err)
		err = uiocap_card_start(d->card);
	return err;
}

static int end(const struct settings *s, const struct stream *st, int err)
{
	uint64_t count = s->limits.count;

	if (err == -ETIMEDOUT) {
		say("no byte came within %.3g s", (double)s->limits.timeout_ns / 1e9);
		return EXIT_TIMEOUT;
	}
	if (st->write_failed)
		return err == -EPIPE ? EXIT_OK : EXIT_FAILED;
	if (err)
		return say_run_failed("stream", err);
	if (count && st->bytes < count) {
		say("ended after %" PRIu64 " of %" PRIu64 " bytes", st->bytes, count);
		return EXIT_FAILED;
	}
	return s->strict && (st->lost || st->damaged) ? EXIT_LOST : EXIT_OK;
}

static int run_stream(const struct settings *s, struct device *d, struct stream *st)
{
	int err = start(s, d, st);

	if (err)
		return say_failed("start the stream", err);
	stop_catch();
	err = stream_loop(st);
	progress_end();
	if (err != -ENODEV)
		uiocap_card_stop(d->card);
	if (!err)
		err = stream_drain(st);
	return end(s, st, err);
}

static int open_output(const struct settings *s, int *fd)
{
	*fd = STDOUT_FILENO;
	if (!s->output)
		return EXIT_OK;
	*fd = open(s->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (*fd >= 0)
		return EXIT_OK;
	say("cannot write %s: %s", s->output, strerror(errno));
	return EXIT_FAILED;
}

static int close_output(int fd, int code)
{
	if (fd == STDOUT_FILENO || !close(fd))
		return code;
	say("cannot write the output: %s", strerror(errno));
	return code ? code : EXIT_FAILED;
}

static int run(int argc, char **argv)
{
	struct settings s = { .channel = UINT64_MAX };
	struct stream st = { .limits = &s.limits };
	int code = options_parse(&verb_stream, argc, argv, take_option, &s);
	struct device device;

	if (code != OPTIONS_DONE)
		return code;
	if (optind < argc)
		return usage_error(&verb_stream, "unexpected '%s'", argv[optind]);
	code = device_open(s.device, s.model, &device);
	if (code)
		return code;
	st.name = s.output ? s.output : "the standard output";
	code = choose_channel(&s, &device, &st.channel);
	if (!code)
		code = open_output(&s, &st.fd);
	if (!code)
		code = close_output(st.fd, run_stream(&s, &device, &st));
	device_close(&device);
	return code;
}

const struct verb verb_stream = {
	.name = "stream",
	.operands = "",
	.summary = "Write the bytes of a stream channel",
	.options = options,
	.run = run,
};
