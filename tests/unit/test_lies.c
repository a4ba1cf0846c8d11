/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_lies.c - what a card of the kind refcard should never say */
#include "bench_card.h"

#define HEIGHT	72	/* 4 chunks of 16 lines and one of 8 */
#define CHUNKS	5

/* A frame of which chunk @chunk is completed by @lie instead. */
static void frame_with(uint32_t chunk, void (*lie)(uint32_t chunk, uint64_t desc))
{
	for (uint32_t i = 0; i < CHUNKS; i++) {
		if (i == chunk)
			lie(i, fake_payload(rc, 0, i));
		else
			fake_chunk(rc, 0, i);
	}
	fake_end_frame(rc, 0);
}

static void lie_drop(uint32_t chunk, uint64_t desc)
{
	(void)chunk;
	(void)desc;
}

static void lie_short(uint32_t chunk, uint64_t desc)
{
	fake_done(rc, 0, rc->ch[0].frame, chunk, desc, fake_status(rc, 0, chunk) - 1);
}

static void lie_long(uint32_t chunk, uint64_t desc)
{
	fake_done(rc, 0, rc->ch[0].frame, chunk, desc, fake_status(rc, 0, chunk) + 64);
}

static void lie_overrun(uint32_t chunk, uint64_t desc)
{
	uint32_t bounds = fake_status(rc, 0, chunk) & (REFCARD_DONE_SOF | REFCARD_DONE_EOF);

	fake_done(rc, 0, rc->ch[0].frame, chunk, desc, bounds | REFCARD_DONE_OVERRUN);
}

static void lie_index(uint32_t chunk, uint64_t desc)
{
	(void)desc;
	fake_done(rc, 0, rc->ch[0].frame, chunk, rc->ch[0].doorbell, fake_status(rc, 0, chunk));
}

static void lie_chunk(uint32_t chunk, uint64_t desc)
{
	fake_done(rc, 0, rc->ch[0].frame, chunk + 1, desc, fake_status(rc, 0, chunk));
}

static void lie_frame(uint32_t chunk, uint64_t desc)
{
	fake_done(rc, 0, rc->ch[0].frame + 9, chunk, desc, fake_status(rc, 0, chunk));
}

static void lie_bounds(uint32_t chunk, uint64_t desc)
{
	fake_done(rc, 0, rc->ch[0].frame, chunk, desc,
		  fake_status(rc, 0, chunk) ^ REFCARD_DONE_SOF);
}

static void lie_phase(uint32_t chunk, uint64_t desc)
{
	fake_done(rc, 0, rc->ch[0].frame, chunk, desc,
		  fake_status(rc, 0, chunk) ^ REFCARD_DONE_PHASE);
}

/*
 * A lie in each place of a frame: that frame is incomplete, and lacks the chunk in question; those
 * before and after it are whole. In every pass over the ring, so that nothing is left behind.
 */
static void one_chunk_missing(void (*lie)(uint32_t chunk, uint64_t desc), uint32_t first)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	for (unsigned int n = 0; n < 200; n++) {
		uint32_t chunk = first + n % (CHUNKS - first), line = 0, lines;
		struct uiocap_frame *frame;

		frame_with(chunk, lie);
		fake_frame(rc, 0);
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_number(frame), 2 * n);
		ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_MISSING);
		ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
		ck_assert_uint_eq(line, 16 * chunk);
		ck_assert_uint_eq(lines, chunk == CHUNKS - 1 ? 8 : 16);
		line += lines;
		ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 0);
		bench_check_payload(frame);
		uiocap_frame_release(frame);
		frame = bench_get();
		ck_assert_uint_eq(uiocap_frame_number(frame), 2 * n + 1);
		ck_assert_uint_eq(uiocap_frame_status(frame), 0);
		bench_check_payload(frame);
		uiocap_frame_release(frame);
	}
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(bench_stats(0).produced, 400);
	ck_assert_uint_eq(bench_stats(0).delivered, 200);
	ck_assert_uint_eq(bench_stats(0).incomplete, 200);
	ck_assert_uint_eq(bench_stats(0).lost, 0);
	bench_close();
}

