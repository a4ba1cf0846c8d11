/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cards.c - the kinds of card
 */
#include <string.h>

#include "card.h"

static const struct card_ops *const kinds[] = {
	&card_refcard,
	&card_edu,
	&card_raw,
};

const struct card_ops *card_find(const char *name, uint16_t vendor, uint16_t device)
{
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (name ? strcmp(kinds[i]->name, name) == 0 : kinds[i]->matches(vendor, device))
			return kinds[i];
	return NULL;
}
