/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * start.c - start and stop, and start anew after a reset
 */
#include <errno.h>
#include <string.h>

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
		c->before = (struct uiocap_stats){ 0 };
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
		ret = channel_start(&card->channel[i]);
		if (ret == 0)
			card->running |= bit(i);
		else	/* however far it came; its rings have nothing, and may not even be */
			channel_stop(&card->channel[i]);
	}
	return ret;
}

/*
 * Stops what runs. A card that was reset, whose @state is -ESTALE, has stopped by itself and has
 * forgotten its counts; asking it to stop does no harm, and what it answers in the middle of a
 * reset does not matter.
 */
static int stop_channels(struct uiocap_card *card, int state)
{
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
	card->asked_ns = card->heard_ns;
	ret = start_channels(card);
	if (ret < 0)
		stop_channels(card, card->t->ops->check(card->t));
	return ret;
}

int uiocap_card_stop(struct uiocap_card *card)
{
	return card->started ? stop_channels(card, card->t->ops->check(card->t)) : 0;
}

/* ---- after a reset ---------------------------------------------------------------------- */

/*
 * Closes the account of the runs that the reset ended. Returns 0 if the card is there and has not
 * been reset again meanwhile: else what it has answered is worth nothing.
 */
static int cut_channels(struct uiocap_card *card, uint64_t now_ns)
{
	const struct card_ops *ops = card->card->ops;
	struct transport *t = card->t;
	int dead, ret;

	for (uint64_t left = card->running; left != 0; left &= left - 1)
		channel_cut(&card->channel[__builtin_ctzll(left)], now_ns);
	dead = ops->alive ? ops->alive(card->card) : 0;
	ret = t->ops->check(t);
	if (ret == 0 && dead < 0)
		ctx_log(card->ctx, UIOCAP_LOG_ERROR,
			"%s was reset and does not answer since", t->spec);
	return ret < 0 ? ret : dead;
}

/* A source that has ended has nothing to begin anew. */
static int resume_channels(struct uiocap_card *card)
{
	int ret = 0;

	for (uint64_t left = card->running; ret == 0 && left != 0; left &= left - 1) {
		unsigned int n = __builtin_ctzll(left);

		if (card->channel[n].frames.ended)
			card->running &= ~bit(n);
		else
			ret = channel_resume(&card->channel[n]);
	}
	return ret;
}

int card_resume(struct uiocap_card *card, uint64_t now_ns)
{
	struct transport *t = card->t;
	int ret;

	t->ops->accept(t);
	ret = t->ops->check(t);
	if (ret == 0)
		ret = cut_channels(card, now_ns);
	if (ret == 0)
		ret = resume_channels(card);
	if (ret < 0 && t->ops->check(t) == -ESTALE)
		return 0;
	card->heard_ns = now_ns;
	if (ret == 0) {
		ctx_log(card->ctx, UIOCAP_LOG_WARNING,
			"%s has been reset: its channels were started anew", t->spec);
		return 0;
	}
	if (ret != -ENODEV)
		ctx_log(card->ctx, UIOCAP_LOG_ERROR,
			"%s has been reset, and its channels cannot be started anew: %s", t->spec,
			strerror(-ret));
	stop_channels(card, ret == -ENODEV ? -ENODEV : -ESTALE);
	return ret;
}
