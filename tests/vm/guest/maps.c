// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * maps.c - has the stub's maps in its page tables and never sleeps, for who looks at those
 *
 *	maps NODE	prints "map NAME ADDRESS" for bar0, dma and info, and stays
 */
#include <stdio.h>
#include <sys/mman.h>

#include "stub.h"

static const volatile uint32_t *touched(const struct stub_node *node, const char *name)
{
	const volatile uint32_t *map = stub_map(node, name, PROT_READ);

	(void)*map;
	printf("map %s %016lx\n", name, (unsigned long)map);
	return map;
}

int main(int argc, char **argv)
{
	struct stub_node node;
	const volatile uint32_t *info;

	if (argc != 2)
		die("usage: maps NODE");
	stub_open(argv[1], &node);
	touched(&node, "bar0");
	touched(&node, "dma");
	info = touched(&node, "info");
	fflush(stdout);
	for (;;)
		(void)*info;
}
