/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server-session.h - one client and what it has set up, without its socket
 *
 * Messages go in as bytes and come out as bytes, so that tests and fuzzers need no socket either.
 */
#ifndef SIM_SERVER_SESSION_H
#define SIM_SERVER_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "device.h"
#include "server.h"

struct session;

/** session_new() - resets @dev and becomes its bus */
int session_new(struct device *dev, server_log_fn log, void *log_data, struct session **out);

/** session_free() - resets the device and lets go of all that was the client's. NULL is fine. */
void session_free(struct session *s);

/**
 * session_message() - one message: @len bytes at @msg, with @nfds descriptors
 *
 * Takes the descriptors. 0: the reply (if there is one) can be had from session_reply(). -errno:
 * the client cannot be talked to, drop it.
 */
int session_message(struct session *s, const void *msg, size_t len, int *fds, unsigned int nfds);

/** session_reply() - the last message's reply and its length; 0: none was wanted */
size_t session_reply(const struct session *s, const void **reply);

/** session_broken() - the device found the client's memory gone: drop it */
bool session_broken(const struct session *s);

#endif
