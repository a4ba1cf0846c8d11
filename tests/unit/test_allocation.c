/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_allocation.c - memory, descriptors and processes that cannot be had: a card's life from open
 * to close, in which the n-th call to the system fails, for every n
 *
 * Either the life goes on without it, or it ends with an error; and all that was taken has been
 * given back. The calls are those of the library alone, through --wrap.
 */
#include <dirent.h>
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log_check.h"
#include "suite.h"

#define SPEC	"sim:channels=2,size=64x48,unpaced,dma=2Mi,stream=pattern:100000"
#define FRAMES	20
#define CALLS	40	/* fewer would mean that some are not counted */

static bool counting;		/* a call is the library's, and not check's */
static unsigned int countdown;	/* to the call that fails; 0: none does */
static int live_blocks, live_maps;

static bool fails(int error)
{
	if (!counting || countdown == 0 || --countdown > 0)
		return false;
	errno = error;
	return true;
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

void *__wrap_calloc(size_t n, size_t size)
{
	void *block = fails(ENOMEM) ? NULL : __real_calloc(n, size);

	live_blocks += counting && block;
	return block;
}

char *__wrap_strdup(const char *text)
{
	char *copy = fails(ENOMEM) ? NULL : __real_strdup(text);

	live_blocks += counting && copy;
	return copy;
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
	live_blocks += counting && ret >= 0;
	return ret;
}

void __wrap_free(void *block)
{
	live_blocks -= counting && block;
	__real_free(block);
}

void *__wrap_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	void *map = fails(ENOMEM) ? MAP_FAILED : __real_mmap(at, len, prot, flags, fd, offset);

	live_maps += counting && map != MAP_FAILED;
	return map;
}

int __wrap_munmap(void *at, size_t len)
{
	live_maps -= counting;
	return __real_munmap(at, len);
}

FILE *__wrap_fdopen(int fd, const char *mode)
{
	return fails(ENOMEM) ? NULL : __real_fdopen(fd, mode);
}

/* ---- a life ---------------------------------------------------------------------------------- */

static int capture(struct uiocap_card *card)
{
	struct uiocap_channel *c;
	int ret = 0;

	for (unsigned int i = 0; (c = uiocap_card_channel(card, i)); i++)
		if (uiocap_channel_enable(c, true) || uiocap_channel_set_hold(c, true))
			return -EINVAL;
	ret = uiocap_card_start(card);
	for (unsigned int i = 0; ret >= 0 && i < FRAMES; i++) {
		struct uiocap_frame *frame = NULL;

		ret = uiocap_card_acquire(card, INT64_C(10000000000), &frame);
		uiocap_frame_release(frame);
	}
	return ret < 0 ? ret : uiocap_card_stop(card);
}

static int live(void)
{
	struct uiocap_ctx *ctx;
	struct uiocap_card *card;
	int ret = uiocap_ctx_new(&ctx);

	if (ret)
		return ret;
	uiocap_ctx_set_log(ctx, log_keep, NULL, UIOCAP_LOG_ERROR);
	ret = uiocap_card_open(ctx, SPEC, NULL, &card);
	if (ret == 0) {
		ret = capture(card);
		if (uiocap_card_close(card))
			ret = -EBUSY;
	}
	uiocap_ctx_free(ctx);
	return ret;
}

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

START_TEST(every_call_fails_once)
{
	const unsigned int descriptors = open_descriptors();
	unsigned int errors = 0;

	for (unsigned int n = 1;; n++) {
		int ret;

		countdown = n;
		counting = true;
		ret = live();
		counting = false;
		errors += ret < 0;
		if (live_blocks || live_maps)
			ck_abort_msg("call %u: %d blocks, %d maps are left", n, live_blocks,
				     live_maps);
		if (open_descriptors() != descriptors)
			ck_abort_msg("call %u: descriptors are left open", n);
		if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
			ck_abort_msg("call %u: a process is left", n);
		if (countdown > 0) {	/* there is no n-th call */
			ck_assert_int_eq(ret, 0);
			ck_assert_uint_gt(n, CALLS);
			break;
		}
	}
	ck_assert_uint_gt(errors, CALLS);
}
END_TEST

suite_main("allocation", every_call_fails_once)
