// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon.c - the loop of uiocapd, from a card that is opened to one that is closed
 *
 * One thread, one loop: the card first, so that no client keeps its frames waiting. All that is due
 * now and then hangs on a tick; what hangs on the card's progress does not.
 */
#include "daemon.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "listen.h"
#include "metrics.h"
#include "notify.h"
#include "say.h"
#include "server.h"
#include "settings.h"
#include "source.h"
#include "uiocap/uiocap.h"
#include "userdrv/cli/clock.h"

/* A card without interrupts is looked at often; one that has them, in case that it loses some. */
#define TICK_US		100000
#define LOOK_US		1000

/* An order is heard even if the card always has something. */
#define BEFORE_OTHERS	(SD_EVENT_PRIORITY_NORMAL - 10)
#define BEFORE_CARD	(BEFORE_OTHERS - 10)

/**
 * struct daemon - all that there is
 * @listener: the socket
 * @ended:    why: 0 somebody wants it, or as source_dispatch() says
 */
struct daemon {
	const struct daemon_options *options;
	struct settings settings;
	struct uiocap_ctx *ctx;
	sd_event *event;
	struct source *source;
	struct server *server;
	struct notify *notify;
	struct metrics *metrics;
	int listener;
	int ended;
};

/* ---- settings --------------------------------------------------------------------------- */

int daemon_read_settings(const char *config, struct settings *out)
{
	const char *file = config ? config : SETTINGS_FILE;
	int ret = settings_read(file, out);

	if (ret == 0 || (ret == -ENOENT && !config))
		return EXIT_OK;
	if (ret != -EINVAL)
		say(SAY_ERROR, "cannot read %s: %s", file, strerror(-ret));
	return EXIT_USAGE;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *si, void *data)
{
	struct daemon *d = data;
	struct settings new = settings_default;

	(void)source, (void)si;
	notify_reloading(d->notify);
	if (daemon_read_settings(d->options->config, &new) == EXIT_OK) {
		say(SAY_INFO, "settings have been read again");
		settings_reload(&d->settings, &new);
		say_level(d->settings.level);
	} else {
		say(SAY_ERROR, "settings stay as they were");
	}
	notify_ready(d->notify);
	return 0;
}

/* ---- loop ------------------------------------------------------------------------------- */

static int end(struct daemon *d, int why)
{
	d->ended = why;
	return sd_event_exit(d->event, 0);
}

/* Only what has come round without an error is a sign of life. */
static int looked(struct daemon *d, int result)
{
	if (result < 0)
		return end(d, result);
	notify_alive(d->notify);
	return 0;
}

static int on_card(sd_event_source *io, int fd, uint32_t events, void *data)
{
	struct daemon *d = data;

	(void)io, (void)fd, (void)events;
	return looked(d, source_dispatch(d->source));
}

static uint64_t tick_us(const struct daemon *d)
{
	return source_has_irqs(d->source) ? TICK_US : LOOK_US;
}

static int on_tick(sd_event_source *timer, uint64_t time_us, void *data)
{
	struct daemon *d = data;
	int ret = looked(d, source_tick(d->source));

	(void)time_us;
	server_tick(d->server);
	notify_status(d->notify, d->source, d->server);
	if (ret == 0)
		ret = sd_event_source_set_time_relative(timer, tick_us(d));
	return ret < 0 ? ret : sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *si, void *data)
{
	(void)source, (void)si;
	return end(data, 0);
}

/* It lives as long as the loop. */
static int leave_to_loop(sd_event_source *source, int64_t priority)
{
	int ret = sd_event_source_set_priority(source, priority);

	if (ret >= 0)
		ret = sd_event_source_set_floating(source, true);
	sd_event_source_unref(source);
	return ret;
}

static int take_signal(struct daemon *d, int number, sd_event_signal_handler_t handler)
{
	sd_event_source *source;
	int ret = sd_event_add_signal(d->event, &source, number, handler, d);

	return ret < 0 ? ret : leave_to_loop(source, BEFORE_CARD);
}

/* Only now: the program of a simulated card is not to inherit it. */
static int take_signals(struct daemon *d)
{
	sigset_t set;
	int ret;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ret = take_signal(d, SIGHUP, on_reload);
	if (ret >= 0)
		ret = take_signal(d, SIGINT, on_stop);
	if (ret >= 0)
		ret = take_signal(d, SIGTERM, on_stop);
	return ret;
}

static int prepare_loop(struct daemon *d)
{
	sd_event_source *card;
	int ret = take_signals(d);

	if (ret >= 0)
		ret = sd_event_add_time_relative(d->event, NULL, CLOCK_MONOTONIC, tick_us(d),
						 tick_us(d) / 10, on_tick, d);
	if (ret < 0 || !source_has_irqs(d->source))
		return ret;
	ret = sd_event_add_io(d->event, &card, source_fd(d->source), EPOLLIN, on_card, d);
	return ret < 0 ? ret : leave_to_loop(card, BEFORE_OTHERS);
}

/* ---- start ------------------------------------------------------------------------------ */

