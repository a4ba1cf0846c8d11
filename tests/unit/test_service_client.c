/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_service_client.c - frames of a service: whole, with gaps, missed, and the end of it */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "fake_client.h"
#include "log_check.h"
#include "suite.h"
#include "userdrv/lib/internal.h"

/* ---- what it is ------------------------------------------------------------------------- */

START_TEST(tells_what_it_is)
{
	struct uiocap_card_info info;
	struct uiocap_channel_info ch;
	uint32_t value;

	client_open();
	uiocap_card_get_info(card, &info);
	ck_assert_str_eq(info.spec, fake.spec);
	ck_assert_str_eq(info.model, "refcard");
	ck_assert_str_eq(info.transport, "service");
	ck_assert_str_eq(info.slot, "0000:03:00.0");
	ck_assert_uint_eq(info.serial, FAKE_SERIAL);
	ck_assert_uint_eq(info.channels, FAKE_CHANNELS);
	ck_assert_uint_eq(info.vectors, 0);
	uiocap_channel_get_info(client_channel(FAKE_VIDEO), &ch);
	ck_assert_uint_eq(ch.width_bytes, FAKE_WIDTH);
	ck_assert_uint_eq(ch.height, FAKE_HEIGHT);
	ck_assert_uint_eq(ch.chunk_lines, 16);
	ck_assert_uint_eq(ch.period_ns, 10000000);
	uiocap_channel_get_info(client_channel(FAKE_STREAM), &ch);
	ck_assert_int_eq(ch.kind, UIOCAP_CHANNEL_STREAM);
	ck_assert_uint_eq(uiocap_bar_size(card, 0), 0);
	ck_assert_int_eq(uiocap_reg_read(card, 0, 0, &value), -EINVAL);
	ck_assert_ptr_null(uiocap_card_register(card, 0));
	ck_assert_int_eq(uiocap_irq_raise(card, 0), -ENOTSUP);
	client_close();
}
END_TEST

/* ---- frames ----------------------------------------------------------------------------- */

START_TEST(frames_where_they_are)
{
	client_open();
	client_start(FAKE_VIDEO);
	for (unsigned int n = 0; n < 100; n++) {
		const uint32_t slot = n * 5 % FAKE_SLOTS;
		struct uiocap_frame *frame;
		const uint8_t *data;

		fake_video(slot, n);
		frame = client_next();
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
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).produced, 100);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).delivered, 100);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).lost, 0);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).bytes, 100 * WHOLE);
	ck_assert_uint_eq(uiocap_card_lost_irqs(card), 0);
	client_close();
}
END_TEST

/* A frame's memory is not another's: it is given back when its own frame is. */
START_TEST(frames_held_and_released_in_any_order)
{
	struct uiocap_frame *held[FAKE_BUFFERS], *frame;

	client_open();
	client_start(FAKE_VIDEO);
	for (unsigned int n = 0; n < FAKE_BUFFERS; n++) {
		fake_video(n, n);
		held[n] = client_next();
	}
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	uiocap_frame_release(held[2]);
	fake_service_await_slots(&fake, 1 << 2);
	ck_assert_uint_eq(fake.returned, 0);
	fake_video(9, FAKE_BUFFERS);
	frame = client_next();
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), 9);
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(held[0]), 0);
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(held[3]), 3);
	uiocap_frame_release(held[0]);
	uiocap_frame_release(frame);
	uiocap_frame_release(held[3]);
	uiocap_frame_release(held[1]);
	fake_service_await_slots(&fake, 1 << 0 | 1 << 9 | 1 << 3 | 1 << 1);
	client_close();
}
END_TEST

