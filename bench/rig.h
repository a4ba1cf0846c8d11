/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rig.h - a simulated card on one core, and the program that measures on another; or any card
 *
 * Whatever goes wrong ends the program: a figure of half a run is none.
 */
#ifndef BENCH_RIG_H
#define BENCH_RIG_H

#include <sched.h>
#include <stdint.h>
#include <time.h>

#include "uiocap/uiocap.h"

#define NS_PER_S	UINT64_C(1000000000)

/**
 * struct rig - an open card, all of whose channels are enabled
 * @cores:    that we had
 * @card_clock: processor time of a simulated card
 * @channels: how many
 * @frame_bytes: payload of a frame of each of them
 */
struct rig {
	struct uiocap_ctx *ctx;
	struct uiocap_card *card;
	cpu_set_t cores;
	clockid_t card_clock;
	unsigned int channels;
	size_t frame_bytes;
};

/** rig_open - a simulated card gets the first of our cores; we keep the second */
void rig_open(struct rig *r, const char *spec);
void rig_close(struct rig *r);

/** rig_start - @hold: the card waits for buffers; @spin_ns: as for uiocap_card_set_wait() */
void rig_start(struct rig *r, enum uiocap_wait wait, int64_t spin_ns, bool hold);
void rig_stop(struct rig *r);

/** rig_next - the next frame; NULL: none within a second */
struct uiocap_frame *rig_next(struct rig *r);

/** rig_whole - nothing of the frame is missing or damaged */
bool rig_whole(const struct uiocap_frame *frame);

/** rig_check - ends the program unless @ret says that all is well */
int rig_check(int ret, const char *what);

/**
 * rig_alloc - @len bytes of malloc'd memory that is really there
 *
 * It begins with a page, as frame buffers do. Blocks that begin 16 bytes behind one, as large ones
 * from malloc() do, take three times as long to copy to from there: each load seems to depend
 * on the store before it, whose address has the same twelve low bits.
 */
void *rig_alloc(size_t len);

/** rig_sum - reads @len bytes, a multiple of 64 */
uint64_t rig_sum(const void *data, size_t len);

/** rig_median - of @n values, which are sorted by this */
double rig_median(double *value, unsigned int n);

/** rig_now - CLOCK_MONOTONIC, ns */
uint64_t rig_now(void);

/** rig_cpu, rig_card_cpu - processor time that this thread, that a simulated card has used, ns */
uint64_t rig_cpu(void);
uint64_t rig_card_cpu(const struct rig *r);

#endif
