/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vfio_server.c - vfio-user server: its socket, and clients that come, go and misbehave */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "served_device.h"
#include "suite.h"
#include "userdrv/vfio-user/client.h"
#include "userdrv/vfio-user/commands.h"
#include "userdrv/vfio-user/message.h"

#define PATIENCE_NS	2000000000

static uint64_t syscalls;

static struct vu_client *new_client(int sock)
{
	struct vu_client *c;

	ck_assert_int_eq(vu_client_new(sock, PATIENCE_NS, &syscalls, &c), 0);
	return c;
}

/* The server hangs up, and does so soon. */
static void expect_end(int sock)
{
	struct pollfd fd = { .fd = sock, .events = POLLIN };
	char c;

	ck_assert_int_eq(poll(&fd, 1, 2000), 1);
	ck_assert_int_le(recv(sock, &c, 1, 0), 0);
	close(sock);
}

static void expect_service(void)
{
	struct vu_client *c = new_client(served_connect());
	bool resettable;

	ck_assert_int_eq(vu_get_pci(c, &resettable), 0);
	vu_client_free(c);
}

/* ---- the socket ------------------------------------------------------------------------- */

START_TEST(socket_comes_and_goes)
{
	struct stat st;

	ck_assert_int_eq(stat(served.path, &st), 0);
	served_stop();
	server_free(served.server);
	ck_assert_int_eq(stat(served.path, &st), -1);
	ck_assert_int_eq(server_new(&served.fake.dev, NULL, NULL, &served.server), 0);
}
END_TEST

START_TEST(address_in_use)
{
	struct server *second;

	ck_assert_int_eq(server_new(&served.fake.dev, NULL, NULL, &second), 0);
	ck_assert_int_eq(server_listen(second, served.path), -EADDRINUSE);
	server_free(second);
	expect_service();
}
END_TEST

