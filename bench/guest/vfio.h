/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfio.h - a PCI card through vfio-pci, as far as it is measured here
 *
 * A program that cannot go on ends with a message, so none of these return an error.
 */
#ifndef BENCH_VFIO_H
#define BENCH_VFIO_H

#include <linux/vfio.h>
#include <stdint.h>

/** vfio_open - the descriptor of the device at @slot, which is alone in its IOMMU group */
int vfio_open(const char *slot);

/** vfio_map - BAR 0 of the device, whole */
void *vfio_map(int device);

/** vfio_signal - has interrupts of kind @index come as an eventfd, which it returns */
int vfio_signal(int device, unsigned int index);

/** vfio_unmask - lets INTx come again, which vfio-pci has masked */
void vfio_unmask(int device);

/** vfio_irq_info - asks for what is known of interrupts of kind @index: a cheap ioctl() */
void vfio_irq_info(int device, unsigned int index);

#endif
