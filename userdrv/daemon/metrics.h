/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metrics.h - figures for Prometheus, by HTTP, for this machine alone
 */
#ifndef METRICS_H
#define METRICS_H

#include <systemd/sd-event.h>

#include "server.h"
#include "source.h"

struct metrics;

/**
 * metrics_new - answers GET /metrics at @address, as in the settings; "": nothing, and NULL
 *
 * Errors: -ENOTSUP built without; those of bind(2). It has been told which.
 */
int metrics_new(sd_event *event, const char *address, const struct source *source,
		const struct server *server, struct metrics **out);

void metrics_free(struct metrics *m);

#endif
