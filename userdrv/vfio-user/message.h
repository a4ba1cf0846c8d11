/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * message.h - whole vfio-user messages over a socket, for both ends
 */
#ifndef VFIO_USER_MESSAGE_H
#define VFIO_USER_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "wire.h"

/* What we accept in one message, and at a time; and how we say so. */
#define VU_MAX_XFER	16384
#define VU_MAX_FDS	16
#define VU_MAX_MAPS	32000
#define VU_MAX_MESSAGE	(sizeof(struct vu_header) + sizeof(struct vu_region_access) + VU_MAX_XFER)

#define VU_TEXT_(x)	#x
#define VU_TEXT(x)	VU_TEXT_(x)
#define VU_CAPABILITIES						\
	"{\"capabilities\":{"					\
	"\"max_msg_fds\":" VU_TEXT(VU_MAX_FDS) ","		\
	"\"max_data_xfer_size\":" VU_TEXT(VU_MAX_XFER) ","	\
	"\"max_dma_maps\":" VU_TEXT(VU_MAX_MAPS) "}}"

/**
 * struct vu_inbox - a message as it arrives
 * @header: its first bytes
 * @bytes:  all of it
 * @len:    how much has arrived
 * @fds:    descriptors that came with it; who takes one puts -1 in its place
 * @nfds:   how many
 */
struct vu_inbox {
	union {
		struct vu_header header;
		uint8_t bytes[VU_MAX_MESSAGE];
	};
	size_t len;
	int fds[VU_MAX_FDS];
	unsigned int nfds;
};

/**
 * vu_receive() - takes what the socket has, up to the end of one message; never blocks
 *
 * Returns 1 once the message is whole, 0 if more of it is to come, -ECONNRESET at the end of the
 * stream, -EPROTO for a size or a number of descriptors that no message has, or another -errno.
 */
int vu_receive(struct vu_inbox *in, int sock);

/**
 * vu_inbox_clear() - makes room for the next message; closes the descriptors that nobody took
 */
void vu_inbox_clear(struct vu_inbox *in);

/**
 * vu_send() - gives bytes of a message to the socket; never blocks and raises no SIGPIPE
 *
 * Descriptors go with the first byte, so give them with the beginning of the message only.
 * Returns how many bytes were taken (0: the socket is full), or -errno.
 */
int vu_send(int sock, const void *bytes, size_t len, const int *fds, unsigned int nfds);

#endif
