/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_messages.c - what a service says, as message_check() and the library's client read it
 *
 * The first byte says who listens: 0 a client that captures, 1 one that asks how the service is
 * doing. Then come messages, one after the other:
 *
 *	0	type; RAW: the payload is the whole packet; MESSAGE_WELCOME: it is laid over a
 *		good one
 *	1	bits 0-6: channel; bit 7: the next one comes at once, else when the client has
 *		said something
 *	2-3	bytes of payload, little-endian
 *	4…	the payload, from behind the header on
 *
 * A service that does not begin with a welcome of its own says a good one. Who waits for what does
 * not come sees the end of the connection.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "uiocap/service.h"
#include "userdrv/service/protocol.h"

#define RAW		0xff
#define MORE		0x80
#define MESSAGES	256	/* in an input: all of them find room in the socket */
#define SLOTS		16
#define SLOT_BYTES	4096
#define CHANNELS	3
#define HELD		3

int __real_connect(int sock, const struct sockaddr *addr, socklen_t len);
int __wrap_connect(int sock, const struct sockaddr *addr, socklen_t len);
ssize_t __real_send(int sock, const void *data, size_t len, int flags);
ssize_t __wrap_send(int sock, const void *data, size_t len, int flags);
int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask);

/**
 * struct service - the other end
 * @sock:     the client's end, by which it is known
 * @conn:     ours
 * @memory:   the ring
 * @data:     what is left to say
 * @size:     of it
 * @messages: said
 */
static struct service {
	int sock;
	int conn;
	int memory;
	const uint8_t *data;
	size_t size;
	unsigned int messages;
} service = { .sock = -1, .conn = -1, .memory = -1 };

static struct {
	struct message_welcome m;
	struct message_channel channel[CHANNELS];
} const good_welcome = {
	.m = {
		.head = { .type = MESSAGE_WELCOME, .bytes = sizeof(good_welcome) },
		.version = PROTOCOL_VERSION, .channels = CHANNELS,
		.memory_bytes = SLOTS * SLOT_BYTES, .slot_bytes = SLOT_BYTES, .slots = SLOTS,
		.model = "refcard", .slot = "0000:03:00.0",
	},
	.channel = {
		{ .running = 1, .width_bytes = 64, .height = 40, .chunk_lines = 16, .chunks = 3,
		  .buffers = 4, .period_ns = 1000000 },
		{ .kind = UIOCAP_CHANNEL_STREAM, .running = 1, .width_bytes = 4096, .height = 1,
		  .chunk_lines = 1, .chunks = 1, .buffers = 4 },
		{ .running = 0, .width_bytes = 64, .height = 40, .chunk_lines = 40, .chunks = 1 },
	},
};

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* ---- the service ------------------------------------------------------------------------ */

/* In memory of its exact size, so that a look beyond it does not go unnoticed. */
static void look_at(const void *packet, size_t len)
{
	void *copy = malloc(len > 0 ? len : 1);

	memcpy(copy, packet, len);
	message_check(copy, len);
	free(copy);
}

static void say(const void *packet, size_t len, bool memory)
{
	look_at(packet, len);
	message_send(service.conn, packet, len, memory ? service.memory : -1);
}

static void say_welcome(const uint8_t *payload, size_t len)
{
	uint8_t packet[sizeof(good_welcome)];

	memcpy(packet, &good_welcome, sizeof(packet));
	if (len > sizeof(packet))
		len = sizeof(packet);
	if (len > 0)
		memcpy(packet, payload, len);
	say(packet, sizeof(packet), true);
}

static void say_made(unsigned int type, unsigned int channel, const uint8_t *payload, size_t len)
{
	uint64_t packet[MESSAGE_MAX_BYTES / sizeof(uint64_t)];
	const struct message head = {
		.type = type, .channel = channel, .bytes = sizeof(head) + len,
	};

	if (head.bytes > sizeof(packet))
		return;
	memcpy(packet, &head, sizeof(head));
	memcpy((uint8_t *)packet + sizeof(head), payload, len);
	say(packet, head.bytes, false);
}

/* Returns whether the next message comes at once. */
static bool say_next(void)
{
	const uint8_t *step = service.data;
	size_t len;

	if (service.size < 4 || service.messages++ == MESSAGES) {
		shutdown(service.conn, SHUT_WR);
		return false;
	}
	len = step[2] | step[3] << 8;
	if (len > service.size - 4)
		len = service.size - 4;
	service.data += 4 + len;
	service.size -= 4 + len;
	if (step[0] == RAW)
		say(step + 4, len, false);
	else if (step[0] == MESSAGE_WELCOME)
		say_welcome(step + 4, len);
	else
		say_made(step[0], step[1] & ~MORE, step + 4, len);
	return step[1] & MORE;
}

