/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_service_client.c - frames of a service: whole, with gaps, missed, and the end of it */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "fake_service.h"
#include "log_check.h"
#include "suite.h"
#include "userdrv/lib/internal.h"

#define LONG	INT64_C(20000000000)
#define WHOLE	(FAKE_WIDTH * FAKE_HEIGHT)

static struct fake_service fake;
static struct uiocap_ctx *ctx;
static struct uiocap_card *card;

static struct uiocap_channel *channel(unsigned int n)
{
	return uiocap_card_channel(card, n);
}

static void set_up(void)
{
	fake_service_start(&fake);
	ctx = log_new_ctx();
	ck_assert_int_eq(uiocap_card_open(ctx, fake.spec, NULL, &card), 0);
}

static void tear_down(void)
{
	ck_assert_int_eq(uiocap_card_close(card), 0);
	uiocap_ctx_free(ctx);
	fake_service_end(&fake);
}

static void start(unsigned int n)
{
	ck_assert_int_eq(uiocap_channel_enable(channel(n), true), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	fake_service_await_given(&fake, n, FAKE_BUFFERS);
}

static struct uiocap_frame *next(void)
{
	struct uiocap_frame *frame;

	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), 1);
	return frame;
}

static struct uiocap_stats stats(unsigned int n)
{
	struct uiocap_stats s;

	uiocap_channel_get_stats(channel(n), &s);
	return s;
}

static void fill(uint32_t slot, uint8_t value)
{
	memset(fake.memory + (size_t)slot * FAKE_SLOT_BYTES, value, FAKE_SLOT_BYTES);
}

static void send_video(uint32_t slot, uint64_t number)
{
	fill(slot, slot);
	fake_service_frame(&fake, FAKE_VIDEO, slot, number, WHOLE, NULL, 0);
}

/* ---- what it is ------------------------------------------------------------------------- */

START_TEST(tells_what_it_is)
{
	struct uiocap_card_info info;
	struct uiocap_channel_info ch;
	uint32_t value;

	set_up();
	uiocap_card_get_info(card, &info);
	ck_assert_str_eq(info.spec, fake.spec);
	ck_assert_str_eq(info.model, "refcard");
	ck_assert_str_eq(info.transport, "service");
	ck_assert_str_eq(info.slot, "0000:03:00.0");
	ck_assert_uint_eq(info.serial, FAKE_SERIAL);
	ck_assert_uint_eq(info.channels, FAKE_CHANNELS);
	ck_assert_uint_eq(info.vectors, 0);
	uiocap_channel_get_info(channel(FAKE_VIDEO), &ch);
	ck_assert_uint_eq(ch.width_bytes, FAKE_WIDTH);
	ck_assert_uint_eq(ch.height, FAKE_HEIGHT);
	ck_assert_uint_eq(ch.chunk_lines, 16);
	ck_assert_uint_eq(ch.period_ns, 10000000);
	uiocap_channel_get_info(channel(FAKE_STREAM), &ch);
	ck_assert_int_eq(ch.kind, UIOCAP_CHANNEL_STREAM);
	ck_assert_uint_eq(uiocap_bar_size(card, 0), 0);
	ck_assert_int_eq(uiocap_reg_read(card, 0, 0, &value), -EINVAL);
	ck_assert_ptr_null(uiocap_card_register(card, 0));
	ck_assert_int_eq(uiocap_irq_raise(card, 0), -ENOTSUP);
	tear_down();
}
END_TEST

/* ---- frames ----------------------------------------------------------------------------- */

