/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * png-gray.h - a grey picture as a PNG in memory
 */
#ifndef PNG_GRAY_H
#define PNG_GRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** png_gray_available - was uiocap built with libpng? */
bool png_gray_available(void);

/**
 * png_gray - encode @width × @height pixels of 8 bits
 * @out: the caller's to free(3)
 *
 * -ENOMEM; -ENOTSUP where it is not available.
 */
int png_gray(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t **out, size_t *size);

#endif
