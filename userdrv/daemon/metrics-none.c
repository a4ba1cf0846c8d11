// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * metrics-none.c - in the place of metrics-http.c where there is no libmicrohttpd
 */
#include <errno.h>
#include <stddef.h>

#include "metrics.h"
#include "say.h"

int metrics_new(sd_event *event, const char *address, const struct source *source,
		const struct server *server, struct metrics **out)
{
	(void)event, (void)source, (void)server;
	*out = NULL;
	if (!address[0])
		return 0;
	say(SAY_ERROR, "[metrics] listen: this uiocapd has been built without it");
	return -ENOTSUP;
}

void metrics_free(struct metrics *m)
{
	(void)m;
}
