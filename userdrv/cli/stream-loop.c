// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stream-loop.c - the bytes of a stream channel, from the card into a file
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "uiocap/uiocap.h"

#include "clock.h"
#include "progress.h"
#include "stop.h"
#include "stream-loop.h"
#include "talk.h"
#include "write-all.h"

#define SLICE_NS	(SECOND_NS / 5)	/* a signal just before a wait is noticed after this */

static int write_bytes(struct stream *st, const struct uiocap_frame *frame)
{
	uint64_t len = uiocap_frame_size(frame);
	struct iovec part = { .iov_base = (void *)uiocap_frame_data(frame) };
	int err;

	if (st->limits->count && len > st->limits->count - st->bytes)
		len = st->limits->count - st->bytes;
	part.iov_len = len;
	err = write_all(st->fd, &part, 1);
	if (err == -ENODEV)
		return err;
	if (!err)
		st->bytes += len;
	else if (err != -EPIPE)	/* the reader has what he wants */
		say("cannot write %s: %s", st->name, strerror(-err));
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
	else if (status & UIOCAP_FRAME_LATE)
		say("warning: bytes were lost before byte %" PRIu64, st->bytes);
	if (status & (UIOCAP_FRAME_MISSING | UIOCAP_FRAME_CORRUPT)) {
		say("warning: the card says that it damaged what follows byte %" PRIu64, st->bytes);
		st->damaged++;
	}
	st->lost += lost ? lost : status & UIOCAP_FRAME_LATE ? 1 : 0;
	st->buffers++;
	st->ended = status & UIOCAP_FRAME_END;
	err = write_bytes(st, frame);
	uiocap_frame_release(frame);
	return err;
}

/* How long to wait, or 0: it is time to end. */
static int64_t patience_ns(const struct stream *st, int64_t now_ns, int64_t start_ns)
{
	const struct stream_limits *limits = st->limits;
	int64_t left_ns = limits->duration_ns ? start_ns + limits->duration_ns - now_ns : SLICE_NS;

	if (st->ended || stop_requested() || left_ns < 0)
		return 0;
	if (limits->count && st->bytes == limits->count)
		return 0;
	return left_ns < SLICE_NS ? left_ns : SLICE_NS;
}

int stream_loop(struct stream *st)
{
	int64_t start_ns = clock_ns(), now_ns = start_ns, silent_ns = 0, wait_ns;

	progress_start(start_ns);
	while ((wait_ns = patience_ns(st, now_ns, start_ns))) {
		struct uiocap_frame *frame;
		int n = uiocap_channel_acquire(st->channel, wait_ns, &frame);

		now_ns = clock_ns();
		if (n == -ENODATA)
			return 0;
		silent_ns = n == 1 ? 0 : silent_ns + (n == 0 ? wait_ns : 0);
		if (n == 1)
			n = take(st, frame);
		else if (st->limits->timeout_ns && silent_ns >= st->limits->timeout_ns)
			return -ETIMEDOUT;
		if (n < 0 && n != -EINTR)
			return n;
		if (progress_due(now_ns))
			progress_show(now_ns, st->bytes, st->buffers, st->lost);
	}
	return 0;
}

int stream_drain(struct stream *st)
{
	struct uiocap_frame *frame;

	while (!st->limits->count || st->bytes < st->limits->count) {
		int n = uiocap_channel_acquire(st->channel, 0, &frame);

		if (n != 1)
			return 0;
		n = take(st, frame);
		if (n)
			return n;
	}
	return 0;
}