START_TEST(frames_where_they_are)
{
	set_up();
	start(FAKE_VIDEO);
	for (unsigned int n = 0; n < 100; n++) {
		const uint32_t slot = n * 5 % FAKE_SLOTS;
		struct uiocap_frame *frame;
		const uint8_t *data;

		send_video(slot, n);
		frame = next();
		data = uiocap_frame_data(frame);
		ck_assert_uint_eq(uiocap_frame_number(frame), n);
		ck_assert_uint_eq(uiocap_frame_card_number(frame), 500 + n);
		ck_assert_uint_eq(uiocap_frame_card_time_ns(frame), 1000 + n);
		ck_assert_uint_eq(uiocap_frame_status(frame), 0);
		ck_assert_uint_eq(uiocap_frame_size(frame), WHOLE);
		ck_assert_uint_eq(data[0], slot);
		ck_assert_uint_eq(data[WHOLE - 1], slot);
		uiocap_frame_release(frame);
		fake_service_await_slots(&fake, UINT64_C(1) << slot);
	}
	ck_assert_uint_eq(fake.given[FAKE_VIDEO], FAKE_BUFFERS + 100);
	fake.produced[FAKE_VIDEO] = 100;
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(stats(FAKE_VIDEO).produced, 100);
	ck_assert_uint_eq(stats(FAKE_VIDEO).delivered, 100);
	ck_assert_uint_eq(stats(FAKE_VIDEO).lost, 0);
	ck_assert_uint_eq(stats(FAKE_VIDEO).bytes, 100 * WHOLE);
	ck_assert_uint_eq(uiocap_card_lost_irqs(card), 0);
	tear_down();
}
END_TEST

/* A frame's memory is not another's: it is given back when its own frame is. */
START_TEST(frames_held_and_released_in_any_order)
{
	struct uiocap_frame *held[FAKE_BUFFERS], *frame;

	set_up();
	start(FAKE_VIDEO);
	for (unsigned int n = 0; n < FAKE_BUFFERS; n++) {
		send_video(n, n);
		held[n] = next();
	}
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	uiocap_frame_release(held[2]);
	fake_service_await_slots(&fake, 1 << 2);
	ck_assert_uint_eq(fake.returned, 0);
	send_video(9, FAKE_BUFFERS);
	frame = next();
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), 9);
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(held[0]), 0);
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(held[3]), 3);
	uiocap_frame_release(held[0]);
	uiocap_frame_release(frame);
	uiocap_frame_release(held[3]);
	uiocap_frame_release(held[1]);
	fake_service_await_slots(&fake, 1 << 0 | 1 << 9 | 1 << 3 | 1 << 1);
	tear_down();
}
END_TEST

START_TEST(lines_that_are_missing)
{
	static const struct message_run ends[] = { { 0, 1 }, { 2, 1 } };
	static const struct message_run middle[] = { { 1, 1 } };
	uint32_t line = 0, lines;
	struct uiocap_frame *frame;

	set_up();
	start(FAKE_VIDEO);
	fake_service_frame(&fake, FAKE_VIDEO, 1, 0, 24 * FAKE_WIDTH, ends, 2);
	fake_service_frame(&fake, FAKE_VIDEO, 2, 1, 16 * FAKE_WIDTH, middle, 1);
	frame = next();		/* although nothing of a later one has come */
	ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_MISSING);
	ck_assert_uint_eq(uiocap_frame_card_number(frame), 500);
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
	ck_assert_uint_eq(line, 16);
	ck_assert_uint_eq(lines, 16);
	line += lines;
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 0);
	uiocap_frame_release(frame);
	frame = next();
	line = 0;
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
	ck_assert_uint_eq(line, 0);
	ck_assert_uint_eq(lines, 16);
	line += lines;
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
	ck_assert_uint_eq(line, 32);
	ck_assert_uint_eq(lines, 8);
	uiocap_frame_release(frame);
	ck_assert_uint_eq(stats(FAKE_VIDEO).incomplete, 2);
	ck_assert_uint_eq(stats(FAKE_VIDEO).bytes, 40 * FAKE_WIDTH);
	tear_down();
}
END_TEST

START_TEST(frames_that_went_by)
{
	struct uiocap_frame *frame;

	set_up();
	start(FAKE_VIDEO);
	send_video(0, 2);
	send_video(1, 7);
	frame = next();
	ck_assert_uint_eq(uiocap_frame_lost(frame), 2);
	ck_assert(uiocap_frame_status(frame) & UIOCAP_FRAME_LATE);
	uiocap_frame_release(frame);
	frame = next();
	ck_assert_uint_eq(uiocap_frame_lost(frame), 4);
	uiocap_frame_release(frame);
	ck_assert_uint_eq(stats(FAKE_VIDEO).lost, 6);
	fake.produced[FAKE_VIDEO] = 10;
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(stats(FAKE_VIDEO).produced, 10);
	ck_assert_uint_eq(stats(FAKE_VIDEO).lost, 8);
	tear_down();
}
END_TEST

