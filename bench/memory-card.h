/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory-card.h - a reference card behind the stub, all of it memory of this process
 *
 * The library opens it as /dev/uio0 of the tree that node.sh makes, and takes its whole way through
 * transport-uio.c: registers, DMA memory and the info page are mapped, and what is mapped is memory
 * that the card sees too (the linker wraps open() and mmap()). The card writes completions and no
 * payload: the library never reads any.
 */
#ifndef BENCH_MEMORY_CARD_H
#define BENCH_MEMORY_CARD_H

#include <stdbool.h>

#include "uiocap/refcard.h"
#include "uiocap/uio_stub.h"
#include "uiocap/uiocap.h"

#define MEMORY_CARD_BUS	UINT64_C(0x100000000)	/* of the DMA region, which is in one piece */

/**
 * struct memory_channel - what the card knows of a channel
 * @desc:   ring of descriptors
 * @done:   ring of completions
 * @mask:   entries of each, less one
 * @chunks: in a frame
 * @len:    bytes of a chunk; all are of the same size
 * @used:   descriptors used, which is completions written
 * @frame:  number of the next
 * @rung:   doorbells, as far as they were different when somebody looked
 * @posted: descriptors that the last of them announced
 */
struct memory_channel {
	struct refcard_desc *desc;
	struct refcard_done *done;
	uint32_t mask;
	uint32_t chunks;
	uint32_t len;
	uint64_t used;
	uint64_t frame;
	uint64_t rung;
	uint32_t posted;
};

struct memory_card {
	unsigned int channels;
	uint32_t time;
	struct memory_channel channel[REFCARD_MAX_CHANNELS];
};

/** memory_card_new - with frames of @chunks × @chunk_bytes on each channel; before it is opened */
struct memory_card *memory_card_new(unsigned int channels, uint32_t chunks, uint32_t chunk_bytes);

/** memory_card_start - reads what the library has programmed; after uiocap_card_start() */
void memory_card_start(struct memory_card *c);

/** memory_card_look - reads the doorbell of channel @ch. Returns the descriptors not used */
uint32_t memory_card_look(struct memory_card *c, unsigned int ch);

/** memory_card_doorbell - the register of channel @ch */
uint32_t *memory_card_doorbell(unsigned int ch);

/** memory_card_frame - a frame on channel @ch; the program ends where it has no buffer for it */
void memory_card_frame(struct memory_card *c, unsigned int ch);

/** memory_card_interrupt - counts it in the info page and notifies, as the stub's handler */
void memory_card_interrupt(unsigned int vector);

#endif
