/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port.h - the port that a card's slot belongs to
 */
#ifndef GUEST_PORT_H
#define GUEST_PORT_H

#include <stdbool.h>

/** port_open - the configuration space of the port of the card @slot, to be closed */
int port_open(const char *slot);

/**
 * port_power - gives power to the slot, or takes it, without a word to the card's driver
 *
 * By the port's own register. The port's driver, if it has one, finds the slot off, and leaves the
 * card to whoever removes it.
 */
void port_power(int port, bool on);

#endif
