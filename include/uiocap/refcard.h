/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * refcard.h - registers and ring entries of the uiocap reference card
 *
 * The data sheet is doc/refcard.md (refcard(7)); §N are its sections. Everything is little-endian;
 * registers are 32 bits wide and are accessed as such.
 */
#ifndef UIOCAP_REFCARD_H
#define UIOCAP_REFCARD_H

#include <linux/types.h>

/* §2 PCI function */
#define REFCARD_VENDOR_ID		0x1234
#define REFCARD_DEVICE_ID		0x0cab
#define REFCARD_BAR			0	/* registers */
#define REFCARD_BAR_SIZE		0x4000
#define REFCARD_MSIX_BAR		1	/* MSI-X table and PBA, nothing else */
#define REFCARD_MSIX_BAR_SIZE		0x1000
#define REFCARD_MAX_CHANNELS		16
#define REFCARD_VECTORS			16	/* MSI-X: vector n is channel n's */

/* §3 Global registers, in BAR 0 */
#define REFCARD_ID			0x000	/* RO: REFCARD_ID_VALUE */
#define  REFCARD_ID_VALUE		0x50414355u	/* "UCAP" */
#define REFCARD_VERSION			0x004	/* RO: major << 16 | minor */
#define  REFCARD_VERSION_1_0		0x00010000u
#define REFCARD_CAPS			0x008	/* RO */
#define  REFCARD_CAPS_CHANNELS		0x000000ffu	/* channels in all */
#define  REFCARD_CAPS_FAULTS		(1u << 31)	/* has the fault registers of §10 */
#define REFCARD_CTRL			0x00c
#define  REFCARD_CTRL_RESET		(1u << 0)	/* W1, reads 0: §8 */
#define REFCARD_SERIAL_LO		0x010	/* RO */
#define REFCARD_SERIAL_HI		0x014	/* RO */
#define REFCARD_TIME_LO			0x018	/* RO: ticks of 8 ns; reading it latches TIME_HI */
#define REFCARD_TIME_HI			0x01c	/* RO */
#define REFCARD_IRQ_STATUS		0x020	/* RO: bit n: channel n has news (data ready) */
#define REFCARD_IRQ_ACK			0x024	/* W1C of IRQ_STATUS */
#define REFCARD_IRQ_MASK		0x028	/* RW: bit n: channel n may interrupt */
#define REFCARD_IRQ_FORCE		0x02c	/* W1: sets status bits: self test */

#define REFCARD_TICK_NS			8

/* §4 Channel registers: channel n's block is at REFCARD_CHANNEL(n) */
#define REFCARD_CHANNEL(n)		(0x1000u + 0x100u * (n))
#define REFCARD_CH_CTRL			0x00
#define  REFCARD_CH_ENABLE		(1u << 0)
#define  REFCARD_CH_HOLD		(1u << 1)	/* wait rather than drop: §5 */
#define REFCARD_CH_KIND			0x04	/* RO */
#define  REFCARD_KIND_VIDEO		1
#define  REFCARD_KIND_STREAM		2
#define REFCARD_CH_WIDTH		0x08	/* video: bytes a line; RO in most cards */
#define REFCARD_CH_HEIGHT		0x0c	/* video: lines a frame */
#define REFCARD_CH_PERIOD		0x10	/* RO: ns a frame; 0: not paced, or a stream */
#define REFCARD_CH_CHUNK_LINES		0x14	/* RW: video: lines a chunk, 1 … height */
#define REFCARD_CH_RING_LO		0x18	/* RW: bus address, descriptors; 64-byte aligned */
#define REFCARD_CH_RING_HI		0x1c
#define REFCARD_CH_DONE_LO		0x20	/* RW: bus address, completions; 64-byte aligned */
#define REFCARD_CH_DONE_HI		0x24
#define REFCARD_CH_RING_ORDER		0x28	/* RW: log2 of the entries of each ring */
#define REFCARD_CH_DOORBELL		0x2c	/* WO: how many are posted since ENABLE, mod 2^32 */
#define REFCARD_CH_IRQ			0x30	/* RW: moderation, §7 */
#define  REFCARD_CH_IRQ_COUNT		0x0000ffffu	/* completions that raise it; 0: none do */
#define  REFCARD_CH_IRQ_TIME_SHIFT	16		/* µs from the first unreported; 0: never */
#define  REFCARD_CH_IRQ_EOF		(1u << 31)	/* and at each end of frame */
#define REFCARD_CH_IDLE			0x34	/* RW: stream: µs of silence that end a buffer */
#define REFCARD_CH_PRODUCED_LO		0x38	/* RO: frames (stream: bytes) since ENABLE; */
#define REFCARD_CH_PRODUCED_HI		0x3c	/*     reading LO latches HI */
#define REFCARD_CH_DROPPED_LO		0x40	/* RO: of these, dropped for want of descriptors; */
#define REFCARD_CH_DROPPED_HI		0x44	/*     reading LO latches HI */
#define REFCARD_CH_STATUS		0x48	/* RO */
#define  REFCARD_CH_RUNNING		(1u << 0)	/* DMA may still happen */
#define  REFCARD_CH_ERROR		(1u << 1)	/* stopped: bad ring or descriptor, §9 */

