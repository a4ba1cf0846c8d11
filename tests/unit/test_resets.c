/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_resets.c - a card that is reset at any moment: the account is exact whatever else happens */
#include <errno.h>

#include "bench_resume.h"

#define STEPS		200000
#define HELD		5
#define BUFFERS		7

/* What a channel has shown so far. */
struct seen {
	struct uiocap_frame *held[HELD];
	uint64_t number[HELD];
	uint64_t next;
	uint64_t frames;
	uint32_t chunk;
};

static void release(struct seen *s, unsigned int i)
{
	if (s->held[i]) {
		ck_assert_uint_eq(uiocap_frame_number(s->held[i]), s->number[i]);
		bench_check_payload(s->held[i]);
	}
	uiocap_frame_release(s->held[i]);
	s->held[i] = NULL;
}

static void acquire(struct seen *seen)
{
	struct uiocap_frame *frame;
	unsigned int i = rand() % HELD;
	struct seen *s;

	if (uiocap_card_acquire(card, 0, &frame) != 1)
		return;
	s = &seen[uiocap_frame_channel(frame)->number];
	release(s, i);
	s->held[i] = frame;
	s->number[i] = uiocap_frame_number(frame);
	ck_assert_uint_eq(s->number[i], s->next + uiocap_frame_lost(frame));
	s->next = s->number[i] + 1;
	s->frames++;
	bench_check_payload(frame);
}

/* The card goes on with a frame, or drops one. */
static void produce(unsigned int ch, struct seen *s)
{
	if (s->chunk == 0 && fake_room(rc, ch) < CHUNKS) {
		fake_end_frame(rc, ch);
		return;
	}
	fake_chunk(rc, ch, s->chunk);
	s->chunk = (s->chunk + 1) % CHUNKS;
	if (s->chunk == 0)
		fake_end_frame(rc, ch);
}

static void step(struct seen seen[2])
{
	unsigned int ch = rand() % 2;
	bool running = fake->reg[(REFCARD_CHANNEL(ch) + REFCARD_CH_STATUS) / 4];

	switch (rand() % 64) {
	case 0:
		fake_reset(rc, rand() % 2);
		seen[0].chunk = seen[1].chunk = 0;
		break;
	case 1:
		fake->reset = true;
		break;
	case 2:
		fake_pass(rc, rand() % (3 * PERIOD));
		break;
	case 3 ... 23:
		acquire(seen);
		break;
	case 24 ... 30:
		release(&seen[ch], rand() % HELD);
		break;
	default:
		if (running)
			produce(ch, &seen[ch]);
	}
}

/* Whatever happens: the account is exact, numbers rise, frames in hand stay what they are. */
START_TEST(test_anything)
{
	struct seen seen[2] = { 0 };
	struct uiocap_stats s[2];
	uint64_t frames = 0;

	srand(20261122);
	resume_open(2, BUFFERS);
	for (unsigned int n = 0; n < STEPS; n++) {
		step(seen);
		bench_check_account(0);
		bench_check_account(1);
	}
	fake->reset = true;
	while (seen[0].frames + seen[1].frames != frames) {
		frames = seen[0].frames + seen[1].frames;
		acquire(seen);
	}
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	for (unsigned int ch = 0; ch < 2; ch++) {
		bench_check_account(ch);
		s[ch] = bench_stats(ch);
		ck_assert_uint_ge(s[ch].produced, seen[ch].next);
		ck_assert_uint_gt(s[ch].resets, STEPS / 1000);
		ck_assert_uint_eq(s[ch].bad, 0);
		for (unsigned int i = 0; i < HELD; i++)
			release(&seen[ch], i);
	}
	bench_close();
}
END_TEST

suite_main("resets", test_anything)
