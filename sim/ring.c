// SPDX-License-Identifier: GPL-2.0-or-later
#include "ring.h"

#include <endian.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#define RING_ALIGN	64

int ring_start(struct ring *r, struct core *core, uint64_t desc, uint64_t done, uint32_t order)
{
	if (desc % RING_ALIGN || done % RING_ALIGN)
		return -EINVAL;
	if (order < REFCARD_MIN_RING_ORDER || order > REFCARD_MAX_RING_ORDER)
		return -EINVAL;
	*r = (struct ring) { .core = core, .desc = desc, .done = done, .order = order };
	return 0;
}

int ring_doorbell(struct ring *r, uint32_t posted)
{
	uint32_t ready = posted - r->next;

	/* neither more than there are entries, nor less than was said before */
	if (ready > ring_size(r) || ready < ring_ready(r))
		return -EINVAL;
	r->posted = posted;
	return 0;
}

static uint64_t entry(const struct ring *r, uint64_t base, uint32_t number)
{
	return base + (uint64_t)(number & (ring_size(r) - 1)) * sizeof(struct refcard_done);
}

int ring_look(const struct ring *r, struct ring_buffer *out)
{
	struct refcard_desc desc;
	const void *from = core_memory(r->core, entry(r, r->desc, r->next), sizeof(desc), false);

	if (!from)
		return -EFAULT;
	/* Once: the client may write to it at any time. */
	memcpy(&desc, from, sizeof(desc));
	out->addr = le64toh(desc.addr);
	out->len = le32toh(desc.len);
	return out->len && out->len <= REFCARD_MAX_CHUNK_BYTES ? 0 : -EINVAL;
}

int ring_write(struct ring *r, struct refcard_done done, bool wrong_phase)
{
	bool phase = !(r->wrote >> r->order & 1) != wrong_phase;
	uint64_t addr = entry(r, r->done, r->wrote);
	struct refcard_done *to = core_memory(r->core, addr, sizeof(*to), true);

	if (!to)
		return -EFAULT;
	to->frame = htole32(done.frame);
	to->where = htole32(done.where);
	to->time = htole32(done.time);
	/*
	 * Last, after the payload and the other dwords, as posted writes arrive (§12): the host
	 * takes the entry as soon as it sees the phase.
	 */
	atomic_store_explicit((_Atomic uint32_t *)&to->status,
			      htole32(done.status | (phase ? REFCARD_DONE_PHASE : 0)),
			      memory_order_release);
	r->wrote++;
	return 0;
}
