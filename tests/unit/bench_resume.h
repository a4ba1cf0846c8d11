/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench_resume.h - a capture on a fake reference card that is to go on when the card is reset */
#ifndef TESTS_BENCH_RESUME_H
#define TESTS_BENCH_RESUME_H

#include "bench_card.h"

#define HEIGHT	72	/* 4 chunks of 16 lines and one of 8 */
#define CHUNKS	5
#define PERIOD	(7000000 / REFCARD_TICK_NS)	/* of the fake card's frames, in ticks */

static inline void resume_open(unsigned int channels, unsigned int buffers)
{
	bench_open(channels, HEIGHT, 1, 1 << 20);
	ck_assert_int_eq(uiocap_card_set_on_reset(card, UIOCAP_ON_RESET_RESUME), 0);
	bench_start(buffers);
}

/* The next frame, which has to be this one; it is whole, and right. */
static inline struct uiocap_frame *resume_get(uint64_t number, uint64_t lost, unsigned int status)
{
	struct uiocap_frame *frame = bench_get();

	ck_assert_uint_eq(uiocap_frame_number(frame), number);
	ck_assert_uint_eq(uiocap_frame_lost(frame), lost);
	ck_assert_uint_eq(uiocap_frame_status(frame), status);
	bench_check_payload(frame);
	bench_check_account(uiocap_frame_channel(frame)->number);
	return frame;
}

static inline void resume_pass(unsigned int n, uint64_t first)
{
	for (unsigned int i = 0; i < n; i++) {
		ck_assert(fake_frame(rc, 0));
		uiocap_frame_release(resume_get(first + i, 0, 0));
	}
}

#endif
