// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * edu.c - QEMU's edu card (its docs/specs/edu.rst) through the stub
 *
 *	edu irq NODE COUNT	raises COUNT interrupts and sees each in the info page
 *	edu read NODE COUNT	the same, waiting in read()
 *	edu dma NODE COUNT	sends COUNT blocks of the region to the card and back
 *	edu live NODE		prints the register that inverts what is written to it
 *	edu storm NODE		raises interrupts as fast as it can, until SIGTERM
 *	edu stuck NODE COUNT	an interrupt that the stub cannot end: armed COUNT times
 *	edu leave NODE		raises one and goes
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stub.h"

#define EDU_LIVE		(0x04 / 4)
#define EDU_IRQ_STATUS		(0x24 / 4)
#define EDU_IRQ_RAISE		(0x60 / 4)
#define EDU_IRQ_ACK		(0x64 / 4)
#define EDU_DMA_SOURCE		(0x80 / 8)
#define EDU_DMA_TARGET		(0x88 / 8)
#define EDU_DMA_COUNT		(0x90 / 8)
#define EDU_DMA_COMMAND		(0x98 / 8)
#define  EDU_DMA_START		1
#define  EDU_DMA_FROM_CARD	2
#define EDU_BUFFER		0x40000
#define EDU_BUFFER_SIZE		4096

#define PATIENCE_NS		INT64_C(20000000000)
#define QUIET_US		100000	/* what was on its way has come by then */

static volatile uint32_t *regs;
static volatile uint64_t *regs64;
static const volatile struct uio_stub_info *info;
static struct stub_node node;

static void wait_in_page(uint64_t count)
{
	int64_t end = now_ns() + PATIENCE_NS;

	while (info->vector[0].count == count)
		if (now_ns() > end)
			die("no interrupt after %llu", (unsigned long long)count);
}

static void wait_in_read(uint64_t count)
{
	int32_t events;

	(void)count;
	if (read(node.fd, &events, sizeof(events)) != sizeof(events))
		die("read: %s", strerror(errno));
}

static void irq(unsigned long rounds, void (*wait)(uint64_t count))
{
	const volatile struct uio_stub_vector *vector = &info->vector[0];
	uint64_t first = vector->count;
	unsigned long i;

	for (i = 0; i < rounds; i++) {
		uint64_t before = vector->count;

		regs[EDU_IRQ_RAISE] = i + 1;
		wait(before);
		if (vector->count != before + 1)
			die("raise %lu: %llu interrupts", i,
			    (unsigned long long)(vector->count - before));
		if (vector->status != i + 1)
			die("raise %lu: status %#x", i, vector->status);
	}
	usleep(QUIET_US);
	if (regs[EDU_IRQ_STATUS])
		die("status still %#x: not acknowledged", regs[EDU_IRQ_STATUS]);
	printf("%lu raised, %llu counted\n", rounds, (unsigned long long)(vector->count - first));
	if (vector->count - first != rounds)
		exit(1);
}

static volatile sig_atomic_t over;

static void end(int signal)
{
	(void)signal;
	over = 1;
}

/* INTx that is raised again before it could be seen to be down is masked, as one that is stuck. */
static void rearm(void)
{
	if (info->flags & UIO_STUB_MASKED)
		stub_arm(&node);
}

/* Several may become one on the way; but no count goes back, and none is left in the card. */
static void storm(void)
{
	const volatile struct uio_stub_vector *vector = &info->vector[0];
	uint64_t first = vector->count, last = first, raised = 0;
	int64_t start = now_ns();
	double seconds;

	signal(SIGTERM, end);
	puts("the storm has begun");
	fflush(stdout);
	for (; !over; raised++) {
		uint64_t count;

		regs[EDU_IRQ_RAISE] = 1;
		count = vector->count;
		if (count < last)
			die("the count went back from %" PRIu64 " to %" PRIu64, last, count);
		last = count;
		rearm();
	}
	seconds = (now_ns() - start) / 1e9;
	rearm();
	usleep(QUIET_US);
	last = vector->count;
	if (regs[EDU_IRQ_STATUS] || last == first || last - first > raised)
		die("%" PRIu64 " raised, %" PRIu64 " counted, status %#x", raised, last - first,
		    regs[EDU_IRQ_STATUS]);
	printf("%.0f interrupts raised a second, %.0f taken, for %.1f s\n", raised / seconds,
	       (last - first) / seconds, seconds);
}

