/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vfio_client.c - vfio-user client: servers that answer wrongly, late or not at all */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suite.h"
#include "userdrv/vfio-user/client.h"
#include "userdrv/vfio-user/commands.h"
#include "userdrv/vfio-user/message.h"

#define PATIENCE_NS	100000000
#define SHORT_WAIT_MS	2000

/**
 * struct script - how a server answers one command
 * @flags:   of the reply
 * @error:   likewise
 * @id:      added to the command's
 * @command: likewise
 * @size:    added to what is right
 * @payload: of the reply
 * @len:     its bytes
 * @silent:  no reply
 * @hang_up: and the end
 */
struct script {
	uint32_t flags;
	uint32_t error;
	uint16_t id;
	uint16_t command;
	int size;
	const void *payload;
	size_t len;
	bool silent;
	bool hang_up;
};

/* The rest of a script: a reply that says so. */
#define TEXT(text)	.flags = VU_TYPE_REPLY, .payload = (text), .len = sizeof(text)

#define VERSION_TEXT	"\0\0\0\0" VU_CAPABILITIES
#define HELLO		{ TEXT(VERSION_TEXT) }

static int ours, theirs;
static uint64_t syscalls;
static pthread_t thread;
static struct script scripts[2];

static bool receive(struct vu_inbox *in)
{
	struct pollfd fd = { .fd = theirs, .events = POLLIN };
	int ret;

	do {
		ck_assert_int_eq(poll(&fd, 1, SHORT_WAIT_MS), 1);
		ret = vu_receive(in, theirs);
	} while (!ret);
	return ret == 1;
}

static void answer(const struct script *s, const struct vu_header *to)
{
	struct { struct vu_header header; uint8_t payload[256]; } msg = {
		.header = {
			.id = to->id + s->id,
			.command = to->command + s->command,
			.size = sizeof(msg.header) + s->len + s->size,
			.flags = s->flags,
			.error = s->error,
		},
	};

	if (s->len)
		memcpy(msg.payload, s->payload, s->len);
	if (!s->silent)
		vu_send(theirs, &msg, sizeof(msg.header) + s->len, NULL, 0);
}

static void *serve(void *arg)
{
	static struct vu_inbox in;

	(void)arg;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		if (!receive(&in))
			return NULL;
		answer(&scripts[i], &in.header);
		vu_inbox_clear(&in);
		if (scripts[i].hang_up)
			shutdown(theirs, SHUT_RDWR);
	}
	return NULL;
}

static int start(struct script first, struct script second, struct vu_client **out)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ours = pair[0];
	theirs = pair[1];
	scripts[0] = first;
	scripts[1] = second;
	ck_assert_int_eq(pthread_create(&thread, NULL, serve, NULL), 0);
	return vu_client_new(ours, PATIENCE_NS, &syscalls, out);
}

static void finish(void)
{
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	close(theirs);
}

/* ---- versions --------------------------------------------------------------------------- */

static const struct { struct script script; int error; } bad_versions[] = {
	{ { .silent = true }, -ETIMEDOUT },
	{ { .silent = true, .hang_up = true }, -EBUSY },
	{ { .flags = VU_TYPE_REPLY }, -EPROTO },
	{ { .flags = VU_TYPE_REPLY, .payload = "\0\0", .len = 2 }, -EPROTO },
	{ { TEXT("\1\0\0\0{}") }, -EPROTO },
	{ { TEXT("\0\0\1\0{}") }, -EPROTO },
	{ { TEXT("\0\0\0\0{") }, -EPROTO },
	{ { TEXT("\0\0\0\0{}"), .size = -1 }, -EPROTO },
	{ { TEXT("\0\0\0\0{}"), .size = 1 }, -ETIMEDOUT },
	{ { TEXT("\0\0\0\0{}"), .size = -20 }, -EPROTO },
	{ { TEXT("\0\0\0\0{}"), .size = VU_MAX_MESSAGE }, -EPROTO },
	{ { TEXT("\0\0\0\0{}"), .id = 1 }, -EPROTO },
	{ { TEXT("\0\0\0\0{}"), .command = 1 }, -EPROTO },
	{ { .payload = "\0\0\0\0{}", .len = 7 }, -EPROTO },	/* no reply, but a command */
	{ { .flags = VU_TYPE_REPLY | VU_ERROR, .error = ENOMEM }, -ENOMEM },
};

START_TEST(bad_version)
{
	struct vu_client *c = NULL;

	ck_assert_int_eq(start(bad_versions[_i].script, (struct script){ .silent = true }, &c),
			 bad_versions[_i].error);
	ck_assert_ptr_null(c);
	finish();
}
END_TEST

START_TEST(good_version)
{
	struct script hello = { .flags = VU_TYPE_REPLY, .payload = "\0\0\0\0", .len = 4 };
	struct script done = { .flags = VU_TYPE_REPLY };
	struct vu_client *c;

	ck_assert_int_eq(start(hello, done, &c), 0);
	ck_assert_uint_eq(vu_client_limits(c)->max_msg_fds, 1);
	ck_assert_int_eq(vu_reset(c), 0);
	ck_assert_uint_ge(syscalls, 4);
	vu_client_free(c);
	finish();
}
END_TEST

