/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_random_faults.c - whatever goes wrong at random, every frame is accounted for and none is
 * told to be whole that is not
 *
 * A million chunks for each kind of card that is not well: one that loses things, and one that
 * lies. The seed is printed when a test fails; UIOCAP_SEED=NUMBER repeats that run or tries
 * another.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench_card.h"

#define HEIGHT		248	/* 15 chunks of 16 lines and one of 8 */
#define CHANNELS	3
#define BUFFERS		6
#define CHUNKS		1000000u
#define ONE_IN		40	/* chunks something happens to */
#define CLEAN		(4 * BUFFERS)

/* The losses first: of these alone the first kind of card is capable. */
enum fault {
	LOSE_DONE, LOSE_CHUNK, DOUBLE, SWAP, SHORT, CORRUPT, OVERRUN, PHASE, LOSE_FRAME, LOSSES,
	LONG = LOSSES, FRAME, CHUNK, DESC, BOUNDS, CHANNEL, GARBAGE, FAULTS
};

/* A completion kept back until after the next one: SWAP. */
static struct kept {
	bool is;
	uint32_t frame, chunk, status;
	uint64_t desc;
} kept[CHANNELS];

static uint64_t state;

/* xorshift64*, Vigna 2016: short, and the same everywhere. */
static uint32_t chance(uint32_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1d) >> 32) % n;
}

static void done(unsigned int ch, uint32_t frame, uint32_t chunk, uint64_t desc, uint32_t status)
{
	struct kept *k = &kept[ch];

	fake_done(rc, ch, frame, chunk, desc, status);
	if (k->is)
		fake_done(rc, ch, k->frame, k->chunk, k->desc, k->status);
	k->is = false;
}

/* The descriptor is used for the chunk, but nothing of it has come. */
static uint64_t without_payload(unsigned int ch)
{
	return rc->ch[ch].desc++;
}

static void lose(unsigned int ch, uint32_t chunk, enum fault fault)
{
	const uint32_t frame = rc->ch[ch].frame;
	const uint32_t status = fake_status(rc, ch, chunk);
	uint64_t desc = fault == LOSE_CHUNK ? without_payload(ch) : fake_payload(rc, ch, chunk);

	if (fault == DOUBLE)
		done(ch, frame, chunk, desc, status);
	if (fault == DOUBLE)
		done(ch, frame, chunk, desc, status);
	else if (fault == SWAP && !kept[ch].is)
		kept[ch] = (struct kept){ true, frame, chunk, status, desc };
	else if (fault == SHORT)
		done(ch, frame, chunk, desc, status - 1 - chance(64));
	else if (fault == CORRUPT)
		done(ch, frame, chunk, desc, status | REFCARD_DONE_CORRUPT);
	else if (fault == OVERRUN)
		done(ch, frame, chunk, desc, (status & ~REFCARD_DONE_LEN) | REFCARD_DONE_OVERRUN);
	else if (fault == PHASE)
		done(ch, frame, chunk, desc, status ^ REFCARD_DONE_PHASE);
}

static void lie(unsigned int ch, uint32_t chunk, enum fault fault)
{
	const uint32_t frame = rc->ch[ch].frame;
	const uint32_t status = fake_status(rc, ch, chunk);
	uint64_t desc = fake_payload(rc, ch, chunk);

	switch (fault) {
	case LONG:
		return done(ch, frame, chunk, desc, status + 1 + chance(4096));
	case FRAME:
		return done(ch, frame + 1 + chance(UINT32_MAX), chunk, desc, status);
	case CHUNK:
		return done(ch, frame, chunk + 1 + chance(0xffff), desc, status);
	case DESC:
		return done(ch, frame, chunk, desc + 1 + chance(0xffff), status);
	case BOUNDS:
		return done(ch, frame, chunk, desc, status ^ REFCARD_DONE_EOF);
	case CHANNEL:
		return done((ch + 1) % CHANNELS, frame, chunk, desc, status);
	default:
		return done(ch, chance(UINT32_MAX), chance(0x10000), chance(0x10000),
			    chance(UINT32_MAX));
	}
}

static void chunk(unsigned int ch, uint32_t n, enum fault most)
{
	enum fault fault = most > 0 && chance(ONE_IN) == 0 ? chance(most) : FAULTS;

	if (fault < LOSSES)
		lose(ch, n, fault);
	else if (fault < FAULTS)
		lie(ch, n, fault);
	else
		done(ch, rc->ch[ch].frame, n, fake_payload(rc, ch, n), fake_status(rc, ch, n));
}

/* One in a hundred is dropped by the card itself, for which it has a right. */
static void frame(unsigned int ch, enum fault most)
{
	bool dropped = fake_room(rc, ch) < fake_chunks(rc, ch) || (most > 0 && chance(100) == 0);

	for (uint32_t n = 0; !dropped && n < fake_chunks(rc, ch); n++)
		chunk(ch, n, most);
	fake_end_frame(rc, ch);
}

/*
 * Takes what there is. Returns how many were whole. Of a card that loses, what is said to be there
 * is there; the number of an incomplete frame may be a lie.
 */
static unsigned int take_all(uint64_t got[CHANNELS], enum fault most)
{
	struct uiocap_frame *frame;
	unsigned int whole = 0;

	while (uiocap_card_acquire(card, 0, &frame) == 1) {
		unsigned int ch = uiocap_frame_channel(frame)->number;

		if (uiocap_frame_status(frame) == 0 || most <= LOSSES)
			bench_check_payload(frame);
		whole += uiocap_frame_status(frame) == 0;
		got[ch]++;
		uiocap_frame_release(frame);
		bench_check_account(ch);
	}
	return whole;
}

/* Once the card is well again, so is everything: from the second frame on each one is whole. */
static void check_recovery(uint64_t got[CHANNELS])
{
	unsigned int whole = 0;

	for (unsigned int n = 0; n < CLEAN; n++) {
		for (unsigned int ch = 0; ch < CHANNELS; ch++)
			frame(ch, 0);
		whole = take_all(got, 0);
	}
	ck_assert_uint_eq(whole, CHANNELS);
}

static void suffer(enum fault most, uint64_t seed)
{
	const char *given = getenv("UIOCAP_SEED");
	uint64_t got[CHANNELS] = { 0 };

	state = given ? strtoull(given, NULL, 0) : seed;
	printf("# UIOCAP_SEED=%ju\n", (uintmax_t)state);
	fflush(stdout);
	memset(kept, 0, sizeof(kept));
	bench_open(CHANNELS, HEIGHT, 2, 1 << 20);
	bench_start(BUFFERS);
	for (unsigned int n = 0; n < CHUNKS; n += fake_chunks(rc, 0)) {
		frame(n % CHANNELS, most);
		if (n % CHANNELS == 0)
			take_all(got, most);
	}
	take_all(got, most);
	check_recovery(got);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	take_all(got, most);
	for (unsigned int ch = 0; ch < CHANNELS; ch++) {
		struct uiocap_stats s = bench_stats(ch);

		bench_check_account(ch);
		ck_assert_uint_eq(s.delivered + s.incomplete, got[ch]);
		ck_assert_uint_gt(s.incomplete, 100);
		ck_assert_uint_gt(s.delivered, 1000);
		ck_assert_uint_eq(s.produced, rc->ch[ch].produced);
	}
	bench_close();
}

START_TEST(card_that_loses)
{
	suffer(LOSSES, 0x6c6f7373);
}
END_TEST

START_TEST(card_that_lies)
{
	suffer(FAULTS, 0x6c696573);
}
END_TEST

suite_main("random_faults", card_that_loses, card_that_lies)
