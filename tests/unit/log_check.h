/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log_check.h - keeps the library's last message, for tests that look at it */
#ifndef TESTS_LOG_CHECK_H
#define TESTS_LOG_CHECK_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "uiocap/uiocap.h"

static char log_message[1024];

static inline void log_keep(void *data, int severity, const char *message)
{
	(void)data, (void)severity;
	snprintf(log_message, sizeof(log_message), "%s", message);
}

static inline struct uiocap_ctx *log_new_ctx(void)
{
	struct uiocap_ctx *ctx;

	ck_assert_int_eq(uiocap_ctx_new(&ctx), 0);
	uiocap_ctx_set_log(ctx, log_keep, NULL, UIOCAP_LOG_DEBUG);
	log_message[0] = '\0';
	return ctx;
}

#define ck_assert_said(part)							\
	ck_assert_msg(strstr(log_message, part), "message is \"%s\", should have \"%s\"",	\
		      log_message, part)

#endif
