// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/guest/vfio.h"
#include "tests/vm/guest/stub.h"

static int open_or_die(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

/* A card that no IOMMU confines has no group, and vfio-pci does not take it. */
static int group_of(const char *slot)
{
	char path[96], target[128] = "";

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", slot);
	if (readlink(path, target, sizeof(target) - 1) < 0)
		die("%s: %s", path, strerror(errno));
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(target, '/') + 1);
	return open_or_die(path);
}

/* A message is a write to memory, and vfio-pci hands cards over that may not master the bus. */
static void set_master(int device)
{
	struct vfio_region_info space = { .argsz = sizeof(space),
					  .index = VFIO_PCI_CONFIG_REGION_INDEX };
	uint16_t command;
	off_t at;

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &space))
		die("vfio: no configuration space: %s", strerror(errno));
	at = (off_t)space.offset + PCI_COMMAND;
	if (pread(device, &command, sizeof(command), at) != sizeof(command))
		die("vfio: command register: %s", strerror(errno));
	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	if (pwrite(device, &command, sizeof(command), at) != sizeof(command))
		die("vfio: command register: %s", strerror(errno));
}

int vfio_open(const char *slot)
{
	int container = open_or_die("/dev/vfio/vfio");
	int group = group_of(slot), device;

	if (ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("vfio: no container: %s", strerror(errno));
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, slot);
	if (device < 0)
		die("vfio: no device: %s", strerror(errno));
	set_master(device);
	return device;
}

void *vfio_map(int device)
{
	struct vfio_region_info bar = { .argsz = sizeof(bar), .index = VFIO_PCI_BAR0_REGION_INDEX };
	void *map;

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &bar))
		die("vfio: no BAR: %s", strerror(errno));
	map = mmap(NULL, bar.size, PROT_READ | PROT_WRITE, MAP_SHARED, device, (off_t)bar.offset);
	if (map == MAP_FAILED)
		die("vfio: BAR 0: %s", strerror(errno));
	return map;
}

int vfio_signal(int device, unsigned int index)
{
	union {
		struct vfio_irq_set set;
		char bytes[sizeof(struct vfio_irq_set) + sizeof(int32_t)];
	} irq = { .set = {
		.argsz = sizeof(irq), .index = index, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
	} };
	int32_t event = eventfd(0, EFD_CLOEXEC);

	memcpy(irq.set.data, &event, sizeof(event));
	if (event < 0 || ioctl(device, VFIO_DEVICE_SET_IRQS, &irq))
		die("vfio: no interrupts: %s", strerror(errno));
	return event;
}

void vfio_unmask(int device)
{
	struct vfio_irq_set irq = {
		.argsz = sizeof(irq), .index = VFIO_PCI_INTX_IRQ_INDEX, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
	};

	if (ioctl(device, VFIO_DEVICE_SET_IRQS, &irq))
		die("vfio: unmask: %s", strerror(errno));
}

void vfio_irq_info(int device, unsigned int index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &info))
		die("vfio: interrupts: %s", strerror(errno));
}
