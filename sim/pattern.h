/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pattern.h - the test pattern (refcard §11): made by the card, checked by whoever receives it
 *
 * Each byte of a frame is a pixel whose upper five bits are a picture for people and whose lower
 * three are noise that depends on channel, frame, line and column. A byte stream is noise alone.
 */
#ifndef SIM_PATTERN_H
#define SIM_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#define PATTERN_MAX_WIDTH	0x40000u	/* a line fits into the largest chunk */
#define PATTERN_MAX_HEIGHT	0xffffu

struct pattern;

/**
 * pattern_new - prepare the frames of a channel
 * @channel: its number
 * @width:   bytes in a line, 1 … PATTERN_MAX_WIDTH
 * @height:  lines in a frame, 1 … PATTERN_MAX_HEIGHT
 *
 * -EINVAL or -ENOMEM. An object is for one thread at a time.
 */
int pattern_new(unsigned int channel, unsigned int width, unsigned int height,
		struct pattern **out);
void pattern_free(struct pattern *p);

/** pattern_line - write line @line of frame @frame, width bytes, to @dst */
void pattern_line(const struct pattern *p, uint32_t frame, unsigned int line, uint8_t *dst);

/** pattern_check_line - the first column of @src that is wrong, or -1 */
long pattern_check_line(struct pattern *p, uint32_t frame, unsigned int line, const uint8_t *src);

/** pattern_stream - write bytes @pos … @pos + @len - 1 of @channel's generated stream */
void pattern_stream(unsigned int channel, uint64_t pos, void *dst, size_t len);

/** pattern_check_stream - index of the first byte of @src that is wrong, or -1 */
long pattern_check_stream(unsigned int channel, uint64_t pos, const void *src, size_t len);

#endif
