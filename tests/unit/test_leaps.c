/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_leaps.c - completions from far ahead: whom to believe, for buffers are given up on it
 */
#include "bench_card.h"

#define HEIGHT	72	/* 4 chunks of 16 lines and one of 8 */
#define CHUNKS	5

/*
 * One completion from far ahead - another channel's, say - must not make us give up buffers that
 * the card still fills: the fake card would find more posted than its ring holds.
 */
START_TEST(test_false_leap_is_not_followed)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	for (unsigned int n = 0; n < 100; n++) {
		struct uiocap_frame *frame;

		fake_chunk(rc, 0, 0);
		fake_done(rc, 0, rc->ch[0].frame + 2, n % CHUNKS,
			  rc->ch[0].desc - 1 + 2 * CHUNKS + n % CHUNKS,
			  fake_status(rc, 0, n % CHUNKS));
		bench_get_none();
		for (uint32_t i = 1; i < CHUNKS; i++)
			fake_chunk(rc, 0, i);
		fake_end_frame(rc, 0);
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_number(frame), n);
		ck_assert_uint_eq(uiocap_frame_status(frame), 0);
		uiocap_frame_release(frame);
	}
	ck_assert_uint_eq(bench_stats(0).bad, 100);
	bench_close();
}
END_TEST

/*
 * Nor do two that name the same descriptor bear each other out. When they were written it had not
 * been posted; when they are read it has.
 */
START_TEST(test_one_lie_told_twice)
{
	struct uiocap_frame *kept;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake_frame(rc, 0);
	kept = bench_get();
	for (unsigned int n = 1; n < 100; n++) {
		struct uiocap_frame *frame;

		for (uint32_t i = 0; i < CHUNKS; i++) {
			uint64_t desc = fake_payload(rc, 0, i);

			fake_done(rc, 0, n, i, i < 2 ? rc->ch[0].doorbell : desc,
				  fake_status(rc, 0, i));
		}
		fake_end_frame(rc, 0);
		uiocap_frame_release(kept);
		fake_frame(rc, 0);
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_number(frame), n++);
		ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_MISSING);
		bench_check_payload(frame);
		uiocap_frame_release(frame);
		kept = bench_get();
		ck_assert_uint_eq(uiocap_frame_number(kept), n);
		ck_assert_uint_eq(uiocap_frame_status(kept), 0);
	}
	uiocap_frame_release(kept);
	ck_assert_uint_eq(bench_stats(0).bad, 100);
	bench_close();
}
END_TEST

/* A true leap is followed: many completions were lost, and two later ones agree. */
START_TEST(test_true_leap_is_followed)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(8);
	for (unsigned int n = 0; n < 3 * CHUNKS; n++) {
		fake_payload(rc, 0, n % CHUNKS);
		if (n % CHUNKS == CHUNKS - 1)
			fake_end_frame(rc, 0);
	}
	fake_chunk(rc, 0, 0);
	bench_get_none();
	for (uint32_t i = 1; i < CHUNKS; i++)
		fake_chunk(rc, 0, i);
	fake_end_frame(rc, 0);
	frame = bench_get();
	ck_assert_uint_eq(uiocap_frame_number(frame), 3);
	ck_assert_uint_eq(uiocap_frame_lost(frame), 3);
	ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_LATE);
	uiocap_frame_release(frame);
	bench_pass(50);
	bench_close();
}
END_TEST

suite_main("leaps", test_false_leap_is_not_followed, test_one_lie_told_twice,
	   test_true_leap_is_followed)
