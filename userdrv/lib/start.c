/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * start.c - start and stop
 */
#include <errno.h>

#include "internal.h"
#include "log.h"
#include "times.h"

static uint64_t bit(unsigned int n)
{
	return UINT64_C(1) << n;
}

/* Forgets the last run, and prepares the next. */
static int prepare(struct uiocap_card *card)
{
	unsigned int enabled = 0;

	for (unsigned int i = 0; i < card->card->sources; i++) {
		struct uiocap_channel *c = &card->channel[i];

		channel_free(c);
		channel_plan(c);
		c->produced = 0;
		enabled += c->enabled;
	}
	if (enabled == 0) {
		ctx_log(card->ctx, UIOCAP_LOG_ERROR, "%s: no channel is enabled", card->t->spec);
		return -EINVAL;
	}
	return share_region(card);
}

/* Takes note of a reset: whatever the card was told before, it is told anew. */
static int face_card(struct uiocap_card *card)
{
	struct transport *t = card->t;
	int ret;

	t->ops->accept(t);
	ret = t->ops->check(t);
	if (ret == -ESTALE)
		ctx_log(card->ctx, UIOCAP_LOG_ERROR, "%s is still being reset: try again", t->spec);
	if (ret == -ENODEV)
		ctx_log(card->ctx, UIOCAP_LOG_ERROR, "%s is gone", t->spec);
	return ret;
}

static int start_channels(struct uiocap_card *card)
{
	int ret = 0;

	for (unsigned int i = 0; ret == 0 && i < card->card->sources; i++) {
		if (!card->channel[i].enabled)
			continue;
		card->running |= bit(i);
		ret = channel_start(&card->channel[i]);
	}
	return ret;
}

/*
 * Stops what runs. A card that was reset has stopped by itself and has forgotten its counts; asking
 * it to stop does no harm, and what it answers in the middle of a reset does not matter.
 */
static int stop_channels(struct uiocap_card *card)
{
	const int state = card->t->ops->check(card->t);
	const uint64_t was_running = card->running;
	int worst = state == -ENODEV ? -ENODEV : 0;

	for (unsigned int i = 0; i < card->card->sources; i++) {
		int ret = was_running & bit(i) ? channel_stop(&card->channel[i]) : 0;

		if (ret < 0 && worst != -ENODEV && state != -ESTALE)
			worst = ret;
	}
	card->running = 0;
	card->started = false;
	card->gone = card->gone || worst == -ENODEV;
	for (unsigned int i = 0; i < card->card->sources; i++)
		if (was_running & bit(i))
			channel_settle(&card->channel[i], state == 0 && worst == 0, now_ns());
	return worst;
}

int uiocap_card_start(struct uiocap_card *card)
{
	int ret;

	if (card->started || card->held > 0)
		return -EBUSY;
	ret = face_card(card);
	if (ret == 0)
		ret = prepare(card);
	if (ret < 0)
		return ret;
	card->started = true;
	card->gone = false;
	card->usual_ns = 0;
	card->untold = 0;
	card->heard_ns = now_ns();
	ret = start_channels(card);
	if (ret < 0)
		stop_channels(card);
	return ret;
}

int uiocap_card_stop(struct uiocap_card *card)
{
	return card->started ? stop_channels(card) : 0;
}
