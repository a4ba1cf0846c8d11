// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * peer.c - who is at the other end of a socket, as the kernel says
 */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A process gives itself any name, and may hope that it is printed. */
static void make_printable(char *name)
{
	for (; *name; name++)
		if (*name < ' ' || *name > '~')
			*name = '?';
}

static void find_name(struct peer *peer)
{
	char path[40];
	ssize_t len = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)peer->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, peer->name, sizeof(peer->name) - 1);
		close(fd);
	}
	if (len <= 1) {
		strcpy(peer->name, "?");
		return;
	}
	peer->name[len - 1] = '\0';	/* in the place of its newline */
	make_printable(peer->name);
}

int peer_of(int fd, struct peer *out)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
		return -errno;
	*out = (struct peer){ .pid = cred.pid, .uid = cred.uid, .gid = cred.gid };
	find_name(out);
	return 0;
}
