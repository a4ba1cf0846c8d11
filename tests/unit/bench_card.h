/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_card.h - an open card on a fake reference card, for tests of the public API
 */
#ifndef TESTS_BENCH_CARD_H
#define TESTS_BENCH_CARD_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fake_refcard.h"
#include "log_check.h"
#include "suite.h"
#include "userdrv/lib/internal.h"

static struct uiocap_ctx *ctx;
static struct fake_transport *fake;
static struct fake_refcard *rc;
static struct uiocap_card *card;

/* @height lines of 64 bytes; memory for it in @stretches of @stretch_bytes. */
static inline void bench_open(unsigned int channels, uint32_t height, unsigned int stretches,
			      size_t stretch_bytes)
{
	ctx = log_new_ctx();
	fake = fake_transport_new(ctx, stretches, stretch_bytes);
	rc = fake_refcard_new(fake, channels, 64, height);
	ck_assert_int_eq(card_new(ctx, &fake->t, NULL, &card), 0);
}

static inline struct uiocap_channel *bench_channel(unsigned int n)
{
	return uiocap_card_channel(card, n);
}

/* Every channel enabled, with @buffers. */
static inline void bench_start(unsigned int buffers)
{
	for (unsigned int i = 0; i < rc->channels; i++) {
		ck_assert_int_eq(uiocap_channel_enable(bench_channel(i), true), 0);
		ck_assert_int_eq(uiocap_channel_set_buffers(bench_channel(i), buffers), 0);
	}
	ck_assert_int_eq(uiocap_card_start(card), 0);
}

static inline void bench_close(void)
{
	ck_assert_int_eq(uiocap_card_close(card), 0);
	free(rc);
	uiocap_ctx_free(ctx);
}

static inline struct uiocap_frame *bench_get(void)
{
	struct uiocap_frame *frame = NULL;

	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 1);
	ck_assert_ptr_nonnull(frame);
	return frame;
}

/* So many frames come on channel 0, each is taken and given back. */
static inline void bench_pass(unsigned int frames)
{
	while (frames-- > 0) {
		ck_assert(fake_frame(rc, 0));
		uiocap_frame_release(bench_get());
	}
}

static inline void bench_get_none(void)
{
	struct uiocap_frame *frame = NULL;

	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	ck_assert_ptr_null(frame);
}

static inline struct uiocap_stats bench_stats(unsigned int n)
{
	struct uiocap_stats s;

	uiocap_channel_get_stats(bench_channel(n), &s);
	return s;
}

/* Some do this at each step, where ck_assert() would take most of the time. */
static inline void bench_check_account(unsigned int ch)
{
	struct uiocap_stats s = bench_stats(ch);

	if (s.produced != s.delivered + s.incomplete + s.lost || s.reset_lost > s.lost)
		ck_abort_msg("channel %u: %ju produced, %ju delivered, %ju incomplete, %ju lost, %ju "
			     "of them by resets", ch, (uintmax_t)s.produced, (uintmax_t)s.delivered,
			     (uintmax_t)s.incomplete, (uintmax_t)s.lost, (uintmax_t)s.reset_lost);
}

static inline bool bench_has_line(const struct uiocap_frame *frame, uint32_t line)
{
	uint32_t gap = line, lines;

	return !uiocap_frame_next_gap(frame, &gap, &lines) || gap > line;
}

/* Chunks that the frame claims to have hold what the card wrote for them. */
static inline void bench_check_payload(const struct uiocap_frame *frame)
{
	const unsigned int ch = uiocap_frame_channel(frame)->number;
	const uint8_t *data = uiocap_frame_data(frame);
	unsigned int wrong = 0;

	for (uint32_t chunk = 0; chunk < fake_chunks(rc, ch); chunk++) {
		uint32_t len = fake_chunk_len(rc, ch, chunk);
		uint8_t byte = fake_byte(ch, uiocap_frame_card_number(frame), chunk);

		if (bench_has_line(frame, chunk * 16))
			wrong += data[0] != byte || memcmp(data, data + 1, len - 1) != 0;
		data += len;
	}
	if (wrong > 0)
		ck_abort_msg("%u chunks are not what the card wrote", wrong);
}

#endif
