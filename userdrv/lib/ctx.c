/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ctx.c - what belongs to the whole program: where messages go
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"

/* A longer message is cut: it comes from a path that somebody made absurdly long. */
#define MESSAGE_MAX	512

struct uiocap_ctx {
	uiocap_log_fn fn;
	void *data;
	int severity;
};

int uiocap_ctx_new(struct uiocap_ctx **out)
{
	struct uiocap_ctx *ctx = calloc(1, sizeof(*ctx));

	if (!ctx)
		return -ENOMEM;
	*out = ctx;
	return 0;
}

void uiocap_ctx_free(struct uiocap_ctx *ctx)
{
	free(ctx);
}

void uiocap_ctx_set_log(struct uiocap_ctx *ctx, uiocap_log_fn fn, void *data, int severity)
{
	ctx->fn = fn;
	ctx->data = data;
	ctx->severity = severity;
}

void ctx_log(struct uiocap_ctx *ctx, int severity, const char *format, ...)
{
	char message[MESSAGE_MAX];
	va_list args;

	if (!ctx->fn || severity > ctx->severity)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	ctx->fn(ctx->data, severity, message);
}

const char *uiocap_version(void)
{
	return PACKAGE_VERSION;
}
