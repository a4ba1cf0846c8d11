/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_on_reset.c - the card is reset under a capture, and the capture goes on */
#include <errno.h>

#include "bench_resume.h"

/* ---- what becomes of frames -------------------------------------------------------------- */

START_TEST(test_goes_on)
{
	struct uiocap_frame *frame;
	struct uiocap_stats s;

	resume_open(1, 8);
	resume_pass(20, 0);
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_said("has been reset: its channels were started anew");
	ck_assert(fake_frame(rc, 0));
	frame = resume_get(21, 1, UIOCAP_FRAME_LATE);	/* 20 had begun, and nobody took it */
	ck_assert_uint_eq(uiocap_frame_card_number(frame), 0);
	uiocap_frame_release(frame);
	resume_pass(100, 22);
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

	resume_open(1, 8);
	resume_pass(3, 0);
	fake_chunk(rc, 0, 0);
	fake_chunk(rc, 0, 1);
	fake_reset(rc, true);
	fake_pass(rc, 10 * PERIOD);	/* to the same place of the tenth frame from there */
	frame = resume_get(3, 0, UIOCAP_FRAME_MISSING);
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
	ck_assert_uint_eq(line, 32);
	ck_assert_uint_eq(lines, HEIGHT - 32);
	uiocap_frame_release(frame);
	ck_assert_uint_eq(bench_stats(0).reset_lost, 10);
	ck_assert_uint_eq(bench_stats(0).produced, 14);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(14, 10, UIOCAP_FRAME_LATE));
	resume_pass(10, 15);
	bench_close();
}
END_TEST

/* They stay what they are, and their buffers are the card's again only when they are released. */
START_TEST(test_held_and_ready_frames_stay)
{
	struct uiocap_frame *held[2];

	resume_open(1, 6);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert(fake_frame(rc, 0));
	held[0] = resume_get(0, 0, 0);
	held[1] = resume_get(1, 0, 0);
	fake_reset(rc, true);
	uiocap_frame_release(resume_get(2, 0, 0));
	uiocap_frame_release(resume_get(3, 0, 0));
	bench_get_none();
	ck_assert_uint_eq(fake_room(rc, 0), 4 * CHUNKS);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert(fake_frame(rc, 0));
	ck_assert(!fake_frame(rc, 0));
	uiocap_frame_release(resume_get(5, 1, UIOCAP_FRAME_LATE));
	for (unsigned int i = 6; i < 9; i++)
		uiocap_frame_release(resume_get(i, 0, 0));
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
	resume_open(1, 4);
	for (unsigned int i = 0; i < 4; i++)
		ck_assert(fake_frame(rc, 0));
	fake_reset(rc, true);
	for (unsigned int i = 0; i < 4; i++)
		uiocap_frame_release(resume_get(i, 0, 0));
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(5, 1, UIOCAP_FRAME_LATE));
	bench_close();
}
END_TEST

START_TEST(test_every_buffer_held)
{
	struct uiocap_frame *held[3];

	resume_open(1, 3);
	for (unsigned int i = 0; i < 3; i++) {
		ck_assert(fake_frame(rc, 0));
		held[i] = resume_get(i, 0, 0);
	}
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_uint_eq(fake_room(rc, 0), 0);
	for (unsigned int i = 0; i < 3; i++)
		uiocap_frame_release(held[i]);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(4, 1, UIOCAP_FRAME_LATE));
	resume_pass(9, 5);
	bench_close();
}
END_TEST

/* A release rings a doorbell that the card, which has just been reset, does not care for. */
START_TEST(test_release_between_reset_and_look)
{
	struct uiocap_frame *held[4];

	resume_open(1, 4);
	for (unsigned int i = 0; i < 4; i++) {
		ck_assert(fake_frame(rc, 0));
		held[i] = resume_get(i, 0, 0);
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
	resume_open(1, 4);
	resume_pass(5, 0);
	fake_reset(rc, true);
	fake_pass(rc, 3 * PERIOD);	/* the rest of number 5, and three more */
	bench_get_none();
	fake_pass(rc, 2 * PERIOD);
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_uint_eq(bench_stats(0).resets, 2);
	ck_assert_uint_eq(bench_stats(0).reset_lost, 6);
	bench_check_account(0);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(11, 6, UIOCAP_FRAME_LATE));
	bench_close();
}
END_TEST

/* Two resets seen as one cost one start. */
START_TEST(test_twice_between_two_looks)
{
	resume_open(1, 4);
	resume_pass(5, 0);
	fake_reset(rc, true);
	fake_reset(rc, true);
	bench_get_none();
	ck_assert_uint_eq(bench_stats(0).resets, 1);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(6, 1, UIOCAP_FRAME_LATE));
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

	resume_open(1, 4);
	resume_pass(5, 0);
	fake_chunk(rc, 0, 0);
	fake->state = -ESTALE;
	fake->reset = true;
	fake_card_takes = fake->on_write;
	fake->on_write = write_on;
	frame = resume_get(5, 0, UIOCAP_FRAME_MISSING);
	ck_assert(bench_has_line(frame, 16));
	fake->on_write = fake_card_takes;
	uiocap_frame_release(frame);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(6, 0, UIOCAP_FRAME_LATE));
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
	resume_pass(3, 0);
	fake_done(rc, 1, 0, 0, 0, REFCARD_DONE_CHANNEL(1) | REFCARD_DONE_SOF | REFCARD_DONE_EOF |
				  REFCARD_DONE_END);	/* this one has ended and stays so */
	bench_get_none();
	fake_reset(rc, true);
	fake_pass(rc, 100 * PERIOD);
	bench_get_none();
	ck_assert_uint_eq(fake_room(rc, 1), 0);
	ck_assert_int_eq(uiocap_channel_acquire(bench_channel(1), 0, &frame), -ENODATA);
	ck_assert(fake_frame(rc, 0));
	uiocap_frame_release(resume_get(3, 0, UIOCAP_FRAME_LATE));
	resume_pass(3, 4);
	ck_assert_uint_eq(bench_stats(1).resets, 0);
	bench_close();
}
END_TEST

START_TEST(test_policies)
{
	struct uiocap_frame *frame;

	resume_open(1, 4);
	ck_assert_int_eq(uiocap_card_set_on_reset(card, (enum uiocap_on_reset)2), -EINVAL);
	ck_assert_int_eq(uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_FAIL), 0);
	fake_reset(rc, true);
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ESTALE);
	ck_assert_int_eq(uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_RESUME), 0);
	bench_get_none();
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

	resume_open(1, 4);
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
	   test_the_card_still_runs, test_stream, test_policies, test_dispatch)
