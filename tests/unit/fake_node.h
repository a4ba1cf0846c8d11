/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_node.h - a node of the stub's, with its memory in this process
 *
 * The linker wraps open(), mmap() and read(): /dev/uio0 of the fake machine is one end of a socket,
 * its maps are memory that the test sees too.
 */
#ifndef TESTS_FAKE_NODE_H
#define TESTS_FAKE_NODE_H

#include "uiocap/uio_stub.h"

#define NODE_SLOT	"0000:01:00.0"
#define NODE_BAR_BYTES	8192
#define NODE_DMA_BYTES	(256 * 1024)

/** fake_node_set_up - uio0, live, with info, dma of two segments, bar0 and bar2, one MSI vector */
void fake_node_set_up(void);

void fake_node_tear_down(void);

/** fake_node_info - the page, writable */
struct uio_stub_info *fake_node_info(void);

void *fake_node_dma(void);
void *fake_node_bar0(void);

/** fake_node_open_fails - open() of the node says so; 0: it works again */
void fake_node_open_fails(int err);

/** fake_node_interrupt - as the handler does it: counts, then notifies */
void fake_node_interrupt(void);

/** fake_node_notify - wakes who sleeps in the node */
void fake_node_notify(void);

/** fake_node_remove - what remains when the card has gone */
void fake_node_remove(void);

/** fake_node_written - the value last written to the node, -1: none since the last call */
int fake_node_written(void);

#endif
