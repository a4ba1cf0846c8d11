// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * talk.c - a client of uiocapd that says what it is told to, right or wrong
 *
 *	talk PATH WORD…
 *
 * Each word is done in turn, and what comes is printed, a line a message:
 *
 *	hello[:VERSION]		says HELLO
 *	start:CH:BUFFERS	says START
 *	give:CH:N[:SLOT…]	says GIVE, of N buffers, and gives these slots back
 *	again:CH		gives back the slot of the last frame
 *	stop:CH, ask		says STOP, ASK
 *	raw:TYPE:BYTES		sends that many bytes, the first of them a head of that type
 *	get:N			takes N messages
 *	until:TYPE		takes messages until one of that type has come
 *	end			takes messages until the connection ends
 *	write			tries to map the ring for writing, and to resize it
 *	many:N			N - 1 more connections, which do what words follow, in turn
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "userdrv/service/protocol.h"

#define MAX_TALKERS	600

/**
 * struct talker - a connection
 * @ring: descriptor of the ring, or -1
 * @slot: of the last frame
 */
struct talker {
	int fd;
	int ring;
	uint32_t slot;
	bool over;
};

static struct talker talkers[MAX_TALKERS];
static unsigned int count = 1;

static void __attribute__((noreturn)) fail(const char *what)
{
	fprintf(stderr, "talk: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void open_talker(struct talker *t, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	t->ring = -1;
	t->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (t->fd < 0 || connect(t->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail(path);
}

/* What nobody takes any more is no failure: the reason is still to be read. */
static void say(struct talker *t, const void *packet, size_t bytes)
{
	if (send(t->fd, packet, bytes, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
		fail("send");
}

/* ---- what comes -------------------------------------------------------------------------- */

static ssize_t take(struct talker *t, void *packet, size_t room)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = packet, .iov_len = room };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	ssize_t len = recvmsg(t->fd, &m, MSG_CMSG_CLOEXEC);

	if (len > 0 && m.msg_controllen >= sizeof(struct cmsghdr))
		memcpy(&t->ring, CMSG_DATA(&control.head), sizeof(t->ring));
	return len;
}

static void show_frame(const struct message_frame *m)
{
	printf("FRAME %u slot %u number %" PRIu64 " bytes %u runs %u\n", m->head.channel, m->slot,
	       m->number, m->bytes, m->runs);
}

static int show(struct talker *t, const void *packet, ssize_t len)
{
	int type = message_check(packet, len);

	switch (type) {
	case MESSAGE_WELCOME:
		printf("WELCOME %u channels %u slots\n",
		       ((const struct message_welcome *)packet)->channels,
		       ((const struct message_welcome *)packet)->slots);
		break;
	case MESSAGE_STARTED:
		printf("STARTED %s\n", strerror(((const struct message_started *)packet)->error));
		break;
	case MESSAGE_FRAME:
		t->slot = ((const struct message_frame *)packet)->slot;
		show_frame(packet);
		break;
	case MESSAGE_STOPPED:
		printf("STOPPED %" PRIu64 "\n", ((const struct message_stopped *)packet)->produced);
		break;
	case MESSAGE_STATE:
		printf("STATE %u clients\n", ((const struct message_state *)packet)->clients);
		break;
	case MESSAGE_ENDED:
		printf("ENDED %u\n", ((const struct message_ended *)packet)->head.channel);
		break;
	case MESSAGE_BYE:
		printf("BYE %s\n", ((const struct message_bye *)packet)->reason);
		break;
	default:
		printf("WRONG %d\n", type);
	}
	return type;
}

/* At most @n messages, and none after one of @last. */
static void get(struct talker *t, unsigned int n, int last)
{
	static uint64_t packet[MESSAGE_MAX_BYTES / 8];
	int type = 0;

	while (n-- > 0 && !t->over && (last == 0 || type != last)) {
		ssize_t len = take(t, packet, sizeof(packet));

		t->over = len <= 0;
		if (len > 0)
			type = show(t, packet, len);
		else
			printf("END%s%s\n", len < 0 ? " " : "", len < 0 ? strerror(errno) : "");
	}
}

/* ---- what is said ------------------------------------------------------------------------ */

/* The numbers that follow a word, each with its colon. */
static unsigned int numbers(const char *text, uint32_t *out, unsigned int most)
{
	unsigned int n = 0;

	for (text = strchr(text, ':'); text && n < most; text = strchr(text + 1, ':'))
		out[n++] = strtoul(text + 1, NULL, 0);
	return n;
}

static void give(struct talker *t, uint32_t channel, uint32_t buffers, const uint32_t *slot,
		 uint32_t slots)
{
	static struct {
		struct message_give m;
		uint32_t room[MESSAGE_MAX_GIVEN];
	} packet;

	packet.m.head = (struct message){ MESSAGE_GIVE, channel, sizeof(packet.m) + 4 * slots };
	packet.m.buffers = buffers;
	packet.m.slots = slots;
	memcpy(packet.room, slot, 4 * slots);
	say(t, &packet, packet.m.head.bytes);
}

static void say_hello(struct talker *t, uint32_t version)
{
	const struct message_hello m = {
		{ MESSAGE_HELLO, 0, sizeof(m) }, PROTOCOL_MAGIC, version,
	};

	say(t, &m, sizeof(m));
}

static void say_start(struct talker *t, uint32_t channel, uint32_t buffers)
{
	const struct message_start m = { { MESSAGE_START, channel, sizeof(m) }, buffers, 0 };

	say(t, &m, sizeof(m));
}

static void send_raw(struct talker *t, uint16_t type, uint16_t channel, uint32_t bytes)
{
	struct message *packet = calloc(1, bytes + sizeof(*packet));

	if (!packet)
		fail("raw");
	*packet = (struct message){ type, channel, bytes };
	say(t, packet, bytes);
	free(packet);
}

static void try_to_write(const struct talker *t)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, t->ring, 0);

	printf("map for writing: %s\n", p == MAP_FAILED ? strerror(errno) : "done");
	printf("write: %s\n", pwrite(t->ring, "x", 1, 0) < 0 ? strerror(errno) : "done");
	printf("shrink: %s\n", ftruncate(t->ring, 4096) < 0 ? strerror(errno) : "done");
	p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, t->ring, 0);
	printf("map: %s\n", p == MAP_FAILED ? strerror(errno) : "done");
	printf("make writable: %s\n",
	       p == MAP_FAILED || mprotect(p, 4096, PROT_READ | PROT_WRITE) < 0 ?
	       strerror(errno) : "done");
}