static const struct {
	const char *name;
	void (*lie)(uint32_t chunk, uint64_t desc);
	uint32_t first;	/* chunk that it makes sense for */
} lies[] = {
	{ "drop", lie_drop, 0 },
	{ "short", lie_short, 0 },
	{ "long", lie_long, 0 },
	{ "overrun", lie_overrun, 0 },
	{ "index", lie_index, 0 },
	{ "chunk", lie_chunk, 0 },
	{ "frame", lie_frame, 1 },	/* in the first chunk it is a frame after a gap */
	{ "bounds", lie_bounds, 0 },
	{ "phase", lie_phase, 0 },
};

START_TEST(test_one_chunk_missing)
{
	one_chunk_missing(lies[_i].lie, lies[_i].first);
}
END_TEST

START_TEST(test_damage_is_marked)
{
	struct uiocap_frame *frame;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(4);
	for (uint32_t i = 0; i < CHUNKS; i++)
		fake_done(rc, 0, 0, i, fake_payload(rc, 0, i),
			  fake_status(rc, 0, i) | (i == 2 ? REFCARD_DONE_CORRUPT : 0));
	fake_end_frame(rc, 0);
	frame = bench_get();
	ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_CORRUPT);
	uiocap_frame_release(frame);
	ck_assert_uint_eq(bench_stats(0).incomplete, 1);
	bench_close();
}
END_TEST

/* Everything came, only the completions are doubled or in the wrong order: nothing is missing. */
START_TEST(test_doubled_and_swapped)
{
	struct uiocap_stats s;

	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(6);
	for (unsigned int n = 0; n < 500; n++) {
		uint64_t desc[2 * CHUNKS];
		unsigned int odd = n % (2 * CHUNKS - 1);

		for (uint32_t i = 0; i < 2 * CHUNKS; i++) {
			desc[i] = fake_payload(rc, 0, i % CHUNKS);
			rc->ch[0].frame += i % CHUNKS == CHUNKS - 1;
		}
		for (uint32_t i = 0; i < 2 * CHUNKS; i++) {
			uint32_t j = n % 2 ? i : i == odd ? odd + 1 : i == odd + 1 ? odd : i;
			uint32_t frame = rc->ch[0].frame - 2 + j / CHUNKS;

			for (unsigned int k = 0; k < (n % 2 && i == odd ? 2u : 1u); k++)
				fake_done(rc, 0, frame, j % CHUNKS, desc[j],
					  fake_status(rc, 0, j % CHUNKS));
		}
		for (unsigned int i = 0; i < 2; i++) {
			struct uiocap_frame *frame = bench_get();

			ck_assert_uint_eq(uiocap_frame_number(frame), 2 * n + i);
			ck_assert_uint_eq(uiocap_frame_status(frame), 0);
			bench_check_payload(frame);
			uiocap_frame_release(frame);
		}
	}
	s = bench_stats(0);
	ck_assert_uint_eq(s.delivered, 1000);
	ck_assert_uint_eq(s.bad, 250);
	bench_close();
}
END_TEST

/* A row of wrong phases does not stop the walk for ever, however long it is. */
START_TEST(test_many_holes)
{
	bench_open(1, HEIGHT, 1, 1 << 20);
	bench_start(8);
	for (unsigned int holes = 1; holes < 5 * CHUNKS; holes++) {
		struct uiocap_frame *frame = NULL;
		unsigned int looks = 0;

		for (unsigned int n = 0; n < 6 * CHUNKS; n++) {
			if (n < holes)
				lie_phase(n % CHUNKS, fake_payload(rc, 0, n % CHUNKS));
			else
				fake_chunk(rc, 0, n % CHUNKS);
			if (n % CHUNKS == CHUNKS - 1)
				fake_end_frame(rc, 0);
		}
		while (uiocap_card_acquire(card, 0, &frame) == 0)
			ck_assert_uint_le(++looks, holes);
		do {
			bench_check_payload(frame);
			uiocap_frame_release(frame);
		} while (uiocap_card_acquire(card, 0, &frame) == 1);
	}
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(bench_stats(0).bad, 5 * CHUNKS * (5 * CHUNKS - 1) / 2);
	bench_close();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lies");
	TCase *tc = tcase_create("lies");

	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, test_one_chunk_missing, 0, sizeof(lies) / sizeof(lies[0]));
	tcase_add_test(tc, test_damage_is_marked);
	tcase_add_test(tc, test_doubled_and_swapped);
	tcase_add_test(tc, test_many_holes);
	return suite_run(suite);
}