START_TEST(bytes_of_a_stream)
{
	struct uiocap_frame *frame;

	set_up();
	start(FAKE_STREAM);
	fill(3, 'x');
	fake_service_frame(&fake, FAKE_STREAM, 3, 0, 77, NULL, 0);
	frame = next();
	ck_assert_uint_eq(uiocap_frame_size(frame), 77);
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), 'x');
	uiocap_frame_release(frame);
	tear_down();
}
END_TEST

/* Whether the source has ended or the service only: that says the connection's end. */
START_TEST(last_word_of_a_channel)
{
	struct uiocap_frame *frame;

	set_up();
	start(FAKE_VIDEO);
	send_video(0, 0);
	fake_service_say_stopped(&fake, FAKE_VIDEO, 3);
	uiocap_frame_release(next());
	ck_assert_int_eq(uiocap_card_acquire(card, 100000000, &frame), 0);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(fake.stopped, 0);
	ck_assert_uint_eq(stats(FAKE_VIDEO).produced, 3);
	tear_down();
}
END_TEST

/* That the source has ended is the news, and not that its service has nothing more to do then. */
START_TEST(end_of_a_source)
{
	const struct message_frame end = {
		.head = { .type = MESSAGE_FRAME, .channel = FAKE_STREAM, .bytes = sizeof(end) },
		.status = UIOCAP_FRAME_END, .bytes = 5,
	};
	struct uiocap_frame *frame;

	set_up();
	start(FAKE_STREAM);
	fake_service_send(&fake, &end, sizeof(end));
	fake_service_say_bye(&fake, "all channels have ended");
	frame = next();
	ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_END);
	uiocap_frame_release(frame);
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODATA);
	tear_down();
}
END_TEST

/* Its last byte has come before, in a frame like any other. */
START_TEST(end_of_a_source_without_a_byte)
{
	struct uiocap_frame *frame;

	set_up();
	for (unsigned int run = 0; run < 2; run++) {
		start(FAKE_STREAM);
		fake_service_frame(&fake, FAKE_STREAM, 0, 0, 5, NULL, 0);
		fake_service_say_ended(&fake, FAKE_STREAM);
		frame = next();
		ck_assert_uint_eq(uiocap_frame_status(frame), 0);
		uiocap_frame_release(frame);
		ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODATA);
		fake.produced[FAKE_STREAM] = 1;
		ck_assert_int_eq(uiocap_card_stop(card), 0);
		ck_assert_uint_eq(stats(FAKE_STREAM).produced, 1);
		ck_assert_uint_eq(stats(FAKE_STREAM).delivered, 1);
	}
	tear_down();
}
END_TEST

/* The service's end is no news to the channel that has ended, and is to the other. */
START_TEST(end_of_one_source_of_two)
{
	struct uiocap_frame *frame;

	set_up();
	ck_assert_int_eq(uiocap_channel_enable(channel(FAKE_STREAM), true), 0);
	start(FAKE_VIDEO);
	fake_service_await_given(&fake, FAKE_STREAM, FAKE_BUFFERS);
	fake_service_say_ended(&fake, FAKE_STREAM);
	ck_assert_int_eq(uiocap_channel_acquire(channel(FAKE_STREAM), LONG, &frame), -ENODATA);
	send_video(0, 0);
	uiocap_frame_release(next());
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	fake_service_say_stopped(&fake, FAKE_STREAM, 0);
	fake_service_say_stopped(&fake, FAKE_VIDEO, 1);
	fake_service_say_bye(&fake, "the service has been stopped");
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODEV);
	ck_assert_int_eq(uiocap_card_stop(card), -ENODEV);
	tear_down();
}
END_TEST

