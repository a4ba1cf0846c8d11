/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * away.h - the ways in which a card is taken away from a program, and how it comes back
 */
#ifndef GUEST_AWAY_H
#define GUEST_AWAY_H

#include <stdbool.h>
#include <stdint.h>

#include "uiocap/uio_stub.h"

/**
 * struct victim - the card, and what its owner has mapped of it
 * @slot: its address on the bus
 */
struct victim {
	const char *slot;
	volatile uint32_t *regs;
	const volatile struct uio_stub_info *info;
	volatile uint32_t *dma;
};

/**
 * struct away - one of the ways
 * @stays: it is not taken away, only reset
 * @reads: what registers may read as meanwhile, beside ones
 * @take:  returns when it is done
 * @give:  begins to bring the card back, which may take a while
 */
struct away {
	const char *name;
	bool stays;
	uint32_t reads;
	void (*take)(const struct victim *v);
	void (*give)(const struct victim *v);
};

/** away_find - the way of that name: unbind, remove, reset, unplug, off, ones, zeros; or NULL */
const struct away *away_find(const char *name);

#endif
