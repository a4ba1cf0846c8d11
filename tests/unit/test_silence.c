/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_silence.c - a channel that does not go on by itself is started anew; others are left alone
 */
#include "bench_card.h"

#define HEIGHT	72	/* 4 chunks of 16 lines and one of 8 */
#define CHUNKS	5
#define BUFFERS	4
#define LONG	20	/* looks, each a fifth of a second after the one before */

static void set_up(unsigned int channels)
{
	bench_open(channels, HEIGHT, 1, 1 << 20);
	bench_start(BUFFERS);
}

/* Nothing is found @looks times; each is late enough for another question. */
static void silence(unsigned int looks)
{
	while (looks-- > 0) {
		card->asked_ns = 0;
		bench_get_none();
		bench_check_account(0);
	}
}

static void take(uint64_t number, unsigned int status)
{
	struct uiocap_frame *frame = bench_get();

	ck_assert_uint_eq(uiocap_frame_number(frame), number);
	ck_assert_uint_eq(uiocap_frame_status(frame), status);
	bench_check_payload(frame);
	uiocap_frame_release(frame);
	bench_check_account(0);
}

/* The card uses the buffers for @frames frames and tells of @chunks chunks. */
static void lose(unsigned int frames, unsigned int chunks)
{
	for (unsigned int n = 0; n < frames; n++) {
		for (uint32_t i = 0; i < CHUNKS; i++) {
			if (n * CHUNKS + i < chunks)
				fake_chunk(rc, 0, i);
			else
				fake_payload(rc, 0, i);
		}
		fake_end_frame(rc, 0);
	}
}

START_TEST(test_all_completions_lost)
{
	set_up(1);
	fake_frame(rc, 0);
	take(0, 0);
	lose(BUFFERS, 0);
	ck_assert(!fake_frame(rc, 0));	/* dropped: there is no buffer left */
	silence(LONG);
	ck_assert_said("channel 0 does not go on");
	for (unsigned int n = 0; n < 3 * BUFFERS; n++) {
		ck_assert(fake_frame(rc, 0));
		take(6 + n, n == 0 ? UIOCAP_FRAME_LATE : 0);
	}
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(bench_stats(0).produced, 6 + 3 * BUFFERS);
	ck_assert_uint_eq(bench_stats(0).lost, 5);
	bench_close();
}
END_TEST

/* What had come of the frame under way is not lost with the rest. */
START_TEST(test_some_chunks_came)
{
	set_up(1);
	lose(BUFFERS, 2);
	silence(5);
	card->asked_ns = 0;
	take(0, UIOCAP_FRAME_MISSING);
	fake_frame(rc, 0);
	take(4, UIOCAP_FRAME_LATE);
	ck_assert_uint_eq(bench_stats(0).lost, 3);
	bench_close();
}
END_TEST

/* Again and again, and while another channel goes on. */
START_TEST(test_one_channel_of_two)
{
	uint64_t next = 0;

	set_up(2);
	for (unsigned int n = 0; n < 10; n++) {
		lose(BUFFERS, 0);
		for (unsigned int i = 0; i < LONG; i++) {
			fake_frame(rc, 1);
			uiocap_frame_release(bench_get());
			card->asked_ns = 0;
			bench_get_none();
		}
		fake_frame(rc, 0);
		next += BUFFERS;
		take(next++, UIOCAP_FRAME_LATE);
	}
	ck_assert_uint_eq(bench_stats(1).lost, 0);
	ck_assert_uint_eq(rc->ch[1].frame, 10 * LONG);
	bench_close();
}
END_TEST

START_TEST(test_stopped_by_itself)
{
	set_up(1);
	fake_frame(rc, 0);
	take(0, 0);
	fake->reg[(REFCARD_CHANNEL(0) + REFCARD_CH_STATUS) / 4] = REFCARD_CH_ERROR;
	silence(LONG);
	fake_frame(rc, 0);
	take(1, UIOCAP_FRAME_LATE);
	ck_assert_uint_eq(bench_stats(0).lost, 0);
	bench_close();
}
END_TEST

/* It has forgotten its count with all else: numbers go on all the same. */
START_TEST(test_card_that_has_forgotten)
{
	set_up(1);
	fake_end_frame(rc, 0);
	fake_end_frame(rc, 0);
	fake_frame(rc, 0);
	take(2, UIOCAP_FRAME_LATE);
	fake->reg[(REFCARD_CHANNEL(0) + REFCARD_CH_STATUS) / 4] = 0;
	fake->reg[(REFCARD_CHANNEL(0) + REFCARD_CH_PRODUCED_LO) / 4] = 0;
	silence(LONG);
	fake_frame(rc, 0);
	take(3, UIOCAP_FRAME_LATE);
	ck_assert_uint_eq(bench_stats(0).lost, 2);
	bench_close();
}
END_TEST

static void is_left_alone(void)
{
	const unsigned int writes = fake->writes;

	log_message[0] = '\0';
	silence(LONG);
	ck_assert_uint_eq(fake->writes, writes);
	ck_assert_str_eq(log_message, "");
}

/* A source that is slow; one that may write on; one that has nothing to write to. */
START_TEST(test_others_are_left_alone)
{
	struct uiocap_frame *held[BUFFERS];

	set_up(1);
	is_left_alone();
	lose(BUFFERS - 1, 0);
	is_left_alone();
	bench_close();

	set_up(1);
	for (unsigned int n = 0; n < BUFFERS; n++)
		fake_frame(rc, 0);
	for (unsigned int n = 0; n < BUFFERS; n++)
		held[n] = bench_get();
	fake_frame(rc, 0);
	is_left_alone();
	for (unsigned int n = 0; n < BUFFERS; n++)
		uiocap_frame_release(held[n]);
	bench_close();
}
END_TEST

suite_main("silence", test_all_completions_lost, test_some_chunks_came, test_one_channel_of_two,
	   test_stopped_by_itself, test_card_that_has_forgotten, test_others_are_left_alone)
