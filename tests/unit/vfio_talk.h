/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfio_talk.h - messages to the session of a fake device, for the tests of the vfio-user server
 *
 * Functions that return int return 0 or the error that the server replies. All check that a
 * reply is a proper one, and fail the test if not.
 */
#ifndef TESTS_VFIO_TALK_H
#define TESTS_VFIO_TALK_H

#include <check.h>

#include "fake_device.h"
#include "sim/server-session.h"
#include "userdrv/vfio-user/message.h"

/**
 * struct vfio_talk - both ends
 * @fake:       the device
 * @session:    the server's
 * @complaints: what the server has complained of
 * @reply:      to the last message
 * @reply_len:  bytes of it, 0: there was none
 */
struct vfio_talk {
	struct fake_device fake;
	struct session *session;
	unsigned int complaints;
	struct {
		struct vu_header header;
		uint8_t payload[VU_MAX_MESSAGE];
	} reply;
	size_t reply_len;
};

extern struct vfio_talk talk;

/* Fixtures: a session, without and with versions agreed on. */
void talk_set_up_silent(void);
void talk_set_up(void);
void talk_tear_down(void);

void talk_new_session(void);
void talk_agree_on_version(void);

/* A message with flags: what session_message() returns. */
int talk_send(uint16_t command, uint32_t flags, const void *payload, size_t len, int *fds,
	      unsigned int nfds);

/* A command that wants a reply; descriptors are the server's afterwards. */
int talk_ask(uint16_t command, const void *payload, size_t len);
int talk_ask_with(uint16_t command, const void *payload, size_t len, int *fds, unsigned int nfds);

int talk_map(uint64_t addr, uint64_t size, uint64_t offset, uint32_t flags, int fd);
int talk_unmap(uint64_t addr, uint64_t size);
int talk_set_irqs(uint32_t flags, uint32_t index, uint32_t start, uint32_t count, int *fds,
		  unsigned int nfds);
int talk_listen(uint32_t index, uint32_t vector, int fd);
int talk_access(uint16_t command, uint32_t region, uint64_t offset, uint32_t count,
		const void *data, size_t len);

/* Registers of BAR 0; they must succeed. */
void talk_write32(uint64_t offset, uint32_t value);
uint32_t talk_read32(uint64_t offset);

/* Has the device copy the client's memory; whether it could. */
bool talk_copy(uint64_t from, uint64_t to, uint32_t len);

/* How many descriptors this process has open. */
int talk_open_files(void);

#endif
