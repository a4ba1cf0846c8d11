// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * message-check.c - whether a packet is a message
 *
 * What comes from a socket is believed in here only: a length, then a count, then what it counts.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "protocol.h"

static bool ends(const char *text, size_t size)
{
	return memchr(text, 0, size);
}

/* Whether @count items of @each bytes, @limit at most, are all that follows @fixed bytes. */
static bool holds(size_t len, size_t fixed, uint32_t count, uint32_t limit, size_t each)
{
	return count <= limit && len == fixed + count * each;
}

/* A later version may say more in it: then it is the version that is refused, and with a reason. */
static bool is_hello(const struct message_hello *m, size_t len)
{
	return len >= sizeof(*m) && m->magic == PROTOCOL_MAGIC;
}

static bool is_give(const struct message_give *m, size_t len)
{
	return len >= sizeof(*m) && m->buffers <= MESSAGE_MAX_GIVEN &&
	       holds(len, sizeof(*m), m->slots, m->buffers, sizeof(m->slot[0]));
}

static bool is_welcome(const struct message_welcome *m, size_t len)
{
	return len >= sizeof(*m) && ends(m->model, sizeof(m->model)) &&
	       ends(m->slot, sizeof(m->slot)) &&
	       holds(len, sizeof(*m), m->channels, MESSAGE_MAX_CHANNELS, sizeof(m->channel[0]));
}

/* In order, none empty, and a gap between each two: else they were one. */
static bool are_apart(const struct message_run *run, uint32_t runs)
{
	uint32_t from = 0;

	for (uint32_t i = 0; i < runs; i++) {
		if (run[i].count == 0 || run[i].first < from)
			return false;
		from = run[i].first + run[i].count + 1;
	}
	return true;
}

static bool is_frame(const struct message_frame *m, size_t len)
{
	return len >= sizeof(*m) &&
	       holds(len, sizeof(*m), m->runs, MESSAGE_MAX_RUNS, sizeof(m->run[0])) &&
	       are_apart(m->run, m->runs);
}

static bool is_state(const struct message_state *m, size_t len)
{
	const struct message_client_state *client;
	size_t fixed = sizeof(*m);

	if (len < fixed || m->channels > MESSAGE_MAX_CHANNELS)
		return false;
	fixed += m->channels * sizeof(m->channel[0]);
	if (!holds(len, fixed, m->clients, MESSAGE_MAX_CLIENTS, sizeof(*client)))
		return false;
	client = message_clients(m);
	for (uint32_t i = 0; i < m->clients; i++)
		if (!ends(client[i].name, sizeof(client[i].name)))
			return false;
	return true;
}

static bool is_bye(const struct message_bye *m, size_t len)
{
	return len == sizeof(*m) && ends(m->reason, sizeof(m->reason));
}

static bool is_message(const struct message *head, size_t len)
{
	const void *m = head;

	switch (head->type) {
	case MESSAGE_HELLO:
		return is_hello(m, len);
	case MESSAGE_START:
		return len == sizeof(struct message_start);
	case MESSAGE_GIVE:
		return is_give(m, len);
	case MESSAGE_STOP:
	case MESSAGE_ASK:
	case MESSAGE_ENDED:
		return len == sizeof(struct message);
	case MESSAGE_WELCOME:
		return is_welcome(m, len);
	case MESSAGE_STARTED:
		return len == sizeof(struct message_started);
	case MESSAGE_FRAME:
		return is_frame(m, len);
	case MESSAGE_STOPPED:
		return len == sizeof(struct message_stopped);
	case MESSAGE_STATE:
		return is_state(m, len);
	case MESSAGE_BYE:
		return is_bye(m, len);
	default:
		return false;
	}
}

int message_check(const void *packet, size_t len)
{
	const struct message *head = packet;

	if (len < sizeof(*head) || len > MESSAGE_MAX_BYTES || head->bytes != len)
		return -EPROTO;
	return is_message(head, len) ? head->type : -EPROTO;
}
