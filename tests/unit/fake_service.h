/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_service.h - a service without a card: answers what it is asked, sends what a test says
 *
 * A thread has one client at a time. Channel 0 is video of 3 chunks, channel 1 a stream, channel 2
 * is there and not captured.
 */
#ifndef TESTS_FAKE_SERVICE_H
#define TESTS_FAKE_SERVICE_H

#include <pthread.h>
#include <stdbool.h>

#include "userdrv/service/protocol.h"

#define FAKE_VIDEO		0
#define FAKE_STREAM		1
#define FAKE_ABSENT		2
#define FAKE_CHANNELS		3
#define FAKE_WIDTH		64u
#define FAKE_HEIGHT		40u	/* chunks of 16, 16 and 8 lines */
#define FAKE_CHUNKS		3
#define FAKE_SLOT_BYTES		4096u
#define FAKE_SLOTS		16u
#define FAKE_BUFFERS		4u
#define FAKE_SERIAL		UINT64_C(0x1122334455667788)

/**
 * struct fake_service - it; the first ones are set before it is started
 * @unsealed:    its memory can shrink
 * @short_by:    bytes that the memory is smaller than it says
 * @mute:        types of messages, by bit, that it does not answer
 * @bye:         it says so instead of a welcome
 * @start_error: to be answered
 * @twist:       changes the welcome, or NULL
 * @spec:        to open it by
 * @memory:      its ring
 * @lock:        for what follows, which @changed tells of
 * @conn:        the client, or -1
 * @given:       buffers, since the channel started
 * @returned:    bit n: slot n has come back
 * @started:     how many START it has seen
 * @stopped:     how many STOP
 * @produced:    to be said of a channel that stops
 */
struct fake_service {
	bool unsealed;
	uint32_t short_by;
	uint64_t mute;
	const char *bye;
	uint32_t start_error;
	void (*twist)(struct message_welcome *m);

	char spec[64];
	char folder[40];
	uint8_t *memory;
	int memory_fd;
	int listener;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int conn;
	uint64_t given[FAKE_CHANNELS];
	uint64_t returned;
	unsigned int started;
	unsigned int stopped;
	uint64_t produced[FAKE_CHANNELS];
};

/** fake_service_start - in a folder of its own */
void fake_service_start(struct fake_service *f);

/** fake_service_end - hangs up and forgets all */
void fake_service_end(struct fake_service *f);

/** fake_service_send - @m, or any @len bytes, to the client */
void fake_service_send(struct fake_service *f, const void *m, size_t len);

/** fake_service_frame - number @number of a channel, in @slot; all of it, or @runs of its chunks */
void fake_service_frame(struct fake_service *f, unsigned int ch, uint32_t slot, uint64_t number,
			uint32_t bytes, const struct message_run *run, unsigned int runs);

/** fake_service_say_stopped - the last word of a channel, unasked */
void fake_service_say_stopped(struct fake_service *f, unsigned int ch, uint64_t produced);

/** fake_service_say_ended - nothing more will come of a channel */
void fake_service_say_ended(struct fake_service *f, unsigned int ch);

/** fake_service_say_bye - and hangs up */
void fake_service_say_bye(struct fake_service *f, const char *reason);

/** fake_service_hang_up - without a word */
void fake_service_hang_up(struct fake_service *f);

/** fake_service_await_given - until the client has given @count buffers of a channel */
void fake_service_await_given(struct fake_service *f, unsigned int ch, uint64_t count);

/** fake_service_await_slots - until all slots of the set have come back */
void fake_service_await_slots(struct fake_service *f, uint64_t slots);

#endif
