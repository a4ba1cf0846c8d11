/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk.h - messages for people, on stderr; data goes to stdout and has nothing to do with this
 */
#ifndef TALK_H
#define TALK_H

#include <stdbool.h>
#include <stdio.h>

struct uiocap_ctx;

/** talk_verbose - from now on what the library tells in passing is shown as well */
void talk_verbose(void);

/** talk_attach - lets the library's messages come here */
void talk_attach(struct uiocap_ctx *ctx);

/** say - a line on stderr, after the program's name */
void __attribute__((format(printf, 1, 2))) say(const char *format, ...);

/**
 * say_failed - tells of a library call that failed, unless the library has told already
 * @what: what was tried: "start the capture"
 * @err:  negative errno
 *
 * Returns the exit code for it.
 */
int say_failed(const char *what, int err);

/** say_run_failed - the same of a card that was started, with what helps if it was reset */
int say_run_failed(const char *what, int err);

/** talk_colour - may @stream be coloured? Only a terminal, and only without NO_COLOR */
bool talk_colour(FILE *stream);

#endif
