/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_service_patience.c - how long a service is waited for, by a clock of the test's own */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "fake_client.h"
#include "log_check.h"
#include "suite.h"
#include "userdrv/lib/service-link.h"

#define NS_PER_S	INT64_C(1000000000)

int __real_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_clock_gettime(clockid_t id, struct timespec *ts);
int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask);

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

START_TEST(no_welcome)
{
	fake.mute = UINT64_C(1) << MESSAGE_HELLO;
	test_clock.hurry = true;
	client_cannot_open(-ETIMEDOUT, "does not answer");
	ck_assert_int_eq(test_clock.waited, SERVICE_PATIENCE_NS);
}
END_TEST

START_TEST(no_answer)
{
	fake.mute = UINT64_C(1) << MESSAGE_START;
	client_open();
	ck_assert_int_eq(uiocap_channel_enable(client_channel(FAKE_VIDEO), true), 0);
	test_clock.hurry = true;
	ck_assert_int_eq(uiocap_card_start(card), -ETIMEDOUT);
	ck_assert_said("does not answer any more");
	ck_assert_int_gt(test_clock.waited, SERVICE_PATIENCE_NS / 2);
	ck_assert_int_le(test_clock.waited, SERVICE_PATIENCE_NS);
	client_close();
}
END_TEST

/*
 * A program that was stopped for longer than that finds the answer in its socket, behind more than
 * it takes at a time: at its look for the card, and at its first look for the answer.
 */
START_TEST(answer_that_was_not_looked_at)
{
	fake.mute = UINT64_C(1) << MESSAGE_STOP;
	client_open();
	client_start(FAKE_VIDEO);
	for (unsigned int i = 0; i < 2 * SERVICE_BATCH; i++)
		fake_service_say_stopped(&fake, FAKE_STREAM, 0);
	fake_service_say_stopped(&fake, FAKE_VIDEO, 3);
	test_clock.skip = 2 * SERVICE_PATIENCE_NS / NS_PER_S;
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_int_gt(test_clock.skipped, test_clock.skip);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).produced, 3);
	client_close();
}
END_TEST

suite_main("service patience",
	   no_welcome,
	   no_answer,
	   answer_that_was_not_looked_at)
