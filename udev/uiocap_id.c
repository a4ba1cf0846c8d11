/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uiocap_id.c - for 60-uiocap.rules: waits until a card is whole, and tells what it is called
 *
 *	uiocap_id DIRECTORY	the card's in sysfs, as /sys/bus/pci/devices/0000:03:00.0
 *
 * The kernel announces the node before the stub's probe is done: attributes and maps come after it.
 * udev is often fast enough to miss them, so this is where the rule waits, and who is told of the
 * card by udev finds all of it.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* For five seconds: a machine that boots has much to do. */
#define RETRY_NS	(10 * 1000 * 1000)
#define RETRIES		500

/** struct config - what can be read of a card's configuration space, 4096 bytes where all can be */
struct config {
	uint8_t bytes[PCI_CFG_SPACE_EXP_SIZE];
	size_t len;
};

/* The driver core adds the stub's own attributes last, when its probe is done; or the card goes. */
static bool wait_until_whole(int dir)
{
	const struct timespec pause = { .tv_nsec = RETRY_NS };
	int tries;

	for (tries = 0; faccessat(dir, "busy", F_OK, 0); tries++) {
		if (tries == RETRIES || faccessat(dir, "config", F_OK, 0))
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static bool read_config(int dir, struct config *config)
{
	int fd = openat(dir, "config", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, config->bytes, sizeof(config->bytes));
	close(fd);
	config->len = got < 0 ? 0 : (size_t)got;
	return config->len >= PCI_STD_HEADER_SIZEOF;
}

static uint32_t dword(const struct config *config, size_t at)
{
	uint32_t value;

	if (at + sizeof(value) > config->len)
		return 0;
	memcpy(&value, config->bytes + at, sizeof(value));
	return le32toh(value);
}

/* PCI Express base specification, 7.9.3. Nothing tells that a list ends but its length. */
static uint64_t serial_of(const struct config *config)
{
	size_t at = PCI_CFG_SPACE_SIZE, left = PCI_CFG_SPACE_EXP_SIZE / 8;
	uint32_t head;

	for (; at >= PCI_CFG_SPACE_SIZE && left; at = PCI_EXT_CAP_NEXT(head), left--) {
		head = dword(config, at);
		if (PCI_EXT_CAP_ID(head) == PCI_EXT_CAP_ID_DSN)
			return dword(config, at + 4) | (uint64_t)dword(config, at + 8) << 32;
	}
	return 0;
}

/* Whoever makes a card and gives it no number leaves zeros there, or ones. */
static void tell(const struct config *config)
{
	uint64_t serial = serial_of(config);
	uint32_t id = dword(config, PCI_VENDOR_ID);

	if (serial && serial != UINT64_MAX)
		printf("UIOCAP_ID=%04x:%04x-%016" PRIx64 "\n", id & 0xffff, id >> 16, serial);
}

int main(int argc, char **argv)
{
	struct config config;
	int dir;

	if (argc != 2) {
		fprintf(stderr, "usage: uiocap_id DIRECTORY\n");
		return 2;
	}
	dir = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || !wait_until_whole(dir)) {
		fprintf(stderr, "%s: no card of uio_stub is there\n", argv[1]);
		return 1;
	}
	if (!read_config(dir, &config)) {
		fprintf(stderr, "%s/config: cannot be read\n", argv[1]);
		return 1;
	}
	tell(&config);
	return 0;
}
