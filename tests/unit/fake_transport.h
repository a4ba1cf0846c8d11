/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_transport.h - a way to a card that does not exist: memory, registers that are memory, and a
 * record of who touched them
 */
#ifndef TESTS_FAKE_TRANSPORT_H
#define TESTS_FAKE_TRANSPORT_H

#include "userdrv/lib/transport.h"

#define FAKE_BAR_BYTES	0x4000
#define FAKE_BUS	0x40000000u	/* of the first stretch */

/**
 * struct fake_transport - it
 * @t:        seam
 * @segment:  stretches of its memory
 * @reg:      BAR 0
 * @on_write: called after a register was written, or NULL
 * @data:     for it
 * @on_wait:  called when somebody blocks, or NULL; returns what wait() returns
 * @state:    what check() returns
 * @reset:    accept() makes @state 0 again
 * @reads:    of registers
 * @writes:   of registers
 * @waits:    how often somebody blocked, and the longest timeout
 */
struct fake_transport {
	struct transport t;
	struct uiocap_segment *segment;
	uint32_t reg[FAKE_BAR_BYTES / 4];
	void (*on_write)(void *data, uint32_t offset, uint32_t value);
	int (*on_wait)(void *data, int64_t timeout_ns);
	void *data;
	int state;
	bool reset;
	unsigned int reads;
	unsigned int writes;
	unsigned int waits;
	int64_t longest_wait_ns;
};

/**
 * fake_transport_new - with @stretches of @stretch_bytes each
 *
 * Their bus addresses have gaps between them. Freed by its close().
 */
struct fake_transport *fake_transport_new(struct uiocap_ctx *ctx, unsigned int stretches,
					  size_t stretch_bytes);

/** fake_memory - what is at bus address @bus; fails the test if it and @len bytes are not there */
void *fake_memory(struct fake_transport *f, uint64_t bus, size_t len);

#endif
