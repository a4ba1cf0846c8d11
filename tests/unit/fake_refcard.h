/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_refcard.h - a reference card that does what the test says, true or false
 *
 * It has the registers that the library reads, and takes descriptors and writes completions on
 * request, one chunk at a time. It checks what the library must never do: a descriptor outside
 * memory, more posted than the ring holds, a doorbell that goes back.
 */
#ifndef TESTS_FAKE_REFCARD_H
#define TESTS_FAKE_REFCARD_H

#include "fake_transport.h"
#include "uiocap/refcard.h"

/**
 * struct fake_channel - what the card knows of a channel
 * @doorbell:  descriptors posted
 * @doorbells: how often it was rung
 * @desc:      number of the descriptor to be used next
 * @done:      number of the completion to be written next
 * @frame:     number of the frame to be produced next
 * @produced:  frames, as in the register
 */
struct fake_channel {
	uint64_t doorbell;
	unsigned int doorbells;
	uint64_t desc;
	uint64_t done;
	uint64_t frame;
	uint64_t produced;
};

struct fake_refcard {
	struct fake_transport *f;
	unsigned int channels;
	struct fake_channel ch[REFCARD_MAX_CHANNELS];
	uint64_t time;
};

/** fake_refcard_new - @channels of video, @width × @height, 16 lines a chunk, on @f */
struct fake_refcard *fake_refcard_new(struct fake_transport *f, unsigned int channels,
				      uint32_t width, uint32_t height);

/** fake_pass - time passes, @ticks of the card's clock */
void fake_pass(struct fake_refcard *c, uint64_t ticks);

/** fake_reset - the card forgets what it was told; @over: it is there again, else not yet */
void fake_reset(struct fake_refcard *c, bool over);

/** fake_stream - makes channel @ch a stream; before the card is opened */
void fake_stream(struct fake_refcard *c, unsigned int ch);

/** fake_chunks - chunks of a frame, as programmed */
uint32_t fake_chunks(const struct fake_refcard *c, unsigned int ch);

/** fake_byte - what the card writes all over a chunk */
uint8_t fake_byte(unsigned int ch, uint64_t frame, uint32_t chunk);

/** fake_chunk_len - bytes of that chunk */
uint32_t fake_chunk_len(const struct fake_refcard *c, unsigned int ch, uint32_t chunk);

/** fake_room - descriptors posted and not used */
uint64_t fake_room(const struct fake_refcard *c, unsigned int ch);

/** fake_done - writes a completion at the next place, with the right phase */
void fake_done(struct fake_refcard *c, unsigned int ch, uint32_t frame, uint32_t chunk,
	       uint64_t desc, uint32_t status);

/** fake_payload - uses the next descriptor for @chunk of the frame under way. Returns its number */
uint64_t fake_payload(struct fake_refcard *c, unsigned int ch, uint32_t chunk);

/** fake_chunk - payload and completion as they should be */
void fake_chunk(struct fake_refcard *c, unsigned int ch, uint32_t chunk);

/** fake_frame - a whole frame, or a dropped one if there are not enough descriptors */
bool fake_frame(struct fake_refcard *c, unsigned int ch);

/** fake_end_frame - the frame under way is complete: count it */
void fake_end_frame(struct fake_refcard *c, unsigned int ch);

/** fake_status - status word of a good completion, without phase */
uint32_t fake_status(const struct fake_refcard *c, unsigned int ch, uint32_t chunk);

/** fake_ring_entries - as programmed */
uint32_t fake_ring_entries(const struct fake_refcard *c, unsigned int ch);

#endif
