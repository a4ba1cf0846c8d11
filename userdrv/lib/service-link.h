/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * service-link.h - a client's connection to uiocapd: messages out, messages in
 *
 * What comes in is checked, and handed to whoever has asked for it. Of a service that says what
 * makes no sense, or that is gone, nothing more is read: the link is lost, and stays so.
 */
#ifndef UIOCAP_SERVICE_LINK_H
#define UIOCAP_SERVICE_LINK_H

#include <sys/socket.h>

#include "uiocap/uiocap.h"
#include "userdrv/service/protocol.h"

#define SERVICE_PREFIX		"unix:"		/* and the path of its socket */

/* A service answers at once; one that is silent for so long is stuck. */
#define SERVICE_PATIENCE_NS	INT64_C(10000000000)

#define SERVICE_BATCH		16	/* messages that one system call takes */

/**
 * service_take_fn - takes a message that is well formed; valid during the call only
 *
 * Returns NULL, or what is wrong with it, as in "the service has told of a slot that is not there".
 */
typedef const char *(*service_take_fn)(void *data, const struct message *m);

/**
 * struct service_link - the connection
 * @ctx:      where messages go
 * @spec:     the service's name in them; belongs to the owner of the link
 * @syscalls: counts what the link makes; likewise
 * @sock:     the socket, which poll(2) may be told of
 * @memory:   descriptor of the ring's memory
 * @welcome:  what the service has said at the beginning
 * @take:     takes all messages but BYE
 * @is_done:  whether what was taken has been looked at, and more is wanted
 * @data:     for both
 * @lost:     nothing more comes
 * @header:   of what has come last, and
 * @iov:      likewise
 * @packet:   the messages, aligned as message_check() wants them
 */
struct service_link {
	struct uiocap_ctx *ctx;
	const char *spec;
	uint64_t *syscalls;
	int sock;
	int memory;
	struct message_welcome *welcome;
	service_take_fn take;
	bool (*is_done)(void *data);
	void *data;
	bool lost;
	struct mmsghdr header[SERVICE_BATCH];
	struct iovec iov[SERVICE_BATCH];
	uint64_t packet[SERVICE_BATCH][MESSAGE_MAX_BYTES / sizeof(uint64_t)];
};

/**
 * service_link_open - connects to the service at "unix:PATH", and waits for its welcome
 *
 * Says what is wrong when it fails. Errors: -EINVAL no such name; -ENODEV nobody is there; -EACCES;
 * -ECONNREFUSED the service does not want us; -EPROTO it is no service; -ETIMEDOUT; -ENOMEM.
 */
int service_link_open(struct uiocap_ctx *ctx, const char *spec, uint64_t *syscalls,
		      struct service_link **out);

/** service_link_free - hangs up. NULL is fine */
void service_link_free(struct service_link *link);

/** service_link_bye - says what the service has said, and loses the link. -ENODEV */
int service_link_bye(struct service_link *link, const struct message_bye *bye);

/** service_text_is_plain - may a service's text be shown to people, perhaps on a terminal? */
bool service_text_is_plain(const char *text);

/** service_link_send - all of @m, whose size is in it. -ENODEV */
int service_link_send(struct service_link *link, const struct message *m);

/** service_link_wait - until something has come: 1, 0 on timeout, -ENODEV, -EINTR */
int service_link_wait(struct service_link *link, int64_t timeout_ns);

/** service_link_receive - takes what has come, without waiting. -ENODEV: it is the end */
int service_link_receive(struct service_link *link);

/** service_link_until - waits and receives until *@done. -ENODEV, -ETIMEDOUT */
int service_link_until(struct service_link *link, const bool *done);

#endif
