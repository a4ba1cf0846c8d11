/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_service_patience.c - how long a service is waited for, by a clock of the test's own */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "fake_service.h"
#include "log_check.h"
#include "suite.h"
#include "uiocap/uiocap.h"
#include "userdrv/lib/service-link.h"

#define NS_PER_S	INT64_C(1000000000)

int __real_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_clock_gettime(clockid_t id, struct timespec *ts);
int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask);

static struct fake_service fake;
static struct uiocap_ctx *ctx;
static struct uiocap_card *card;

/**
 * struct test_clock - how it goes
 * @skipped: seconds for which the program was stopped, all in all
 * @skip:    for so long it is stopped after each look at the clock
 * @hurry:   nobody waits, but is told that he has, and
 * @waited:  for how many ns
 */
static struct {
	time_t skipped;
	time_t skip;
	bool hurry;
	int64_t waited;
} test_clock;

int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	int ret = __real_clock_gettime(id, ts);

	ts->tv_sec += test_clock.skipped;
	test_clock.skipped += test_clock.skip;
	return ret;
}

int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask)
{
	if (!test_clock.hurry)
		return __real_ppoll(fds, n, limit, mask);
	test_clock.waited += limit->tv_sec * NS_PER_S + limit->tv_nsec;
	return 0;
}

static void set_up(void)
{
	fake_service_start(&fake);
	ctx = log_new_ctx();
}

static void open_card(void)
{
	ck_assert_int_eq(uiocap_card_open(ctx, fake.spec, NULL, &card), 0);
	ck_assert_int_eq(uiocap_channel_enable(uiocap_card_channel(card, FAKE_VIDEO), true), 0);
}

static void tear_down(void)
{
	ck_assert_int_eq(uiocap_card_close(card), 0);
	uiocap_ctx_free(ctx);
	fake_service_end(&fake);
}

START_TEST(no_welcome)
{
	fake.mute = UINT64_C(1) << MESSAGE_HELLO;
	test_clock.hurry = true;
	set_up();
	ck_assert_int_eq(uiocap_card_open(ctx, fake.spec, NULL, &card), -ETIMEDOUT);
	ck_assert_said("does not answer");
	ck_assert_int_eq(test_clock.waited, SERVICE_PATIENCE_NS);
	uiocap_ctx_free(ctx);
	fake_service_end(&fake);
}
END_TEST

START_TEST(no_answer)
{
	fake.mute = UINT64_C(1) << MESSAGE_START;
	set_up();
	open_card();
	test_clock.hurry = true;
	ck_assert_int_eq(uiocap_card_start(card), -ETIMEDOUT);
	ck_assert_said("does not answer any more");
	ck_assert_int_gt(test_clock.waited, SERVICE_PATIENCE_NS / 2);
	ck_assert_int_le(test_clock.waited, SERVICE_PATIENCE_NS);
	tear_down();
}
END_TEST

/*
 * A program that was stopped for longer than that finds the answer in its socket, behind more than
 * it takes at a time: at its look for the card, and at its first look for the answer.
 */
START_TEST(answer_that_was_not_looked_at)
{
	struct uiocap_stats stats;

	fake.mute = UINT64_C(1) << MESSAGE_STOP;
	set_up();
	open_card();
	ck_assert_int_eq(uiocap_card_start(card), 0);
	fake_service_await_given(&fake, FAKE_VIDEO, FAKE_BUFFERS);
	for (unsigned int i = 0; i < 2 * SERVICE_BATCH; i++)
		fake_service_say_stopped(&fake, FAKE_STREAM, 0);
	fake_service_say_stopped(&fake, FAKE_VIDEO, 3);
	test_clock.skip = 2 * SERVICE_PATIENCE_NS / NS_PER_S;
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_int_gt(test_clock.skipped, test_clock.skip);
	uiocap_channel_get_stats(uiocap_card_channel(card, FAKE_VIDEO), &stats);
	ck_assert_uint_eq(stats.produced, 3);
	tear_down();
}
END_TEST

suite_main("service patience",
	   no_welcome,
	   no_answer,
	   answer_that_was_not_looked_at)
