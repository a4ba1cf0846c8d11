/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - how the service is doing, as a message
 */
#ifndef STATE_H
#define STATE_H

#include "server.h"
#include "source.h"

/** state_new - a struct message_state to be freed, or NULL: out of memory */
struct message_state *state_new(const struct source *source, const struct server *server);

#endif
