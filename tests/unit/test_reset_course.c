/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_reset_course.c - how a reset under a capture goes: what it costs, while it lasts, and if it
 * does not end well
 */
#include <errno.h>
#include <string.h>

#include "bench_resume.h"

#define MS	INT64_C(1000000)

/* ---- what it costs ----------------------------------------------------------------------- */

static void lose_none(void)
{
	bench_start(4);
	resume_pass(3, 0);
	fake_reset(rc, true);
	fake_pass(rc, 100 * PERIOD);
	bench_get_none();
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(3, 0, UIOCAP_FRAME_LATE));
	ck_assert_uint_eq(bench_stats(0).reset_lost, 0);
	ck_assert_uint_eq(bench_stats(0).resets, 1);
}

START_TEST(test_source_without_period)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_RESUME);
	card->card->source[0].period_ns = 0;
	lose_none();
	bench_close();
}
END_TEST

START_TEST(test_source_that_waits)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_RESUME);
	ck_assert_int_eq(uiocap_channel_set_hold(bench_channel(0), true), 0);
	lose_none();
	bench_close();
}
END_TEST

/* Before the first frame none has been missed; nor has one if the card's clock begins anew. */
START_TEST(test_before_the_first_frame)
{
	resume_open(1, 4);
	fake_pass(rc, PERIOD / 2);
	fake_reset(rc, true);
	bench_get_none();
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(0, 0, UIOCAP_FRAME_LATE));
	fake_pass(rc, -rc->time);
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_uint_eq(bench_stats(0).reset_lost, 0);
	bench_close();
}
END_TEST

/* The card's count of its last run, on top of what was known of those before. */
START_TEST(test_stop_afterwards)
{
	struct uiocap_stats s;
	struct uiocap_frame *frame;

	resume_open(1, 4);
	resume_pass(5, 0);
	fake_reset(rc, true);
	bench_get_none();
	for (unsigned int i = 0; i < 7; i++)	/* nobody looks: 4 are taken, 3 dropped */
		fake_frame(rc, 0);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, 5 + 1 + 7);
	ck_assert_uint_eq(s.delivered, 9);
	ck_assert_uint_eq(s.lost, 4);
	ck_assert_uint_eq(s.reset_lost, 1);
	uiocap_frame_release(resume_get(6, 1, UIOCAP_FRAME_LATE));
	for (unsigned int i = 7; i < 10; i++)
		uiocap_frame_release(resume_get(i, 0, 0));
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), -ENODATA);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	ck_assert_uint_eq(bench_stats(0).resets + bench_stats(0).produced, 0);
	resume_pass(3, 0);
	bench_close();
}
END_TEST

/* Stopped before anybody looked: nothing was started anew, and nothing is made up. */
START_TEST(test_stop_at_once)
{
	resume_open(1, 4);
	resume_pass(5, 0);
	fake_reset(rc, true);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(bench_stats(0).produced, 5);
	ck_assert_uint_eq(bench_stats(0).resets, 0);
	bench_close();
}
END_TEST

/* ---- while it lasts ---------------------------------------------------------------------- */

START_TEST(test_longer_than_the_timeout)
{
	struct uiocap_frame *frame;

	resume_open(1, 4);
	resume_pass(2, 0);
	fake_reset(rc, false);
	for (unsigned int i = 0; i < 5; i++) {
		ck_assert_int_eq(uiocap_card_acquire(card, 2 * MS, &frame), 0);
		ck_assert_uint_eq(bench_stats(0).resets, 0);
	}
	ck_assert_uint_ge(fake->waits, 5);
	fake->reset = true;
	bench_get_none();
	ck_assert_uint_eq(bench_stats(0).resets, 1);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(3, 1, UIOCAP_FRAME_LATE));
	bench_close();
}
END_TEST

