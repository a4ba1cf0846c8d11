/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ring.h - a channel's descriptor ring and completion ring, from the card's side (refcard §5, §6)
 */
#ifndef SIM_RING_H
#define SIM_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "core.h"
#include "uiocap/refcard.h"

/**
 * struct ring - both rings of a channel; counters run from 0 at ENABLE, modulo 2^32
 * @desc:   bus address of the descriptors
 * @done:   bus address of the completions
 * @order:  log2 of the entries in each
 * @posted: descriptors that the host has posted
 * @next:   the next to be used
 * @wrote:  completions written; equals @next but for faults
 */
struct ring {
	struct core *core;
	uint64_t desc;
	uint64_t done;
	unsigned int order;
	uint32_t posted;
	uint32_t next;
	uint32_t wrote;
};

/**
 * struct ring_buffer - where a descriptor lets the card write
 */
struct ring_buffer {
	uint64_t addr;
	uint32_t len;
};

/** ring_start - at ENABLE; -EINVAL where the addresses or the order are out of bounds */
int ring_start(struct ring *r, struct core *core, uint64_t desc, uint64_t done, uint32_t order);

/** ring_doorbell - -EINVAL: a count that cannot be */
int ring_doorbell(struct ring *r, uint32_t posted);

/** ring_ready - posted and not used */
static inline uint32_t ring_ready(const struct ring *r)
{
	return r->posted - r->next;
}

static inline uint32_t ring_size(const struct ring *r)
{
	return 1u << r->order;
}

/** ring_look - read the next descriptor: -EINVAL: out of bounds, -EFAULT: no such memory */
int ring_look(const struct ring *r, struct ring_buffer *out);

/** ring_write - write a completion into the next entry, @wrong_phase for a fault; -EFAULT */
int ring_write(struct ring *r, struct refcard_done done, bool wrong_phase);

#endif
