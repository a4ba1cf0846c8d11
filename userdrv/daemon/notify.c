// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * notify.c - what systemd is told: ready, how it goes, still alive
 */
#include "notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "userdrv/cli/clock.h"

/**
 * struct notify - what was told
 * @watchdog_ns: how long systemd waits for a sign of life; 0: it does not
 * @alive_ns:    when it got the last one
 * @status_ns:   when it was last told how it goes
 * @frames:      as of then
 */
struct notify {
	int64_t watchdog_ns;
	int64_t alive_ns;
	int64_t status_ns;
	uint64_t frames;
};

int notify_new(struct notify **out)
{
	struct notify *n = calloc(1, sizeof(*n));
	uint64_t watchdog_us;

	if (!n)
		return -ENOMEM;
	if (sd_watchdog_enabled(1, &watchdog_us) > 0)
		n->watchdog_ns = (int64_t)watchdog_us * 1000;
	n->status_ns = clock_ns();
	*out = n;
	return 0;
}

void notify_free(struct notify *n)
{
	free(n);
}

void notify_ready(struct notify *n)
{
	(void)n;
	sd_notify(0, "READY=1");
}

/* Newer versions of systemd want to know when, to tell it from an earlier one. */
void notify_reloading(struct notify *n)
{
	(void)n;
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_ns() / 1000);
}

void notify_stopping(struct notify *n, const char *status)
{
	(void)n;
	sd_notifyf(0, "STOPPING=1\nSTATUS=%s", status);
}

/* Four times as often as need be, so that one that comes late does no harm. */
void notify_alive(struct notify *n)
{
	int64_t now_ns;

	if (n->watchdog_ns == 0)
		return;
	now_ns = clock_ns();
	if (now_ns - n->alive_ns < n->watchdog_ns / 4)
		return;
	n->alive_ns = now_ns;
	sd_notify(0, "WATCHDOG=1");
}

void notify_status(struct notify *n, const struct source *source, const struct server *server)
{
	const int64_t now_ns = clock_ns(), past_ns = now_ns - n->status_ns;
	struct server_totals totals;
	uint64_t frames = 0, lost = 0;

	if (past_ns < SECOND_NS)
		return;
	for (unsigned int i = 0; i < source_channels(source); i++) {
		struct uiocap_stats stats;

		source_get_stats(source, i, &stats);
		frames += stats.delivered + stats.incomplete;
		lost += stats.lost;
	}
	server_get_totals(server, &totals);
	sd_notifyf(0, "STATUS=%.1f frames/s, %" PRIu64 " lost by the card; %u clients, %" PRIu64
		   " lost by slow ones", (double)(frames - n->frames) * SECOND_NS / past_ns, lost,
		   totals.clients, totals.lost);
	n->status_ns = now_ns;
	n->frames = frames;
}
