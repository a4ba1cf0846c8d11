/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * share.h - what a client has of the ring: slots reserved for a channel, given, held
 *
 * It can pin no more slots than it has reserved when it started a channel, whatever it does.
 */
#ifndef SHARE_H
#define SHARE_H

#include <stdbool.h>

#include "slots.h"
#include "userdrv/service/protocol.h"

/**
 * struct share - what a client has of a channel
 * @started:  it gets frames
 * @given:    it has given the first buffers, from when on frames are counted
 * @reserved: slots of the ring that it can have
 * @free:     of these, given and waiting for a frame
 * @held:     of these, with a frame that it has not given back
 * @base:     the source's number of the frame that was the next when it gave the first buffers
 */
struct share {
	bool started;
	bool given;
	uint32_t reserved;
	uint32_t free;
	uint32_t held;
	uint64_t base;
};

/**
 * struct shares - of all channels
 * @most:   slots that can be reserved for a channel
 * @holder: for each slot: 0, or 1 + the channel that it is held for
 */
struct shares {
	struct slots *slots;
	unsigned int most;
	uint8_t *holder;
	struct share channel[MESSAGE_MAX_CHANNELS];
};

/** shares_init - nothing of @slots yet. -ENOMEM */
int shares_init(struct shares *s, struct slots *slots, unsigned int most);

/** shares_exit - gives back all that is held and reserved */
void shares_exit(struct shares *s);

/**
 * shares_start - reserves slots for a channel, and gives back what is held of its run before
 *
 * Errors: -EBUSY: it is started; -ENOSPC.
 */
int shares_start(struct shares *s, unsigned int channel, uint32_t buffers);

/** shares_stop - what is held stays reserved, until the next start or the end */
void shares_stop(struct shares *s, unsigned int channel);

/** shares_give - slots may be filled; @next: the number of the next frame. -ENOSPC: too many */
int shares_give(struct shares *s, unsigned int channel, uint32_t buffers, uint64_t next);

/** shares_hold - a given slot has been filled, and it is this one */
void shares_hold(struct shares *s, unsigned int channel, unsigned int slot);

/** shares_drop - it has been read. -EINVAL: it was not held for that channel */
int shares_drop(struct shares *s, unsigned int channel, unsigned int slot);

#endif
