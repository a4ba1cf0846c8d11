/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_refcard.c - the card kind refcard: opening, numbers and clocks that wrap, streams */
#include <errno.h>
#include <string.h>

#include "bench_card.h"
#include "suite.h"
#include "userdrv/lib/refcard-channel.h"

#define HEIGHT	72	/* 4 chunks of 16 lines and one of 8 */
#define CHUNKS	5

/* ---- open -------------------------------------------------------------------------------- */

static int open_with(uint32_t offset, uint32_t value)
{
	int ret;

	ctx = log_new_ctx();
	fake = fake_transport_new(ctx, 1, 65536);
	rc = fake_refcard_new(fake, 2, 64, HEIGHT);
	fake->reg[offset / 4] = value;
	ret = card_new(ctx, &fake->t, NULL, &card);
	if (ret < 0)
		fake->t.ops->close(&fake->t);
	else
		ck_assert_int_eq(uiocap_card_close(card), 0);
	free(rc);
	uiocap_ctx_free(ctx);
	return ret;
}

START_TEST(test_dead_card)
{
	ck_assert_int_eq(open_with(REFCARD_ID, 0), -ENODEV);
	ck_assert_said("read as zeros");
	ck_assert_int_eq(open_with(REFCARD_ID, UINT32_MAX), -ENODEV);
	ck_assert_said("read as ones");
}
END_TEST

START_TEST(test_other_card)
{
	ck_assert_int_eq(open_with(REFCARD_ID, 0x12345678), -ENOTSUP);
	ck_assert_said("0x12345678");
	ck_assert_int_eq(open_with(REFCARD_VERSION, 0x00020003), -ENOTSUP);
	ck_assert_said("2.3");
	ck_assert_int_eq(open_with(REFCARD_VERSION, 0x00010009), 0);
}
END_TEST

START_TEST(test_senseless_card)
{
	ck_assert_int_eq(open_with(REFCARD_CAPS, 0), -EPROTO);
	ck_assert_int_eq(open_with(REFCARD_CAPS, 17), -EPROTO);
	ck_assert_int_eq(open_with(REFCARD_CHANNEL(1) + REFCARD_CH_KIND, 3), -EPROTO);
	ck_assert_said("channel 1");
	ck_assert_int_eq(open_with(REFCARD_CHANNEL(1) + REFCARD_CH_WIDTH, 0), -EPROTO);
	ck_assert_int_eq(open_with(REFCARD_CHANNEL(1) + REFCARD_CH_HEIGHT, 0), -EPROTO);
	ck_assert_int_eq(open_with(REFCARD_CHANNEL(1) + REFCARD_CH_HEIGHT, UINT32_MAX), -EPROTO);
	ck_assert_int_eq(open_with(REFCARD_CHANNEL(1) + REFCARD_CH_CHUNK_LINES, 0), -EPROTO);
	ck_assert_int_eq(open_with(REFCARD_CHANNEL(1) + REFCARD_CH_WIDTH, 0x10000000), -EPROTO);
}
END_TEST

START_TEST(test_unknown_model)
{
	ctx = log_new_ctx();
	fake = fake_transport_new(ctx, 1, 65536);
	rc = fake_refcard_new(fake, 1, 64, HEIGHT);
	ck_assert_int_eq(card_new(ctx, &fake->t, "nonesuch", &card), -ENOTSUP);
	ck_assert_said("nonesuch");
	fake->t.device = 1;
	ck_assert_int_eq(card_new(ctx, &fake->t, NULL, &card), -ENOTSUP);
	ck_assert_said("1234:0001");
	ck_assert_int_eq(card_new(ctx, &fake->t, "refcard", &card), 0);
	bench_close();
}
END_TEST

