/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* uio-node.h - from what the user calls a card to the open node of the stub */
#ifndef UIOCAP_UIO_NODE_H
#define UIOCAP_UIO_NODE_H

#include "pci.h"

/** uio_node_matches - is @spec a name of a node or of a PCI function? */
bool uio_node_matches(const char *spec);

/** uio_node_find - what @spec means, bound to the stub; -ENODEV, -EINVAL and a message */
int uio_node_find(struct uiocap_ctx *ctx, const char *spec, struct pci_function *out);

/**
 * uio_node_open - a descriptor of the node of @fn, and with it the card
 *
 * Waits up to a second for a node that is being made, and for its maps. -ENODEV, -EBUSY, -EACCES,
 * -EPERM … and a message.
 */
int uio_node_open(struct uiocap_ctx *ctx, struct pci_function *fn);

#endif
