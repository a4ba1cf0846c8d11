/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_write_all.c - what becomes of a write whose frame or whose output has gone */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suite.h"
#include "userdrv/cli/write-all.h"

static int file_errno;

/* Of the program's own: an output that fails with file_errno, or the system's when that is 0. */
ssize_t __real_writev(int fd, const struct iovec *parts, int n);
ssize_t __wrap_writev(int fd, const struct iovec *parts, int n);

ssize_t __wrap_writev(int fd, const struct iovec *parts, int n)
{
	if (!file_errno)
		return __real_writev(fd, parts, n);
	errno = file_errno;
	return -1;
}

static int write_it(int fd, void *frame, size_t len)
{
	struct iovec part = { .iov_base = frame, .iov_len = len };

	return write_all(fd, &part, 1);
}

/* As the stub takes a frame's memory away: the page is mapped, and there is nothing behind it. */
START_TEST(frame_gone)
{
	int memory = memfd_create("frame", 0), pipes[2];
	void *frame = mmap(NULL, 4096, PROT_READ, MAP_SHARED, memory, 0);

	ck_assert_ptr_ne(frame, MAP_FAILED);
	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(write_it(pipes[1], frame, 4096), -ENODEV);
	ck_assert_int_eq(ftruncate(memory, 4096), 0);
	ck_assert_int_eq(write_it(pipes[1], frame, 4096), 0);
}
END_TEST

START_TEST(output_gone)
{
	char frame[16] = "";

	file_errno = ENODEV;
	ck_assert_int_eq(write_it(STDOUT_FILENO, frame, sizeof(frame)), -EIO);
	file_errno = ENXIO;
	ck_assert_int_eq(write_it(STDOUT_FILENO, frame, sizeof(frame)), -ENXIO);
}
END_TEST

START_TEST(other_errors)
{
	int full = open("/dev/full", O_WRONLY), pipes[2];
	char frame[16] = "";

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(write_it(full, frame, sizeof(frame)), -ENOSPC);
	ck_assert_int_eq(pipe(pipes), 0);
	close(pipes[0]);
	ck_assert_int_eq(write_it(pipes[1], frame, sizeof(frame)), -EPIPE);
}
END_TEST

suite_main("write_all", frame_gone, output_gone, other_errors)
