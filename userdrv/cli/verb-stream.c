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
#include "clock.h"
#include "device.h"
#include "progress.h"
#include "quantity.h"
#include "stop.h"
#include "talk.h"
#include "write-all.h"

#define SLICE_NS	(SECOND_NS / 5)	/* a signal just before a wait is noticed after this */

enum {
	OPT_IDLE = OPTION_LONG(0),
	OPT_TIMEOUT,
	OPT_STRICT,
	OPT_MODEL = OPTION_LONG(100),
};

struct settings {
	const char *device;
	const char *model;
	const char *output;
	uint64_t channel;	/* UINT64_MAX: the only stream there is */
	uint64_t count;		/* bytes; 0: no limit */
	int64_t duration_ns;	/* 0: no limit */
	int64_t timeout_ns;	/* 0: no limit */
	int64_t idle_ns;	/* 0: the library's choice */
	bool strict;
};

/**
 * struct stream - a stream under way
 * @bytes:        written so far
 * @buffers:      taken so far
 * @lost:         buffers that never came
 * @damaged:      buffers that the card says are damaged
 * @ended:        by the source
 * @write_failed: the output cannot go on, and this was told
 */
struct stream {
	const struct settings *settings;
	struct uiocap_card *card;
	struct uiocap_channel *channel;
	int fd;
	uint64_t bytes;
	uint64_t buffers;
	uint64_t lost;
	uint64_t damaged;
	bool ended;
	bool write_failed;
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
		return quantity_bytes(value, &s->count);
	case 't':
		return quantity_time(value, &s->duration_ns);
	case 'o':
		s->output = strcmp(value, "-") ? value : NULL;
		return 0;
	case OPT_IDLE:
		return quantity_time(value, &s->idle_ns);
	case OPT_TIMEOUT:
		return quantity_time(value, &s->timeout_ns);
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
		if (!is_stream(channel))
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
	if (is_stream(*out))
		return EXIT_OK;
	return usage_error(&verb_stream, "channel %" PRIu64 " is video: use `uiocap capture`",
			   s->channel);
}

static int write_bytes(struct stream *st, const struct uiocap_frame *frame)
{
	uint64_t len = uiocap_frame_size(frame);
	struct iovec part = { .iov_base = (void *)uiocap_frame_data(frame) };
	int err;

	if (st->settings->count && len > st->settings->count - st->bytes)
		len = st->settings->count - st->bytes;
	part.iov_len = len;
	err = write_all(st->fd, &part, 1);
	if (!err)
		st->bytes += len;
	else if (err != -EPIPE)	/* the reader has what he wants */
		say("cannot write %s: %s", st->settings->output ?: "the standard output",
		    strerror(-err));
	st->write_failed = err;
	return err;
}

static int take(struct stream *st, struct uiocap_frame *frame)
{
	unsigned int status = uiocap_frame_status(frame);
	uint64_t lost = uiocap_frame_lost(frame);
	int err;

	if (lost)
		say("warning: %" PRIu64 " buffers were lost before byte %" PRIu64, lost, st->bytes);
	if (status & (UIOCAP_FRAME_MISSING | UIOCAP_FRAME_CORRUPT)) {
		say("warning: the card says that it damaged what follows byte %" PRIu64, st->bytes);
		st->damaged++;
	}
	st->lost += lost;
	st->buffers++;
	st->ended = status & UIOCAP_FRAME_END;
	err = write_bytes(st, frame);
	uiocap_frame_release(frame);
	return err;
}

/* How long to wait, or 0: it is time to end. */
static int64_t patience_ns(const struct stream *st, int64_t now_ns, int64_t start_ns)
{
	const struct settings *s = st->settings;
	int64_t left_ns = s->duration_ns ? start_ns + s->duration_ns - now_ns : SLICE_NS;

	if (st->ended || stop_requested() || left_ns < 0)
		return 0;
	if (s->count && st->bytes == s->count)
		return 0;
	return left_ns < SLICE_NS ? left_ns : SLICE_NS;
}

/* 0 at the end, or -errno. */
static int loop(struct stream *st)
{
	int64_t start_ns = clock_ns(), latest_ns = start_ns, now_ns = start_ns, wait_ns;

	progress_start(start_ns);
	while ((wait_ns = patience_ns(st, now_ns, start_ns))) {
		struct uiocap_frame *frame;
		int n = uiocap_channel_acquire(st->channel, wait_ns, &frame);

		now_ns = clock_ns();
		if (n == -ENODATA)
			return 0;
		if (n == 1) {
			latest_ns = now_ns;
			n = take(st, frame);
		} else if (!n && st->settings->timeout_ns &&
			   now_ns - latest_ns >= st->settings->timeout_ns) {
			return -ETIMEDOUT;
		}
		if (n < 0 && n != -EINTR)
			return n;
		if (progress_due(now_ns))
			progress_show(now_ns, st->bytes, st->buffers, st->lost);
	}
	return 0;
}

/* What had come when the card stopped; not after a count that is complete. */
static int drain(struct stream *st)
{
	struct uiocap_frame *frame;

	while (!st->settings->count || st->bytes < st->settings->count) {
		int n = uiocap_channel_acquire(st->channel, 0, &frame);

		if (n != 1)
			return 0;
		n = take(st, frame);
		if (n)
			return n;
	}
	return 0;
}

static int start(struct stream *st)
{
	const struct settings *s = st->settings;
	int err = uiocap_channel_enable(st->channel, true);

	/* A source that can wait loses nothing while a pipe's reader takes its time. */
	if (!err)
		err = uiocap_channel_set_hold(st->channel, true);
	if (!err && s->idle_ns)
		err = uiocap_channel_set_idle(st->channel, (uint64_t)s->idle_ns);
	if (!err)
		err = uiocap_card_start(st->card);
	return err;
}

static int end(const struct stream *st, int err)
{
	const struct settings *s = st->settings;

	if (err == -ETIMEDOUT) {
		say("no byte came within %.3g s", (double)s->timeout_ns / 1e9);
		return EXIT_TIMEOUT;
	}
	if (st->write_failed)
		return err == -EPIPE ? EXIT_OK : EXIT_FAILED;
	if (err)
		return say_failed("stream", err);
	if (s->count && st->bytes < s->count) {
		say("ended after %" PRIu64 " of %" PRIu64 " bytes", st->bytes, s->count);
		return EXIT_FAILED;
	}
	return s->strict && (st->lost || st->damaged) ? EXIT_LOST : EXIT_OK;
}

static int run_stream(struct stream *st)
{
	int err = start(st);

	if (err)
		return say_failed("start the stream", err);
	stop_catch();
	err = loop(st);
	progress_end();
	if (err != -ENODEV)
		uiocap_card_stop(st->card);
	if (!err)
		err = drain(st);
	return end(st, err);
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
	struct stream st = { .settings = &s };
	int code = options_parse(&verb_stream, argc, argv, take_option, &s);
	struct device device;

	if (code != OPTIONS_DONE)
		return code;
	if (optind < argc)
		return usage_error(&verb_stream, "unexpected '%s'", argv[optind]);
	code = device_open(s.device, s.model, &device);
	if (code)
		return code;
	st.card = device.card;
	code = choose_channel(&s, &device, &st.channel);
	if (!code)
		code = open_output(&s, &st.fd);
	if (!code)
		code = close_output(st.fd, run_stream(&st));
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
