/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * card.c - an open card: what it is, how to wait for it
 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"
#include "log.h"

#define DEFAULT_SPIN_NS		50000
#define DEFAULT_PERIOD_NS	1000000

static const struct card_ops *kind_of(struct uiocap_ctx *ctx, const struct transport *t,
				      const char *model)
{
	const struct card_ops *ops = t->only;

	if (ops && model) {
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"%s is a service, which has opened the card: no kind can be named for it", t->spec);
		return NULL;
	}
	if (!ops)
		ops = card_find(model, t->vendor, t->device);
	if (!ops && model)
		ctx_log(ctx, UIOCAP_LOG_ERROR, "there is no card kind \"%s\"", model);
	else if (!ops)
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"%s is %04x:%04x, which no card kind supports: name one if it is compatible",
			t->spec, t->vendor, t->device);
	return ops;
}

static int add_channels(struct uiocap_card *card)
{
	const unsigned int n = card->card->sources;

	if (n > MAX_CHANNELS)
		return -ENOTSUP;
	card->channel = calloc(n, sizeof(card->channel[0]));
	if (!card->channel)
		return -ENOMEM;
	for (unsigned int i = 0; i < n; i++)
		channel_init(&card->channel[i], card, i);
	return 0;
}

static bool can_interrupt(const struct uiocap_card *card)
{
	return card->t->irq_kind != UIOCAP_IRQ_NONE || card->t->wakes;
}

int card_new(struct uiocap_ctx *ctx, struct transport *t, const char *model,
	     struct uiocap_card **out)
{
	const struct card_ops *ops = kind_of(ctx, t, model);
	struct uiocap_card *card;
	int ret;

	if (!ops)
		return -ENOTSUP;
	card = calloc(1, sizeof(*card));
	if (!card)
		return -ENOMEM;
	card->ctx = ctx;
	card->t = t;
	card->wait = can_interrupt(card) ? UIOCAP_WAIT_INTERRUPT : UIOCAP_WAIT_TIMER;
	card->spin_ns = DEFAULT_PERIOD_NS;
	ret = ops->open(t, &card->card);
	if (ret == 0)
		ret = add_channels(card);
	if (ret < 0) {
		if (card->card)
			ops->close(card->card);
		free(card);
		return ret;
	}
	*out = card;
	return 0;
}

int uiocap_card_open(struct uiocap_ctx *ctx, const char *spec, const char *model,
		     struct uiocap_card **out)
{
	struct transport *t;
	int ret = transport_open(ctx, spec, &t);

	if (ret < 0)
		return ret;
	ret = card_new(ctx, t, model, out);
	if (ret < 0)
		t->ops->close(t);
	return ret;
}

int uiocap_card_close(struct uiocap_card *card)
{
	if (!card)
		return 0;
	if (card->held > 0)
		return -EBUSY;
	uiocap_card_stop(card);
	for (unsigned int i = 0; i < card->card->sources; i++)
		channel_free(&card->channel[i]);
	free(card->channel);
	card->card->ops->close(card->card);
	card->t->ops->close(card->t);
	free(card);
	return 0;
}

void uiocap_card_get_info(const struct uiocap_card *card, struct uiocap_card_info *out)
{
	const struct transport *t = card->t;

	*out = (struct uiocap_card_info){
		.spec = t->spec,
		.model = card->card->model ? card->card->model : card->card->ops->name,
		.transport = t->ops->name,
		.slot = t->slot,
		.serial = card->card->serial,
		.channels = card->card->sources,
		.vectors = t->vectors,
		.irq_kind = t->irq_kind,
		.dma_bytes = t->dma_len,
		.segments = t->segments,
		.iommu = t->iommu,
	};
}

struct uiocap_channel *uiocap_card_channel(struct uiocap_card *card, unsigned int n)
{
	return n < card->card->sources ? &card->channel[n] : NULL;
}

int uiocap_card_set_wait(struct uiocap_card *card, enum uiocap_wait mode, int64_t spin_ns)
{
	if (card->started)
		return -EBUSY;
	if (spin_ns < 0 || mode > UIOCAP_WAIT_TIMER)
		return -EINVAL;
	if (!can_interrupt(card) &&
	    (mode == UIOCAP_WAIT_INTERRUPT || mode == UIOCAP_WAIT_ADAPTIVE))
		return -ENOTSUP;
	card->wait = mode;
	card->spin_ns = spin_ns;
	if (spin_ns == 0)
		card->spin_ns = mode == UIOCAP_WAIT_TIMER ? DEFAULT_PERIOD_NS : DEFAULT_SPIN_NS;
	return 0;
}

int uiocap_card_set_on_reset(struct uiocap_card *card, enum uiocap_on_reset what)
{
	if (what > UIOCAP_ON_RESET_RESUME)
		return -EINVAL;
	card->on_reset = what;
	return 0;
}

int uiocap_card_fd(const struct uiocap_card *card)
{
	return card->t->fd;
}

uint64_t uiocap_card_syscalls(const struct uiocap_card *card)
{
	return card->t->syscalls;
}

uint64_t uiocap_card_lost_irqs(const struct uiocap_card *card)
{
	return card->lost_irqs;
}

void uiocap_card_get_stats(const struct uiocap_card *card, struct uiocap_stats *out)
{
	struct uiocap_stats sum = { 0 };

	for (unsigned int i = 0; i < card->card->sources; i++) {
		struct uiocap_stats s;

		uiocap_channel_get_stats(&card->channel[i], &s);
		sum.produced += s.produced;
		sum.delivered += s.delivered;
		sum.incomplete += s.incomplete;
		sum.lost += s.lost;
		sum.bytes += s.bytes;
		sum.chunks += s.chunks;
		sum.bad += s.bad;
		sum.resets = s.resets > sum.resets ? s.resets : sum.resets;
		sum.reset_lost += s.reset_lost;
	}
	*out = sum;
}
