/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * client.h - the client's end of a connection: commands out, replies in
 *
 * Commands are sent one at a time. A server that breaks the protocol, or does not answer in time,
 * is given up: from then on every call returns -ENODEV.
 */
#ifndef VFIO_USER_CLIENT_H
#define VFIO_USER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capabilities.h"
#include "wire.h"

struct vu_client;

/**
 * vu_client_new() - agrees on a version over the connected socket @sock
 * @patience_ns: how long a reply may take
 * @syscalls:    counts the system calls made for this connection; must outlive it
 *
 * Takes @sock, also when it fails. Errors: -EBUSY the server hung up at once, for it has another
 * client; -EPROTO it is no vfio-user server, or speaks another version; -ETIMEDOUT; -ENOMEM.
 */
int vu_client_new(int sock, int64_t patience_ns, uint64_t *syscalls, struct vu_client **out);

/** vu_client_free() - hangs up. NULL is fine. */
void vu_client_free(struct vu_client *c);

/** vu_client_limits() - what the server can take */
const struct capabilities *vu_client_limits(const struct vu_client *c);

/** vu_client_sock() - to be watched for the end of the stream, by nothing else */
int vu_client_sock(const struct vu_client *c);

/**
 * vu_client_call() - sends a command and waits for the reply
 * @payload:   of the command, @len bytes
 * @fds:       descriptors to go with it
 * @reply:     takes the reply's payload, which must have @reply_len bytes
 *
 * Errors: the server's own; -ENODEV it is gone or given up.
 */
int vu_client_call(struct vu_client *c, enum vu_command command, const void *payload, size_t len,
		   const int *fds, unsigned int nfds, void *reply, size_t reply_len);

/** vu_client_post() - sends a command that nobody replies to. -ENODEV as above. */
int vu_client_post(struct vu_client *c, enum vu_command command, const void *payload, size_t len);

/** vu_client_gone() - whether the server has been lost; asks nobody */
bool vu_client_gone(const struct vu_client *c);

/** vu_client_lose() - the caller knows better */
void vu_client_lose(struct vu_client *c);

/**
 * vu_reply_check() - is the message of @len bytes at @msg the reply to @sent?
 * @payload_len: that it must have unless it tells of an error
 *
 * 0: it is, and says success; -EPROTO: it is not; else the error that it tells.
 */
int vu_reply_check(const struct vu_header *sent, const void *msg, size_t len, size_t payload_len);

#endif