START_TEST(lines_that_are_missing)
{
	static const struct message_run ends[] = { { 0, 1 }, { 2, 1 } };
	static const struct message_run middle[] = { { 1, 1 } };
	uint32_t line = 0, lines;
	struct uiocap_frame *frame;

	client_open();
	client_start(FAKE_VIDEO);
	fake_service_frame(&fake, FAKE_VIDEO, 1, 0, 24 * FAKE_WIDTH, ends, 2);
	fake_service_frame(&fake, FAKE_VIDEO, 2, 1, 16 * FAKE_WIDTH, middle, 1);
	frame = client_next();		/* although nothing of a later one has come */
	ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_MISSING);
	ck_assert_uint_eq(uiocap_frame_card_number(frame), 500);
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
	ck_assert_uint_eq(line, 16);
	ck_assert_uint_eq(lines, 16);
	line += lines;
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 0);
	uiocap_frame_release(frame);
	frame = client_next();
	line = 0;
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
	ck_assert_uint_eq(line, 0);
	ck_assert_uint_eq(lines, 16);
	line += lines;
	ck_assert_int_eq(uiocap_frame_next_gap(frame, &line, &lines), 1);
	ck_assert_uint_eq(line, 32);
	ck_assert_uint_eq(lines, 8);
	uiocap_frame_release(frame);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).incomplete, 2);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).bytes, 40 * FAKE_WIDTH);
	client_close();
}
END_TEST

START_TEST(frames_that_went_by)
{
	struct uiocap_frame *frame;

	client_open();
	client_start(FAKE_VIDEO);
	fake_video(0, 2);
	fake_video(1, 7);
	frame = client_next();
	ck_assert_uint_eq(uiocap_frame_lost(frame), 2);
	ck_assert(uiocap_frame_status(frame) & UIOCAP_FRAME_LATE);
	uiocap_frame_release(frame);
	frame = client_next();
	ck_assert_uint_eq(uiocap_frame_lost(frame), 4);
	uiocap_frame_release(frame);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).lost, 6);
	fake.produced[FAKE_VIDEO] = 10;
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).produced, 10);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).lost, 8);
	client_close();
}
END_TEST

START_TEST(bytes_of_a_stream)
{
	struct uiocap_frame *frame;

	client_open();
	client_start(FAKE_STREAM);
	fake_fill(3, 'x');
	fake_service_frame(&fake, FAKE_STREAM, 3, 0, 77, NULL, 0);
	frame = client_next();
	ck_assert_uint_eq(uiocap_frame_size(frame), 77);
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), 'x');
	uiocap_frame_release(frame);
	client_close();
}
END_TEST

/* More frames come than a look takes, and what the stop leaves in the socket is not lost. */
START_TEST(frames_of_two_channels_until_the_stop)
{
	struct uiocap_frame *frame;
	unsigned int got[FAKE_CHANNELS] = { 0 };
	struct uiocap_channel_info info;
	int ret;

	client_open();
	ck_assert_int_eq(uiocap_channel_enable(client_channel(FAKE_STREAM), true), 0);
	client_start(FAKE_VIDEO);
	fake_service_await_given(&fake, FAKE_STREAM, FAKE_BUFFERS);
	for (unsigned int n = 0; n < FAKE_BUFFERS; n++) {
		fake_video(n, n);
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
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).lost, 0);
	client_close();
}
END_TEST

START_TEST(starts_again)
{
	struct uiocap_frame *frame;

	client_open();
	for (unsigned int n = 0; n < 3; n++) {
		client_start(FAKE_VIDEO);
		fake_video(n, 0);
		frame = client_next();
		ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), n);
		ck_assert_int_eq(uiocap_card_stop(card), 0);
		ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), n);
		ck_assert_int_eq(uiocap_card_start(card), -EBUSY);
		uiocap_frame_release(frame);
	}
	ck_assert_uint_eq(fake.started, 3);
	ck_assert_uint_eq(fake.stopped, 3);
	client_close();
}
END_TEST

