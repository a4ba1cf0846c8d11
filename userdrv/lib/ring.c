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
	*r = (struct ring){ .desc = memory, .order = order };
	r->done = (struct refcard_done *)(r->desc + ring_entries(r));
}

/* Writes @n descriptors that do not go beyond the end of the ring: two stores for each. */
static void post_span(struct refcard_desc *d, const uint64_t *bus, uint32_t n, uint32_t len)
{
	const uint64_t len_reserved = htole64(len);

	for (uint32_t i = 0; i < n; i++) {
		d[i].addr = htole64(bus[i]);
		*(ring_pair_t *)&d[i].len = len_reserved;
	}
}

void ring_post(struct ring *r, const uint64_t *bus, uint32_t n, uint32_t len, uint32_t last_len)
{
	uint32_t place = ring_place(r, r->posted);
	uint32_t span = ring_entries(r) - place;

	if (span > n)
		span = n;
	post_span(r->desc + place, bus, span, len);
	post_span(r->desc, bus + span, n - span, len);
	r->posted += n;
	r->desc[ring_place(r, r->posted - 1)].len = htole32(last_len);
}

static inline uint64_t done_key(const struct refcard_done *d)
{
	return le64toh(__atomic_load_n((const ring_pair_t *)d, __ATOMIC_RELAXED));
}

/*
 * The hot loop: two loads and two compares a chunk. A completion that has not been written differs
 * from what is expected in its phase bit at least, so that one compare asks for both.
 */
uint32_t ring_match(const struct ring *r, uint64_t key, const uint32_t *status, uint32_t n)
{
	const struct refcard_done *d = r->done + ring_place(r, r->taken);
	const uint32_t *const begin = status, *const end = status + n;

	for (; status < end; status++, d++, key += RING_KEY_STEP) {
		if (le32toh(__atomic_load_n(&d->status, __ATOMIC_RELAXED)) != *status)
			break;
		barrier_after_status();
		if (done_key(d) != key)
			break;
	}
	return status - begin;
}

struct done ring_peek(const struct ring *r, uint32_t ahead)
{
	const struct refcard_done *d = r->done + ring_place(r, r->taken + ahead);
	struct done done = { .status = ring_status(r, r->taken + ahead) };
	uint64_t key;

	barrier_after_status();
	key = done_key(d);
	done.frame = (uint32_t)key;
	done.desc = (uint16_t)(key >> 32);
	done.chunk = (uint16_t)(key >> 48);
	done.time = le32toh(d->time);
	return done;
}

struct done ring_take(struct ring *r)
{
	struct done done = ring_peek(r, 0);

	r->taken++;
	return done;
}

void ring_exchange(struct ring *r)
{
	struct refcard_done *first = r->done + ring_place(r, r->taken);
	struct refcard_done *second = r->done + ring_place(r, r->taken + 1);
	struct refcard_done kept = *first;
	uint32_t turn = htole32(ring_phase(r, r->taken) ^ ring_phase(r, r->taken + 1));

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
	return !ring_written(r, r->taken);
}

void ring_skip(struct ring *r)
{
	r->done[ring_place(r, r->taken)].status = htole32(ring_phase(r, r->taken));
	r->taken++;
}
