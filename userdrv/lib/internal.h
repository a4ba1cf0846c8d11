/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * internal.h - an open card and its channels, for the files that implement them
 *
 *	card.c		open, close, wishes, what it is
 *	start.c		start and stop, and start anew after a reset
 *	share.c		the DMA region among the channels
 *	acquire.c	frames to the user
 *	wait.c		until there may be more
 *	silence.c	what to do when nothing comes
 *	channel.c	one channel: wishes, buffers, from completions to frames
 */
#ifndef UIOCAP_INTERNAL_H
#define UIOCAP_INTERNAL_H

#include "assembler.h"
#include "card.h"
#include "region.h"

/* Channels are bits of a word where all of them are meant. */
#define MAX_CHANNELS	64

#define AUTO_BUFFERS	64	/* most that a channel gets unasked */
#define MIN_BUFFERS	2	/* one is filled while another is read */

/* How many runs are collected from a card at a time: on the stack, and a few frames' worth. */
#define CARD_RUNS	16

/**
 * struct uiocap_channel - a source of frames
 * @owner:        its card
 * @number:       counted from 0
 * @source:       what the card says of it
 * @enabled:      wishes, kept over stop and start: included in the next start
 * @want_buffers: 0: as many as fit
 * @want_lines:   lines a chunk; 0: the card's choice
 * @want_hold:    the source should wait rather than drop
 * @want_idle_ns: streams; 0: the card's choice
 * @fn:           takes the frames in dispatch
 * @fn_data:      for it
 * @running:      between start and stop
 * @setup:        from start on: how it is run
 * @buffers:      frame buffers
 * @frame:        all of them
 * @chunk_bus:    the card's addresses of their chunks
 * @frames:       their order, and the account
 * @told:         slots that the card has been told of; the others lie in its ring untold
 * @produced:     from stop on: what the card says
 * @missed:       frames that a reset has cost that is being dealt with
 * @before:       of runs that a reset ended: chunks, bad, resets, reset_lost
 * @asked_tail:   frames.tail when card_ask() last saw it move
 * @silent:       calls of card_ask() since
 */
struct uiocap_channel {
	struct uiocap_card *owner;
	unsigned int number;
	const struct card_source *source;

	bool enabled;
	unsigned int want_buffers;
	uint32_t want_lines;
	bool want_hold;
	uint64_t want_idle_ns;
	uiocap_frame_fn fn;
	void *fn_data;

	bool running;
	struct card_setup setup;
	unsigned int buffers;
	struct uiocap_frame *frame;
	uint64_t *chunk_bus;
	struct assembler frames;
	uint64_t told;
	uint64_t produced;
	uint64_t missed;
	struct uiocap_stats before;
	uint64_t asked_tail;
	unsigned int silent;
};

/**
 * struct uiocap_card - an open card
 * @ctx:         where messages go
 * @t:           how it is reached
 * @card:        what kind it is
 * @channel:     one for each source
 * @wait:        how to wait
 * @spin_ns:     adaptive: longest look; timer: period
 * @on_reset:    what to do when the card is reset
 * @usual_ns:    adaptive: how long waits have been of late
 * @heard_ns:    when a frame last came
 * @asked_ns:    when card_ask() was last called
 * @started:     between start and stop
 * @gone:        the card is, and the DMA region must not be touched any more
 * @running:     bit n: channel n runs
 * @ready:       bit n: channel n has a frame to hand out
 * @turn:        the channel whose turn it is
 * @held:        frames that the user has
 * @untold:      whole frames found without an interrupt, which may yet come
 * @untold_ns:   when
 * @lost_irqs:   interrupts that never came
 */
struct uiocap_card {
	struct uiocap_ctx *ctx;
	struct transport *t;
	struct card *card;
	struct uiocap_channel *channel;
	enum uiocap_wait wait;
	int64_t spin_ns;
	enum uiocap_on_reset on_reset;
	uint64_t usual_ns;
	uint64_t heard_ns;
	uint64_t asked_ns;
	bool started;
	bool gone;
	uint64_t running;
	uint64_t ready;
	unsigned int turn;
	unsigned int held;
	unsigned int untold;
	uint64_t untold_ns;
	uint64_t lost_irqs;
};

