/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * uio_stub.h - what the kernel stub and its owner in user space agree on
 *
 * The stub shows a PCI card as /dev/uioN with maps found by name under
 * /sys/class/uio/uioN/maps/:
 *
 *	bar0 … bar5	memory BARs, uncached; at most three of them
 *	dma		memory that the card may read and write, cached
 *	info		struct uio_stub_info, read-only
 *
 * The PCI device's attribute `busy` reads 1 while the node is open, for those who only look.
 *
 * The page `info` is the only structure they share. Whoever has it mapped sees interrupts, a
 * reset and the removal of the card without a system call. A reader checks magic, abi and size
 * once, and then reads single fields: every field has its natural alignment and is written with
 * one store, in the byte order of the machine.
 */
#ifndef UIOCAP_UIO_STUB_H
#define UIOCAP_UIO_STUB_H

#include <linux/types.h>

#define UIO_STUB_MAGIC		0x42545355u	/* "USTB" */

/* Counts up with each change that an older reader would misread. */
#define UIO_STUB_ABI		1

#define UIO_STUB_MAX_BARS	3
#define UIO_STUB_MAX_VECTORS	32
#define UIO_STUB_MAX_SEGMENTS	256

/* uio_stub_info.state */
enum uio_stub_state {
	UIO_STUB_LIVE		= 1,
	UIO_STUB_RESETTING	= 2,	/* asleep, in reset or error recovery: do not touch it */
	UIO_STUB_REMOVED	= 3,	/* for ever: close the descriptor */
};

/* uio_stub_info.irq_kind */
enum uio_stub_irq_kind {
	UIO_STUB_IRQ_NONE	= 0,	/* none to be had: poll on a timer */
	UIO_STUB_IRQ_INTX	= 1,
	UIO_STUB_IRQ_MSI	= 2,
	UIO_STUB_IRQ_MSIX	= 3,
};

/* uio_stub_info.flags */
#define UIO_STUB_IOMMU		(1u << 0)	/* an IOMMU keeps the card inside the region */
#define UIO_STUB_MASKED		(1u << 1)	/* INTx is off until write(1) to the node */

/**
 * struct uio_stub_vector - what one interrupt vector has done
 * @count:   interrupts of the card's that the handler has taken since the module was bound;
 *           written last, so that who sees it change sees the other two as well
 * @time_ns: CLOCK_MONOTONIC time of the latest of them
 * @status:  what the acknowledge register's status read then; 0 where none is read
 */
struct uio_stub_vector {
	__u64 count;
	__u64 time_ns;
	__u32 status;
	__u32 reserved[3];
};

/**
 * struct uio_stub_segment - a stretch of the region that is contiguous for the card
 * @bus:    address to give to the card
 * @offset: where it begins in the map `dma`, in bytes
 * @len:    its length in bytes
 */
struct uio_stub_segment {
	__u64 bus;
	__u64 offset;
	__u64 len;
};

/**
 * struct uio_stub_info - the map `info`
 * @magic:      UIO_STUB_MAGIC
 * @abi:        UIO_STUB_ABI of the module
 * @size:       bytes of this structure that the module fills in
 * @state:      enum uio_stub_state
 * @generation: grows each time the card has lost what it was told (reset, suspend, error
 *              recovery): what the owner had programmed is gone
 * @irq_kind:   enum uio_stub_irq_kind
 * @vectors:    how many of @vector are in use
 * @segments:   how many of @segment are in use; they cover the map `dma` in order
 * @flags:      UIO_STUB_…; MASKED is set by writing 0 to the node, and by the interrupt handler
 *              for an INTx line that stays asserted, before it counts: so the owner need not
 *              write() to arm what is armed
 * @reserved:   0
 * @dma_size:   bytes in the map `dma`
 * @vector:     one for each interrupt vector
 * @segment:    one for each stretch of DMA memory
 */
struct uio_stub_info {
	__u32 magic;
	__u32 abi;
	__u32 size;
	__u32 state;
	__u32 generation;
	__u32 irq_kind;
	__u32 vectors;
	__u32 segments;
	__u32 flags;
	__u32 reserved[5];
	__u64 dma_size;
	struct uio_stub_vector vector[UIO_STUB_MAX_VECTORS];
	struct uio_stub_segment segment[UIO_STUB_MAX_SEGMENTS];
};

#endif
