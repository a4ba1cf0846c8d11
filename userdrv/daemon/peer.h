/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peer.h - who is at the other end of a socket, as the kernel says
 */
#ifndef PEER_H
#define PEER_H

#include <sys/types.h>

#include "userdrv/service/protocol.h"

/**
 * struct peer - a process
 * @name: of its program, printable; "?" where that is not to be learnt
 */
struct peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
	char name[MESSAGE_NAME_SIZE];
};

/** peer_of - who connected @fd */
int peer_of(int fd, struct peer *out);

#endif
