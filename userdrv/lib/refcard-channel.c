/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * refcard-channel.c - from completions to runs of chunks
 *
 * A completion says two things: which frame and chunk it is, and, by the number of its descriptor,
 * where the data is. In all but rare cases it is exactly the one expected: the next chunk of the
 * frame, in the next descriptor. take_run() knows only this case and costs two compares a chunk.
 * What differs goes through take_odd(), one completion at a time: a frame number that jumped because
 * the card dropped frames, a chunk that is short or damaged, and everything a card should never say.
 *
 * Nothing the card writes is used as an index before it has been checked against what was posted.
 */
#include <errno.h>
#include <stdlib.h>

#include "refcard-channel.h"

/* How far a completion may lie before the one heard last: they may come in the wrong order. */
#define TICKS_BACK	(1000000000u / REFCARD_TICK_NS)

static uint32_t chunk_len(const struct card_setup *s, uint32_t chunk)
{
	return chunk == s->chunks - 1 ? s->last_bytes : s->chunk_bytes;
}

static uint32_t chunk_flags(const struct card_setup *s, uint32_t chunk)
{
	return (chunk == 0 ? REFCARD_DONE_SOF : 0) | (chunk == s->chunks - 1 ? REFCARD_DONE_EOF : 0);
}

int refcard_channel_start(struct refcard_channel *ch, const struct card_setup *setup, bool stream,
			  uint64_t ticks, uint64_t now_ns)
{
	uint32_t *status = calloc(setup->chunks, sizeof(*status));

	if (!status)
		return -ENOMEM;
	for (uint32_t i = 0; i < setup->chunks; i++)
		status[i] = chunk_len(setup, i) | chunk_flags(setup, i);
	refcard_channel_free(ch);
	*ch = (struct refcard_channel){
		.setup = *setup, .stream = stream, .status = status,
		.ticks = ticks, .heard_ns = now_ns, .quiet_ns = now_ns,
	};
	ring_init(&ch->ring, setup->ring.data, ring_order(setup->buffers * setup->chunks));
	return 0;
}

