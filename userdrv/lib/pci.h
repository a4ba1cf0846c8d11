/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pci.h - what /sys tells of a PCI function */
#ifndef UIOCAP_PCI_H
#define UIOCAP_PCI_H

#include "transport.h"

#define PCI_STUB_DRIVER	"uio_stub"

/**
 * struct pci_function - a function of this machine
 * @slot:   "0000:03:00.0"
 * @driver: the kernel driver that has it, or ""
 * @uio:    "uio0", where a driver has registered it so, or ""
 * @vendor: PCI vendor id
 * @device: PCI device id
 */
struct pci_function {
	char slot[TRANSPORT_SLOT_SIZE];
	char driver[64];
	char uio[16];
	uint16_t vendor;
	uint16_t device;
};

/** pci_slot - @slot in full, from "03:00.0" or "0000:03:00.0"; -EINVAL: it is no PCI address */
int pci_slot(char out[TRANSPORT_SLOT_SIZE], const char *slot);

/** pci_read - what there is at @slot, an address in full; -ENODEV: nothing */
int pci_read(struct pci_function *out, const char *slot);

/** pci_is_bound - has the stub got it? */
bool pci_is_bound(const struct pci_function *fn);

#endif
