// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "message.h"

#define MAX_ERRNO	4095	/* as the kernel: what an error number can be */

/* Bytes of a version reply that carries no capabilities, or all that we would ever read. */
#define ANY_LEN		SIZE_MAX

struct vu_client {
	int sock;
	bool gone;
	int64_t patience_ns;
	uint16_t id;
	uint64_t *syscalls;
	struct capabilities limits;
	struct vu_inbox in;
	struct {
		struct vu_header header;
		uint8_t payload[sizeof(struct vu_region_access) + 256];
	} out;
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Until the socket is ready for @events, at most up to @end. */
static int wait_for(struct vu_client *c, short events, int64_t end)
{
	struct pollfd fd = { .fd = c->sock, .events = events };
	int64_t left = end - now_ns();
	int ret;

	if (left <= 0)
		return -ETIMEDOUT;
	++*c->syscalls;
	ret = poll(&fd, 1, (left + 999999) / 1000000);
	return ret < 0 && errno != EINTR ? -errno : 0;
}

static int send_message(struct vu_client *c, const int *fds, unsigned int nfds, int64_t end)
{
	const uint8_t *bytes = (const uint8_t *)&c->out;
	size_t sent = 0;
	int ret;

	while (sent < c->out.header.size) {
		++*c->syscalls;
		ret = vu_send(c->sock, bytes + sent, c->out.header.size - sent, fds, nfds);
		if (!ret)
			ret = wait_for(c, POLLOUT, end);
		else if (ret > 0)
			nfds = 0;
		if (ret < 0)
			return ret;
		sent += ret;
	}
	return 0;
}

static int receive_message(struct vu_client *c, int64_t end)
{
	int ret;

	for (;;) {
		ret = wait_for(c, POLLIN, end);
		if (ret)
			return ret;
		*c->syscalls += 2;	/* one for the header, one for the payload */
		ret = vu_receive(&c->in, c->sock);
		if (ret)
			return ret < 0 ? ret : 0;
	}
}

int vu_reply_check(const struct vu_header *sent, const void *msg, size_t len, size_t payload_len)
{
	struct vu_header reply;

	if (len < sizeof(reply))
		return -EPROTO;
	memcpy(&reply, msg, sizeof(reply));
	if (reply.size != len || reply.id != sent->id || reply.command != sent->command ||
	    (reply.flags & VU_TYPE) != VU_TYPE_REPLY)
		return -EPROTO;
	if (reply.flags & VU_ERROR)
		return reply.error && reply.error <= MAX_ERRNO ? -(int)reply.error : -EIO;
	if (payload_len != ANY_LEN && len != sizeof(reply) + payload_len)
		return -EPROTO;
	return 0;
}

/* A reply that is late or no reply at all: nothing that follows on this socket can be trusted. */
static int give_up(struct vu_client *c, int error)
{
	c->gone = true;
	return error == -ETIMEDOUT || error == -EPROTO ? error : -ENODEV;
}

static int send_command(struct vu_client *c, enum vu_command command, uint32_t flags,
			const void *payload, size_t len, const int *fds, unsigned int nfds)
{
	int ret;

	if (c->gone)
		return -ENODEV;
	if (len > sizeof(c->out.payload))
		return -EMSGSIZE;
	c->out.header = (struct vu_header){
		.id = c->id++,
		.command = command,
		.size = sizeof(c->out.header) + len,
		.flags = VU_TYPE_COMMAND | flags,
	};
	if (len)
		memcpy(c->out.payload, payload, len);
	ret = send_message(c, fds, nfds, now_ns() + c->patience_ns);
	return ret ? give_up(c, ret) : 0;
}

/* What came is in c->in until the next command. */
static int call(struct vu_client *c, enum vu_command command, const void *payload, size_t len,
		const int *fds, unsigned int nfds, size_t reply_len)
{
	int ret;

	vu_inbox_clear(&c->in);
	ret = send_command(c, command, 0, payload, len, fds, nfds);
	if (ret)
		return ret;
	ret = receive_message(c, now_ns() + c->patience_ns);
	if (ret)
		return give_up(c, ret);
	ret = vu_reply_check(&c->out.header, c->in.bytes, c->in.len, reply_len);
	return ret == -EPROTO && !(c->in.header.flags & VU_ERROR) ? give_up(c, ret) : ret;
}

int vu_client_call(struct vu_client *c, enum vu_command command, const void *payload, size_t len,
		   const int *fds, unsigned int nfds, void *reply, size_t reply_len)
{
	int ret = call(c, command, payload, len, fds, nfds, reply_len);

	if (!ret && reply_len)
		memcpy(reply, c->in.bytes + sizeof(c->in.header), reply_len);
	return ret;
}

int vu_client_post(struct vu_client *c, enum vu_command command, const void *payload, size_t len)
{
	return send_command(c, command, VU_NO_REPLY, payload, len, NULL, 0);
}

static int negotiate(struct vu_client *c)
{
	static const struct {
		struct vu_version version;
		char capabilities[sizeof(VU_CAPABILITIES)];
	} offer = { { VU_MAJOR, VU_MINOR }, VU_CAPABILITIES };
	const uint8_t *payload = c->in.bytes + sizeof(c->in.header);
	struct vu_version version;
	size_t len;
	int ret;

	ret = call(c, VU_VERSION, &offer, sizeof(offer.version) + sizeof(offer.capabilities),
		   NULL, 0, ANY_LEN);
	if (ret)
		return ret == -ENODEV ? -EBUSY : ret;
	len = c->in.len - sizeof(c->in.header);
	if (len < sizeof(version))
		return -EPROTO;
	memcpy(&version, payload, sizeof(version));
	if (version.major != VU_MAJOR || version.minor > VU_MINOR)
		return -EPROTO;
	return capabilities_parse((const char *)payload + sizeof(version), len - sizeof(version),
				  &c->limits) ? -EPROTO : 0;
}

int vu_client_new(int sock, int64_t patience_ns, uint64_t *syscalls, struct vu_client **out)
{
	struct vu_client *c = calloc(1, sizeof(*c));
	int ret;

	if (!c) {
		close(sock);
		return -ENOMEM;
	}
	c->sock = sock;
	c->patience_ns = patience_ns;
	c->syscalls = syscalls;
	ret = negotiate(c);
	if (ret) {
		vu_client_free(c);
		return ret;
	}
	*out = c;
	return 0;
}

void vu_client_free(struct vu_client *c)
{
	if (!c)
		return;
	vu_inbox_clear(&c->in);
	close(c->sock);
	free(c);
}

const struct capabilities *vu_client_limits(const struct vu_client *c)
{
	return &c->limits;
}

int vu_client_sock(const struct vu_client *c)
{
	return c->sock;
}

bool vu_client_gone(const struct vu_client *c)
{
	return c->gone;
}

void vu_client_lose(struct vu_client *c)
{
	c->gone = true;
}
