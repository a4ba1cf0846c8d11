// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * card-service.c - the card kind of a service: channels that uiocapd captures, and others see, too
 *
 * To post a buffer is to give it back to the service, to collect is to look at the messages that
 * the connection has brought. The library does with frames what it does with those of a card.
 */
#include <errno.h>
#include <stdlib.h>

#include "card.h"
#include "log.h"
#include "service-card.h"
#include "service-channel.h"

struct service_card {
	struct card card;
	struct service_link *link;
	struct service_channel channel[MESSAGE_MAX_CHANNELS];
	struct card_source source[MESSAGE_MAX_CHANNELS];
};

static struct service_card *to_service(const struct card *card)
{
	return (struct service_card *)card;
}

static struct service_channel *channel_of(const struct card *card, unsigned int ch)
{
	return &to_service(card)->channel[ch];
}

/* ---- messages --------------------------------------------------------------------------- */

static const char *take(void *data, const struct message *m)
{
	struct service_card *s = data;

	if (m->channel >= s->card.sources)
		return "a message about a channel that is not there";
	switch (m->type) {
	case MESSAGE_FRAME:
		return service_channel_frame(&s->channel[m->channel], (const void *)m,
					     s->link->welcome->slots);
	case MESSAGE_ENDED:
		return service_channel_ended(&s->channel[m->channel]);
	case MESSAGE_STARTED:
		return service_channel_started(&s->channel[m->channel], (const void *)m);
	case MESSAGE_STOPPED:
		return service_channel_stopped(&s->channel[m->channel], (const void *)m);
	default:
		return "a message that is not for clients";
	}
}

/* A channel that has come to its end does not miss the service. */
static bool is_done(void *data)
{
	const struct service_card *s = data;
	bool finished = false, missed = false;

	for (unsigned int i = 0; i < s->card.sources; i++) {
		const struct service_channel *c = &s->channel[i];

		if (service_channel_pending(c) > 0)
			return false;
		finished = finished || c->finished;
		missed = missed || (c->state != SERVICE_IDLE && !c->finished);
	}
	return missed || !finished;
}

/* ---- start and stop --------------------------------------------------------------------- */

static size_t service_ring_bytes(const struct card *card, unsigned int ch,
				 const struct card_setup *setup)
{
	(void)card, (void)ch, (void)setup;
	return 0;
}

/* Asks, and waits for the answer of the channel. */
static int ask(struct service_card *s, unsigned int ch, const struct message *m)
{
	struct service_channel *c = &s->channel[ch];
	int ret;

	c->answered = false;
	ret = service_link_send(s->link, m);
	if (ret == 0)
		ret = service_link_until(s->link, &c->answered);
	if (ret == -ETIMEDOUT)
		ctx_log(s->link->ctx, UIOCAP_LOG_ERROR, "%s: the service does not answer any more",
			s->link->spec);
	return ret;
}

static int explain_start(const struct service_card *s, unsigned int ch, int error)
{
	struct uiocap_ctx *ctx = s->link->ctx;
	const char *spec = s->link->spec;

	switch (error) {
	case 0:
		return 0;
	case ENOSPC:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"%s: the service has no room for %u more buffers of channel %u: take fewer, or give it "
			"more memory (uiocapd.conf)", spec, s->channel[ch].pool, ch);
		return -ENOSPC;
	default:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s: the service does not start channel %u: error %d", spec,
			ch, error);
		return error == EBUSY || error == ENOENT ? -error : -EPROTO;
	}
}

static int service_start(struct card *card, unsigned int ch, const struct card_setup *setup)
{
	struct service_card *s = to_service(card);
	struct service_channel *c = &s->channel[ch];
	const struct message_start start = {
		.head = { .type = MESSAGE_START, .channel = ch, .bytes = sizeof(start) },
		.buffers = setup->pool,
	};
	int ret;

	if (setup->chunks != c->chunks) {
		ctx_log(card->t->ctx, UIOCAP_LOG_ERROR,
			"%s: how many lines are transferred at a time is the service's choice", card->t->spec);
		return -ENOTSUP;
	}
	ret = service_channel_reset(c, setup->pool);
	if (ret == 0) {
		c->state = SERVICE_STARTING;
		ret = ask(s, ch, &start.head);
	}
	return ret < 0 ? ret : explain_start(s, ch, c->error);
}

static int service_stop(struct card *card, unsigned int ch)
{
	struct service_channel *c = channel_of(card, ch);
	const struct message stop = {
		.type = MESSAGE_STOP, .channel = ch, .bytes = sizeof(stop),
	};

	if (c->state != SERVICE_RUNNING)
		return 0;
	c->state = SERVICE_STOPPING;
	return ask(to_service(card), ch, &stop);
}

