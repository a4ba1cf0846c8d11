/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_region.c - sharing the DMA region out */
#include <check.h>
#include <errno.h>
#include <stdlib.h>

#include "suite.h"
#include "userdrv/lib/region.h"

#define STRETCHES	4
#define LEN		0x10000

static uint8_t memory[STRETCHES * LEN];
static struct uiocap_segment segment[STRETCHES];
static struct transport t = { .dma = memory, .segment = segment };
static struct region r;

/* @gap 0: the stretches continue one another. */
static void set_up(unsigned int stretches, uint64_t gap)
{
	for (unsigned int i = 0; i < stretches; i++)
		segment[i] = (struct uiocap_segment){
			memory + i * LEN, 0x1000000 + i * (LEN + gap), LEN,
		};
	t.segments = stretches;
	t.dma_len = stretches * LEN;
	region_init(&r, &t);
}

/* A chunk must be where its bus address says, from its first byte to its last. */
static void check_chunks(size_t at, size_t len, size_t chunk)
{
	for (size_t off = at; off < at + len; off += chunk) {
		size_t n = off + chunk < at + len ? chunk : at + len - off;

		ck_assert_uint_eq(region_bus(&r, off) + n - 1, region_bus(&r, off + n - 1));
	}
}

START_TEST(test_one_piece_wastes_nothing)
{
	size_t at;

	set_up(1, 0);
	for (unsigned int i = 0; i < 16; i++) {
		ck_assert_int_eq(region_take(&r, 0x1000, 0x1000, &at), 0);
		ck_assert_uint_eq(at, i * 0x1000);
		ck_assert_uint_eq(region_bus(&r, at), 0x1000000 + at);
	}
	ck_assert_int_eq(region_take(&r, 1, 1, &at), -ENOSPC);
}
END_TEST

START_TEST(test_pieces_begin_on_cache_lines)
{
	size_t at;

	set_up(1, 0);
	ck_assert_int_eq(region_take(&r, 65, 65, &at), 0);
	ck_assert_int_eq(region_take(&r, 1, 1, &at), 0);
	ck_assert_uint_eq(at, 128);
}
END_TEST

/* A whole that spans a gap begins where the gap falls between two chunks, and not later. */
START_TEST(test_frame_spans_gap_chunk_does_not)
{
	size_t at, before;

	set_up(2, 0x5000);
	ck_assert_int_eq(region_take(&r, 60000, 60000, &before), 0);
	ck_assert_int_eq(region_take(&r, 10000, 3000, &at), 0);
	ck_assert_uint_eq((LEN - at) % 3000, 0);
	ck_assert_uint_lt(at - 60032, 3000);
	check_chunks(at, 10000, 3000);
}
END_TEST

START_TEST(test_no_gap_no_waste)
{
	size_t at;

	set_up(2, 0);
	ck_assert_int_eq(region_take(&r, 60000, 60000, &at), 0);
	ck_assert_int_eq(region_take(&r, 10000, 10000, &at), 0);
	ck_assert_uint_eq(at, 60032);
	check_chunks(at, 10000, 10000);
}
END_TEST

/* Every size of frame and chunk: what is handed out can be cut, and pieces do not overlap. */
START_TEST(test_any_size)
{
	unsigned int taken = 0;

	srand(1);
	for (unsigned int round = 0; round < 300; round++) {
		size_t chunk = rand() % 3000 + 1, len = chunk * (rand() % 9) + rand() % chunk + 1;
		size_t at, end = 0;

		set_up(STRETCHES, rand() % 2 ? 0x30000 : 0);
		while (region_take(&r, len, chunk, &at) == 0) {
			ck_assert_uint_ge(at, end);
			check_chunks(at, len, chunk);
			end = at + len;
			taken++;
		}
		ck_assert_uint_le(end, t.dma_len);
		/* The rest is less than a piece, its alignment and one move at most. */
		ck_assert_uint_lt(t.dma_len - end, len + REGION_ALIGN + chunk);
	}
	ck_assert_uint_gt(taken, 5000);
}
END_TEST

/* A frame longer than a stretch fits only if the stretch is a multiple of its chunks. */
START_TEST(test_longer_than_a_stretch)
{
	size_t at;

	set_up(STRETCHES, 0x5000);
	ck_assert_int_eq(region_take(&r, 2 * LEN + 1, 0x1001, &at), -ENOSPC);
	ck_assert_uint_eq(r.used, 0);
	ck_assert_int_eq(region_take(&r, 2 * LEN + 1, 0x1000, &at), 0);
	check_chunks(at, 2 * LEN + 1, 0x1000);
}
END_TEST

START_TEST(test_absurd_size)
{
	size_t at;

	set_up(1, 0);
	ck_assert_int_eq(region_take(&r, SIZE_MAX, 64, &at), -ENOSPC);
	ck_assert_int_eq(region_take(&r, SIZE_MAX - 32, SIZE_MAX - 32, &at), -ENOSPC);
}
END_TEST

suite_main("region", test_one_piece_wastes_nothing, test_pieces_begin_on_cache_lines,
	   test_frame_spans_gap_chunk_does_not, test_no_gap_no_waste, test_any_size,
	   test_longer_than_a_stretch, test_absurd_size)
