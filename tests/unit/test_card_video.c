/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_card_video.c - the simulated card's frames: rings, pace, dropping, stops (refcard §5 to §9)
 */
#include <endian.h>
#include <string.h>

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

static void open_period(unsigned int channels, uint32_t period_ns)
{
	struct sim_config config = host_config(channels);

	for (unsigned int ch = 0; ch < channels; ch++)
		config.channel[ch].kind.period_ns = period_ns;
	host_open(&h, &config);
	ck_assert_int_eq(pattern_new(0, W, H, &pattern), 0);
}

static void close_all(void)
{
	pattern_free(pattern);
	host_close(&h);
}

static uint64_t produced(void)
{
	return host_ch_read(&h, 0, REFCARD_CH_PRODUCED_LO);
}

static uint64_t dropped(void)
{
	return host_ch_read(&h, 0, REFCARD_CH_DROPPED_LO);
}

/* Takes the completion of one chunk and looks at every bit of it, and at the data. */
static void expect_chunk(uint32_t frame, unsigned int chunk, const uint8_t *data)
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

static void expect_frame(uint32_t frame, const uint8_t *data)
{
	for (unsigned int chunk = 0; chunk < CHUNKS; chunk++)
		expect_chunk(frame, chunk, data + chunk * CHUNK);
}

static void expect_nothing(void)
{
	struct refcard_done done;

	ck_assert(!host_take(&hc, &done));
}

/* 300 frames through a ring of eight entries: 112 passes, the phase turns each time. */
START_TEST(frames_arrive)
{
	open_period(1, NS_PER_MS);
	host_start(&hc, &h, 0, 3, 0);
	host_post(&hc, 2 * CHUNKS, CHUNK, 2 * CHUNKS);
	host_ring(&hc);
	expect_nothing();
	host_work(&h, NS_PER_MS);
	for (uint32_t frame = 0; frame < 300; frame++) {
		host_work(&h, NS_PER_MS);
		expect_frame(frame, hc.data + frame % 2 * CHUNKS * CHUNK);
		expect_nothing();
		host_post(&hc, CHUNKS, CHUNK, 2 * CHUNKS);
		host_ring(&hc);
	}
	ck_assert_uint_eq(produced(), 300);
	ck_assert_uint_eq(dropped(), 0);
	close_all();
}
END_TEST

/* Chunk k of n is there when k + 1 n-ths of the period are over: to 200 µs, the last exactly. */
START_TEST(chunks_come_as_lines_do)
{
	struct refcard_done done;
	uint64_t begin;

	open_period(1, 30 * NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 2 * CHUNKS, CHUNK, 2 * CHUNKS);
	host_ring(&hc);
	begin = (host_now / (30 * NS_PER_MS) + 1) * (30 * NS_PER_MS);
	host_work(&h, begin + 10 * NS_PER_MS - 1 - host_now);
	expect_nothing();
	for (unsigned int chunk = 0; chunk < CHUNKS; chunk++) {
		uint64_t due = begin + (chunk + 1) * 10 * NS_PER_MS;

		host_work(&h, due + (chunk == CHUNKS - 1 ? 0 : 200 * NS_PER_US) - host_now);
		ck_assert(host_take(&hc, &done));
		ck_assert_uint_ge(done.time, (uint32_t)(due / REFCARD_TICK_NS));
		ck_assert_uint_le(done.time, (uint32_t)(host_now / REFCARD_TICK_NS));
		expect_nothing();
	}
	close_all();
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

	open_period(1, period);
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
	ck_assert_uint_eq(produced(), (host_now - 1000 * (uint64_t)NS_PER_S) / period);
	ck_assert_uint_eq(dropped(), produced());
	close_all();
}
END_TEST

