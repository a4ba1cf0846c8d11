/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * refcard-channel.c - from completions to runs of chunks
 *
 * A completion says two things: which frame and chunk it is, and, by the number of its descriptor,
 * where the data is. In all but rare cases it is exactly the one expected: the next chunk of the
 * frame, in the next descriptor. This file knows only this case; it costs two compares a chunk.
 * What differs goes to refcard-odd.c, one completion at a time.
 */
#include <errno.h>
#include <stdlib.h>

#include "refcard-channel.h"

/* How far a completion may lie before the one heard last: they may come in the wrong order. */
#define TICKS_BACK	(1000000000u / REFCARD_TICK_NS)

int refcard_channel_start(struct refcard_channel *ch, unsigned int number,
			  const struct card_setup *setup, bool stream, uint64_t ticks,
			  uint64_t now_ns)
{
	const uint32_t tag = REFCARD_DONE_CHANNEL(number);
	const size_t chunks = setup->chunks;
	const size_t descs = setup->pool * chunks;
	struct refcard_desc *ready = calloc(1, descs * sizeof(*ready) +
					       chunks * 2 * sizeof(uint32_t));
	uint32_t *status = (uint32_t *)(ready + descs);

	if (!ready)
		return -ENOMEM;
	for (size_t i = 0; i < descs; i++) {
		ready[i].addr = htole64(setup->chunk_bus[i]);
		ready[i].len = htole32(refcard_chunk_len(setup, i % chunks));
	}
	for (uint32_t i = 0; i < chunks; i++) {
		status[i] = refcard_chunk_len(setup, i) | refcard_chunk_flags(setup, i) | tag;
		status[chunks + i] = status[i] | REFCARD_DONE_PHASE;
	}
	refcard_channel_free(ch);
	*ch = (struct refcard_channel){
		.setup = *setup, .tag = tag, .stream = stream, .ready = ready,
		.status = { status, status + chunks },
		.ticks = ticks, .heard_ns = now_ns, .quiet_ns = now_ns,
	};
	ring_init(&ch->ring, setup->ring.data, ring_order(setup->buffers * setup->chunks));
	return 0;
}

void refcard_channel_free(struct refcard_channel *ch)
{
	free(ch->ready);
	ch->ready = NULL;
}

/*
 * TIME in a completion is the low half of a clock that runs through it in 34 s (refcard §3). The
 * card's clock had reached @ticks when the last completion was written, and has run on for as long
 * as we have since looked and found nothing. The next completion is later than that: less a
 * thousandth because the two clocks differ, less TICKS_BACK because of completions in the wrong
 * order. Wrong only if nobody looked for half a minute in which the channel was silent too.
 */
static uint64_t to_ticks(const struct refcard_channel *ch, uint32_t time)
{
	uint64_t silent = (ch->quiet_ns - ch->heard_ns) / REFCARD_TICK_NS;
	uint64_t from = ch->ticks + silent - silent / 1024 - TICKS_BACK;

	return from + (uint32_t)(time - (uint32_t)from);
}

uint64_t refcard_channel_hear(struct refcard_channel *ch, uint32_t time, uint64_t now_ns)
{
	ch->ticks = to_ticks(ch, time);
	ch->heard_ns = now_ns;
	ch->quiet_ns = now_ns;
	ch->silent = 0;
	return ch->ticks * REFCARD_TICK_NS;
}

static uint32_t min32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * How many completions the next look may compare in one go: to the end of the frame, to the end of
 * the ring, as many as are posted, and until the 16 bits of the descriptor number wrap.
 */
static uint32_t reach(const struct refcard_channel *ch)
{
	uint32_t n = min32(ch->setup.chunks - ch->chunk, ring_to_end(&ch->ring));

	n = min32(n, (uint32_t)(ch->ring.posted - ch->desc));
	return min32(n, 0x10000 - (uint16_t)ch->desc);
}

static uint32_t match(const struct refcard_channel *ch)
{
	const uint32_t *status = ch->status[ch->ring.phase != 0];

	return ring_match(&ch->ring, RING_KEY(ch->frame, ch->desc, ch->chunk), status + ch->chunk,
			  reach(ch));
}

static void take_run(struct refcard_channel *ch, uint32_t n, uint64_t now_ns, struct card_run *run)
{
	const struct card_setup *s = &ch->setup;

	run->slot = ch->slot;
	run->first = ch->chunk;
	run->count = n;
	run->frame = ch->frame;
	run->bytes = (n - 1) * s->chunk_bytes + refcard_chunk_len(s, ch->chunk + n - 1);
	run->flags = 0;
	run->time_ns = refcard_channel_hear(ch, ring_time(&ch->ring, n - 1), now_ns);
	ring_advance(&ch->ring, n);
	refcard_channel_advance(ch, n);
}

/* Whether there is a completion to deal with: @found any in this look? */
static bool is_more(struct refcard_channel *ch, bool found)
{
	if (ring_next_written(&ch->ring))
		return true;
	/* After a whole frame there is no reason to fear a hole, unless this is the last look. */
	return (!found || ch->chunk > 0 || ch->stopped) && refcard_skip_holes(ch);
}

unsigned int refcard_channel_collect(struct refcard_channel *ch, uint64_t now_ns,
				     struct card_run *runs, unsigned int max)
{
	/* One pass over the ring at most: a card that writes nonsense must not keep us here. */
	uint32_t left = ring_entries(&ch->ring);
	unsigned int count = 0;

	do {
		uint32_t n = match(ch);
		int ret = 1;

		if (n > 0)
			take_run(ch, n, now_ns, &runs[count]);
		else if (is_more(ch, count > 0))
			ret = refcard_odd(ch, now_ns, &runs[count]);
		else
			ret = -EAGAIN;
		if (ret < 0) {
			ch->quiet_ns = now_ns;
			break;
		}
		count += ret;
	} while (--left > 0 && count < max && is_more(ch, count > 0));
	return count;
}