static int bind_socket(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(addr.sun_path, served.path);
	ck_assert_int_eq(bind(sock, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return sock;
}

/* Somebody listens there, and is so busy that he cannot be asked. */
START_TEST(busy_address)
{
	int listener = bind_socket(), client;

	ck_assert_int_eq(listen(listener, 0), 0);
	client = served_connect();
	ck_assert_int_eq(server_listen(served.server, served.path), -EADDRINUSE);
	close(client);
	close(listener);
	ck_assert_int_eq(unlink(served.path), 0);
}
END_TEST

START_TEST(stale_socket)
{
	close(bind_socket());
	served_start(false);
	expect_service();
}
END_TEST

START_TEST(no_place_for_socket)
{
	char path[200];
	int fd = open(served.path, O_CREAT | O_WRONLY, 0600);

	/* whatever that file is, it is not ours to remove */
	ck_assert_int_eq(server_listen(served.server, served.path), -EADDRINUSE);
	ck_assert_int_eq(unlink(served.path), 0);
	close(fd);
	ck_assert_int_eq(server_listen(served.server, "/nonexistent/socket"), -ENOENT);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(server_listen(served.server, path), -ENAMETOOLONG);
}
END_TEST

/* ---- clients ---------------------------------------------------------------------------- */

START_TEST(one_at_a_time)
{
	struct vu_client *first = new_client(served_connect()), *second;
	bool resettable;

	ck_assert_int_eq(vu_client_new(served_connect(), PATIENCE_NS, &syscalls, &second), -EBUSY);
	ck_assert_int_eq(vu_get_pci(first, &resettable), 0);
	vu_client_free(first);
}
END_TEST

/* Whoever comes right after another one has gone is welcome. */
START_TEST(one_after_the_other)
{
	for (int i = 0; i < 500; i++)
		expect_service();
	served_stop();
	/* The word to stop may overtake the news that the last client went. */
	ck_assert_uint_ge(served.fake.resets, 999);
}
END_TEST

START_TEST(once)
{
	served_start(true);
	expect_service();
	served_join();
}
END_TEST

START_TEST(attached)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	ck_assert_int_eq(server_attach(served.server, pair[0]), 0);
	ck_assert_int_eq(server_attach(served.server, pair[0]), -EBUSY);
	close(pair[1]);
	ck_assert_int_eq(server_run(served.server, -1, false), 0);
	ck_assert_int_eq(fcntl(pair[0], F_GETFD), -1);
}
END_TEST

START_TEST(stops_with_a_client)
{
	int sock = served_connect();

	served_stop();
	server_free(served.server);
	expect_end(sock);
	ck_assert_int_eq(server_new(&served.fake.dev, NULL, NULL, &served.server), 0);
}
END_TEST

static const struct vu_header bad_headers[] = {
	{ .command = VU_VERSION, .size = 0 },
	{ .command = VU_VERSION, .size = VU_MAX_MESSAGE + 1 },
	{ .command = VU_VERSION, .size = UINT32_MAX },
	{ .command = VU_DEVICE_RESET, .size = sizeof(struct vu_header) },
	{ .command = VU_VERSION, .size = sizeof(struct vu_header), .flags = VU_TYPE_REPLY },
};

START_TEST(garbage)
{
	const struct vu_header *header = &bad_headers[_i];
	int sock = served_connect();

	ck_assert_int_eq(send(sock, header, sizeof(*header), 0), sizeof(*header));
	expect_end(sock);
	expect_service();
}
END_TEST

START_TEST(goes_in_the_middle)
{
	struct vu_header header = { .command = VU_VERSION, .size = 100 };
	int sock = served_connect();

	ck_assert_int_eq(send(sock, &header, _i, 0), _i);
	close(sock);
	expect_service();
}
END_TEST

/* Far more commands than sockets hold replies, and only then a look at them: all of them come. */
START_TEST(late_reader)
{
	struct { struct vu_header header; struct vu_region_access where; } ask = {
		{ 0, VU_REGION_READ, sizeof(ask), 0, 0 }, { 0, 0, FAKE_BAR_SIZE } };
	struct vu_version version = { VU_MAJOR, VU_MINOR };
	struct { struct vu_header header; struct vu_version version; } hello = {
		{ 0, VU_VERSION, sizeof(hello), 0, 0 }, version };
	int sock = served_connect(), sent = 0, got = 0;
	struct vu_inbox in = { .len = 0 };

	ck_assert_int_eq(vu_send(sock, &hello, sizeof(hello), NULL, 0), sizeof(hello));
	while (vu_send(sock, &ask, sizeof(ask), NULL, 0) == sizeof(ask))
		ask.header.id = ++sent;
	ck_assert_int_gt(sent, 100);
	while (got <= sent) {
		struct pollfd fd = { .fd = sock, .events = POLLIN };

		ck_assert_int_eq(poll(&fd, 1, 2000), 1);
		if (vu_receive(&in, sock) != 1)
			continue;
		if (got)
			ck_assert_uint_eq(in.header.id, got - 1);
		ck_assert_uint_eq(in.header.flags, VU_TYPE_REPLY);
		got++;
		vu_inbox_clear(&in);
		if (got > sent - 10 && sent < 3000 &&
		    vu_send(sock, &ask, sizeof(ask), NULL, 0) == sizeof(ask))
			ask.header.id = ++sent;
	}
	close(sock);
}
END_TEST

/* The device is called when it wants to be, client or not so much as a word of one. */
START_TEST(deadline)
{
	struct vu_client *c;
	struct timespec now;

	served_prepare();
	clock_gettime(CLOCK_MONOTONIC, &now);
	served.fake.due_ns = now.tv_sec * UINT64_C(1000000000) + now.tv_nsec + 30000000;
	served_start(true);
	c = new_client(served_connect());
	nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	vu_client_free(c);
	served_join();
	ck_assert_uint_eq(served.fake.due_ns, UINT64_MAX);
	ck_assert_uint_le(served.fake.works, 10);
}
END_TEST

static Suite *server_suite(void)
{
	Suite *suite = suite_create("vfio-user server: sockets");
	TCase *tc = tcase_create("running");

	tcase_add_checked_fixture(tc, served_set_up, served_tear_down);
	tcase_add_test(tc, socket_comes_and_goes);
	tcase_add_test(tc, address_in_use);
	tcase_add_test(tc, one_at_a_time);
	tcase_add_test(tc, one_after_the_other);
	tcase_add_test(tc, stops_with_a_client);
	tcase_add_loop_test(tc, garbage, 0, sizeof(bad_headers) / sizeof(*bad_headers));
	tcase_add_loop_test(tc, goes_in_the_middle, 0, sizeof(struct vu_header) + 1);
	tcase_add_test(tc, late_reader);
	suite_add_tcase(suite, tc);

	tc = tcase_create("not yet running");
	tcase_add_checked_fixture(tc, served_prepare, served_tear_down);
	tcase_add_test(tc, busy_address);
	tcase_add_test(tc, stale_socket);
	tcase_add_test(tc, no_place_for_socket);
	tcase_add_test(tc, once);
	tcase_add_test(tc, attached);
	suite_add_tcase(suite, tc);

	tc = tcase_create("time");
	tcase_add_checked_fixture(tc, NULL, served_tear_down);
	tcase_add_test(tc, deadline);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return suite_run(server_suite());
}
