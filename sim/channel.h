/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * channel.h - a channel of the card: its registers (refcard §4) and what it does by itself
 *
 * What makes its data is a producer, video.c or stream.c; how data reaches memory is in chunk.c.
 */
#ifndef SIM_CHANNEL_H
#define SIM_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core.h"
#include "fault.h"
#include "irq.h"
#include "ring.h"
#include "uiocap/refcard.h"

struct channel;
struct producer;

/**
 * struct producer_ops - how a kind of channel makes its chunks
 * @start:    ENABLE: -EINVAL where it cannot run as it is configured
 * @begin:    the first doorbell: from now on it makes data
 * @step:     does the next small piece of work that is due, sets channel.due_ns anew; false if
 *            nothing can be done before the bus has looked at the client
 * @doorbell: there are new descriptors
 * @stop:     the channel still may write, for the last time
 */
struct producer_ops {
	int (*start)(struct producer *p, struct channel *c);
	void (*begin)(struct producer *p, struct channel *c, uint64_t now_ns);
	bool (*step)(struct producer *p, struct channel *c, uint64_t now_ns);
	void (*doorbell)(struct producer *p, struct channel *c, uint64_t now_ns);
	void (*stop)(struct producer *p, struct channel *c);
	void (*free)(struct producer *p);
};

/* Embedded in each one's own. */
struct producer {
	const struct producer_ops *ops;
};

/**
 * struct channel_kind - what the read-only registers say
 */
struct channel_kind {
	uint32_t kind;
	uint32_t width;
	uint32_t height;
	uint32_t period_ns;
};

/**
 * struct channel_regs - those that the host writes
 */
struct channel_regs {
	uint32_t ctrl;
	uint32_t chunk_lines;
	uint64_t ring;
	uint64_t done;
	uint32_t order;
	uint32_t irq;
	uint32_t idle_us;
};

/**
 * struct channel - state of one channel
 * @regs:     as written
 * @latched:  as they were at ENABLE
 * @status:   register STATUS
 * @due_ns:   when the producer has something to do
 * @produced: frames or bytes since ENABLE
 * @dropped:  of these
 * @total_produced: since the card was made, up to the last ENABLE
 * @total_dropped:  likewise
 * @latch:    high words of produced and dropped as of the last reading of the low ones
 * @held:     a completion that the next one overtakes (fault SWAP_DONE)
 */
struct channel {
	struct core *core;
	struct irq *irq;
	struct faults *faults;
	struct producer *producer;
	unsigned int index;
	struct channel_kind kind;
	struct channel_regs regs;
	struct channel_regs latched;
	uint32_t status;
	struct ring ring;
	uint64_t due_ns;
	uint64_t produced;
	uint64_t dropped;
	uint64_t total_produced;
	uint64_t total_dropped;
	uint32_t latch[2];
	struct refcard_done held;
	bool holding;
	bool begun;
};

void channel_set_up(struct channel *c, unsigned int index, const struct channel_kind *kind,
		  struct producer *producer);
void channel_reset(struct channel *c);

uint32_t channel_read(struct channel *c, uint32_t reg);
void channel_write(struct channel *c, uint32_t reg, uint32_t value);

/** channel_fail - stop with ERROR (§9) */
void channel_fail(struct channel *c, const char *why);

/** channel_finish - nothing will follow: the source has ended */
void channel_finish(struct channel *c);

static inline bool channel_runs(const struct channel *c)
{
	return c->status & REFCARD_CH_RUNNING;
}

static inline bool channel_holds(const struct channel *c)
{
	return c->latched.ctrl & REFCARD_CH_HOLD;
}

#endif
