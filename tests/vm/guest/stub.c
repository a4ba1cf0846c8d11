// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "stub.h"

#define MAPS 5	/* MAX_UIO_MAPS of linux/uio_driver.h */

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("%s: %s", path, strerror(errno));
	close(fd);
}

void stub_open(const char *name, struct stub_node *out)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/%s", name);
	snprintf(out->dir, sizeof(out->dir), "/sys/class/uio/%s", name);
	out->fd = open(path, O_RDWR | O_CLOEXEC);
	if (out->fd < 0)
		die("%s: %s", path, strerror(errno));
}

/* One word of a map's attribute; false where there is no such map. */
static int map_attr(const struct stub_node *node, int n, const char *attr, char word[32])
{
	char path[128];
	FILE *file;
	int got;

	snprintf(path, sizeof(path), "%s/maps/map%d/%s", node->dir, n, attr);
	file = fopen(path, "re");
	if (!file)
		return 0;
	got = fscanf(file, "%31s", word);
	fclose(file);
	return got == 1;
}

int stub_map_find(const struct stub_node *node, const char *name, size_t *size)
{
	char word[32];
	int n;

	for (n = 0; n < MAPS; n++) {
		if (!map_attr(node, n, "name", word) || strcmp(word, name))
			continue;
		if (!map_attr(node, n, "size", word))
			break;
		*size = strtoull(word, NULL, 0);
		return n;
	}
	die("%s: no map '%s'", node->dir, name);
}

/* The UIO core takes the map's number as the page offset. */
static void *map_try(const struct stub_node *node, int n, size_t len, int prot, int flags)
{
	return mmap(NULL, len, prot, flags, node->fd, (off_t)n * sysconf(_SC_PAGESIZE));
}

void *stub_map(const struct stub_node *node, const char *name, int prot)
{
	size_t size;
	int n = stub_map_find(node, name, &size);
	void *map = map_try(node, n, size, prot, MAP_SHARED);

	if (map == MAP_FAILED)
		die("map '%s': %s", name, strerror(errno));
	return map;
}

int stub_map_errno(const struct stub_node *node, int n, size_t len, int prot, int flags)
{
	void *map = map_try(node, n, len, prot, flags);

	if (map == MAP_FAILED)
		return errno;
	munmap(map, len);
	return 0;
}

void stub_arm(const struct stub_node *node)
{
	int32_t on = 1;

	if (write(node->fd, &on, sizeof(on)) != sizeof(on))
		die("write: %s", strerror(errno));
}

int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}
