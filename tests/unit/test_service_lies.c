/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_service_lies.c - a service that says what cannot be: no more is read of it */
#include <errno.h>
#include <string.h>

#include "fake_client.h"
#include "log_check.h"
#include "suite.h"

static void frame(uint32_t slot, uint64_t number, uint32_t bytes)
{
	fake_service_frame(&fake, FAKE_VIDEO, slot, number, bytes, NULL, 0);
}

static void slot_beyond(void)
{
	frame(FAKE_SLOTS, 1, WHOLE);
}

static void slot_far_beyond(void)
{
	frame(UINT32_MAX, 1, WHOLE);
}

static void same_number(void)
{
	frame(1, 0, WHOLE);
}

static void last_number(void)
{
	frame(1, UINT64_MAX, WHOLE);
}

static void too_many_bytes(void)
{
	frame(1, 1, WHOLE + 1);
}

static void too_many_frames(void)
{
	for (unsigned int n = 1; n <= FAKE_BUFFERS; n++)
		frame(n, n, WHOLE);
}

static void chunks_beyond(void)
{
	static const struct message_run run = { 2, 2 };

	fake_service_frame(&fake, FAKE_VIDEO, 1, 1, 100, &run, 1);
}

static void runs_backwards(void)
{
	static const struct message_run runs[] = { { 2, 1 }, { 0, 1 } };

	fake_service_frame(&fake, FAKE_VIDEO, 1, 1, 100, runs, 2);
}

static void runs_that_touch(void)
{
	static const struct message_run runs[] = { { 0, 1 }, { 1, 1 } };

	fake_service_frame(&fake, FAKE_VIDEO, 1, 1, 100, runs, 2);
}

static void run_of_nothing(void)
{
	static const struct message_run run = { 0, 0 };

	fake_service_frame(&fake, FAKE_VIDEO, 1, 1, 100, &run, 1);
}

static void other_channel(void)
{
	fake_service_frame(&fake, FAKE_STREAM, 1, 0, 100, NULL, 0);
}

static void no_channel(void)
{
	fake_service_frame(&fake, FAKE_CHANNELS, 1, 0, 100, NULL, 0);
}

static void farthest_channel(void)
{
	fake_service_frame(&fake, UINT16_MAX, 1, 0, 100, NULL, 0);
}

static void started_unasked(void)
{
	const struct message_started m = {
		.head = { .type = MESSAGE_STARTED, .bytes = sizeof(m) },
	};

	fake_service_send(&fake, &m, sizeof(m));
}

static void end_of_another(void)
{
	fake_service_say_ended(&fake, FAKE_STREAM);
}

static void clients_message(void)
{
	const struct message_stop m = { .head = { .type = MESSAGE_STOP, .bytes = sizeof(m) } };

	fake_service_send(&fake, &m, sizeof(m));
}

static void no_type(void)
{
	const struct message m = { .type = 0x55, .bytes = sizeof(m) };

	fake_service_send(&fake, &m, sizeof(m));
}

static void short_packet(void)
{
	const struct message m = { .type = MESSAGE_FRAME, .bytes = sizeof(m) };

	fake_service_send(&fake, &m, sizeof(m));
}

static void packet_of_few_bytes(void)
{
	fake_service_send(&fake, "abc", 3);
}

static void wrong_length(void)
{
	const struct message_stopped m = { .head = { .type = MESSAGE_STOPPED, .bytes = 12345 } };

	fake_service_send(&fake, &m, sizeof(m));
}

static void runs_not_there(void)
{
	const struct message_frame m = {
		.head = { .type = MESSAGE_FRAME, .bytes = sizeof(m) },
		.slot = 1, .number = 1, .runs = 2,
	};

	fake_service_send(&fake, &m, sizeof(m));
}

static void bye_without_end(void)
{
	struct message_bye m = { .head = { .type = MESSAGE_BYE, .bytes = sizeof(m) } };

	memset(m.reason, 'x', sizeof(m.reason));
	fake_service_send(&fake, &m, sizeof(m));
}

