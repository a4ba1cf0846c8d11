// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gone.c - a card is taken away from a program that has everything of it mapped
 *
 *	gone NODE FILE TEXT	writes TEXT to FILE, which makes the card go, and looks around
 *
 * Says what it finds, in lines "ok …" and "not ok …". The card is QEMU's edu.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stub.h"
#include "touch.h"

#define EDU_LIVE	(0x04 / 4)
#define MINE		0x51515151u	/* what this program wrote into the region */
#define STRANGER	0xddddddddu	/* what others write into memory that they get */
#define STRANGE_BYTES	(512ul << 20)
#define WAKE_NS		INT64_C(1000000000)

static struct stub_node node;
static int64_t woken_ns;
static int read_errno;

static void say(int good, const char *what, const char *how)
{
	if (good)
		printf("ok %s\n", what);
	else
		printf("not ok %s: %s\n", what, how);
}

/* Waits as an owner does that has nothing else to do. */
static void *reader(void *arg)
{
	int32_t events;

	while (read(node.fd, &events, sizeof(events)) == sizeof(events))
		;
	read_errno = errno;
	woken_ns = now_ns();
	return arg;
}

/* Memory that the kernel has given back goes to whoever asks next; ask for all there is. */
static void take_memory(void)
{
	uint32_t *strange = malloc(STRANGE_BYTES);
	size_t i;

	for (i = 0; strange && i < STRANGE_BYTES / 4; i++)
		strange[i] = STRANGER;
}

/* Each page of the region shows what it showed before or faults; those never touched fault. */
static void check_region(volatile uint32_t *dma, size_t size, size_t page)
{
	size_t i, strange = 0, kept = 0;
	uint32_t value;

	take_memory();
	for (i = 0; i < size; i += page) {
		if (!peek(dma + i / 4, &value))
			continue;
		if (value == MINE)
			kept++;
		else
			strange++;
	}
	printf("# of %zu pages %zu show what they did, %zu fault\n", size / page, kept,
	       size / page - kept - strange);
	say(!strange, "nothing of the freed memory is reachable",
	    "pages show what is not the card's");
}

int main(int argc, char **argv)
{
	size_t page = sysconf(_SC_PAGESIZE), size, i;
	const volatile struct uio_stub_info *info;
	volatile uint32_t *regs, *dma;
	uint32_t value;
	int64_t start;
	pthread_t thread;

	if (argc != 4)
		die("usage: gone NODE FILE TEXT");
	setvbuf(stdout, NULL, _IOLBF, 0);
	touch_prepare();
	stub_open(argv[1], &node);
	regs = stub_map(&node, "bar0", PROT_READ | PROT_WRITE);
	info = stub_map(&node, "info", PROT_READ);
	dma = stub_map(&node, "dma", PROT_READ | PROT_WRITE);
	stub_map_find(&node, "dma", &size);
	for (i = 0; i < size / 2; i += page)
		dma[i / 4] = MINE;
	regs[EDU_LIVE] = 0x11111111;
	say(regs[EDU_LIVE] == 0xeeeeeeee, "the card answers", "no");
	pthread_create(&thread, NULL, reader, NULL);
	usleep(200000);

	start = now_ns();
	write_file(argv[2], argv[3]);
	pthread_join(thread, NULL);
	say(read_errno == EIO, "read() returns EIO", strerror(read_errno));
	say(woken_ns - start < WAKE_NS, "the reader wakes within a second", "later");
	say(info->state == UIO_STUB_REMOVED, "the info page says removed", "it does not");
	say(peek(regs + EDU_LIVE, &value) && value == UINT32_MAX, "registers read as ones", "no");
	say(poke(regs + EDU_LIVE, 0x22222222), "a write to a register does not fault", "it does");
	check_region(dma, size, page);
	return 0;
}
