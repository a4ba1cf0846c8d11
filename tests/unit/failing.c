/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "failing.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

__thread bool failing_counts;
static unsigned int countdown;	/* to the call that fails; 0: none does */
static int live_blocks, live_maps;

static bool fails(int error)
{
	if (!failing_counts || countdown == 0 || --countdown > 0)
		return false;
	errno = error;
	return true;
}

static void *note(void *block)
{
	live_blocks += failing_counts && block;
	return block;
}

/* ---- what the library calls ---------------------------------------------------------------- */

/* Wraps a call that takes nothing that counts, but a descriptor. */
#define WRAP(type, name, error, parameters, ...)					\
type __real_##name parameters;							\
type __wrap_##name parameters;							\
type __wrap_##name parameters							\
{										\
	return fails(error) ? -1 : __real_##name(__VA_ARGS__);			\
}

WRAP(int, memfd_create, EMFILE, (const char *name, unsigned int flags), name, flags)
WRAP(int, ftruncate, ENOSPC, (int fd, off_t len), fd, len)
WRAP(int, fcntl, EMFILE, (int fd, int cmd, long arg), fd, cmd, arg)
WRAP(int, socket, EMFILE, (int family, int type, int protocol), family, type, protocol)
WRAP(int, socketpair, EMFILE, (int family, int type, int protocol, int *pair), family, type,
	protocol, pair)
WRAP(int, pidfd_open, EMFILE, (pid_t pid, unsigned int flags), pid, flags)
WRAP(int, eventfd, EMFILE, (unsigned int count, int flags), count, flags)
WRAP(int, epoll_create1, EMFILE, (int flags), flags)
WRAP(int, epoll_ctl, ENOSPC, (int fd, int op, int other, void *event), fd, op, other, event)

int __real_posix_spawnp(pid_t *pid, const char *file, const void *files, const void *attributes,
			char *const argv[], char *const env[]);
int __wrap_posix_spawnp(pid_t *pid, const char *file, const void *files, const void *attributes,
			char *const argv[], char *const env[]);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
int __wrap_asprintf(char **out, const char *format, ...);
void __real_free(void *block);
void __wrap_free(void *block);
void *__real_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __real_munmap(void *at, size_t len);
int __wrap_munmap(void *at, size_t len);
FILE *__real_fdopen(int fd, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode);

int __wrap_posix_spawnp(pid_t *pid, const char *file, const void *files, const void *attributes,
			char *const argv[], char *const env[])
{
	if (fails(EAGAIN))
		return EAGAIN;
	return __real_posix_spawnp(pid, file, files, attributes, argv, env);
}

void *__wrap_malloc(size_t size)
{
	return fails(ENOMEM) ? NULL : note(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails(ENOMEM) ? NULL : note(__real_calloc(n, size));
}

char *__wrap_strdup(const char *text)
{
	return fails(ENOMEM) ? NULL : note(__real_strdup(text));
}

int __wrap_asprintf(char **out, const char *format, ...)
{
	va_list args;
	int ret;

	if (fails(ENOMEM))
		return -1;
	va_start(args, format);
	ret = vasprintf(out, format, args);
	va_end(args);
	live_blocks += failing_counts && ret >= 0;
	return ret;
}

void __wrap_free(void *block)
{
	live_blocks -= failing_counts && block;
	__real_free(block);
}

void *__wrap_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	void *map = fails(ENOMEM) ? MAP_FAILED : __real_mmap(at, len, prot, flags, fd, offset);

	live_maps += failing_counts && map != MAP_FAILED;
	return map;
}

int __wrap_munmap(void *at, size_t len)
{
	live_maps -= failing_counts;
	return __real_munmap(at, len);
}

FILE *__wrap_fdopen(int fd, const char *mode)
{
	return fails(ENOMEM) ? NULL : __real_fdopen(fd, mode);
}

/* ---- lives ----------------------------------------------------------------------------------- */

static unsigned int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void check_nothing_left(unsigned int n, unsigned int descriptors)
{
	if (live_blocks || live_maps)
		ck_abort_msg("call %u: %d blocks, %d maps are left", n, live_blocks, live_maps);
	if (open_descriptors() != descriptors)
		ck_abort_msg("call %u: descriptors are left open", n);
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		ck_abort_msg("call %u: a process is left", n);
}

struct failing failing_each(int (*live)(void))
{
	const unsigned int descriptors = open_descriptors();
	struct failing f = { 0 };

	for (;; f.calls++) {
		int ret;

		countdown = f.calls + 1;
		ret = live();
		check_nothing_left(f.calls + 1, descriptors);
		if (countdown > 0) {
			ck_assert_int_eq(ret, 0);
			return f;
		}
		f.errors += ret < 0;
	}
}
