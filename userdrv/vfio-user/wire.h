/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wire.h - the messages of the vfio-user protocol, version 0.0
 *
 * Written from the protocol's specification (docs/interop/vfio-user.rst of QEMU 10.1). A message is
 * a header and a payload, in the byte order of the machine, over a Unix stream socket; descriptors
 * travel beside its first byte. Region, interrupt and flag numbers are those of linux/vfio.h.
 */
#ifndef VFIO_USER_WIRE_H
#define VFIO_USER_WIRE_H

#include <stdint.h>

#define VU_MAJOR		0
#define VU_MINOR		0

enum vu_command {
	VU_VERSION		= 1,
	VU_DMA_MAP		= 2,
	VU_DMA_UNMAP		= 3,
	VU_DEVICE_INFO		= 4,
	VU_REGION_INFO		= 5,
	VU_IRQ_INFO		= 7,
	VU_SET_IRQS		= 8,
	VU_REGION_READ		= 9,
	VU_REGION_WRITE		= 10,
	VU_DEVICE_RESET		= 13,
};

/* vu_header.flags */
#define VU_TYPE			0x0000000fu
#define  VU_TYPE_COMMAND	0
#define  VU_TYPE_REPLY		1
#define VU_NO_REPLY		(1u << 4)
#define VU_ERROR		(1u << 5)

/**
 * struct vu_header - what each message begins with
 * @id:      chosen by who sends a command, repeated in the reply
 * @command: enum vu_command, repeated in the reply
 * @size:    bytes of the message, this header included
 * @flags:   VU_TYPE, VU_NO_REPLY, VU_ERROR
 * @error:   errno, in a reply with VU_ERROR, which has no payload
 */
struct vu_header {
	uint16_t id;
	uint16_t command;
	uint32_t size;
	uint32_t flags;
	uint32_t error;
};

/* VU_VERSION, command and reply: followed by nothing, or by capabilities in JSON and a NUL */
struct vu_version {
	uint16_t major;
	uint16_t minor;
};

/* VU_DMA_MAP: with the descriptor of the memory, if it can be mapped; the reply is empty */
struct vu_dma_map {
	uint32_t argsz;
	uint32_t flags;		/* VFIO_DMA_MAP_FLAG_READ, …_WRITE */
	uint64_t offset;	/* in the descriptor's file */
	uint64_t addr;		/* bus address */
	uint64_t size;
};

/* VU_DMA_UNMAP; the reply repeats it */
struct vu_dma_unmap {
	uint32_t argsz;
	uint32_t flags;		/* VFIO_DMA_UNMAP_FLAG_ALL: not specified, but QEMU sends it */
	uint64_t addr;
	uint64_t size;
};

/* VU_DEVICE_INFO, command and reply */
struct vu_device_info {
	uint32_t argsz;
	uint32_t flags;		/* VFIO_DEVICE_FLAGS_RESET, …_PCI */
	uint32_t regions;
	uint32_t irqs;
};

/* VU_REGION_INFO, command and reply: struct vfio_region_info */
struct vu_region_info {
	uint32_t argsz;
	uint32_t flags;		/* VFIO_REGION_INFO_FLAG_… */
	uint32_t index;
	uint32_t cap_offset;
	uint64_t size;
	uint64_t offset;
};

/* VU_IRQ_INFO, command and reply: struct vfio_irq_info */
struct vu_irq_info {
	uint32_t argsz;
	uint32_t flags;		/* VFIO_IRQ_INFO_… */
	uint32_t index;
	uint32_t count;
};

/* VU_SET_IRQS: struct vfio_irq_set, followed by one byte a vector with VFIO_IRQ_SET_DATA_BOOL */
struct vu_irq_set {
	uint32_t argsz;
	uint32_t flags;		/* VFIO_IRQ_SET_DATA_…, …_ACTION_… */
	uint32_t index;
	uint32_t start;
	uint32_t count;
};

/* VU_REGION_READ, VU_REGION_WRITE: a write's command and a read's reply are followed by the data */
struct vu_region_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
};

#endif
