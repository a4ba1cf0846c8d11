/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * silence.c - nothing comes: is the card still there, does each channel still run?
 *
 * Both are only known by what registers read. That costs some accesses, but only now and then, and
 * only of a card or a channel that is silent.
 */
#include <errno.h>

#include "internal.h"
#include "log.h"

/* How long a channel may be silent before it is looked after, in calls of card_ask(). */
#define PATIENCE	5

/* A card that is gone without a word from the transport: dead, or its link down. */
static int find_dead(struct uiocap_card *card)
{
	const struct card_ops *ops = card->card->ops;
	struct transport *t = card->t;

	if (!ops->alive || ops->alive(card->card) == 0)
		return 0;
	if (t->ops->check(t) < 0)	/* a reset has begun in between: it reads as dead, too */
		return t->ops->check(t);
	ctx_log(card->ctx, UIOCAP_LOG_ERROR, "%s does not answer any more", t->spec);
	return -ENODEV;
}

/*
 * A channel that has stopped by itself, or that has told of none of the buffers that it has filled,
 * would be silent for ever: nothing is given back that could be posted again.
 */
static int revive(struct uiocap_channel *c, uint64_t now_ns)
{
	struct uiocap_card *card = c->owner;
	const struct card_ops *ops = card->card->ops;

	if (c->frames.tail != c->asked_tail || assembler_posted(&c->frames) == 0) {
		c->asked_tail = c->frames.tail;
		c->silent = 0;
	}
	if (channel_ended(c) || ++c->silent <= PATIENCE)
		return 0;
	c->silent = 0;
	if (!ops->stuck || !ops->stuck(card->card, c->number))
		return 0;
	ctx_log(card->ctx, UIOCAP_LOG_WARNING,
		"%s: channel %u does not go on by itself, and is started anew", card->t->spec,
		c->number);
	return channel_restart(c, now_ns);
}

int card_ask(struct uiocap_card *card, uint64_t now_ns)
{
	int ret = 0;

	card->asked_ns = now_ns;
	if (card->started && now_ns - card->heard_ns >= ASK_NS)
		ret = find_dead(card);
	for (uint64_t left = card->running; ret == 0 && left != 0; left &= left - 1)
		ret = revive(&card->channel[__builtin_ctzll(left)], now_ns);
	return ret;
}
