/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_channel.c - frames of channels, from start to stop: order, counts, doorbells, borrowing */
#include <errno.h>
#include <string.h>

#include "bench_card.h"

#define HEIGHT	72	/* 4 chunks of 16 lines and one of 8 */
#define CHUNKS	5

/* ---- one after another ------------------------------------------------------------------- */

START_TEST(test_frames_in_order)
{
	struct uiocap_stats s;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	for (uint64_t n = 0; n < 1000; n++) {
		struct uiocap_frame *frame;

		ck_assert(fake_frame(rc, 0));
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_number(frame), n);
		ck_assert_uint_eq(uiocap_frame_status(frame), 0);
		ck_assert_uint_eq(uiocap_frame_size(frame), 64 * HEIGHT);
		ck_assert_uint_eq(uiocap_frame_lost(frame), 0);
		ck_assert_uint_eq(uiocap_frame_card_time_ns(frame), rc->time * REFCARD_TICK_NS);
		bench_check_payload(frame);
		uiocap_frame_release(frame);
	}
	bench_get_none();
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, 1000);
	ck_assert_uint_eq(s.delivered, 1000);
	ck_assert_uint_eq(s.incomplete + s.lost + s.bad, 0);
	ck_assert_uint_eq(s.chunks, 1000 * CHUNKS);
	ck_assert_uint_eq(s.bytes, 1000 * 64 * HEIGHT);
	bench_close();
}
END_TEST

/* Half a frame is none; the rest may come whenever it likes. */
START_TEST(test_chunk_by_chunk)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(2);
	for (uint64_t n = 0; n < 50; n++) {
		for (uint32_t i = 0; i < CHUNKS; i++) {
			bench_get_none();
			fake_chunk(rc, 0, i);
		}
		fake_end_frame(rc, 0);
		uiocap_frame_release(bench_get());
	}
	ck_assert_uint_eq(bench_stats(0).delivered, 50);
	bench_close();
}
END_TEST

/* Buffers lie across the gaps of a region in pieces; no chunk does (fake_memory() would tell). */
START_TEST(test_many_stretches)
{
	bench_open(2, HEIGHT, 16, 8192);
	bench_start(0);
	for (unsigned int n = 0; n < 200; n++) {
		for (unsigned int ch = 0; ch < 2; ch++) {
			struct uiocap_frame *frame;

			ck_assert(fake_frame(rc, ch));
			frame = bench_get();
			bench_check_payload(frame);
			uiocap_frame_release(frame);
		}
	}
	bench_close();
}
END_TEST

START_TEST(test_fair_turns)
{
	struct uiocap_frame *frame[12];

	bench_open(3, HEIGHT, 1, 1 << 20);
	bench_start(8);
	for (unsigned int i = 0; i < 6; i++)
		fake_frame(rc, 0);
	for (unsigned int i = 0; i < 3; i++)
		fake_frame(rc, 1), fake_frame(rc, 2);
	for (unsigned int i = 0; i < 12; i++) {
		static const unsigned int expected[] = { 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 0 };

		frame[i] = bench_get();
		ck_assert_uint_eq(uiocap_frame_channel(frame[i])->number, expected[i]);
	}
	for (unsigned int i = 0; i < 12; i++)
		uiocap_frame_release(frame[i]);
	bench_close();
}
END_TEST

