/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * refcard-odd.c - completions that are not the one expected
 *
 * Some of them are good: a frame number that jumped because the card dropped frames, a chunk that
 * is short or damaged. The rest is what a card should never say, and some card one day does.
 * Nothing it writes is used as an index before it has been checked against what was posted, and
 * buffers are given up only on the word of two completions.
 */
#include <errno.h>

#include "refcard-channel.h"

/* How long a completion may wait for another one to bear it out, and how far that may be: a few
 * completions with the wrong phase may lie between the two. */
#define DOUBT_NS	100000000
#define WITNESSES	8

/*
 * The number of the descriptor whose low 16 bits are @low, or -1: not one that can complete. At
 * most half of the numbers are in use (card_source.max_posted), so that ahead is not behind.
 */
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

	if (desc < 0 || frame < 0 || (d->status & REFCARD_DONE_CHANNELS) != ch->tag)
		return false;
	run->slot = (uint64_t)desc / ch->setup.chunks;
	run->first = (uint64_t)desc % ch->setup.chunks;
	run->frame = frame;
	if (run->slot == ch->slot && ch->chunk > 0 && run->frame != ch->frame)
		return false;
	return run->first == d->chunk;
}

/* Whether the data is there (§6): what counts as a run. Damaged data does, part of a chunk not. */
static bool judge(struct refcard_channel *ch, const struct done *d, struct card_run *run)
{
	const uint32_t bounds = REFCARD_DONE_SOF | REFCARD_DONE_EOF;
	const uint32_t room = refcard_chunk_len(&ch->setup, run->first);
	const bool lost = d->status & REFCARD_DONE_OVERRUN;

	run->bytes = d->status & REFCARD_DONE_LEN;
	if (run->bytes > room ||
	    (d->status & bounds) != refcard_chunk_flags(&ch->setup, run->first)) {
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

/*
 * A completion from beyond the slot that is being filled says that nothing more will come for it:
 * its buffer goes to the user, soon back to the card, and its descriptors will be overwritten. If
 * the card has not in truth come that far it still writes there. So such a completion needs
 * another one after it that says the same. Only if that does not come for a while it is
 * believed alone.
 */
enum verdict {
	TAKE,		/* as it is */
	LATER,		/* not before there is another */
	EXCHANGE,	/* with the next, which is the expected one */
	LIE,
};

/* How far the next completion after this one is, or 0. */
static uint32_t find_witness(const struct ring *r)
{
	for (uint32_t ahead = 1; ahead <= WITNESSES && ahead < ring_entries(r); ahead++)
		if (ring_written(r, r->taken + ahead))
			return ahead;
	return 0;
}

/*
 * Whether @next speaks of a chunk behind that of @run, and of its frame or one after it. The same
 * chunk again would be no more than the same lie.
 */
static bool bears_out(const struct refcard_channel *ch, const struct done *next,
		      const struct card_run *run)
{
	struct card_run other;
	uint64_t step;

	if (!locate(ch, next, &other))
		return false;
	step = (other.slot - run->slot) * ch->setup.chunks + other.first - run->first;
	if (step == 0 || step > ch->setup.chunks)
		return false;
	return other.slot == run->slot ? other.frame == run->frame : other.frame > run->frame;
}

static enum verdict examine(struct refcard_channel *ch, uint64_t now_ns)
{
	const struct ring *r = &ch->ring;
	struct done d = ring_peek(r, 0), next;
	struct card_run run;
	uint32_t ahead;

	if (!locate(ch, &d, &run) || run.slot <= ch->slot)
		return TAKE;
	ahead = find_witness(r);
	if (ahead == 0) {
		if (ch->doubt_ns == 0)
			ch->doubt_ns = now_ns;
		return ch->stopped || now_ns - ch->doubt_ns > DOUBT_NS ? TAKE : LATER;
	}
	next = ring_peek(r, ahead);
	if (ahead == 1 && next.desc == (uint16_t)ch->desc && d.desc == (uint16_t)(next.desc + 1))
		return EXCHANGE;
	return bears_out(ch, &next, &run) ? TAKE : LIE;
}

/* Takes one completion that is not the expected one. Returns 1 if it made a run. */
static int take(struct refcard_channel *ch, uint64_t now_ns, struct card_run *run)
{
	struct done d = ring_take(&ch->ring);

	ch->doubt_ns = 0;
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
		refcard_channel_advance(ch, 1);
	}
	run->time_ns = refcard_channel_hear(ch, d.time, now_ns);
	return judge(ch, &d, run);
}

int refcard_odd(struct refcard_channel *ch, uint64_t now_ns, struct card_run *run)
{
	switch (examine(ch, now_ns)) {
	case LATER:
		return -EAGAIN;
	case EXCHANGE:
		ring_exchange(&ch->ring);
		return 0;
	case LIE:
		ring_take(&ch->ring);
		ch->bad++;
		return 0;
	default:
		return take(ch, now_ns, run);
	}
}

/*
 * Nothing is there. Has the card written the next completion with the wrong phase, so that we would
 * wait for it for ever? One further on tells (ring.h). Each look that finds nothing looks at one
 * place, and one further than the look before, because one hole may follow another: a look
 * stays cheap, and none is overlooked for ever. Once the card has stopped, all have their turn.
 * Returns the distance, or 0.
 */
static uint32_t find_hole(struct refcard_channel *ch)
{
	const struct ring *r = &ch->ring;

	do {
		if (++ch->silent >= ring_entries(r))
			ch->silent = 0;
		else if (ring_hole(r, ch->silent))
			return ch->silent;
	} while (ch->stopped && ch->silent > 0);
	return 0;
}

bool refcard_skip_holes(struct refcard_channel *ch)
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
