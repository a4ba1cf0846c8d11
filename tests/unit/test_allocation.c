/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_allocation.c - memory, descriptors and processes that cannot be had: a card's life from open
 * to close
 *
 * Either it goes on without what it cannot have, or it ends with an error.
 */
#include <errno.h>

#include "failing.h"
#include "log_check.h"
#include "suite.h"

#define SPEC	"sim:channels=2,size=64x48,unpaced,dma=2Mi,stream=pattern:100000"
#define FRAMES	20
#define CALLS	40	/* fewer would mean that some are not counted */

static int capture(struct uiocap_card *card)
{
	struct uiocap_channel *c;
	int ret = 0;

	for (unsigned int i = 0; (c = uiocap_card_channel(card, i)); i++)
		if (uiocap_channel_enable(c, true) || uiocap_channel_set_hold(c, true))
			return -EINVAL;
	ret = uiocap_card_start(card);
	for (unsigned int i = 0; ret >= 0 && i < FRAMES; i++) {
		struct uiocap_frame *frame = NULL;

		ret = uiocap_card_acquire(card, INT64_C(10000000000), &frame);
		uiocap_frame_release(frame);
	}
	return ret < 0 ? ret : uiocap_card_stop(card);
}

static int open_and_capture(void)
{
	struct uiocap_ctx *ctx;
	struct uiocap_card *card;
	int ret = uiocap_ctx_new(&ctx);

	if (ret)
		return ret;
	uiocap_ctx_set_log(ctx, log_keep, NULL, UIOCAP_LOG_ERROR);
	ret = uiocap_card_open(ctx, SPEC, NULL, &card);
	if (ret == 0) {
		ret = capture(card);
		if (uiocap_card_close(card))
			ret = -EBUSY;
	}
	uiocap_ctx_free(ctx);
	return ret;
}

static int live(void)
{
	int ret;

	failing_counts = true;
	ret = open_and_capture();
	failing_counts = false;
	return ret;
}

START_TEST(every_call_fails_once)
{
	ck_assert_uint_gt(failing_each(live).errors, CALLS);
}
END_TEST

suite_main("allocation", every_call_fails_once)
