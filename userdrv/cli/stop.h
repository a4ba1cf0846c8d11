/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stop.h - signals
 */
#ifndef STOP_H
#define STOP_H

#include <stdbool.h>

/**
 * stop_prepare - signals that would end the program without a word become errors
 *
 * A pipe without a reader and a file beyond its limit are told by write(2); memory of a card that
 * has gone ends the program with a message and the exit code for "no device".
 */
void stop_prepare(void);

/** stop_catch - from now on the first SIGINT or SIGTERM asks to stop; a second one ends at once */
void stop_catch(void);

/** stop_requested - has one come? */
bool stop_requested(void);

#endif
