// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * service.c - how a service and its clients are doing
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "service-link.h"
#include "uiocap/service.h"

/**
 * struct uiocap_service - a connection that asks and captures nothing
 * @spec:     its name
 * @syscalls: for the link; nobody asks
 * @answered: the answer has come
 * @state:    it
 * @channel:  what @state points to, and
 * @client:   likewise
 * @name:     of each client
 */
struct uiocap_service {
	char *spec;
	uint64_t syscalls;
	struct service_link *link;
	bool answered;
	struct uiocap_service_state state;
	struct uiocap_service_channel channel[MESSAGE_MAX_CHANNELS];
	struct uiocap_service_client client[MESSAGE_MAX_CLIENTS];
	char name[MESSAGE_MAX_CLIENTS][MESSAGE_NAME_SIZE];
};

static void take_stats(struct uiocap_service_channel *c, const struct message_channel_state *m)
{
	c->stats = (struct uiocap_stats){
		.produced = m->produced,
		.delivered = m->delivered,
		.incomplete = m->incomplete,
		.lost = m->lost,
		.bytes = m->bytes,
		.resets = m->resets,
	};
}

/* A program has what name it likes, and people read it on a terminal. */
static void copy_name(char *out, const char *name)
{
	size_t n;

	for (n = 0; name[n]; n++)
		out[n] = name[n] < ' ' || name[n] > '~' ? '?' : name[n];
	out[n] = '\0';
}

static void take_client(struct uiocap_service *s, unsigned int n,
			const struct message_client_state *m)
{
	copy_name(s->name[n], m->name);
	s->client[n] = (struct uiocap_service_client){
		.name = s->name[n],
		.pid = m->pid,
		.uid = m->uid,
		.gid = m->gid,
		.channels = m->channels,
		.sent = m->sent,
		.lost = m->lost,
		.bytes = m->bytes,
		.free = m->free,
		.held = m->held,
	};
}

static const char *take_state(struct uiocap_service *s, const struct message_state *m)
{
	if (m->channels != s->state.channels)
		return "a state of other channels than it has";
	s->state.time_ns = m->time_ns;
	s->state.started_ns = m->started_ns;
	s->state.irqs = m->irqs;
	s->state.lost_irqs = m->lost_irqs;
	s->state.clients = m->clients;
	for (unsigned int i = 0; i < m->channels; i++)
		take_stats(&s->channel[i], &m->channel[i]);
	for (unsigned int i = 0; i < m->clients; i++)
		take_client(s, i, &message_clients(m)[i]);
	s->answered = true;
	return NULL;
}

static const char *take(void *data, const struct message *m)
{
	if (m->type != MESSAGE_STATE)
		return "what was not asked for";
	return take_state(data, (const void *)m);
}

static void take_welcome(struct uiocap_service *s)
{
	const struct message_welcome *m = s->link->welcome;

	for (unsigned int i = 0; i < m->channels; i++) {
		const struct message_channel *c = &m->channel[i];

		s->channel[i].captured = c->running;
		s->channel[i].info = (struct uiocap_channel_info){
			.number = i,
			.kind = c->kind == UIOCAP_CHANNEL_STREAM ? UIOCAP_CHANNEL_STREAM
								 : UIOCAP_CHANNEL_VIDEO,
			.width_bytes = c->width_bytes,
			.height = c->height,
			.period_ns = c->period_ns,
			.chunk_lines = c->chunk_lines,
			.buffers = c->buffers,
		};
	}
	s->state = (struct uiocap_service_state){
		.model = m->model,
		.slot = m->slot,
		.serial = m->serial,
		.channels = m->channels,
		.channel = s->channel,
		.client = s->client,
	};
}

int uiocap_service_open(struct uiocap_ctx *ctx, const char *spec, struct uiocap_service **out)
{
	struct uiocap_service *s = calloc(1, sizeof(*s));
	int ret = -ENOMEM;

	if (!s)
		return -ENOMEM;
	s->spec = strdup(spec);
	if (s->spec)
		ret = service_link_open(ctx, s->spec, &s->syscalls, &s->link);
	if (ret < 0) {
		uiocap_service_close(s);
		return ret;
	}
	s->link->take = take;
	s->link->data = s;
	take_welcome(s);
	*out = s;
	return 0;
}

int uiocap_service_get_state(struct uiocap_service *service,
			     const struct uiocap_service_state **out)
{
	const struct message_ask ask = { .head = { .type = MESSAGE_ASK, .bytes = sizeof(ask) } };
	int ret;

	service->answered = false;
	ret = service_link_send(service->link, &ask.head);
	if (ret == 0)
		ret = service_link_until(service->link, &service->answered);
	if (ret < 0)
		return ret;
	*out = &service->state;
	return 0;
}

void uiocap_service_close(struct uiocap_service *service)
{
	if (!service)
		return;
	service_link_free(service->link);
	free(service->spec);
	free(service);
}
