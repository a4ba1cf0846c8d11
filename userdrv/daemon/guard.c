// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guard.c - the card's memory goes with the card: who reads it just then gets SIGBUS
 *
 * What was under way is left as it is, which is fine as long as it is not gone on with: the card is
 * gone, and clients are only told so.
 */
#include "guard.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static sigjmp_buf way_out;
static volatile sig_atomic_t inside;

/* Elsewhere it is a bug of ours: the access is made again, and ends us as it should. */
static void leave(int number)
{
	if (inside)
		siglongjmp(way_out, 1);
	signal(number, SIG_DFL);
}

/* The mask of signals is not saved, which would be a system call; so SIGBUS is not put into it. */
static void install(void)
{
	static bool installed;
	struct sigaction act = { .sa_handler = leave, .sa_flags = SA_NODEFER };

	if (installed)
		return;
	sigemptyset(&act.sa_mask);
	sigaction(SIGBUS, &act, NULL);
	installed = true;
}

int guard_run(int (*fn)(void *data), void *data)
{
	int ret;

	install();
	if (sigsetjmp(way_out, 0)) {
		inside = false;
		return -ENODEV;
	}
	inside = true;
	ret = fn(data);
	inside = false;
	return ret;
}