/** card_new - a card on an open transport, which stays the caller's if this fails */
int card_new(struct uiocap_ctx *ctx, struct transport *t, const char *model,
	     struct uiocap_card **out);

/**
 * card_resume - transport_ops.check has said -ESTALE: starts what ran anew, with rings as at first
 *
 * Returns 0, also where the card is still being reset; else what keeps it from going on, and the
 * card is stopped or gone.
 */
int card_resume(struct uiocap_card *card, uint64_t now_ns);

/** share_region - gives every enabled channel its buffers. -ENOSPC, -ENOMEM */
int share_region(struct uiocap_card *card);

/** card_uses_irqs - whether waiting in the card's mode takes interrupts */
bool card_uses_irqs(const struct uiocap_card *card);

/**
 * card_wait - until there may be something new
 * @since_ns:    when the caller began to find nothing
 * @now_ns:      the time
 * @deadline_ns: when it will wait no more
 *
 * Returns 1: look again, CARD_WAIT_IN_VAIN: likewise, though no interrupt has come, 0: the time is
 * up, or what transport_ops.wait returns.
 */
int card_wait(struct uiocap_card *card, uint64_t since_ns, uint64_t now_ns, uint64_t deadline_ns);

#define CARD_WAIT_IN_VAIN	2

/** card_waited_in_vain - the look at @now_ns came after such a wait: counts lost interrupts */
void card_waited_in_vain(struct uiocap_card *card, uint64_t now_ns);

/* How often to ask, and how long a card may be silent before it is asked whether it is there. */
#define ASK_NS	200000000

/**
 * card_ask - a look has found nothing, and the last call was ASK_NS ago
 *
 * Returns 0, or -ENODEV, -ESTALE. Channels that are stuck are started anew.
 */
int card_ask(struct uiocap_card *card, uint64_t now_ns);

/** deadline_after - @timeout_ns from now as a point in time; UINT64_MAX: never */
uint64_t deadline_after(uint64_t now_ns, int64_t timeout_ns);

void channel_init(struct uiocap_channel *c, struct uiocap_card *owner, unsigned int number);

/** channel_plan - works out chunks and flags of the next run from the wishes */
void channel_plan(struct uiocap_channel *c);

/** channel_frame_bytes - size of a frame buffer */
static inline size_t channel_frame_bytes(const struct uiocap_channel *c)
{
	return (size_t)c->source->width_bytes * c->source->height;
}

/** channel_try - whether @r has room for rings and @buffers; takes it. -ENOSPC */
int channel_try(const struct uiocap_channel *c, struct region *r, unsigned int buffers);

/** channel_alloc - takes that room for good, and makes the buffers. -ENOSPC, -ENOMEM */
int channel_alloc(struct uiocap_channel *c, struct region *r, unsigned int buffers);

void channel_free(struct uiocap_channel *c);

/** channel_start - starts it and posts every buffer; channel_stop() even if it fails */
int channel_start(struct uiocap_channel *c);

/** channel_stop - returns when the card writes no more for it */
int channel_stop(struct uiocap_channel *c);

/**
 * channel_settle - after the stop: takes what is left in the rings and closes the account
 * @counted: the card can still be asked how many frames it produced
 */
void channel_settle(struct uiocap_channel *c, bool counted, uint64_t now_ns);

/**
 * channel_cut - a reset has ended the run: takes what is left in the rings
 *
 * A frame under way is handed out with what came of it. The card is made sure to be quiet, for what
 * was called a reset may have been none: it could still fill a buffer that is given to others.
 */
void channel_cut(struct uiocap_channel *c, uint64_t now_ns);

/** channel_restart - stops it, takes what is left and starts it with fresh rings; numbers go on */
int channel_restart(struct uiocap_channel *c, uint64_t now_ns);

/** channel_resume - after channel_cut(): starts it with fresh rings and what buffers are free */
int channel_resume(struct uiocap_channel *c);

/** channel_take - what the card has collected: @n runs */
void channel_take(struct uiocap_channel *c, const struct card_run *runs, unsigned int n,
		  uint64_t now_ns);

/** channel_return - the user gives a frame back */
void channel_return(struct uiocap_channel *c, struct uiocap_frame *frame);

/** channel_ended - nothing follows what is ready */
bool channel_ended(const struct uiocap_channel *c);

#endif
