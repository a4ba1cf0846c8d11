/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * share.c - the DMA region among the channels
 *
 * Every enabled channel that names no number gets the same number of frame buffers, as many as fit
 * but AUTO_BUFFERS at most. It is found by trying: rings grow in powers of two and buffers move at
 * the ends of stretches, so that a formula would only come near.
 */
#include <errno.h>

#include "internal.h"
#include "log.h"

static unsigned int wish(const struct uiocap_channel *c, unsigned int buffers)
{
	const unsigned int limit = c->source->max_buffers;

	if (c->want_buffers > 0)
		return c->want_buffers;
	return limit > 0 && limit < buffers ? limit : buffers;
}

/* Whether no channel wants more than it may have. */
static bool within_limits(const struct uiocap_card *card)
{
	for (unsigned int i = 0; i < card->card->sources; i++) {
		const struct uiocap_channel *c = &card->channel[i];
		const unsigned int limit = c->source->max_buffers;

		if (!c->enabled || limit == 0 || c->want_buffers <= limit)
			continue;
		ctx_log(card->ctx, UIOCAP_LOG_ERROR,
			"%s: channel %u can have %u buffers at most, and not %u", card->t->spec, i, limit,
			c->want_buffers);
		return false;
	}
	return true;
}

/* Whether everything fits with @buffers for each channel; @wishes: for those that name none. */
static bool fits(const struct uiocap_card *card, unsigned int buffers, bool wishes)
{
	struct region r;

	region_init(&r, card->t);
	for (unsigned int i = 0; i < card->card->sources; i++) {
		const struct uiocap_channel *c = &card->channel[i];

		if (!c->enabled)
			continue;
		if (channel_try(c, &r, wishes ? wish(c, buffers) : buffers) < 0)
			return false;
	}
	return true;
}

/* The most buffers that fit, or 0. */
static unsigned int most(const struct uiocap_card *card, bool wishes)
{
	unsigned int n = AUTO_BUFFERS;

	while (n >= MIN_BUFFERS && !fits(card, n, wishes))
		n--;
	return n >= MIN_BUFFERS ? n : 0;
}

static int complain(struct uiocap_card *card)
{
	unsigned int n = most(card, false);
	unsigned int channels = 0;
	size_t need = 0;

	for (unsigned int i = 0; i < card->card->sources; i++) {
		const struct uiocap_channel *c = &card->channel[i];

		channels += c->enabled;
		if (c->enabled)
			need += wish(c, MIN_BUFFERS) * channel_frame_bytes(c);
	}
	if (n > 0)
		ctx_log(card->ctx, UIOCAP_LOG_ERROR,
			"%s: the frame buffers take %zu KiB and more, the DMA region has %zu KiB; %u "
			"buffers for each of %u channels would fit, or enlarge the region (dma_size)",
			card->t->spec, need / 1024, card->t->dma_len / 1024, n, channels);
	else
		ctx_log(card->ctx, UIOCAP_LOG_ERROR,
			"%s: not even %u frame buffers for each of %u channels fit the DMA region: they take "
			"%zu KiB and more, it has %zu KiB; enlarge it (dma_size) or enable fewer channels",
			card->t->spec, MIN_BUFFERS, channels, need / 1024, card->t->dma_len / 1024);
	return -ENOSPC;
}

int share_region(struct uiocap_card *card)
{
	unsigned int buffers;
	struct region r;
	int ret = 0;

	if (!within_limits(card))
		return -ENOSPC;
	buffers = most(card, true);
	if (buffers == 0)
		return complain(card);
	region_init(&r, card->t);
	for (unsigned int i = 0; ret == 0 && i < card->card->sources; i++) {
		struct uiocap_channel *c = &card->channel[i];

		if (c->enabled)
			ret = channel_alloc(c, &r, wish(c, buffers));
	}
	return ret;
}
