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
 * @desc:    descriptors, written by us
 * @done:    completions, written by the card
 * @entries: of each, a power of two
 * @posted:  descriptors written so far
 * @taken:   completions taken so far
 * @phase:   the phase bit of the next one
 */
struct ring {
	struct refcard_desc *desc;
	struct refcard_done *done;
	uint32_t entries;
	uint64_t posted;
	uint64_t taken;
	uint32_t phase;
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
	return r->entries;
}

/* Place of descriptor or completion number @n. */
static inline uint32_t ring_place(const struct ring *r, uint64_t n)
{
	return (uint32_t)n & (r->entries - 1);
}

/* How many completions there are before the walk must go back to the first place. */
static inline uint32_t ring_to_end(const struct ring *r)
{
	return r->entries - ring_place(r, r->taken);
}

/* The phase bit of completion number @n, once it has been written: 1 in passes 0, 2, 4, … */
static inline uint32_t ring_phase(const struct ring *r, uint64_t n)
{
	return n & r->entries ? 0 : REFCARD_DONE_PHASE;
}

/* The status word of completion number @n, which may be from an earlier pass. */
static inline uint32_t ring_status(const struct ring *r, uint64_t n)
{
	return le32toh(__atomic_load_n(&r->done[ring_place(r, n)].status, BARRIER_STATUS_ORDER));
}

static inline bool ring_written(const struct ring *r, uint64_t n)
{
	return (ring_status(r, n) & REFCARD_DONE_PHASE) == ring_phase(r, n);
}

/* The same of the next one, which is asked for all the time. */
static inline bool ring_next_written(const struct ring *r)
{
	return !((ring_status(r, r->taken) ^ r->phase) & REFCARD_DONE_PHASE);
}

/* The next @n, not beyond the end of the ring, are dealt with. */
static inline void ring_advance(struct ring *r, uint32_t n)
{
	r->taken += n;
	r->phase = ring_phase(r, r->taken);
}

/* The card's clock in the completion @ahead of the next. */
static inline uint32_t ring_time(const struct ring *r, uint32_t ahead)
{
	return le32toh(r->done[ring_place(r, r->taken + ahead)].time);
}

/* ---- the hot path ----------------------------------------------------------------------- */

/* Four in a turn. memcpy() costs more on some processors than on others, too. */
static inline void ring_copy(struct refcard_desc *to, const struct refcard_desc *from, uint32_t n)
{
	for (; n >= 4; n -= 4, to += 4, from += 4) {
		to[0] = from[0];
		to[1] = from[1];
		to[2] = from[2];
		to[3] = from[3];
	}
	while (n-- > 0)
		*to++ = *from++;
}

/** ring_post - a buffer: the descriptors of its @n chunks */
static inline void ring_post(struct ring *r, const struct refcard_desc *desc, uint32_t n)
{
	uint32_t place = ring_place(r, r->posted);
	uint32_t span = r->entries - place;

	r->posted += n;
	if (span < n) {
		ring_copy(r->desc, desc + span, n - span);
		n = span;
	}
	ring_copy(r->desc + place, desc, n);
}

static inline uint64_t ring_done_key(const struct refcard_done *d)
{
	return le64toh(*(const ring_pair_t *)d);
}

/* A completion that was not written differs at least in its phase: one compare asks for both. */
static inline bool ring_is_next(const struct refcard_done *d, uint64_t key, uint32_t status)
{
	if (le32toh(__atomic_load_n(&d->status, BARRIER_STATUS_ORDER)) != status)
		return false;
	barrier_after_status();
	return ring_done_key(d) == key;
}

/**
 * ring_match - how many of the next @n completions are just as expected
 * @key:    of the first; each further one RING_KEY_STEP more
 * @status: of each, with the phase of this pass
 *
 * They must not go beyond the end of the ring: ring_to_end(). Takes none of them. Two compares a
 * chunk, and four chunks in a turn.
 */
static inline uint32_t ring_match(const struct ring *r, uint64_t key, const uint32_t *status,
				  uint32_t n)
{
	const struct refcard_done *d = r->done + ring_place(r, r->taken);
	uint32_t left = n;

	for (; left >= 4; left -= 4, d += 4, status += 4, key += 4 * RING_KEY_STEP)
		if (!ring_is_next(d, key, status[0]) ||
		    !ring_is_next(d + 1, key + RING_KEY_STEP, status[1]) ||
		    !ring_is_next(d + 2, key + 2 * RING_KEY_STEP, status[2]) ||
		    !ring_is_next(d + 3, key + 3 * RING_KEY_STEP, status[3]))
			break;
	for (; left > 0 && ring_is_next(d, key, *status); left--, d++, key += RING_KEY_STEP)
		status++;
	return n - left;
}

#endif