/* More frames come than a look takes, and what the stop leaves in the socket is not lost. */
START_TEST(frames_of_two_channels_until_the_stop)
{
	struct uiocap_frame *frame;
	unsigned int got[FAKE_CHANNELS] = { 0 };
	struct uiocap_channel_info info;
	int ret;

	set_up();
	ck_assert_int_eq(uiocap_channel_enable(channel(FAKE_STREAM), true), 0);
	start(FAKE_VIDEO);
	fake_service_await_given(&fake, FAKE_STREAM, FAKE_BUFFERS);
	for (unsigned int n = 0; n < FAKE_BUFFERS; n++) {
		send_video(n, n);
		fake_service_frame(&fake, FAKE_STREAM, 8 + n, n, 5, NULL, 0);
	}
	fake.produced[FAKE_VIDEO] = FAKE_BUFFERS;
	fake.produced[FAKE_STREAM] = FAKE_BUFFERS;
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	while ((ret = uiocap_card_acquire(card, LONG, &frame)) == 1) {
		uiocap_channel_get_info(uiocap_frame_channel(frame), &info);
		got[info.number]++;
		uiocap_frame_release(frame);
	}
	ck_assert_int_eq(ret, -ENODATA);
	ck_assert_uint_eq(got[FAKE_VIDEO], FAKE_BUFFERS);
	ck_assert_uint_eq(got[FAKE_STREAM], FAKE_BUFFERS);
	ck_assert_uint_eq(stats(FAKE_VIDEO).lost, 0);
	tear_down();
}
END_TEST

START_TEST(starts_again)
{
	struct uiocap_frame *frame;

	set_up();
	for (unsigned int n = 0; n < 3; n++) {
		start(FAKE_VIDEO);
		send_video(n, 0);
		frame = next();
		ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), n);
		ck_assert_int_eq(uiocap_card_stop(card), 0);
		ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), n);
		ck_assert_int_eq(uiocap_card_start(card), -EBUSY);
		uiocap_frame_release(frame);
	}
	ck_assert_uint_eq(fake.started, 3);
	ck_assert_uint_eq(fake.stopped, 3);
	tear_down();
}
END_TEST

START_TEST(descriptor_tells_of_frames)
{
	struct pollfd fd = { .events = POLLIN };
	struct uiocap_frame *frame;

	set_up();
	start(FAKE_VIDEO);
	fd.fd = uiocap_card_fd(card);
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	ck_assert_int_eq(poll(&fd, 1, 0), 0);
	send_video(0, 0);
	ck_assert_int_eq(poll(&fd, 1, 20000), 1);
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 1);
	uiocap_frame_release(frame);
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	ck_assert_int_eq(poll(&fd, 1, 0), 0);
	tear_down();
}
END_TEST

/* News between a wait in vain and the next look is owed a wake-up: or it would seem lost. */
START_TEST(news_of_a_look_wake_the_next_wait)
{
	struct transport *t;

	set_up();
	t = card->t;
	start(FAKE_VIDEO);
	ck_assert_int_eq(t->ops->wait(t, 0), 0);
	send_video(0, 0);
	ck_assert_int_eq(t->ops->check(t), 0);
	ck_assert_int_eq(t->ops->wait(t, 0), 1);
	ck_assert_int_eq(t->ops->wait(t, 0), 0);
	tear_down();
}
END_TEST

/* ---- what is refused -------------------------------------------------------------------- */

START_TEST(a_channel_that_is_not_captured)
{
	set_up();
	ck_assert_int_eq(uiocap_channel_enable(channel(FAKE_ABSENT), true), -ENODATA);
	ck_assert_int_eq(uiocap_channel_enable(channel(FAKE_ABSENT), false), 0);
	tear_down();
}
END_TEST

