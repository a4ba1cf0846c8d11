/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_service_ends.c - how a client finds the end of a source, of a channel, of the service */
#include <errno.h>

#include "fake_client.h"
#include "log_check.h"
#include "suite.h"

/* Whether the source has ended or the service only: that says the connection's end. */
START_TEST(last_word_of_a_channel)
{
	struct uiocap_frame *frame;

	client_open();
	client_start(FAKE_VIDEO);
	fake_video(0, 0);
	fake_service_say_stopped(&fake, FAKE_VIDEO, 3);
	uiocap_frame_release(client_next());
	ck_assert_int_eq(uiocap_card_acquire(card, 100000000, &frame), 0);
	ck_assert_int_eq(uiocap_card_stop(card), 0);
	ck_assert_uint_eq(fake.stopped, 0);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).produced, 3);
	client_close();
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

	client_open();
	client_start(FAKE_STREAM);
	fake_service_send(&fake, &end, sizeof(end));
	fake_service_say_bye(&fake, "all channels have ended");
	frame = client_next();
	ck_assert_uint_eq(uiocap_frame_status(frame), UIOCAP_FRAME_END);
	uiocap_frame_release(frame);
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODATA);
	client_close();
}
END_TEST

/* Its last byte has come before, in a frame like any other. */
START_TEST(end_of_a_source_without_a_byte)
{
	struct uiocap_frame *frame;

	client_open();
	for (unsigned int run = 0; run < 2; run++) {
		client_start(FAKE_STREAM);
		fake_service_frame(&fake, FAKE_STREAM, 0, 0, 5, NULL, 0);
		fake_service_say_ended(&fake, FAKE_STREAM);
		frame = client_next();
		ck_assert_uint_eq(uiocap_frame_status(frame), 0);
		uiocap_frame_release(frame);
		ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODATA);
		fake.produced[FAKE_STREAM] = 1;
		ck_assert_int_eq(uiocap_card_stop(card), 0);
		ck_assert_uint_eq(client_stats(FAKE_STREAM).produced, 1);
		ck_assert_uint_eq(client_stats(FAKE_STREAM).delivered, 1);
	}
	client_close();
}
END_TEST

/* The service's end is no news to the channel that has ended, and is to the other. */
START_TEST(end_of_one_source_of_two)
{
	struct uiocap_frame *frame;

	client_open();
	ck_assert_int_eq(uiocap_channel_enable(client_channel(FAKE_STREAM), true), 0);
	client_start(FAKE_VIDEO);
	fake_service_await_given(&fake, FAKE_STREAM, FAKE_BUFFERS);
	fake_service_say_ended(&fake, FAKE_STREAM);
	ck_assert_int_eq(uiocap_channel_acquire(client_channel(FAKE_STREAM), LONG, &frame),
			 -ENODATA);
	fake_video(0, 0);
	uiocap_frame_release(client_next());
	ck_assert_int_eq(uiocap_card_acquire(card, 0, &frame), 0);
	fake_service_say_stopped(&fake, FAKE_STREAM, 0);
	fake_service_say_stopped(&fake, FAKE_VIDEO, 1);
	fake_service_say_bye(&fake, "the service has been stopped");
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODEV);
	ck_assert_int_eq(uiocap_card_stop(card), -ENODEV);
	client_close();
}
END_TEST

START_TEST(service_says_bye)
{
	struct uiocap_frame *held, *frame;

	client_open();
	client_start(FAKE_VIDEO);
	fake_video(5, 0);
	held = client_next();
	fake_video(6, 1);
	fake_service_say_bye(&fake, "the card is gone");
	frame = client_next();		/* what it sent before is not lost */
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(frame), 6);
	uiocap_frame_release(frame);
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODEV);
	ck_assert_said("the card is gone");
	ck_assert_uint_eq(*(const uint8_t *)uiocap_frame_data(held), 5);
	uiocap_frame_release(held);
	ck_assert_int_eq(uiocap_card_stop(card), -ENODEV);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).delivered, 2);
	ck_assert_int_eq(uiocap_card_start(card), -ENODEV);
	client_close();
}
END_TEST

/* As a client that is slow finds it: its account is right without asking anybody. */
START_TEST(frames_lost_before_the_bye)
{
	struct uiocap_frame *frame;

	client_open();
	client_start(FAKE_VIDEO);
	fake_video(0, 0);
	fake_service_say_stopped(&fake, FAKE_VIDEO, 5);
	fake_service_say_bye(&fake, "the card is gone");
	uiocap_frame_release(client_next());
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODEV);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).produced, 5);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).lost, 4);
	ck_assert_int_eq(uiocap_card_stop(card), -ENODEV);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).produced, 5);
	ck_assert_uint_eq(client_stats(FAKE_VIDEO).lost, 4);
	client_close();
}
END_TEST

START_TEST(service_dies)
{
	struct uiocap_frame *frame;

	client_open();
	client_start(FAKE_VIDEO);
	fake_service_hang_up(&fake);
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), -ENODEV);
	client_close();
}
END_TEST

suite_main("service ends",
	   last_word_of_a_channel,
	   end_of_a_source,
	   end_of_a_source_without_a_byte,
	   end_of_one_source_of_two,
	   service_says_bye,
	   frames_lost_before_the_bye,
	   service_dies)
