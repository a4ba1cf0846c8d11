/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk.h - a bare ring walk: the least that a program must do with a channel's rings
 *
 * It takes completions, checks that each is the one that must come next and good, posts the same
 * memory again, and rings the doorbell once for all that it has found. It has no frames that
 * somebody could keep, no time, no account of what was lost, and gives up at the first surprise.
 */
#ifndef BENCH_WALK_H
#define BENCH_WALK_H

#include "memory-card.h"

/**
 * struct walk - of one channel
 * @desc:     ring of descriptors
 * @done:     ring of completions
 * @entries:  of each; the completions follow the descriptors in memory
 * @window:   descriptors that are posted at a time
 * @chunks:   in a frame, << 16
 * @len:      bytes of a chunk
 * @status:   of a good completion, but for the phase and the marks of first and last chunk
 * @doorbell: register
 * @taken:    completions so far
 * @phase:    of this pass
 * @frame:    number of the next
 * @chunk:    in that frame, << 16
 */
struct walk {
	struct refcard_desc *desc;
	const struct refcard_done *done;
	uint32_t entries;
	uint32_t window;
	uint32_t chunks;
	uint32_t len;
	uint32_t status;
	uint32_t *doorbell;
	uint64_t taken;
	uint32_t phase;
	uint32_t frame;
	uint32_t chunk;
};

/** walk_init - goes on with what the library has posted on channel @ch and will not touch again */
void walk_init(struct walk *w, struct memory_card *c, unsigned int ch);

/** walk_take - takes what is there. Returns its bytes */
uint64_t walk_take(struct walk *w);

#endif