START_TEST(test_one_channel_only)
{
	struct uiocap_frame *frame;

	bench_open(2, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake_frame(rc, 0);
	ck_assert_int_eq(uiocap_channel_acquire(bench_channel(1), 0, &frame), 0);
	fake_frame(rc, 1);
	ck_assert_int_eq(uiocap_channel_acquire(bench_channel(1), 0, &frame), 1);
	ck_assert_ptr_eq(uiocap_frame_channel(frame), bench_channel(1));
	uiocap_frame_release(frame);
	uiocap_frame_release(bench_get());
	bench_close();
}
END_TEST

static void count_frame(void *data, struct uiocap_frame *frame)
{
	++*(unsigned int *)data;
	uiocap_frame_release(frame);
}

START_TEST(test_dispatch)
{
	unsigned int count = 0;

	bench_open(2, HEIGHT, 1, 1 << 20);
	uiocap_channel_set_callback(bench_channel(0), count_frame, &count);
	bench_start(4);
	ck_assert_int_eq(uiocap_card_dispatch(card, 0), 0);
	for (unsigned int i = 0; i < 3; i++)
		fake_frame(rc, 0), fake_frame(rc, 1);
	ck_assert_int_eq(uiocap_card_dispatch(card, 0), 6);
	ck_assert_uint_eq(count, 3);
	ck_assert_int_eq(uiocap_card_close(card), 0);	/* none is held, nor the unseen */
	free(rc);
	uiocap_ctx_free(ctx);
}
END_TEST

/* ---- buffers ----------------------------------------------------------------------------- */

START_TEST(test_all_held_then_recovery)
{
	struct uiocap_frame *frame[4];
	struct uiocap_stats s;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	for (unsigned int i = 0; i < 4; i++) {
		ck_assert(fake_frame(rc, 0));
		frame[i] = bench_get();
	}
	for (unsigned int i = 0; i < 10; i++)
		ck_assert(!fake_frame(rc, 0));
	bench_get_none();
	for (unsigned int i = 0; i < 4; i++) {
		ck_assert_uint_eq(uiocap_frame_number(frame[i]), i);
		bench_check_payload(frame[i]);
		uiocap_frame_release(frame[i]);
	}
	bench_get_none();
	ck_assert(fake_frame(rc, 0));
	frame[0] = bench_get();
	ck_assert_uint_eq(uiocap_frame_number(frame[0]), 14);
	ck_assert_uint_eq(uiocap_frame_lost(frame[0]), 10);
	ck_assert_uint_eq(uiocap_frame_status(frame[0]), UIOCAP_FRAME_LATE);
	uiocap_frame_release(frame[0]);
	ck_assert(fake_frame(rc, 0));
	frame[0] = bench_get();
	ck_assert_uint_eq(uiocap_frame_lost(frame[0]) + uiocap_frame_status(frame[0]), 0);
	uiocap_frame_release(frame[0]);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, 16);
	ck_assert_uint_eq(s.delivered, 6);
	ck_assert_uint_eq(s.lost, 10);
	bench_close();
}
END_TEST

/* Buffers come back in any order, and each one is the card's again only then. */
START_TEST(test_release_in_any_order)
{
	struct uiocap_frame *held[8] = { NULL };
	uint64_t numbers[8];

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(12);
	srand(2);
	for (unsigned int n = 0; n < 2000; n++) {
		unsigned int i = rand() % 8;

		if (held[i]) {
			ck_assert_uint_eq(uiocap_frame_number(held[i]), numbers[i]);
			bench_check_payload(held[i]);
			uiocap_frame_release(held[i]);
		}
		ck_assert(fake_frame(rc, 0));
		held[i] = bench_get();
		numbers[i] = n;
	}
	for (unsigned int i = 0; i < 8; i++)
		uiocap_frame_release(held[i]);
	ck_assert_uint_eq(bench_stats(0).delivered, 2000);
	bench_close();
}
END_TEST

START_TEST(test_second_release_does_nothing)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(2);
	fake_frame(rc, 0);
	frame = bench_get();
	uiocap_frame_release(frame);
	uiocap_frame_release(frame);
	uiocap_frame_release(NULL);
	bench_pass(10);
	bench_close();
}
END_TEST

/* 1000 frames of 5 chunks with 16 buffers: a doorbell for four buffers, so one for 20 chunks. */
START_TEST(test_doorbells_come_in_batches)
{
	unsigned int before;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(16);
	ck_assert_uint_eq(rc->ch[0].doorbells, 1);
	before = fake->reads;
	bench_pass(1000);
	ck_assert_uint_le(rc->ch[0].doorbells, 1 + 1000 / 4);
	ck_assert_uint_eq(fake->reads, before);
	bench_close();
}
END_TEST

