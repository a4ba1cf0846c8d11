/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_client.c - a server's replies, as the library's client reads them */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "userdrv/vfio-user/commands.h"
#include "userdrv/vfio-user/message.h"

/* All of it is there before the client asks, and nothing comes after it. */
static int make_server(const uint8_t *data, size_t size)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		abort();
	while (size) {
		int n = vu_send(pair[1], data, size, NULL, 0);

		if (n <= 0)
			break;
		data += n;
		size -= n;
	}
	shutdown(pair[1], SHUT_WR);
	/* left open: the client's commands go nowhere, but without an error */
	return dup2(pair[1], 100) == 100 && !close(pair[1]) ? pair[0] : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vu_client *client;
	uint64_t syscalls = 0, length;
	uint32_t count, value;
	bool resettable;

	if (vu_client_new(make_server(data, size), 1000000, &syscalls, &client))
		return 0;
	vu_get_pci(client, &resettable);
	vu_get_region_size(client, 0, &length);
	vu_read(client, 7, 0, &value, sizeof(value));
	vu_get_irq_count(client, 2, &count);
	vu_set_irqs(client, 2, (const int[]){ 100, 100 }, 2);
	vu_map(client, 100, 0, 0, 4096);
	vu_write(client, 7, 4, &value, 2);
	vu_reset(client);
	vu_client_free(client);
	return 0;
}
