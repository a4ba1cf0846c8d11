/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_assembler.c - runs become frames, and every frame is accounted for */
#include <stdlib.h>

#include "suite.h"
#include "userdrv/lib/assembler.h"

#define BUFFERS	4
#define CHUNKS	100	/* more than a word of bits */
#define WORDS	2

static struct assembler a;
static struct uiocap_frame frame[BUFFERS];
static uint64_t have[BUFFERS][WORDS];

static void set_up(void)
{
	ck_assert_int_eq(assembler_init(&a, BUFFERS, CHUNKS), 0);
	for (unsigned int i = 0; i < BUFFERS; i++) {
		frame[i] = (struct uiocap_frame){ .have = have[i] };
		assembler_post(&a, &frame[i]);
	}
}

static void tear_down(void)
{
	assembler_exit(&a);
}

static void run(uint64_t slot, uint32_t first, uint32_t count, uint64_t number, uint32_t flags)
{
	const struct card_run r = {
		.slot = slot, .first = first, .count = count, .frame = number,
		.bytes = 10 * count, .flags = flags, .time_ns = 1000 * number + first,
	};

	assembler_run(&a, &r, 5000);
}

static struct uiocap_frame *ready(void)
{
	return frame_queue_take(&a.ready);
}

START_TEST(test_whole_frame)
{
	set_up();
	run(0, 0, CHUNKS, 0, 0);
	ck_assert_ptr_eq(ready(), &frame[0]);
	ck_assert_uint_eq(frame[0].status, 0);
	ck_assert_uint_eq(frame[0].bytes, 10 * CHUNKS);
	ck_assert_uint_eq(frame[0].host_time_ns, 5000);
	ck_assert_uint_eq(a.delivered, 1);
	ck_assert_uint_eq(assembler_known(&a), 1);
	ck_assert_ptr_null(ready());
	tear_down();
}
END_TEST

/* In any pieces and any order, a frame is ready exactly when its last chunk is there. */
START_TEST(test_any_pieces)
{
	srand(3);
	for (unsigned int round = 0; round < 500; round++) {
		uint32_t cut[CHUNKS + 1], order[CHUNKS], pieces = 0;

		set_up();
		for (uint32_t at = 0; at < CHUNKS; pieces++) {
			cut[pieces] = at;
			at += rand() % 40 + 1;
		}
		cut[pieces] = CHUNKS;
		for (uint32_t i = 0; i < pieces; i++) {
			uint32_t j = rand() % (i + 1);

			order[i] = order[j];
			order[j] = i;
		}
		for (uint32_t i = 0; i < pieces; i++) {
			uint32_t p = order[i];

			ck_assert_ptr_null(ready());
			run(0, cut[p], cut[p + 1] - cut[p], 0, 0);
		}
		ck_assert_ptr_eq(ready(), &frame[0]);
		ck_assert_uint_eq(frame[0].status + a.bad, 0);
		ck_assert_uint_eq(frame[0].bytes, 10 * CHUNKS);
		tear_down();
	}
}
END_TEST

START_TEST(test_later_slot_ends_an_earlier)
{
	set_up();
	run(0, 0, 40, 0, 0);
	run(0, 41, 59, 0, 0);
	ck_assert_ptr_null(ready());
	run(1, 0, 1, 1, 0);
	ck_assert_ptr_eq(ready(), &frame[0]);
	ck_assert_uint_eq(frame[0].status, UIOCAP_FRAME_MISSING);
	ck_assert_uint_eq(a.incomplete, 1);
	ck_assert_uint_eq(a.delivered, 0);
	run(0, 40, 1, 0, 0);		/* too late */
	ck_assert_uint_eq(a.bad, 1);
	tear_down();
}
END_TEST

/* A buffer that nothing came for is no frame; the number of what was meant for it is lost. */
START_TEST(test_empty_slot_is_spare)
{
	set_up();
	run(2, 0, CHUNKS, 2, 0);
	ck_assert_ptr_eq(ready(), &frame[2]);
	ck_assert_ptr_null(ready());
	ck_assert_ptr_eq(frame_queue_take(&a.spare), &frame[0]);
	ck_assert_ptr_eq(frame_queue_take(&a.spare), &frame[1]);
	ck_assert_uint_eq(frame[2].lost, 2);
	ck_assert_uint_eq(frame[2].status, UIOCAP_FRAME_LATE);
	ck_assert_uint_eq(assembler_known(&a), 3);
	tear_down();
}
END_TEST

START_TEST(test_what_cannot_be_is_counted)
{
	set_up();
	run(4, 0, 7, 4, 0);		/* not posted */
	ck_assert_uint_eq(a.bad, 7);
	run(UINT64_MAX, 0, 1, 0, 0);
	ck_assert_uint_eq(a.bad, 8);
	run(0, 0, 10, 0, 0);
	run(0, 5, 10, 0, 0);		/* five of them a second time */
	ck_assert_uint_eq(a.bad, 13);
	run(0, 50, 3, 1, 0);		/* another frame in the same buffer */
	ck_assert_uint_eq(a.bad, 16);
	ck_assert_uint_eq(frame[0].arrived, 15);
	ck_assert_ptr_null(ready());
	tear_down();
}
END_TEST

START_TEST(test_damage_is_marked)
{
	set_up();
	run(0, 0, 1, 0, CARD_RUN_CORRUPT);
	run(0, 1, CHUNKS - 1, 0, 0);
	run(1, 0, CHUNKS, 1, CARD_RUN_LATE);
	run(2, 0, CHUNKS, 2, CARD_RUN_END);
	ck_assert_uint_eq(ready()->status, UIOCAP_FRAME_CORRUPT);
	ck_assert_uint_eq(ready()->status, UIOCAP_FRAME_LATE);
	ck_assert_uint_eq(ready()->status, UIOCAP_FRAME_END);
	ck_assert_uint_eq(a.incomplete, 1);
	ck_assert_uint_eq(a.delivered, 2);
	ck_assert(a.ended);
	tear_down();
}
END_TEST

START_TEST(test_end_alone)
{
	set_up();
	run(0, 0, 0, 0, CARD_RUN_END);
	ck_assert(a.ended);
	ck_assert_ptr_null(ready());
	ck_assert_uint_eq(assembler_stop(&a, 0, 1), 0);
	tear_down();
}
END_TEST

START_TEST(test_stop)
{
	set_up();
	run(0, 0, CHUNKS, 0, 0);
	run(1, 0, 10, 1, 0);
	ck_assert_uint_eq(assembler_known(&a), 1);
	ck_assert_uint_eq(assembler_stop(&a, 1, 1), 1);	/* the second was cut off */
	ck_assert_uint_eq(a.incomplete, 0);
	ck_assert_uint_eq(assembler_stop(&a, 5, 1), 5);	/* it was not */
	ck_assert_uint_eq(a.incomplete, 1);
	ck_assert_uint_eq(assembler_stop(&a, 0, 1), 2);	/* what came, came */
	tear_down();
}
END_TEST

/* Times of chunks in the wrong order: the frame has the latest. */
START_TEST(test_time_is_the_latest)
{
	set_up();
	run(0, 50, 50, 0, 0);
	run(0, 0, 50, 0, 0);
	ck_assert_uint_eq(ready()->card_time_ns, 50);
	tear_down();
}
END_TEST

suite_main("assembler", test_whole_frame, test_any_pieces, test_later_slot_ends_an_earlier,
	   test_empty_slot_is_spare, test_what_cannot_be_is_counted, test_damage_is_marked,
	   test_end_alone, test_stop, test_time_is_the_latest)
