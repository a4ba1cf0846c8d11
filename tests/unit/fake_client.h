/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_client.h - a program that captures from the fake service, through the library
 *
 * One at a time. What fails there fails the test.
 */
#ifndef TESTS_FAKE_CLIENT_H
#define TESTS_FAKE_CLIENT_H

#include "fake_service.h"
#include "uiocap/uiocap.h"

#define LONG	INT64_C(20000000000)		/* ns, for what is to come */
#define WHOLE	(FAKE_WIDTH * FAKE_HEIGHT)	/* bytes of a video frame */

extern struct fake_service fake;
extern struct uiocap_ctx *ctx;
extern struct uiocap_card *card;

/** client_open - starts the service, and opens it as @card */
void client_open(void);

/** client_cannot_open - fails with @error and says @said; @fake is as at first then */
void client_cannot_open(int error, const char *said);

/** client_start - with channel @n, too; returns when the service has all of its buffers */
void client_start(unsigned int n);

/** client_close - the card, and the service */
void client_close(void);

struct uiocap_channel *client_channel(unsigned int n);
struct uiocap_stats client_stats(unsigned int n);

/** client_next - a frame, which has to come */
struct uiocap_frame *client_next(void);

/** fake_fill - a slot of the service's memory, with one value */
void fake_fill(uint32_t slot, uint8_t value);

/** fake_video - a whole frame of FAKE_VIDEO, filled with the number of its slot */
void fake_video(uint32_t slot, uint64_t number);

#endif
