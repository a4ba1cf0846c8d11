/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_on_reset.c - the card is reset under a capture, and the capture goes on */
#include <errno.h>
#include <string.h>

#include "bench_card.h"

#define HEIGHT	72	/* 4 chunks of 16 lines and one of 8 */
#define CHUNKS	5
#define PERIOD	(7000000 / REFCARD_TICK_NS)	/* of the fake card's frames, in ticks */
#define MS	INT64_C(1000000)

static void set_up(unsigned int channels, unsigned int buffers)
{
	bench_open(channels, HEIGHT, 1, 1 << 20);
	ck_assert_int_eq(uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_RESUME), 0);
	bench_start(buffers);
}

static void check_account(unsigned int ch)
{
	struct uiocap_stats s = bench_stats(ch);

	ck_assert_uint_eq(s.produced, s.delivered + s.incomplete + s.lost);
	ck_assert_uint_le(s.reset_lost, s.lost);
}

/* The next frame, which has to be this one; it is whole, and right. */
static struct uiocap_frame *get(uint64_t number, uint64_t lost, unsigned int status)
{
	struct uiocap_frame *frame = bench_get();

	ck_assert_uint_eq(uiocap_frame_number(frame), number);
	ck_assert_uint_eq(uiocap_frame_lost(frame), lost);
	ck_assert_uint_eq(uiocap_frame_status(frame), status);
	bench_check_payload(frame);
	check_account(uiocap_frame_channel(frame)->number);
	return frame;
}

static void pass_frames(unsigned int n, uint64_t first)
{
	for (unsigned int i = 0; i < n; i++) {
		ck_assert(fake_frame(rc, 0));
		uiocap_frame_release(get(first + i, 0, 0));
	}
}

/* ---- what becomes of frames -------------------------------------------------------------- */

START_TEST(test_goes_on)
{
	struct uiocap_frame *frame;
	struct uiocap_stats s;

	set_up(1, 8);
	pass_frames(20, 0);
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_said("has been reset: its channels were started anew");
	ck_assert(fake_frame(rc, 0));
	frame = get(21, 1, UIOCAP_FRAME_LATE);	/* the source has begun one that nobody took */
	ck_assert_uint_eq(uiocap_frame_card_number(frame), 0);
	uiocap_frame_release(frame);
	pass_frames(100, 22);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, 122);
	ck_assert_uint_eq(s.delivered, 121);
	ck_assert_uint_eq(s.lost, 1);
	ck_assert_uint_eq(s.chunks, 121 * CHUNKS);
	ck_assert_uint_eq(s.resets, 1);
	ck_assert_uint_eq(s.reset_lost, 1);
	bench_close();
}
END_TEST

/* What had come of the frame under way is handed out; time goes by before the card is back. */
START_TEST(test_in_the_middle_of_a_frame)
{
	uint32_t line = 0, lines;
	struct uiocap_frame *frame;

	set_up(1, 8);
	pass_frames(3, 0);
	fake_chunk(rc, 0, 0);
	fake_chunk(rc, 0, 1);
	fake_reset(rc, true);
	fake_pass(rc, 10 * PERIOD);	/* to the same place of the tenth frame from there */
	frame = get(3, 0, UIOCAP_FRAME_MISSING);
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
	ck_assert_uint_eq(line, 32);
	ck_assert_uint_eq(lines, HEIGHT - 32);
	uiocap_frame_release(frame);
	ck_assert_uint_eq(bench_stats(0).reset_lost, 10);
	ck_assert_uint_eq(bench_stats(0).produced, 14);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(14, 10, UIOCAP_FRAME_LATE));
	pass_frames(10, 15);
	bench_close();
}
END_TEST

/* They stay what they are, and their buffers are the card's again only when they are released. */
START_TEST(test_held_and_ready_frames_stay)
{
	struct uiocap_frame *held[2];

	set_up(1, 6);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert(fake_frame(rc, 0));
	held[0] = get(0, 0, 0);
	held[1] = get(1, 0, 0);
	fake_reset(rc, true);
	uiocap_frame_release(get(2, 0, 0));
	uiocap_frame_release(get(3, 0, 0));
	bench_get_none();
	ck_assert_uint_eq(fake_room(rc, 0), 4 * CHUNKS);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert(fake_frame(rc, 0));
	ck_assert(!fake_frame(rc, 0));
	uiocap_frame_release(get(5, 1, UIOCAP_FRAME_LATE));
	for (unsigned int i = 6; i < 9; i++)
		uiocap_frame_release(get(i, 0, 0));
	for (unsigned int i = 0; i < 2; i++) {
		ck_assert_uint_eq(uiocap_frame_number(held[i]), i);
		ck_assert_uint_eq(uiocap_frame_card_number(held[i]), i);
		bench_check_payload(held[i]);
		uiocap_frame_release(held[i]);
	}
	bench_get_none();
	ck_assert_uint_eq(fake_room(rc, 0), 6 * CHUNKS);
	bench_close();
}
END_TEST

