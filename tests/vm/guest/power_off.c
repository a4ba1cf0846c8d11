// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * power_off.c - takes the power of a card's slot: power_off SLOT
 */
#include "port.h"
#include "stub.h"

int main(int argc, char **argv)
{
	if (argc != 2)
		die("usage: power_off SLOT");
	port_power(port_open(argv[1]), false);
	return 0;
}
