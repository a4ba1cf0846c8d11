/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ring.h - a descriptor ring and its completion ring, as the reference card has them
 *
 * Both have the same number of entries, a power of two. Descriptors are numbered from 0 and never
 * again; number n is at place n mod entries. The card writes completions one after another, in
 * the same way. It never has more of them under way than descriptors were posted, so that the
 * completion ring cannot overflow (refcard §6).
 *
 * Whether an entry of the completion ring has been written is told by its phase bit: 1 in the
 * first pass over the ring, 0 in the second, and so on. Memory that starts as zeros thus reads "not
 * written" in the first pass, and what a pass leaves behind reads "not written" in the next.
 */
#ifndef UIOCAP_RING_H
#define UIOCAP_RING_H

#include <endian.h>

#include "uiocap/refcard.h"
#include "uiocap/uiocap.h"

#include "barrier.h"

/**
 * struct ring - the two rings of a channel, and how far each side has come
 * @desc:   descriptors, written by us
 * @done:   completions, written by the card
 * @order:  log2 of the entries in each
 * @posted: descriptors written so far
 * @taken:  completions taken so far
 */
struct ring {
	struct refcard_desc *desc;
	struct refcard_done *done;
	unsigned int order;
	uint64_t posted;
	uint64_t taken;
};

/** struct done - a completion, decoded from one look at it */
struct done {
	uint32_t frame;
	uint16_t chunk;
	uint16_t desc;
	uint32_t time;
	uint32_t status;
};

/* Two words of an entry as one. */
typedef uint64_t __attribute__((may_alias)) ring_pair_t;

/* The first two words of a completion: frame, number of its descriptor, chunk. */
#define RING_KEY(frame, desc, chunk) \
	((uint32_t)(frame) | (uint64_t)(uint16_t)(desc) << 32 | (uint64_t)(chunk) << 48)

/* From one chunk's key to the next one's, as long as the descriptor's 16 bits do not wrap. */
#define RING_KEY_STEP	RING_KEY(0, 1, 1)

/** ring_order - log2 of the entries that @descs descriptors at a time need */
unsigned int ring_order(uint32_t descs);

/** ring_bytes - memory for both rings */
size_t ring_bytes(unsigned int order);

/** ring_init - @memory is zeroed, 64-byte aligned, of ring_bytes() */
void ring_init(struct ring *r, void *memory, unsigned int order);

/** ring_post - a buffer: @n chunks at bus addresses @bus, each of @len bytes but the last */
void ring_post(struct ring *r, const uint64_t *bus, uint32_t n, uint32_t len, uint32_t last_len);

/**
 * ring_match - how many of the next @n completions are just as expected
 * @key:    of the first; each further one RING_KEY_STEP more
 * @status: of each, with the phase of this pass
 *
 * They must not go beyond the end of the ring: ring_to_end(). Takes none of them.
 */
uint32_t ring_match(const struct ring *r, uint64_t key, const uint32_t *status, uint32_t n);

/** ring_peek - the completion @ahead of the next, which must have been written */
struct done ring_peek(const struct ring *r, uint32_t ahead);

/** ring_take - the next one; it is dealt with */
struct done ring_take(struct ring *r);

/** ring_exchange - the next two, both written, change places */
void ring_exchange(struct ring *r);

/**
 * ring_hole - has the card skipped the next completion?
 * @ahead: which of those after it to look at, less than the entries of the ring
 *
 * The card writes completions in order (refcard §12). So when one further on has been written and
 * the next one has not, it never will be: its phase bit was wrong.
 */
bool ring_hole(const struct ring *r, uint32_t ahead);

/** ring_skip - steps over a hole, and makes it read "not written" in the next pass */
void ring_skip(struct ring *r);

static inline uint32_t ring_entries(const struct ring *r)
{
	return 1u << r->order;
}

/* Place of descriptor or completion number @n. */
static inline uint32_t ring_place(const struct ring *r, uint64_t n)
{
	return (uint32_t)n & (ring_entries(r) - 1);
}

/* How many completions there are before the walk must go back to the first place. */
static inline uint32_t ring_to_end(const struct ring *r)
{
	return ring_entries(r) - ring_place(r, r->taken);
}

/* The phase bit of completion number @n, once it has been written: 1 in passes 0, 2, 4, … */
static inline uint32_t ring_phase(const struct ring *r, uint64_t n)
{
	return n >> r->order & 1 ? 0 : REFCARD_DONE_PHASE;
}

/* The status word of completion number @n, which may be from an earlier pass. */
static inline uint32_t ring_status(const struct ring *r, uint64_t n)
{
	return le32toh(__atomic_load_n(&r->done[ring_place(r, n)].status, __ATOMIC_RELAXED));
}

static inline bool ring_written(const struct ring *r, uint64_t n)
{
	return (ring_status(r, n) & REFCARD_DONE_PHASE) == ring_phase(r, n);
}

/* The card's clock in the completion @ahead of the next. */
static inline uint32_t ring_time(const struct ring *r, uint32_t ahead)
{
	return le32toh(r->done[ring_place(r, r->taken + ahead)].time);
}

#endif
