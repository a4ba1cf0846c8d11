/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_device.h - the simplest function that a server can carry: registers that are memory
 */
#ifndef TESTS_FAKE_DEVICE_H
#define TESTS_FAKE_DEVICE_H

#include "sim/device.h"

#define FAKE_VENDOR	0x1234
#define FAKE_DEVICE	0xfa4e
#define FAKE_BAR_SIZE	4096
#define FAKE_VECTORS	4	/* of MSI-X; one of INTx and of MSI */

/* Registers of BAR 0 that do something when written; all others are memory. */
#define FAKE_RAISE_MSIX	0x10	/* raises that vector of MSI-X */
#define FAKE_INTX	0x14	/* bit 0: state of the INTx line */
#define FAKE_COPY	0x18	/* copies COPY_LEN bytes of memory; reads 1 if it did */
#define FAKE_COPY_FROM	0x20	/* 64 bits */
#define FAKE_COPY_TO	0x28	/* 64 bits */
#define FAKE_COPY_LEN	0x30

/**
 * struct fake_device - it
 * @dev:    seam
 * @bar:    registers
 * @config: configuration space
 * @resets: how often it was reset
 * @writes: how often a register was written
 * @works:  how often it was called to work
 * @due_ns: when it wants to be called again
 */
struct fake_device {
	struct device dev;
	uint8_t bar[FAKE_BAR_SIZE];
	uint8_t config[4096];
	unsigned int resets;
	unsigned int writes;
	unsigned int works;
	uint64_t due_ns;
};

void fake_device_init(struct fake_device *fake);

#endif
