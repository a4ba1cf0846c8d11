/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - gives a simulated function to a vfio-user client: QEMU, or libuiocap
 *
 * One client at a time; another that connects meanwhile is turned away at once. When a client goes,
 * the function is reset and the client's memory and descriptors are let go of. Everything
 * happens in the thread that calls server_run().
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include <stdbool.h>

#include "device.h"

struct server;

/* Takes one line about a client that misbehaves; NULL: nobody wants to know. */
typedef void (*server_log_fn)(void *data, const char *message);

/**
 * server_new() - a server without a socket for @dev, which must outlive it
 *
 * At most one server at a time in a process: it handles SIGBUS, which a client raises that
 * truncates its memory under the card's hands.
 */
int server_new(struct device *dev, server_log_fn log, void *log_data, struct server **out);

/**
 * server_listen() - waits for clients at @path, which server_free() removes
 *
 * A socket that nobody listens at any more is replaced. -EADDRINUSE: somebody does.
 */
int server_listen(struct server *server, const char *path);

/** server_attach() - takes the connected socket @fd for its client; closed when the client goes */
int server_attach(struct server *server, int fd);

/**
 * server_run() - serves until @stop_fd is readable (a signalfd; -1: none)
 * @once: return as well when a client has come and gone
 *
 * Without a listening socket it returns when the attached client goes. 0 or -errno.
 */
int server_run(struct server *server, int stop_fd, bool once);

/** server_free() - lets a client go, removes the listening socket. NULL is fine. */
void server_free(struct server *server);

#endif
