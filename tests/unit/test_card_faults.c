/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_card_faults.c - each fault of the simulated card is the data sheet's (refcard §10)
 */
#include <errno.h>
#include <string.h>

#include "card_host.h"
#include "sim/pattern.h"
#include "suite.h"

#define W	64u
#define CHUNK	(16u * W)
#define CHUNKS	3u
#define FRAMES	5u
#define STRUCK	4u	/* the chunk that the fault strikes: the second of frame 1 */

static struct card_host h;
static struct host_channel hc;
static struct refcard_done done[FRAMES * CHUNKS + 8];
static unsigned int dones;

/* Runs FRAMES frames of a channel with a fault on chunk STRUCK, and takes all completions. */
static void run(enum refcard_fault kind, uint32_t arg)
{
	struct sim_config config = host_config(2);

	host_open(&h, &config);
	host_write(&h, REFCARD_IRQ_MASK, 3);
	host_write(&h, REFCARD_FAULT_KIND, kind);
	host_write(&h, REFCARD_FAULT_CHANNEL, 1);
	host_write(&h, REFCARD_FAULT_AFTER, STRUCK);
	host_write(&h, REFCARD_FAULT_ARG, arg);
	host_write(&h, REFCARD_FAULT_COUNT, 1);
	host_start(&hc, &h, 1, 5, REFCARD_CH_HOLD);
	host_post(&hc, FRAMES * CHUNKS, CHUNK, FRAMES * CHUNKS);
	host_ring(&hc);
	host_work(&h, (FRAMES + 1) * NS_PER_MS);
	dones = 0;
	while (host_take(&hc, &done[dones]))
		dones++;
}

/* Is the data of the chunk what it should be? */
static bool is_right(unsigned int chunk)
{
	struct pattern *p;
	bool right = true;

	ck_assert_int_eq(pattern_new(1, W, 48, &p), 0);
	for (unsigned int y = 0; y < 16; y++) {
		if (pattern_check_line(p, chunk / CHUNKS, chunk % CHUNKS * 16 + y,
				       hc.data + chunk * CHUNK + y * W) >= 0)
			right = false;
	}
	pattern_free(p);
	return right;
}

/* Is completion @i the one that chunk @chunk has without a fault, but for the phase? */
static bool is_usual(unsigned int i, unsigned int chunk)
{
	uint32_t status = CHUNK | REFCARD_DONE_CHANNEL(1) |
			  (chunk % CHUNKS == 0 ? REFCARD_DONE_SOF : 0) |
			  (chunk % CHUNKS == CHUNKS - 1 ? REFCARD_DONE_EOF : 0);

	return done[i].frame == chunk / CHUNKS && done[i].where == (chunk % CHUNKS << 16 | chunk) &&
	       (done[i].status & ~REFCARD_DONE_PHASE) == status;
}

/* All chunks and completions but the one struck are as usual; the later ones @shift entries on. */
static void expect_usual(int shift)
{
	ck_assert_int_eq(dones, (int)(FRAMES * CHUNKS) + shift);
	for (unsigned int chunk = 0; chunk < FRAMES * CHUNKS; chunk++) {
		if (chunk == STRUCK)
			continue;
		ck_assert(is_right(chunk));
		ck_assert(is_usual(chunk > STRUCK ? chunk + (unsigned int)shift : chunk, chunk));
	}
	ck_assert_uint_eq(host_read(&h, REFCARD_FAULT_COUNT), 0);
}

static uint32_t flags(unsigned int i)
{
	return done[i].status & ~(REFCARD_DONE_PHASE | REFCARD_DONE_CHANNELS | REFCARD_DONE_LEN);
}

static uint32_t len(unsigned int i)
{
	return done[i].status & REFCARD_DONE_LEN;
}

START_TEST(none)
{
	run(REFCARD_FAULT_NONE, 0);
	ck_assert_uint_eq(dones, FRAMES * CHUNKS);
	for (unsigned int chunk = 0; chunk < FRAMES * CHUNKS; chunk++)
		ck_assert(is_right(chunk) && is_usual(chunk, chunk));
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_MSIX][1], FRAMES * CHUNKS);
	host_close(&h);
}
END_TEST

