/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pci.c - what /sys tells of a PCI function */
#include "pci.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sysfs.h"

int pci_slot(char out[TRANSPORT_SLOT_SIZE], const char *slot)
{
	unsigned int domain = 0, bus, dev, fn;
	int end = 0;

	/* sscanf() would take signs, blanks and 0x as well. */
	if (slot[strspn(slot, "0123456789abcdefABCDEF:.")])
		return -EINVAL;
	if (sscanf(slot, "%6x:%2x:%2x.%1x%n", &domain, &bus, &dev, &fn, &end) != 4) {
		domain = 0;
		if (sscanf(slot, "%2x:%2x.%1x%n", &bus, &dev, &fn, &end) != 3)
			return -EINVAL;
	}
	if (slot[end] || dev > 0x1f || fn > 7)
		return -EINVAL;
	snprintf(out, TRANSPORT_SLOT_SIZE, "%04x:%02x:%02x.%x", domain, bus, dev, fn);
	return 0;
}

static int read_id(uint16_t *out, const char *slot, const char *which)
{
	uint64_t id;
	int err;

	err = sysfs_read_u64(&id, "/sys/bus/pci/devices/%s/%s", slot, which);
	if (!err)
		*out = (uint16_t)id;
	return err;
}

int pci_read(struct pci_function *out, const char *slot)
{
	struct pci_function fn = {};

	snprintf(fn.slot, sizeof(fn.slot), "%s", slot);
	if (read_id(&fn.vendor, slot, "vendor") || read_id(&fn.device, slot, "device"))
		return -ENODEV;
	/* Both may be missing: then there is no driver, or none that uses UIO. */
	sysfs_read_link(fn.driver, sizeof(fn.driver), "/sys/bus/pci/devices/%s/driver", slot);
	sysfs_first(fn.uio, sizeof(fn.uio), "uio", "/sys/bus/pci/devices/%s/uio", slot);
	*out = fn;
	return 0;
}

bool pci_is_bound(const struct pci_function *fn)
{
	return !strcmp(fn->driver, PCI_STUB_DRIVER);
}
