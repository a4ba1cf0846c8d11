/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sim.c - the library and the simulated card together: every byte of every frame
 *
 * UIOCAP_CARD names the card's program, as for the library.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "log_check.h"
#include "sim/pattern.h"
#include "suite.h"

#define CHANNELS	3
#define WIDTH		320
#define HEIGHT		200
#define TIMEOUT_NS	INT64_C(20000000000)

static struct uiocap_ctx *ctx;
static struct uiocap_card *card;
static struct pattern *pattern[CHANNELS];
static unsigned int wrong;

/* The card waits for buffers, so that a machine with other things to do loses nothing either. */
static void set_up(const char *spec)
{
	struct uiocap_card_info info;

	ctx = log_new_ctx();
	ck_assert_msg(uiocap_card_open(ctx, spec, NULL, &card) == 0, "%s: %s", spec, log_message);
	uiocap_card_get_info(card, &info);
	for (unsigned int i = 0; i < info.channels; i++) {
		ck_assert_int_eq(uiocap_channel_enable(uiocap_card_channel(card, i), true), 0);
		ck_assert_int_eq(uiocap_channel_set_hold(uiocap_card_channel(card, i), true), 0);
	}
	for (unsigned int i = 0; i < CHANNELS; i++)
		ck_assert_int_eq(pattern_new(i, WIDTH, HEIGHT, &pattern[i]), 0);
	wrong = 0;
}

static void tear_down(void)
{
	ck_assert_int_eq(uiocap_card_close(card), 0);
	for (unsigned int i = 0; i < CHANNELS; i++)
		pattern_free(pattern[i]);
	uiocap_ctx_free(ctx);
}

/* Counts lines that are not as the card made them, but for those said to be missing. */
static void check_frame(struct uiocap_frame *frame)
{
	struct uiocap_channel_info info;
	const uint8_t *line = uiocap_frame_data(frame);

	uiocap_channel_get_info(uiocap_frame_channel(frame), &info);
	for (uint32_t y = 0; y < info.height; y++, line += info.width_bytes) {
		uint32_t gap = y, lines;

		if (uiocap_frame_next_gap(frame, &gap, &lines) && gap == y)
			continue;
		wrong += pattern_check_line(pattern[info.number], uiocap_frame_number(frame), y,
					    line) >= 0;
	}
}

/* Takes @count frames, none of which may be lost or damaged. */
static void capture(unsigned int count)
{
	uint64_t next[CHANNELS] = { 0 };

	for (unsigned int i = 0; i < count; i++) {
		struct uiocap_channel_info info;
		struct uiocap_frame *frame;

		ck_assert_int_eq(uiocap_card_acquire(card, TIMEOUT_NS, &frame), 1);
		uiocap_channel_get_info(uiocap_frame_channel(frame), &info);
		ck_assert_uint_eq(uiocap_frame_status(frame), 0);
		ck_assert_uint_eq(uiocap_frame_number(frame), next[info.number]++);
		check_frame(frame);
		uiocap_frame_release(frame);
	}
	ck_assert_uint_eq(wrong, 0);
}

static void stop_and_check_account(void)
{
	struct uiocap_stats s;
	struct uiocap_frame *frame;

	ck_assert_int_eq(uiocap_card_stop(card), 0);
	while (uiocap_card_acquire(card, 0, &frame) == 1)
		uiocap_frame_release(frame);
	uiocap_card_get_stats(card, &s);
	ck_assert_uint_eq(s.produced, s.delivered + s.incomplete + s.lost);
}

