/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vfio_session.c - vfio-user server: versions, what the device is, its registers */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suite.h"
#include "vfio_talk.h"

/* ---- versions and headers --------------------------------------------------------------- */

START_TEST(version_first)
{
	struct vu_device_info info = { .argsz = sizeof(info) };

	ck_assert_int_eq(talk_send(VU_DEVICE_INFO, 0, &info, sizeof(info), NULL, 0), -EPROTO);
	talk_agree_on_version();
	ck_assert_int_eq(talk_ask(VU_DEVICE_INFO, &info, sizeof(info)), 0);
}
END_TEST

START_TEST(version_reply)
{
	struct vu_version version = { VU_MAJOR, 5 };

	ck_assert_int_eq(talk_ask(VU_VERSION, &version, sizeof(version)), 0);
	memcpy(&version, talk.reply.payload, sizeof(version));
	ck_assert_uint_eq(version.major, VU_MAJOR);
	ck_assert_uint_eq(version.minor, VU_MINOR);
	ck_assert_str_eq((char *)talk.reply.payload + sizeof(version), VU_CAPABILITIES);
	ck_assert_uint_eq(talk.reply_len, sizeof(talk.reply.header) + sizeof(version) +
			  sizeof(VU_CAPABILITIES));
	/* QEMU has only as much room for it as its own version message takes. */
	ck_assert_uint_lt(talk.reply_len, 200);
	ck_assert_int_eq(talk_ask(VU_VERSION, &version, sizeof(version)), -EINVAL);
}
END_TEST

START_TEST(version_bad)
{
	struct { struct vu_version version; char json[8]; } msg = { { VU_MAJOR, 0 }, "{" };

	ck_assert_int_eq(talk_ask(VU_VERSION, &msg, 2), -EINVAL);
	ck_assert_int_eq(talk_ask(VU_VERSION, &msg, sizeof(msg.version) + 2), -EINVAL);
	msg.version.major = VU_MAJOR + 1;
	ck_assert_int_eq(talk_send(VU_VERSION, 0, &msg, sizeof(msg.version), NULL, 0),
			 -EPROTONOSUPPORT);
}
END_TEST

START_TEST(headers)
{
	struct vu_header msg = { .command = VU_DEVICE_RESET, .size = sizeof(msg) };

	for (size_t len = 0; len < sizeof(msg); len++)
		ck_assert_int_eq(session_message(talk.session, &msg, len, NULL, 0), -EPROTO);
	ck_assert_int_eq(session_message(talk.session, &msg, sizeof(msg), NULL, 0), 0);
	msg.size++;
	ck_assert_int_eq(session_message(talk.session, &msg, sizeof(msg), NULL, 0), -EPROTO);
	msg.size--;
	msg.flags = VU_TYPE_REPLY;
	ck_assert_int_eq(session_message(talk.session, &msg, sizeof(msg), NULL, 0), -EPROTO);
	msg.flags = 7;
	ck_assert_int_eq(session_message(talk.session, &msg, sizeof(msg), NULL, 0), -EPROTO);
	ck_assert_uint_gt(talk.complaints, 0);
}
END_TEST