/* Masked before it is counted, and once only. */
static void expect(uint64_t count, int masked)
{
	const volatile struct uio_stub_vector *vector = &info->vector[0];
	int is_masked;

	if (masked)
		wait_in_page(count - 1);
	is_masked = !!(info->flags & UIO_STUB_MASKED);
	if (vector->count != count || is_masked != masked)
		die("%" PRIu64 " counted instead of %" PRIu64 ", %smasked", (uint64_t)vector->count,
		    count, is_masked ? "" : "not ");
}

/* Serves the card by hand: the line is quiet afterwards, and armed. */
static uint64_t serve(void)
{
	regs[EDU_IRQ_ACK] = regs[EDU_IRQ_STATUS];
	stub_arm(&node);
	usleep(QUIET_US);
	return info->vector[0].count;
}

/* The owner before may have left the line as it liked. */
static void stuck(unsigned long rounds)
{
	uint64_t count = serve();
	unsigned long i;

	expect(count, 0);
	regs[EDU_IRQ_RAISE] = 1;
	expect(++count, 1);
	for (i = 0; i < rounds; i++) {
		stub_arm(&node);
		expect(++count, 1);
	}
	usleep(QUIET_US);
	expect(count, 1);
	serve();
	expect(count, 0);
	printf("armed %lu times, %lu counted\n", rounds, rounds + 1);
}

static void leave(void)
{
	uint64_t before = info->vector[0].count;

	regs[EDU_IRQ_RAISE] = 1;
	wait_in_page(before);
}

static void transfer(uint64_t from, uint64_t to, uint32_t command)
{
	int64_t end = now_ns() + PATIENCE_NS;

	regs64[EDU_DMA_SOURCE] = from;
	regs64[EDU_DMA_TARGET] = to;
	regs64[EDU_DMA_COUNT] = EDU_BUFFER_SIZE;
	regs64[EDU_DMA_COMMAND] = command | EDU_DMA_START;
	while (regs64[EDU_DMA_COMMAND] & EDU_DMA_START) {
		if (now_ns() > end)
			die("DMA does not end");
		usleep(1000);
	}
}

/* From the first block to the card and back to the last: both ends of the region are reached. */
static void dma(unsigned long rounds)
{
	const volatile struct uio_stub_segment *last = &info->segment[info->segments - 1];
	uint8_t *region = stub_map(&node, "dma", PROT_READ | PROT_WRITE);
	uint64_t there = info->segment[0].bus;
	uint64_t back = last->bus + last->len - EDU_BUFFER_SIZE;
	uint8_t *result = region + info->dma_size - EDU_BUFFER_SIZE;
	unsigned long i;
	unsigned int b;

	for (i = 0; i < rounds; i++) {
		for (b = 0; b < EDU_BUFFER_SIZE; b++)
			region[b] = b * 7 + b / 256 + i;
		memset(result, 0xa5, EDU_BUFFER_SIZE);
		transfer(there, EDU_BUFFER, 0);
		transfer(EDU_BUFFER, back, EDU_DMA_FROM_CARD);
		if (memcmp(region, result, EDU_BUFFER_SIZE))
			die("round %lu: what came back is not what was sent", i);
	}
	printf("%lu blocks there and back, %u segments\n", rounds, info->segments);
}

int main(int argc, char **argv)
{
	unsigned long count;

	if (argc < 3)
		die("usage: edu irq|read|dma|live|storm|stuck|leave NODE [COUNT]");
	count = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
	stub_open(argv[2], &node);
	regs64 = stub_map(&node, "bar0", PROT_READ | PROT_WRITE);
	regs = (volatile uint32_t *)regs64;
	info = stub_map(&node, "info", PROT_READ);
	if (info->magic != UIO_STUB_MAGIC || info->abi != UIO_STUB_ABI)
		die("magic %#x, ABI %u", info->magic, info->abi);
	stub_arm(&node);

	if (!strcmp(argv[1], "irq"))
		irq(count, wait_in_page);
	else if (!strcmp(argv[1], "read"))
		irq(count, wait_in_read);
	else if (!strcmp(argv[1], "dma"))
		dma(count);
	else if (!strcmp(argv[1], "live"))
		printf("%#x\n", regs[EDU_LIVE]);
	else if (!strcmp(argv[1], "storm"))
		storm();
	else if (!strcmp(argv[1], "stuck"))
		stuck(count);
	else if (!strcmp(argv[1], "leave"))
		leave();
	else
		die("edu: what is '%s'?", argv[1]);
	return 0;
}