/* §10 Fault injection: simulated cards only, reads 0 elsewhere */
#define REFCARD_FAULT_KIND		0x800	/* RW: enum refcard_fault */
#define REFCARD_FAULT_CHANNEL		0x804	/* RW: the channel it happens on */
#define REFCARD_FAULT_AFTER		0x808	/* RW: chunks (or interrupts) until the first */
#define REFCARD_FAULT_COUNT		0x80c	/* RW: how often; arms it. Reads what is left */
#define REFCARD_FAULT_ARG		0x810	/* RW: STRAY: bytes from the buffer on */

#define REFCARD_MIN_RING_ORDER		2
#define REFCARD_MAX_RING_ORDER		16
#define REFCARD_MAX_CHUNK_BYTES		0x40000u

/* §5 Descriptor, 16 bytes, written by the host: where one chunk may go */
struct refcard_desc {
	__le64 addr;		/* bus address, of any alignment */
	__le32 len;		/* bytes, 1 … REFCARD_MAX_CHUNK_BYTES */
	__le32 reserved;	/* 0 */
};

/* §6 Completion, 16 bytes, written by the card */
struct refcard_done {
	__le32 frame;		/* number of the frame (stream: buffer) since ENABLE, modulo 2^32 */
	__le32 where;		/* chunk in the frame << 16 | descriptor number modulo 2^16 */
	__le32 time;		/* low half of TIME when the chunk's last byte was in memory */
	__le32 status;		/* written last; see below */
};

#define REFCARD_DONE_LEN		0x000fffffu	/* bytes written */
#define REFCARD_DONE_CHANNEL(ch)	((uint32_t)(ch) << 20)
#define REFCARD_DONE_CHANNELS		REFCARD_DONE_CHANNEL(15)
#define REFCARD_DONE_SOF		(1u << 24)	/* first chunk of the frame */
#define REFCARD_DONE_EOF		(1u << 25)	/* last chunk; a stream's buffer has both */
#define REFCARD_DONE_OVERRUN		(1u << 26)	/* the card lost (part of) this chunk */
#define REFCARD_DONE_CORRUPT		(1u << 27)	/* the card knows the data to be damaged */
#define REFCARD_DONE_END		(1u << 28)	/* stream: nothing follows */
#define REFCARD_DONE_PHASE		(1u << 31)	/* 1 in the first pass, 0 in the next, … */

/* §10 */
enum refcard_fault {
	REFCARD_FAULT_NONE = 0,
	REFCARD_FAULT_DROP_IRQ,		/* an interrupt is not sent */
	REFCARD_FAULT_SPURIOUS_IRQ,	/* an interrupt without news */
	REFCARD_FAULT_DROP_CHUNK,	/* overrun: completed with length 0 and OVERRUN */
	REFCARD_FAULT_DROP_DONE,	/* data written, completion not */
	REFCARD_FAULT_DUP_DONE,		/* completion written twice */
	REFCARD_FAULT_SWAP_DONE,	/* two completions in the wrong order */
	REFCARD_FAULT_SHORT,		/* chunk shorter than it should be */
	REFCARD_FAULT_LONG,		/* completion claims more than there was room for */
	REFCARD_FAULT_BAD_INDEX,	/* completion names a descriptor that was never posted */
	REFCARD_FAULT_PHASE,		/* completion with the wrong phase */
	REFCARD_FAULT_CORRUPT,		/* payload damaged, flagged CORRUPT */
	REFCARD_FAULT_SILENT,		/* payload damaged, not flagged */
	REFCARD_FAULT_STRAY,		/* data written outside the posted buffer */
	REFCARD_FAULT_DEAD_ONES,	/* every register reads all ones, DMA stops */
	REFCARD_FAULT_DEAD_ZEROS,	/* every register reads 0, DMA stops */
};

#endif
