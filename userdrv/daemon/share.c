// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * share.c - what a client has of the ring: slots reserved for a channel, given, held
 */
#include "share.h"

#include <errno.h>
#include <stdlib.h>

int shares_init(struct shares *s, struct slots *slots, unsigned int most)
{
	*s = (struct shares){
		.slots = slots, .most = most,
		.holder = calloc(slots_count(slots), sizeof(*s->holder)),
	};
	return s->holder ? 0 : -ENOMEM;
}

static void forget(struct shares *s, unsigned int channel)
{
	struct share *share = &s->channel[channel];

	for (unsigned int slot = 0; share->held > 0; slot++)
		shares_drop(s, channel, slot);
	slots_unreserve(s->slots, share->reserved);
	share->reserved = 0;
}

void shares_exit(struct shares *s)
{
	for (unsigned int n = 0; n < MESSAGE_MAX_CHANNELS; n++)
		forget(s, n);
	free(s->holder);
}

int shares_start(struct shares *s, unsigned int channel, uint32_t buffers)
{
	struct share *share = &s->channel[channel];

	if (share->started)
		return -EBUSY;
	forget(s, channel);
	if (buffers > s->most || slots_reserve(s->slots, buffers) < 0)
		return -ENOSPC;
	share->reserved = buffers;
	share->started = true;
	share->given = false;
	return 0;
}

void shares_stop(struct shares *s, unsigned int channel)
{
	struct share *share = &s->channel[channel];

	slots_unreserve(s->slots, share->reserved - share->held);
	share->reserved = share->held;
	share->free = 0;
	share->started = false;
}

int shares_give(struct shares *s, unsigned int channel, uint32_t buffers, uint64_t next)
{
	struct share *share = &s->channel[channel];

	if (!share->given)
		share->base = next;
	share->given = true;
	share->free += buffers;
	return share->free + share->held > share->reserved ? -ENOSPC : 0;
}

void shares_hold(struct shares *s, unsigned int channel, unsigned int slot)
{
	s->channel[channel].free--;
	s->channel[channel].held++;
	s->holder[slot] = channel + 1;
	slots_hold(s->slots, slot);
}

int shares_drop(struct shares *s, unsigned int channel, unsigned int slot)
{
	if (slot >= slots_count(s->slots) || s->holder[slot] != channel + 1)
		return -EINVAL;
	s->holder[slot] = 0;
	s->channel[channel].held--;
	slots_drop(s->slots, slot);
	return 0;
}