/* A program that polls asks with a timeout of 0: each time the event has to be taken away. */
START_TEST(test_without_waiting)
{
	resume_open(1, 4);
	fake_reset(rc, false);
	for (unsigned int i = 1; i < 10; i++) {
		bench_get_none();
		ck_assert_uint_eq(fake->waits, i);
		ck_assert_int_eq(fake->longest_wait_ns, 0);
	}
	bench_close();
}
END_TEST

/* Asleep for a frame; then the card is reset; then it is back; then the frame comes. */
static int reset_while_waiting(void *data, int64_t timeout_ns)
{
	(void)data, (void)timeout_ns;
	switch (fake->waits) {
	case 1:
		fake_reset(rc, false);
		break;
	case 2:
		fake->reset = true;
		break;
	default:
		fake_frame(rc, 0);
	}
	return 1;
}

START_TEST(test_during_the_wait)
{
	struct uiocap_frame *frame;

	resume_open(1, 4);
	fake->on_wait = reset_while_waiting;
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), 1);
	ck_assert_uint_eq(fake->waits, 3);
	ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_LATE);
	bench_check_payload(frame);
	uiocap_frame_release(frame);
	bench_close();
}
END_TEST

/* ---- and if it does not end well --------------------------------------------------------- */

static void check_gone(void)
{
	struct uiocap_frame *frame;

	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ENODEV);
	bench_check_account(0);
	uiocap_card_stop(card);
	bench_check_account(0);
}

START_TEST(test_dead_afterwards)
{
	struct uiocap_frame *held;

	resume_open(1, 4);
	resume_pass(5, 0);
	ck_assert(fake_frame(rc, 0));
	held = resume_get(5, 0, 0);
	fake_reset(rc, true);
	memset(fake->reg, 0xff, sizeof(fake->reg));
	check_gone();
	ck_assert_said("was reset and does not answer since");
	uiocap_frame_release(held);
	bench_close();
}
END_TEST

START_TEST(test_removed_meanwhile)
{
	resume_open(1, 4);
	resume_pass(5, 0);
	fake_reset(rc, false);
	bench_get_none();
	fake->state = -ENODEV;
	check_gone();
	bench_close();
}
END_TEST

static unsigned int enables;
static void (*fake_card_takes)(void *data, uint32_t offset, uint32_t value);

/* The card is removed, or reset once more, just when channel 1 is started. */
static void disturb(void *data, uint32_t offset, uint32_t value)
{
	fake_card_takes(data, offset, value);
	if (offset != REFCARD_CHANNEL(1) + REFCARD_CH_CTRL || !(value & REFCARD_CH_ENABLE))
		return;
	if (enables++ > 0)
		return;
	if (rc->time == 0)
		fake->state = -ENODEV;
	else
		fake_reset(rc, true);
}

static void set_up_disturbed(void)
{
	resume_open(3, 4);
	enables = 0;
	fake_card_takes = fake->on_write;
	fake->on_write = disturb;
}

START_TEST(test_removed_while_starting)
{
	set_up_disturbed();
	fake_reset(rc, true);
	check_gone();
	bench_close();
}
END_TEST

START_TEST(test_reset_while_starting)
{
	set_up_disturbed();
	fake_pass(rc, 1);
	fake_reset(rc, true);
	bench_get_none();
	bench_get_none();
	ck_assert_uint_ge(bench_stats(1).resets, 1);
	for (unsigned int ch = 0; ch < 3; ch++) {
		ck_assert(fake_frame(rc, ch));
		uiocap_frame_release(resume_get(0, 0, UIOCAP_FRAME_LATE));
	}
	bench_close();
}
END_TEST

suite_main("reset_course", test_source_without_period, test_source_that_waits,
	   test_before_the_first_frame, test_stop_afterwards, test_stop_at_once,
	   test_longer_than_the_timeout, test_without_waiting, test_during_the_wait,
	   test_dead_afterwards, test_removed_meanwhile, test_removed_while_starting,
	   test_reset_while_starting)