/* §5: what no host can have taken yet is neither produced nor dropped. */
START_TEST(begins_with_the_first_doorbell)
{
	open_period(1, NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_ring(&hc);		/* of nothing */
	host_work(&h, 50 * NS_PER_MS);
	ck_assert_uint_eq(produced(), 0);
	host_post(&hc, CHUNKS, CHUNK, CHUNKS);
	host_ring(&hc);
	host_work(&h, 2 * NS_PER_MS);
	expect_frame(0, hc.data);
	ck_assert_uint_eq(produced() - dropped(), 1);
	close_all();
}
END_TEST

/* A card that is late lets the doorbell through between two frames: none is lost for it. */
START_TEST(late_card_drops_nothing)
{
	unsigned int frames = 0;

	open_period(1, NS_PER_MS);
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
	ck_assert_uint_eq(dropped(), 0);
	close_all();
}
END_TEST

/* Channels do not all end at once. */
START_TEST(channels_are_shifted)
{
	const uint32_t period = 8 * NS_PER_MS / REFCARD_TICK_NS;
	struct host_channel each[4];
	uint32_t end[4];

	open_period(4, 8 * NS_PER_MS);
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
	close_all();
}
END_TEST

/* §5.1: a frame for which one descriptor is missing is dropped whole, and its number skipped. */
START_TEST(whole_frames_or_none)
{
	open_period(1, NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 2 * CHUNKS - 1, CHUNK, 8);
	host_ring(&hc);
	host_work(&h, 5 * NS_PER_MS);
	expect_frame(0, hc.data);
	expect_nothing();
	ck_assert_uint_eq(dropped(), produced() - 1);
	host_post(&hc, 1, CHUNK, 8);
	host_ring(&hc);
	host_work(&h, 2 * NS_PER_MS);
	ck_assert_uint_eq(dropped() + 2, produced());
	/* the frame after the doorbell; the one after that has been dropped already */
	expect_frame((uint32_t)produced() - 2, hc.data + CHUNKS * CHUNK);
	close_all();
}
END_TEST

START_TEST(hold_waits)
{
	open_period(1, NS_PER_MS);
	host_start(&hc, &h, 0, 4, REFCARD_CH_HOLD);
	host_post(&hc, CHUNKS - 1, CHUNK, 8);
	host_ring(&hc);
	host_work(&h, 50 * NS_PER_MS);
	expect_nothing();
	ck_assert_uint_eq(produced(), 0);
	host_post(&hc, 1, CHUNK, 8);
	host_ring(&hc);
	host_work(&h, NS_PER_MS);
	expect_frame(0, hc.data);
	/* and no burst afterwards for the time waited */
	host_post(&hc, CHUNKS, CHUNK, 2 * CHUNKS);
	host_ring(&hc);
	host_work(&h, NS_PER_MS / 4);
	expect_nothing();
	host_work(&h, NS_PER_MS - NS_PER_MS / 4);
	expect_frame(1, hc.data + CHUNKS * CHUNK);
	ck_assert_uint_eq(dropped(), 0);
	close_all();
}
END_TEST

/* As fast as memory allows, yet never so fast that one turn decides about two frames. */
START_TEST(unpaced)
{
	open_period(1, 0);
	host_start(&hc, &h, 0, 5, 0);
	host_post(&hc, 10 * CHUNKS, CHUNK, 10 * CHUNKS);
	host_ring(&hc);
	for (uint32_t frame = 0; frame < 10; frame++) {
		ck_assert_uint_le(h.dev->work(h.dev, host_now), host_now);
		expect_frame(frame, hc.data + frame * CHUNKS * CHUNK);
		expect_nothing();
	}
	h.dev->work(h.dev, host_now);
	ck_assert_uint_eq(produced(), 11);
	ck_assert_uint_eq(dropped(), 1);
	host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
	ck_assert_uint_eq(h.dev->work(h.dev, host_now), NEVER);
	close_all();
}
END_TEST

/* Lines a chunk that do not divide the frame: the last chunk is short. */
START_TEST(last_chunk_is_short)
{
	const uint32_t lens[] = { 20 * W, 20 * W, 8 * W };
	struct refcard_done done;

	open_period(1, NS_PER_MS);
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
	close_all();
}
END_TEST

/* ---- stopping ------------------------------------------------------------------------------ */

START_TEST(stop_abandons_the_frame)
{
	uint32_t seen;

	open_period(1, 3 * NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 4 * CHUNKS, CHUNK, 4 * CHUNKS);
	host_ring(&hc);
	host_work(&h, 3 * NS_PER_MS);
	host_work(&h, 4 * NS_PER_MS + NS_PER_MS / 2);
	seen = (uint32_t)produced();
	host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_STATUS), 0);
	memset(h.memory, 0, HOST_MEMORY);
	host_work(&h, 50 * NS_PER_MS);
	ck_assert(!memcmp(h.memory, h.memory + 1, HOST_MEMORY - 1));	/* still zeros */
	ck_assert_uint_eq(produced(), seen);
	/* from 0 again */
	host_start(&hc, &h, 0, 4, 0);
	ck_assert_uint_eq(produced(), 0);
	host_post(&hc, CHUNKS, CHUNK, 4 * CHUNKS);
	host_ring(&hc);
	host_work(&h, 6 * NS_PER_MS);
	expect_frame(0, hc.data);
	close_all();
}
END_TEST

/* The configuration is what it was at ENABLE. */
START_TEST(configuration_is_latched)
{
	open_period(1, NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_ch_write(&h, 0, REFCARD_CH_CHUNK_LINES, 48);
	host_ch_write(&h, 0, REFCARD_CH_RING_LO, 0);
	host_ch_write(&h, 0, REFCARD_CH_DONE_LO, 0);
	host_ch_write(&h, 0, REFCARD_CH_RING_ORDER, 9);
	host_post(&hc, CHUNKS, CHUNK, CHUNKS);
	host_ring(&hc);
	host_work(&h, 2 * NS_PER_MS);
	expect_frame(0, hc.data);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_CHUNK_LINES), 48);
	close_all();
}
END_TEST

/* ---- §9 ------------------------------------------------------------------------------------ */

/* Stopped with ERROR, and the host was told at once. */
static void expect_error(void)
{
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_STATUS), REFCARD_CH_ERROR);
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_MSIX][0], 1);
}

