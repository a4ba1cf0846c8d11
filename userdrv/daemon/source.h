/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - the card: its frames are copied into the ring, once, and offered to the clients
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"
#include "uiocap/uiocap.h"
#include "userdrv/service/protocol.h"

struct source;
struct slots;

/**
 * source_frame_fn - a frame of channel @channel has come
 * @frame: its message but for @slot, and with the source's own number
 * @slot:  where it lies, or -1: it has not been copied, for nobody waits for one
 */
typedef void (*source_frame_fn)(void *data, struct message_frame *frame, int slot);

/** source_wanted_fn - whether anybody waits for a frame of @channel */
typedef bool (*source_wanted_fn)(void *data, unsigned int channel);

/**
 * source_open - opens a card, and makes the ring for its frames
 *
 * Errors: those of uiocap_card_open(); -EINVAL it has none of the channels that are wanted.
 */
int source_open(struct uiocap_ctx *ctx, const char *spec, const struct settings *settings,
		struct source **out);

void source_close(struct source *s);

/** source_start - captures; frames go to @fn from now on, out of source_dispatch() */
int source_start(struct source *s, source_wanted_fn wanted, source_frame_fn fn, void *data);

/**
 * source_dispatch - takes what has come
 *
 * Returns 0, -ENODATA when all channels have ended, -ENODEV the card is gone, or what else
 * uiocap_card_dispatch() says. Whatever it is, the source is only to be closed then.
 */
int source_dispatch(struct source *s);

/** source_tick - the same, now and then: finds out, too, which channels have ended */
int source_tick(struct source *s);

/** source_ended - bit n: nothing more will come of channel n */
uint64_t source_ended(const struct source *s);

/** source_stop - ends the capture, and takes what was ready */
void source_stop(struct source *s);

/** source_fd - readable when there is something to dispatch, if the card interrupts */
int source_fd(const struct source *s);

/** source_has_irqs - whether it does; else somebody must look now and then */
bool source_has_irqs(const struct source *s);

struct slots *source_slots(const struct source *s);
const struct uiocap_card_info *source_info(const struct source *s);

unsigned int source_channels(const struct source *s);

/** source_channel - what clients are told of channel @n, but for what they may have of it */
const struct message_channel *source_channel(const struct source *s, unsigned int n);

/** source_next - the number that the next frame of channel @n has, if none is lost before it */
uint64_t source_next(const struct source *s, unsigned int n);

void source_get_stats(const struct source *s, unsigned int n, struct uiocap_stats *out);

/** source_irqs - interrupts since it was opened; source_lost_irqs - that were owed for frames */
uint64_t source_irqs(const struct source *s);
uint64_t source_lost_irqs(const struct source *s);

/** source_started_ns - CLOCK_MONOTONIC, when it began to capture */
int64_t source_started_ns(const struct source *s);

/** source_copied - bytes that were copied into the ring */
uint64_t source_copied(const struct source *s);

#endif
