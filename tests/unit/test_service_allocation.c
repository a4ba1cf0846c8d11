/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_service_allocation.c - memory and descriptors that a client cannot have: from open to close,
 * in which the n-th such call of the library fails, for every n
 *
 * Either it goes on without, or it ends with an error; and all that was taken has been given back.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "fake_service.h"
#include "log_check.h"
#include "suite.h"
#include "uiocap/service.h"

#define LONG	INT64_C(20000000000)
#define CALLS	12	/* fewer would mean that some are not counted */

static __thread bool counting;		/* a call is the library's, and not the fake's */
static unsigned int countdown;		/* to the call that fails; 0: none does */
static int live_blocks, live_maps;

static bool fails(int error)
{
	if (!counting || countdown == 0 || --countdown > 0)
		return false;
	errno = error;
	return true;
}

static void *note(void *block)
{
	live_blocks += counting && block;
	return block;
}

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
	return fails(ENOMEM) ? NULL : note(__real_calloc(n, size));
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
	return fails(ENOMEM) ? NULL : note(__real_malloc(size));
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
	return fails(ENOMEM) ? NULL : note(__real_strdup(text));
}

void __real_free(void *block);
void __wrap_free(void *block);
void __wrap_free(void *block)
{
	live_blocks -= counting && block;
	__real_free(block);
}

int __real_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol)
{
	return fails(EMFILE) ? -1 : __real_socket(family, type, protocol);
}

void *__real_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	live_maps += counting;
	if (!fails(ENOMEM))
		return __real_mmap(addr, len, prot, flags, fd, offset);
	live_maps--;
	return MAP_FAILED;
}

int __real_munmap(void *addr, size_t len);
int __wrap_munmap(void *addr, size_t len);
int __wrap_munmap(void *addr, size_t len)
{
	live_maps -= counting;
	return __real_munmap(addr, len);
}

/* ---- a client's life -------------------------------------------------------------------- */

static struct fake_service fake;
static struct uiocap_ctx *ctx;

/* A frame with a gap, of which the client keeps a copy of what has arrived. */
static int take_frames(struct uiocap_card *card)
{
	static const struct message_run run = { 1, 1 };
	struct uiocap_frame *frame;
	int ret;

	counting = false;
	fake_service_await_given(&fake, FAKE_VIDEO, FAKE_BUFFERS);
	fake_service_frame(&fake, FAKE_VIDEO, 1, 0, 64, &run, 1);
	counting = true;
	ret = uiocap_card_acquire(card, LONG, &frame);
	if (ret == 1)
		uiocap_frame_release(frame);
	return ret < 0 ? ret : 0;
}

static int capture(void)
{
	struct uiocap_card *card;
	int ret = uiocap_card_open(ctx, fake.spec, NULL, &card);

	if (ret < 0)
		return ret;
	uiocap_channel_enable(uiocap_card_channel(card, FAKE_VIDEO), true);
	ret = uiocap_card_start(card);
	if (ret == 0)
		ret = take_frames(card);
	uiocap_card_close(card);
	return ret;
}

static int look_on(void)
{
	const struct uiocap_service_state *state;
	struct uiocap_service *service;
	int ret = uiocap_service_open(ctx, fake.spec, &service);

	if (ret < 0)
		return ret;
	ret = uiocap_service_get_state(service, &state);
	uiocap_service_close(service);
	return ret;
}

static unsigned int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

/* Returns how many calls there are. The service is another one each time: no descriptor is its. */
static unsigned int fail_each(int (*live)(void))
{
	const unsigned int descriptors = open_descriptors();

	for (unsigned int n = 1;; n++) {
		int ret;

		memset(&fake, 0, sizeof(fake));
		fake_service_start(&fake);
		countdown = n;
		counting = true;
		ret = live();
		counting = false;
		fake_service_end(&fake);
		ck_assert_msg(live_blocks == 0 && live_maps == 0,
			      "call %u: %d blocks, %d maps are left", n, live_blocks, live_maps);
		ck_assert_msg(open_descriptors() == descriptors,
			      "call %u: descriptors are left", n);
		ck_assert((ret == 0) == (countdown > 0));
		if (countdown > 0)
			return n - 1;
	}
}

START_TEST(a_client)
{
	ctx = log_new_ctx();
	ck_assert_uint_ge(fail_each(capture), CALLS);
	uiocap_ctx_free(ctx);
}
END_TEST

START_TEST(one_that_looks_on)
{
	ctx = log_new_ctx();
	ck_assert_uint_ge(fail_each(look_on), 4);
	uiocap_ctx_free(ctx);
}
END_TEST

suite_main("service allocation", a_client, one_that_looks_on)
