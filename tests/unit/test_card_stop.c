/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_card_stop.c - the simulated card's channels stop: told to, or in error (refcard §8, §9) */
#include <endian.h>
#include <string.h>

#include "card_video.h"

START_TEST(stop_abandons_the_frame)
{
	uint32_t seen;

	video_open(1, 3 * NS_PER_MS);
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 4 * CHUNKS, CHUNK, 4 * CHUNKS);
	host_ring(&hc);
	host_work(&h, 3 * NS_PER_MS);
	host_work(&h, 4 * NS_PER_MS + NS_PER_MS / 2);
	seen = (uint32_t)video_produced();
	host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_STATUS), 0);
	memset(h.memory, 0, HOST_MEMORY);
	host_work(&h, 50 * NS_PER_MS);
	ck_assert(!memcmp(h.memory, h.memory + 1, HOST_MEMORY - 1));	/* still zeros */
	ck_assert_uint_eq(video_produced(), seen);
	/* from 0 again */
	host_start(&hc, &h, 0, 4, 0);
	ck_assert_uint_eq(video_produced(), 0);
	host_post(&hc, CHUNKS, CHUNK, 4 * CHUNKS);
	host_ring(&hc);
	host_work(&h, 6 * NS_PER_MS);
	video_expect_frame(0, hc.data);
	video_close();
}
END_TEST

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
		video_open(1, NS_PER_MS);
		host_write(&h, REFCARD_IRQ_MASK, 1);
		host_start(&hc, &h, 0, 4, 0);
		host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
		host_ch_write(&h, 0, bad[i].reg, bad[i].value);
		host_ch_write(&h, 0, REFCARD_CH_CTRL, REFCARD_CH_ENABLE);
		expect_error();
		host_ch_write(&h, 0, REFCARD_CH_DOORBELL, 3);
		host_work(&h, 5 * NS_PER_MS);
		expect_error();
		video_close();
	}
}
END_TEST

START_TEST(bad_doorbell)
{
	const uint32_t counts[] = { 17, UINT32_MAX, 5 };

	for (unsigned int i = 0; i < 3; i++) {
		video_open(1, NS_PER_MS);
		host_write(&h, REFCARD_IRQ_MASK, 1);
		host_start(&hc, &h, 0, 4, 0);
		host_ch_write(&h, 0, REFCARD_CH_DOORBELL, 6);
		host_ch_write(&h, 0, REFCARD_CH_DOORBELL, counts[i]);
		expect_error();
		video_close();
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
		video_open(1, NS_PER_MS);
		host_ch_write(&h, 0, REFCARD_CH_IRQ, 0);
		host_write(&h, REFCARD_IRQ_MASK, 1);
		host_start(&hc, &h, 0, 4, 0);
		host_post(&hc, 2 * CHUNKS, CHUNK, 2 * CHUNKS);
		set_descriptor(CHUNKS + 1, bad[i].addr, bad[i].len);
		host_ring(&hc);
		host_work(&h, 5 * NS_PER_MS);
		video_expect_frame(0, hc.data);
		video_expect_chunk(1, 0, hc.data + CHUNKS * CHUNK);
		video_expect_nothing();
		expect_error();
		ck_assert_uint_eq(video_produced(), 1);
		video_close();
	}
}
END_TEST

/* The rings themselves are somewhere else. */
START_TEST(rings_without_memory)
{
	const uint32_t regs[] = { REFCARD_CH_RING_HI, REFCARD_CH_DONE_HI };

	for (unsigned int i = 0; i < 2; i++) {
		video_open(1, NS_PER_MS);
		host_write(&h, REFCARD_IRQ_MASK, 1);
		host_start(&hc, &h, 0, 4, 0);
		host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
		host_ch_write(&h, 0, regs[i], 0xffffffff);
		host_ch_write(&h, 0, REFCARD_CH_CTRL, REFCARD_CH_ENABLE);
		host_post(&hc, CHUNKS, CHUNK, CHUNKS);
		host_ring(&hc);
		host_work(&h, 3 * NS_PER_MS);
		expect_error();
		video_expect_nothing();
		video_close();
	}
}
END_TEST

suite_main("card_stop", stop_abandons_the_frame, bad_configuration, bad_doorbell,
	   bad_descriptor, rings_without_memory)
