/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_card_video.c - the simulated card's frames: rings, pace, dropping (refcard §5, §6) */
#include <string.h>

#include "card_video.h"

/* 300 frames through a ring of eight entries: 112 passes, the phase turns each time. */
START_TEST(frames_arrive)
{
	video_open(1, NS_PER_MS);
	host_start(&hc, &h, 0, 3, 0);
	host_post(&hc, 2 * CHUNKS, CHUNK, 2 * CHUNKS);
	host_ring(&hc);
	video_expect_nothing();
	host_work(&h, NS_PER_MS);
	for (uint32_t frame = 0; frame < 300; frame++) {
		host_work(&h, NS_PER_MS);
		video_expect_frame(frame, hc.data + frame % 2 * CHUNKS * CHUNK);
		video_expect_nothing();
		host_post(&hc, CHUNKS, CHUNK, 2 * CHUNKS);
		host_ring(&hc);
	}
	ck_assert_uint_eq(video_produced(), 300);
	ck_assert_uint_eq(video_dropped(), 0);
	video_close();
}
END_TEST

/* Chunk k of n is there when k + 1 n-ths of the period are over: to 200 µs, the last exactly. */
START_TEST(chunks_come_as_lines_do)
{
	struct refcard_done done;
	uint64_t begin;

	video_open(1, 30 * NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 2 * CHUNKS, CHUNK, 2 * CHUNKS);
	host_ring(&hc);
	begin = (host_now / (30 * NS_PER_MS) + 1) * (30 * NS_PER_MS);
	host_work(&h, begin + 10 * NS_PER_MS - 1 - host_now);
	video_expect_nothing();
	for (unsigned int chunk = 0; chunk < CHUNKS; chunk++) {
		uint64_t due = begin + (chunk + 1) * 10 * NS_PER_MS;

		host_work(&h, due + (chunk == CHUNKS - 1 ? 0 : 200 * NS_PER_US) - host_now);
		ck_assert(host_take(&hc, &done));
		ck_assert_uint_ge(done.time, (uint32_t)(due / REFCARD_TICK_NS));
		ck_assert_uint_le(done.time, (uint32_t)(host_now / REFCARD_TICK_NS));
		video_expect_nothing();
	}
	video_close();
}
END_TEST

/* 10.01 ms are no multiple of the time between bursts: with a FIFO the first chunk is late. */
START_TEST(without_a_fifo_chunks_are_punctual)
{
	struct sim_config config = host_config(1);
	const uint32_t period = 30030000;
	uint64_t begin;

	config.channel[0].kind.period_ns = period;
	for (unsigned int no_fifo = 0; no_fifo < 2; no_fifo++) {
		struct refcard_done done;

		config.no_fifo = no_fifo;
		host_open(&h, &config);
		host_start(&hc, &h, 0, 4, 0);
		host_post(&hc, CHUNKS, CHUNK, CHUNKS);
		host_ring(&hc);
		begin = (host_now / period + 1) * period;
		host_work(&h, begin + period / CHUNKS - host_now);
		ck_assert_int_eq(host_take(&hc, &done), no_fifo);
		host_close(&h);
	}
}
END_TEST

/* After hours no frame too many and none too few, and a late card makes up for it. */
START_TEST(pace_does_not_drift)
{
	const uint32_t period = 7021714;

	video_open(1, period);
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 1, CHUNK, 4);
	host_ring(&hc);
	host_work(&h, period);
	for (unsigned int i = 0; i < 1000; i++) {
		host_now += (uint64_t)period * 10 - 1000 + i * 2 % 2000;
		while (h.dev->work(h.dev, host_now) <= host_now)
			;
	}
	host_now -= host_now % period;
	host_work(&h, period / 2);
	ck_assert_uint_eq(video_produced(), (host_now - 1000 * (uint64_t)NS_PER_S) / period);
	ck_assert_uint_eq(video_dropped(), video_produced());
	video_close();
}
END_TEST

