// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * service-link.c - a client's connection to uiocapd: messages out, messages in
 */
#include "service-link.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "log.h"
#include "times.h"

#define NS_PER_S	INT64_C(1000000000)

static int lose(struct service_link *link)
{
	link->lost = true;
	return -ENODEV;
}

bool service_text_is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

/* ---- messages in ------------------------------------------------------------------------ */

/* A service that hangs up with messages of ours unread: its own last ones come after that error. */
static int receive(struct service_link *link)
{
	int count = recvmmsg(link->sock, link->header, SERVICE_BATCH, MSG_DONTWAIT, NULL);

	++*link->syscalls;
	if (count < 0 && errno == ECONNRESET)
		count = recvmmsg(link->sock, link->header, SERVICE_BATCH, MSG_DONTWAIT, NULL);
	return count;
}

int service_link_bye(struct service_link *link, const struct message_bye *bye)
{
	ctx_log(link->ctx, UIOCAP_LOG_ERROR, "%s: the service has ended the connection: %s", link->spec,
		service_text_is_plain(bye->reason) ? bye->reason : "it does not say why");
	return lose(link);
}

static int deal_with(struct service_link *link, const struct mmsghdr *header)
{
	const void *packet = header->msg_hdr.msg_iov->iov_base;
	const char *wrong;
	int type;

	if (header->msg_len == 0)
		return lose(link);
	type = message_check(packet, header->msg_len);
	if (type == MESSAGE_BYE)
		return service_link_bye(link, packet);
	if (type < 0 || header->msg_hdr.msg_flags & MSG_TRUNC)
		wrong = "what is no message";
	else
		wrong = link->take(link->data, packet);
	if (!wrong)
		return 0;
	ctx_log(link->ctx, UIOCAP_LOG_ERROR, "%s: the service has sent %s; no more is read of it",
		link->spec, wrong);
	return lose(link);
}

int service_link_receive(struct service_link *link)
{
	int count, ret = 0;

	if (link->lost)
		return -ENODEV;
	count = receive(link);
	if (count < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : lose(link);
	for (int i = 0; ret == 0 && i < count; i++)
		ret = deal_with(link, &link->header[i]);
	return ret;
}

int service_link_wait(struct service_link *link, int64_t timeout_ns)
{
	const struct timespec ts = { timeout_ns / NS_PER_S, timeout_ns % NS_PER_S };
	struct pollfd fd = { .fd = link->sock, .events = POLLIN };
	int ret;

	if (link->lost)
		return -ENODEV;
	++*link->syscalls;
	ret = ppoll(&fd, 1, timeout_ns < 0 ? NULL : &ts, NULL);
	return ret < 0 ? -errno : ret;
}

int service_link_until(struct service_link *link, const bool *done)
{
	const uint64_t end = now_ns() + SERVICE_PATIENCE_NS;
	int ret = service_link_receive(link);

	while (ret == 0 && !*done) {
		uint64_t now = now_ns();

		/* A program that was stopped meanwhile may find the answer behind its frames. */
		ret = service_link_wait(link, now < end ? end - now : 0);
		if (ret == 0)
			return -ETIMEDOUT;
		if (ret > 0 || ret == -EINTR)
			ret = service_link_receive(link);
	}
	return *done ? 0 : ret;
}

/* ---- messages out ----------------------------------------------------------------------- */

/* A full socket is waited for, for the time that SO_SNDTIMEO says: the service reads always. */
int service_link_send(struct service_link *link, const struct message *m)
{
	ssize_t sent;

	if (link->lost)
		return -ENODEV;
	do {
		++*link->syscalls;
		sent = send(link->sock, m, m->bytes, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return 0;
	if (errno == EAGAIN)
		ctx_log(link->ctx, UIOCAP_LOG_ERROR, "%s: the service reads no more messages",
			link->spec);
	else	/* why may be among what has come */
		service_link_receive(link);
	return lose(link);
}
