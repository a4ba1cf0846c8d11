// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * service-open.c - a client's connection to uiocapd: its beginning and its end
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"
#include "service-link.h"

static int connect_to(const char *path)
{
	const struct timeval patience = { .tv_sec = SERVICE_PATIENCE_NS / INT64_C(1000000000) };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock, err;

	if (!*path || strlen(path) >= sizeof(addr.sun_path))
		return -EINVAL;
	strcpy(addr.sun_path, path);
	sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return -errno;
	if (!setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) &&
	    !connect(sock, (const struct sockaddr *)&addr, sizeof(addr)))
		return sock;
	err = errno;
	close(sock);
	switch (err) {
	case ENOENT:
	case ECONNREFUSED:
		return -ENODEV;
	case EAGAIN:
		return -ETIMEDOUT;
	case EPROTOTYPE:
		return -EPROTO;
	default:
		return -err;
	}
}

/* One that does not want us may have said so before it was asked, and hung up: we shall read it. */
static void say_hello(struct service_link *link)
{
	const struct message_hello hello = {
		.head = { .type = MESSAGE_HELLO, .bytes = sizeof(hello) },
		.magic = PROTOCOL_MAGIC,
		.version = PROTOCOL_VERSION,
	};

	++*link->syscalls;
	send(link->sock, &hello, sizeof(hello), MSG_NOSIGNAL);
}

/* The descriptor that came along, or -1. No more than one finds room. */
static int descriptor_of(struct msghdr *header)
{
	const struct cmsghdr *c = CMSG_FIRSTHDR(header);
	int fd = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static ssize_t receive_with_memory(struct service_link *link)
{
	struct iovec iov = { .iov_base = link->welcome, .iov_len = MESSAGE_MAX_BYTES };
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t len;

	header.msg_control = &control;
	header.msg_controllen = sizeof(control);
	++*link->syscalls;
	len = recvmsg(link->sock, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (len > 0)
		link->memory = descriptor_of(&header);
	return len;
}

static bool is_sane(const struct service_link *link)
{
	const struct message_welcome *m = link->welcome;

	return m->version == PROTOCOL_VERSION && service_text_is_plain(m->model) &&
	       service_text_is_plain(m->slot) && link->memory >= 0;
}

/* The only message with something else than bytes: it is taken by itself. */
static int take_welcome(struct service_link *link)
{
	ssize_t len = receive_with_memory(link);

	if (len < 0 && errno == ECONNRESET)	/* our hello was not read; its words come now */
		len = receive_with_memory(link);
	if (len <= 0)
		return -ENODEV;
	switch (message_check(link->welcome, len)) {
	case MESSAGE_WELCOME:
		return is_sane(link) ? 0 : -EPROTO;
	case MESSAGE_BYE:
		service_link_bye(link, (const void *)link->welcome);
		return -ECONNREFUSED;
	default:
		return -EPROTO;
	}
}

static int greet(struct service_link *link)
{
	int ret;

	say_hello(link);
	ret = service_link_wait(link, SERVICE_PATIENCE_NS);
	if (ret == 0)
		return -ETIMEDOUT;
	return ret < 0 ? ret : take_welcome(link);
}

static void explain(const struct service_link *link, int error)
{
	struct uiocap_ctx *ctx = link->ctx;

	switch (error) {
	case -ECONNREFUSED:	/* the service has said why */
		break;
	case -ENODEV:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "no uiocapd serves frames at %s", link->spec);
		break;
	case -EACCES:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"no permission for %s: its group may use it, the group uiocap as a rule", link->spec);
		break;
	case -EPROTO:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "what is at %s is no uiocapd of version %d of the protocol",
			link->spec, PROTOCOL_VERSION);
		break;
	case -ETIMEDOUT:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "the service at %s does not answer", link->spec);
		break;
	default:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "cannot reach %s: %s", link->spec, strerror(-error));
	}
}

/* The most of it is never touched. */
static struct service_link *make(void)
{
	struct service_link *link = calloc(1, sizeof(*link));

	if (!link)
		return NULL;
	for (unsigned int i = 0; i < SERVICE_BATCH; i++) {
		link->iov[i].iov_base = link->packet[i];
		link->iov[i].iov_len = sizeof(link->packet[i]);
		link->header[i].msg_hdr.msg_iov = &link->iov[i];
		link->header[i].msg_hdr.msg_iovlen = 1;
	}
	link->sock = -1;
	link->memory = -1;
	link->welcome = malloc(MESSAGE_MAX_BYTES);
	return link;
}

static int reach(struct service_link *link)
{
	if (!link->welcome)
		return -ENOMEM;
	if (strncmp(link->spec, SERVICE_PREFIX, strlen(SERVICE_PREFIX)))
		return -EINVAL;
	link->sock = connect_to(link->spec + strlen(SERVICE_PREFIX));
	return link->sock < 0 ? link->sock : greet(link);
}

int service_link_open(struct uiocap_ctx *ctx, const char *spec, uint64_t *syscalls,
		      struct service_link **out)
{
	struct service_link *link = make();
	int ret;

	if (!link)
		return -ENOMEM;
	link->ctx = ctx;
	link->spec = spec;
	link->syscalls = syscalls;
	ret = reach(link);
	if (ret < 0) {
		explain(link, ret);
		service_link_free(link);
		return ret;
	}
	*out = link;
	return 0;
}

void service_link_free(struct service_link *link)
{
	if (!link)
		return;
	if (link->sock >= 0)
		close(link->sock);
	if (link->memory >= 0)
		close(link->memory);
	free(link->welcome);
	free(link);
}
