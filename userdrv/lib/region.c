/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * region.c - shares the DMA region out
 */
#include <errno.h>

#include "region.h"

void region_init(struct region *r, const struct transport *t)
{
	*r = (struct region){
		.segment = t->segment, .segments = t->segments, .len = t->dma_len,
	};
}

/*
 * The first place in [@from, @to) where bus addresses jump and no chunk may lie across, or @to.
 * Stretches that happen to continue one another do not count.
 */
static size_t next_break(const struct region *r, size_t from, size_t to)
{
	size_t at = 0;

	for (unsigned int i = 0; i + 1 < r->segments && at < to; i++) {
		const struct uiocap_segment *s = &r->segment[i];

		at += s->len;
		if (at >= from && at < to && s->bus + s->len != s[1].bus)
			return at;
	}
	return to;
}

/* How far a piece at @at must move for the first chunk across a break to begin on it, or 0. */
static size_t straddle(const struct region *r, size_t at, size_t len, size_t chunk)
{
	size_t brk = next_break(r, at, at + len);

	while (brk < at + len) {
		if ((brk - at) % chunk != 0)
			return (brk - at) % chunk;
		brk = next_break(r, brk + 1, at + len);
	}
	return 0;
}

int region_take(struct region *r, size_t len, size_t chunk, size_t *offset)
{
	size_t at = (r->used + REGION_ALIGN - 1) / REGION_ALIGN * REGION_ALIGN;
	size_t move;

	for (; at < r->len && len <= r->len - at; at += move) {
		move = straddle(r, at, len, chunk);
		if (move == 0) {
			*offset = at;
			r->used = at + len;
			return 0;
		}
	}
	return -ENOSPC;
}

uint64_t region_bus(const struct region *r, size_t offset)
{
	unsigned int i = 0;

	while (offset >= r->segment[i].len)
		offset -= r->segment[i++].len;
	return r->segment[i].bus + offset;
}
