// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aim.c - has the reference card read its descriptors where an owner should not let it
 *
 *	aim NODE ADDRESS	a bus address; succeeds when the card says that it could not
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stub.h"
#include "uiocap/refcard.h"

#define ORDER	4
#define WAIT_NS	INT64_C(20000000000)

static volatile uint32_t *regs;

static volatile uint32_t *reg(uint32_t offset)
{
	return &regs[(REFCARD_CHANNEL(0) + offset) / 4];
}

int main(int argc, char **argv)
{
	struct stub_node node;
	uint32_t address;
	int64_t deadline;

	if (argc != 3)
		die("usage: aim NODE ADDRESS");
	address = strtoul(argv[2], NULL, 0);
	stub_open(argv[1], &node);
	regs = stub_map(&node, "bar0", PROT_READ | PROT_WRITE);
	*reg(REFCARD_CH_RING_LO) = address;
	*reg(REFCARD_CH_RING_HI) = 0;
	*reg(REFCARD_CH_DONE_LO) = address;
	*reg(REFCARD_CH_DONE_HI) = 0;
	*reg(REFCARD_CH_RING_ORDER) = ORDER;
	*reg(REFCARD_CH_CTRL) = REFCARD_CH_ENABLE;
	*reg(REFCARD_CH_DOORBELL) = 1u << ORDER;
	deadline = now_ns() + WAIT_NS;
	while (!(*reg(REFCARD_CH_STATUS) & REFCARD_CH_ERROR)) {
		if (now_ns() > deadline)
			die("it does not complain");
		usleep(1000);
	}
	return 0;
}
