// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pattern.c - makes and checks the test pattern (refcard §11)
 *
 * A line is made in one pass: a row of the prepared picture, OR a stretch of a table of noise that
 * starts where a hash of channel, frame and line says.
 */
#include "pattern.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"

#define NOISE_BITS	16
#define NOISE_PERIOD	(1u << NOISE_BITS)
#define NOISE_MASK	7u

struct pattern {
	struct picture pic;
	unsigned int channel;
	uint8_t *pixels;	/* what stands still */
	uint8_t *track;		/* two widths: a window on it moves */
	uint8_t *noise;		/* one period and one width */
	uint8_t *expected;	/* a line to compare with */
};

/* Compiled to whatever vectors the machine has, without regard to the optimiser's mood. */
typedef uint8_t bytes32 __attribute__((vector_size(32), aligned(1), may_alias));

/* §11.1: scatters a number over 64 bits; one-to-one. */
static uint64_t scatter(uint64_t x)
{
	x = (x ^ x >> 31) * 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 29) * 0xd1342543de82ef95u;
	return x ^ x >> 32;
}

static int fill(struct pattern *p)
{
	size_t w = p->pic.width;

	p->pixels = malloc(w * p->pic.height);
	p->track = malloc(2 * w);
	p->noise = malloc(NOISE_PERIOD + w);
	p->expected = malloc(w);
	if (!p->pixels || !p->track || !p->noise || !p->expected)
		return -ENOMEM;
	picture_draw(&p->pic, p->channel, p->pixels);
	picture_track(&p->pic, p->track);
	for (size_t i = 0; i < NOISE_PERIOD + w; i++)
		p->noise[i] = scatter(i % NOISE_PERIOD) >> 61;
	return 0;
}

int pattern_new(unsigned int channel, unsigned int width, unsigned int height,
		struct pattern **out)
{
	struct pattern *p;
	int err;

	if (!width || width > PATTERN_MAX_WIDTH || !height || height > PATTERN_MAX_HEIGHT)
		return -EINVAL;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->channel = channel;
	picture_plan(&p->pic, width, height);
	err = fill(p);
	if (err) {
		pattern_free(p);
		return err;
	}
	*out = p;
	return 0;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	free(p->pixels);
	free(p->track);
	free(p->noise);
	free(p->expected);
	free(p);
}

static const uint8_t *noise_of(const struct pattern *p, uint32_t frame, unsigned int line)
{
	uint64_t key = (uint64_t)p->channel << 48 | (uint64_t)frame << 16 | line;

	return p->noise + (scatter(key) >> (64 - NOISE_BITS));
}

static const uint8_t *row_of(const struct pattern *p, uint32_t frame, unsigned int line)
{
	const struct picture *pic = &p->pic;

	if (line < pic->track_top || line >= pic->track_end)
		return p->pixels + (size_t)line * pic->width;
	/* the window moves left over the track, so the block moves right */
	return p->track + pic->width - (uint64_t)frame * pic->step % pic->width;
}

static void merge(uint8_t *dst, const uint8_t *row, const uint8_t *noise, size_t len)
{
	size_t i = 0;

	for (; i + sizeof(bytes32) <= len; i += sizeof(bytes32))
		*(bytes32 *)(dst + i) = *(const bytes32 *)(row + i) | *(const bytes32 *)(noise + i);
	for (; i < len; i++)
		dst[i] = row[i] | noise[i];
}

/* The frame's number in digits, over what is there; the noise stays. */
static void write_counter(const struct picture *pic, uint32_t frame, unsigned int line,
			  uint8_t *dst)
{
	unsigned int scale = pic->counter_scale;
	uint8_t *end = dst + pic->counter_left +
		       (size_t)PICTURE_COUNTER_DIGITS * PICTURE_GLYPH_PITCH * scale;
	unsigned int row = (line - pic->counter_top) / scale;

	for (int digit = 0; digit < PICTURE_COUNTER_DIGITS; digit++, frame /= 10) {
		end -= PICTURE_GLYPH_PITCH * scale;
		for (unsigned int x = 0; x < PICTURE_GLYPH_PITCH * scale; x++) {
			bool ink = x / scale < PICTURE_GLYPH_WIDTH &&
				   picture_glyph_dot((char)('0' + frame % 10), x / scale, row);

			end[x] = (ink ? PICTURE_WHITE : PICTURE_BLACK) | (end[x] & NOISE_MASK);
		}
	}
}

void pattern_line(const struct pattern *p, uint32_t frame, unsigned int line, uint8_t *dst)
{
	const struct picture *pic = &p->pic;

	merge(dst, row_of(p, frame, line), noise_of(p, frame, line), pic->width);
	if (pic->counter_scale && line >= pic->counter_top &&
	    line < pic->counter_top + PICTURE_GLYPH_HEIGHT * pic->counter_scale)
		write_counter(pic, frame, line, dst);
}

static long first_difference(const uint8_t *a, const uint8_t *b, size_t len)
{
	if (!memcmp(a, b, len))
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (a[i] != b[i])
			return (long)i;
	}
	return -1;
}

long pattern_check_line(struct pattern *p, uint32_t frame, unsigned int line, const uint8_t *src)
{
	pattern_line(p, frame, line, p->expected);
	return first_difference(src, p->expected, p->pic.width);
}

/* §11.3: eight bytes of the stream */
static uint64_t stream_word(unsigned int channel, uint64_t index)
{
	return htole64(scatter((uint64_t)channel << 56 | (index & ~(UINT64_C(0xff) << 56))));
}

void pattern_stream(unsigned int channel, uint64_t pos, void *dst, size_t len)
{
	uint8_t *to = dst;

	while (len) {
		uint64_t word = stream_word(channel, pos / sizeof(word));
		size_t skip = pos % sizeof(word);
		size_t n = len < sizeof(word) - skip ? len : sizeof(word) - skip;

		memcpy(to, (const uint8_t *)&word + skip, n);
		to += n;
		pos += n;
		len -= n;
	}
}

long pattern_check_stream(unsigned int channel, uint64_t pos, const void *src, size_t len)
{
	const uint8_t *from = src;
	uint8_t expected[4096];

	for (size_t done = 0; done < len;) {
		size_t n = len - done < sizeof(expected) ? len - done : sizeof(expected);
		long bad;

		pattern_stream(channel, pos + done, expected, n);
		bad = first_difference(from + done, expected, n);
		if (bad >= 0)
			return (long)done + bad;
		done += n;
	}
	return -1;
}
