/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * refcard-regs.c - the names of the reference card's registers (refcard §3, §4, §10)
 */
#include <stdio.h>
#include <stdlib.h>

#include "uiocap/refcard.h"

#include "refcard-regs.h"

#define NAME_SIZE	24	/* "CH15.CHUNK_LINES" and room */

enum access { RO, RW, WO };

struct entry {
	const char *name;
	uint32_t offset;
	enum access access;
};

static const struct entry global[] = {
	{ "ID", REFCARD_ID, RO },
	{ "VERSION", REFCARD_VERSION, RO },
	{ "CAPS", REFCARD_CAPS, RO },
	{ "CTRL", REFCARD_CTRL, RW },
	{ "SERIAL_LO", REFCARD_SERIAL_LO, RO },
	{ "SERIAL_HI", REFCARD_SERIAL_HI, RO },
	{ "TIME_LO", REFCARD_TIME_LO, RO },
	{ "TIME_HI", REFCARD_TIME_HI, RO },
	{ "IRQ_STATUS", REFCARD_IRQ_STATUS, RO },
	{ "IRQ_ACK", REFCARD_IRQ_ACK, WO },
	{ "IRQ_MASK", REFCARD_IRQ_MASK, RW },
	{ "IRQ_FORCE", REFCARD_IRQ_FORCE, WO },
};

static const struct entry fault[] = {
	{ "FAULT_KIND", REFCARD_FAULT_KIND, RW },
	{ "FAULT_CHANNEL", REFCARD_FAULT_CHANNEL, RW },
	{ "FAULT_AFTER", REFCARD_FAULT_AFTER, RW },
	{ "FAULT_COUNT", REFCARD_FAULT_COUNT, RW },
	{ "FAULT_ARG", REFCARD_FAULT_ARG, RW },
};

static const struct entry channel[] = {
	{ "CTRL", REFCARD_CH_CTRL, RW },
	{ "KIND", REFCARD_CH_KIND, RO },
	{ "WIDTH", REFCARD_CH_WIDTH, RW },
	{ "HEIGHT", REFCARD_CH_HEIGHT, RW },
	{ "PERIOD", REFCARD_CH_PERIOD, RO },
	{ "CHUNK_LINES", REFCARD_CH_CHUNK_LINES, RW },
	{ "RING_LO", REFCARD_CH_RING_LO, RW },
	{ "RING_HI", REFCARD_CH_RING_HI, RW },
	{ "DONE_LO", REFCARD_CH_DONE_LO, RW },
	{ "DONE_HI", REFCARD_CH_DONE_HI, RW },
	{ "RING_ORDER", REFCARD_CH_RING_ORDER, RW },
	{ "DOORBELL", REFCARD_CH_DOORBELL, WO },
	{ "IRQ", REFCARD_CH_IRQ, RW },
	{ "IDLE", REFCARD_CH_IDLE, RW },
	{ "PRODUCED_LO", REFCARD_CH_PRODUCED_LO, RO },
	{ "PRODUCED_HI", REFCARD_CH_PRODUCED_HI, RO },
	{ "DROPPED_LO", REFCARD_CH_DROPPED_LO, RO },
	{ "DROPPED_HI", REFCARD_CH_DROPPED_HI, RO },
	{ "STATUS", REFCARD_CH_STATUS, RO },
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* What is being filled in: registers, and behind them the characters of their names. */
struct writer {
	struct uiocap_register *reg;
	char (*name)[NAME_SIZE];
};

static void put(struct writer *w, const char *prefix, uint32_t base, const struct entry *e)
{
	snprintf(*w->name, NAME_SIZE, "%s%s", prefix, e->name);
	*w->reg++ = (struct uiocap_register){
		.name = *w->name++, .bar = REFCARD_BAR, .offset = base + e->offset,
		.readable = e->access != WO, .writable = e->access != RO,
	};
}

struct uiocap_register *refcard_regs_new(unsigned int channels, bool faults, unsigned int *count)
{
	unsigned int n = COUNT(global) + (faults ? COUNT(fault) : 0) + channels * COUNT(channel);
	struct uiocap_register *regs = calloc(n, sizeof(*regs) + NAME_SIZE);
	struct writer w = { regs, (char (*)[NAME_SIZE])(regs + n) };
	char prefix[16];

	if (!regs)
		return NULL;
	for (unsigned int i = 0; i < COUNT(global); i++)
		put(&w, "", 0, &global[i]);
	for (unsigned int i = 0; faults && i < COUNT(fault); i++)
		put(&w, "", 0, &fault[i]);
	for (unsigned int ch = 0; ch < channels; ch++) {
		snprintf(prefix, sizeof(prefix), "CH%u.", ch);
		for (unsigned int i = 0; i < COUNT(channel); i++)
			put(&w, prefix, REFCARD_CHANNEL(ch), &channel[i]);
	}
	*count = n;
	return regs;
}
