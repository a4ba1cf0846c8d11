/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * commands.h - what a client asks of a server, a function each
 *
 * Errors are those of vu_client_call(). Kinds of interrupts and region numbers are linux/vfio.h's.
 */
#ifndef VFIO_USER_COMMANDS_H
#define VFIO_USER_COMMANDS_H

#include "client.h"

/** vu_get_pci() - -ENOTSUP where the device is no PCI function; whether it can be @resettable */
int vu_get_pci(struct vu_client *c, bool *resettable);

/** vu_get_region_size() - 0 where there is no such region */
int vu_get_region_size(struct vu_client *c, uint32_t region, uint64_t *size);

/** vu_get_irq_count() - how many vectors of @kind there are that can signal an eventfd */
int vu_get_irq_count(struct vu_client *c, uint32_t kind, uint32_t *count);

/** vu_set_irqs() - an eventfd for each of the first @count vectors of @kind */
int vu_set_irqs(struct vu_client *c, uint32_t kind, const int *eventfds, uint32_t count);

/** vu_unmask_intx() - lets the line signal again; sent without waiting for a reply */
int vu_unmask_intx(struct vu_client *c);

/** vu_read() - at most 16 bytes of a region */
int vu_read(struct vu_client *c, uint32_t region, uint64_t offset, void *data, uint32_t len);

/** vu_write() - at most 16 bytes; has taken effect on return */
int vu_write(struct vu_client *c, uint32_t region, uint64_t offset, const void *data, uint32_t len);

/** vu_post() - as vu_write(), but takes effect before the next command does */
int vu_post(struct vu_client *c, uint32_t region, uint64_t offset, const void *data, uint32_t len);

/** vu_map() - lets the device at @size bytes of the file @fd, for reading and writing */
int vu_map(struct vu_client *c, int fd, uint64_t offset, uint64_t addr, uint64_t size);

/** vu_reset() - function-level reset */
int vu_reset(struct vu_client *c);

#endif
