/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.h - the time, and the time that this thread has worked
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

#define SECOND_NS	INT64_C(1000000000)

static inline int64_t clock_read_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static inline int64_t clock_ns(void)
{
	return clock_read_ns(CLOCK_MONOTONIC);
}

/* Not of the process: the simulated card's own time is not the driver's. A system call. */
static inline int64_t clock_cpu_ns(void)
{
	return clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

#endif
