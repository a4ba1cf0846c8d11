/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * picture.h - the part of the test pattern that people look at (refcard §11.2)
 *
 * Pixels are multiples of 8: the lower three bits are left for the noise.
 */
#ifndef SIM_PICTURE_H
#define SIM_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct picture - where the things are that move with the frame number
 * @width:         pixels in a line
 * @height:        lines
 * @track_top:     first line of the track on which a block runs
 * @track_end:     line after the last
 * @step:          pixels that the block runs in a frame
 * @block:         length of the block
 * @counter_left:  first column of the frame counter
 * @counter_top:   its first line
 * @counter_scale: pixels for each dot of a digit; 0: the picture is too small for a counter
 */
struct picture {
	unsigned int width;
	unsigned int height;
	unsigned int track_top;
	unsigned int track_end;
	unsigned int step;
	unsigned int block;
	unsigned int counter_left;
	unsigned int counter_top;
	unsigned int counter_scale;
};

#define PICTURE_COUNTER_DIGITS	10	/* of a 32-bit number */
#define PICTURE_GLYPH_WIDTH	5
#define PICTURE_GLYPH_HEIGHT	7
#define PICTURE_GLYPH_PITCH	6

#define PICTURE_BLACK		0x08
#define PICTURE_WHITE		0xf8

/** picture_plan - lay out a picture of this size */
void picture_plan(struct picture *pic, unsigned int width, unsigned int height);

/** picture_draw - everything that stands still, for one channel, into width × height bytes */
void picture_draw(const struct picture *pic, unsigned int channel, uint8_t *pixels);

/** picture_track - the track, two widths long, the block at the start of each */
void picture_track(const struct picture *pic, uint8_t *row);

/** picture_glyph_dot - is there ink in column @x, row @y of the glyph for @c? */
bool picture_glyph_dot(char c, unsigned int x, unsigned int y);

#endif