/* However few buffers it has left, the card is told of them. */
START_TEST(test_card_is_never_starved_by_a_doorbell)
{
	struct uiocap_frame *held[12];

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(16);
	for (unsigned int i = 0; i < 12; i++) {
		fake_frame(rc, 0);
		held[i] = bench_get();
	}
	for (unsigned int n = 0; n < 100; n++) {
		ck_assert(fake_frame(rc, 0));
		uiocap_frame_release(bench_get());
		ck_assert_uint_eq(fake_room(rc, 0), 4 * CHUNKS);
	}
	for (unsigned int i = 0; i < 12; i++)
		uiocap_frame_release(held[i]);
	bench_close();
}
END_TEST

/* Buffers whose doorbell was put off are announced when the card has used up the others. */
START_TEST(test_put_off_doorbell_is_made_good)
{
	struct uiocap_frame *frame[16];

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(16);
	for (unsigned int i = 0; i < 3; i++) {
		fake_frame(rc, 0);
		uiocap_frame_release(bench_get());
	}
	ck_assert_uint_eq(rc->ch[0].doorbells, 1);
	for (unsigned int i = 0; i < 13; i++)
		ck_assert(fake_frame(rc, 0));
	for (unsigned int i = 0; i < 13; i++)
		frame[i] = bench_get();
	for (unsigned int i = 13; i < 16; i++) {
		ck_assert(fake_frame(rc, 0));
		frame[i] = bench_get();
	}
	for (unsigned int i = 0; i < 16; i++)
		uiocap_frame_release(frame[i]);
	bench_close();
}
END_TEST

/* More buffers than descriptors fit a ring: the ring is filled from those that wait. */
START_TEST(test_more_buffers_than_the_ring_holds)
{
	bench_open(1, 16384, 1, (size_t)64 << 20);
	ck_assert_int_eq(uiocap_channel_set_chunk_lines(bench_channel(0), 1), 0);
	bench_start(40);	/* of 16384 chunks; two buffers are 32768 */
	ck_assert_uint_eq(rc->ch[0].doorbell, 2 * 16384);
	bench_pass(10);
	ck_assert_uint_eq(bench_stats(0).delivered, 10);
	bench_close();
}
END_TEST

/* ---- start, stop, close ------------------------------------------------------------------ */

START_TEST(test_stop_closes_the_account)
{
	struct uiocap_stats s;
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	for (unsigned int i = 0; i < 7; i++)	/* nobody looks: 4 are taken, 3 dropped */
		fake_frame(rc, 0);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, 7);
	ck_assert_uint_eq(s.delivered, 4);
	ck_assert_uint_eq(s.lost, 3);
	for (unsigned int i = 0; i < 4; i++) {	/* what came before the stop is still handed out */
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_number(frame), i);
		bench_check_payload(frame);
		uiocap_frame_release(frame);
	}
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ENODATA);
	bench_close();
}
END_TEST

/* A frame that the stop cut off is not a frame. */
START_TEST(test_abandoned_frame_is_not_counted)
{
	struct uiocap_frame *frame;
	struct uiocap_stats s;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake_frame(rc, 0);
	fake_chunk(rc, 0, 0);
	fake_chunk(rc, 0, 1);
	uiocap_frame_release(bench_get());
	ck_assert_uint_eq(bench_stats(0).produced, 1);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, 1);
	ck_assert_uint_eq(s.delivered, 1);
	ck_assert_uint_eq(s.incomplete + s.lost, 0);
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), -ENODATA);
	bench_close();
}
END_TEST

