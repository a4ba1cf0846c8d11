// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "server.h"
#include "server-session.h"
#include "userdrv/vfio-user/message.h"

/* Messages taken in a row: a client that never stops must not keep the card from its work. */
#define BATCH		64
#define NEVER		UINT64_MAX

/**
 * struct server - a device and who may use it
 * @path:     of the listening socket, NULL: there is none
 * @listener: that socket, or -1
 * @sock:     the client's, or -1
 * @session:  the client's, or NULL
 * @sent:     bytes of the session's reply that have gone out
 * @in:       the message that is arriving
 */
struct server {
	struct device *dev;
	server_log_fn log;
	void *log_data;
	char *path;
	int listener;
	int sock;
	struct session *session;
	size_t sent;
	struct vu_inbox in;
};

static void complain(const struct server *s, const char *message)
{
	if (s->log)
		s->log(s->log_data, message);
}

int server_new(struct device *dev, server_log_fn log, void *log_data, struct server **out)
{
	struct server *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->dev = dev;
	s->log = log;
	s->log_data = log_data;
	s->listener = -1;
	s->sock = -1;
	*out = s;
	return 0;
}

/* A socket that refuses connections was left behind by a server that is no more. */
static int remove_stale(const struct sockaddr_un *addr)
{
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;
	int ret = -EADDRINUSE;

	if (sock < 0)
		return -errno;
	if (!lstat(addr->sun_path, &st) && S_ISSOCK(st.st_mode) &&
	    connect(sock, (const struct sockaddr *)addr, sizeof(*addr)) && errno == ECONNREFUSED)
		ret = unlink(addr->sun_path) ? -errno : 0;
	close(sock);
	return ret;
}

static int bind_to(int sock, const struct sockaddr_un *addr)
{
	int ret;

	if (!bind(sock, (const struct sockaddr *)addr, sizeof(*addr)))
		return 0;
	if (errno != EADDRINUSE)
		return -errno;
	ret = remove_stale(addr);
	if (ret)
		return ret;
	return bind(sock, (const struct sockaddr *)addr, sizeof(*addr)) ? -errno : 0;
}

int server_listen(struct server *s, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock, ret;

	if (s->listener >= 0)
		return -EBUSY;
	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sock < 0)
		return -errno;
	ret = bind_to(sock, &addr);
	if (ret)
		goto close_sock;
	s->path = strdup(path);
	if (!s->path || listen(sock, 8)) {
		ret = s->path ? -errno : -ENOMEM;
		unlink(path);
		goto free_path;
	}
	s->listener = sock;
	return 0;

free_path:
	free(s->path);
	s->path = NULL;
close_sock:
	close(sock);
	return ret;
}

int server_attach(struct server *s, int fd)
{
	int ret;

	if (s->session)
		return -EBUSY;
	ret = session_new(s->dev, s->log, s->log_data, &s->session);
	if (ret)
		return ret;
	s->sock = fd;
	s->sent = 0;
	return 0;
}

static void drop_client(struct server *s)
{
	vu_inbox_clear(&s->in);
	session_free(s->session);
	s->session = NULL;
	if (s->sock >= 0)
		close(s->sock);
	s->sock = -1;
}

/* 1: all of the reply has gone out, 0: the client reads too slowly */
static int flush_reply(struct server *s)
{
	const void *reply;
	size_t len = session_reply(s->session, &reply);

	while (s->sent < len) {
		int ret = vu_send(s->sock, (const char *)reply + s->sent, len - s->sent, NULL, 0);

		if (ret <= 0)
			return ret;
		s->sent += ret;
	}
	return 1;
}

/* No further message is read while a reply is stuck: what a client makes us keep is bounded. */
static int serve_client(struct server *s)
{
	int ret = flush_reply(s);

	for (int i = 0; i < BATCH && ret > 0; i++) {
		ret = vu_receive(&s->in, s->sock);
		if (ret <= 0)
			return ret;
		ret = session_message(s->session, s->in.bytes, s->in.len, s->in.fds, s->in.nfds);
		vu_inbox_clear(&s->in);
		s->sent = 0;
		if (ret)
			return ret;
		ret = flush_reply(s);
	}
	return ret < 0 ? ret : 0;
}

static void serve_or_drop(struct server *s)
{
	if (s->session && serve_client(s))
		drop_client(s);
}

/*
 * One card, one client. The present one may have closed its end just before the new one
 * connected, without poll() having seen it: so look at it once more.
 */
static void accept_client(struct server *s)
{
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	serve_or_drop(s);
	if (server_attach(s, fd)) {
		complain(s, "turned a client away: the card is in use");
		close(fd);
	}
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + ts.tv_nsec;
}

/* What the device has to do; returns when it wants to be called again. */
static uint64_t work(struct server *s)
{
	uint64_t due;

	if (!s->session)
		return NEVER;
	due = s->dev->work(s->dev, now_ns());
	if (!session_broken(s->session))
		return due;
	complain(s, "client took back memory that it had given: dropped");
	drop_client(s);
	return NEVER;
}

static int wait_until(uint64_t due, struct pollfd *fds, unsigned int n)
{
	uint64_t now = now_ns();
	uint64_t left = due > now ? due - now : 0;
	struct timespec ts = { .tv_sec = left / 1000000000u, .tv_nsec = left % 1000000000u };

	if (ppoll(fds, n, due == NEVER ? NULL : &ts, NULL) < 0)
		return errno == EINTR ? 0 : -errno;
	return 0;
}

int server_run(struct server *s, int stop_fd, bool once)
{
	bool had_client = false;

	/* Moderation times are microseconds; the kernel's default slack would add 50 of them. */
	prctl(PR_SET_TIMERSLACK, 1000UL);
	for (;;) {
		uint64_t due = work(s);
		struct pollfd fds[] = {
			{ .fd = stop_fd, .events = POLLIN },
			{ .fd = s->sock, .events = POLLIN },
			{ .fd = s->listener, .events = POLLIN },
		};
		const void *reply;
		int ret;

		if (!s->session && (s->listener < 0 || (once && had_client)))
			return 0;
		had_client |= s->session != NULL;
		if (s->session && s->sent < session_reply(s->session, &reply))
			fds[1].events = POLLOUT;
		ret = wait_until(due, fds, 3);
		if (ret)
			return ret;
		if (fds[0].revents)
			return 0;
		if (fds[1].revents)
			serve_or_drop(s);
		if (fds[2].revents)
			accept_client(s);
	}
}

void server_free(struct server *s)
{
	if (!s)
		return;
	drop_client(s);
	if (s->listener >= 0) {
		unlink(s->path);
		close(s->listener);
	}
	free(s->path);
	free(s);
}
