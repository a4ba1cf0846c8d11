/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * card_video.h - a simulated card that makes video, and what channel 0 of it has to have done
 */
#ifndef TESTS_CARD_VIDEO_H
#define TESTS_CARD_VIDEO_H

#include <check.h>

#include "card_host.h"
#include "sim/pattern.h"
#include "suite.h"

#define W	64u
#define H	48u
#define CHUNK	(16u * W)
#define CHUNKS	3u

static struct card_host h;
static struct host_channel hc;
static struct pattern *pattern;

static inline void video_open(unsigned int channels, uint32_t period_ns)
{
	struct sim_config config = host_config(channels);

	for (unsigned int ch = 0; ch < channels; ch++)
		config.channel[ch].kind.period_ns = period_ns;
	host_open(&h, &config);
	ck_assert_int_eq(pattern_new(0, W, H, &pattern), 0);
}

static inline void video_close(void)
{
	pattern_free(pattern);
	host_close(&h);
}

static inline uint64_t video_produced(void)
{
	return host_ch_read(&h, 0, REFCARD_CH_PRODUCED_LO);
}

static inline uint64_t video_dropped(void)
{
	return host_ch_read(&h, 0, REFCARD_CH_DROPPED_LO);
}

/* Takes the completion of one chunk and looks at every bit of it, and at the data. */
static inline void video_expect_chunk(uint32_t frame, unsigned int chunk, const uint8_t *data)
{
	uint32_t number = hc.taken;
	struct refcard_done done;

	ck_assert(host_take(&hc, &done));
	ck_assert_uint_eq(done.frame, frame);
	ck_assert_uint_eq(done.where, chunk << 16 | (number & 0xffff));
	ck_assert_uint_eq(done.status & ~REFCARD_DONE_PHASE,
			  CHUNK | (chunk == 0 ? REFCARD_DONE_SOF : 0) |
			  (chunk == CHUNKS - 1 ? REFCARD_DONE_EOF : 0));
	for (unsigned int y = 0; y < 16; y++) {
		long bad = pattern_check_line(pattern, frame, chunk * 16 + y, data + y * W);

		ck_assert_int_eq(bad, -1);
	}
}

static inline void video_expect_frame(uint32_t frame, const uint8_t *data)
{
	for (unsigned int chunk = 0; chunk < CHUNKS; chunk++)
		video_expect_chunk(frame, chunk, data + chunk * CHUNK);
}

static inline void video_expect_nothing(void)
{
	struct refcard_done done;

	ck_assert(!host_take(&hc, &done));
}

#endif
