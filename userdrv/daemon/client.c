// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * client.c - one client: what it has asked for, what it gets, what it missed
 *
 * What it says is checked twice: message_check() knows what a message is, and here is known
 * what this client may say.
 */
#include "client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "say.h"
#include "share.h"

/* The longest that a client has to say. */
#define PACKET_BYTES	(sizeof(struct message_give) + MESSAGE_MAX_GIVEN * sizeof(uint32_t))

/**
 * struct client - one client
 * @greeted: it has said HELLO
 * @told:    bit n: that channel n has ended, since it started it
 * @sent:    frames
 * @lost:    frames that went by
 * @bytes:   in those that were sent
 * @shares:  what it has of the ring
 */
struct client {
	int fd;
	struct peer peer;
	struct source *source;
	bool greeted;
	uint64_t told;
	uint64_t sent;
	uint64_t lost;
	uint64_t bytes;
	struct shares shares;
};

/*
 * Room for the messages of all buffers that it may have given: after a hiccup of ours the frames of
 * all channels come at once. The system's limit is less, but twice what a socket has by itself.
 */
static void make_room(int fd)
{
	const int bytes = 1 << 22;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

int client_new(int fd, const struct peer *peer, struct source *source, unsigned int buffers,
	       struct client **out)
{
	struct client *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	if (shares_init(&c->shares, source_slots(source), buffers) < 0) {
		free(c);
		return -ENOMEM;
	}
	make_room(fd);
	c->fd = fd;
	c->peer = *peer;
	c->source = source;
	*out = c;
	return 0;
}

/* ---- words ------------------------------------------------------------------------------ */

int client_send(struct client *c, const void *message)
{
	const struct message *head = message;

	if (send(c->fd, message, head->bytes, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 0;
	if (errno == EAGAIN)
		say(SAY_WARNING, "client %s (pid %d) does not read what it has asked for: closed",
		    c->peer.name, (int)c->peer.pid);
	return -ECONNRESET;
}

/*
 * What it has sent and nobody will read must go: closed with that in it, the socket would say that
 * the connection was reset, and the client might not look for the reason.
 */
void client_bye(struct client *c, const char *format, ...)
{
	struct message_bye bye = { .head = { .type = MESSAGE_BYE, .bytes = sizeof(bye) } };
	uint64_t packet[PACKET_BYTES / 8 + 1];
	va_list args;

	va_start(args, format);
	vsnprintf(bye.reason, sizeof(bye.reason), format, args);
	va_end(args);
	send(c->fd, &bye, sizeof(bye), MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(c->fd, SHUT_RDWR);
	while (recv(c->fd, packet, sizeof(packet), MSG_DONTWAIT) > 0)
		;
}

/* It has done what it must not do. */
static int __attribute__((format(printf, 2, 3))) refuse(struct client *c, const char *format, ...)
{
	char reason[MESSAGE_REASON_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	say(SAY_WARNING, "client %s (pid %d) is told to leave: %s", c->peer.name, (int)c->peer.pid,
	    reason);
	client_bye(c, "%s", reason);
	return -ECONNRESET;
}

/* ---- what it may say -------------------------------------------------------------------- */

static size_t write_welcome(const struct client *c, struct message_welcome *m)
{
	const struct uiocap_card_info *info = source_info(c->source);
	const struct slots *slots = source_slots(c->source);

	*m = (struct message_welcome){
		.version = PROTOCOL_VERSION,
		.channels = source_channels(c->source),
		.serial = info->serial,
		.memory_bytes = (uint64_t)slots_count(slots) * slots_bytes(slots),
		.slot_bytes = slots_bytes(slots),
		.slots = slots_count(slots),
	};
	snprintf(m->model, sizeof(m->model), "%s", info->model);
	snprintf(m->slot, sizeof(m->slot), "%s", info->slot);
	for (unsigned int n = 0; n < m->channels; n++) {
		m->channel[n] = *source_channel(c->source, n);
		m->channel[n].buffers = c->shares.most;
	}
	return sizeof(*m) + m->channels * sizeof(m->channel[0]);
}

/* With the descriptor of the ring. */
static int send_welcome(struct client *c)
{
	union {
		struct message_welcome m;
		uint8_t room[sizeof(struct message_welcome) +
			     MESSAGE_MAX_CHANNELS * sizeof(struct message_channel)];
	} welcome;
	const int memory = slots_fd(source_slots(c->source));
	size_t len = write_welcome(c, &welcome.m);

	welcome.m.head = (struct message){ .type = MESSAGE_WELCOME, .bytes = len };
	return message_send(c->fd, &welcome, len, memory) < 0 ? -ECONNRESET : 0;
}

static int hello(struct client *c, const struct message_hello *m)
{
	if (c->greeted)
		return refuse(c, "HELLO was said twice");
	if (m->version != PROTOCOL_VERSION)
		return refuse(c, "this uiocapd speaks version %d of the protocol, and the client %u",
			      PROTOCOL_VERSION, m->version);
	c->greeted = true;
	return send_welcome(c);
}

static int start(struct client *c, unsigned int channel, uint32_t buffers)
{
	int ret = -ENOENT;

	if (source_channel(c->source, channel)->running)
		ret = shares_start(&c->shares, channel, buffers);
	if (ret == 0)
		c->told &= ~(UINT64_C(1) << channel);
	return ret;
}

static int take_start(struct client *c, const struct message_start *m)
{
	struct message_started answer = {
		.head = { .type = MESSAGE_STARTED, .channel = m->head.channel,
			  .bytes = sizeof(answer) },
		.error = -start(c, m->head.channel, m->buffers),
	};

	if (answer.error == ENOSPC)
		say(SAY_WARNING, "client %s (pid %d) asked for %u buffers of channel %u: no room "
		    "([clients] memory, buffers)", c->peer.name, (int)c->peer.pid, m->buffers,
		    m->head.channel);
	return client_send(c, &answer);
}

static int stop(struct client *c, unsigned int channel)
{
	const struct share *share = &c->shares.channel[channel];
	const struct message_stopped answer = {
		.head = { .type = MESSAGE_STOPPED, .channel = channel, .bytes = sizeof(answer) },
		.produced = share->given ? source_next(c->source, channel) - share->base : 0,
	};

	shares_stop(&c->shares, channel);
	return client_send(c, &answer);
}

static uint64_t not_told(const struct client *c)
{
	return source_ended(c->source) & ~c->told;
}

/* -EAGAIN: its socket is full */
static int say_ended(struct client *c, unsigned int channel)
{
	const struct message_ended m = {
		.head = { .type = MESSAGE_ENDED, .channel = channel, .bytes = sizeof(m) },
	};

	if (send(c->fd, &m, sizeof(m), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return errno == EAGAIN ? -EAGAIN : -ECONNRESET;
	c->told |= UINT64_C(1) << channel;
	return 0;
}

/* Only who waits is told: others could miss it, for a buffer that is given later wakes nobody. */
int client_tick(struct client *c)
{
	int ret = 0;

	for (uint64_t left = not_told(c); ret == 0 && left != 0; left &= left - 1) {
		unsigned int channel = __builtin_ctzll(left);

		if (client_wants(c, channel))
			ret = say_ended(c, channel);
	}
	return ret == -EAGAIN ? 0 : ret;
}

void client_stop(struct client *c)
{
	int ret = 0;

	for (unsigned int n = 0; ret == 0 && n < MESSAGE_MAX_CHANNELS; n++) {
		if (!c->shares.channel[n].started)
			continue;
		if (not_told(c) >> n & 1)
			say_ended(c, n);
		ret = stop(c, n);
	}
}

static int give_back(struct client *c, unsigned int channel, uint32_t slot)
{
	if (shares_drop(&c->shares, channel, slot) < 0)
		return refuse(c, "slot %u was given back and is not the client's, channel %u", slot,
			      channel);
	return 0;
}

static int take_give(struct client *c, const struct message_give *m)
{
	unsigned int channel = m->head.channel;
	const struct share *share = &c->shares.channel[channel];

	if (!share->started)
		return refuse(c, "buffers were given for channel %u, which is not started", channel);
	for (uint32_t i = 0; i < m->slots; i++)
		if (give_back(c, channel, m->slot[i]) < 0)
			return -ECONNRESET;
	if (shares_give(&c->shares, channel, m->buffers, source_next(c->source, channel)) < 0)
		return refuse(c, "%u buffers of channel %u are more than the %u of START",
			      share->free + share->held, channel, share->reserved);
	return 0;
}

static int take(struct client *c, const void *packet, int type)
{
	const struct message *head = packet;

	if (type == MESSAGE_HELLO)
		return hello(c, packet);
	if (!c->greeted)
		return refuse(c, "the first message was not HELLO");
	if (type == MESSAGE_ASK)
		return 1;
	if (head->channel >= source_channels(c->source))
		return refuse(c, "there is no channel %u", head->channel);
	switch (type) {
	case MESSAGE_START:
		return take_start(c, packet);
	case MESSAGE_GIVE:
		return take_give(c, packet);
	case MESSAGE_STOP:
		return stop(c, head->channel);
	default:
		return refuse(c, "message %#x is not a client's", type);
	}
}

int client_read(struct client *c)
{
	uint64_t packet[PACKET_BYTES / 8 + 1];
	ssize_t len = recv(c->fd, packet, sizeof(packet), MSG_DONTWAIT | MSG_TRUNC);
	int type;

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (len <= 0)
		return -ECONNRESET;
	type = (size_t)len <= sizeof(packet) ? message_check(packet, len) : -EPROTO;
	if (type < 0)
		return refuse(c, "what it sent is no message (%zd bytes)", len);
	return take(c, packet, type);
}

/* ---- frames ----------------------------------------------------------------------------- */

bool client_wants(const struct client *c, unsigned int channel)
{
	return c->shares.channel[channel].free > 0;
}

static void hold(struct client *c, const struct message_frame *frame)
{
	shares_hold(&c->shares, frame->head.channel, frame->slot);
	c->sent++;
	c->bytes += frame->bytes;
}

/* A full socket is as good as no buffer: the client is too slow, as it finds out by the number. */
int client_offer(struct client *c, struct message_frame *frame, int slot)
{
	const struct share *share = &c->shares.channel[frame->head.channel];
	uint64_t number = frame->number;
	ssize_t sent;

	if (!share->started || !share->given)
		return 0;
	if (slot < 0 || share->free == 0) {
		c->lost++;
		return 0;
	}
	frame->slot = slot;
	frame->number = number - share->base;
	sent = send(c->fd, frame, frame->head.bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
	frame->number = number;
	if (sent >= 0)
		hold(c, frame);
	else if (errno == EAGAIN)
		c->lost++;
	else
		return -ECONNRESET;
	return 0;
}

void client_free(struct client *c)
{
	shares_exit(&c->shares);
	close(c->fd);
	free(c);
}

/* ---- what it is, how it is doing -------------------------------------------------------- */

bool client_greeted(const struct client *c)
{
	return c->greeted;
}

const struct peer *client_peer(const struct client *c)
{
	return &c->peer;
}

int client_fd(const struct client *c)
{
	return c->fd;
}

void client_get_state(const struct client *c, struct message_client_state *out)
{
	*out = (struct message_client_state){
		.pid = c->peer.pid, .uid = c->peer.uid, .gid = c->peer.gid,
		.sent = c->sent, .lost = c->lost, .bytes = c->bytes,
	};
	for (unsigned int n = 0; n < MESSAGE_MAX_CHANNELS; n++) {
		const struct share *share = &c->shares.channel[n];

		out->channels |= (uint64_t)share->started << n;
		out->free += share->free;
		out->held += share->held;
	}
	memcpy(out->name, c->peer.name, sizeof(out->name));
}
