/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sysfs.h - files of /sys and /dev, one value each
 *
 * Paths are formatted as by printf() and absolute. $UIOCAP_ROOT, where it is set and the program
 * has no more rights than its user, goes before them: tests lay out a machine in a directory.
 */
#ifndef UIOCAP_SYSFS_H
#define UIOCAP_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** sysfs_path - the path as the kernel sees it; -ENAMETOOLONG */
__attribute__((format(printf, 3, 4)))
int sysfs_path(char *out, size_t size, const char *fmt, ...);

/** sysfs_exists - is there such a file or directory? */
__attribute__((format(printf, 1, 2)))
bool sysfs_exists(const char *fmt, ...);

/** sysfs_read - its first line, without the newline and cut to @size */
__attribute__((format(printf, 3, 4)))
int sysfs_read(char *out, size_t size, const char *fmt, ...);

/** sysfs_read_u64 - a number, decimal or 0x…; -EINVAL where it is none */
__attribute__((format(printf, 2, 3)))
int sysfs_read_u64(uint64_t *out, const char *fmt, ...);

/** sysfs_read_link - last part of what a symbolic link points to */
__attribute__((format(printf, 3, 4)))
int sysfs_read_link(char *out, size_t size, const char *fmt, ...);

/** sysfs_write - @text, in one write */
__attribute__((format(printf, 2, 3)))
int sysfs_write(const char *text, const char *fmt, ...);

/** sysfs_first - the entry of a directory whose name begins with @prefix; -ENOENT */
__attribute__((format(printf, 4, 5)))
int sysfs_first(char *out, size_t size, const char *prefix, const char *fmt, ...);

#endif
