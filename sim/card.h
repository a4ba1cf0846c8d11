/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * card.h - the reference card (doc/refcard.md) in software
 *
 * It knows of no client and no socket: whoever holds its struct device carries it to one.
 */
#ifndef SIM_CARD_H
#define SIM_CARD_H

#include "channel.h"
#include "core.h"
#include "device.h"
#include "fault.h"

struct sim_card;
struct source;

/**
 * struct sim_channel_config - what one channel is
 * @kind:   its read-only registers
 * @source: of a stream; the card does not close it
 */
struct sim_channel_config {
	struct channel_kind kind;
	struct source *source;
};

/**
 * struct sim_config - what a card is like
 * @choice:   serial number, and the kinds of interrupt it has
 * @channels: 1 … REFCARD_MAX_CHANNELS
 * @no_fifo:  video chunks leave one by one, as their lines come, and not in bursts
 * @faults:   armed from the start
 * @clock:    NULL: CLOCK_MONOTONIC
 */
struct sim_config {
	struct config_choice choice;
	unsigned int channels;
	bool no_fifo;
	struct sim_channel_config channel[REFCARD_MAX_CHANNELS];
	struct faults faults;
	uint64_t (*clock)(void);
	sim_log_fn log;
	void *log_data;
};

/**
 * struct sim_stats - what has happened since the card was made, over all clients
 * @produced: of each channel, frames or bytes
 * @dropped:  of these
 */
struct sim_stats {
	unsigned int channels;
	uint32_t kind[REFCARD_MAX_CHANNELS];
	uint64_t produced[REFCARD_MAX_CHANNELS];
	uint64_t dropped[REFCARD_MAX_CHANNELS];
	uint64_t interrupts;
	uint64_t dma_refused;
	uint64_t guest_errors;
};

/** sim_card_new - -EINVAL, -ENOMEM */
int sim_card_new(const struct sim_config *config, struct sim_card **out);
void sim_card_free(struct sim_card *card);

struct device *sim_card_device(struct sim_card *card);
void sim_card_stats(const struct sim_card *card, struct sim_stats *out);

#endif
