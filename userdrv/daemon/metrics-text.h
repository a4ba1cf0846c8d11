/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * metrics-text.h - figures in the text format of OpenMetrics 1.0
 */
#ifndef METRICS_TEXT_H
#define METRICS_TEXT_H

#include "server.h"
#include "source.h"

/** metrics_text - a string to be freed, or NULL: out of memory */
char *metrics_text(const struct source *source, const struct server *server);

#endif
