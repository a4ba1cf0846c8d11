/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.h - the card that a verb works on
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "uiocap/uiocap.h"

/**
 * struct device - an open card
 * @ctx:  its context
 * @card: the card
 * @info: what it is
 */
struct device {
	struct uiocap_ctx *ctx;
	struct uiocap_card *card;
	struct uiocap_card_info info;
};

/**
 * device_open - open a card
 * @spec:  as the user gave it, or NULL: the only card there is
 * @model: card kind, or NULL
 *
 * EXIT_OK, or another exit code after a message.
 */
int device_open(const char *spec, const char *model, struct device *out);

void device_close(struct device *device);

/**
 * device_open_own - as device_open(), for a verb that wants the card itself
 *
 * A service has the card's registers and interrupts, and does not share these.
 */
int device_open_own(const char *spec, const char *model, struct device *out);

/** channel_enable - false where nothing will come: a service need not capture all channels */
bool channel_enable(struct uiocap_channel *channel);

/** context_new - a context whose messages reach the user. Exit code as above */
int context_new(struct uiocap_ctx **out);

#endif