/* Frames that nobody had looked for yet are in memory all the same, and come before the cost. */
START_TEST(test_frames_not_looked_for)
{
	set_up(1, 4);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert(fake_frame(rc, 0));
	fake_reset(rc, true);
	for (unsigned int i = 0; i < 4; i++)
		uiocap_frame_release(get(i, 0, 0));
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(5, 1, UIOCAP_FRAME_LATE));
	bench_close();
}
END_TEST

START_TEST(test_every_buffer_held)
{
	struct uiocap_frame *held[3];

	set_up(1, 3);
	for (unsigned int i = 0; i < 3; i++) {
		ck_assert(fake_frame(rc, 0));
		held[i] = get(i, 0, 0);
	}
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_uint_eq(fake_room(rc, 0), 0);
	for (unsigned int i = 0; i < 3; i++)
		uiocap_frame_release(held[i]);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(4, 1, UIOCAP_FRAME_LATE));
	pass_frames(9, 5);
	bench_close();
}
END_TEST

/* A release rings a doorbell that the card, which has just been reset, does not care for. */
START_TEST(test_release_between_reset_and_look)
{
	struct uiocap_frame *held[4];

	set_up(1, 4);
	for (unsigned int i = 0; i < 4; i++) {
		ck_assert(fake_frame(rc, 0));
		held[i] = get(i, 0, 0);
	}
	fake_reset(rc, true);
	for (unsigned int i = 0; i < 4; i++)
		uiocap_frame_release(held[i]);
	bench_get_none();
	ck_assert_uint_eq(fake_room(rc, 0), 4 * CHUNKS);
	bench_close();
}
END_TEST

START_TEST(test_twice_in_a_row)
{
	set_up(1, 4);
	pass_frames(5, 0);
	fake_reset(rc, true);
	fake_pass(rc, 3 * PERIOD);	/* the rest of number 5, and three more */
	bench_get_none();
	fake_pass(rc, 2 * PERIOD);
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_uint_eq(bench_stats(0).resets, 2);
	ck_assert_uint_eq(bench_stats(0).reset_lost, 6);
	check_account(0);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(11, 6, UIOCAP_FRAME_LATE));
	bench_close();
}
END_TEST

/* Two resets seen as one cost one start. */
START_TEST(test_twice_between_two_looks)
{
	set_up(1, 4);
	pass_frames(5, 0);
	fake_reset(rc, true);
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_uint_eq(bench_stats(0).resets, 1);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(6, 1, UIOCAP_FRAME_LATE));
	bench_close();
}
END_TEST

static void (*fake_card_takes)(void *data, uint32_t offset, uint32_t value);

/* A card that has not stopped writes on until it is told to. */
static void write_on(void *data, uint32_t offset, uint32_t value)
{
	if (offset == REFCARD_CHANNEL(0) + REFCARD_CH_CTRL && value == 0)
		fake_chunk(rc, 0, 1);
	fake_card_takes(data, offset, value);
}

/* A bus error or a suspend may leave it running: what it writes until it is quiet is taken. */
START_TEST(test_the_card_still_runs)
{
	struct uiocap_frame *frame;

	set_up(1, 4);
	pass_frames(5, 0);
	fake_chunk(rc, 0, 0);
	fake->state = -ESTALE;
	fake->reset = true;
	fake_card_takes = fake->on_write;
	fake->on_write = write_on;
	frame = get(5, 0, UIOCAP_FRAME_MISSING);
	ck_assert(bench_has_line(frame, 16));
	fake->on_write = fake_card_takes;
	uiocap_frame_release(frame);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(6, 0, UIOCAP_FRAME_LATE));
	bench_close();
}
END_TEST

/* ---- what it costs ----------------------------------------------------------------------- */

static void lose_none(void)
{
	bench_start(4);
	pass_frames(3, 0);
	fake_reset(rc, true);
	fake_pass(rc, 100 * PERIOD);
	bench_get_none();
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(3, 0, UIOCAP_FRAME_LATE));
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
	set_up(1, 4);
	fake_pass(rc, PERIOD / 2);
	fake_reset(rc, true);
	bench_get_none();
	pass_frames(0, 0);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(0, 0, UIOCAP_FRAME_LATE));
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

	set_up(1, 4);
	pass_frames(5, 0);
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
	uiocap_frame_release(get(6, 1, UIOCAP_FRAME_LATE));
	for (unsigned int i = 7; i < 10; i++)
		uiocap_frame_release(get(i, 0, 0));
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), -ENODATA);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	ck_assert_uint_eq(bench_stats(0).resets + bench_stats(0).produced, 0);
	pass_frames(3, 0);
	bench_close();
}
END_TEST

