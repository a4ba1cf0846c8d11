/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transport.h - the seam between the library and how a card is reached
 *
 * A transport maps registers, gives DMA memory with the card's addresses for it, and waits for an
 * interrupt. It knows nothing of descriptors, channels or frames.
 */
#ifndef UIOCAP_TRANSPORT_H
#define UIOCAP_TRANSPORT_H

#include "uiocap/uiocap.h"

#define TRANSPORT_SLOT_SIZE	16	/* "0000:03:00.0" and room for wide domains */

struct card_ops;
struct transport;

/**
 * struct transport_ops - one kind of transport
 * @name:     "uio", "vfio-user", "service"
 * @matches:  does @spec belong to this kind?
 * @open:     reaches the card; -errno and a log message
 * @close:    leaves the card without DMA; frees everything
 * @bar_size: bytes of BAR @bar that can be reached, 0: none
 * @read32:   a register; all ones and -ENODEV where the card is gone
 * @write32:  a register, after everything that this thread has stored into DMA memory before
 * @check:    0 while the card is as the last @accept left it, -ESTALE when it was reset since or
 *            is in reset, -ENODEV when it is gone. Reads memory only: called once a batch
 * @accept:   "I start anew": check is 0 again, unless the card is gone or in reset, where this does
 *            nothing
 * @wait:     until an interrupt: 1, 0 on timeout, -ENODEV, -EINTR. An interrupt between two
 *            calls ends the second at once. So does a reset that begins, and the end of one that
 *            had begun before. -ESTALE is left to @check. Timeouts are finite nearly always; an
 *            edge-triggered epoll(7) does it in one system call. INTx that was masked is unmasked
 *            on the way in: the card has been acknowledged since
 * @irq:      what a vector has done; reads memory only
 */
struct transport_ops {
	const char *name;
	bool (*matches)(const char *spec);
	int (*open)(struct uiocap_ctx *ctx, const char *spec, struct transport **out);
	void (*close)(struct transport *t);
	size_t (*bar_size)(const struct transport *t, unsigned int bar);
	int (*read32)(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value);
	int (*write32)(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value);
	int (*check)(const struct transport *t);
	void (*accept)(struct transport *t);
	int (*wait)(struct transport *t, int64_t timeout_ns);
	void (*irq)(const struct transport *t, unsigned int vector, struct uiocap_irq *out);
};

/**
 * struct transport - what is the same for all; embedded in each one's own
 * @ops:      its kind
 * @ctx:      where messages go
 * @spec:     in full; owned by the transport
 * @slot:     PCI address, or ""
 * @vendor:   PCI vendor id
 * @device:   PCI device id
 * @only:     the card kind that belongs to it, whatever the ids; NULL: any
 * @irq_kind: how the card interrupts
 * @wakes:    wait() ends when there is news though the card, as far as is known, does not interrupt
 * @vectors:  interrupt vectors in use
 * @acks:     acknowledges the card's interrupts itself, as the stub does; else card_ops.ack does
 * @iommu:    an IOMMU keeps the card inside the region
 * @dma:      the whole region, one mapping
 * @dma_len:  its bytes
 * @segment:  the stretches it consists of, in order; .data points into @dma
 * @segments: how many
 * @syscalls: system calls made since @open, counted by who makes them: the transport, and the
 *            waiting code for its own
 * @fd:       readable when there may be an interrupt, a reset or the card has gone
 */
struct transport {
	const struct transport_ops *ops;
	struct uiocap_ctx *ctx;
	char *spec;
	char slot[TRANSPORT_SLOT_SIZE];
	uint16_t vendor;
	uint16_t device;
	const struct card_ops *only;
	enum uiocap_irq_kind irq_kind;
	bool wakes;
	unsigned int vectors;
	bool acks;
	bool iommu;
	uint8_t *dma;
	size_t dma_len;
	struct uiocap_segment *segment;
	unsigned int segments;
	uint64_t syscalls;
	int fd;
};

extern const struct transport_ops transport_uio;
extern const struct transport_ops transport_vfio_user;
extern const struct transport_ops transport_service;

/** transport_open - by the kind that @spec belongs to */
int transport_open(struct uiocap_ctx *ctx, const char *spec, struct transport **out);

#endif
