/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vfio_talk.h"

#include <fcntl.h>
#include <linux/vfio.h>
#include <string.h>
#include <unistd.h>

struct vfio_talk talk;

int talk_send(uint16_t command, uint32_t flags, const void *payload, size_t len, int *fds,
			unsigned int nfds)
{
	struct { struct vu_header header; uint8_t payload[VU_MAX_MESSAGE]; } msg = { 0 };
	const void *bytes;
	int ret;

	msg.header = (struct vu_header){ .id = 77, .command = command, .flags = flags,
					 .size = sizeof(msg.header) + len };
	if (len)
		memcpy(msg.payload, payload, len);
	ret = session_message(talk.session, &msg, msg.header.size, fds, nfds);
	if (ret)
		return ret;
	talk.reply_len = session_reply(talk.session, &bytes);
	ck_assert_uint_le(talk.reply_len, sizeof(talk.reply));
	memcpy(&talk.reply, bytes, talk.reply_len);
	return 0;
}

/* 0 or the error that the server replies. */
int talk_ask_with(uint16_t command, const void *payload, size_t len, int *fds, unsigned int nfds)
{
	ck_assert_int_eq(talk_send(command, 0, payload, len, fds, nfds), 0);
	ck_assert_uint_ge(talk.reply_len, sizeof(talk.reply.header));
	ck_assert_uint_eq(talk.reply.header.size, talk.reply_len);
	ck_assert_uint_eq(talk.reply.header.id, 77);
	ck_assert_uint_eq(talk.reply.header.command, command);
	if (!(talk.reply.header.flags & VU_ERROR)) {
		ck_assert_uint_eq(talk.reply.header.flags, VU_TYPE_REPLY);
		return 0;
	}
	ck_assert_uint_eq(talk.reply_len, sizeof(talk.reply.header));
	ck_assert_uint_ne(talk.reply.header.error, 0);
	return -(int)talk.reply.header.error;
}

int talk_ask(uint16_t command, const void *payload, size_t len)
{
	return talk_ask_with(command, payload, len, NULL, 0);
}

void talk_agree_on_version(void)
{
	const struct vu_version version = { VU_MAJOR, VU_MINOR };

	ck_assert_int_eq(talk_ask(VU_VERSION, &version, sizeof(version)), 0);
}

int talk_map(uint64_t addr, uint64_t size, uint64_t offset, uint32_t flags, int fd)
{
	struct vu_dma_map msg = { .argsz = sizeof(msg), .flags = flags, .offset = offset,
				  .addr = addr, .size = size };
	int copy = fd < 0 ? -1 : dup(fd);

	return talk_ask_with(VU_DMA_MAP, &msg, sizeof(msg), &copy, fd >= 0);
}

int talk_unmap(uint64_t addr, uint64_t size)
{
	struct vu_dma_unmap msg = { .argsz = sizeof(msg), .addr = addr, .size = size };
	int ret = talk_ask(VU_DMA_UNMAP, &msg, sizeof(msg));

	if (!ret)
		ck_assert_mem_eq(talk.reply.payload, &msg, sizeof(msg));
	return ret;
}

int talk_set_irqs(uint32_t flags, uint32_t index, uint32_t start, uint32_t count, int *fds,
		    unsigned int nfds)
{
	struct vu_irq_set msg = { .argsz = sizeof(msg), .flags = flags, .index = index,
				  .start = start, .count = count };

	return talk_ask_with(VU_SET_IRQS, &msg, sizeof(msg), fds, nfds);
}

int talk_listen(uint32_t index, uint32_t vector, int fd)
{
	uint32_t flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	int copy = dup(fd);

	return talk_set_irqs(flags, index, vector, 1, &copy, 1);
}

int talk_access(uint16_t command, uint32_t region, uint64_t offset, uint32_t count,
			 const void *data, size_t len)
{
	struct { struct vu_region_access where; uint8_t data[2 * VU_MAX_XFER]; } msg = {
		{ offset, region, count }, { 0 } };

	if (len)
		memcpy(msg.data, data, len);
	return talk_ask(command, &msg, sizeof(msg.where) + len);
}

void talk_write32(uint64_t offset, uint32_t value)
{
	ck_assert_int_eq(talk_access(VU_REGION_WRITE, 0, offset, 4, &value, 4), 0);
}

uint32_t talk_read32(uint64_t offset)
{
	uint32_t value;

	ck_assert_int_eq(talk_access(VU_REGION_READ, 0, offset, 4, NULL, 0), 0);
	memcpy(&value, talk.reply.payload + sizeof(struct vu_region_access), sizeof(value));
	return value;
}

bool talk_copy(uint64_t from, uint64_t to, uint32_t len)
{
	talk_write32(FAKE_COPY_FROM, from);
	talk_write32(FAKE_COPY_FROM + 4, from >> 32);
	talk_write32(FAKE_COPY_TO, to);
	talk_write32(FAKE_COPY_TO + 4, to >> 32);
	talk_write32(FAKE_COPY_LEN, len);
	talk_write32(FAKE_COPY, 0);
	return talk_read32(FAKE_COPY);
}

int talk_open_files(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void complained(void *data, const char *message)
{
	(void)data;
	ck_assert_uint_gt(strlen(message), 0);
	talk.complaints++;
}

void talk_new_session(void)
{
	ck_assert_int_eq(session_new(&talk.fake.dev, complained, NULL, &talk.session), 0);
}

void talk_set_up_silent(void)
{
	fake_device_init(&talk.fake);
	talk.complaints = 0;
	talk_new_session();
}

void talk_set_up(void)
{
	talk_set_up_silent();
	talk_agree_on_version();
}

void talk_tear_down(void)
{
	session_free(talk.session);
	ck_assert_ptr_null(talk.fake.dev.bus);
}
