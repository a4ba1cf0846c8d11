/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - a line on stderr that changes while something runs; only on a terminal
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/** progress_start - shows progress from now on, if stderr is a terminal */
void progress_start(int64_t now_ns);

/** progress_due - is it time for a new line? */
bool progress_due(int64_t now_ns);

/** progress_show - what has come so far */
void progress_show(int64_t now_ns, uint64_t bytes, uint64_t frames, uint64_t lost);

/** progress_clear - takes the line away: something else is to be written */
void progress_clear(void);

/** progress_end - takes it away for good */
void progress_end(void);

#endif
