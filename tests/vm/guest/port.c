// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "port.h"
#include "stub.h"

/* PCI Local Bus 3.0, 6.7; PCI Express 4.0, 7.5.3. */
#define CAPABILITIES	0x34
#define CAP_EXPRESS	0x10
#define SLOT_CONTROL	0x18
#define CONTROL_ON	0x01f1	/* power on, the power indicator, too; interrupts of the port */
#define CONTROL_OFF	0x07f1	/* power off, both indicators, too */

static uint8_t byte(int port, unsigned int at)
{
	uint8_t value;

	if (pread(port, &value, 1, at) != 1)
		die("a port's configuration: %s", strerror(errno));
	return value;
}

static unsigned int express(int port)
{
	unsigned int at = byte(port, CAPABILITIES);

	while (at && byte(port, at) != CAP_EXPRESS)
		at = byte(port, at + 1);
	if (!at)
		die("no port of PCI Express");
	return at;
}

int port_open(const char *slot)
{
	char path[128];
	int port;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/../config", slot);
	port = open(path, O_RDWR | O_CLOEXEC);
	if (port < 0)
		die("%s: %s", path, strerror(errno));
	return port;
}

void port_power(int port, bool on)
{
	const uint16_t value = on ? CONTROL_ON : CONTROL_OFF;

	if (pwrite(port, &value, sizeof(value), express(port) + SLOT_CONTROL) != sizeof(value))
		die("the power of a slot: %s", strerror(errno));
}
