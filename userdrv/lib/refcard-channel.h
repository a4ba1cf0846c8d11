/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * refcard-channel.h - a running channel of the reference card: its rings, and what comes next
 *
 * Nothing here touches a register: rings and completions are memory.
 */
#ifndef UIOCAP_REFCARD_CHANNEL_H
#define UIOCAP_REFCARD_CHANNEL_H

#include "card.h"
#include "ring.h"

/**
 * struct refcard_channel - one channel from start to stop
 * @ring:     descriptors and completions
 * @told:     descriptors that the card knows of through the doorbell
 * @setup:    how it is run
 * @tag:      the channel's number as its completions have it
 * @stream:   buffers of bytes, whose length varies
 * @stopped:  the card writes no more
 * @ready:    descriptors of all buffers, to be copied into the ring
 * @status:   status words of a good frame's completions, for either phase
 * @slot:     of the descriptor whose completion should come next
 * @chunk:    in that slot
 * @desc:     its number: slot × chunks + chunk
 * @frame:    the frame that it should belong to
 * @silent:   how far the last look that found nothing looked for a hole
 * @ticks:    the card's clock in the last completion, in 64 bits
 * @heard_ns: host time when that one was taken
 * @quiet_ns: host time of the last look after which nothing was left
 * @doubt_ns: host time since when a completion has waited for another to bear it out, or 0
 * @bad:      completions that made no sense
 */
struct refcard_channel {
	struct ring ring;
	uint64_t told;
	struct card_setup setup;
	uint32_t tag;
	bool stream;
	bool stopped;
	struct refcard_desc *ready;
	uint32_t *status[2];
	uint64_t slot;
	uint32_t chunk;
	uint64_t desc;
	uint64_t frame;
	uint32_t silent;
	uint64_t ticks;
	uint64_t heard_ns;
	uint64_t quiet_ns;
	uint64_t doubt_ns;
	uint64_t bad;
};

/** refcard_channel_start - lays the rings out; @ticks: the card's clock now. -ENOMEM */
int refcard_channel_start(struct refcard_channel *ch, unsigned int number,
			  const struct card_setup *setup, bool stream, uint64_t ticks,
			  uint64_t now_ns);

void refcard_channel_free(struct refcard_channel *ch);

/** refcard_channel_collect - card_ops.collect */
unsigned int refcard_channel_collect(struct refcard_channel *ch, uint64_t now_ns,
				     struct card_run *runs, unsigned int max);

/**
 * refcard_channel_is_quiet - nothing has come, and nothing where this look is to look for a hole
 *
 * What most looks at most channels come to, in few instructions: refcard_channel_collect() would
 * find nothing.
 */
static inline bool refcard_channel_is_quiet(struct refcard_channel *ch, uint64_t now_ns)
{
	const struct ring *r = &ch->ring;

	if (ring_next_written(r) || ring_written(r, r->taken + ch->silent + 1) || ch->stopped)
		return false;
	ch->silent++;
	ch->quiet_ns = now_ns;
	return true;
}

/**
 * refcard_odd - deals with the next completion, which is there and not the expected one
 *
 * Returns 1 if it made a run, 0 if not, -EAGAIN if it must wait.
 */
int refcard_odd(struct refcard_channel *ch, uint64_t now_ns, struct card_run *run);

/** refcard_skip_holes - steps over a hole, and those that follow it up to a written entry */
bool refcard_skip_holes(struct refcard_channel *ch);

/** refcard_channel_hear - @time of a completion that has been taken, as ns of the card's clock */
uint64_t refcard_channel_hear(struct refcard_channel *ch, uint32_t time, uint64_t now_ns);

/** refcard_channel_advance - @n chunks of a frame, not beyond its end, have been dealt with */
static inline void refcard_channel_advance(struct refcard_channel *ch, uint32_t n)
{
	ch->desc += n;
	ch->chunk += n;
	if (ch->chunk < ch->setup.chunks)
		return;
	ch->chunk = 0;
	ch->slot++;
	ch->frame++;
}

static inline uint32_t refcard_chunk_len(const struct card_setup *s, uint32_t chunk)
{
	return chunk == s->chunks - 1 ? s->last_bytes : s->chunk_bytes;
}

static inline uint32_t refcard_chunk_flags(const struct card_setup *s, uint32_t chunk)
{
	return (chunk == 0 ? REFCARD_DONE_SOF : 0) |
	       (chunk == s->chunks - 1 ? REFCARD_DONE_EOF : 0);
}

#endif