static void bye_to_a_terminal(void)
{
	const struct message_bye m = {
		.head = { .type = MESSAGE_BYE, .bytes = sizeof(m) }, .reason = "\033[2Jboo",
	};

	fake_service_send(&fake, &m, sizeof(m));
}

static const struct {
	void (*tell)(void);
	const char *said;
} lies[] = {
	{ slot_beyond, "a slot that is not there" },
	{ slot_far_beyond, "a slot that is not there" },
	{ same_number, "number is not higher" },
	{ last_number, "number is not higher" },
	{ too_many_bytes, "more bytes than" },
	{ too_many_frames, "more frames than there were buffers" },
	{ chunks_beyond, "more chunks than" },
	{ runs_backwards, "no message" },
	{ runs_that_touch, "no message" },
	{ run_of_nothing, "no message" },
	{ other_channel, "a channel that is not started" },
	{ no_channel, "a channel that is not there" },
	{ farthest_channel, "a channel that is not there" },
	{ started_unasked, "has started which was not to" },
	{ end_of_another, "the end of a channel that is not started" },
	{ clients_message, "not for clients" },
	{ no_type, "no message" },
	{ short_packet, "no message" },
	{ packet_of_few_bytes, "no message" },
	{ wrong_length, "no message" },
	{ runs_not_there, "no message" },
	{ bye_without_end, "no message" },
	{ bye_to_a_terminal, "does not say why" },
};

/* After a good frame, which stays in hand. */
static void try_lie(void (*tell)(void), const char *said)
{
	struct uiocap_frame *good, *other;
	int ret;

	client_open();
	client_start(FAKE_VIDEO);
	memset(fake.memory, 7, WHOLE);
	frame(0, 0, WHOLE);
	good = client_next();
	tell();
	while ((ret = uiocap_card_acquire(card, LONG, &other)) == 1)
		uiocap_frame_release(other);
	ck_assert_int_eq(ret, -ENODEV);
	ck_assert_said(said);
	ck_assert_uint_eq(((const uint8_t *)uiocap_frame_data(good))[WHOLE - 1], 7);
	uiocap_frame_release(good);
	client_close();
}

START_TEST(is_not_believed)
{
	for (unsigned int i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		try_lie(lies[i].tell, lies[i].said);
}
END_TEST

/* What it said before is believed: that it was the end. */
START_TEST(nothing_follows_the_end)
{
	struct uiocap_frame *other;

	client_open();
	client_start(FAKE_VIDEO);
	fake_service_say_ended(&fake, FAKE_VIDEO);
	frame(0, 0, WHOLE);
	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &other), -ENODATA);
	ck_assert_said("a frame after the last one");
	client_close();
}
END_TEST

/* ---- the beginning ---------------------------------------------------------------------- */

static void other_version(struct message_welcome *m)
{
	m->version = 2;
}

static void no_memory(struct message_welcome *m)
{
	m->memory_bytes = 0;
	m->slots = 0;
}

static void odd_slots(struct message_welcome *m)
{
	m->slot_bytes = 4095;
}

static void many_slots(struct message_welcome *m)
{
	m->slots = UINT32_MAX;
}

static void many_channels(struct message_welcome *m)
{
	m->channels = 65;
}

static void model_without_end(struct message_welcome *m)
{
	memset(m->model, 'm', sizeof(m->model));
}

static void model_of_controls(struct message_welcome *m)
{
	strcpy(m->model, "\033c");
}

static void no_width(struct message_welcome *m)
{
	m->channel[FAKE_STREAM].width_bytes = 0;
}

static void too_large_for_a_slot(struct message_welcome *m)
{
	m->channel[FAKE_VIDEO].width_bytes = 4096;
}

