/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vfio-irqs.h - the interrupts of a card behind vfio-user, an eventfd each
 */
#ifndef UIOCAP_VFIO_IRQS_H
#define UIOCAP_VFIO_IRQS_H

#include "uiocap/uiocap.h"
#include "userdrv/vfio-user/client.h"

struct vfio_irqs;

/**
 * vfio_irqs_new() - listens to the best kind that the card has: MSI-X, else MSI, else INTx
 * @client:   the connection; its end is watched too. Must outlive this
 * @syscalls: counts the system calls made
 *
 * A card without interrupts is none to complain of.
 */
int vfio_irqs_new(struct vu_client *client, uint64_t *syscalls, struct vfio_irqs **out);

/** vfio_irqs_free() - NULL is fine */
void vfio_irqs_free(struct vfio_irqs *irqs);

/** vfio_irqs_kind() - and how many vectors */
enum uiocap_irq_kind vfio_irqs_kind(const struct vfio_irqs *irqs, unsigned int *vectors);

/** vfio_irqs_fd() - readable when vfio_irqs_wait() would not sleep */
int vfio_irqs_fd(const struct vfio_irqs *irqs);

/** vfio_irqs_wait() - as transport_ops.wait; marks the client lost where it finds it gone */
int vfio_irqs_wait(struct vfio_irqs *irqs, int64_t timeout_ns);

/** vfio_irqs_get() - as transport_ops.irq. Several interrupts between two waits count as one. */
void vfio_irqs_get(const struct vfio_irqs *irqs, unsigned int vector, struct uiocap_irq *out);

#endif
