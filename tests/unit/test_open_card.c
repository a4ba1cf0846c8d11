/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_open_card.c - waiting, resets, removal, sharing the region: a card as a whole */
#include <errno.h>
#include <time.h>

#include "bench_card.h"
#include "userdrv/lib/times.h"

#define HEIGHT	72
#define MS	1000000

/* ---- waiting ----------------------------------------------------------------------------- */

static int frame_comes(void *data, int64_t timeout_ns)
{
	(void)data;
	(void)timeout_ns;
	fake_frame(rc, 0);
	return 1;
}

START_TEST(test_blocks_only_when_nothing_is_there)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake_frame(rc, 0);
	fake_frame(rc, 0);
	for (unsigned int i = 0; i < 2; i++) {
		ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), 1);
		uiocap_frame_release(frame);
	}
	ck_assert_uint_eq(fake->waits, 0);
	fake->on_wait = frame_comes;
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), 1);
	ck_assert_uint_eq(fake->waits, 1);
	uiocap_frame_release(frame);
	bench_close();
}
END_TEST

static int interrupt_is_lost(void *data, int64_t timeout_ns)
{
	(void)data;
	(void)timeout_ns;
	if (fake->waits == 3)
		fake_frame(rc, 0);
	return 0;
}

/* Nobody sleeps for long, not even for ever: a frame whose interrupt was lost is found. */
START_TEST(test_lost_interrupt)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake->on_wait = interrupt_is_lost;
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), 1);
	ck_assert_uint_eq(fake->waits, 3);
	ck_assert_int_le(fake->longest_wait_ns, 100 * MS);
	uiocap_frame_release(frame);
	bench_close();
}
END_TEST

static int interrupted(void *data, int64_t timeout_ns)
{
	(void)data;
	(void)timeout_ns;
	return -EINTR;
}

START_TEST(test_signal_ends_waiting)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake->on_wait = interrupted;
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -EINTR);
	bench_close();
}
END_TEST

/* For the sake of poll(2): the descriptor must be emptied even by who does not wait. */
START_TEST(test_timeout_zero_empties_the_descriptor)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	bench_get_none();
	ck_assert_uint_eq(fake->waits, 1);
	ck_assert_int_eq(fake->longest_wait_ns, 0);
	bench_close();
}
END_TEST

static void check_timeout(enum uiocap_wait mode)
{
	struct uiocap_frame *frame;
	uint64_t before;

	bench_open(1, HEIGHT, 1, 1 << 20);
	ck_assert_int_eq(uiocap_card_set_wait(card, mode, 0), 0);
	bench_start(4);
	before = now_ns();
	ck_assert_int_eq(uiocap_card_acquire(card, 20 * MS, &frame), 0);
	ck_assert_uint_ge(now_ns() - before, 20 * MS);
	ck_assert_uint_eq(fake->waits, 0);
	fake_frame(rc, 0);
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), 1);
	uiocap_frame_release(frame);
	bench_close();
}

START_TEST(test_busy_and_timer_take_no_interrupt)
{
	check_timeout(UIOCAP_WAIT_BUSY);
	check_timeout(UIOCAP_WAIT_TIMER);
}
END_TEST

START_TEST(test_interrupts_are_on_only_where_they_are_wanted)
{
	const uint32_t irq = (REFCARD_CHANNEL(0) + REFCARD_CH_IRQ) / 4;

	bench_open(2, HEIGHT, 1, 1 << 20);
	bench_start(4);
	ck_assert_uint_eq(fake->reg[REFCARD_IRQ_MASK / 4], 3);
	ck_assert_uint_eq(fake->reg[irq], REFCARD_CH_IRQ_EOF);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(fake->reg[REFCARD_IRQ_MASK / 4], 0);
	ck_assert_int_eq(uiocap_card_set_wait(card, UIOCAP_WAIT_BUSY, 0), 0);
	bench_start(4);
	ck_assert_uint_eq(fake->reg[REFCARD_IRQ_MASK / 4], 0);
	ck_assert_uint_eq(fake->reg[irq], 0);
	bench_close();
}
END_TEST

