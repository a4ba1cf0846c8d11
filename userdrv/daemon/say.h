/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * say.h - lines for the journal, or for who has started uiocapd by hand
 */
#ifndef SAY_H
#define SAY_H

#include "uiocap/uiocap.h"

#define SAY_ERROR	UIOCAP_LOG_ERROR
#define SAY_WARNING	UIOCAP_LOG_WARNING
#define SAY_INFO	UIOCAP_LOG_INFO
#define SAY_DEBUG	UIOCAP_LOG_DEBUG

/** say - a line on the standard error; on a terminal without the severity that systemd reads */
void say(int severity, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** say_level - the least severe that is said from now on; SAY_INFO at first */
void say_level(int severity);

/** say_library - a uiocap_log_fn */
void say_library(void *data, int severity, const char *message);

#endif
