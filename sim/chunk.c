// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * chunk.c - the way of a chunk into memory, and what faults (refcard §10) may befall it there
 */
#include "chunk.h"

#include <errno.h>
#include <string.h>

#define STRAY_BYTES	64u
#define STRAY_VALUE	0xee
#define LONG_BY		64u

bool chunk_begin(struct channel *c, struct chunk *chunk)
{
	int err = ring_look(&c->ring, &chunk->buffer);
	const struct fault *fault;

	if (err) {
		channel_fail(c, err == -EFAULT ? "its descriptor cannot be read" :
						 "length in a descriptor");
		return false;
	}
	fault = faults_chunk(c->faults, c->index);
	chunk->fault = fault ? fault->kind : REFCARD_FAULT_NONE;
	chunk->arg = fault ? fault->arg : 0;
	if (chunk->fault != REFCARD_FAULT_DEAD_ONES && chunk->fault != REFCARD_FAULT_DEAD_ZEROS)
		return true;
	c->core->life = chunk->fault == REFCARD_FAULT_DEAD_ONES ? CORE_DEAD_ONES : CORE_DEAD_ZEROS;
	channel_finish(c);
	return false;
}

uint8_t *chunk_payload(struct channel *c, const struct chunk *chunk, uint32_t off, uint32_t len)
{
	uint8_t *to;

	if (off + len > chunk->buffer.len) {
		channel_fail(c, "a descriptor has no room for its chunk");
		return NULL;
	}
	to = core_memory(c->core, chunk->buffer.addr + off, len, true);
	if (!to)
		channel_fail(c, "its payload cannot be written");
	return to;
}

static bool damage(struct channel *c, const struct chunk *chunk)
{
	uint8_t *payload;

	if (!chunk->len)
		return true;
	payload = chunk_payload(c, chunk, 0, chunk->len);
	if (!payload)
		return false;
	payload[chunk->len / 2] ^= 0xff;
	return true;
}

static void stray(struct channel *c, const struct chunk *chunk)
{
	uint64_t addr = chunk->buffer.addr + (chunk->arg ? chunk->arg : chunk->buffer.len);
	void *to = core_memory(c->core, addr, STRAY_BYTES, true);

	if (to)
		memset(to, STRAY_VALUE, STRAY_BYTES);
}

/* Faults of the payload. */
static bool spoil(struct channel *c, struct chunk *chunk)
{
	switch (chunk->fault) {
	case REFCARD_FAULT_DROP_CHUNK:
		chunk->len = 0;
		chunk->flags |= REFCARD_DONE_OVERRUN;
		return true;
	case REFCARD_FAULT_SHORT:
		chunk->len /= 2;
		return true;
	case REFCARD_FAULT_CORRUPT:
		chunk->flags |= REFCARD_DONE_CORRUPT;
		return damage(c, chunk);
	case REFCARD_FAULT_SILENT:
		return damage(c, chunk);
	case REFCARD_FAULT_STRAY:
		stray(c, chunk);
		return true;
	default:
		return true;
	}
}

static struct refcard_done make_done(const struct channel *c, const struct chunk *chunk,
				     uint64_t now_ns)
{
	uint16_t desc = (uint16_t)c->ring.next;
	uint32_t len = chunk->len;

	if (chunk->fault == REFCARD_FAULT_BAD_INDEX)
		desc = (uint16_t)c->ring.posted;
	if (chunk->fault == REFCARD_FAULT_LONG)
		len = chunk->buffer.len + LONG_BY;
	return (struct refcard_done) {
		.frame = chunk->frame,
		.where = chunk->index << 16 | desc,
		.time = (uint32_t)(now_ns / REFCARD_TICK_NS),
		.status = len | chunk->flags | REFCARD_DONE_CHANNEL(c->index),
	};
}

static int write_held(struct channel *c)
{
	if (!c->holding)
		return 0;
	c->holding = false;
	return ring_write(&c->ring, c->held, false);
}

/* Faults of the completion. */
static int write_done(struct channel *c, enum refcard_fault fault, struct refcard_done done)
{
	int err = 0;

	if (fault == REFCARD_FAULT_SWAP_DONE && !c->holding) {
		c->held = done;
		c->holding = true;
		return 0;
	}
	if (fault != REFCARD_FAULT_DROP_DONE)
		err = ring_write(&c->ring, done, fault == REFCARD_FAULT_PHASE);
	if (!err && fault == REFCARD_FAULT_DUP_DONE)
		err = ring_write(&c->ring, done, false);
	return err ? err : write_held(c);
}

bool chunk_complete(struct channel *c, struct chunk *chunk)
{
	uint64_t now = core_now(c->core);
	struct refcard_done done;

	if (!spoil(c, chunk))
		return false;
	done = make_done(c, chunk, now);
	c->ring.next++;
	if (write_done(c, chunk->fault, done)) {
		channel_fail(c, "its completion cannot be written");
		return false;
	}
	irq_completion(c->irq, c->index, chunk->flags & REFCARD_DONE_EOF, now);
	if (chunk->fault == REFCARD_FAULT_SPURIOUS_IRQ)
		irq_spurious(c->irq, c->index);
	return true;
}
