/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of uio_stub know of each other
 *
 * Locks, outer before inner: the UIO core's info_lock, held in its hooks (open to irqcontrol, and
 * mmap); the stub's `lock`; the map lock (map.c); `command`. Who resets a card holds its device
 * lock and calls us; from inside a hook that one may only be tried for.
 */
#ifndef UIO_STUB_STUB_H
#define UIO_STUB_STUB_H

#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/uio_driver.h>

#include "uiocap/uio_stub.h"

/* The maps, in the order of uio.mem[]: no gaps there, and only BARs may be missing. */
enum { STUB_MAP_INFO, STUB_MAP_DMA, STUB_MAP_BAR };
static_assert(STUB_MAP_BAR + UIO_STUB_MAX_BARS <= MAX_UIO_MAPS);

#define STUB_INFO_BYTES		PAGE_ALIGN(sizeof(struct uio_stub_info))

/* A way to ask for interrupts, beside enum uio_stub_irq_kind: the best that the card has. */
#define STUB_IRQ_AUTO		(UIO_STUB_IRQ_MSIX + 1)

/* What is read from the 32-bit register `status` is written to `ack`; bar < 0: there are none. */
struct stub_ack {
	int bar;
	u32 status, ack;
};

struct stub {
	struct pci_dev *pdev;
	struct uio_info uio;
	struct uio_stub_info *info;	/* the info page */
	u32 id;				/* that mappings know the card by */
	struct mutex lock;		/* for owner, DMA memory, ack and the kind of interrupts */
	struct inode *owner;		/* of the open node; also under the map lock */
	bool used;			/* owners have touched registers or memory since zeroed */
	void *virt[UIO_STUB_MAX_SEGMENTS];		/* of info->segment[] */
	resource_size_t bar_len[PCI_STD_NUM_BARS];	/* up to what is not for owners */
	struct stub_ack ack;
	void __iomem *regs;		/* the BAR that `ack` means */
	struct stub *handler[UIO_STUB_MAX_VECTORS];	/* argument: its place is the vector */
	spinlock_t command;		/* for PCI_COMMAND, which the handler of INTx writes, too */
};

/* stub_NAME_…() is in NAME.c, the rest in main.c */
void stub_write_command(struct stub *stub);
int stub_map_add(struct stub *stub);
void stub_map_set_owner(struct stub *stub, struct inode *inode);
void stub_map_set_state(struct stub *stub, enum uio_stub_state state);
int stub_dma_resize(struct stub *stub, size_t size);
void stub_dma_free(struct stub *stub);
void stub_dma_zero(const struct stub *stub);
const void *stub_dma_virt(const struct stub *stub, unsigned long page);
int stub_irq_setup(struct stub *stub, int mode);
void stub_irq_free(struct stub *stub);
void stub_irq_set(struct stub *stub, bool on);
extern const struct attribute_group *stub_attr_groups[];

#endif