START_TEST(descriptor_tells_of_frames)
{
	struct pollfd fd = { .events = POLLIN };
	struct uiocap_frame *frame;

	client_open();
	client_start(FAKE_VIDEO);
	fd.fd = uiocap_card_fd(card);
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	ck_assert_int_eq(poll(&fd, 1, 0), 0);
	fake_video(0, 0);
	ck_assert_int_eq(poll(&fd, 1, 20000), 1);
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 1);
	uiocap_frame_release(frame);
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	ck_assert_int_eq(poll(&fd, 1, 0), 0);
	client_close();
}
END_TEST

/* News between a wait in vain and the next look is owed a wake-up: or it would seem lost. */
START_TEST(news_of_a_look_wake_the_next_wait)
{
	struct transport *t;

	client_open();
	t = card->t;
	client_start(FAKE_VIDEO);
	ck_assert_int_eq(t->ops->wait(t, 0), 0);
	fake_video(0, 0);
	ck_assert_int_eq(t->ops->check(t), 0);
	ck_assert_int_eq(t->ops->wait(t, 0), 1);
	ck_assert_int_eq(t->ops->wait(t, 0), 0);
	client_close();
}
END_TEST

/* ---- what is refused -------------------------------------------------------------------- */

START_TEST(a_channel_that_is_not_captured)
{
	client_open();
	ck_assert_int_eq(uiocap_channel_enable(client_channel(FAKE_ABSENT), true), -ENODATA);
	ck_assert_int_eq(uiocap_channel_enable(client_channel(FAKE_ABSENT), false), 0);
	client_close();
}
END_TEST

START_TEST(more_buffers_than_it_gives)
{
	client_open();
	ck_assert_int_eq(uiocap_channel_enable(client_channel(FAKE_VIDEO), true), 0);
	ck_assert_int_eq(uiocap_channel_set_buffers(client_channel(FAKE_VIDEO), FAKE_BUFFERS + 1),
			 0);
	ck_assert_int_eq(uiocap_card_start(card), -ENOSPC);
	ck_assert_said("can have 4 buffers at most, and not 5");
	ck_assert_uint_eq(fake.started, 0);
	ck_assert_int_eq(uiocap_channel_set_buffers(client_channel(FAKE_VIDEO), 2), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	fake_service_await_given(&fake, FAKE_VIDEO, 2);
	client_close();
}
END_TEST

START_TEST(a_start_that_is_refused)
{
	fake.start_error = ENOSPC;
	client_open();
	ck_assert_int_eq(uiocap_channel_enable(client_channel(FAKE_VIDEO), true), 0);
	ck_assert_int_eq(uiocap_card_start(card), -ENOSPC);
	ck_assert_said("has no room for 4 more buffers of channel 0");
	fake.start_error = EBUSY;
	ck_assert_int_eq(uiocap_card_start(card), -EBUSY);
	fake.start_error = 12345;
	ck_assert_int_eq(uiocap_card_start(card), -EPROTO);
	fake.start_error = 0;
	ck_assert_int_eq(uiocap_card_start(card), 0);
	client_close();
}
END_TEST

START_TEST(other_chunks_than_the_services)
{
	client_open();
	ck_assert_int_eq(uiocap_channel_enable(client_channel(FAKE_VIDEO), true), 0);
	ck_assert_int_eq(uiocap_channel_set_chunk_lines(client_channel(FAKE_VIDEO), 8), 0);
	ck_assert_int_eq(uiocap_card_start(card), -ENOTSUP);
	ck_assert_said("the service's choice");
	client_close();
}
END_TEST

suite_main("service client",
	   tells_what_it_is,
	   frames_where_they_are,
	   frames_held_and_released_in_any_order,
	   lines_that_are_missing,
	   frames_that_went_by,
	   bytes_of_a_stream,
	   frames_of_two_channels_until_the_stop,
	   starts_again,
	   descriptor_tells_of_frames,
	   news_of_a_look_wake_the_next_wait,
	   a_channel_that_is_not_captured,
	   more_buffers_than_it_gives,
	   a_start_that_is_refused,
	   other_chunks_than_the_services)
