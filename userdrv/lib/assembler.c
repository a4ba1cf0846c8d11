/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * assembler.c - runs of chunks become frames, and every frame is accounted for
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assembler.h"

int assembler_init(struct assembler *a, unsigned int posted, uint32_t chunks)
{
	uint64_t entries = 1;

	while (entries < posted)
		entries *= 2;
	*a = (struct assembler){ .mask = entries - 1, .chunks = chunks };
	frame_queue_init(&a->ready);
	frame_queue_init(&a->spare);
	a->slot = calloc(entries, sizeof(a->slot[0]));
	return a->slot ? 0 : -ENOMEM;
}

void assembler_exit(struct assembler *a)
{
	free(a->slot);
	a->slot = NULL;
}

static struct uiocap_frame *frame_in(const struct assembler *a, uint64_t slot)
{
	return a->slot[slot & a->mask];
}

static uint32_t words(uint32_t chunks)
{
	return (chunks + FRAME_WORD_BITS - 1) / FRAME_WORD_BITS;
}

void assembler_post(struct assembler *a, struct uiocap_frame *frame)
{
	frame->arrived = 0;
	frame->bytes = 0;
	frame->card_time_ns = 0;
	frame->status = a->first;
	frame->state = FRAME_POSTED;
	a->first = 0;
	a->slot[a->head++ & a->mask] = frame;
}

static bool begun(const struct uiocap_frame *frame)
{
	return frame->arrived > 0;
}

/* The oldest slot is done with: its frame goes out, or the buffer is spare. */
static inline void finish(struct assembler *a, uint64_t now_ns)
{
	struct uiocap_frame *frame = frame_in(a, a->tail++);

	if (!begun(frame)) {
		frame->state = FRAME_SPARE;
		frame_queue_add(&a->spare, frame);
		return;
	}
	if (frame->arrived < a->chunks)
		frame->status |= UIOCAP_FRAME_MISSING;
	if (frame->status & (UIOCAP_FRAME_MISSING | UIOCAP_FRAME_CORRUPT))
		a->incomplete++;
	else
		a->delivered++;
	a->bytes += frame->bytes;
	frame->host_time_ns = now_ns;
	frame->state = FRAME_READY;
	frame_queue_add(&a->ready, frame);
}

/* The first chunks of @frame say which one it is, and so how many are missing before it. */
static void begin(struct assembler *a, struct uiocap_frame *frame, uint64_t card_number)
{
	uint64_t number = a->base + card_number;

	frame->card_number = card_number;
	frame->number = number;
	frame->lost = number > a->next ? number - a->next : 0;
	if (frame->lost > 0)
		frame->status |= UIOCAP_FRAME_LATE;
	a->next = number + 1;
}

/* Marks @count chunks from @first on, word by word. Returns how many were not marked before. */
static uint32_t mark(uint64_t *have, uint32_t first, uint32_t count)
{
	uint32_t fresh = 0;

	while (count > 0) {
		uint64_t *word = &have[first / FRAME_WORD_BITS];
		uint32_t bit = first % FRAME_WORD_BITS;
		uint32_t n = count < FRAME_WORD_BITS - bit ? count : FRAME_WORD_BITS - bit;
		uint64_t bits = ~UINT64_C(0) >> (FRAME_WORD_BITS - n) << bit;

		fresh += (bits & *word) == 0 ? n : (uint32_t)__builtin_popcountll(bits & ~*word);
		*word |= bits;
		first += n;
		count -= n;
	}
	return fresh;
}

static unsigned int status_of(uint32_t flags)
{
	return (flags & CARD_RUN_CORRUPT ? UIOCAP_FRAME_CORRUPT : 0) |
	       (flags & CARD_RUN_LATE ? UIOCAP_FRAME_LATE : 0) |
	       (flags & CARD_RUN_END ? UIOCAP_FRAME_END : 0);
}

static inline void take(struct uiocap_frame *frame, const struct card_run *run, uint32_t fresh)
{
	frame->arrived += fresh;
	frame->bytes += run->bytes;
	if (run->time_ns > frame->card_time_ns)
		frame->card_time_ns = run->time_ns;
	if (run->flags != 0) {
		frame->status |= status_of(run->flags);
		if (run->flags & CARD_RUN_ELSEWHERE) {
			frame->data = run->data;
			frame->card_number = run->number;
		}
	}
}

/* A run of a slot that is neither finished nor still to be posted, and its oldest one. */
static void add(struct assembler *a, struct uiocap_frame *frame, const struct card_run *run)
{
	uint32_t fresh;

	if (!begun(frame)) {
		begin(a, frame, run->frame);
		if (run->count == a->chunks) {	/* as mostly; a whole frame needs no bits */
			take(frame, run, run->count);
			return;
		}
		memset(frame->have, 0, words(a->chunks) * sizeof(frame->have[0]));
	} else if (frame->number != a->base + run->frame) {
		a->bad += run->count;
		return;
	}
	fresh = mark(frame->have, run->first, run->count);
	a->bad += run->count - fresh;
	if (fresh > 0)
		take(frame, run, fresh);
}

void assembler_run(struct assembler *a, const struct card_run *run, uint64_t now_ns)
{
	struct uiocap_frame *frame;

	/* One compare for both ends: a slot before the tail wraps to a huge distance. */
	if (run->slot - a->tail >= assembler_posted(a)) {
		a->bad += run->count;
		return;
	}
	while (a->tail < run->slot)
		finish(a, now_ns);
	if (run->flags & CARD_RUN_END)
		a->ended = true;
	if (run->count == 0)
		return;
	frame = frame_in(a, run->slot);
	add(a, frame, run);
	if (frame->arrived == a->chunks || run->flags & CARD_RUN_LAST)
		finish(a, now_ns);
}

void assembler_restart(struct assembler *a, uint64_t base)
{
	for (; a->tail < a->head; a->tail++) {
		struct uiocap_frame *frame = frame_in(a, a->tail);

		frame->state = FRAME_SPARE;
		frame_queue_add(&a->spare, frame);
	}
	a->tail = 0;
	a->head = 0;
	a->base = base;
	a->first = UIOCAP_FRAME_LATE;
}

uint64_t assembler_known(const struct assembler *a)
{
	/* The frame in the making may yet be abandoned: it counts when it is finished. */
	if (a->tail < a->head && begun(frame_in(a, a->tail)))
		return a->next - 1;
	return a->next > a->base ? a->next : a->base;
}

/*
 * The card does not count a frame that the stop cut off (refcard §8), and neither do we. Should it
 * have counted fewer than came, the frames that are there are right.
 */
uint64_t assembler_stop(struct assembler *a, uint64_t produced, uint64_t now_ns)
{
	uint64_t got;

	if (a->tail < a->head) {
		struct uiocap_frame *last = frame_in(a, a->tail);

		if (begun(last) && last->number < produced)
			finish(a, now_ns);
	}
	got = a->delivered + a->incomplete;
	return produced > got ? produced : got;
}
