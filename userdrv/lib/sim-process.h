/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sim-process.h - a simulated card of one's own: the program uiocap-card, for as long as it is open
 */
#ifndef UIOCAP_SIM_PROCESS_H
#define UIOCAP_SIM_PROCESS_H

#include "uiocap/uiocap.h"

struct sim_process;

/**
 * struct sim_memory - DMA memory that the card is to be given
 * @size:     bytes
 * @segments: stretches of bus addresses that it is cut into
 */
struct sim_memory {
	uint64_t size;
	unsigned int segments;
};

#define SIM_MEMORY_DEFAULT	{ .size = 64u << 20, .segments = 1 }

/* What uiocap-card ends with when it does not like its arguments: uiocap-card(1). */
#define SIM_PROCESS_USAGE	2

/**
 * sim_process_start() - runs $UIOCAP_CARD, or else the uiocap-card that $PATH finds
 * @options: "channels=2,unpaced" becomes the arguments --channels=2 --unpaced
 * @memory:  what the options dma=SIZE and segments=N say, which are not the program's
 * @sock:    our end of its vfio-user connection
 *
 * The program has no other way to be reached, and ends when the connection does. Has said what was
 * wrong when it fails: -EINVAL in the options, -ENODEV no such program, or that it does not start.
 */
int sim_process_start(struct uiocap_ctx *ctx, const char *options, struct sim_memory *memory,
		      int *sock, struct sim_process **out);

/**
 * sim_process_end() - waits until it has ended, with some force after two seconds
 *
 * The connection has been closed before. Passes on what the program complained of, each line as a
 * message of @severity. NULL is fine. Returns its exit status, or -1.
 */
int sim_process_end(struct sim_process *sim, int severity);

#endif
