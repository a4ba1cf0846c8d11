/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_wait.c - waiting adaptively: a look for as long as it may pay, then sleep */
#include <errno.h>

#include "bench_card.h"
#include "userdrv/lib/times.h"

#define HEIGHT	48
#define MS	INT64_C(1000000)

/* What the sleeper finds when it wakes, and when it fell asleep. */
static uint64_t asleep_ns;

static int frame_comes(void *data, int64_t timeout_ns)
{
	(void)data;
	(void)timeout_ns;
	asleep_ns = now_ns();
	fake_frame(rc, 0);
	return 1;
}

static void set_up(int64_t spin_ns)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	ck_assert_int_eq(uiocap_card_set_wait(card, UIOCAP_WAIT_ADAPTIVE, spin_ns), 0);
	bench_start(4);
	fake->on_wait = frame_comes;
}

static void take(void)
{
	struct uiocap_frame *frame;

	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), 1);
	uiocap_frame_release(frame);
}

START_TEST(test_looks_before_it_sleeps)
{
	uint64_t before;

	set_up(20 * MS);
	before = now_ns();
	take();
	ck_assert_uint_eq(fake->waits, 1);
	ck_assert_uint_ge(asleep_ns - before, 20 * MS);
	bench_close();
}
END_TEST

/* Where frames have been far apart for a while a look is a waste. */
START_TEST(test_sleeps_at_once_where_waits_are_long)
{
	uint64_t before;

	set_up(30000 * MS);
	card->usual_ns = 30001 * MS;
	before = now_ns();
	take();
	ck_assert_uint_eq(fake->waits, 1);
	ck_assert_uint_lt(asleep_ns - before, 30000 * MS);
	bench_close();
}
END_TEST

/* And it looks again once they come faster than that. */
START_TEST(test_learns)
{
	set_up(100 * MS);
	card->usual_ns = 200 * MS;
	for (unsigned int i = 0; i < 8; i++)
		take();
	ck_assert_uint_lt(card->usual_ns, 100 * MS);
	bench_close();
}
END_TEST

START_TEST(test_what_is_there_costs_no_call)
{
	set_up(10000 * MS);
	fake_frame(rc, 0);
	take();
	ck_assert_uint_eq(fake->waits, 0);
	bench_close();
}
END_TEST

/* The caller's patience counts for the look, too. */
START_TEST(test_look_ends_with_the_timeout)
{
	struct uiocap_frame *frame;

	set_up(10000 * MS);
	ck_assert_int_eq(uiocap_card_acquire(card, 5 * MS, &frame), 1);
	ck_assert_int_eq(fake->longest_wait_ns, 0);
	uiocap_frame_release(frame);
	bench_close();
}
END_TEST

static int nothing_comes(void *data, int64_t timeout_ns)
{
	(void)data;
	(void)timeout_ns;
	return -EINTR;
}

/* An interrupt may be lost: nobody sleeps for long while frames come, nor for ever when none do. */
START_TEST(test_nobody_sleeps_for_ever)
{
	struct uiocap_frame *frame;

	set_up(MS);
	fake->on_wait = nothing_comes;
	card->usual_ns = 2 * MS;
	card->heard_ns = now_ns();
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -EINTR);
	ck_assert_int_eq(fake->longest_wait_ns, 100 * MS);
	card->heard_ns = now_ns() - 2000 * MS;
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -EINTR);
	ck_assert_int_eq(fake->longest_wait_ns, 500 * MS);
	bench_close();
}
END_TEST

suite_main("wait", test_looks_before_it_sleeps, test_sleeps_at_once_where_waits_are_long,
	   test_learns, test_nobody_sleeps_for_ever, test_what_is_there_costs_no_call,
	   test_look_ends_with_the_timeout)
