/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server-irqs.h - interrupts to the client, an eventfd each
 */
#ifndef SIM_SERVER_IRQS_H
#define SIM_SERVER_IRQS_H

#include <stdbool.h>

#include "device.h"

/* The largest number of vectors of one kind: an MSI-X table's. */
#define IRQS_MAX_VECTORS	2048

struct irqs;

/** irqs_new() - for the vectors that @dev has; nobody listens yet */
int irqs_new(struct device *dev, struct irqs **out);

/** irqs_free() - closes every eventfd. NULL is fine. */
void irqs_free(struct irqs *irqs);

/** irqs_enabled() - whether the client listens to that vector */
bool irqs_enabled(const struct irqs *irqs, enum device_irq kind, unsigned int vector);

/**
 * irqs_raise() - signals once
 *
 * INTx is a level, and vfio makes events of it so: an event masks the line, and the client
 * unmasks it when its driver is done. A line that is masked, or that nobody listens to, is not
 * signalled.
 */
void irqs_raise(struct irqs *irqs, enum device_irq kind, unsigned int vector);

/**
 * irqs_set() - does what the payload of a VU_SET_IRQS asks for
 * @fds: its descriptors; those that are taken become -1
 *
 * Only eventfds are taken: a write to anything else could block us for ever.
 */
int irqs_set(struct irqs *irqs, const uint8_t *payload, size_t len, int *fds, unsigned int nfds);

#endif
