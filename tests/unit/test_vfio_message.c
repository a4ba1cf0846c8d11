/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vfio_message.c - vfio-user: whole messages over a socket, capabilities, replies */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suite.h"
#include "userdrv/vfio-user/capabilities.h"
#include "userdrv/vfio-user/client.h"
#include "userdrv/vfio-user/message.h"

static int ours, theirs;
static struct vu_inbox in;

static void set_up(void)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ours = pair[0];
	theirs = pair[1];
	memset(&in, 0, sizeof(in));
}

static void tear_down(void)
{
	vu_inbox_clear(&in);
	close(ours);
	close(theirs);
}

static void send_bytes(const void *bytes, size_t len)
{
	ck_assert_int_eq(vu_send(theirs, bytes, len, NULL, 0), len);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* The same message, in pieces of every size. */
START_TEST(pieces)
{
	struct { struct vu_header header; char text[12]; } msg = {
		{ .id = 7, .command = VU_VERSION, .size = sizeof(msg) }, "hello world" };
	size_t piece = _i;

	for (size_t sent = 0; sent < sizeof(msg);) {
		size_t n = sizeof(msg) - sent < piece ? sizeof(msg) - sent : piece;

		ck_assert_int_eq(vu_receive(&in, ours), 0);
		send_bytes((char *)&msg + sent, n);
		sent += n;
	}
	ck_assert_int_eq(vu_receive(&in, ours), 1);
	ck_assert_uint_eq(in.len, sizeof(msg));
	ck_assert_mem_eq(in.bytes, &msg, sizeof(msg));
}
END_TEST

/* Two in a row stay two, and each keeps its own descriptors. */
START_TEST(descriptors)
{
	struct vu_header msg = { .command = VU_SET_IRQS, .size = sizeof(msg) };
	int fds[VU_MAX_FDS];

	for (int i = 0; i < VU_MAX_FDS; i++)
		fds[i] = eventfd(i + 1, 0);
	send_bytes(&msg, sizeof(msg));
	ck_assert_int_eq(vu_send(theirs, &msg, sizeof(msg), fds, VU_MAX_FDS), sizeof(msg));
	ck_assert_int_eq(vu_receive(&in, ours), 1);
	ck_assert_uint_eq(in.nfds, 0);
	vu_inbox_clear(&in);
	ck_assert_int_eq(vu_receive(&in, ours), 1);
	ck_assert_uint_eq(in.nfds, VU_MAX_FDS);
	for (int i = 0; i < VU_MAX_FDS; i++) {
		uint64_t value;

		ck_assert_int_eq(fcntl(in.fds[i], F_GETFD), FD_CLOEXEC);
		ck_assert_int_eq(read(in.fds[i], &value, sizeof(value)), sizeof(value));
		ck_assert_uint_eq(value, i + 1);
		close(fds[i]);
	}
	int kept = in.fds[3], dropped = in.fds[4];

	in.fds[3] = -1;
	vu_inbox_clear(&in);
	ck_assert(is_open(kept));
	ck_assert(!is_open(dropped));
	close(kept);
}
END_TEST

/* A descriptor with each half of a message: more than a message may have, none is leaked. */
START_TEST(too_many_descriptors)
{
	struct { struct vu_header header; char rest[64]; } msg = { { .size = sizeof(msg) }, "" };
	int fds[VU_MAX_FDS], next;

	for (int i = 0; i < VU_MAX_FDS; i++)
		fds[i] = dup(theirs);
	vu_send(theirs, &msg, 32, fds, VU_MAX_FDS);
	vu_send(theirs, &msg, sizeof(msg) - 32, fds, 1);
	for (int i = 0; i < VU_MAX_FDS; i++)
		close(fds[i]);
	next = dup(theirs);
	close(next);
	ck_assert_int_eq(vu_receive(&in, ours), -EPROTO);
	vu_inbox_clear(&in);
	ck_assert_int_eq(vu_send(theirs, &msg, sizeof(msg), fds, VU_MAX_FDS + 1), -EINVAL);
	ck_assert_int_eq(dup(theirs), next);
	close(next);
}
END_TEST

START_TEST(bad_size)
{
	static const uint32_t sizes[] = { 0, 15, VU_MAX_MESSAGE + 1, UINT32_MAX };
	struct vu_header msg = { .size = sizes[_i] };

	send_bytes(&msg, sizeof(msg));
	ck_assert_int_eq(vu_receive(&in, ours), -EPROTO);
}
END_TEST

START_TEST(end_of_stream)
{
	struct vu_header msg = { .size = sizeof(msg) };

	send_bytes(&msg, _i);
	shutdown(theirs, SHUT_WR);
	ck_assert_int_eq(vu_receive(&in, ours), -ECONNRESET);
}
END_TEST

START_TEST(full_or_closed)
{
	static const uint8_t block[4096];
	int n;

	do {
		n = vu_send(theirs, block, sizeof(block), NULL, 0);
	} while (n > 0);
	ck_assert_int_eq(n, 0);
	shutdown(ours, SHUT_RD);
	ck_assert_int_eq(vu_send(theirs, block, 1, NULL, 0), -EPIPE);
}
END_TEST

static int parse(const char *json, struct capabilities *caps)
{
	return capabilities_parse(json, strlen(json) + 1, caps);
}

/* As QEMU 11.1 sends it. */
static const char qemu_json[] =
	"{\"capabilities\": {\"max_msg_fds\": 16, \"max_data_xfer_size\": 1048576, "
	"\"pgsizes\": 4096, \"max_dma_maps\": 65535, \"migration\": {\"pgsize\": 4096, "
	"\"max_bitmap_size\": 268435456}, \"write_multiple\": true}}";

START_TEST(capabilities)
{
	struct capabilities caps;

	ck_assert_int_eq(capabilities_parse(NULL, 0, &caps), 0);
	ck_assert_uint_eq(caps.max_msg_fds, 1);
	ck_assert_uint_eq(caps.max_data_xfer_size, 1048576);
	ck_assert_uint_eq(caps.max_dma_maps, 65535);
	ck_assert_int_eq(parse(VU_CAPABILITIES, &caps), 0);
	ck_assert_uint_eq(caps.max_msg_fds, VU_MAX_FDS);
	ck_assert_uint_eq(caps.max_data_xfer_size, VU_MAX_XFER);
	ck_assert_uint_eq(caps.max_dma_maps, VU_MAX_MAPS);
	ck_assert_int_eq(parse(qemu_json, &caps), 0);
	ck_assert_uint_eq(caps.max_msg_fds, 16);
}
END_TEST

static const char *const good_json[] = {
	"{}", " { } ", "{\"a\":[]}", "{\"a\":[1,-2.5e+3,\"\\u00e9\\\\\",null,{\"b\":[[]]}],\"c\":false}",
	"{\"capabilities\":{}}", "{\"max_msg_fds\":\"not where it counts\"}", "{\"a\":0,\t\"b\":\n-0.1}",
};

START_TEST(good_capabilities)
{
	struct capabilities caps;

	ck_assert_msg(!parse(good_json[_i], &caps), "%s", good_json[_i]);
	ck_assert_uint_eq(caps.max_msg_fds, 1);
}
END_TEST

static const char *const bad_json[] = {
	"", " ", "[]", "1", "{", "}", "{}{}", "{} x", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}",
	"{a:1}", "{\"a\":1 \"b\":2}", "{\"a\":[1,]}", "{\"a\":[1}", "{\"a\":tru}", "{\"a\":nul", "{\"a\":01}",
	"{\"a\":1.}", "{\"a\":-}", "{\"a\":1e}", "{\"a\":+1}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}",
	"{\"a\":\"x}", "{\"a\":\"\n\"}", "{\"a\":\"\\", "{\"capabilities\":1}", "{\"capabilities\":[]}",
	"{\"capabilities\":{\"max_msg_fds\":-1}}", "{\"capabilities\":{\"max_msg_fds\":1.5}}",
	"{\"capabilities\":{\"max_msg_fds\":\"1\"}}", "{\"capabilities\":{\"max_msg_fds\":1e3}}",
	"{\"capabilities\":{\"max_dma_maps\":18446744073709551616}}",
	"{\"a\":[[[[[[[[[[]]]]]]]]]]}", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}",
};

