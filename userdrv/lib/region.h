/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * region.h - shares the DMA region out
 *
 * The region is one mapping for us and one or more stretches for the card. Pieces are handed out
 * from its beginning on, and only all of them at once are given back. A piece consists of chunks
 * that the card writes with one transfer each: a chunk must lie within one stretch, the piece
 * need not. A struct region may be copied to try out whether things would fit.
 */
#ifndef UIOCAP_REGION_H
#define UIOCAP_REGION_H

#include "transport.h"

/* Pieces begin on a cache line wherever the end of a stretch does not dictate another place. */
#define REGION_ALIGN	64

struct region {
	const struct uiocap_segment *segment;
	unsigned int segments;
	size_t len;
	size_t used;
};

void region_init(struct region *r, const struct transport *t);

/**
 * region_take - the next @len bytes that can be cut into chunks of @chunk bytes (the last: shorter)
 *
 * Stores where they begin in the region. -ENOSPC leaves @r as it was.
 */
int region_take(struct region *r, size_t len, size_t chunk, size_t *offset);

/** region_bus - the card's address of @offset */
uint64_t region_bus(const struct region *r, size_t offset);

#endif
