/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * contact-sheet.h - several pictures side by side, made smaller where they are large
 */
#ifndef CONTACT_SHEET_H
#define CONTACT_SHEET_H

#include "image.h"

/**
 * struct contact_sheet - the sheet
 * @pixels: the caller's to free(3)
 */
struct contact_sheet {
	uint8_t *pixels;
	uint32_t width;
	uint32_t height;
};

/** contact_sheet_make - of @n ≥ 1 pictures, in rows. -ENOMEM */
int contact_sheet_make(const struct image *images, unsigned int n, struct contact_sheet *out);

#endif