START_TEST(bad_capabilities)
{
	struct capabilities caps;

	ck_assert_msg(parse(bad_json[_i], &caps) == -EINVAL, "%s", bad_json[_i]);
}
END_TEST

START_TEST(unterminated_capabilities)
{
	struct capabilities caps;

	ck_assert_int_eq(capabilities_parse("{}", 2, &caps), -EINVAL);
	ck_assert_int_eq(capabilities_parse("{}\0", 4, &caps), -EINVAL);
	ck_assert_int_eq(capabilities_parse("", 1, &caps), -EINVAL);
}
END_TEST

START_TEST(replies)
{
	const struct vu_header sent = { .id = 9, .command = VU_DEVICE_RESET };
	struct { struct vu_header header; uint32_t payload; } msg = {
		{ .id = 9, .command = VU_DEVICE_RESET, .size = sizeof(msg),
		  .flags = VU_TYPE_REPLY }, 0 };
	const size_t len = sizeof(msg), payload = sizeof(msg.payload);

	ck_assert_int_eq(vu_reply_check(&sent, &msg, len, payload), 0);
	ck_assert_int_eq(vu_reply_check(&sent, &msg, len, 0), -EPROTO);
	ck_assert_int_eq(vu_reply_check(&sent, &msg, len - 1, payload), -EPROTO);
	ck_assert_int_eq(vu_reply_check(&sent, &msg, 15, payload), -EPROTO);
	msg.header.flags = VU_TYPE_REPLY | VU_ERROR;
	ck_assert_int_eq(vu_reply_check(&sent, &msg, len, payload), -EIO);
	msg.header.error = ENOSPC;
	ck_assert_int_eq(vu_reply_check(&sent, &msg, len, payload), -ENOSPC);
	msg.header.error = UINT32_MAX;
	ck_assert_int_eq(vu_reply_check(&sent, &msg, len, payload), -EIO);
	msg.header.flags = VU_TYPE_COMMAND;
	ck_assert_int_eq(vu_reply_check(&sent, &msg, len, payload), -EPROTO);
	msg.header.flags = VU_TYPE_REPLY;
	msg.header.id = 8;
	ck_assert_int_eq(vu_reply_check(&sent, &msg, len, payload), -EPROTO);
	msg.header.id = 9;
	msg.header.command = VU_DMA_MAP;
	ck_assert_int_eq(vu_reply_check(&sent, &msg, len, payload), -EPROTO);
}
END_TEST

static Suite *message_suite(void)
{
	Suite *suite = suite_create("vfio-user messages");
	TCase *socket = tcase_create("socket");
	TCase *text = tcase_create("text");

	tcase_add_checked_fixture(socket, set_up, tear_down);
	tcase_add_loop_test(socket, pieces, 1, 30);
	tcase_add_test(socket, descriptors);
	tcase_add_test(socket, too_many_descriptors);
	tcase_add_loop_test(socket, bad_size, 0, 4);
	tcase_add_loop_test(socket, end_of_stream, 0, sizeof(struct vu_header));
	tcase_add_test(socket, full_or_closed);
	tcase_add_test(text, capabilities);
	tcase_add_loop_test(text, good_capabilities, 0, sizeof(good_json) / sizeof(*good_json));
	tcase_add_loop_test(text, bad_capabilities, 0, sizeof(bad_json) / sizeof(*bad_json));
	tcase_add_test(text, unterminated_capabilities);
	tcase_add_test(text, replies);
	suite_add_tcase(suite, socket);
	suite_add_tcase(suite, text);
	return suite;
}

int main(void)
{
	return suite_run(message_suite());
}