START_TEST(bad_configuration)
{
	const struct {
		uint32_t reg;
		uint32_t value;
	} bad[] = {
		{ REFCARD_CH_RING_ORDER, 1 },
		{ REFCARD_CH_RING_ORDER, 17 },
		{ REFCARD_CH_RING_ORDER, UINT32_MAX },
		{ REFCARD_CH_RING_LO, 32 },
		{ REFCARD_CH_DONE_LO, 63 },
		{ REFCARD_CH_CHUNK_LINES, 0 },
		{ REFCARD_CH_CHUNK_LINES, 49 },
		{ REFCARD_CH_CHUNK_LINES, UINT32_MAX },
		{ REFCARD_CH_CHUNK_LINES, 2 },	/* 24 chunks, 16 entries */
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		open_period(1, NS_PER_MS);
		host_write(&h, REFCARD_IRQ_MASK, 1);
		host_start(&hc, &h, 0, 4, 0);
		host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
		host_ch_write(&h, 0, bad[i].reg, bad[i].value);
		host_ch_write(&h, 0, REFCARD_CH_CTRL, REFCARD_CH_ENABLE);
		expect_error();
		host_ch_write(&h, 0, REFCARD_CH_DOORBELL, 3);
		host_work(&h, 5 * NS_PER_MS);
		expect_error();
		close_all();
	}
}
END_TEST

START_TEST(bad_doorbell)
{
	const uint32_t counts[] = { 17, UINT32_MAX, 5 };

	for (unsigned int i = 0; i < 3; i++) {
		open_period(1, NS_PER_MS);
		host_write(&h, REFCARD_IRQ_MASK, 1);
		host_start(&hc, &h, 0, 4, 0);
		host_ch_write(&h, 0, REFCARD_CH_DOORBELL, 6);
		host_ch_write(&h, 0, REFCARD_CH_DOORBELL, counts[i]);
		expect_error();
		close_all();
	}
}
END_TEST

static void set_descriptor(unsigned int n, uint64_t addr, uint32_t len)
{
	struct refcard_desc *desc = (struct refcard_desc *)(h.memory + HOST_RING) + n;

	desc->addr = htole64(addr);
	desc->len = htole32(len);
}

/* What came before the bad one has come; nothing comes after it; nothing else is touched. */
START_TEST(bad_descriptor)
{
	const struct {
		uint64_t addr;
		uint32_t len;
	} bad[] = {
		{ HOST_BUS + HOST_DATA, 0 },
		{ HOST_BUS + HOST_DATA, CHUNK - 1 },
		{ HOST_BUS + HOST_DATA, REFCARD_MAX_CHUNK_BYTES + 1 },
		{ HOST_BUS + HOST_DATA, UINT32_MAX },
		{ 0, CHUNK },
		{ HOST_BUS - CHUNK + 1, CHUNK },
		{ HOST_BUS + HOST_MEMORY - CHUNK + 1, CHUNK },
		{ UINT64_MAX - 10, CHUNK },
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		open_period(1, NS_PER_MS);
		host_ch_write(&h, 0, REFCARD_CH_IRQ, 0);
		host_write(&h, REFCARD_IRQ_MASK, 1);
		host_start(&hc, &h, 0, 4, 0);
		host_post(&hc, 2 * CHUNKS, CHUNK, 2 * CHUNKS);
		set_descriptor(CHUNKS + 1, bad[i].addr, bad[i].len);
		host_ring(&hc);
		host_work(&h, 5 * NS_PER_MS);
		expect_frame(0, hc.data);
		expect_chunk(1, 0, hc.data + CHUNKS * CHUNK);
		expect_nothing();
		expect_error();
		ck_assert_uint_eq(produced(), 1);
		close_all();
	}
}
END_TEST

/* The rings themselves are somewhere else. */
START_TEST(rings_without_memory)
{
	const uint32_t regs[] = { REFCARD_CH_RING_HI, REFCARD_CH_DONE_HI };

	for (unsigned int i = 0; i < 2; i++) {
		open_period(1, NS_PER_MS);
		host_write(&h, REFCARD_IRQ_MASK, 1);
		host_start(&hc, &h, 0, 4, 0);
		host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
		host_ch_write(&h, 0, regs[i], 0xffffffff);
		host_ch_write(&h, 0, REFCARD_CH_CTRL, REFCARD_CH_ENABLE);
		host_post(&hc, CHUNKS, CHUNK, CHUNKS);
		host_ring(&hc);
		host_work(&h, 3 * NS_PER_MS);
		expect_error();
		expect_nothing();
		close_all();
	}
}
END_TEST

suite_main("card_video", frames_arrive, chunks_come_as_lines_do,
	   without_a_fifo_chunks_are_punctual, pace_does_not_drift,
	   begins_with_the_first_doorbell,
	   late_card_drops_nothing, channels_are_shifted, whole_frames_or_none, hold_waits,
	   unpaced, last_chunk_is_short, stop_abandons_the_frame, configuration_is_latched,
	   bad_configuration, bad_doorbell, bad_descriptor, rings_without_memory)
