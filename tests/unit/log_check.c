/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "log_check.h"

#include <stdio.h>

char log_message[1024];

void log_keep(void *data, int severity, const char *message)
{
	(void)data, (void)severity;
	snprintf(log_message, sizeof(log_message), "%s", message);
}

struct uiocap_ctx *log_new_ctx(void)
{
	struct uiocap_ctx *ctx;

	ck_assert_int_eq(uiocap_ctx_new(&ctx), 0);
	uiocap_ctx_set_log(ctx, log_keep, NULL, UIOCAP_LOG_DEBUG);
	log_message[0] = '\0';
	return ctx;
}