/* §5: what no host can have taken yet is neither produced nor dropped. */
START_TEST(begins_with_the_first_doorbell)
{
	video_open(1, NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_ring(&hc);		/* of nothing */
	host_work(&h, 50 * NS_PER_MS);
	ck_assert_uint_eq(video_produced(), 0);
	host_post(&hc, CHUNKS, CHUNK, CHUNKS);
	host_ring(&hc);
	host_work(&h, 2 * NS_PER_MS);
	video_expect_frame(0, hc.data);
	ck_assert_uint_eq(video_produced() - video_dropped(), 1);
	video_close();
}
END_TEST

/* A card that is late lets the doorbell through between two frames: none is lost for it. */
START_TEST(late_card_drops_nothing)
{
	unsigned int frames = 0;

	video_open(1, NS_PER_MS);
	host_start(&hc, &h, 0, 3, 0);
	host_post(&hc, 2 * CHUNKS, CHUNK, 2 * CHUNKS);
	host_ring(&hc);
	host_now += 100 * (uint64_t)NS_PER_MS;
	while (h.dev->work(h.dev, host_now) <= host_now) {
		struct refcard_done done;

		while (host_take(&hc, &done)) {
			frames += done.status & REFCARD_DONE_EOF ? 1 : 0;
			host_post(&hc, 1, CHUNK, 2 * CHUNKS);
		}
		host_ring(&hc);
	}
	ck_assert_uint_ge(frames, 99);
	ck_assert_uint_eq(video_dropped(), 0);
	video_close();
}
END_TEST

/* Channels do not all end at once. */
START_TEST(channels_are_shifted)
{
	const uint32_t period = 8 * NS_PER_MS / REFCARD_TICK_NS;
	struct host_channel each[4];
	uint32_t end[4];

	video_open(4, 8 * NS_PER_MS);
	for (unsigned int ch = 0; ch < 4; ch++) {
		host_start(&each[ch], &h, ch, 4, 0);
		host_post(&each[ch], 4 * CHUNKS, CHUNK, 4 * CHUNKS);
		host_ring(&each[ch]);
	}
	host_work(&h, 16 * NS_PER_MS);
	for (unsigned int ch = 0; ch < 4; ch++) {
		struct refcard_done done;

		while (host_take(&each[ch], &done) && !(done.status & REFCARD_DONE_EOF))
			;
		end[ch] = done.time;
	}
	for (unsigned int ch = 0; ch < 4; ch++)
		ck_assert_uint_eq((end[ch] + period - end[0]) % period, ch * period / 4);
	video_close();
}
END_TEST

/* §5.1: a frame for which one descriptor is missing is dropped whole, and its number skipped. */
START_TEST(whole_frames_or_none)
{
	video_open(1, NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 2 * CHUNKS - 1, CHUNK, 8);
	host_ring(&hc);
	host_work(&h, 5 * NS_PER_MS);
	video_expect_frame(0, hc.data);
	video_expect_nothing();
	ck_assert_uint_eq(video_dropped(), video_produced() - 1);
	host_post(&hc, 1, CHUNK, 8);
	host_ring(&hc);
	host_work(&h, 2 * NS_PER_MS);
	ck_assert_uint_eq(video_dropped() + 2, video_produced());
	/* the frame after the doorbell; the one after that has been dropped already */
	video_expect_frame((uint32_t)video_produced() - 2, hc.data + CHUNKS * CHUNK);
	video_close();
}
END_TEST

START_TEST(hold_waits)
{
	video_open(1, NS_PER_MS);
	host_start(&hc, &h, 0, 4, REFCARD_CH_HOLD);
	host_post(&hc, CHUNKS - 1, CHUNK, 8);
	host_ring(&hc);
	host_work(&h, 50 * NS_PER_MS);
	video_expect_nothing();
	ck_assert_uint_eq(video_produced(), 0);
	host_post(&hc, 1, CHUNK, 8);
	host_ring(&hc);
	host_work(&h, NS_PER_MS);
	video_expect_frame(0, hc.data);
	/* and no burst afterwards for the time waited */
	host_post(&hc, CHUNKS, CHUNK, 2 * CHUNKS);
	host_ring(&hc);
	host_work(&h, NS_PER_MS / 4);
	video_expect_nothing();
	host_work(&h, NS_PER_MS - NS_PER_MS / 4);
	video_expect_frame(1, hc.data + CHUNKS * CHUNK);
	ck_assert_uint_eq(video_dropped(), 0);
	video_close();
}
END_TEST

/* As fast as memory allows, yet never so fast that one turn decides about two frames. */
START_TEST(unpaced)
{
	video_open(1, 0);
	host_start(&hc, &h, 0, 5, 0);
	host_post(&hc, 10 * CHUNKS, CHUNK, 10 * CHUNKS);
	host_ring(&hc);
	for (uint32_t frame = 0; frame < 10; frame++) {
		ck_assert_uint_le(h.dev->work(h.dev, host_now), host_now);
		video_expect_frame(frame, hc.data + frame * CHUNKS * CHUNK);
		video_expect_nothing();
	}
	h.dev->work(h.dev, host_now);
	ck_assert_uint_eq(video_produced(), 11);
	ck_assert_uint_eq(video_dropped(), 1);
	host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
	ck_assert_uint_eq(h.dev->work(h.dev, host_now), NEVER);
	video_close();
}
END_TEST

/* Lines a chunk that do not divide the frame: the last chunk is short. */
START_TEST(last_chunk_is_short)
{
	const uint32_t lens[] = { 20 * W, 20 * W, 8 * W };
	struct refcard_done done;

	video_open(1, NS_PER_MS);
	host_ch_write(&h, 0, REFCARD_CH_CHUNK_LINES, 20);
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 3, 20 * W, 3);
	host_ring(&hc);
	memset(hc.data, 0xaa, 60 * W);
	host_work(&h, 2 * NS_PER_MS);
	for (unsigned int chunk = 0; chunk < 3; chunk++) {
		ck_assert(host_take(&hc, &done));
		ck_assert_uint_eq(done.status & REFCARD_DONE_LEN, lens[chunk]);
	}
	for (unsigned int y = 0; y < H; y++)
		ck_assert_int_eq(pattern_check_line(pattern, 0, y, hc.data + y * W), -1);
	for (unsigned int i = H * W; i < 60 * W; i++)
		ck_assert_uint_eq(hc.data[i], 0xaa);
	video_close();
}
END_TEST

/* The configuration is what it was at ENABLE. */
START_TEST(configuration_is_latched)
{
	video_open(1, NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_ch_write(&h, 0, REFCARD_CH_CHUNK_LINES, 48);
	host_ch_write(&h, 0, REFCARD_CH_RING_LO, 0);
	host_ch_write(&h, 0, REFCARD_CH_DONE_LO, 0);
	host_ch_write(&h, 0, REFCARD_CH_RING_ORDER, 9);
	host_post(&hc, CHUNKS, CHUNK, CHUNKS);
	host_ring(&hc);
	host_work(&h, 2 * NS_PER_MS);
	video_expect_frame(0, hc.data);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_CHUNK_LINES), 48);
	video_close();
}
END_TEST

suite_main("card_video", frames_arrive, chunks_come_as_lines_do,
	   without_a_fifo_chunks_are_punctual, pace_does_not_drift,
	   begins_with_the_first_doorbell, late_card_drops_nothing, channels_are_shifted,
	   whole_frames_or_none, hold_waits, unpaced, last_chunk_is_short,
	   configuration_is_latched)
