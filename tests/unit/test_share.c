// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_share.c - what a client can have of uiocapd's ring, and that it all goes back
 */
#include <errno.h>

#include "suite.h"
#include "userdrv/daemon/share.h"

#define COUNT	32
#define BYTES	4096
#define MOST	8
#define VIDEO	0
#define STREAM	1

static struct slots *slots;
static struct shares shares;

static void set_up(void)
{
	ck_assert_int_eq(slots_new(COUNT, BYTES, &slots), 0);
	ck_assert_int_eq(shares_init(&shares, slots, MOST), 0);
}

static void tear_down(void)
{
	shares_exit(&shares);
	ck_assert_uint_eq(slots_used(slots), 0);
	ck_assert_uint_eq(slots_reserved(slots), 0);
	slots_free(slots);
}

/* A frame is read into a slot of its own, handed out and no longer the source's. */
static unsigned int fill(unsigned int channel)
{
	int slot = slots_take(slots);

	ck_assert_int_ge(slot, 0);
	shares_hold(&shares, channel, slot);
	slots_drop(slots, slot);
	return slot;
}

START_TEST(reserved_once_and_no_more_than_allowed)
{
	set_up();
	ck_assert_int_eq(shares_start(&shares, VIDEO, MOST + 1), -ENOSPC);
	ck_assert_uint_eq(slots_reserved(slots), 0);
	ck_assert_int_eq(shares_start(&shares, VIDEO, MOST), 0);
	ck_assert_int_eq(shares_start(&shares, VIDEO, 1), -EBUSY);
	ck_assert_uint_eq(slots_reserved(slots), MOST);
	ck_assert_int_eq(slots_reserve(slots, COUNT - MOST), 0);
	ck_assert_int_eq(shares_start(&shares, STREAM, 1), -ENOSPC);
	ck_assert(!shares.channel[STREAM].started);
	slots_unreserve(slots, COUNT - MOST);
	ck_assert_int_eq(shares_start(&shares, STREAM, 1), 0);
	tear_down();
}
END_TEST

START_TEST(given_as_many_as_reserved)
{
	set_up();
	ck_assert_int_eq(shares_start(&shares, VIDEO, 4), 0);
	ck_assert_int_eq(shares_give(&shares, VIDEO, 2, 100), 0);
	ck_assert_int_eq(shares_give(&shares, VIDEO, 2, 200), 0);
	ck_assert_uint_eq(shares.channel[VIDEO].base, 100);
	fill(VIDEO);
	ck_assert_uint_eq(shares.channel[VIDEO].free, 3);
	ck_assert_uint_eq(shares.channel[VIDEO].held, 1);
	ck_assert_int_eq(shares_give(&shares, VIDEO, 1, 201), -ENOSPC);
	tear_down();
}
END_TEST

START_TEST(given_back_what_is_held_and_nothing_else)
{
	unsigned int slot;

	set_up();
	ck_assert_int_eq(shares_start(&shares, VIDEO, 4), 0);
	ck_assert_int_eq(shares_start(&shares, STREAM, 4), 0);
	ck_assert_int_eq(shares_give(&shares, VIDEO, 4, 0), 0);
	slot = fill(VIDEO);
	ck_assert_int_eq(shares_drop(&shares, STREAM, slot), -EINVAL);
	ck_assert_int_eq(shares_drop(&shares, VIDEO, (slot + 1) % COUNT), -EINVAL);
	ck_assert_int_eq(shares_drop(&shares, VIDEO, COUNT), -EINVAL);
	ck_assert_int_eq(shares_drop(&shares, VIDEO, slot), 0);
	ck_assert_int_eq(shares_drop(&shares, VIDEO, slot), -EINVAL);
	ck_assert_uint_eq(slots_used(slots), 0);
	tear_down();
}
END_TEST

/* The frames of the run before stay until the next one. */
START_TEST(stopped_with_frames_in_hand)
{
	set_up();
	ck_assert_int_eq(shares_start(&shares, VIDEO, 4), 0);
	ck_assert_int_eq(shares_give(&shares, VIDEO, 4, 0), 0);
	fill(VIDEO);
	fill(VIDEO);
	shares_stop(&shares, VIDEO);
	ck_assert_uint_eq(slots_used(slots), 2);
	ck_assert_uint_eq(slots_reserved(slots), 2);
	ck_assert_uint_eq(shares.channel[VIDEO].free, 0);
	ck_assert_int_eq(shares_start(&shares, VIDEO, 3), 0);
	ck_assert_uint_eq(slots_used(slots), 0);
	ck_assert_uint_eq(slots_reserved(slots), 3);
	ck_assert_int_eq(shares_give(&shares, VIDEO, 1, 50), 0);
	ck_assert_uint_eq(shares.channel[VIDEO].base, 50);
	fill(VIDEO);
	tear_down();
}
END_TEST

suite_main("share", reserved_once_and_no_more_than_allowed, given_as_many_as_reserved,
	   given_back_what_is_held_and_nothing_else, stopped_with_frames_in_hand)
