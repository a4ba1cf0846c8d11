/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture.h - take frames from a card and give them to a sink
 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "device.h"
#include "sink.h"

#define WAIT_DEFAULT	(-1)

/**
 * struct capture_options - what the user wants
 * @channels:    bits of those wanted; 0: every video channel
 * @count:       whole frames of each channel, 0: no limit
 * @duration_ns: 0: no limit
 * @timeout_ns:  give up when no frame comes for so long
 * @sink:        where frames go
 * @output:      file name pattern, or NULL
 * @files:       name pattern for the last picture of each channel, or NULL
 * @sheet:       file for a contact sheet of these, or NULL
 * @wait:        enum uiocap_wait, or WAIT_DEFAULT
 * @look_ns:     timer: how often to look; adaptive: how long before it blocks; 0: a good default
 * @buffers:     of each channel, 0: the library's choice
 * @chunk_lines: 0: the card's choice
 * @hold:        sources that can wait do so rather than drop
 * @on_reset:    what to do when the card is reset
 */
struct capture_options {
	uint64_t channels;
	uint64_t count;
	int64_t duration_ns;
	int64_t timeout_ns;
	const struct sink_ops *sink;
	const char *output;
	const char *files;
	const char *sheet;
	int wait;
	int64_t look_ns;
	unsigned int buffers;
	uint32_t chunk_lines;
	bool hold;
	enum uiocap_on_reset on_reset;
};

/**
 * struct tally - what came of a channel
 * @channel:    NULL: not captured
 * @done:       has delivered its count; what follows is not counted
 * @produced:   frames from the first to the latest, lost ones too
 * @frames:     whole frames, given to the sink
 * @incomplete: came with something missing or damaged, not given to the sink
 * @lost:       never came
 * @damaged:    of @frames: the sink found wrong
 * @bytes:      in @frames
 * @resets:     how often it was started anew
 * @reset_lost: of @lost: what went by meanwhile
 */
struct tally {
	struct uiocap_channel *channel;
	struct uiocap_channel_info info;
	bool done;
	uint64_t produced;
	uint64_t frames;
	uint64_t incomplete;
	uint64_t lost;
	uint64_t damaged;
	uint64_t bytes;
	uint64_t resets;
	uint64_t reset_lost;
};

enum capture_end {
	CAPTURE_COUNT,		/* every channel has delivered its count */
	CAPTURE_DURATION,	/* the time was up */
	CAPTURE_SIGNAL,
	CAPTURE_READER,		/* the reader of a pipe has gone */
	CAPTURE_SOURCE,		/* nothing more will come */
	CAPTURE_TIMEOUT,	/* nothing came */
	CAPTURE_FAILURE,	/* it was told which */
};

/**
 * struct usage - what it took
 * @wall_ns:    time
 * @cpu_ns:     of it, this thread at work
 * @sink_cpu_ns: of that, in the sink
 * @interrupts: of all vectors
 * @lost_irqs:  interrupts that never came
 * @syscalls:   that the library made
 */
struct usage {
	int64_t wall_ns;
	int64_t cpu_ns;
	int64_t sink_cpu_ns;
	uint64_t interrupts;
	uint64_t lost_irqs;
	uint64_t syscalls;
};

/**
 * struct capture_result - how it went
 * @total: the sum of @tally; of resets the most
 */
struct capture_result {
	enum capture_end end;
	struct tally tally[SINK_CHANNELS];
	struct tally total;
	struct usage usage;
};

/**
 * capture_run - capture until something in enum capture_end happens
 *
 * Returns an exit code; @out is filled in where the card has been started, else @started is false.
 */
int capture_run(struct device *device, const struct capture_options *options,
		struct capture_result *out, bool *started);

#endif