static int service_produced(struct card *card, unsigned int ch, uint64_t *frames)
{
	*frames = channel_of(card, ch)->produced;
	return 0;
}

/* A frame that is still to be collected is not lost. */
static uint64_t service_last_word(const struct card *card, unsigned int ch)
{
	const struct service_channel *c = channel_of(card, ch);

	return service_channel_pending(c) == 0 ? c->produced : 0;
}

/* ---- frames ----------------------------------------------------------------------------- */

static void service_post(struct card *card, unsigned int ch, unsigned int buffer)
{
	service_channel_post(channel_of(card, ch), buffer);
}

/* Where it fails the link is lost, which the next look finds. */
static void service_flush(struct card *card, unsigned int ch)
{
	struct service_channel *c = channel_of(card, ch);

	if (c->state == SERVICE_RUNNING)
		service_link_send(to_service(card)->link, service_channel_give(c, ch));
}

static unsigned int service_collect(struct card *card, unsigned int ch, uint64_t now_ns,
				    struct card_run *runs, unsigned int max)
{
	(void)now_ns;
	return service_channel_collect(channel_of(card, ch), card->t->dma,
				       to_service(card)->link->welcome->slot_bytes, runs, max);
}

static void service_counts(const struct card *card, unsigned int ch, uint64_t *chunks,
			   uint64_t *bad)
{
	*chunks = channel_of(card, ch)->collected;
	*bad = 0;
}

/* ---- open and close --------------------------------------------------------------------- */

static bool service_matches(uint16_t vendor, uint16_t device)
{
	(void)vendor, (void)device;
	return false;
}

/* Sizes that fit each other, a slot, and what the library counts in. */
static bool is_sane(const struct message_channel *m, uint32_t slot_bytes)
{
	return m->kind <= UIOCAP_CHANNEL_STREAM && m->width_bytes > 0 && m->height > 0 &&
	       (uint64_t)m->width_bytes * m->height <= slot_bytes &&
	       m->chunk_lines > 0 && m->chunk_lines <= m->height &&
	       m->chunks == (m->height - 1) / m->chunk_lines + 1 &&
	       (!m->running || (m->buffers >= 2 && m->buffers <= MESSAGE_MAX_GIVEN));
}

static struct card_source source_of(const struct message_channel *m)
{
	return (struct card_source){
		.kind = m->kind,
		.width_bytes = m->width_bytes,
		.height = m->height,
		.period_ns = m->period_ns,
		.chunk_lines = m->chunk_lines,
		.max_chunk_bytes = m->chunk_lines * m->width_bytes,
		.max_posted = UINT32_MAX,
		.max_buffers = m->buffers,
		.absent = !m->running,
	};
}

static int add_sources(struct service_card *s)
{
	const struct message_welcome *m = s->link->welcome;

	for (unsigned int i = 0; i < m->channels; i++) {
		if (!is_sane(&m->channel[i], m->slot_bytes)) {
			ctx_log(s->link->ctx, UIOCAP_LOG_ERROR,
				"%s: what the service says of channel %u makes no sense", s->link->spec, i);
			return -EPROTO;
		}
		s->source[i] = source_of(&m->channel[i]);
		s->channel[i].chunks = m->channel[i].chunks;
		s->channel[i].frame_bytes =
			(uint64_t)m->channel[i].width_bytes * m->channel[i].height;
	}
	s->card.sources = m->channels;
	return 0;
}

static int service_open(struct transport *t, struct card **out)
{
	struct service_card *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	s->link = service_link_of(t);
	s->card = (struct card){
		.ops = &card_service, .t = t, .model = s->link->welcome->model,
		.serial = s->link->welcome->serial, .source = s->source,
	};
	ret = add_sources(s);
	if (ret < 0) {
		free(s);
		return ret;
	}
	s->link->take = take;
	s->link->is_done = is_done;
	s->link->data = s;
	*out = &s->card;
	return 0;
}

static void service_close(struct card *card)
{
	for (unsigned int i = 0; i < card->sources; i++)
		service_channel_free(channel_of(card, i));
	free(to_service(card));
}

const struct card_ops card_service = {
	.name		= "service",
	.matches	= service_matches,
	.open		= service_open,
	.close		= service_close,
	.ring_bytes	= service_ring_bytes,
	.start		= service_start,
	.stop		= service_stop,
	.post		= service_post,
	.flush		= service_flush,
	.collect	= service_collect,
	.counts		= service_counts,
	.produced	= service_produced,
	.last_word	= service_last_word,
};
