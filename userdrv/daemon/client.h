/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.h - one client: what it has asked for, what it gets, what it missed
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>

#include "peer.h"
#include "settings.h"
#include "source.h"

struct client;

/**
 * client_new - the client at the other end of @fd, which belongs to it from now on
 * @buffers: most that it may have of a channel
 *
 * Errors: -ENOMEM.
 */
int client_new(int fd, const struct peer *peer, struct source *source, unsigned int buffers,
	       struct client **out);

/** client_free - gives back all that it holds, and closes */
void client_free(struct client *c);

/**
 * client_read - takes one message from its socket
 *
 * Returns 0, 1: it asks for the state, or -ECONNRESET: it has left or was told to; free it.
 */
int client_read(struct client *c);

/** client_wants - whether it has given a buffer that waits for a frame of @channel */
bool client_wants(const struct client *c, unsigned int channel);

/** client_offer - a frame that lies in @slot, or that was not wanted: -1. -ECONNRESET as above */
int client_offer(struct client *c, struct message_frame *frame, int slot);

/** client_send - a message that must not get lost. -ECONNRESET: it does not take it */
int client_send(struct client *c, const void *message);

/** client_tick - now and then: tells it of channels that have ended. -ECONNRESET as above */
int client_tick(struct client *c);

/** client_stop - nothing more will come of any channel that it has started */
void client_stop(struct client *c);

/** client_bye - the last word that it is told; client_free() is to follow */
void client_bye(struct client *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** client_greeted - whether it has said HELLO */
bool client_greeted(const struct client *c);

const struct peer *client_peer(const struct client *c);
int client_fd(const struct client *c);
void client_get_state(const struct client *c, struct message_client_state *out);

#endif