START_TEST(interrupts)
{
	run(REFCARD_FAULT_DROP_IRQ, 0);
	ck_assert(is_usual(STRUCK, STRUCK));
	expect_usual(0);
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_MSIX][1], FRAMES * CHUNKS - 1);
	host_close(&h);
	run(REFCARD_FAULT_SPURIOUS_IRQ, 0);
	ck_assert(is_usual(STRUCK, STRUCK));
	expect_usual(0);
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_MSIX][1], FRAMES * CHUNKS + 1);
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_MSIX][0], 0);
	host_close(&h);
}
END_TEST

START_TEST(drop_chunk)
{
	run(REFCARD_FAULT_DROP_CHUNK, 0);
	expect_usual(0);
	ck_assert_uint_eq(len(STRUCK), 0);
	ck_assert_uint_eq(flags(STRUCK), REFCARD_DONE_OVERRUN);
	for (unsigned int i = 0; i < CHUNK; i++)
		ck_assert_uint_eq(hc.data[STRUCK * CHUNK + i], 0);
	host_close(&h);
}
END_TEST

START_TEST(completions)
{
	run(REFCARD_FAULT_DROP_DONE, 0);
	expect_usual(-1);
	ck_assert(is_right(STRUCK));
	host_close(&h);
	run(REFCARD_FAULT_DUP_DONE, 0);
	expect_usual(1);
	ck_assert(is_usual(STRUCK, STRUCK) && is_usual(STRUCK + 1, STRUCK));
	host_close(&h);
	run(REFCARD_FAULT_SWAP_DONE, 0);
	ck_assert_uint_eq(dones, FRAMES * CHUNKS);
	ck_assert(is_usual(STRUCK, STRUCK + 1) && is_usual(STRUCK + 1, STRUCK));
	ck_assert(is_usual(STRUCK - 1, STRUCK - 1) && is_usual(STRUCK + 2, STRUCK + 2));
	host_close(&h);
}
END_TEST

START_TEST(wrong_lengths)
{
	run(REFCARD_FAULT_SHORT, 0);
	expect_usual(0);
	ck_assert_uint_eq(len(STRUCK), CHUNK / 2);
	host_close(&h);
	run(REFCARD_FAULT_LONG, 0);
	expect_usual(0);
	ck_assert_uint_eq(len(STRUCK), CHUNK + 64);
	ck_assert(is_right(STRUCK));
	host_close(&h);
}
END_TEST

START_TEST(bad_index)
{
	run(REFCARD_FAULT_BAD_INDEX, 0);
	expect_usual(0);
	ck_assert_uint_eq(done[STRUCK].where, 1u << 16 | FRAMES * CHUNKS);
	host_close(&h);
}
END_TEST

/* The host waits before that entry; the ones behind it are there. */
START_TEST(phase)
{
	run(REFCARD_FAULT_PHASE, 0);
	ck_assert_uint_eq(dones, STRUCK);
	hc.taken = STRUCK + 1;
	while (host_take(&hc, &done[dones + 1]))
		dones++;
	ck_assert_uint_eq(dones, FRAMES * CHUNKS - 1);
	ck_assert(is_usual(STRUCK + 1, STRUCK + 1));
	host_close(&h);
}
END_TEST

START_TEST(damage)
{
	uint8_t *middle;

	for (unsigned int flagged = 0; flagged < 2; flagged++) {
		run(flagged ? REFCARD_FAULT_CORRUPT : REFCARD_FAULT_SILENT, 0);
		expect_usual(0);
		ck_assert_uint_eq(len(STRUCK), CHUNK);
		ck_assert_uint_eq(flags(STRUCK), flagged ? REFCARD_DONE_CORRUPT : 0);
		ck_assert(!is_right(STRUCK));
		middle = hc.data + STRUCK * CHUNK + CHUNK / 2;
		*middle ^= 0xff;
		ck_assert(is_right(STRUCK));
		host_close(&h);
	}
}
END_TEST

