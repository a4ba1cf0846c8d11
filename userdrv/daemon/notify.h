/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.h - what systemd is told: ready, how it goes, still alive
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "server.h"
#include "source.h"

struct notify;

int notify_new(struct notify **out);
void notify_free(struct notify *n);

/** notify_ready - the card's buffers are posted and clients can come */
void notify_ready(struct notify *n);

/** notify_reloading - until notify_ready() */
void notify_reloading(struct notify *n);

/** notify_stopping - @status is the last that is shown */
void notify_stopping(struct notify *n, const char *status);

/** notify_alive - the capture loop has come round; the only thing that feeds the watchdog */
void notify_alive(struct notify *n);

/** notify_status - frames a second, and what was lost; once a second at most */
void notify_status(struct notify *n, const struct source *source, const struct server *server);

#endif