START_TEST(test_card_without_interrupts)
{
	ctx = log_new_ctx();
	fake = fake_transport_new(ctx, 1, 1 << 20);
	fake->t.irq_kind = UIOCAP_IRQ_NONE;
	rc = fake_refcard_new(fake, 1, 64, HEIGHT);
	ck_assert_int_eq(card_new(ctx, &fake->t, NULL, &card), 0);
	ck_assert_int_eq(uiocap_card_set_wait(card, UIOCAP_WAIT_INTERRUPT, 0), -ENOTSUP);
	ck_assert_int_eq(uiocap_card_set_wait(card, UIOCAP_WAIT_ADAPTIVE, 0), -ENOTSUP);
	ck_assert_int_eq(uiocap_card_set_wait(card, UIOCAP_WAIT_BUSY, -1), -EINVAL);
	bench_start(4);
	fake_frame(rc, 0);
	uiocap_frame_release(bench_get());
	ck_assert_uint_eq(fake->waits, 0);
	bench_close();
}
END_TEST

/* MSI that nobody acknowledges comes once: where the transport does not, the card kind must. */
START_TEST(test_acknowledge)
{
	struct uiocap_frame *frame;

	for (unsigned int acks = 0; acks < 2; acks++) {
		bench_open(1, HEIGHT, 1, 1 << 20);
		fake->t.irq_kind = UIOCAP_IRQ_MSI;
		fake->t.acks = acks;
		bench_start(4);
		fake->on_wait = frame_comes;
		ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), 1);
		ck_assert_uint_eq(fake->reg[REFCARD_IRQ_ACK / 4] & 1, !acks);
		uiocap_frame_release(frame);
		bench_close();
	}
}
END_TEST

/* ---- reset and removal ------------------------------------------------------------------- */

/* Frames from before the reset are handed out, then it is said; a new start begins at 0. */
START_TEST(test_reset)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	fake->reset = true;
	bench_start(4);
	for (unsigned int round = 0; round < 5; round++) {
		fake_frame(rc, 0);
		fake_frame(rc, 0);
		uiocap_frame_release(bench_get());
		fake->state = -ESTALE;
		uiocap_frame_release(bench_get());
		ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ESTALE);
		ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ESTALE);
		ck_assert_int_eq(uiocap_card_stop(card), 0);
		ck_assert_uint_eq(bench_stats(0).produced, 2);
		ck_assert_uint_eq(bench_stats(0).delivered, 2);
		bench_start(4);
		ck_assert_uint_eq(bench_stats(0).produced, 0);
	}
	fake_frame(rc, 0);
	frame = bench_get();
	ck_assert_uint_eq(uiocap_frame_number(frame), 0);
	uiocap_frame_release(frame);
	bench_close();
}
END_TEST

START_TEST(test_start_in_the_middle_of_a_reset)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	uiocap_channel_enable(bench_channel(0), true);
	fake->state = -ESTALE;
	ck_assert_int_eq(uiocap_card_start(card), -ESTALE);
	ck_assert_said("try again");
	fake->state = 0;
	ck_assert_int_eq(uiocap_card_start(card), 0);
	bench_close();
}
END_TEST

/* Once it is gone nothing is touched any more, neither memory nor registers. */
START_TEST(test_removal)
{
	struct uiocap_frame *frame, *held;
	unsigned int writes;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake_frame(rc, 0);
	held = bench_get();
	fake->state = -ENODEV;
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ENODEV);
	memset(fake->t.dma, 0x55, fake->t.dma_len);
	writes = fake->writes;
	uiocap_frame_release(held);
	ck_assert_uint_eq(fake->writes, writes);
	ck_assert_int_eq(uiocap_card_stop(card), -ENODEV);
	for (size_t i = 0; i < fake->t.dma_len; i++)
		ck_assert(fake->t.dma[i] == 0x55);
	ck_assert_uint_eq(bench_stats(0).delivered, 1);
	ck_assert_int_eq(uiocap_card_start(card), -ENODEV);
	bench_close();
}
END_TEST

static int nothing_comes(void *data, int64_t timeout_ns)
{
	const struct timespec ts = { .tv_nsec = timeout_ns };

	(void)data;
	nanosleep(&ts, NULL);
	return 0;
}

/* A card that died, its link down, says nothing; it is found out, and no live one read for it. */
START_TEST(test_silent_death)
{
	struct uiocap_frame *frame;
	uint64_t before;
	unsigned int reads;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake->on_wait = nothing_comes;
	reads = fake->reads;
	ck_assert_int_eq(uiocap_card_acquire(card, 100 * MS, &frame), 0);
	ck_assert_uint_le(fake->reads, reads + 1);
	for (unsigned int dead = 0; dead < 2; dead++) {
		fake->reg[REFCARD_ID / 4] = dead ? UINT32_MAX : 0;
		before = now_ns();
		ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ENODEV);
		ck_assert_uint_lt(now_ns() - before, UINT64_C(30000) * MS);
		ck_assert_said("does not answer");
	}
	fake->reg[REFCARD_ID / 4] = REFCARD_ID_VALUE;
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	bench_close();
}
END_TEST