/* Stopped before anybody looked: nothing was started anew, and nothing is made up. */
START_TEST(test_stop_at_once)
{
	set_up(1, 4);
	pass_frames(5, 0);
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

	set_up(1, 4);
	pass_frames(2, 0);
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
	uiocap_frame_release(get(3, 1, UIOCAP_FRAME_LATE));
	bench_close();
}
END_TEST

/* A program that polls asks with a timeout of 0: each time the event has to be taken away. */
START_TEST(test_without_waiting)
{
	set_up(1, 4);
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

	set_up(1, 4);
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
	check_account(0);
	uiocap_card_stop(card);
	check_account(0);
}

START_TEST(test_dead_afterwards)
{
	struct uiocap_frame *held;

	set_up(1, 4);
	pass_frames(5, 0);
	ck_assert(fake_frame(rc, 0));
	held = get(5, 0, 0);
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
	set_up(1, 4);
	pass_frames(5, 0);
	fake_reset(rc, false);
	bench_get_none();
	fake->state = -ENODEV;
	check_gone();
	bench_close();
}
END_TEST

static unsigned int enables;

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
	set_up(3, 4);
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
		uiocap_frame_release(get(0, 0, UIOCAP_FRAME_LATE));
	}
	bench_close();
}
END_TEST

/* ---- streams, policies ------------------------------------------------------------------- */

START_TEST(test_stream)
{
	struct uiocap_frame *frame;

	ctx = log_new_ctx();
	fake = fake_transport_new(ctx, 1, (size_t)8 << 20);
	rc = fake_refcard_new(fake, 2, 64, HEIGHT);
	fake_stream(rc, 0);
	fake_stream(rc, 1);
	ck_assert_int_eq(card_new(ctx, &fake->t, NULL, &card), 0);
	uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_RESUME);
	bench_start(4);
	pass_frames(3, 0);
	fake_done(rc, 1, 0, 0, 0, REFCARD_DONE_CHANNEL(1) | REFCARD_DONE_SOF | REFCARD_DONE_EOF |
				  REFCARD_DONE_END);	/* this one has ended and stays so */
	bench_get_none();
	fake_reset(rc, true);
	fake_pass(rc, 100 * PERIOD);
	bench_get_none();
	ck_assert_uint_eq(fake_room(rc, 1), 0);
	ck_assert_int_eq(uiocap_channel_acquire(bench_channel(1), 0, &frame), -ENODATA);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(get(3, 0, UIOCAP_FRAME_LATE));
	pass_frames(3, 4);
	ck_assert_uint_eq(bench_stats(1).resets, 0);
	bench_close();
}
END_TEST

START_TEST(test_policies)
{
	struct uiocap_frame *frame;

	set_up(1, 4);
	ck_assert_int_eq(uiocap_card_set_on_reset(card, (enum uiocap_on_reset)2), -EINVAL);
	ck_assert_int_eq(uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_FAIL), 0);
	fake_reset(rc, true);
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ESTALE);
	ck_assert_int_eq(uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_RESUME), 0);
	bench_get_none();
	pass_frames(0, 0);
	ck_assert_uint_eq(bench_stats(0).resets, 1);
	bench_close();
}
END_TEST

static void take_frame(void *data, struct uiocap_frame *frame)
{
	*(uint64_t *)data = uiocap_frame_number(frame);
	uiocap_frame_release(frame);
}

START_TEST(test_dispatch)
{
	uint64_t number = 0;

	set_up(1, 4);
	uiocap_channel_set_callback(bench_channel(0), take_frame, &number);
	ck_assert(fake_frame(rc, 0));
	fake_reset(rc, true);
	ck_assert_int_eq(uiocap_card_dispatch(card, 0), 1);
	ck_assert_int_eq(uiocap_card_dispatch(card, 0), 0);
	ck_assert(fake_frame(rc, 0));
	ck_assert_int_eq(uiocap_card_dispatch(card, 0), 1);
	ck_assert_uint_eq(number, 2);
	bench_close();
}
END_TEST

suite_main("on_reset", test_goes_on, test_in_the_middle_of_a_frame,
	   test_held_and_ready_frames_stay, test_frames_not_looked_for, test_every_buffer_held,
	   test_release_between_reset_and_look, test_twice_in_a_row, test_twice_between_two_looks,
	   test_the_card_still_runs, test_source_without_period, test_source_that_waits,
	   test_before_the_first_frame, test_stop_afterwards, test_stop_at_once,
	   test_longer_than_the_timeout, test_without_waiting, test_during_the_wait,
	   test_dead_afterwards, test_removed_meanwhile, test_removed_while_starting,
	   test_reset_while_starting, test_stream, test_policies, test_dispatch)
