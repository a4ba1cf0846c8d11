// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost.c - what it costs to ask a driver something, in each of the ways that drivers offer
 *
 *	cost stub NODE		info page, read(), write(), sysfs
 *	cost vfio SLOT		ioctl()
 *
 * Prints lines "cost", what, and instructions as the time stamp counter counts them under -icount:
 * the median of many calls, less what it costs to look at the counter.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <x86intrin.h>

#include "bench/guest/vfio.h"
#include "tests/vm/guest/stub.h"

#define ROUNDS	1001
#define CHECKS	1000	/* of the info page at a time: one alone is too short to measure */

static struct stub_node node;
static const volatile struct uio_stub_vector *vector;
static char attribute[96];
static int device, attribute_fd;

static void nothing(void)
{
}

/* As a program does: has the count that it knows changed? */
static void check_page(void)
{
	uint64_t known = vector->count;

#pragma GCC unroll 100
	for (unsigned int i = 0; i < CHECKS; i++)
		if (vector->count != known)
			die("cost: an interrupt that nobody raised");
}

static void try_read(void)
{
	uint32_t count;

	if (read(node.fd, &count, sizeof(count)) >= 0 || errno != EAGAIN)
		die("read: %s instead of EAGAIN", strerror(errno));
}

static void arm(void)
{
	stub_arm(&node);
}

static void read_attribute(void)
{
	char text[32];

	if (pread(attribute_fd, text, sizeof(text), 0) <= 0)
		die("%s: %s", attribute, strerror(errno));
}

static void open_attribute(void)
{
	attribute_fd = open(attribute, O_RDONLY | O_CLOEXEC);
	if (attribute_fd < 0)
		die("%s: %s", attribute, strerror(errno));
}

static void ask_attribute(void)
{
	open_attribute();
	read_attribute();
	close(attribute_fd);
}

static void ask_ioctl(void)
{
	vfio_irq_info(device, VFIO_PCI_MSI_IRQ_INDEX);
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t median(void (*call)(void))
{
	static uint64_t sample[ROUNDS];
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		uint64_t start = __rdtsc();

		call();
		sample[i] = __rdtsc() - start;
	}
	qsort(sample, ROUNDS, sizeof(sample[0]), by_value);
	return sample[ROUNDS / 2];
}

static void measure(const char *what, void (*call)(void), unsigned int calls)
{
	printf("cost\t%s\t%.3f\n", what, (double)(median(call) - median(nothing)) / calls);
}

/* What the stub has armed stays so: its write() then is the cheapest that there is. */
static void ask_stub(const char *name)
{
	const struct uio_stub_info *info;
	uint32_t count;

	stub_open(name, &node);
	info = stub_map(&node, "info", PROT_READ);
	vector = &info->vector[0];
	fcntl(node.fd, F_SETFL, O_NONBLOCK);
	while (read(node.fd, &count, sizeof(count)) > 0)
		;
	snprintf(attribute, sizeof(attribute), "%s/event", node.dir);
	measure("info page", check_page, CHECKS);
	measure("read", try_read, 1);
	measure("write", arm, 1);
	measure("sysfs", ask_attribute, 1);
	open_attribute();
	measure("sysfs, kept open", read_attribute, 1);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		die("usage: cost stub NODE | cost vfio SLOT");
	if (!strcmp(argv[1], "stub")) {
		ask_stub(argv[2]);
	} else if (!strcmp(argv[1], "vfio")) {
		device = vfio_open(argv[2]);
		measure("ioctl", ask_ioctl, 1);
	} else {
		die("cost: what is '%s'?", argv[1]);
	}
	return 0;
}
