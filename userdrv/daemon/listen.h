/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listen.h - the socket that clients connect to
 */
#ifndef LISTEN_H
#define LISTEN_H

/**
 * listen_inherited - the descriptor of the socket that systemd has made
 *
 * -ENOENT: none; -EINVAL: what was passed is no listening Unix socket of type SOCK_SEQPACKET.
 */
int listen_inherited(void);

/**
 * listen_at - the descriptor of a new one at @path, for its owner and group alone
 *
 * One at which nobody listens any more is replaced. Errors: -EADDRINUSE, those of bind(2).
 */
int listen_at(const char *path);

#endif