START_TEST(test_registers_have_names)
{
	const struct uiocap_register *reg;
	uint32_t last = 0, value;
	unsigned int n = 0;

	bench_open(2, HEIGHT, 1, 65536);
	while ((reg = uiocap_card_register(card, n)) != NULL) {
		ck_assert(n == 0 || reg->offset > last);
		ck_assert_int_eq(uiocap_reg_read(card, reg->bar, reg->offset, &value), 0);
		last = reg->offset;
		n++;
	}
	ck_assert_str_eq(uiocap_card_register(card, 0)->name, "ID");
	ck_assert_str_eq(uiocap_card_register(card, n - 1)->name, "CH1.STATUS");
	ck_assert_int_eq(uiocap_reg_read(card, 0, 2, &value), -EINVAL);
	ck_assert_int_eq(uiocap_reg_read(card, 0, FAKE_BAR_BYTES, &value), -EINVAL);
	ck_assert_int_eq(uiocap_reg_write(card, 1, 0, value), -EINVAL);
	bench_close();
}
END_TEST

START_TEST(test_stop_that_takes_for_ever)
{
	struct uiocap_stats s;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	fake_frame(rc, 0);
	fake->on_write = NULL;	/* the card no longer listens */
	ck_assert_int_eq(uiocap_card_stop(card), -ETIMEDOUT);
	ck_assert_said("is reset");
	ck_assert_uint_eq(fake->reg[REFCARD_CTRL / 4], REFCARD_CTRL_RESET);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, 1);
	ck_assert_uint_eq(s.delivered, 1);
	bench_close();
}
END_TEST

/* ---- numbers that wrap ------------------------------------------------------------------- */

/* 16 bits of descriptor number wrap every 13107 frames, here at 5 chunks of the middle of one. */
START_TEST(test_descriptor_numbers_wrap)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(3);
	for (uint64_t n = 0; n < 30000; n++) {
		struct uiocap_frame *frame;

		ck_assert(fake_frame(rc, 0));
		frame = bench_get();
		if (uiocap_frame_number(frame) != n || uiocap_frame_status(frame) != 0)
			ck_abort_msg("frame %ju is %ju", (uintmax_t)n,
				     (uintmax_t)uiocap_frame_number(frame));
		uiocap_frame_release(frame);
	}
	ck_assert_uint_gt(rc->ch[0].desc, 0x20000);
	ck_assert_uint_eq(bench_stats(0).bad, 0);
	bench_close();
}
END_TEST

/* The 32 bits of frame number wrap, too, and not only when frames come one after another. */
START_TEST(test_frame_numbers_wrap)
{
	uint64_t last = 0;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	for (unsigned int i = 0; i < 12; i++) {
		struct uiocap_frame *frame;

		rc->ch[0].frame += 0x40000000;
		ck_assert(fake_frame(rc, 0));
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_number(frame), rc->ch[0].frame - 1);
		ck_assert_uint_eq(uiocap_frame_lost(frame), 0x40000000);
		last = uiocap_frame_number(frame);
		uiocap_frame_release(frame);
	}
	ck_assert_uint_gt(last, 0x200000000);
	ck_assert_uint_eq(bench_stats(0).lost, 12 * UINT64_C(0x40000000));
	bench_close();
}
END_TEST

#define SECOND	UINT64_C(1000000000)

static uint64_t complete_at(struct refcard_channel *ch, uint64_t ticks, uint64_t now)
{
	struct refcard_done *d = &ch->ring.done[ch->ring.taken % ring_entries(&ch->ring)];
	struct card_run run;

	d->frame = ch->frame;
	d->where = (uint16_t)ch->desc;
	d->time = (uint32_t)ticks;
	d->status = (64 | REFCARD_DONE_SOF | REFCARD_DONE_EOF) ^
		    ring_phase(&ch->ring, ch->ring.taken);
	ch->ring.posted++;
	ck_assert_uint_eq(refcard_channel_collect(ch, now, &run, 1), 1);
	return run.time_ns;
}