/* One whose last completion is missing is one, if the card says that it has produced it. */
START_TEST(test_last_frame_incomplete)
{
	struct uiocap_stats s;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake_frame(rc, 0);
	for (uint32_t i = 0; i < CHUNKS - 1; i++)
		fake_chunk(rc, 0, i);
	fake_payload(rc, 0, CHUNKS - 1);
	fake_end_frame(rc, 0);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, 2);
	ck_assert_uint_eq(s.delivered, 1);
	ck_assert_uint_eq(s.incomplete, 1);
	ck_assert_uint_eq(s.lost, 0);
	bench_close();
}
END_TEST

START_TEST(test_start_again)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	for (unsigned int round = 0; round < 20; round++) {
		bench_start(2 + round);
		ck_assert_int_eq(uiocap_card_start(card), -EBUSY);
		ck_assert_int_eq(uiocap_channel_enable(bench_channel(0), false), -EBUSY);
		ck_assert_int_eq(uiocap_channel_set_buffers(bench_channel(0), 3), -EBUSY);
		for (unsigned int i = 0; i < round; i++)
			ck_assert(fake_frame(rc, 0));
		for (unsigned int i = 0; i < round / 2; i++) {
			frame = bench_get();
			ck_assert_uint_eq(uiocap_frame_number(frame), i);
			uiocap_frame_release(frame);
		}
		ck_assert_int_eq(uiocap_card_stop(card), 0);
		ck_assert_int_eq(uiocap_card_stop(card), 0);
		ck_assert_uint_eq(bench_stats(0).produced, round);
		ck_assert_uint_eq(bench_stats(0).delivered, round);
	}
	bench_close();
}
END_TEST

START_TEST(test_held_frame_forbids_start_and_close)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(2);
	fake_frame(rc, 0);
	frame = bench_get();
	ck_assert_int_eq(uiocap_card_close(card), -EBUSY);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	bench_check_payload(frame);
	ck_assert_int_eq(uiocap_card_start(card), -EBUSY);
	ck_assert_int_eq(uiocap_card_close(card), -EBUSY);
	uiocap_frame_release(frame);
	bench_start(2);
	bench_close();
}
END_TEST

START_TEST(test_start_needs_a_channel)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	ck_assert_int_eq(uiocap_card_start(card), -EINVAL);
	ck_assert_said("no channel is enabled");
	bench_close();
}
END_TEST

START_TEST(test_wishes_are_checked)
{
	struct uiocap_channel_info info;

	bench_open(1, HEIGHT, 1, 1 << 20);
	ck_assert_int_eq(uiocap_channel_set_buffers(bench_channel(0), 1), -EINVAL);
	ck_assert_int_eq(uiocap_channel_set_chunk_lines(bench_channel(0), HEIGHT + 1), -EINVAL);
	ck_assert_int_eq(uiocap_channel_set_chunk_lines(bench_channel(0), HEIGHT), 0);
	uiocap_channel_get_info(bench_channel(0), &info);
	ck_assert_uint_eq(info.chunk_lines, HEIGHT);
	ck_assert_int_eq(uiocap_channel_set_chunk_lines(bench_channel(0), 0), 0);
	uiocap_channel_get_info(bench_channel(0), &info);
	ck_assert_uint_eq(info.chunk_lines, 16);
	ck_assert_ptr_null(uiocap_card_channel(card, 1));
	bench_close();
}
END_TEST

suite_main("channel", test_frames_in_order, test_chunk_by_chunk, test_many_stretches,
	   test_fair_turns, test_one_channel_only, test_dispatch, test_all_held_then_recovery,
	   test_release_in_any_order, test_second_release_does_nothing,
	   test_doorbells_come_in_batches, test_card_is_never_starved_by_a_doorbell,
	   test_put_off_doorbell_is_made_good, test_more_buffers_than_the_ring_holds,
	   test_stop_closes_the_account,
	   test_abandoned_frame_is_not_counted, test_last_frame_incomplete, test_start_again,
	   test_held_frame_forbids_start_and_close, test_start_needs_a_channel,
	   test_wishes_are_checked)
