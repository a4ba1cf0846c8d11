/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_client.h"

#include <check.h>
#include <string.h>

#include "log_check.h"

struct fake_service fake;
struct uiocap_ctx *ctx;
struct uiocap_card *card;

void client_open(void)
{
	fake_service_start(&fake);
	ctx = log_new_ctx();
	ck_assert_int_eq(uiocap_card_open(ctx, fake.spec, NULL, &card), 0);
}

void client_cannot_open(int error, const char *said)
{
	fake_service_start(&fake);
	ctx = log_new_ctx();
	ck_assert_int_eq(uiocap_card_open(ctx, fake.spec, NULL, &card), error);
	ck_assert_said(said);
	uiocap_ctx_free(ctx);
	fake_service_end(&fake);
	memset(&fake, 0, sizeof(fake));
}

void client_start(unsigned int n)
{
	ck_assert_int_eq(uiocap_channel_enable(client_channel(n), true), 0);
	ck_assert_int_eq(uiocap_card_start(card), 0);
	fake_service_await_given(&fake, n, FAKE_BUFFERS);
}

void client_close(void)
{
	ck_assert_int_eq(uiocap_card_close(card), 0);
	uiocap_ctx_free(ctx);
	fake_service_end(&fake);
}

struct uiocap_channel *client_channel(unsigned int n)
{
	return uiocap_card_channel(card, n);
}

struct uiocap_stats client_stats(unsigned int n)
{
	struct uiocap_stats s;

	uiocap_channel_get_stats(client_channel(n), &s);
	return s;
}

struct uiocap_frame *client_next(void)
{
	struct uiocap_frame *frame;

	ck_assert_int_eq(uiocap_card_acquire(card, LONG, &frame), 1);
	return frame;
}

void fake_fill(uint32_t slot, uint8_t value)
{
	memset(fake.memory + (size_t)slot * FAKE_SLOT_BYTES, value, FAKE_SLOT_BYTES);
}

void fake_video(uint32_t slot, uint64_t number)
{
	fake_fill(slot, slot);
	fake_service_frame(&fake, FAKE_VIDEO, slot, number, WHOLE, NULL, 0);
}
