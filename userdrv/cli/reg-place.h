/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reg-place.h - a register as the user names it
 */
#ifndef REG_PLACE_H
#define REG_PLACE_H

#include "uiocap/uiocap.h"

/**
 * struct reg_place - a register as the user named it
 * @text:   his word for it
 * @known:  what the card kind knows of it, or NULL: given by address
 * @bar:    which BAR it is in
 * @offset: where in the BAR
 */
struct reg_place {
	const char *text;
	const struct uiocap_register *known;
	unsigned int bar;
	uint32_t offset;
};

/** reg_place_find - by name, or by address as in "0:0x24". -ENOENT and a message */
int reg_place_find(const struct uiocap_card *card, const char *text, struct reg_place *out);

#endif