static int status_of(int err)
{
	switch (err) {
	case -ENODEV:
	case -ENXIO:
	case -ENOENT:
		return EXIT_NO_DEVICE;
	case -EINVAL:
		return EXIT_USAGE;
	default:
		return EXIT_FAILED;
	}
}

/* The library and the others have told why. */
static int open_card(struct daemon *d)
{
	int ret;

	uiocap_ctx_set_log(d->ctx, say_library, NULL, UIOCAP_LOG_DEBUG);
	ret = source_open(d->ctx, d->options->device, &d->settings, &d->source);
	if (ret == 0)
		return EXIT_OK;
	say(SAY_ERROR, "cannot open %s: %s", d->options->device, strerror(-ret));
	return status_of(ret);
}

static int find_socket(struct daemon *d)
{
	const char *path = d->options->socket;

	d->listener = path ? listen_at(path) : listen_inherited();
	if (d->listener >= 0)
		return EXIT_OK;
	if (path)
		say(SAY_ERROR, "cannot listen at %s: %s", path, strerror(-d->listener));
	else if (d->listener == -ENOENT)
		say(SAY_ERROR, "no socket: neither --socket was said, nor has systemd made one");
	else
		say(SAY_ERROR, "what systemd has passed is not one socket of type SOCK_SEQPACKET");
	return path ? EXIT_FAILED : EXIT_USAGE;
}

static int begin(struct daemon *d)
{
	int ret = server_new(d->event, d->listener, d->source, &d->settings, &d->server);

	if (ret == 0)
		ret = metrics_new(d->event, d->settings.metrics, d->source, d->server, &d->metrics);
	if (ret == 0)
		ret = prepare_loop(d);
	if (ret >= 0)
		ret = source_start(d->source, server_wants, server_offer, d->server);
	if (ret < 0) {
		say(SAY_ERROR, "cannot start: %s", strerror(-ret));
		return status_of(ret);
	}
	return EXIT_OK;
}

/* ---- end -------------------------------------------------------------------------------- */

static const char *farewell(const struct daemon *d)
{
	switch (d->ended) {
	case 0:
		return "the service has been stopped";
	case -ENODATA:
		return "all channels of the card have ended";
	case -ENODEV:
		return "the card is gone";
	default:
		return "the service has failed";
	}
}

static void say_account(const struct daemon *d)
{
	for (unsigned int n = 0; n < source_channels(d->source); n++) {
		struct uiocap_stats stats;

		source_get_stats(d->source, n, &stats);
		if (source_channel(d->source, n)->running)
			say(SAY_INFO, "channel %u: %llu frames whole, %llu incomplete, %llu lost by the card",
			    n, (unsigned long long)stats.delivered,
			    (unsigned long long)stats.incomplete, (unsigned long long)stats.lost);
	}
}

static int finish(struct daemon *d)
{
	notify_stopping(d->notify, farewell(d));
	if (d->ended == 0)
		source_stop(d->source);
	say(d->ended == 0 ? SAY_INFO : SAY_WARNING, "%s", farewell(d));
	say_account(d);
	server_free(d->server, farewell(d));
	d->server = NULL;
	return d->ended == 0 || d->ended == -ENODATA ? EXIT_OK : status_of(d->ended);
}

static int serve(struct daemon *d)
{
	const struct uiocap_card_info *info = source_info(d->source);
	int ret;

	say(SAY_INFO, "captures from %s (%s, %u channels)", info->spec, info->model,
	    info->channels);
	notify_ready(d->notify);
	ret = sd_event_loop(d->event);
	if (ret < 0) {
		say(SAY_ERROR, "cannot wait for what comes: %s", strerror(-ret));
		d->ended = ret;
	}
	return finish(d);
}

static int prepare(struct daemon *d)
{
	int ret = uiocap_ctx_new(&d->ctx);

	if (ret == 0)
		ret = notify_new(&d->notify);
	if (ret == 0)
		ret = sd_event_new(&d->event);
	if (ret >= 0)
		return EXIT_OK;
	say(SAY_ERROR, "cannot start: %s", strerror(-ret));
	return EXIT_FAILED;
}

/* The socket goes first, that nobody connects who would not be served. */
static void clean_up(struct daemon *d)
{
	if (d->listener >= 0)
		close(d->listener);
	if (d->listener >= 0 && d->options->socket)
		unlink(d->options->socket);
	metrics_free(d->metrics);
	server_free(d->server, farewell(d));
	source_close(d->source);
	sd_event_unref(d->event);
	notify_free(d->notify);
	uiocap_ctx_free(d->ctx);
}

int daemon_run(const struct daemon_options *options)
{
	struct daemon d = { .options = options, .settings = settings_default, .listener = -1 };
	int status = daemon_read_settings(options->config, &d.settings);

	say_level(d.settings.level);
	if (status == EXIT_OK)
		status = prepare(&d);
	if (status == EXIT_OK)
		status = open_card(&d);
	if (status == EXIT_OK)
		status = find_socket(&d);
	if (status == EXIT_OK)
		status = begin(&d);
	if (status == EXIT_OK)
		status = serve(&d);
	clean_up(&d);
	return status;
}
