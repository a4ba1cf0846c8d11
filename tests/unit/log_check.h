/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log_check.h - keeps the library's last message, for tests that look at it */
#ifndef TESTS_LOG_CHECK_H
#define TESTS_LOG_CHECK_H

#include <check.h>
#include <string.h>

#include "uiocap/uiocap.h"

extern char log_message[1024];

/** log_keep - for uiocap_ctx_set_log() */
void log_keep(void *data, int severity, const char *message);

/** log_new_ctx - a context whose messages are kept; there is none yet */
struct uiocap_ctx *log_new_ctx(void);

#define ck_assert_said(part)							\
	ck_assert_msg(strstr(log_message, part), "message is \"%s\", should have \"%s\"",	\
		      log_message, part)

#endif
