// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stop.c - signals
 */
#include <signal.h>
#include <unistd.h>

#include "cli.h"
#include "stop.h"

static volatile sig_atomic_t requested;

static void request(int signal)
{
	(void)signal;
	requested = 1;
}

/*
 * The stub takes DMA memory away when the card is removed (uio_stub(4)): whoever reads a frame then
 * gets here. Nothing of an output is half written at that time: write(2) reports EFAULT instead.
 */
static void memory_gone(int signal)
{
	static const char text[] = "uiocap: the card has gone, while a frame was read\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)signal;
	(void)n;
	_exit(EXIT_NO_DEVICE);
}

void stop_prepare(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction gone = { .sa_handler = memory_gone };

	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
	sigaction(SIGBUS, &gone, NULL);
}

void stop_catch(void)
{
	/* Without SA_RESTART: whatever waits is to return. */
	struct sigaction action = { .sa_handler = request, .sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool stop_requested(void)
{
	return requested;
}
