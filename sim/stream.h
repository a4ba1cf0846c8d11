/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream.h - a byte-stream channel, such as a fast serial port (refcard §5.2)
 */
#ifndef SIM_STREAM_H
#define SIM_STREAM_H

#include "channel.h"
#include "source.h"

/** stream_new - sends what @source has, which stays the caller's */
int stream_new(struct source *source, struct producer **out);

#endif
