/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * log.h - messages to the user of the library
 *
 * A message is one full sentence without a final newline: what was wrong, and where it helps, what
 * to do about it. Nothing is added to it.
 */
#ifndef UIOCAP_LOG_H
#define UIOCAP_LOG_H

#include "uiocap/uiocap.h"

/** ctx_log - formats and hands over a message, where anybody wants that severity */
void ctx_log(struct uiocap_ctx *ctx, int severity, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
