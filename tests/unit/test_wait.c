/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_wait.c - waiting adaptively: a look for as long as it may pay, then sleep; interrupts that
 * never came
 */
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

/* ---- interrupts that never came --------------------------------------------------------- */

/*
 * What happens in each wait, a letter for each: F a frame comes and its interrupt does not, I a
 * frame with its interrupt, i an interrupt alone, d a frame that lacks a chunk and the beginning of
 * the next, - nothing. A wait without an interrupt ends in vain. One of no time is none.
 */
static const char *script;

static int act(void *data, int64_t timeout_ns)
{
	const char what = timeout_ns > 0 && *script ? *script++ : '-';

	(void)data;
	if (what == 'F' || what == 'I')
		fake_frame(rc, 0);
	if (what == 'd') {
		fake_chunk(rc, 0, 0);
		fake_chunk(rc, 0, 1);
		fake_payload(rc, 0, 2);
		fake_end_frame(rc, 0);
		fake_chunk(rc, 0, 0);
		fake_chunk(rc, 0, 1);
	}
	return what == 'I' || what == 'i';
}

static void set_up_script(enum uiocap_wait mode)
{
	bench_open(2, HEIGHT, 1, 1 << 20);
	ck_assert_int_eq(uiocap_card_set_wait(card, mode, 0), 0);
	bench_start(4);
	fake->on_wait = act;
}

/* Waits for a frame as @what says. Returns how many interrupts are known to be lost. */
static uint64_t play(const char *what)
{
	script = what;
	take();
	ck_assert_str_eq(script, "");
	return uiocap_card_lost_irqs(card);
}

/* What was found has been waited for long enough. */
static void time_passes(void)
{
	card->untold_ns -= 100 * MS;
}

START_TEST(test_lost_interrupt_is_counted)
{
	set_up_script(UIOCAP_WAIT_INTERRUPT);
	ck_assert_uint_eq(play("I"), 0);
	ck_assert_uint_eq(play("F"), 0);
	time_passes();
	ck_assert_uint_eq(play("-I"), 1);
	ck_assert_said("fake: a frame came without its interrupt");
	ck_assert_said("--wait timer");
	bench_close();
}
END_TEST

/* One after another: the wait that proves the first finds the next. It is told once. */
START_TEST(test_each_lost_interrupt_is_counted)
{
	set_up_script(UIOCAP_WAIT_INTERRUPT);
	for (uint64_t n = 0; n < 10; n++) {
		ck_assert_uint_eq(play("F"), n);
		if (n == 2)
			log_message[0] = '\0';
		time_passes();
	}
	ck_assert_str_eq(log_message, "");
	ck_assert_uint_eq(play("-I"), 10);
	bench_close();
}
END_TEST

/* On its way when the wait ended, whatever came first. */
START_TEST(test_late_interrupt_is_not_lost)
{
	static const char *const later[] = { "iI", "I", "i-I", "i--F" };

	set_up_script(UIOCAP_WAIT_INTERRUPT);
	for (unsigned int i = 0; i < 4; i++) {
		ck_assert_uint_eq(play("F"), 0);
		ck_assert_uint_eq(play(later[i]), 0);
		time_passes();
		ck_assert_uint_eq(play("iI"), 0);
		time_passes();
		ck_assert_uint_eq(play("-I"), 0);
	}
	bench_close();
}
END_TEST

/* Not before its time: the caller may be one who never waits long. */
START_TEST(test_interrupt_may_yet_come)
{
	set_up_script(UIOCAP_WAIT_INTERRUPT);
	ck_assert_uint_eq(play("F"), 0);
	ck_assert_uint_eq(play("---F"), 0);
	ck_assert_uint_eq(play("--I"), 0);
	bench_close();
}
END_TEST

/* The interrupt of a frame that lacks something may long have come. */
START_TEST(test_damaged_frame_owes_no_interrupt)
{
	set_up_script(UIOCAP_WAIT_INTERRUPT);
	ck_assert_uint_eq(play("id"), 0);
	ck_assert_uint_eq(bench_stats(0).incomplete, 1);
	time_passes();
	fake_chunk(rc, 0, 2);
	fake_end_frame(rc, 0);
	take();
	ck_assert_uint_eq(play("-I"), 0);
	bench_close();
}
END_TEST

/* A frame that nobody has asked for yet is as good as any. */
START_TEST(test_other_channels_count)
{
	struct uiocap_frame *frame;

	set_up_script(UIOCAP_WAIT_INTERRUPT);
	script = "F";
	ck_assert_int_eq(uiocap_channel_acquire(bench_channel(1), MS, &frame), 0);
	ck_assert_str_eq(script, "");
	time_passes();
	script = "-";
	ck_assert_int_eq(uiocap_channel_acquire(bench_channel(1), MS, &frame), 0);
	ck_assert_uint_eq(uiocap_card_lost_irqs(card), 1);
	bench_close();
}
END_TEST

static void do_without(enum uiocap_wait mode)
{
	struct uiocap_frame *frame;

	set_up_script(mode);
	for (unsigned int i = 0; i < 3; i++) {
		ck_assert_int_eq(uiocap_card_acquire(card, 2 * MS, &frame), 0);
		fake_frame(rc, 0);
		take();
		time_passes();
	}
	ck_assert_uint_eq(fake->waits, 0);
	ck_assert_uint_eq(uiocap_card_lost_irqs(card), 0);
	bench_close();
}

START_TEST(test_without_interrupts_none_is_lost)
{
	do_without(UIOCAP_WAIT_BUSY);
	do_without(UIOCAP_WAIT_TIMER);
}
END_TEST

/* What the last run left in doubt stays so. */
START_TEST(test_start_forgets_doubts)
{
	set_up_script(UIOCAP_WAIT_INTERRUPT);
	ck_assert_uint_eq(play("F"), 0);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	time_passes();
	ck_assert_uint_eq(play("-I"), 0);
	bench_close();
}
END_TEST

suite_main("wait", test_looks_before_it_sleeps, test_sleeps_at_once_where_waits_are_long,
	   test_learns, test_nobody_sleeps_for_ever, test_what_is_there_costs_no_call,
	   test_look_ends_with_the_timeout, test_lost_interrupt_is_counted,
	   test_each_lost_interrupt_is_counted, test_late_interrupt_is_not_lost,
	   test_interrupt_may_yet_come, test_damaged_frame_owes_no_interrupt,
	   test_other_channels_count, test_without_interrupts_none_is_lost,
	   test_start_forgets_doubts)
