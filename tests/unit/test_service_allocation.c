/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_service_allocation.c - memory and descriptors that a client of a service cannot have, from
 * open to close: it ends with an error
 */
#include <string.h>

#include "failing.h"
#include "fake_service.h"
#include "log_check.h"
#include "suite.h"
#include "uiocap/service.h"

#define LONG	INT64_C(20000000000)
#define CALLS	12	/* fewer would mean that some are not counted */

static struct fake_service fake;
static struct uiocap_ctx *ctx;

/* A frame with a gap, of which the client keeps a copy of what has arrived. */
static int take_frames(struct uiocap_card *card)
{
	static const struct message_run run = { 1, 1 };
	struct uiocap_frame *frame;
	int ret;

	failing_counts = false;
	fake_service_await_given(&fake, FAKE_VIDEO, FAKE_BUFFERS);
	fake_service_frame(&fake, FAKE_VIDEO, 1, 0, 64, &run, 1);
	failing_counts = true;
	ret = uiocap_card_acquire(card, LONG, &frame);
	if (ret == 1)
		uiocap_frame_release(frame);
	return ret < 0 ? ret : 0;
}

static int capture(void)
{
	struct uiocap_card *card;
	int ret = uiocap_card_open(ctx, fake.spec, NULL, &card);

	if (ret < 0)
		return ret;
	uiocap_channel_enable(uiocap_card_channel(card, FAKE_VIDEO), true);
	ret = uiocap_card_start(card);
	if (ret == 0)
		ret = take_frames(card);
	uiocap_card_close(card);
	return ret;
}

static int look_on(void)
{
	const struct uiocap_service_state *state;
	struct uiocap_service *service;
	int ret = uiocap_service_open(ctx, fake.spec, &service);

	if (ret < 0)
		return ret;
	ret = uiocap_service_get_state(service, &state);
	uiocap_service_close(service);
	return ret;
}

/* The service is another one each time: no descriptor is its. */
static int with_service(int (*live)(void))
{
	int ret;

	memset(&fake, 0, sizeof(fake));
	fake_service_start(&fake);
	failing_counts = true;
	ret = live();
	failing_counts = false;
	fake_service_end(&fake);
	return ret;
}

static int client(void)
{
	return with_service(capture);
}

static int onlooker(void)
{
	return with_service(look_on);
}

static void fail_each(int (*live)(void), unsigned int calls)
{
	struct failing f;

	ctx = log_new_ctx();
	f = failing_each(live);
	ck_assert_uint_ge(f.calls, calls);
	ck_assert_uint_eq(f.errors, f.calls);
	uiocap_ctx_free(ctx);
}

START_TEST(a_client)
{
	fail_each(client, CALLS);
}
END_TEST

START_TEST(one_that_looks_on)
{
	fail_each(onlooker, 4);
}
END_TEST

suite_main("service allocation", a_client, one_that_looks_on)