/* Behind the buffer, elsewhere in memory, and where there is none. */
START_TEST(stray)
{
	const uint32_t far = HOST_AREA / 2;
	struct sim_stats stats;
	const uint8_t *at;

	run(REFCARD_FAULT_STRAY, far);
	expect_usual(0);
	ck_assert(is_right(STRUCK));
	at = hc.data + STRUCK * CHUNK + far;
	for (unsigned int i = 0; i < 64; i++)
		ck_assert_uint_eq(at[i], 0xee);
	ck_assert_uint_eq(at[-1] | at[64], 0);
	host_close(&h);

	run(REFCARD_FAULT_STRAY, 0);
	ck_assert_uint_eq(dones, FRAMES * CHUNKS);
	ck_assert(is_right(STRUCK) && is_right(STRUCK + 1));	/* overwritten by the next chunk */
	host_close(&h);

	run(REFCARD_FAULT_STRAY, HOST_MEMORY);
	expect_usual(0);
	sim_card_stats(h.card, &stats);
	ck_assert_uint_eq(stats.dma_refused, 1);
	host_close(&h);
}
END_TEST

START_TEST(dead)
{
	for (unsigned int ones = 0; ones < 2; ones++) {
		uint32_t value = ones ? UINT32_MAX : 0;

		run(ones ? REFCARD_FAULT_DEAD_ONES : REFCARD_FAULT_DEAD_ZEROS, 0);
		ck_assert_uint_eq(dones, STRUCK);
		ck_assert_uint_eq(host_read(&h, REFCARD_ID), value);
		ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_KIND), value);
		host_write(&h, REFCARD_CTRL, REFCARD_CTRL_RESET);
		host_write(&h, REFCARD_IRQ_FORCE, 1);
		ck_assert_uint_eq(host_read(&h, REFCARD_ID), value);
		ck_assert_uint_eq(h.raised[DEVICE_IRQ_MSIX][0], 0);
		host_work(&h, 10 * NS_PER_MS);
		ck_assert(!host_take(&hc, &done[0]));
		h.dev->reset(h.dev);
		ck_assert_uint_eq(host_read(&h, REFCARD_ID), REFCARD_ID_VALUE);
		host_close(&h);
	}
}
END_TEST

/* ---- from the command line ----------------------------------------------------------------- */

/* It happens as often as it was asked for, and a reset neither stops nor repeats it. */
START_TEST(fixed_faults_outlast_a_reset)
{
	struct sim_config config = host_config(1);
	unsigned int shorts = 0;

	config.faults.count = 1;
	ck_assert_int_eq(fault_parse("short:after=2:count=3", &config.faults.fixed[0]), 0);
	host_open(&h, &config);
	for (unsigned int round = 0; round < 3; round++) {
		host_write(&h, REFCARD_CTRL, REFCARD_CTRL_RESET);
		host_start(&hc, &h, 0, 4, REFCARD_CH_HOLD);
		host_post(&hc, CHUNKS, CHUNK, CHUNKS);
		host_ring(&hc);
		host_work(&h, 3 * NS_PER_MS);
		for (unsigned int i = 0; i < CHUNKS; i++) {
			ck_assert(host_take(&hc, &done[i]));
			shorts += len(i) != CHUNK;
			ck_assert(len(i) == CHUNK || round * CHUNKS + i >= 2);
		}
	}
	ck_assert_uint_eq(shorts, 3);
	host_close(&h);
}
END_TEST

START_TEST(parsing)
{
	const char *const bad[] = {
		"", "shor", "shorts", "short:", "short:x=1", "short:after", "short:after=",
		"short:after=x", "short:after=1x", "short:channel=16", "short:count=-1",
		"short:count=4294967296", "short:after=1:", ":after=1", "none",
	};
	const char *good = "stray:channel=15,after=7:count=0x10,arg=4294967295";
	struct fault fault;

	ck_assert_int_eq(fault_parse(good, &fault), 0);
	ck_assert_int_eq(fault.kind, REFCARD_FAULT_STRAY);
	ck_assert_uint_eq(fault.channel, 15);
	ck_assert_uint_eq(fault.after, 7);
	ck_assert_uint_eq(fault.left, 16);
	ck_assert_uint_eq(fault.arg, 4294967295);
	ck_assert_int_eq(fault_parse("dead-ones", &fault), 0);
	ck_assert_uint_eq(fault.left, 1);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(fault_parse(bad[i], &fault) == -EINVAL, "\"%s\" was taken", bad[i]);
}
END_TEST

suite_main("card_faults", none, interrupts, drop_chunk, completions, wrong_lengths, bad_index,
	   phase, damage, stray, dead, fixed_faults_outlast_a_reset, parsing)