static void every_byte(const char *options, enum uiocap_wait mode)
{
	char spec[128];
	struct uiocap_stats s;

	snprintf(spec, sizeof(spec), "sim:channels=3,size=320x200,rate=30M,%s", options);
	set_up(spec);
	ck_assert_int_eq(uiocap_card_set_wait(card, mode, 0), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	capture(300);
	stop_and_check_account();
	uiocap_card_get_stats(card, &s);
	ck_assert_uint_ge(s.delivered, 300);
	ck_assert_uint_eq(s.lost + s.incomplete + s.bad, 0);
	tear_down();
}

START_TEST(test_msix)
{
	every_byte("irq=msix", UIOCAP_WAIT_INTERRUPT);
}
END_TEST

START_TEST(test_msi)
{
	every_byte("irq=msi", UIOCAP_WAIT_INTERRUPT);
}
END_TEST

START_TEST(test_intx)
{
	every_byte("irq=intx", UIOCAP_WAIT_INTERRUPT);
}
END_TEST

START_TEST(test_timer)
{
	every_byte("irq=none", UIOCAP_WAIT_TIMER);
}
END_TEST

START_TEST(test_busy)
{
	every_byte("irq=none", UIOCAP_WAIT_BUSY);
}
END_TEST

START_TEST(test_adaptive)
{
	every_byte("irq=msix", UIOCAP_WAIT_ADAPTIVE);
}
END_TEST

/* A region in pieces too small for a frame that would not span them. */
START_TEST(test_segments)
{
	every_byte("dma=4M,segments=32", UIOCAP_WAIT_INTERRUPT);
}
END_TEST

/* A card that waits for buffers loses nothing however fast it is. */
START_TEST(test_unpaced_hold)
{
	struct uiocap_stats s;

	set_up("sim:channels=2,size=320x200,unpaced");
	ck_assert_int_eq(uiocap_card_start(card), 0);
	capture(3000);
	stop_and_check_account();
	uiocap_card_get_stats(card, &s);
	ck_assert_uint_eq(s.lost + s.incomplete + s.bad, 0);
	tear_down();
}
END_TEST

/* Nobody returns frames, then somebody does: what was lost in between, the last frame knows. */
START_TEST(test_overflow_and_recovery)
{
	struct uiocap_frame *held[4];
	struct uiocap_stats s;
	uint64_t lost = 0, got = 0;

	set_up("sim:channels=1,size=320x200,fps=500");
	ck_assert_int_eq(uiocap_channel_set_buffers(uiocap_card_channel(card, 0), 4), 0);
	ck_assert_int_eq(uiocap_channel_set_hold(uiocap_card_channel(card, 0), false), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	for (unsigned int round = 0; round < 3; round++) {
		struct uiocap_frame *none;

		for (unsigned int i = 0; i < 4; i++) {
			ck_assert_int_eq(uiocap_card_acquire(card, TIMEOUT_NS, &held[i]), 1);
			lost += uiocap_frame_lost(held[i]);
			check_frame(held[i]);
			got++;
		}
		ck_assert_int_eq(uiocap_card_acquire(card, 50000000, &none), 0);
		for (unsigned int i = 0; i < 4; i++) {
			check_frame(held[i]);
			uiocap_frame_release(held[i]);
		}
	}
	ck_assert_uint_eq(wrong, 0);
	ck_assert_uint_gt(lost, 20);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	while (uiocap_card_acquire(card, 0, &held[0]) == 1) {
		lost += uiocap_frame_lost(held[0]);
		got++;
		uiocap_frame_release(held[0]);
	}
	uiocap_card_get_stats(card, &s);
	ck_assert_uint_eq(s.delivered, got);
	ck_assert_uint_ge(s.lost, lost);
	ck_assert_uint_eq(s.produced, s.delivered + s.lost);
	tear_down();
}
END_TEST

START_TEST(test_stream)
{
	struct uiocap_frame *frame;
	uint64_t pos = 0;
	int ret;

	set_up("sim:channels=1,size=320x200,rate=1M,stream=pattern:10000000");
	ck_assert_int_eq(uiocap_channel_enable(uiocap_card_channel(card, 0), false), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	while ((ret = uiocap_card_acquire(card, TIMEOUT_NS, &frame)) == 1) {
		ck_assert_int_eq(pattern_check_stream(1, pos, uiocap_frame_data(frame),
						      uiocap_frame_size(frame)), -1);
		pos += uiocap_frame_size(frame);
		uiocap_frame_release(frame);
	}
	ck_assert_int_eq(ret, -ENODATA);
	ck_assert_uint_eq(pos, 10000000);
	stop_and_check_account();
	tear_down();
}
END_TEST

/* A loop around poll(2), as a program with other descriptors has it. */
START_TEST(test_poll)
{
	unsigned int frames = 0, polls = 0;

	set_up("sim:channels=1,size=320x200,fps=200");
	ck_assert_int_eq(uiocap_card_start(card), 0);
	while (frames < 100) {
		struct pollfd pfd = { .fd = uiocap_card_fd(card), .events = POLLIN };
		struct uiocap_frame *frame;
		int ret;

		ck_assert_int_eq(poll(&pfd, 1, 5000), 1);
		polls++;
		while ((ret = uiocap_card_acquire(card, 0, &frame)) == 1) {
			uiocap_frame_release(frame);
			frames++;
		}
		ck_assert_int_eq(ret, 0);
	}
	ck_assert_uint_le(polls, 2 * frames);	/* it does not stay readable */
	tear_down();
}
END_TEST

/* Each kind of lie the card knows, many times: nothing hangs, nothing wrong is called right. */
START_TEST(test_faults)
{
	static const char *const kinds[] = {
		"drop-chunk", "drop-done", "dup-done", "swap-done", "short", "long", "bad-index",
		"phase", "corrupt", "drop-irq", "spurious-irq",
	};
	struct uiocap_frame *frame;
	struct uiocap_stats s;
	char spec[160];

	snprintf(spec, sizeof(spec), "sim:channels=1,size=320x200,fps=400,fault=%s:after=40:count=3",
		 kinds[_i]);
	set_up(spec);
	ck_assert_int_eq(uiocap_channel_set_buffers(uiocap_card_channel(card, 0), 4), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	for (unsigned int i = 0; i < 100; i++) {
		ck_assert_int_eq(uiocap_card_acquire(card, TIMEOUT_NS, &frame), 1);
		if (!(uiocap_frame_status(frame) & UIOCAP_FRAME_CORRUPT))
			check_frame(frame);
		uiocap_frame_release(frame);
	}
	ck_assert_uint_eq(wrong, 0);
	stop_and_check_account();
	uiocap_card_get_stats(card, &s);
	ck_assert_uint_le(s.incomplete + s.lost, 3);
	tear_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sim");
	TCase *tc = tcase_create("sim");

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_msix);
	tcase_add_test(tc, test_msi);
	tcase_add_test(tc, test_intx);
	tcase_add_test(tc, test_timer);
	tcase_add_test(tc, test_busy);
	tcase_add_test(tc, test_adaptive);
	tcase_add_test(tc, test_segments);
	tcase_add_test(tc, test_unpaced_hold);
	tcase_add_test(tc, test_overflow_and_recovery);
	tcase_add_test(tc, test_stream);
	tcase_add_test(tc, test_poll);
	tcase_add_loop_test(tc, test_faults, 0, 11);
	return suite_run(suite);
}