START_TEST(more_buffers_than_it_gives)
{
	set_up();
	ck_assert_int_eq(uiocap_channel_enable(channel(FAKE_VIDEO), true), 0);
	ck_assert_int_eq(uiocap_channel_set_buffers(channel(FAKE_VIDEO), FAKE_BUFFERS + 1), 0);
	ck_assert_int_eq(uiocap_card_start(card), -ENOSPC);
	ck_assert_said("can have 4 buffers at most, and not 5");
	ck_assert_uint_eq(fake.started, 0);
	ck_assert_int_eq(uiocap_channel_set_buffers(channel(FAKE_VIDEO), 2), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	fake_service_await_given(&fake, FAKE_VIDEO, 2);
	tear_down();
}
END_TEST

START_TEST(a_start_that_is_refused)
{
	fake.start_error = ENOSPC;
	set_up();
	ck_assert_int_eq(uiocap_channel_enable(channel(FAKE_VIDEO), true), 0);
	ck_assert_int_eq(uiocap_card_start(card), -ENOSPC);
	ck_assert_said("has no room for 4 more buffers of channel 0");
	fake.start_error = EBUSY;
	ck_assert_int_eq(uiocap_card_start(card), -EBUSY);
	fake.start_error = 12345;
	ck_assert_int_eq(uiocap_card_start(card), -EPROTO);
	fake.start_error = 0;
	ck_assert_int_eq(uiocap_card_start(card), 0);
	tear_down();
}
END_TEST

START_TEST(other_chunks_than_the_services)
{
	set_up();
	ck_assert_int_eq(uiocap_channel_enable(channel(FAKE_VIDEO), true), 0);
	ck_assert_int_eq(uiocap_channel_set_chunk_lines(channel(FAKE_VIDEO), 8), 0);
	ck_assert_int_eq(uiocap_card_start(card), -ENOTSUP);
	ck_assert_said("the service's choice");
	tear_down();
}
END_TEST

/* ---- the end ---------------------------------------------------------------------------- */

START_TEST(service_says_bye)
{
	struct uiocap_frame *held, *frame;

	set_up();
	start(FAKE_VIDEO);
	send_video(5, 0);
	held = next();
	send_video(6, 1);
	fake_service_say_bye(&fake, "the card is gone");
	frame = next();		/* what it sent before is not lost */
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), 6);
	uiocap_frame_release(frame);
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODEV);
	ck_assert_said("the card is gone");
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(held), 5);
	uiocap_frame_release(held);
	ck_assert_int_eq(uiocap_card_stop(card), -ENODEV);
	ck_assert_uint_eq(stats(FAKE_VIDEO).delivered, 2);
	ck_assert_int_eq(uiocap_card_start(card), -ENODEV);
	tear_down();
}
END_TEST

/* As a client that is slow finds it: its account is right without asking anybody. */
START_TEST(frames_lost_before_the_bye)
{
	struct uiocap_frame *frame;

	set_up();
	start(FAKE_VIDEO);
	send_video(0, 0);
	fake_service_say_stopped(&fake, FAKE_VIDEO, 5);
	fake_service_say_bye(&fake, "the card is gone");
	uiocap_frame_release(next());
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODEV);
	ck_assert_uint_eq(stats(FAKE_VIDEO).produced, 5);
	ck_assert_uint_eq(stats(FAKE_VIDEO).lost, 4);
	ck_assert_int_eq(uiocap_card_stop(card), -ENODEV);
	ck_assert_uint_eq(stats(FAKE_VIDEO).produced, 5);
	ck_assert_uint_eq(stats(FAKE_VIDEO).lost, 4);
	tear_down();
}
END_TEST

START_TEST(service_dies)
{
	struct uiocap_frame *frame;

	set_up();
	start(FAKE_VIDEO);
	fake_service_hang_up(&fake);
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODEV);
	tear_down();
}
END_TEST

suite_main("service client",
	   tells_what_it_is,
	   frames_where_they_are,
	   frames_held_and_released_in_any_order,
	   lines_that_are_missing,
	   frames_that_went_by,
	   bytes_of_a_stream,
	   last_word_of_a_channel,
	   end_of_a_source,
	   end_of_a_source_without_a_byte,
	   end_of_one_source_of_two,
	   frames_of_two_channels_until_the_stop,
	   starts_again,
	   descriptor_tells_of_frames,
	   news_of_a_look_wake_the_next_wait,
	   a_channel_that_is_not_captured,
	   more_buffers_than_it_gives,
	   a_start_that_is_refused,
	   other_chunks_than_the_services,
	   service_says_bye,
	   frames_lost_before_the_bye,
	   service_dies)
