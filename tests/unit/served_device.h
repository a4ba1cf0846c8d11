/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * served_device.h - a fake device behind a server in a thread, at a socket of its own
 */
#ifndef TESTS_SERVED_DEVICE_H
#define TESTS_SERVED_DEVICE_H

#include <stdbool.h>

#include "fake_device.h"
#include "sim/server.h"

/**
 * struct served_device - it
 * @fake:   the device; look at it only while the thread has nothing to do
 * @server: its server
 * @path:   of the socket
 */
struct served_device {
	struct fake_device fake;
	struct server *server;
	char path[64];
};

extern struct served_device served;

/* What the device is may be changed before the start. */
void served_prepare(void);
void served_start(bool once);

/* Fixture: both. */
void served_set_up(void);

/* Waits until the server has ended by itself; else tells it to. */
void served_join(void);
void served_stop(void);

/* Fixture: ends it, removes socket and directory. */
void served_tear_down(void);

/* A connection to it. */
int served_connect(void);

#endif
