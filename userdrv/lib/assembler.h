/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * assembler.h - runs of chunks become frames, and every frame is accounted for
 *
 * Buffers are posted in an order, slot 0, 1, 2, …, and the card fills them in that order. So a slot
 * is finished when all of its chunks have come, or when a later one begins: then nothing more
 * will come for it. What it holds by then goes out as an incomplete frame; a slot that nothing came
 * for at all is silently spare again.
 *
 * The card numbers its frames. The number that should come next is one more than the latest; what
 * lies between is lost. Nothing is counted twice, because what is lost is never added up: it is the
 * difference between frames known of and frames handed on.
 */
#ifndef UIOCAP_ASSEMBLER_H
#define UIOCAP_ASSEMBLER_H

#include "card.h"
#include "frame.h"

/**
 * struct assembler - of one channel, from start to stop
 * @slot:       the buffer in slot n is at n mod (mask + 1)
 * @mask:       entries of @slot, less one
 * @chunks:     in a buffer
 * @tail:       the oldest slot that is not finished
 * @head:       the slot that the next buffer posted will be
 * @next:       number of the frame that should begin next; all before it are known of
 * @base:       number of the frame that is 0 for the card, which a reset makes begin anew
 * @first:      status that the next buffer posted begins with
 * @ready:      frames to hand out
 * @spare:      buffers to post again
 * @delivered:  frames finished whole
 * @incomplete: frames finished with something missing or damaged
 * @bytes:      payload bytes in both
 * @bad:        chunks that cannot be: of a finished slot, of another frame, a second time
 * @ended:      the source has said that nothing follows
 */
struct assembler {
	struct uiocap_frame **slot;
	uint64_t mask;
	uint32_t chunks;
	uint64_t tail;
	uint64_t head;
	uint64_t next;
	uint64_t base;
	unsigned int first;
	struct frame_queue ready;
	struct frame_queue spare;
	uint64_t delivered;
	uint64_t incomplete;
	uint64_t bytes;
	uint64_t bad;
	bool ended;
};

/** assembler_init - for at most @posted buffers of @chunks at a time. -ENOMEM */
int assembler_init(struct assembler *a, unsigned int posted, uint32_t chunks);

void assembler_exit(struct assembler *a);

/** assembler_post - @frame is the next slot */
void assembler_post(struct assembler *a, struct uiocap_frame *frame);

/** assembler_run - @run has arrived; @now_ns: when we learned of it */
void assembler_run(struct assembler *a, const struct card_run *run, uint64_t now_ns);

/**
 * assembler_stop - nothing follows: finishes the last frame if the card counts it as produced
 *
 * Returns how many frames there were in all.
 */
uint64_t assembler_stop(struct assembler *a, uint64_t produced, uint64_t now_ns);

/**
 * assembler_restart - the card has forgotten all: every posted buffer is spare, slots begin at 0
 * @base: the number of the first frame that it will produce
 *
 * The frame under way has been finished before. What is ready stays, and so does the account.
 */
void assembler_restart(struct assembler *a, uint64_t base);

/** assembler_known - frames that there were, as far as is known while the card runs */
uint64_t assembler_known(const struct assembler *a);

/** assembler_posted - buffers that the card may still fill */
static inline uint64_t assembler_posted(const struct assembler *a)
{
	return a->head - a->tail;
}

#endif
