// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * walk.c - a bare ring walk
 */
#include "walk.h"

#include <endian.h>
#include <stdlib.h>

#include "userdrv/lib/barrier.h"
#include "userdrv/lib/mmio.h"

void walk_init(struct walk *w, struct memory_card *c, unsigned int ch)
{
	const struct memory_channel *k = &c->channel[ch];

	*w = (struct walk){
		.desc = k->desc, .done = k->done,
		.entries = k->mask + 1,
		.window = memory_card_look(c, ch),
		.chunks = k->chunks << 16,
		.len = k->len, .status = k->len | REFCARD_DONE_CHANNEL(ch),
		.doorbell = memory_card_doorbell(ch), .phase = REFCARD_DONE_PHASE,
	};
}

/* One completion after the other, and nothing taken for granted. */
uint64_t walk_take(struct walk *w)
{
	const uint32_t good = REFCARD_DONE_LEN | REFCARD_DONE_CHANNELS |
			      REFCARD_DONE_OVERRUN | REFCARD_DONE_CORRUPT;
	const struct refcard_done *const end = w->done + w->entries;
	const struct refcard_done *d = w->done + w->taken % w->entries;
	const struct refcard_desc *from = w->desc + w->taken % w->entries;
	struct refcard_desc *to = w->desc + (w->taken + w->window) % w->entries;
	const struct walk k = *w;
	uint64_t n = k.taken;
	uint32_t phase = k.phase, frame = k.frame, chunk = k.chunk;

	for (;; n++, d++, from++, to++) {
		uint32_t status;

		if (d == end) {
			d = k.done;
			from = k.desc;
			phase ^= REFCARD_DONE_PHASE;
		}
		status = le32toh(__atomic_load_n(&d->status, __ATOMIC_RELAXED));
		if ((int32_t)(status ^ phase) < 0)
			break;
		barrier_after_status();
		if ((status & good) != k.status || le32toh(d->frame) != frame ||
		    le32toh(d->where) != (chunk | (uint16_t)n))
			abort();
		if (to == (const struct refcard_desc *)k.done)
			to = k.desc;
		to->addr = from->addr;
		to->len = htole32(k.len);
		chunk += 0x10000;
		if (chunk == k.chunks) {
			chunk = 0;
			frame++;
		}
	}
	if (n != k.taken)
		mmio_write32(k.doorbell, (uint32_t)n + k.window);
	w->taken = n;
	w->phase = phase;
	w->frame = frame;
	w->chunk = chunk;
	return (n - k.taken) * k.len;
}
