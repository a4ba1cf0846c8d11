// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reg-place.c - a register as the user names it
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "quantity.h"
#include "reg-place.h"
#include "suggest.h"
#include "talk.h"

#define LAST_BAR	5	/* of a PCI function */

/* "0:0x24": BAR, offset. */
static int parse_address(const char *text, struct reg_place *out)
{
	const char *colon = strchr(text, ':');
	uint64_t bar, offset;
	char head[16];

	if (!colon || colon - text >= (ptrdiff_t)sizeof(head))
		return -EINVAL;
	snprintf(head, sizeof(head), "%.*s", (int)(colon - text), text);
	if (quantity_count(head, 0, LAST_BAR, &bar) ||
	    quantity_count(colon + 1, 0, UINT32_MAX, &offset))
		return -EINVAL;
	out->bar = (unsigned int)bar;
	out->offset = (uint32_t)offset;
	return 0;
}

static void say_unknown(const struct suggest *s)
{
	if (suggest_best(s))
		say("there is no register '%s'; did you mean %s?", s->text, suggest_best(s));
	else
		say("there is no register '%s': `uiocap regs dump` shows the names, and "
		    "BAR:OFFSET such as 0:0x24 does without", s->text);
}

int reg_place_find(const struct uiocap_card *card, const char *text, struct reg_place *out)
{
	const struct uiocap_register *r;
	struct suggest s;

	*out = (struct reg_place){ .text = text };
	if (!parse_address(text, out))
		return 0;
	suggest_start(&s, text);
	for (unsigned int n = 0; (r = uiocap_card_register(card, n)); n++) {
		suggest_offer(&s, r->name);
		if (strcasecmp(r->name, text))
			continue;
		*out = (struct reg_place){ text, r, r->bar, r->offset };
		return 0;
	}
	say_unknown(&s);
	return -ENOENT;
}
