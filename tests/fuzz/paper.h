/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paper.h - a reference card on paper, for fuzzers of the library: registers that are an array,
 * memory of which every byte is known, and a clock that the fuzzer moves
 *
 * It aborts where the library leaves the memory that it was given, or rings a doorbell that makes
 * no sense. Programs that use it are linked with --wrap=clock_gettime,--wrap=nanosleep.
 */
#ifndef TESTS_FUZZ_PAPER_H
#define TESTS_FUZZ_PAPER_H

#include "uiocap/refcard.h"
#include "userdrv/lib/internal.h"

#define PAPER_BAR_BYTES	0x4000
#define PAPER_CHANNELS	2
#define PAPER_SEGMENTS	2
#define PAPER_SEGMENT	(512u << 10)	/* a stream's buffer has 256 KiB */
#define PAPER_MEMORY	(PAPER_SEGMENTS * PAPER_SEGMENT)
#define PAPER_BLANK	0x5a	/* what the memory is full of in the beginning */

/**
 * struct paper - the card, and the library's transport to it
 * @ctx:      of the library
 * @t:        seam
 * @segment:  stretches of memory, with a gap between their bus addresses
 * @reg:      BAR 0
 * @doorbell: descriptors posted to each channel since its start
 */
struct paper {
	struct uiocap_ctx *ctx;
	struct transport t;
	struct uiocap_segment segment[PAPER_SEGMENTS];
	uint32_t reg[PAPER_BAR_BYTES / 4];
	uint64_t doorbell[REFCARD_MAX_CHANNELS];
};

/** paper_new - one at a time. Channel 0 is video, 64 × 56, in chunks of 16 lines, 1 a stream */
struct paper *paper_new(void);

/** paper_open - as the library does it: 0, or -errno */
int paper_open(struct paper *p, struct uiocap_card **out);

/** paper_free - after the card has been closed, or could not be opened */
void paper_free(struct paper *p);

uint32_t *paper_reg(struct paper *p, unsigned int ch, uint32_t offset);
uint64_t paper_reg64(struct paper *p, unsigned int ch, uint32_t offset);

/** paper_memory - what is at bus address @bus; aborts where it and @len bytes are not memory */
void *paper_memory(const struct paper *p, uint64_t bus, size_t len);

/** paper_desc - descriptor number @n of channel @ch, whose buffer is in memory, or else aborts */
const struct refcard_desc *paper_desc(struct paper *p, unsigned int ch, uint64_t n);

/** paper_pass - time passes */
void paper_pass(uint64_t ns);

/** paper_check - aborts where not */
void paper_check(bool ok);

#endif