static bool is(const char *word, const char *name)
{
	size_t len = strlen(name);

	return strncmp(word, name, len) == 0 && (word[len] == ':' || word[len] == '\0');
}

static void speak(struct talker *t, const char *word)
{
	uint32_t n[2 + MESSAGE_MAX_GIVEN] = { 0 };
	unsigned int given = numbers(word, n, 2 + MESSAGE_MAX_GIVEN);

	if (is(word, "hello"))
		say_hello(t, given ? n[0] : PROTOCOL_VERSION);
	else if (is(word, "start"))
		say_start(t, n[0], n[1]);
	else if (is(word, "give"))
		give(t, n[0], n[1], n + 2, given > 2 ? given - 2 : 0);
	else if (is(word, "again"))
		give(t, n[0], 1, &t->slot, 1);
	else if (is(word, "stop"))
		send_raw(t, MESSAGE_STOP, n[0], sizeof(struct message));
	else if (is(word, "ask"))
		send_raw(t, MESSAGE_ASK, 0, sizeof(struct message));
	else if (is(word, "raw"))
		send_raw(t, n[0], 0, n[1]);
	else if (is(word, "get"))
		get(t, n[0], 0);
	else if (is(word, "until"))
		get(t, UINT32_MAX, n[0]);
	else if (is(word, "end"))
		get(t, UINT32_MAX, 0);
	else if (is(word, "write"))
		try_to_write(t);
	else
		fail(word);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	setlinebuf(stdout);
	open_talker(&talkers[0], argv[1]);
	for (int i = 2; i < argc; i++) {
		uint32_t many;

		if (is(argv[i], "many") && numbers(argv[i], &many, 1) && many <= MAX_TALKERS) {
			while (count < many)
				open_talker(&talkers[count++], argv[1]);
			continue;
		}
		for (unsigned int n = 0; n < count; n++)
			speak(&talkers[n], argv[i]);
	}
	return 0;
}
