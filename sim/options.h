/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of uiocap-card
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "fault.h"
#include "uiocap/refcard.h"

#define OPTIONS_STREAMS_MAX	REFCARD_MAX_CHANNELS

enum options_irq {
	OPTIONS_IRQ_MSIX,	/* all kinds; the client chooses */
	OPTIONS_IRQ_MSI,
	OPTIONS_IRQ_INTX,
	OPTIONS_IRQ_NONE,
};

/**
 * struct options - what was asked for
 * @socket:    path, or NULL
 * @socket_fd: a connected socket, or -1
 * @ready_fd:  told when the card can be reached, or -1
 * @period_ns: of a frame; 0: as fast as memory allows
 * @no_fifo:   as in struct sim_config
 */
struct options {
	const char *socket;
	int socket_fd;
	int ready_fd;
	bool once;
	bool stats;
	unsigned int channels;
	uint32_t width;
	uint32_t height;
	uint32_t period_ns;
	bool no_fifo;
	const char *stream[OPTIONS_STREAMS_MAX];
	unsigned int streams;
	enum options_irq irq;
	uint64_t serial;
	struct faults faults;
};

enum options_verdict {
	OPTIONS_RUN,
	OPTIONS_DONE,		/* help or version was printed */
	OPTIONS_WRONG,		/* said why on stderr */
};

/** options_parse - the strings are not copied */
enum options_verdict options_parse(int argc, char **argv, struct options *out);

#endif
