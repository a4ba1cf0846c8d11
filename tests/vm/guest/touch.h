/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * touch.h - accesses to memory that may be taken away
 */
#ifndef GUEST_TOUCH_H
#define GUEST_TOUCH_H

#include <stdint.h>

/** touch_prepare - from now on a fault ends peek() or poke() and not the program, in any thread */
void touch_prepare(void);

/** peek - reads @at into @out; 0 when it faults */
int peek(const volatile uint32_t *at, uint32_t *out);

/** poke - writes @value to @at; 0 when it faults */
int poke(volatile uint32_t *at, uint32_t value);

#endif
