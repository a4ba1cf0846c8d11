/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.h - the card's memory goes with the card: who reads it just then gets SIGBUS
 */
#ifndef GUARD_H
#define GUARD_H

/** guard_run - what @fn returns, or -ENODEV where it was left in the middle, by a SIGBUS */
int guard_run(int (*fn)(void *data), void *data);

#endif
