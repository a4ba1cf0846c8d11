/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - the clients: lets them in, hands them frames, lets them go
 */
#ifndef SERVER_H
#define SERVER_H

#include <systemd/sd-event.h>

#include "settings.h"
#include "source.h"

struct server;

/**
 * struct server_totals - of all clients, those that have left included
 * @clients: now
 * @sent:    frames
 * @lost:    frames that a client had given no buffer for
 * @bytes:   in those that were sent
 */
struct server_totals {
	unsigned int clients;
	uint64_t sent;
	uint64_t lost;
	uint64_t bytes;
};

/**
 * server_new - accepts clients at the listening socket @fd, which stays the caller's
 * @settings: looked at whenever a client comes; may change
 */
int server_new(sd_event *event, int fd, struct source *source, const struct settings *settings,
	       struct server **out);

/** server_free - tells every client that it is over, and why */
void server_free(struct server *s, const char *reason);

/** server_wants, server_offer - for source_start(), @data is the server */
bool server_wants(void *data, unsigned int channel);
void server_offer(void *data, struct message_frame *frame, int slot);

/** server_tick - now and then: tells of channels that have ended, closes where nothing is said */
void server_tick(struct server *s);

void server_get_totals(const struct server *s, struct server_totals *out);

/** server_write_clients - the states of @max clients at most; how many */
unsigned int server_write_clients(const struct server *s, struct message_client_state *out,
				  unsigned int max);

#endif
