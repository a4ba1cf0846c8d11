/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ring.c - descriptor and completion ring: places, phases, holes */
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "userdrv/lib/ring.h"

#define ORDER	3
#define ENTRIES	8

static struct ring r;
static _Alignas(64) uint8_t memory[ENTRIES * 32];

static void set_up(void)
{
	memset(memory, 0, sizeof(memory));
	ck_assert_uint_eq(ring_bytes(ORDER), sizeof(memory));
	ring_init(&r, memory, ORDER);
}

/* The card's n-th completion, at its place with its phase. */
static void complete(uint64_t n, uint32_t frame, uint32_t chunk, uint32_t desc, uint32_t status)
{
	struct refcard_done *d = &r.done[n % ENTRIES];

	d->frame = frame;
	d->where = chunk << 16 | (uint16_t)desc;
	d->time = n;
	d->status = status | (n / ENTRIES % 2 ? 0 : REFCARD_DONE_PHASE);
}

START_TEST(test_order)
{
	ck_assert_uint_eq(ring_order(1), REFCARD_MIN_RING_ORDER);
	ck_assert_uint_eq(ring_order(4), 2);
	ck_assert_uint_eq(ring_order(5), 3);
	ck_assert_uint_eq(ring_order(0x8000), 15);
}
END_TEST

START_TEST(test_post_wraps)
{
	const struct refcard_desc desc[5] = {
		{ 100, 64, 0 }, { 200, 64, 0 }, { 300, 64, 0 }, { 400, 64, 0 }, { 500, 7, 0 },
	};

	set_up();
	for (unsigned int n = 0; n < 200; n++) {
		ring_post(&r, desc, 5);
		ck_assert_uint_eq(r.posted, 5 * (n + 1));
		for (unsigned int i = 0; i < 5; i++) {
			ck_assert_mem_eq(&r.desc[(5 * n + i) % ENTRIES], &desc[i], 16);
		}
	}
}
END_TEST

/* Nothing is written: neither in the zeroed ring nor in what each pass leaves behind. */
START_TEST(test_phase_over_many_passes)
{
	set_up();
	for (uint64_t n = 0; n < 100 * ENTRIES; n++) {
		const uint32_t status[1] = { 5 | ring_phase(&r, n) };

		ck_assert(!ring_written(&r, n));
		ck_assert_uint_eq(ring_match(&r, RING_KEY(n, n, 0), status, 1), 0);
		complete(n, n, 0, n, 5);
		ck_assert(ring_written(&r, n));
		ck_assert_uint_eq(ring_match(&r, RING_KEY(n, n, 0), status, 1), 1);
		ck_assert_uint_eq(ring_time(&r, 0), n);
		r.taken++;
	}
}
END_TEST

/* Seven: a group of four that are compared in a turn, and three by themselves. */
START_TEST(test_match_stops_at_the_first_difference)
{
	uint32_t status[7];

	for (unsigned int bad = 0; bad < 7; bad++) {
		set_up();
		for (unsigned int i = 0; i < 7; i++) {
			status[i] = (i + 3) / 2 | REFCARD_DONE_PHASE;
			complete(i, 9, i, i, (i + 3) / 2);
		}
		for (unsigned int n = 0; n <= 7; n++)
			ck_assert_uint_eq(ring_match(&r, RING_KEY(9, 0, 0), status, n), n);
		ck_assert_uint_eq(ring_match(&r, RING_KEY(8, 0, 0), status, 7), 0);
		ck_assert_uint_eq(ring_match(&r, RING_KEY(9, 1, 0), status, 7), 0);
		r.done[bad].status ^= REFCARD_DONE_CORRUPT;
		ck_assert_uint_eq(ring_match(&r, RING_KEY(9, 0, 0), status, 7), bad);
		r.done[bad].status ^= REFCARD_DONE_CORRUPT | REFCARD_DONE_PHASE;
		ck_assert_uint_eq(ring_match(&r, RING_KEY(9, 0, 0), status, 7), bad);
		r.done[bad].status ^= REFCARD_DONE_PHASE;
		r.done[bad].where += 1 << 16;
		ck_assert_uint_eq(ring_match(&r, RING_KEY(9, 0, 0), status, 7), bad);
		r.done[bad].where -= 1 << 16;
		r.done[bad].frame++;
		ck_assert_uint_eq(ring_match(&r, RING_KEY(9, 0, 0), status, 7), bad);
	}
}
END_TEST

START_TEST(test_take_decodes)
{
	struct done d;

	set_up();
	complete(0, 0x89abcdef, 0xfedc, 0x1234, 77);
	d = ring_take(&r);
	ck_assert_uint_eq(d.frame, 0x89abcdef);
	ck_assert_uint_eq(d.chunk, 0xfedc);
	ck_assert_uint_eq(d.desc, 0x1234);
	ck_assert_uint_eq(d.status, 77 | REFCARD_DONE_PHASE);
	ck_assert_uint_eq(r.taken, 1);
}
END_TEST

/* A completion with the wrong phase is stepped over once one further on is there, in any pass. */
START_TEST(test_hole)
{
	set_up();
	for (uint64_t n = 0; n < 10 * ENTRIES; n += 2) {
		complete(n, 1, 0, n, 1);
		r.done[n % ENTRIES].status ^= REFCARD_DONE_PHASE;
		ck_assert(!ring_hole(&r, 1));
		complete(n + 1, 1, 0, n + 1, 1);
		ck_assert(ring_hole(&r, 1));
		ring_skip(&r);
		ck_assert(ring_written(&r, r.taken));
		ck_assert(!ring_hole(&r, 1));
		ring_take(&r);
	}
}
END_TEST

START_TEST(test_exchange)
{
	set_up();
	for (uint64_t n = 0; n < 10 * ENTRIES; n += 3) {	/* at the end of the ring, too */
		complete(n, 1, 0, n + 1, 10);
		complete(n + 1, 1, 0, n, 11);
		complete(n + 2, 1, 0, n + 2, 12);
		ring_exchange(&r);
		for (unsigned int i = 0; i < 3; i++) {
			ck_assert(ring_written(&r, r.taken));
			ck_assert_uint_eq(ring_take(&r).desc, (uint16_t)(n + i));
		}
		ck_assert(!ring_written(&r, r.taken));
	}
}
END_TEST

suite_main("ring", test_order, test_post_wraps, test_phase_over_many_passes,
	   test_match_stops_at_the_first_difference, test_take_decodes, test_hole, test_exchange)
