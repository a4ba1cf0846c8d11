// SPDX-License-Identifier: GPL-2.0-or-later
#include "channel.h"

#include <string.h>

/* §4: reset values */
#define RESET_CHUNK_LINES	16u
#define RESET_IRQ		1u	/* each completion */
#define RESET_IDLE_US		1000u

static uint32_t default_chunk_lines(const struct channel_kind *kind)
{
	uint32_t lines = RESET_CHUNK_LINES;

	if (kind->kind != REFCARD_KIND_VIDEO)
		return 0;
	if (lines > kind->height)
		lines = kind->height;
	if (lines > REFCARD_MAX_CHUNK_BYTES / kind->width)
		lines = REFCARD_MAX_CHUNK_BYTES / kind->width;
	return lines;
}

void channel_set_up(struct channel *c, unsigned int index, const struct channel_kind *kind,
		  struct producer *producer)
{
	c->index = index;
	c->kind = *kind;
	c->producer = producer;
	channel_reset(c);
}

static void forget_counts(struct channel *c)
{
	c->total_produced += c->produced;
	c->total_dropped += c->dropped;
	c->produced = 0;
	c->dropped = 0;
}

void channel_reset(struct channel *c)
{
	c->regs = (struct channel_regs) {
		.chunk_lines = default_chunk_lines(&c->kind),
		.irq = RESET_IRQ,
		.idle_us = RESET_IDLE_US,
	};
	c->status = 0;
	c->due_ns = NEVER;
	forget_counts(c);
	memset(c->latch, 0, sizeof(c->latch));
}

static void halt(struct channel *c, uint32_t status)
{
	c->status = status;
	c->due_ns = NEVER;
}

void channel_fail(struct channel *c, const char *why)
{
	core_guest_error(c->core, "channel %u stops: %s", c->index, why);
	halt(c, REFCARD_CH_ERROR);
	irq_urgent(c->irq, c->index);
}

void channel_finish(struct channel *c)
{
	halt(c, 0);
}

static void start(struct channel *c)
{
	struct channel_regs *r = &c->latched;

	*r = c->regs;
	forget_counts(c);
	c->holding = false;
	c->status = REFCARD_CH_RUNNING;
	c->begun = false;
	c->due_ns = NEVER;
	irq_start(c->irq, c->index, r->irq);
	if (ring_start(&c->ring, c->core, r->ring, r->done, r->order))
		channel_fail(c, "address or order of its rings");
	else if (c->producer->ops->start(c->producer, c))
		channel_fail(c, "CHUNK_LINES, or rings too small for a frame");
}

static void stop(struct channel *c)
{
	if (channel_runs(c))
		c->producer->ops->stop(c->producer, c);
	halt(c, c->status & REFCARD_CH_ERROR);
}

static void write_ctrl(struct channel *c, uint32_t value)
{
	uint32_t was = c->regs.ctrl;

	c->regs.ctrl = value & (REFCARD_CH_ENABLE | REFCARD_CH_HOLD);
	if (value & ~was & REFCARD_CH_ENABLE)
		start(c);
	else if (was & ~value & REFCARD_CH_ENABLE)
		stop(c);
}

/* Before the first doorbell there is nobody who could lose anything (§5). */
static void write_doorbell(struct channel *c, uint32_t value)
{
	const struct producer_ops *ops = c->producer->ops;

	if (!channel_runs(c))
		return;
	if (ring_doorbell(&c->ring, value)) {
		channel_fail(c, "doorbell");
	} else if (c->begun) {
		ops->doorbell(c->producer, c, core_now(c->core));
	} else if (ring_ready(&c->ring)) {
		c->begun = true;
		ops->begin(c->producer, c, core_now(c->core));
	}
}

static uint32_t read_low(struct channel *c, unsigned int which, uint64_t value)
{
	c->latch[which] = (uint32_t)(value >> 32);
	return (uint32_t)value;
}

uint32_t channel_read(struct channel *c, uint32_t reg)
{
	switch (reg) {
	case REFCARD_CH_CTRL:
		return c->regs.ctrl;
	case REFCARD_CH_KIND:
		return c->kind.kind;
	case REFCARD_CH_WIDTH:
		return c->kind.width;
	case REFCARD_CH_HEIGHT:
		return c->kind.height;
	case REFCARD_CH_PERIOD:
		return c->kind.period_ns;
	case REFCARD_CH_CHUNK_LINES:
		return c->regs.chunk_lines;
	case REFCARD_CH_RING_LO:
		return (uint32_t)c->regs.ring;
	case REFCARD_CH_RING_HI:
		return (uint32_t)(c->regs.ring >> 32);
	case REFCARD_CH_DONE_LO:
		return (uint32_t)c->regs.done;
	case REFCARD_CH_DONE_HI:
		return (uint32_t)(c->regs.done >> 32);
	case REFCARD_CH_RING_ORDER:
		return c->regs.order;
	case REFCARD_CH_IRQ:
		return c->regs.irq;
	case REFCARD_CH_IDLE:
		return c->regs.idle_us;
	case REFCARD_CH_PRODUCED_LO:
		return read_low(c, 0, c->produced);
	case REFCARD_CH_PRODUCED_HI:
		return c->latch[0];
	case REFCARD_CH_DROPPED_LO:
		return read_low(c, 1, c->dropped);
	case REFCARD_CH_DROPPED_HI:
		return c->latch[1];
	case REFCARD_CH_STATUS:
		return c->status;
	}
	return 0;
}

static void set_low(uint64_t *reg, uint32_t value)
{
	*reg = (*reg & ~UINT64_C(0xffffffff)) | value;
}

static void set_high(uint64_t *reg, uint32_t value)
{
	*reg = (*reg & UINT64_C(0xffffffff)) | (uint64_t)value << 32;
}

void channel_write(struct channel *c, uint32_t reg, uint32_t value)
{
	switch (reg) {
	case REFCARD_CH_CTRL:
		write_ctrl(c, value);
		break;
	case REFCARD_CH_CHUNK_LINES:
		c->regs.chunk_lines = value;
		break;
	case REFCARD_CH_RING_LO:
		set_low(&c->regs.ring, value);
		break;
	case REFCARD_CH_RING_HI:
		set_high(&c->regs.ring, value);
		break;
	case REFCARD_CH_DONE_LO:
		set_low(&c->regs.done, value);
		break;
	case REFCARD_CH_DONE_HI:
		set_high(&c->regs.done, value);
		break;
	case REFCARD_CH_RING_ORDER:
		c->regs.order = value;
		break;
	case REFCARD_CH_DOORBELL:
		write_doorbell(c, value);
		break;
	case REFCARD_CH_IRQ:
		c->regs.irq = value;
		break;
	case REFCARD_CH_IDLE:
		c->regs.idle_us = value;
		break;
	default:
		core_guest_error(c->core, "channel %u: write to read-only register 0x%02x",
				 c->index, reg);
	}
}
