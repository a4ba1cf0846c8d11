/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - the seam between a simulated PCI function and what carries it to a client
 *
 * The bus (today the vfio-user server) calls the function for accesses to its regions; the function
 * calls the bus for memory and interrupts. Neither knows more of the other. One thread runs both.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Regions are numbered as in linux/vfio.h: 0 … 5 BARs, 6 ROM, 7 configuration space. */
#define DEVICE_REGION_CONFIG	7
#define DEVICE_REGIONS		9

enum device_irq {
	DEVICE_IRQ_INTX,
	DEVICE_IRQ_MSI,
	DEVICE_IRQ_MSIX,
	DEVICE_IRQ_ERR,
	DEVICE_IRQ_REQ,
	DEVICE_IRQ_KINDS,
};

/**
 * struct device_bus - what the function may ask of the bus
 * @memory: host pointer to @len bytes at bus address @addr, or NULL where the client has not given
 *          that much in one piece; valid until the function returns. Bus mastering is the
 *          function's own business: it has the command register
 * @irq_enabled: whether the client listens to vector @vector of @kind. INTx: false as well from a
 *          @raise until the client unmasks; a level that is still there is then raised again
 * @raise:  signals that vector once
 */
struct device_bus {
	void *(*memory)(struct device_bus *bus, uint64_t addr, size_t len, bool write);
	bool (*irq_enabled)(struct device_bus *bus, enum device_irq kind, unsigned int vector);
	void (*raise)(struct device_bus *bus, enum device_irq kind, unsigned int vector);
};

/**
 * struct device - a function of a card, embedded in what implements it
 * @region_size: bytes of each region; 0: not there
 * @irqs:        vectors of each kind
 * @bus:         set by the bus while a client is attached, else NULL
 * @read:        fills @buf; @off + @len lies inside the region
 * @write:       likewise
 * @reset:       function-level reset: a new client, its request, or its going
 * @work:        does what is due at @now_ns (CLOCK_MONOTONIC) and returns when it wants to be
 *               called again, or UINT64_MAX: not before the next access. The bus calls it also
 *               after it has handled what the client sent, and hands over what the client has
 *               sent before it calls again: a doorbell must not wait behind the work it is for
 */
struct device {
	uint64_t region_size[DEVICE_REGIONS];
	unsigned int irqs[DEVICE_IRQ_KINDS];
	struct device_bus *bus;
	void (*read)(struct device *dev, unsigned int region, uint64_t off, void *buf, size_t len);
	void (*write)(struct device *dev, unsigned int region, uint64_t off, const void *buf,
		      size_t len);
	void (*reset)(struct device *dev);
	uint64_t (*work)(struct device *dev, uint64_t now_ns);
};

#endif
