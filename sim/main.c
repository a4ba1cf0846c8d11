// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - uiocap-card: a simulated card at a Unix socket
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "card.h"
#include "options.h"
#include "server.h"
#include "source.h"

#define EXIT_USAGE	2

static void say(void *data, const char *message)
{
	(void)data;
	fprintf(stderr, "uiocap-card: %s\n", message);
}

static int open_streams(const struct options *o, struct sim_config *config)
{
	for (unsigned int i = 0; i < o->streams; i++) {
		unsigned int ch = o->channels + i;
		int err = source_open(o->stream[i], ch, &config->channel[ch].source);

		if (err) {
			fprintf(stderr, "uiocap-card: --stream %s: %s\n", o->stream[i],
				strerror(-err));
			return err;
		}
		config->channel[ch].kind.kind = REFCARD_KIND_STREAM;
	}
	return 0;
}

static void close_streams(struct sim_config *config)
{
	for (unsigned int ch = 0; ch < REFCARD_MAX_CHANNELS; ch++)
		source_close(config->channel[ch].source);
}

static void configure(const struct options *o, struct sim_config *config)
{
	*config = (struct sim_config) {
		.choice = {
			.serial = o->serial,
			.intx = o->irq <= OPTIONS_IRQ_INTX,
			.msi = o->irq <= OPTIONS_IRQ_MSI,
			.msix = o->irq == OPTIONS_IRQ_MSIX,
		},
		.channels = o->channels + o->streams,
		.no_fifo = o->no_fifo,
		.faults = o->faults,
		.log = say,
	};
	for (unsigned int ch = 0; ch < o->channels; ch++) {
		config->channel[ch].kind = (struct channel_kind) {
			.kind = REFCARD_KIND_VIDEO,
			.width = o->width,
			.height = o->height,
			.period_ns = o->period_ns,
		};
	}
}

static void print_stats(const struct sim_card *card)
{
	struct sim_stats stats;

	sim_card_stats(card, &stats);
	printf("{\n  \"channels\": [\n");
	for (unsigned int ch = 0; ch < stats.channels; ch++)
		printf("    {\"channel\": %u, \"kind\": \"%s\", \"produced\": %" PRIu64
		       ", \"dropped\": %" PRIu64 "}%s\n", ch,
		       stats.kind[ch] == REFCARD_KIND_STREAM ? "stream" : "video",
		       stats.produced[ch], stats.dropped[ch], ch + 1 < stats.channels ? "," : "");
	printf("  ],\n  \"interrupts\": %" PRIu64 ",\n  \"dma_refused\": %" PRIu64
	       ",\n  \"guest_errors\": %" PRIu64 "\n}\n",
	       stats.interrupts, stats.dma_refused, stats.guest_errors);
}

/* SIGTERM and SIGINT end the card in order: its socket goes, its statistics come. */
static int make_stop_fd(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int open_socket(struct server *server, const struct options *o)
{
	if (o->socket)
		return server_listen(server, o->socket);
	return server_attach(server, o->socket_fd);
}

static int serve(struct sim_card *card, const struct options *o)
{
	struct server *server;
	int err = server_new(sim_card_device(card), say, NULL, &server);
	int stop_fd;

	if (err)
		return err;
	stop_fd = make_stop_fd();
	err = stop_fd < 0 ? stop_fd : open_socket(server, o);
	if (err) {
		fprintf(stderr, "uiocap-card: %s: %s\n", o->socket ? o->socket : "--socket-fd",
			strerror(-err));
		goto free_server;
	}
	if (o->ready_fd >= 0) {
		dprintf(o->ready_fd, "ready\n");
		close(o->ready_fd);
	}
	err = server_run(server, stop_fd, o->once);
	if (err)
		fprintf(stderr, "uiocap-card: %s\n", strerror(-err));
free_server:
	server_free(server);
	if (stop_fd >= 0)
		close(stop_fd);
	return err;
}

static int run(const struct options *o)
{
	struct sim_config config;
	struct sim_card *card;
	int err;

	configure(o, &config);
	err = open_streams(o, &config);
	if (err)
		goto close_streams;
	err = sim_card_new(&config, &card);
	if (err) {
		fprintf(stderr, "uiocap-card: %s\n", strerror(-err));
		goto close_streams;
	}
	err = serve(card, o);
	if (o->stats)
		print_stats(card);
	sim_card_free(card);
close_streams:
	close_streams(&config);
	return err;
}

/* Who was started without one of the three would talk into the client's socket. */
static void fill_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* What was printed may still be in the buffer, and the disk full. */
static int flush_stdout(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fprintf(stderr, "uiocap-card: cannot write to the standard output: %s\n", strerror(errno));
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct options options;

	fill_standard();
	switch (options_parse(argc, argv, &options)) {
	case OPTIONS_DONE:
		return flush_stdout(EXIT_SUCCESS);
	case OPTIONS_WRONG:
		return EXIT_USAGE;
	case OPTIONS_RUN:
		break;
	}
	return flush_stdout(run(&options) ? EXIT_FAILURE : EXIT_SUCCESS);
}
