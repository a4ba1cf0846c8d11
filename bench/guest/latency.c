// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * latency.c - from an interrupt of QEMU's edu card until a program knows and is ready for the next
 *
 *	latency ARM SLOT COUNT		ARM is one of those in the table below
 *
 * Prints a line for each of COUNT interrupts: "latency", the arm, and what the processor's time
 * stamp counter has counted, which under -icount is instructions.
 *
 * Two threads on one processor. One sleeps in read(); the other, of a lower real-time priority,
 * raises an interrupt whenever it gets to run, which is when the first sleeps and at no other time.
 * So each interrupt finds a sleeping reader and a running processor, and no clock is involved. The
 * time runs from before the register write that raises it until the reader has seen the event, has
 * acknowledged it to the card (status read, then written) and has made the next one possible.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <x86intrin.h>

#include "bench/guest/vfio.h"
#include "tests/vm/guest/stub.h"

#define EDU_IRQ_STATUS	(0x24 / 4)
#define EDU_IRQ_RAISE	(0x60 / 4)
#define EDU_IRQ_ACK	(0x64 / 4)
#define NODE		"uio0"
#define WARM_UP		10

static volatile uint32_t *regs;
static const volatile struct uio_stub_info *info;
static struct stub_node node;
static int device, event, config;
static uint8_t command_high;
static volatile uint64_t raised;

static void raise_one(void)
{
	raised = __rdtsc();
	regs[EDU_IRQ_RAISE] = 1;
}

/* What the stub's handler does in the kernel, for drivers that leave it to their owner. */
static void acknowledge(void)
{
	regs[EDU_IRQ_ACK] = regs[EDU_IRQ_STATUS];
}

static void must_read(int fd, void *buf, size_t size)
{
	if (read(fd, buf, size) != (ssize_t)size)
		die("read: %s", strerror(errno));
}

static void open_stub(const char *slot)
{
	(void)slot;
	stub_open(NODE, &node);
	regs = stub_map(&node, "bar0", PROT_READ | PROT_WRITE);
	info = stub_map(&node, "info", PROT_READ);
	stub_arm(&node);
}

static void wait_stub(void)
{
	uint32_t count;

	must_read(node.fd, &count, sizeof(count));
	if (info->flags & UIO_STUB_MASKED)
		stub_arm(&node);
}

static int open_slot(const char *slot, const char *file)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", slot, file);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

/* Its only way to unmask is the command register in configuration space, which it shares. */
static void unmask_generic(void)
{
	if (pwrite(config, &command_high, 1, PCI_COMMAND + 1) != 1)
		die("config: %s", strerror(errno));
}

static void open_generic(const char *slot)
{
	int bar = open_slot(slot, "resource0");

	stub_open(NODE, &node);
	regs = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, bar, 0);
	if (regs == MAP_FAILED)
		die("resource0: %s", strerror(errno));
	config = open_slot(slot, "config");
	if (pread(config, &command_high, 1, PCI_COMMAND + 1) != 1)
		die("config: %s", strerror(errno));
	command_high &= ~(PCI_COMMAND_INTX_DISABLE >> 8);
	unmask_generic();
}

static void wait_generic(void)
{
	uint32_t count;

	must_read(node.fd, &count, sizeof(count));
	acknowledge();
	unmask_generic();
}

static void open_vfio_intx(const char *slot)
{
	device = vfio_open(slot);
	regs = vfio_map(device);
	event = vfio_signal(device, VFIO_PCI_INTX_IRQ_INDEX);
}

static void open_vfio_msi(const char *slot)
{
	device = vfio_open(slot);
	regs = vfio_map(device);
	event = vfio_signal(device, VFIO_PCI_MSI_IRQ_INDEX);
}

static void wait_vfio_msi(void)
{
	uint64_t count;

	must_read(event, &count, sizeof(count));
	acknowledge();
}

static void wait_vfio_intx(void)
{
	wait_vfio_msi();
	vfio_unmask(device);
}

static const struct arm {
	const char *name;
	void (*open)(const char *slot);
	void (*wait)(void);		/* NULL: looks at the info page, and does not sleep */
} arms[] = {
	{ "stub-msi", open_stub, wait_stub },
	{ "stub-intx", open_stub, wait_stub },
	{ "stub-spin", open_stub, NULL },
	{ "uio_pci_generic", open_generic, wait_generic },
	{ "vfio-intx", open_vfio_intx, wait_vfio_intx },
	{ "vfio-msi", open_vfio_msi, wait_vfio_msi },
	{ NULL, NULL, NULL },
};

static void *raise_on(void *arg)
{
	for (;;)
		raise_one();
	return arg;
}

/* Both are real-time, so that no part of it is the fair scheduler's. */
static void start_raiser(void)
{
	struct sched_param first = { .sched_priority = 2 }, second = { .sched_priority = 1 };
	pthread_attr_t attr;
	pthread_t raiser;

	if (sched_setscheduler(0, SCHED_FIFO, &first))
		die("latency: no priority: %s", strerror(errno));
	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &second);
	if (pthread_create(&raiser, &attr, raise_on, NULL))
		die("latency: no thread");
}

static void block(const struct arm *arm, uint64_t *sample, unsigned int count)
{
	unsigned int i;

	start_raiser();
	for (i = 0; i < count; i++) {
		arm->wait();
		sample[i] = __rdtsc() - raised;
	}
}

static void spin(uint64_t *sample, unsigned int count)
{
	const volatile struct uio_stub_vector *vector = &info->vector[0];
	unsigned int i;

	for (i = 0; i < count; i++) {
		uint64_t before = vector->count;

		raise_one();
		while (vector->count == before)
			;
		sample[i] = __rdtsc() - raised;
	}
}

int main(int argc, char **argv)
{
	unsigned int i, count = argc == 4 ? strtoul(argv[3], NULL, 0) + WARM_UP : 0;
	uint64_t *sample = calloc(count + 1, sizeof(*sample));
	const struct arm *arm = arms;

	if (argc != 4 || !sample)
		die("usage: latency ARM SLOT COUNT");
	while (arm->name && strcmp(arm->name, argv[1]))
		arm++;
	if (!arm->name)
		die("latency: no arm '%s'", argv[1]);
	arm->open(argv[2]);
	if (arm->wait)
		block(arm, sample, count);
	else
		spin(sample, count);
	for (i = WARM_UP; i < count; i++)
		printf("latency\t%s\t%llu\n", arm->name, (unsigned long long)sample[i]);
	exit(0);
}
