/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stub.h - the stub as a program sees it without the library: for tests of the kernel's part alone
 *
 * A test program that cannot go on ends with a message, so none of these return an error.
 */
#ifndef GUEST_STUB_H
#define GUEST_STUB_H

#include <stddef.h>
#include <stdint.h>

#include "uiocap/uio_stub.h"

/**
 * struct stub_node - an open /dev/uioN
 * @fd:  its descriptor
 * @dir: its directory in /sys/class/uio
 */
struct stub_node {
	int fd;
	char dir[64];
};

/** die - ends the program with a line on standard error */
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/** write_file - @text into an attribute in sysfs */
void write_file(const char *path, const char *text);

/** stub_open - opens /dev/@name */
void stub_open(const char *name, struct stub_node *out);

/** stub_map_find - number and size in bytes of the map called @name */
int stub_map_find(const struct stub_node *node, const char *name, size_t *size);

/** stub_map - the whole of the map called @name, shared, with @prot */
void *stub_map(const struct stub_node *node, const char *name, int prot);

/** stub_map_errno - the error that mmap() of @len bytes at map @n gives, 0: it was mapped */
int stub_map_errno(const struct stub_node *node, int n, size_t len, int prot, int flags);

/** stub_arm - write(1) to the node: interrupts that the kernel has masked may come again */
void stub_arm(const struct stub_node *node);

/** now_ns - CLOCK_MONOTONIC */
int64_t now_ns(void);

#endif