/* The card's clock of 34 s goes on through silences of any length, as long as somebody looks. */
START_TEST(test_clock_wraps_in_silence)
{
	static const unsigned int silences[] = { 0, 1, 20, 33, 34, 35, 70, 1000, 5000 };
	static _Alignas(64) uint8_t memory[16 * 32];
	const struct card_setup setup = {
		.chunk_bytes = 64, .last_bytes = 64, .chunks = 1, .buffers = 16,
		.ring = { .data = memory, .len = sizeof(memory) },
	};
	struct refcard_channel ch = { 0 };
	uint64_t ticks = 0xfffff000, now = 77 * SECOND;
	struct card_run run;

	ck_assert_int_eq(refcard_channel_start(&ch, 0, &setup, false, ticks, now), 0);
	for (unsigned int i = 0; i < sizeof(silences) / sizeof(silences[0]); i++) {
		for (unsigned int s = 0; s < silences[i]; s++) {
			now += SECOND;
			ticks += SECOND / REFCARD_TICK_NS + 12;	/* 0.1 ppm faster than ours */
			ck_assert_uint_eq(refcard_channel_collect(&ch, now, &run, 1), 0);
		}
		ck_assert_uint_eq(complete_at(&ch, ticks, now), ticks * REFCARD_TICK_NS);
		ck_assert_uint_eq(complete_at(&ch, ticks - 100, now),
				  (ticks - 100) * REFCARD_TICK_NS);
	}
	refcard_channel_free(&ch);
}
END_TEST

/* Completions that nobody looked at for half a minute have the time at which they were written. */
START_TEST(test_clock_of_late_look)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(8);
	for (unsigned int i = 0; i < 6; i++) {
		struct uiocap_frame *frame;

		rc->time += 30 * SECOND / REFCARD_TICK_NS;
		fake_frame(rc, 0);
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_card_time_ns(frame), rc->time * REFCARD_TICK_NS);
		uiocap_frame_release(frame);
	}
	bench_close();
}
END_TEST

/* ---- streams ----------------------------------------------------------------------------- */

static void stream_open(void)
{
	ctx = log_new_ctx();
	fake = fake_transport_new(ctx, 1, 8 << 20);
	rc = fake_refcard_new(fake, 1, 64, HEIGHT);
	fake_stream(rc, 0);
	ck_assert_int_eq(card_new(ctx, &fake->t, NULL, &card), 0);
	bench_start(8);
}

static void stream_buffer(uint32_t bytes, uint32_t flags)
{
	fake_done(rc, 0, rc->ch[0].frame++, 0, fake_payload(rc, 0, 0),
		  bytes | flags | REFCARD_DONE_SOF | REFCARD_DONE_EOF);
}

START_TEST(test_stream_buffers)
{
	static const uint32_t sizes[] = {
		1, REFCARD_MAX_CHUNK_BYTES, 77, REFCARD_MAX_CHUNK_BYTES - 1,
	};
	struct uiocap_frame *frame;

	stream_open();
	for (unsigned int n = 0; n < 100; n++) {
		stream_buffer(sizes[n % 4], n == 50 ? REFCARD_DONE_OVERRUN : 0);
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_size(frame), sizes[n % 4]);
		ck_assert_uint_eq(uiocap_frame_status(frame), n == 50 ? UIOCAP_FRAME_LATE : 0);
		uiocap_frame_release(frame);
	}
	ck_assert_uint_eq(bench_stats(0).delivered, 100);
	bench_close();
}
END_TEST

static void stream_ends(uint32_t bytes)
{
	struct uiocap_frame *frame;
	struct uiocap_stats s;

	stream_open();
	stream_buffer(5, 0);
	stream_buffer(bytes, REFCARD_DONE_END);
	uiocap_frame_release(bench_get());
	if (bytes > 0) {
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_END);
		uiocap_frame_release(frame);
	}
	ck_assert_int_eq(uiocap_card_acquire(card, -1, &frame), -ENODATA);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	s = bench_stats(0);
	ck_assert_uint_eq(s.produced, bytes > 0 ? 2 : 1);
	ck_assert_uint_eq(s.lost, 0);
	bench_close();
}

START_TEST(test_stream_end)
{
	stream_ends(3);
	stream_ends(0);
}
END_TEST

suite_main("refcard", test_dead_card, test_other_card, test_senseless_card,
	   test_unknown_model, test_registers_have_names, test_stop_that_takes_for_ever,
	   test_descriptor_numbers_wrap, test_frame_numbers_wrap, test_clock_wraps_in_silence,
	   test_clock_of_late_look, test_stream_buffers, test_stream_end)
