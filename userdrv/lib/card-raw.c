/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * card-raw.c - any card, without channels: registers, interrupts and memory as they are
 *
 * It is how a new card is looked at before there is a card kind for it, and what a new card kind is
 * begun from: doc/porting.md. No PCI id selects it, only its name does.
 */
#include <errno.h>
#include <stdlib.h>

#include "card.h"

static bool raw_matches(uint16_t vendor, uint16_t device)
{
	(void)vendor, (void)device;
	return false;
}

static int raw_open(struct transport *t, struct card **out)
{
	struct card *card = calloc(1, sizeof(*card));

	if (!card)
		return -ENOMEM;
	card->ops = &card_raw;
	card->t = t;
	*out = card;
	return 0;
}

static void raw_close(struct card *card)
{
	free(card);
}

const struct card_ops card_raw = {
	.name		= "raw",
	.matches	= raw_matches,
	.open		= raw_open,
	.close		= raw_close,
};
