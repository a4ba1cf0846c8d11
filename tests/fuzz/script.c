/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "script.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/server-session.h"
#include "userdrv/vfio-user/message.h"

#define STEP_HEADER	4
#define NS_PER_STEP	1000000
#define MAX_FDS		3

static uint64_t now_ns = NS_PER_STEP;
static int fds[4];

uint64_t script_now_ns(void)
{
	return now_ns;
}

static void check(bool ok)
{
	if (!ok)
		abort();
}

static void open_fds(void)
{
	int pipes[2];

	check(!pipe(pipes));
	close(pipes[0]);
	fds[SCRIPT_FD_PIPE] = pipes[1];
	fds[SCRIPT_FD_EVENT] = eventfd(0, EFD_NONBLOCK);
	fds[SCRIPT_FD_SHAKY] = memfd_create("shaky", 0);
	fds[SCRIPT_FD_MEMORY] = memfd_create("memory", 0);
	for (int i = 0; i < 4; i++)
		check(fds[i] >= 0);
	check(!ftruncate(fds[SCRIPT_FD_SHAKY], SCRIPT_MEMORY));
	check(!ftruncate(fds[SCRIPT_FD_MEMORY], SCRIPT_MEMORY));
}

/* Every client finds the same: memory of zeros. */
static void close_fds(void)
{
	for (int i = 0; i < 4; i++)
		close(fds[i]);
}

static void check_reply(struct session *s)
{
	const struct vu_header *reply;
	const void *bytes;
	size_t len = session_reply(s, &bytes);

	if (!len)
		return;
	reply = bytes;
	check(len >= sizeof(*reply) && len <= VU_MAX_MESSAGE && reply->size == len);
	check((reply->flags & VU_TYPE) == VU_TYPE_REPLY);
	check(!(reply->flags & VU_ERROR) || (reply->error && len == sizeof(*reply)));
}

static int send_step(struct session *s, uint8_t command, uint8_t how, const uint8_t *payload,
		     size_t len)
{
	static struct { struct vu_header header; uint8_t payload[UINT16_MAX]; } msg;
	unsigned int nfds = how & MAX_FDS;
	int sent[MAX_FDS];
	int ret;

	for (unsigned int i = 0; i < nfds; i++)
		sent[i] = dup(fds[how >> 2 & 3]);
	msg.header = (struct vu_header){
		.command = command,
		.size = sizeof(msg.header) + len,
		.flags = how & SCRIPT_NO_REPLY ? VU_NO_REPLY : 0,
	};
	if (command == SCRIPT_RAW) {
		ret = session_message(s, payload, len, sent, nfds);
	} else {
		memcpy(msg.payload, payload, len);
		ret = session_message(s, &msg, msg.header.size, sent, nfds);
	}
	if (!ret)
		check_reply(s);
	return ret;
}

static int poke(const uint8_t *payload, size_t len)
{
	uint32_t offset;

	if (len <= sizeof(offset))
		return 0;
	memcpy(&offset, payload, sizeof(offset));
	len -= sizeof(offset);
	if (offset > SCRIPT_MEMORY || len > SCRIPT_MEMORY - offset)
		return 0;
	check(pwrite(fds[SCRIPT_FD_MEMORY], payload + sizeof(offset), len, offset) == (ssize_t)len);
	return 0;
}

static int do_step(struct session *s, uint8_t command, uint8_t how, const uint8_t *payload,
		   size_t len)
{
	if (command == SCRIPT_POKE)
		return poke(payload, len);
	return send_step(s, command, how, payload, len);
}

static void run_steps(struct device *dev, struct session *s, const uint8_t *data, size_t size)
{
	while (size >= STEP_HEADER && !session_broken(s)) {
		size_t len = data[2] | data[3] << 8;
		uint8_t how = data[1];

		if (len > size - STEP_HEADER)
			len = size - STEP_HEADER;
		if (do_step(s, data[0], how, data + STEP_HEADER, len))
			return;
		if (how & SCRIPT_TRUNCATE)
			check(!ftruncate(fds[SCRIPT_FD_SHAKY], 0));
		now_ns += NS_PER_STEP;
		if (how & SCRIPT_WORK)
			dev->work(dev, now_ns);
		data += STEP_HEADER + len;
		size -= STEP_HEADER + len;
	}
}

static int next_fd(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

void script_run(struct device *dev, const uint8_t *data, size_t size)
{
	int before = next_fd();
	struct session *s;

	open_fds();
	check(!session_new(dev, NULL, NULL, &s));
	run_steps(dev, s, data, size);
	session_free(s);
	close_fds();
	check(next_fd() == before);
}
