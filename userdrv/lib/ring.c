/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ring.c - a descriptor ring and its completion ring
 */
#include "ring.h"

unsigned int ring_order(uint32_t descs)
{
	unsigned int order = REFCARD_MIN_RING_ORDER;

	while (1u << order < descs)
		order++;
	return order;
}

size_t ring_bytes(unsigned int order)
{
	return (sizeof(struct refcard_desc) + sizeof(struct refcard_done)) << order;
}

void ring_init(struct ring *r, void *memory, unsigned int order)
{
	*r = (struct ring){ .desc = memory, .entries = 1u << order };
	r->done = (struct refcard_done *)(r->desc + r->entries);
	r->phase = ring_phase(r, 0);
}

struct done ring_peek(const struct ring *r, uint32_t ahead)
{
	const struct refcard_done *d = r->done + ring_place(r, r->taken + ahead);
	struct done done = { .status = ring_status(r, r->taken + ahead) };
	uint64_t key;

	barrier_after_status();
	key = ring_done_key(d);
	done.frame = (uint32_t)key;
	done.desc = (uint16_t)(key >> 32);
	done.chunk = (uint16_t)(key >> 48);
	done.time = le32toh(d->time);
	return done;
}

struct done ring_take(struct ring *r)
{
	struct done done = ring_peek(r, 0);

	ring_advance(r, 1);
	return done;
}

void ring_exchange(struct ring *r)
{
	struct refcard_done *first = r->done + ring_place(r, r->taken);
	struct refcard_done *second = r->done + ring_place(r, r->taken + 1);
	struct refcard_done kept = *first;
	uint32_t turn = htole32(r->phase ^ ring_phase(r, r->taken + 1));

	*first = *second;
	*second = kept;
	first->status ^= turn;
	second->status ^= turn;
}

bool ring_hole(const struct ring *r, uint32_t ahead)
{
	if (!ring_written(r, r->taken + ahead))
		return false;
	/* Look again: both may have been written since the caller found that the next was not. */
	barrier_after_status();
	return !ring_next_written(r);
}

void ring_skip(struct ring *r)
{
	r->done[ring_place(r, r->taken)].status = htole32(r->phase);
	ring_advance(r, 1);
}