/* ---- replies ---------------------------------------------------------------------------- */

/* A region's size is asked for; its reply has 32 bytes. */
#define ZEROS	"0123456789abcdef0123456789abcde"

static const struct { struct script script; int error; bool gone; } bad_replies[] = {
	{ { .flags = VU_TYPE_REPLY | VU_ERROR, .error = EINVAL }, -EINVAL, false },
	{ { .flags = VU_TYPE_REPLY | VU_ERROR }, -EIO, false },
	{ { .flags = VU_TYPE_REPLY | VU_ERROR, .error = 0x80000000 }, -EIO, false },
	{ { .flags = VU_TYPE_REPLY | VU_ERROR, .error = EPROTO }, -EPROTO, false },
	{ { .silent = true }, -ETIMEDOUT, true },
	{ { .silent = true, .hang_up = true }, -ENODEV, true },
	{ { TEXT(ZEROS), .hang_up = true }, 0, false },
	{ { TEXT(ZEROS), .id = 1 }, -EPROTO, true },
	{ { TEXT(ZEROS), .id = UINT16_MAX }, -EPROTO, true },
	{ { TEXT(ZEROS), .command = 1 }, -EPROTO, true },
	{ { TEXT(ZEROS), .size = -1 }, -EPROTO, true },
	{ { TEXT(ZEROS "x") }, -EPROTO, true },
	{ { TEXT("short") }, -EPROTO, true },
	{ { .flags = VU_TYPE_REPLY }, -EPROTO, true },
};

START_TEST(bad_reply)
{
	struct vu_client *c;
	uint64_t size;

	ck_assert_int_eq(start((struct script)HELLO, bad_replies[_i].script, &c), 0);
	ck_assert_int_eq(vu_get_region_size(c, 0, &size), bad_replies[_i].error);
	ck_assert(vu_client_gone(c) == bad_replies[_i].gone);
	if (bad_replies[_i].gone) {
		ck_assert_int_eq(vu_get_region_size(c, 0, &size), -ENODEV);
		ck_assert_int_eq(vu_unmask_intx(c), -ENODEV);
	}
	vu_client_free(c);
	finish();
}
END_TEST

/* Descriptors that nobody asked for. */
START_TEST(stray_descriptors)
{
	struct vu_client *c;
	struct vu_header msg = { .id = 1, .command = VU_DEVICE_RESET, .size = sizeof(msg),
				 .flags = VU_TYPE_REPLY };
	int fds[4] = { dup(0), dup(0), dup(0), dup(0) }, next;

	ck_assert_int_eq(start((struct script)HELLO, (struct script){ .silent = true }, &c), 0);
	ck_assert_int_eq(vu_send(theirs, &msg, sizeof(msg), fds, 4), sizeof(msg));
	next = dup(0);
	close(next);
	ck_assert_int_eq(vu_reset(c), 0);
	vu_client_free(c);
	finish();
	ck_assert_int_le(dup(0), next);
}
END_TEST

/* A server that reads nothing: posted writes fill the socket, and then it is given up. */
START_TEST(never_reads)
{
	struct script hello = HELLO;
	struct vu_client *c;
	uint32_t value = 0;
	int ret = 0;

	ck_assert_int_eq(start(hello, (struct script){ .silent = true }, &c), 0);
	for (int i = 0; i < 1000000 && !ret; i++)
		ret = vu_post(c, 0, 0, &value, sizeof(value));
	ck_assert_int_eq(ret, -ETIMEDOUT);
	ck_assert_int_eq(vu_post(c, 0, 0, &value, sizeof(value)), -ENODEV);
	vu_client_free(c);
	finish();
}
END_TEST

START_TEST(too_long)
{
	struct script done = { .flags = VU_TYPE_REPLY };
	struct vu_client *c;
	uint8_t data[17];

	ck_assert_int_eq(start((struct script)HELLO, done, &c), 0);
	ck_assert_int_eq(vu_read(c, 0, 0, data, sizeof(data)), -EINVAL);
	ck_assert_int_eq(vu_write(c, 0, 0, data, sizeof(data)), -EINVAL);
	ck_assert_int_eq(vu_post(c, 0, 0, data, sizeof(data)), -EINVAL);
	ck_assert_int_eq(vu_reset(c), 0);
	vu_client_free(c);
	finish();
}
END_TEST

static Suite *client_suite(void)
{
	Suite *suite = suite_create("vfio-user client");
	TCase *tc = tcase_create("client");

	tcase_add_loop_test(tc, bad_version, 0, sizeof(bad_versions) / sizeof(*bad_versions));
	tcase_add_test(tc, good_version);
	tcase_add_loop_test(tc, bad_reply, 0, sizeof(bad_replies) / sizeof(*bad_replies));
	tcase_add_test(tc, stray_descriptors);
	tcase_add_test(tc, never_reads);
	tcase_add_test(tc, too_long);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return suite_run(client_suite());
}
