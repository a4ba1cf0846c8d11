/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * times.h - CLOCK_MONOTONIC in nanoseconds
 */
#ifndef UIOCAP_TIMES_H
#define UIOCAP_TIMES_H

#include <stdint.h>
#include <time.h>

static inline uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * UINT64_C(1000000000) + ts.tv_nsec;
}

#endif
