// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * metrics-http.c - figures for Prometheus, by HTTP, for this machine alone
 *
 * libmicrohttpd parses what comes. It has no thread of its own here: its descriptor hangs in the
 * loop, and a timer for when it wants to be called although nothing has come.
 */
#include "metrics.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "metrics-text.h"
#include "say.h"
#include "settings.h"

#define CONTENT_TYPE	"application/openmetrics-text; version=1.0.0; charset=utf-8"

/* Nobody needs more, and each could take a descriptor from a client. */
#define MAX_CONNECTIONS	16
#define PATIENCE_S	5
#define SECOND_US	1000000

/**
 * struct metrics - who asks for figures
 * @path: of the socket, or "" where it is a port
 * @io:   calls when somebody has something to say
 */
struct metrics {
	const struct source *source;
	const struct server *server;
	struct MHD_Daemon *http;
	sd_event_source *io;
	sd_event_source *timer;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

/* ---- answers ---------------------------------------------------------------------------- */

static enum MHD_Result answer_with(struct MHD_Connection *connection, unsigned int status,
				   const char *type, char *text)
{
	struct MHD_Response *response;
	enum MHD_Result ret;

	if (!text)
		return MHD_NO;
	response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	ret = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return ret;
}

static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	const struct metrics *m = data;

	(void)version, (void)upload, (void)upload_size, (void)state;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return answer_with(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain",
				   strdup("GET only\n"));
	if (strcmp(url, "/metrics") != 0)
		return answer_with(connection, MHD_HTTP_NOT_FOUND, "text/plain",
				   strdup("see /metrics\n"));
	return answer_with(connection, MHD_HTTP_OK, CONTENT_TYPE,
			   metrics_text(m->source, m->server));
}

/* ---- loop ------------------------------------------------------------------------------- */

/* A timeout is soon enough a second late, so the timer is always set for a second. */
static int serve(struct metrics *m)
{
	MHD_run(m->http);
	return sd_event_source_set_time_relative(m->timer, SECOND_US);
}

static int on_io(sd_event_source *io, int fd, uint32_t events, void *data)
{
	(void)io, (void)fd, (void)events;
	return serve(data);
}

static int on_timer(sd_event_source *timer, uint64_t time_us, void *data)
{
	int ret = serve(data);

	(void)time_us;
	return ret < 0 ? ret : sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static int join_loop(struct metrics *m, sd_event *event)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(m->http, MHD_DAEMON_INFO_EPOLL_FD);
	int ret;

	if (!info)
		return -ENOTSUP;
	ret = sd_event_add_time_relative(event, &m->timer, CLOCK_MONOTONIC, SECOND_US, 0, on_timer,
					 m);
	if (ret < 0)
		return ret;
	return sd_event_add_io(event, &m->io, info->epoll_fd, EPOLLIN, on_io, m);
}

/* ---- socket ----------------------------------------------------------------------------- */

static int listen_on(int family, const struct sockaddr *address, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int one = 1, ret;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, address, len) == 0 && listen(fd, MAX_CONNECTIONS) == 0)
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static int listen_at_path(struct metrics *m, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat st;
	mode_t before;
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	before = umask(0117);
	fd = listen_on(AF_UNIX, (struct sockaddr *)&address, sizeof(address));
	umask(before);
	if (fd >= 0)
		strcpy(m->path, path);
	return fd;
}

static int listen_at_port(const char *address)
{
	const char *port = strrchr(address, ':') + 1;
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(atoi(port)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(atoi(port)),
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	if (address[0] == '[')
		return listen_on(AF_INET6, (struct sockaddr *)&v6, sizeof(v6));
	return listen_on(AF_INET, (struct sockaddr *)&v4, sizeof(v4));
}

static int listen_at_address(struct metrics *m, const char *address)
{
	const char *folder = getenv("RUNTIME_DIRECTORY");
	char path[sizeof(m->path)];

	if (address[0] == '/')
		return listen_at_path(m, address);
	if (strcmp(address, "runtime") != 0)
		return listen_at_port(address);
	if (!folder || snprintf(path, sizeof(path), "%s/metrics", folder) >= (int)sizeof(path))
		return -ENOENT;
	return listen_at_path(m, path);
}

/* ---- start and end ---------------------------------------------------------------------- */

static int start(struct metrics *m, sd_event *event, const char *address)
{
	int fd = listen_at_address(m, address);

	if (fd < 0)
		return fd;
	m->http = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, m,
				   MHD_OPTION_LISTEN_SOCKET, fd,
				   MHD_OPTION_CONNECTION_LIMIT, MAX_CONNECTIONS,
				   MHD_OPTION_CONNECTION_TIMEOUT, PATIENCE_S, MHD_OPTION_END);
	if (!m->http) {
		close(fd);
		return -EIO;
	}
	return join_loop(m, event);
}

int metrics_new(sd_event *event, const char *address, const struct source *source,
		const struct server *server, struct metrics **out)
{
	struct metrics *m;
	int ret;

	*out = NULL;
	if (!address[0])
		return 0;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->source = source;
	m->server = server;
	ret = start(m, event, address);
	if (ret < 0) {
		say(SAY_ERROR, "[metrics] listen: cannot at %s: %s", address, strerror(-ret));
		metrics_free(m);
		return ret;
	}
	*out = m;
	return 0;
}

void metrics_free(struct metrics *m)
{
	if (!m)
		return;
	sd_event_source_disable_unref(m->io);
	sd_event_source_disable_unref(m->timer);
	if (m->http)
		MHD_stop_daemon(m->http);
	if (m->path[0])
		unlink(m->path);
	free(m);
}
