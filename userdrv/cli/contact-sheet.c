// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * contact-sheet.c - several pictures side by side
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "contact-sheet.h"

#define CELL_WIDTH	640	/* at most */
#define MARGIN		8
#define PAPER		0x30	/* dark grey */

/**
 * struct grid - how the sheet is divided
 * @shrink: so many pixels each way become one
 * @width:  of a cell
 * @height: of a cell
 */
struct grid {
	unsigned int columns;
	unsigned int rows;
	uint32_t shrink;
	uint32_t width;
	uint32_t height;
};

static struct grid plan(const struct image *images, unsigned int n)
{
	struct grid g = {
		.columns = n > 4 ? 4 : n > 1 ? 2 : 1,
		.width = images->width,
		.height = images->height,
	};

	for (unsigned int i = 1; i < n; i++) {
		g.width = images[i].width > g.width ? images[i].width : g.width;
		g.height = images[i].height > g.height ? images[i].height : g.height;
	}
	g.rows = (n + g.columns - 1) / g.columns;
	g.shrink = 1 + (g.width - 1) / CELL_WIDTH;
	g.width = (g.width + g.shrink - 1) / g.shrink;
	g.height = (g.height + g.shrink - 1) / g.shrink;
	return g;
}

/* The mean of a square of @side pixels. */
static uint8_t mean(const uint8_t *from, uint32_t pitch, uint32_t side)
{
	uint32_t sum = 0;

	for (uint32_t y = 0; y < side; y++)
		for (uint32_t x = 0; x < side; x++)
			sum += from[(size_t)y * pitch + x];
	return (uint8_t)(sum / (side * side));
}

static void place(const struct image *image, uint32_t shrink, uint8_t *to, uint32_t pitch)
{
	for (uint32_t y = 0; y < image->height / shrink; y++)
		for (uint32_t x = 0; x < image->width / shrink; x++)
			to[(size_t)y * pitch + x] =
				mean(image->data + ((size_t)y * image->width + x) * shrink,
				     image->width, shrink);
}

int contact_sheet_make(const struct image *images, unsigned int n, struct contact_sheet *out)
{
	struct grid g = plan(images, n);
	uint32_t width = MARGIN + g.columns * (g.width + MARGIN);
	uint32_t height = MARGIN + g.rows * (g.height + MARGIN);
	uint8_t *pixels = malloc((size_t)width * height);

	if (!pixels)
		return -ENOMEM;
	memset(pixels, PAPER, (size_t)width * height);
	for (unsigned int i = 0; i < n; i++) {
		uint32_t x = MARGIN + i % g.columns * (g.width + MARGIN);
		uint32_t y = MARGIN + i / g.columns * (g.height + MARGIN);

		place(&images[i], g.shrink, pixels + (size_t)y * width + x, width);
	}
	*out = (struct contact_sheet){ pixels, width, height };
	return 0;
}