/* ---- the region -------------------------------------------------------------------------- */

START_TEST(test_region_is_shared_evenly)
{
	struct uiocap_channel_info info;

	bench_open(3, HEIGHT, 1, 98 * 4096);
	ck_assert_int_eq(uiocap_channel_set_buffers(bench_channel(1), 5), 0);
	for (unsigned int i = 0; i < 3; i++)
		uiocap_channel_enable(bench_channel(i), true);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	uiocap_channel_get_info(bench_channel(0), &info);
	ck_assert_uint_ge(info.buffers,
			  (98 * 4096 - 5 * 64 * HEIGHT - 3 * 16384) / (2 * 64 * HEIGHT));
	ck_assert_uint_eq(info.buffers, bench_channel(2)->buffers);
	uiocap_channel_get_info(bench_channel(1), &info);
	ck_assert_uint_eq(info.buffers, 5);
	bench_close();
}
END_TEST

START_TEST(test_64_at_most)
{
	bench_open(1, HEIGHT, 1, 16 << 20);
	bench_start(0);
	ck_assert_uint_eq(bench_channel(0)->buffers, 64);
	bench_close();
}
END_TEST

START_TEST(test_too_many_buffers)
{
	bench_open(2, HEIGHT, 1, 65536);
	for (unsigned int i = 0; i < 2; i++)
		uiocap_channel_enable(bench_channel(i), true);
	uiocap_channel_set_buffers(bench_channel(0), 100);
	ck_assert_int_eq(uiocap_card_start(card), -ENOSPC);
	ck_assert_said("6 buffers for each of 2 channels would fit");
	bench_start(6);		/* what it says is true */
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	for (unsigned int i = 0; i < 2; i++)
		uiocap_channel_set_buffers(bench_channel(i), 7);
	ck_assert_int_eq(uiocap_card_start(card), -ENOSPC);
	bench_close();
}
END_TEST

START_TEST(test_no_room_at_all)
{
	bench_open(2, HEIGHT, 1, 8192);
	for (unsigned int i = 0; i < 2; i++)
		uiocap_channel_enable(bench_channel(i), true);
	ck_assert_int_eq(uiocap_card_start(card), -ENOSPC);
	ck_assert_said("not even 2 frame buffers");
	bench_close();
}
END_TEST

START_TEST(test_segments_and_interrupts_are_told)
{
	struct uiocap_segment seg;
	struct uiocap_irq irq;
	struct uiocap_card_info info;

	bench_open(1, HEIGHT, 3, 65536);
	ck_assert_int_eq(uiocap_card_segment(card, 2, &seg), 0);
	ck_assert_ptr_eq(seg.data, fake->t.dma + 2 * 65536);
	ck_assert_uint_eq(seg.len, 65536);
	ck_assert_int_eq(uiocap_card_segment(card, 3, &seg), -EINVAL);
	ck_assert_int_eq(uiocap_irq_get(card, 15, &irq), 0);
	ck_assert_uint_eq(irq.count, 16);
	ck_assert_int_eq(uiocap_irq_get(card, 16, &irq), -EINVAL);
	ck_assert_int_eq(uiocap_irq_raise(card, 0), 0);
	ck_assert_uint_eq(fake->reg[REFCARD_IRQ_FORCE / 4], 1);
	uiocap_card_get_info(card, &info);
	ck_assert_str_eq(info.model, "refcard");
	ck_assert_uint_eq(info.serial, 4711);
	ck_assert_uint_eq(info.segments, 3);
	bench_close();
}
END_TEST

suite_main("open_card", test_blocks_only_when_nothing_is_there, test_lost_interrupt,
	   test_signal_ends_waiting, test_timeout_zero_empties_the_descriptor,
	   test_busy_and_timer_take_no_interrupt,
	   test_interrupts_are_on_only_where_they_are_wanted, test_card_without_interrupts,
	   test_acknowledge, test_reset, test_start_in_the_middle_of_a_reset, test_removal,
	   test_silent_death, test_region_is_shared_evenly, test_64_at_most, test_too_many_buffers,
	   test_no_room_at_all, test_segments_and_interrupts_are_told)