static void huge(struct message_welcome *m)
{
	m->channel[FAKE_VIDEO].width_bytes = UINT32_MAX;
	m->channel[FAKE_VIDEO].height = UINT32_MAX;
}

static void no_lines(struct message_welcome *m)
{
	m->channel[FAKE_VIDEO].chunk_lines = 0;
}

static void other_chunks(struct message_welcome *m)
{
	m->channel[FAKE_VIDEO].chunks = 4;
}

static void one_buffer(struct message_welcome *m)
{
	m->channel[FAKE_VIDEO].buffers = 1;
}

static void other_kind(struct message_welcome *m)
{
	m->channel[FAKE_VIDEO].kind = 2;
}

static const struct {
	void (*twist)(struct message_welcome *m);
	const char *said;
} welcomes[] = {
	{ other_version, "no uiocapd of version 1" },
	{ many_channels, "no uiocapd of version" },
	{ model_without_end, "no uiocapd of version" },
	{ model_of_controls, "no uiocapd of version" },
	{ no_memory, "has not the size that it says" },
	{ odd_slots, "has not the size that it says" },
	{ many_slots, "has not the size that it says" },
	{ no_width, "says of channel 1 makes no sense" },
	{ too_large_for_a_slot, "says of channel 0 makes no sense" },
	{ huge, "says of channel 0 makes no sense" },
	{ no_lines, "says of channel 0 makes no sense" },
	{ other_chunks, "says of channel 0 makes no sense" },
	{ one_buffer, "says of channel 0 makes no sense" },
	{ other_kind, "says of channel 0 makes no sense" },
};

START_TEST(is_not_welcome)
{
	for (unsigned int i = 0; i < sizeof(welcomes) / sizeof(welcomes[0]); i++) {
		fake.twist = welcomes[i].twist;
		client_cannot_open(-EPROTO, welcomes[i].said);
	}
}
END_TEST

START_TEST(memory_that_could_shrink)
{
	fake.unsealed = true;
	client_cannot_open(-EPROTO, "is not sealed");
}
END_TEST

START_TEST(memory_that_is_smaller)
{
	fake.short_by = 4096;
	client_cannot_open(-EPROTO, "has not the size");
}
END_TEST

START_TEST(a_client_is_refused)
{
	fake.bye = "there are 512 clients, which is enough";
	client_cannot_open(-ECONNREFUSED, "there are 512 clients");
}
END_TEST

START_TEST(nobody_is_there)
{
	char spec[300];

	ctx = log_new_ctx();
	ck_assert_int_eq(uiocap_card_open(ctx, "unix:/nonexistent/card", NULL, &card), -ENODEV);
	ck_assert_said("no uiocapd serves frames at unix:/nonexistent/card");
	ck_assert_int_eq(uiocap_card_open(ctx, "unix:", NULL, &card), -EINVAL);
	memset(spec, 'x', sizeof(spec));
	memcpy(spec, "unix:", 5);
	spec[sizeof(spec) - 1] = '\0';
	ck_assert_int_eq(uiocap_card_open(ctx, spec, NULL, &card), -EINVAL);
	uiocap_ctx_free(ctx);
}
END_TEST

START_TEST(no_kind_can_be_named)
{
	fake_service_start(&fake);
	ctx = log_new_ctx();
	ck_assert_int_eq(uiocap_card_open(ctx, fake.spec, "edu", &card), -ENOTSUP);
	ck_assert_said("no kind can be named");
	ck_assert_int_eq(uiocap_card_open(ctx, "sim", "service", &card), -ENOTSUP);
	ck_assert_said("no card kind \"service\"");
	uiocap_ctx_free(ctx);
	fake_service_end(&fake);
}
END_TEST

suite_main("service lies",
	   is_not_believed,
	   nothing_follows_the_end,
	   is_not_welcome,
	   memory_that_could_shrink,
	   memory_that_is_smaller,
	   a_client_is_refused,
	   nobody_is_there,
	   no_kind_can_be_named)
