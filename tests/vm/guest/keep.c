// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * keep.c - has a card open and mapped, and does what it is told on its standard input
 *
 *	keep NODE
 *
 * "look" prints what the mappings show, "close" closes the descriptor and keeps the mappings. The
 * card is QEMU's edu.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stub.h"

#define EDU_LIVE	(0x04 / 4)
#define MINE		0x51515151u

static const volatile struct uio_stub_info *info;
static volatile uint32_t *regs, *dma;
static sigjmp_buf fault;

static void on_fault(int sig)
{
	(void)sig;
	siglongjmp(fault, 1);
}

static const char *memory(void)
{
	if (sigsetjmp(fault, 1))
		return "fault";
	return *dma == MINE ? "same" : "different";
}

static const char *state(void)
{
	switch (info->state) {
	case UIO_STUB_LIVE:
		return "live";
	case UIO_STUB_REMOVED:
		return "removed";
	default:
		return "resetting";
	}
}

/* The register reads the complement of what was written to it; in that of a card that is gone
 * nothing is written, for it would stay there. */
static void look(void)
{
	if (info->state == UIO_STUB_LIVE)
		regs[EDU_LIVE] = 0x11111111;
	printf("registers %02x info %s memory %s\n", regs[EDU_LIVE] & 0xff, state(), memory());
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = on_fault };
	struct stub_node node;
	char line[16];

	if (argc != 2)
		die("usage: keep NODE");
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGBUS, &act, NULL);
	stub_open(argv[1], &node);
	regs = stub_map(&node, "bar0", PROT_READ | PROT_WRITE);
	info = stub_map(&node, "info", PROT_READ);
	dma = stub_map(&node, "dma", PROT_READ | PROT_WRITE);
	*dma = MINE;
	puts("ready");
	while (fgets(line, sizeof(line), stdin)) {
		if (!strcmp(line, "look\n"))
			look();
		else if (!strcmp(line, "close\n") && !close(node.fd))
			puts("closed");
	}
	return 0;
}
