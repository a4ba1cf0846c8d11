// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture.c - draws the test card (refcard §11.2), once for each channel
 */
#include "picture.h"

#include <stdio.h>
#include <string.h>

#define FIVE_BITS	0xf8

#define BACKGROUND	0x50
#define GRID		0x88
#define DISC		0x20
#define TRACK		0x18

/* Five dots a row, the leftmost is bit 4. */
static const struct {
	char c;
	uint8_t rows[PICTURE_GLYPH_HEIGHT];
} font[] = {
	{ '0', { 0x0e, 0x11, 0x11, 0x15, 0x11, 0x11, 0x0e } },
	{ '1', { 0x04, 0x0c, 0x14, 0x04, 0x04, 0x04, 0x1f } },
	{ '2', { 0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f } },
	{ '3', { 0x0e, 0x11, 0x01, 0x06, 0x01, 0x11, 0x0e } },
	{ '4', { 0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02 } },
	{ '5', { 0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e } },
	{ '6', { 0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e } },
	{ '7', { 0x1f, 0x01, 0x02, 0x02, 0x04, 0x04, 0x04 } },
	{ '8', { 0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e } },
	{ '9', { 0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c } },
	{ 'u', { 0x00, 0x00, 0x11, 0x11, 0x11, 0x13, 0x0d } },
	{ 'i', { 0x04, 0x00, 0x0c, 0x04, 0x04, 0x04, 0x0e } },
	{ 'o', { 0x00, 0x00, 0x0e, 0x11, 0x11, 0x11, 0x0e } },
	{ 'c', { 0x00, 0x00, 0x0f, 0x10, 0x10, 0x10, 0x0f } },
	{ 'a', { 0x00, 0x00, 0x0e, 0x01, 0x0f, 0x11, 0x0f } },
	{ 'p', { 0x00, 0x00, 0x1e, 0x11, 0x1e, 0x10, 0x10 } },
};

bool picture_glyph_dot(char c, unsigned int x, unsigned int y)
{
	for (size_t i = 0; i < sizeof(font) / sizeof(font[0]); i++) {
		if (font[i].c == c)
			return font[i].rows[y] >> (PICTURE_GLYPH_WIDTH - 1 - x) & 1;
	}
	return false;
}

static unsigned int at_least(unsigned int n, unsigned int min)
{
	return n > min ? n : min;
}

void picture_plan(struct picture *pic, unsigned int width, unsigned int height)
{
	bool room = width >= 64 && height >= 64;

	*pic = (struct picture) {
		.width = width,
		.height = height,
		.track_top = height / 8,
		.track_end = height / 8 + height / 32,
		.step = at_least(width / 160, 1),
		.block = at_least(width / 16, 1),
		.counter_scale = room ? at_least(width / 320, 1) : 0,
	};
	pic->counter_left = pic->counter_scale * 2;
	if (room)
		pic->counter_top = height - height / 8 -
				   (PICTURE_GLYPH_HEIGHT + 2) * pic->counter_scale;
}

void picture_track(const struct picture *pic, uint8_t *row)
{
	memset(row, TRACK, 2 * (size_t)pic->width);
	memset(row, PICTURE_WHITE, pic->block);
	memset(row + pic->width, PICTURE_WHITE, pic->block);
}

static uint8_t background(unsigned int x, unsigned int y, unsigned int pitch)
{
	return x % pitch == 0 || y % pitch == 0 ? GRID : BACKGROUND;
}

static void draw_text(const struct picture *pic, uint8_t *pixels, const char *text,
		      unsigned int top, unsigned int scale)
{
	unsigned int dots = PICTURE_GLYPH_PITCH * (unsigned int)strlen(text) - 1;
	unsigned int left = (pic->width - dots * scale) / 2;

	for (unsigned int y = 0; y < PICTURE_GLYPH_HEIGHT * scale; y++) {
		for (unsigned int x = 0; x < dots * scale; x++) {
			unsigned int dot = x / scale;
			unsigned int column = dot % PICTURE_GLYPH_PITCH;

			if (column < PICTURE_GLYPH_WIDTH &&
			    picture_glyph_dot(text[dot / PICTURE_GLYPH_PITCH], column, y / scale))
				pixels[(size_t)(top + y) * pic->width + left + x] = PICTURE_WHITE;
		}
	}
}

/* A ring around a dark disc, with the channel's number and the project's name in it. */
static void draw_disc(const struct picture *pic, unsigned int channel, uint8_t *pixels)
{
	long w = pic->width, h = pic->height;
	long outer = (w < h ? w : h) * 11 / 16, inner = outer - outer / 20;
	unsigned int scale = (unsigned int)outer / 16;
	char number[12];

	for (long y = 0; y < h; y++) {
		for (long x = 0; x < w; x++) {
			/* doubled, so that the centre may lie between two pixels */
			long dx = 2 * x - w + 1, dy = 2 * y - h + 1;
			long square = dx * dx + dy * dy;

			if (square <= outer * outer)
				pixels[y * w + x] = square > inner * inner ? PICTURE_WHITE : DISC;
		}
	}
	if (!scale)
		return;
	snprintf(number, sizeof(number), "%u", channel);
	draw_text(pic, pixels, number, (unsigned int)(h - 8 * scale) / 2, scale);
	if (scale >= 6)
		draw_text(pic, pixels, "uiocap", (unsigned int)(h + 8 * scale) / 2, scale / 6);
}

static uint8_t grey_step(const struct picture *pic, unsigned int x)
{
	unsigned int step = (unsigned int)((uint64_t)x * 16 / pic->width);

	return step * 0xff / 15 & FIVE_BITS;
}

/* Stripes of 1, 2, 4 … 128 pixels, an eighth of the width each. */
static uint8_t stripe(const struct picture *pic, unsigned int x)
{
	unsigned int order = (unsigned int)((uint64_t)x * 8 / pic->width);

	return x >> order & 1 ? PICTURE_WHITE : PICTURE_BLACK;
}

void picture_draw(const struct picture *pic, unsigned int channel, uint8_t *pixels)
{
	unsigned int w = pic->width, h = pic->height, band = h / 8;
	unsigned int pitch = at_least((w < h ? w : h) / 15, 8);

	for (unsigned int y = 0; y < h; y++) {
		for (unsigned int x = 0; x < w; x++)
			pixels[(size_t)y * w + x] = background(x, y, pitch);
	}
	draw_disc(pic, channel, pixels);
	for (unsigned int y = 0; y < band; y++) {
		for (unsigned int x = 0; x < w; x++) {
			pixels[(size_t)y * w + x] = grey_step(pic, x);
			pixels[(size_t)(h - 1 - y) * w + x] = stripe(pic, x);
		}
	}
}
