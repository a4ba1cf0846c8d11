// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * message-send.c - a packet, and the descriptor that goes with WELCOME
 */
#include <string.h>
#include <sys/socket.h>

#include "protocol.h"

ssize_t message_send(int sock, const void *packet, size_t len, int memory)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { .head = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
	} };
	struct iovec iov = { .iov_base = (void *)packet, .iov_len = len };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };

	memcpy(CMSG_DATA(&control.head), &memory, sizeof(memory));
	if (memory >= 0) {
		header.msg_control = &control;
		header.msg_controllen = sizeof(control);
	}
	return sendmsg(sock, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
}
