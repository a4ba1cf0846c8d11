/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - a frame as sinks see it: they know nothing of cards
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct image - a whole frame, 8 bits a pixel, lines without padding
 * @channel:     number
 * @number:      of the frame, from 0
 * @card_number: as the card counts, which begins at 0 again after a reset
 * @width:       pixels in a line
 * @height:      lines
 * @chunk_lines: lines that came in one transfer
 * @period_ns:   time from frame to frame, 0: not fixed
 * @data:        width × height bytes
 */
struct image {
	unsigned int channel;
	uint64_t number;
	uint64_t card_number;
	uint32_t width;
	uint32_t height;
	uint32_t chunk_lines;
	uint64_t period_ns;
	const uint8_t *data;
};

static inline size_t image_size(const struct image *image)
{
	return (size_t)image->width * image->height;
}

#endif
