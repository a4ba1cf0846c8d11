/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chunk.h - one transfer: descriptor, payload, completion, interrupt (refcard §5 to §7)
 */
#ifndef SIM_CHUNK_H
#define SIM_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"

/**
 * struct chunk - a transfer under way
 * @buffer: where it may go
 * @frame:  number of the frame; of the buffer, for a stream
 * @index:  chunk in the frame
 * @len:    bytes
 * @flags:  REFCARD_DONE_…
 * @fault:  kind of the fault that strikes it
 * @arg:    of that fault
 */
struct chunk {
	struct ring_buffer buffer;
	uint32_t frame;
	uint32_t index;
	uint32_t len;
	uint32_t flags;
	enum refcard_fault fault;
	uint32_t arg;
};

/* Each returns false or NULL when the channel had to stop: there is nothing more to do then. */

/** chunk_begin - take the next descriptor; the caller fills in frame, index, len and flags */
bool chunk_begin(struct channel *c, struct chunk *chunk);

/** chunk_payload - memory for @len bytes from @off in the chunk, until the bus calls again */
uint8_t *chunk_payload(struct channel *c, const struct chunk *chunk, uint32_t off, uint32_t len);

/** chunk_complete - the payload is in memory: say so */
bool chunk_complete(struct channel *c, struct chunk *chunk);

#endif