START_TEST(unknown_commands)
{
	static const uint16_t commands[] = {
		0, 6, 11, 12, 14, 15, 16, 17, 18, 19, 1000, UINT16_MAX,
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		ck_assert_int_eq(talk_ask(commands[i], NULL, 0), -ENOTSUP);
}
END_TEST

/* Whatever comes with whatever command: what is not taken is closed. */
START_TEST(stray_descriptors)
{
	int before = talk_open_files();

	for (uint16_t command = 0; command < 20; command++) {
		int fds[] = { dup(0), dup(0), eventfd(0, 0) };

		talk_send(command, 0, "0123456789abcdefghijklmnopqrstuvwxyz", 32, fds, 3);
		ck_assert_int_eq(fds[0], -1);
		ck_assert_int_eq(fds[2], -1);
	}
	ck_assert_int_eq(talk_open_files(), before);
}
END_TEST

START_TEST(no_reply)
{
	struct { struct vu_region_access where; uint32_t value; } msg = { { 0x100, 0, 4 }, 42 };
	const size_t len = sizeof(msg.where) + sizeof(msg.value);

	ck_assert_int_eq(talk_send(VU_REGION_WRITE, VU_NO_REPLY, &msg, len, NULL, 0), 0);
	ck_assert_uint_eq(talk.reply_len, 0);
	msg.where.offset = FAKE_BAR_SIZE;
	ck_assert_int_eq(talk_send(VU_REGION_WRITE, VU_NO_REPLY, &msg, len, NULL, 0), 0);
	ck_assert_uint_eq(talk.reply_len, 0);
	ck_assert_uint_eq(talk.complaints, 1);
	ck_assert_uint_eq(talk_read32(0x100), 42);
}
END_TEST

/* ---- what the device is ----------------------------------------------------------------- */

START_TEST(device_info)
{
	struct vu_device_info info = { .argsz = sizeof(info) };

	ck_assert_int_eq(talk_ask(VU_DEVICE_INFO, &info, sizeof(info)), 0);
	memcpy(&info, talk.reply.payload, sizeof(info));
	ck_assert_uint_eq(info.argsz, sizeof(info));
	ck_assert_uint_eq(info.flags, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI);
	ck_assert_uint_eq(info.regions, VFIO_PCI_NUM_REGIONS);
	ck_assert_uint_eq(info.irqs, VFIO_PCI_NUM_IRQS);
	info.argsz = sizeof(info) - 1;
	ck_assert_int_eq(talk_ask(VU_DEVICE_INFO, &info, sizeof(info)), -EINVAL);
	ck_assert_int_eq(talk_ask(VU_DEVICE_INFO, &info, sizeof(info) - 1), -EINVAL);
	ck_assert_int_eq(talk_ask(VU_DEVICE_INFO, NULL, 0), -EINVAL);
}
END_TEST

START_TEST(region_info)
{
	for (uint32_t i = 0; i < DEVICE_REGIONS; i++) {
		struct vu_region_info info = { .argsz = sizeof(info), .index = i };
		bool there = talk.fake.dev.region_size[i];

		ck_assert_int_eq(talk_ask(VU_REGION_INFO, &info, sizeof(info)), 0);
		memcpy(&info, talk.reply.payload, sizeof(info));
		ck_assert_uint_eq(info.index, i);
		ck_assert_uint_eq(info.size, talk.fake.dev.region_size[i]);
		ck_assert_uint_eq(info.flags, there ? 3 : 0);
	}
	struct vu_region_info bad = { .argsz = sizeof(bad), .index = DEVICE_REGIONS };

	ck_assert_int_eq(talk_ask(VU_REGION_INFO, &bad, sizeof(bad)), -EINVAL);
	bad = (struct vu_region_info){ .argsz = sizeof(bad) - 1 };
	ck_assert_int_eq(talk_ask(VU_REGION_INFO, &bad, sizeof(bad)), -EINVAL);
}
END_TEST

START_TEST(irq_info)
{
	for (uint32_t i = 0; i < DEVICE_IRQ_KINDS; i++) {
		struct vu_irq_info info = { .argsz = sizeof(info), .index = i };

		ck_assert_int_eq(talk_ask(VU_IRQ_INFO, &info, sizeof(info)), 0);
		memcpy(&info, talk.reply.payload, sizeof(info));
		ck_assert_uint_eq(info.count, talk.fake.dev.irqs[i]);
		ck_assert_uint_eq(info.flags, i ? 1 : 7);
	}
	struct vu_irq_info bad = { .argsz = sizeof(bad), .index = UINT32_MAX };

	ck_assert_int_eq(talk_ask(VU_IRQ_INFO, &bad, sizeof(bad)), -EINVAL);
}
END_TEST

START_TEST(reset)
{
	unsigned int before = talk.fake.resets;

	talk_write32(0x200, 1);
	ck_assert_int_eq(talk_ask(VU_DEVICE_RESET, NULL, 0), 0);
	ck_assert_uint_eq(talk.fake.resets, before + 1);
	ck_assert_uint_eq(talk_read32(0x200), 0);
	ck_assert_int_eq(talk_ask(VU_DEVICE_RESET, "x", 1), -EINVAL);
}
END_TEST

/* ---- registers -------------------------------------------------------------------------- */

START_TEST(registers)
{
	static uint8_t all[FAKE_BAR_SIZE];

	memset(all, 0x5a, sizeof(all));
	ck_assert_int_eq(talk_access(VU_REGION_WRITE, 0, 0, sizeof(all), all, sizeof(all)), 0);
	ck_assert_uint_eq(talk.reply_len,
			  sizeof(talk.reply.header) + sizeof(struct vu_region_access));
	ck_assert_int_eq(talk_access(VU_REGION_READ, 0, 0, sizeof(all), NULL, 0), 0);
	ck_assert_mem_eq(talk.reply.payload + sizeof(struct vu_region_access), all, sizeof(all));
	ck_assert_uint_eq(talk_read32(FAKE_BAR_SIZE - 4), 0x5a5a5a5a);
	ck_assert_int_eq(talk_access(VU_REGION_READ, DEVICE_REGION_CONFIG, 0, 4, NULL, 0), 0);
}
END_TEST

static const struct { uint32_t region; uint64_t offset; uint32_t count; } bad_access[] = {
	{ 0, FAKE_BAR_SIZE, 1 }, { 0, FAKE_BAR_SIZE - 3, 4 }, { 0, UINT64_MAX, 1 },
	{ 0, UINT64_MAX - 3, 4 }, { 0, 0, FAKE_BAR_SIZE + 1 }, { 0, 0, 0 }, { 0, 0, UINT32_MAX },
	{ 1, 0, 4 }, { 9, 0, 4 }, { UINT32_MAX, 0, 4 }, { 7, 4094, 4 },
};

START_TEST(bad_accesses)
{
	static const uint8_t data[VU_MAX_XFER];
	uint32_t count = bad_access[_i].count;
	size_t len = count < sizeof(data) ? count : 4;

	ck_assert_int_eq(talk_access(VU_REGION_READ, bad_access[_i].region,
				       bad_access[_i].offset, count, NULL, 0), -EINVAL);
	ck_assert_int_eq(talk_access(VU_REGION_WRITE, bad_access[_i].region,
				       bad_access[_i].offset, count, data, len), -EINVAL);
	ck_assert_uint_eq(talk.fake.writes, 0);
}
END_TEST

START_TEST(access_lengths)
{
	ck_assert_int_eq(talk_access(VU_REGION_READ, 0, 0, 4, "abcd", 4), -EINVAL);
	ck_assert_int_eq(talk_access(VU_REGION_WRITE, 0, 0, 4, "abc", 3), -EINVAL);
	ck_assert_int_eq(talk_access(VU_REGION_WRITE, 0, 0, 4, "abcde", 5), -EINVAL);
	ck_assert_int_eq(talk_ask(VU_REGION_READ, "0123456789abcde", 15), -EINVAL);
	ck_assert_int_eq(talk_ask(VU_REGION_WRITE, NULL, 0), -EINVAL);
	ck_assert_uint_eq(talk.fake.writes, 0);
}
END_TEST

/* ---- coming and going ------------------------------------------------------------------- */

START_TEST(going)
{
	int before = talk_open_files(), fd = memfd_create("test", MFD_CLOEXEC), irq = eventfd(0, 0);
	uint32_t rw = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;
	unsigned int resets;

	ck_assert_int_eq(ftruncate(fd, 4096), 0);
	ck_assert_int_eq(talk_map(0, 4096, 0, rw, fd), 0);
	ck_assert(talk_copy(0, 16, 4));
	ck_assert_int_eq(talk_listen(VFIO_PCI_MSIX_IRQ_INDEX, 0, irq), 0);
	close(fd);
	close(irq);
	resets = talk.fake.resets;
	session_free(talk.session);
	ck_assert_uint_eq(talk.fake.resets, resets + 1);
	ck_assert_int_eq(talk_open_files(), before);
	talk_new_session();
	ck_assert_uint_eq(talk.fake.resets, resets + 2);
	talk_agree_on_version();
	ck_assert(!talk_copy(0, 16, 4));
}
END_TEST

static Suite *session_suite(void)
{
	Suite *suite = suite_create("vfio-user server: commands");
	TCase *tc;

	tc = tcase_create("versions");
	tcase_add_checked_fixture(tc, talk_set_up_silent, talk_tear_down);
	tcase_add_test(tc, version_first);
	tcase_add_test(tc, version_reply);
	tcase_add_test(tc, version_bad);
	suite_add_tcase(suite, tc);

	tc = tcase_create("commands");
	tcase_add_checked_fixture(tc, talk_set_up, talk_tear_down);
	tcase_add_test(tc, headers);
	tcase_add_test(tc, unknown_commands);
	tcase_add_test(tc, stray_descriptors);
	tcase_add_test(tc, no_reply);
	tcase_add_test(tc, device_info);
	tcase_add_test(tc, region_info);
	tcase_add_test(tc, irq_info);
	tcase_add_test(tc, reset);
	tcase_add_test(tc, registers);
	tcase_add_loop_test(tc, bad_accesses, 0, sizeof(bad_access) / sizeof(*bad_access));
	tcase_add_test(tc, access_lengths);
	tcase_add_test(tc, going);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return suite_run(session_suite());
}
