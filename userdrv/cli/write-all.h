/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write-all.h - write(2) until all is written
 */
#ifndef WRITE_ALL_H
#define WRITE_ALL_H

#include <stddef.h>
#include <sys/uio.h>

/** write_all - @parts are used up. 0 or -errno; -ENODEV: they are a frame, and its card has gone */
int write_all(int fd, struct iovec *parts, int n);

/** write_size - bytes in @parts */
size_t write_size(const struct iovec *parts, int n);

#endif
