/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * frame.h - a frame buffer and what came into it
 *
 * A buffer is always in one of these places: spare (in no ring), posted (the card may write it),
 * ready (a frame to hand out) or held (by the user).
 */
#ifndef UIOCAP_FRAME_H
#define UIOCAP_FRAME_H

#include "uiocap/uiocap.h"

enum frame_state {
	FRAME_SPARE,
	FRAME_POSTED,
	FRAME_READY,
	FRAME_HELD,
};

#define FRAME_WORD_BITS	64

/**
 * struct uiocap_frame - a buffer from start to stop
 * @channel:      whose it is
 * @next:         in the queue of the spare or the ready ones
 * @data:         its memory
 * @have:         a bit for each chunk that has arrived, unless all have
 * @state:        where it is
 * @arrived:      how many chunks have arrived
 * @bytes:        payload bytes in them
 * @number:       the frame's, from its first chunk on
 * @card_number:  as the card counts, which begins at 0 again after a reset
 * @lost:         frames missing between the one before and this one
 * @card_time_ns: of the last chunk
 * @host_time_ns: when it was found complete
 * @status:       UIOCAP_FRAME_…
 */
struct uiocap_frame {
	struct uiocap_channel *channel;
	struct uiocap_frame *next;
	uint8_t *data;
	uint64_t *have;
	enum frame_state state;
	uint32_t arrived;
	uint64_t bytes;
	uint64_t number;
	uint64_t card_number;
	uint64_t lost;
	uint64_t card_time_ns;
	uint64_t host_time_ns;
	unsigned int status;
};

/** struct frame_queue - first in, first out */
struct frame_queue {
	struct uiocap_frame *first;
	struct uiocap_frame **end;
};

static inline void frame_queue_init(struct frame_queue *q)
{
	q->first = NULL;
	q->end = &q->first;
}

static inline void frame_queue_add(struct frame_queue *q, struct uiocap_frame *frame)
{
	frame->next = NULL;
	*q->end = frame;
	q->end = &frame->next;
}

static inline struct uiocap_frame *frame_queue_take(struct frame_queue *q)
{
	struct uiocap_frame *frame = q->first;

	if (!frame)
		return NULL;
	q->first = frame->next;
	if (!q->first)
		q->end = &q->first;
	return frame;
}

#endif
