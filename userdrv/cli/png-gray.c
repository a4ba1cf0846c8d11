// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * png-gray.c - a grey picture as a PNG in memory
 *
 * In memory, because a picture that is half written is none: output.c writes all of it or nothing.
 */
#include <errno.h>
#include <stdlib.h>

#include "png-gray.h"

#ifdef HAVE_LIBPNG

#include <png.h>

bool png_gray_available(void)
{
	return true;
}

int png_gray(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t **out, size_t *size)
{
	png_image image = {
		.version = PNG_IMAGE_VERSION,
		.width = width,
		.height = height,
		.format = PNG_FORMAT_GRAY,
		/* Speed before size: noise, as cameras have it, does not get small anyway. */
		.flags = PNG_IMAGE_FLAG_FAST,
	};
	png_alloc_size_t len = PNG_IMAGE_PNG_SIZE_MAX(image);
	uint8_t *buf = malloc(len);

	if (!buf)
		return -ENOMEM;
	if (!png_image_write_to_memory(&image, buf, &len, 0, pixels, 0, NULL)) {
		free(buf);
		return -ENOMEM;
	}
	*out = buf;
	*size = len;
	return 0;
}

#else

bool png_gray_available(void)
{
	return false;
}

int png_gray(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t **out, size_t *size)
{
	(void)pixels;
	(void)width;
	(void)height;
	(void)out;
	(void)size;
	return -ENOTSUP;
}

#endif
