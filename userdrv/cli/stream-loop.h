/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream-loop.h - the bytes of a stream channel, from the card into a file
 */
#ifndef STREAM_LOOP_H
#define STREAM_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct uiocap_channel;

/**
 * struct stream_limits - when to end; 0: not for that reason
 * @count:       bytes
 * @duration_ns: time since the start
 * @timeout_ns:  time without a byte, which is a failure
 */
struct stream_limits {
	uint64_t count;
	int64_t duration_ns;
	int64_t timeout_ns;
};

/**
 * struct stream - a stream under way
 * @limits:       when to end
 * @channel:      where the bytes come from
 * @fd:           where they go
 * @name:         what messages call that
 * @bytes:        written so far
 * @buffers:      taken so far
 * @lost:         buffers that never came, and places where bytes did not
 * @damaged:      buffers that the card says are damaged
 * @ended:        by the source
 * @write_failed: the output cannot go on, and this was told unless it is -EPIPE
 */
struct stream {
	const struct stream_limits *limits;
	struct uiocap_channel *channel;
	int fd;
	const char *name;
	uint64_t bytes;
	uint64_t buffers;
	uint64_t lost;
	uint64_t damaged;
	bool ended;
	bool write_failed;
};

/** stream_loop - until the source ends, a limit is reached or a signal comes. 0 or -errno */
int stream_loop(struct stream *st);

/** stream_drain - what had come when the card stopped, up to the count. 0 or -errno */
int stream_drain(struct stream *st);

#endif
