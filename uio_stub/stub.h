/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stub.h - what the files of uio_stub know of each other
 *
 * Locks, outer before inner: the UIO core's info_lock, held in its hooks (node.c and mmap); the
 * stub's `lock`; the map lock (map.c); `command`. Who resets a card holds its device lock and
 * calls us; from inside a hook that one may only be tried for.
 */
#ifndef STUB_STUB_H
#define STUB_STUB_H

#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/uio_driver.h>

#include "uiocap/uio_stub.h"

/* The maps, in the order of uio.mem[]: no gaps there, and only BARs may be missing. */
#define STUB_MAP_INFO		0
#define STUB_MAP_DMA		1
#define STUB_MAP_BAR		2
static_assert(STUB_MAP_BAR + UIO_STUB_MAX_BARS <= MAX_UIO_MAPS);

#define STUB_INFO_BYTES		PAGE_ALIGN(sizeof(struct uio_stub_info))

/* Interrupts asked for: an enum uio_stub_irq_kind, or the best of them that the card has. */
#define STUB_IRQ_AUTO		(UIO_STUB_IRQ_MSIX + 1)

/* What is read from the 32-bit register `status` is written to `ack`; no bar: neither is there. */
struct stub_ack {
	int bar;
	u32 status;
	u32 ack;
};

/* What is known of a kind of card. */
struct stub_card {
	u16 vendor;
	u16 device;
	u8 dma_bits;			/* of an address that it can drive */
	size_t dma_size;		/* to begin with; 0: as the module's parameter says */
	struct stub_ack ack;
};

/* DMA memory: where it is for the card and for us. */
struct stub_region {
	size_t size;
	unsigned int segments;
	struct uio_stub_segment segment[UIO_STUB_MAX_SEGMENTS];
	void *virt[UIO_STUB_MAX_SEGMENTS];
};

/* The handler's argument. */
struct stub_vector {
	struct stub *stub;
	char name[32];
};

struct stub {
	struct pci_dev *pdev;
	const struct stub_card *card;
	struct uio_info uio;
	struct uio_stub_info *info;	/* the info page */
	u32 id;				/* that mappings know the card by */

	struct mutex lock;		/* for the owner, the region and the kind of interrupts */
	struct inode *owner;		/* of the open node; also under the map lock */
	bool used;			/* owners have touched registers or memory since zeroed */
	struct stub_region *region;

	int bar[UIO_STUB_MAX_BARS];	/* which BAR each map is */
	struct {
		unsigned long first, end;
	} hole[PCI_STD_NUM_BARS];	/* pages that are never mapped */

	int irq_mode;
	struct stub_ack ack;
	void __iomem *regs;		/* BAR with the registers of `ack`, while they are in use */
	unsigned int handlers;		/* that are installed, one a vector */
	struct stub_vector vector[UIO_STUB_MAX_VECTORS];

	spinlock_t command;		/* for PCI_COMMAND, which the handler of INTx writes, too */
	bool master;			/* the card may master the bus */
};

/* node.c */
int stub_open(struct uio_info *uio, struct inode *inode);
int stub_release(struct uio_info *uio, struct inode *inode);
int stub_irqcontrol(struct uio_info *uio, s32 on);
void stub_stop(struct stub *stub);

/* reset.c */
extern const struct pci_error_handlers stub_error_handlers;
extern const struct dev_pm_ops stub_pm_ops;
void stub_pause(struct pci_dev *pdev);
void stub_change_state(struct stub *stub, enum uio_stub_state state);
void stub_set_master(struct stub *stub, bool on);

/* map.c */
int stub_map_init(void);
void stub_map_exit(void);
int stub_map_add(struct stub *stub);
void stub_map_set_owner(struct stub *stub, struct inode *inode);
void stub_map_set_state(struct stub *stub, enum uio_stub_state state);

/* bar.c */
void stub_bar_find(struct stub *stub);
bool stub_bar_has(const struct stub *stub, int bar, u32 offset);
unsigned long stub_bar_pfn(const struct stub *stub, unsigned int i, unsigned long page);

/* dma.c */
int stub_dma_alloc(struct stub *stub, size_t size);
void stub_dma_free(struct stub *stub);
void stub_dma_zero(const struct stub *stub);
const void *stub_dma_virt(const struct stub *stub, unsigned long page);

/* irq.c */
extern const char * const stub_irq_modes[];
int stub_irq_alloc(struct stub *stub);
int stub_irq_request(struct stub *stub);
void stub_irq_free(struct stub *stub);
void stub_irq_set(struct stub *stub, bool on);
void stub_irq_restore(struct stub *stub);

/* attr.c */
extern const struct attribute_group *stub_attr_groups[];

#endif
