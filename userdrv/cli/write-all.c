// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * write-all.c - write(2) until all is written
 */
#include <errno.h>
#include <stdint.h>

#include "write-all.h"

size_t write_size(const struct iovec *parts, int n)
{
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += parts[i].iov_len;
	return len;
}

/* Takes what was written off the front. */
static void advance(struct iovec **parts, int *n, size_t done)
{
	while (*n && done >= (*parts)->iov_len) {
		done -= (*parts)->iov_len;
		(*parts)++;
		(*n)--;
	}
	if (*n) {
		(*parts)->iov_base = (uint8_t *)(*parts)->iov_base + done;
		(*parts)->iov_len -= done;
	}
}

/*
 * EFAULT: the kernel could not read the frame that it was to write, for its memory has gone, and
 * the card with it. An output that is no device any more must not be taken for that.
 */
static int write_error(void)
{
	switch (errno) {
	case EFAULT:
		return -ENODEV;
	case ENODEV:
		return -EIO;
	default:
		return -errno;
	}
}

int write_all(int fd, struct iovec *parts, int n)
{
	advance(&parts, &n, 0);	/* empty parts */
	while (n) {
		ssize_t done = writev(fd, parts, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return write_error();
		advance(&parts, &n, (size_t)done);
	}
	return 0;
}
