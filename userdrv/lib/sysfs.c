/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sysfs.c - files of /sys and /dev */
#include "sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int vpath(char *out, size_t size, const char *fmt, va_list args)
{
	const char *root = secure_getenv("UIOCAP_ROOT");
	size_t used;
	int len;

	used = root ? strlen(root) : 0;
	if (used >= size)
		return -ENAMETOOLONG;
	memcpy(out, root ? root : "", used);
	len = vsnprintf(out + used, size - used, fmt, args);
	return len < 0 || (size_t)len >= size - used ? -ENAMETOOLONG : 0;
}

/* Formats the path of the function it is used in. */
#define SYSFS_VPATH(path, fmt)						\
	({								\
		va_list args_;						\
		int err_;						\
									\
		va_start(args_, fmt);					\
		err_ = vpath(path, sizeof(path), fmt, args_);		\
		va_end(args_);						\
		err_;							\
	})

int sysfs_path(char *out, size_t size, const char *fmt, ...)
{
	va_list args;
	int err;

	va_start(args, fmt);
	err = vpath(out, size, fmt, args);
	va_end(args);
	return err;
}

bool sysfs_exists(const char *fmt, ...)
{
	char path[PATH_MAX];

	return !SYSFS_VPATH(path, fmt) && !access(path, F_OK);
}

static int read_line(char *out, size_t size, const char *path)
{
	ssize_t len;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, out, size - 1);
	err = len < 0 ? -errno : 0;
	close(fd);
	if (err)
		return err;
	out[len] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return 0;
}

int sysfs_read(char *out, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX];
	int err;

	err = SYSFS_VPATH(path, fmt);
	return err ? err : read_line(out, size, path);
}

int sysfs_read_u64(uint64_t *out, const char *fmt, ...)
{
	char path[PATH_MAX], text[32] = "", *end;
	unsigned long long value;
	int err;

	err = SYSFS_VPATH(path, fmt);
	if (!err)
		err = read_line(text, sizeof(text), path);
	if (err)
		return err;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || text[0] == '-')
		return -EINVAL;
	*out = value;
	return 0;
}

int sysfs_read_link(char *out, size_t size, const char *fmt, ...)
{
	char path[PATH_MAX], target[PATH_MAX], *last;
	ssize_t len;
	int err;

	err = SYSFS_VPATH(path, fmt);
	if (err)
		return err;
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	if (strlen(last) >= size)
		return -ENAMETOOLONG;
	strcpy(out, last);
	return 0;
}

int sysfs_write(const char *text, const char *fmt, ...)
{
	char path[PATH_MAX];
	int fd, err;

	err = SYSFS_VPATH(path, fmt);
	if (err)
		return err;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return err;
}

int sysfs_first(char *out, size_t size, const char *prefix, const char *fmt, ...)
{
	const struct dirent *entry;
	char path[PATH_MAX];
	int err;
	DIR *dir;

	err = SYSFS_VPATH(path, fmt);
	if (err)
		return err;
	dir = opendir(path);
	if (!dir)
		return -errno;
	do {
		entry = readdir(dir);
	} while (entry && strncmp(entry->d_name, prefix, strlen(prefix)));
	err = !entry ? -ENOENT : strlen(entry->d_name) >= size ? -ENAMETOOLONG : 0;
	if (!err)
		strcpy(out, entry->d_name);
	closedir(dir);
	return err;
}
