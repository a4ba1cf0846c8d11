/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * video.h - a video channel: frames of the test pattern at a steady pace (refcard §5.1, §12)
 */
#ifndef SIM_VIDEO_H
#define SIM_VIDEO_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"

/**
 * video_new - what channel @index sends
 * @phase_ns: how much later than others its frames begin
 * @fifo:     chunks that are due leave in bursts, not one by one
 */
int video_new(unsigned int index, const struct channel_kind *kind, uint64_t phase_ns, bool fifo,
	      struct producer **out);

#endif
