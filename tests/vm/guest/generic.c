// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * generic.c - QEMU's edu card with the kernel's uio_pci_generic: another driver on an INTx line
 *
 *	generic NODE COUNT	raises COUNT interrupts, and waits for each
 *
 * That driver masks the line and leaves the rest to its user: to acknowledge, and to unmask.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stub.h"

#define EDU_IRQ_STATUS	(0x24 / 4)
#define EDU_IRQ_RAISE	(0x60 / 4)
#define EDU_IRQ_ACK	(0x64 / 4)
#define EDU_BAR_BYTES	0x1000

static int open_in(const char *node, const char *file, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), file, node);
	fd = open(path, flags);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

static void set_command(int config, uint16_t clear, uint16_t set)
{
	uint16_t command;

	if (pread(config, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		die("reading configuration space: %s", strerror(errno));
	command = (command & ~clear) | set;
	if (pwrite(config, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		die("writing configuration space: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	int node, config, bar;
	volatile uint32_t *regs;
	unsigned long i;

	if (argc != 3)
		die("usage: generic NODE COUNT");
	node = open_in(argv[1], "/dev/%s", O_RDWR);
	config = open_in(argv[1], "/sys/class/uio/%s/device/config", O_RDWR);
	bar = open_in(argv[1], "/sys/class/uio/%s/device/resource0", O_RDWR);
	regs = mmap(NULL, EDU_BAR_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, bar, 0);
	if (regs == MAP_FAILED)
		die("registers: %s", strerror(errno));
	set_command(config, PCI_COMMAND_INTX_DISABLE, PCI_COMMAND_MEMORY);
	for (i = 0; i < strtoul(argv[2], NULL, 0); i++) {
		int32_t events;

		regs[EDU_IRQ_RAISE] = i + 1;
		if (read(node, &events, sizeof(events)) != sizeof(events))
			die("interrupt %lu: %s", i, strerror(errno));
		if (regs[EDU_IRQ_STATUS] != i + 1)
			die("interrupt %lu: status %#x", i, regs[EDU_IRQ_STATUS]);
		regs[EDU_IRQ_ACK] = i + 1;
		set_command(config, PCI_COMMAND_INTX_DISABLE, 0);
	}
	printf("%lu raised, each came\n", i);
	return 0;
}
