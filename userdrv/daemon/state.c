// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * state.c - how the service is doing, as a message
 */
#include "state.h"

#include <stdlib.h>

#include "userdrv/cli/clock.h"

_Static_assert(sizeof(struct message_state) +
	       MESSAGE_MAX_CHANNELS * sizeof(struct message_channel_state) +
	       MESSAGE_MAX_CLIENTS * sizeof(struct message_client_state) <= MESSAGE_MAX_BYTES,
	       "a state with all that there can be is a message");

static struct message_channel_state of_channel(const struct source *source, unsigned int n)
{
	struct uiocap_stats stats;

	source_get_stats(source, n, &stats);
	return (struct message_channel_state){
		.produced = stats.produced,
		.delivered = stats.delivered,
		.incomplete = stats.incomplete,
		.lost = stats.lost,
		.bytes = stats.bytes,
		.resets = stats.resets,
	};
}

struct message_state *state_new(const struct source *source, const struct server *server)
{
	struct message_state *m = calloc(1, MESSAGE_MAX_BYTES);
	struct message_client_state *clients;

	if (!m)
		return NULL;
	m->head.type = MESSAGE_STATE;
	m->time_ns = clock_ns();
	m->started_ns = source_started_ns(source);
	m->irqs = source_irqs(source);
	m->lost_irqs = source_lost_irqs(source);
	m->channels = source_channels(source);
	for (unsigned int n = 0; n < m->channels; n++)
		m->channel[n] = of_channel(source, n);
	clients = (struct message_client_state *)(m->channel + m->channels);
	m->clients = server_write_clients(server, clients, MESSAGE_MAX_CLIENTS);
	m->head.bytes = (uint8_t *)(clients + m->clients) - (uint8_t *)m;
	return m;
}