void refcard_channel_free(struct refcard_channel *ch)
{
	free(ch->status);
	ch->status = NULL;
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

static uint64_t hear(struct refcard_channel *ch, uint32_t time, uint64_t now_ns)
{
	ch->ticks = to_ticks(ch, time);
	ch->heard_ns = now_ns;
	ch->quiet_ns = now_ns;
	ch->silent = 0;
	return ch->ticks * REFCARD_TICK_NS;
}

/* @n chunks of a frame have been dealt with; they do not go beyond its end. */
static void advance(struct refcard_channel *ch, uint32_t n)
{
	ch->desc += n;
	ch->chunk += n;
	if (ch->chunk < ch->setup.chunks)
		return;
	ch->chunk = 0;
	ch->slot++;
	ch->frame++;
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

static void take_run(struct refcard_channel *ch, uint32_t n, uint64_t now_ns, struct card_run *run)
{
	const struct card_setup *s = &ch->setup;

	run->slot = ch->slot;
	run->first = ch->chunk;
	run->count = n;
	run->frame = ch->frame;
	run->bytes = (n - 1) * s->chunk_bytes + chunk_len(s, ch->chunk + n - 1);
	run->flags = 0;
	run->time_ns = hear(ch, ring_time(&ch->ring, n - 1), now_ns);
	ch->ring.taken += n;
	advance(ch, n);
}

/* The number of the descriptor whose low 16 bits are @low, or -1: not one that can complete. */
static int64_t whole_desc(const struct refcard_channel *ch, uint16_t low)
{
	uint64_t window = (uint64_t)ch->setup.buffers * ch->setup.chunks;
	uint64_t oldest = ch->ring.posted > window ? ch->ring.posted - window : 0;
	uint64_t ahead = (uint16_t)(low - ch->desc);
	uint64_t behind = (uint16_t)(ch->desc - low);

	if (ahead < ch->ring.posted - ch->desc)
		return ch->desc + ahead;
	if (behind > 0 && behind <= ch->desc - oldest)
		return ch->desc - behind;
	return -1;
}

/*
 * Finds out which chunk a completion speaks of. The chunk it names must be the one at that place
 * of its buffer, and the frame must be that of the buffer's other chunks as far as we know them.
 */
static bool locate(const struct refcard_channel *ch, const struct done *d, struct card_run *run)
{
	int64_t desc = whole_desc(ch, d->desc);
	int64_t frame = ch->frame + (int32_t)(d->frame - (uint32_t)ch->frame);

	if (desc < 0 || frame < 0)
		return false;
	run->slot = (uint64_t)desc / ch->setup.chunks;
	run->first = (uint64_t)desc % ch->setup.chunks;
	run->frame = frame;
	if (run->slot == ch->slot && ch->chunk > 0 && run->frame != ch->frame)
		return false;
	return run->first == d->chunk;
}

/* Whether the data is there (§6): what counts as a run. Damaged data does, a part of a chunk not. */
static bool judge(struct refcard_channel *ch, const struct done *d, struct card_run *run)
{
	const uint32_t bounds = REFCARD_DONE_SOF | REFCARD_DONE_EOF;
	const uint32_t room = chunk_len(&ch->setup, run->first);
	const bool lost = d->status & REFCARD_DONE_OVERRUN;

	run->bytes = d->status & REFCARD_DONE_LEN;
	if (run->bytes > room || (d->status & bounds) != chunk_flags(&ch->setup, run->first)) {
		ch->bad++;
		return false;
	}
	run->count = run->bytes > 0;
	run->flags = d->status & REFCARD_DONE_CORRUPT ? CARD_RUN_CORRUPT : 0;
	if (!ch->stream)
		return run->bytes == room && !lost;
	if (lost)
		run->flags |= CARD_RUN_LATE;
	if (d->status & REFCARD_DONE_END)
		run->flags |= CARD_RUN_END;
	/* An end without a byte is no buffer: its number is not used. */
	if (run->count == 0 && run->flags & CARD_RUN_END)
		ch->frame = run->frame;
	return run->count > 0 || run->flags & CARD_RUN_END;
}

/* Takes one completion that is not the expected one. Returns 1 if it made a run. */
static unsigned int take_odd(struct refcard_channel *ch, uint64_t now_ns, struct card_run *run)
{
	struct done d = ring_take(&ch->ring);

	if (!locate(ch, &d, run)) {
		ch->bad++;
		return 0;
	}
	/* One that comes late, behind the expected one, changes nothing of what is expected. */
	if (run->slot * ch->setup.chunks + run->first >= ch->desc) {
		ch->slot = run->slot;
		ch->chunk = run->first;
		ch->desc = run->slot * ch->setup.chunks + run->first;
		ch->frame = run->frame;
		advance(ch, 1);
	}
	run->time_ns = hear(ch, d.time, now_ns);
	return judge(ch, &d, run);
}

/*
 * Nothing is there. Has the card written the next completion with the wrong phase, so that we would
 * wait for it for ever? One look further on tells (ring.h), at a distance that doubles from look to
 * look, because one hole may follow another: a look stays cheap, and soon all distances have had
 * their turn. Once the card has stopped, all of them have it at once. Returns the distance, or 0.
 */
static uint32_t find_hole(struct refcard_channel *ch)
{
	const struct ring *r = &ch->ring;
	uint32_t ahead = 1u << ch->silent;

	if (!ch->stopped) {
		if (++ch->silent == r->order)
			ch->silent = 0;
		return ring_hole(r, ahead) ? ahead : 0;
	}
	for (ahead = 1; ahead < ring_entries(r); ahead++)
		if (ring_hole(r, ahead))
			return ahead;
	return 0;
}

/* Steps over a hole, if there is one, and over those that follow it up to a written entry. */
static bool skip_holes(struct refcard_channel *ch)
{
	uint32_t ahead = find_hole(ch);

	if (ahead == 0)
		return false;
	do {
		ring_skip(&ch->ring);
		ch->bad++;
	} while (--ahead > 0 && !ring_written(&ch->ring, ch->ring.taken));
	return true;
}

unsigned int refcard_channel_collect(struct refcard_channel *ch, uint64_t now_ns,
				     struct card_run *runs, unsigned int max)
{
	/* One pass over the ring at most: a card that writes nonsense fast must not keep us here. */
	const uint64_t end = ch->ring.taken + ring_entries(&ch->ring);
	unsigned int count = 0;

	while (count < max && ch->ring.taken < end) {
		uint32_t n = ring_match(&ch->ring, RING_KEY(ch->frame, ch->desc, ch->chunk),
					ch->status + ch->chunk, reach(ch));

		if (n > 0) {
			take_run(ch, n, now_ns, &runs[count++]);
		} else if (ring_written(&ch->ring, ch->ring.taken)) {
			count += take_odd(ch, now_ns, &runs[count]);
		} else if (count > 0 || !skip_holes(ch)) {
			ch->quiet_ns = now_ns;
			break;
		}
	}
	return count;
}
