/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core.h - what all parts of the simulated card share: the way to the bus, the clock, the log
 */
#ifndef SIM_CORE_H
#define SIM_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config_space.h"
#include "device.h"

#define NEVER		UINT64_MAX

#define NS_PER_US	1000u
#define NS_PER_MS	1000000u
#define NS_PER_S	1000000000u

/* Takes one line, without newline. */
typedef void (*sim_log_fn)(void *data, const char *message);

enum core_life {
	CORE_ALIVE,
	CORE_DEAD_ONES,		/* all registers read ones */
	CORE_DEAD_ZEROS,	/* all registers read 0 */
};

/**
 * struct core - embedded in the card
 * @dev:          what the bus sees
 * @config:       configuration space
 * @clock:        CLOCK_MONOTONIC in ns, or a test's own
 * @log:          NULL: nobody wants to know
 * @turn:         counts the calls of dev.work: between two of them the bus looks at the client
 * @life:         a fault may have killed the card (§10): no DMA, no interrupts any more
 * @interrupts:   interrupts sent since the card was made
 * @dma_refused:  DMA accesses that the bus did not let through since then
 * @guest_errors: what clients have done wrong since then
 */
struct core {
	struct device dev;
	struct config_space config;
	uint64_t (*clock)(void);
	sim_log_fn log;
	void *log_data;
	uint64_t log_since_ns;
	unsigned int log_lines;
	uint64_t turn;
	enum core_life life;
	uint64_t interrupts;
	uint64_t dma_refused;
	uint64_t guest_errors;
};

/** core_now - ns */
static inline uint64_t core_now(const struct core *core)
{
	return core->clock();
}

/** core_memory - @len bytes at bus address @addr, or NULL, which is counted and logged */
void *core_memory(struct core *core, uint64_t addr, size_t len, bool write);

/** core_raise - send an interrupt; false if the client does not listen to this vector */
bool core_raise(struct core *core, enum device_irq kind, unsigned int vector);

/** core_guest_error - count and log what the client should not have done */
void core_guest_error(struct core *core, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
