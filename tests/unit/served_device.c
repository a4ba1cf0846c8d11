/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "served_device.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct served_device served;

static char directory[32];
static pthread_t thread;
static bool running, only_once;
static int stop_fd;

static void *serve(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)server_run(served.server, stop_fd, only_once);
}

void served_prepare(void)
{
	strcpy(directory, "/tmp/uiocap-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(served.path, sizeof(served.path), "%s/socket", directory);
	stop_fd = eventfd(0, EFD_CLOEXEC);
	fake_device_init(&served.fake);
	ck_assert_int_eq(server_new(&served.fake.dev, NULL, NULL, &served.server), 0);
}

void served_start(bool once)
{
	only_once = once;
	ck_assert_int_eq(server_listen(served.server, served.path), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, serve, NULL), 0);
	running = true;
}

void served_set_up(void)
{
	served_prepare();
	served_start(false);
}

void served_join(void)
{
	void *ret;

	ck_assert_int_eq(pthread_join(thread, &ret), 0);
	ck_assert_ptr_null(ret);
	running = false;
}

void served_stop(void)
{
	ck_assert_int_eq(eventfd_write(stop_fd, 1), 0);
	served_join();
}

void served_tear_down(void)
{
	if (running)
		served_stop();
	server_free(served.server);
	close(stop_fd);
	ck_assert_int_eq(rmdir(directory), 0);
}

int served_connect(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(addr.sun_path, served.path);
	ck_assert_int_eq(connect(sock, (struct sockaddr *)&addr, sizeof(addr)), 0);
	return sock;
}
