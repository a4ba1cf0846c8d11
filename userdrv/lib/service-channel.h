/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * service-channel.h - a client's channel: buffers given, frames that came for them
 *
 * A buffer is a right to a frame and no memory: the n-th frame of the channel fills the n-th buffer
 * that was given. Where it lies is the service's choice, and is remembered until the buffer is
 * given again.
 */
#ifndef UIOCAP_SERVICE_CHANNEL_H
#define UIOCAP_SERVICE_CHANNEL_H

#include "card.h"
#include "userdrv/service/protocol.h"

/**
 * struct service_frame - a frame that has come and not been collected, or not wholly
 * @run:  chunks of it, allocated; NULL: all are there
 * @next: the first run that has not been collected
 * @head: the message, without the runs
 */
struct service_frame {
	struct message_run *run;
	uint32_t next;
	struct message_frame head;
};

/**
 * enum service_channel_state
 * @SERVICE_IDLE:     not started, or stopped
 * @SERVICE_STARTING: STARTED is to come
 * @SERVICE_RUNNING:  frames come
 * @SERVICE_STOPPING: STOPPED is to come
 * @SERVICE_ENDED:    STOPPED came unasked: the service is about to hang up
 */
enum service_channel_state {
	SERVICE_IDLE,
	SERVICE_STARTING,
	SERVICE_RUNNING,
	SERVICE_STOPPING,
	SERVICE_ENDED,
};

/**
 * struct service_channel - from start to start
 * @state:     as above
 * @answered:  what was asked for has come
 * @error:     what the service said to the start
 * @chunks:    in a frame
 * @frame_bytes: in a whole one
 * @pool:      buffers
 * @slot:      of each buffer: where the frame is that came for it, or SERVICE_NO_SLOT
 * @order:     buffer number n to be posted is at n mod pool
 * @queue:     frame number n to have come is at n mod pool
 * @give:      room for a message
 * @posted:    buffers, since the start
 * @given:     of which the service knows
 * @arrived:   of which have been filled
 * @collected: of which have been collected
 * @next:      the least number that the next frame can have
 * @produced:  what the service says at the end
 * @finished:  nothing follows, as the last frame or ENDED has said
 */
struct service_channel {
	enum service_channel_state state;
	bool answered;
	int error;
	uint32_t chunks;
	uint64_t frame_bytes;
	unsigned int pool;
	uint32_t *slot;
	unsigned int *order;
	struct service_frame *queue;
	struct message_give *give;
	uint64_t posted;
	uint64_t given;
	uint64_t arrived;
	uint64_t collected;
	uint64_t next;
	uint64_t produced;
	bool finished;
};

#define SERVICE_NO_SLOT	UINT32_MAX

/** service_channel_reset - as at first, with @pool buffers. -ENOMEM */
int service_channel_reset(struct service_channel *c, unsigned int pool);

/** service_channel_free - forgets frames and buffers */
void service_channel_free(struct service_channel *c);

/**
 * service_channel_started, …_frame, …_ended, …_stopped - a message has come
 * @slots: that the service has
 *
 * NULL, or what is wrong with it.
 */
const char *service_channel_started(struct service_channel *c, const struct message_started *m);
const char *service_channel_frame(struct service_channel *c, const struct message_frame *m,
				  uint32_t slots);
const char *service_channel_ended(struct service_channel *c);
const char *service_channel_stopped(struct service_channel *c, const struct message_stopped *m);

/** service_channel_post - buffer number @buffer is the next to be given */
void service_channel_post(struct service_channel *c, unsigned int buffer);

/** service_channel_give - the message that gives what was posted; valid until the next one */
const struct message *service_channel_give(struct service_channel *c, unsigned int number);

/**
 * service_channel_collect - as card_ops.collect
 * @memory:     the service's
 * @slot_bytes: from slot to slot in it
 */
unsigned int service_channel_collect(struct service_channel *c, uint8_t *memory,
				     uint32_t slot_bytes, struct card_run *runs, unsigned int max);

/** service_channel_pending - frames that have come and are to be collected */
static inline uint64_t service_channel_pending(const struct service_channel *c)
{
	return c->arrived - c->collected;
}

#endif
