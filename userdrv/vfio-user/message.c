// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "message.h"

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(VU_MAX_FDS * sizeof(int))];
};

static int take_fds(struct vu_inbox *in, struct msghdr *msg)
{
	int ret = msg->msg_flags & MSG_CTRUNC ? -EPROTO : 0;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (in->nfds < VU_MAX_FDS) {
				in->fds[in->nfds++] = fd;
			} else {
				close(fd);
				ret = -EPROTO;
			}
		}
	}
	return ret;
}

/* Bytes from the socket, at most up to @end of the message; 0: none there now. */
static int receive_some(struct vu_inbox *in, int sock, size_t end)
{
	struct iovec iov = { .iov_base = in->bytes + in->len, .iov_len = end - in->len };
	union control control;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n;
	int ret;

	do {
		n = recvmsg(sock, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;
	if (n == 0)
		return -ECONNRESET;
	ret = take_fds(in, &msg);
	if (ret)
		return ret;
	in->len += n;
	return n;
}

/* First the header alone: bytes read beyond a message would be parted from their descriptors. */
int vu_receive(struct vu_inbox *in, int sock)
{
	size_t end = sizeof(in->header);
	int ret;

	for (;;) {
		if (in->len >= sizeof(in->header)) {
			end = in->header.size;
			if (end < sizeof(in->header) || end > sizeof(in->bytes))
				return -EPROTO;
		}
		if (in->len == end)
			return 1;
		ret = receive_some(in, sock, end);
		if (ret <= 0)
			return ret;
	}
}

void vu_inbox_clear(struct vu_inbox *in)
{
	for (unsigned int i = 0; i < in->nfds; i++)
		if (in->fds[i] >= 0)
			close(in->fds[i]);
	in->nfds = 0;
	in->len = 0;
}

int vu_send(int sock, const void *bytes, size_t len, const int *fds, unsigned int nfds)
{
	struct iovec iov = { .iov_base = (void *)bytes, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control = { 0 };
	ssize_t n;

	if (nfds > VU_MAX_FDS)
		return -EINVAL;
	if (nfds) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(nfds * sizeof(int));
		memcpy(CMSG_DATA(&control.align), fds, nfds * sizeof(int));
	}
	do {
		n = sendmsg(sock, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;
	return n;
}