ssize_t __wrap_send(int sock, const void *data, size_t len, int flags)
{
	if (sock != service.sock)
		return __real_send(sock, data, len, flags);
	check(message_check(data, len) > 0);
	if (((const struct message *)data)->type == MESSAGE_HELLO &&
	    (service.size == 0 || (service.data[0] != MESSAGE_WELCOME && service.data[0] != RAW)))
		say_welcome(NULL, 0);
	else
		while (say_next())
			;
	return (ssize_t)len;
}

int __wrap_connect(int sock, const struct sockaddr *addr, socklen_t len)
{
	int pair[2];

	(void)addr, (void)len;
	check(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	check(dup2(pair[0], sock) == sock && !close(pair[0]));
	service.sock = sock;
	service.conn = pair[1];
	return 0;
}

int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask)
{
	const struct timespec now = { 0 };
	int ret = __real_ppoll(fds, n, &now, mask);

	if (ret != 0 || (limit->tv_sec == 0 && limit->tv_nsec == 0))
		return ret;
	shutdown(service.conn, SHUT_WR);
	return __real_ppoll(fds, n, &now, mask);
}

static int make_memory(void)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	check(fd >= 0 && !ftruncate(fd, SLOTS * SLOT_BYTES));
	check(!fcntl(fd, F_ADD_SEALS,
		     F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL));
	return fd;
}

/* ---- the client ------------------------------------------------------------------------- */

static void read_frame(const struct uiocap_card *card, const struct uiocap_frame *frame)
{
	const uint8_t *data = uiocap_frame_data(frame), *begin;
	size_t size = uiocap_frame_size(frame);
	struct uiocap_segment ring;
	uint32_t line = 0, lines;

	check(!uiocap_card_segment(card, 0, &ring));
	begin = ring.data;
	check(data >= begin && size <= ring.len && data + size <= begin + ring.len);
	for (; uiocap_frame_next_gap(frame, &line, &lines); line += lines)
		check(lines > 0);
}

/* Frames are given back late: the service hears of it, and goes on. */
static void capture(struct uiocap_card *card)
{
	struct uiocap_frame *held[HELD] = { NULL }, *frame;
	unsigned int n = 0, idle = 0;

	while (idle < HELD) {
		int ret = uiocap_card_acquire(card, 0, &frame);

		if (ret < 0)
			break;
		idle = ret == 1 ? 0 : idle + 1;
		if (ret == 1)
			read_frame(card, frame);
		uiocap_frame_release(held[n % HELD]);
		held[n++ % HELD] = ret == 1 ? frame : NULL;
	}
	for (n = 0; n < HELD; n++)
		uiocap_frame_release(held[n]);
}

static void check_account(struct uiocap_card *card, unsigned int n)
{
	struct uiocap_stats s;

	uiocap_channel_get_stats(uiocap_card_channel(card, n), &s);
	check(s.produced == s.delivered + s.incomplete + s.lost);
}

static void use_card(struct uiocap_ctx *ctx)
{
	struct uiocap_card *card;
	unsigned int n;

	if (uiocap_card_open(ctx, "unix:fuzz", NULL, &card))
		return;
	for (n = 0; uiocap_card_channel(card, n); n++)
		uiocap_channel_enable(uiocap_card_channel(card, n), true);
	for (unsigned int run = 0; run < 2 && uiocap_card_start(card) == 0; run++) {
		capture(card);
		uiocap_card_stop(card);
		capture(card);
		for (n = 0; uiocap_card_channel(card, n); n++)
			check_account(card, n);
	}
	check(!uiocap_card_close(card));
}

static void ask_service(struct uiocap_ctx *ctx)
{
	const struct uiocap_service_state *state;
	struct uiocap_service *asked;

	if (uiocap_service_open(ctx, "unix:fuzz", &asked))
		return;
	while (!uiocap_service_get_state(asked, &state)) {
		check(state->channels <= 64);
		for (unsigned int n = 0; n < state->clients; n++)
			check(strlen(state->client[n].name) < MESSAGE_NAME_SIZE);
	}
	uiocap_service_close(asked);
}

static void hear(void *data, int severity, const char *message)
{
	(void)data, (void)severity;
	for (; *message; message++)
		check(*message >= ' ' && *message <= '~');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uiocap_ctx *ctx;

	if (size == 0)
		return 0;
	if (service.memory < 0)
		service.memory = make_memory();
	service.data = data + 1;
	service.size = size - 1;
	service.messages = 0;
	check(!uiocap_ctx_new(&ctx));
	uiocap_ctx_set_log(ctx, hear, NULL, UIOCAP_LOG_DEBUG);
	if (data[0] & 1)
		ask_service(ctx);
	else
		use_card(ctx);
	uiocap_ctx_free(ctx);
	close(service.conn);
	service.conn = -1;
	service.sock = -1;
	return 0;
}
