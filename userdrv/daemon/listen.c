// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * listen.c - the socket that clients connect to
 */
#include "listen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

int listen_inherited(void)
{
	int count = sd_listen_fds(1);

	if (count <= 0)
		return count < 0 ? count : -ENOENT;
	if (count > 1 || sd_is_socket_unix(SD_LISTEN_FDS_START, SOCK_SEQPACKET, 1, NULL, 0) <= 0)
		return -EINVAL;
	return SD_LISTEN_FDS_START;
}

/* Only a socket, and only if it refuses: whoever listens there goes on. */
static void remove_stale(const struct sockaddr_un *address)
{
	struct stat st;
	int fd;

	if (lstat(address->sun_path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 &&
	    errno == ECONNREFUSED)
		unlink(address->sun_path);
	close(fd);
}

static int bind_and_listen(int fd, const struct sockaddr_un *address)
{
	mode_t before = umask(0117);
	int ret = bind(fd, (const struct sockaddr *)address, sizeof(*address));
	int err = errno;

	umask(before);
	if (ret < 0)
		return -err;
	return listen(fd, SOMAXCONN) < 0 ? -errno : 0;
}

int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	remove_stale(&address);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	ret = bind_and_listen(fd, &address);
	if (ret < 0) {
		close(fd);
		return ret;
	}
	return fd;
}
