/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture-loop.h - the part of a capture that runs for each frame
 */
#ifndef CAPTURE_LOOP_H
#define CAPTURE_LOOP_H

#include "capture.h"

/**
 * struct capture - a capture under way
 * @open:        channels that still have to deliver
 * @start_ns:    when it began
 * @silent_ns:   time waited since the latest frame came that was wanted
 * @sink_failed: the sink or the output cannot go on, and has said so
 */
struct capture {
	const struct capture_options *options;
	struct capture_result *result;
	struct device *device;
	struct output *output;
	struct sink *sink;
	struct snapshot *snapshot;
	unsigned int open;
	int64_t start_ns;
	int64_t silent_ns;
	bool sink_failed;
};

/**
 * capture_loop - takes frames until there is a reason to end, which it notes in the result
 *
 * 0, or the -errno of a failure.
 */
int capture_loop(struct capture *c);

/** tally_resets - takes the library's word for what resets have cost the channel */
void tally_resets(struct tally *t);

/** capture_drain - takes what has come before the card stopped. 0 or -errno */
int capture_drain(struct capture *c);

#endif
