/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* uio-maps.c - finds and maps a UIO node's memory */
#include "uio-maps.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sysfs.h"

#define MAX_UIO_MAPS	5	/* linux/uio_driver.h */

static struct uio_map *by_name(struct uio_maps *maps, const char *name)
{
	if (!strcmp(name, "dma"))
		return &maps->dma;
	if (!strcmp(name, "info"))
		return &maps->info;
	if (!strncmp(name, "bar", 3) && name[3] >= '0' && name[3] < '0' + UIO_BARS && !name[4])
		return &maps->bar[name[3] - '0'];
	return NULL;
}

/* Map n is at offset n pages, whatever its size: drivers/uio/uio.c, uio_find_mem_index(). */
static int map_one(struct uio_maps *maps, int node, const char *uio, int n)
{
	int err, prot = PROT_READ;
	struct uio_map *map;
	char name[32];
	uint64_t size;
	void *data;

	err = sysfs_read(name, sizeof(name), "/sys/class/uio/%s/maps/map%d/name", uio, n);
	if (err)
		return err;
	err = sysfs_read_u64(&size, "/sys/class/uio/%s/maps/map%d/size", uio, n);
	if (err)
		return err;
	map = by_name(maps, name);
	if (!map || map->len)
		return 0;
	if (map != &maps->info)
		prot |= PROT_WRITE;
	data = mmap(NULL, size, prot, MAP_SHARED, node, (off_t)n * sysconf(_SC_PAGESIZE));
	if (data == MAP_FAILED)
		return -errno;
	map->data = data;
	map->len = size;
	return 0;
}

int uio_maps_map(struct uio_maps *maps, int node, const char *uio)
{
	int n, err = 0;

	memset(maps, 0, sizeof(*maps));
	for (n = 0; n < MAX_UIO_MAPS && !err; n++)
		err = map_one(maps, node, uio, n);
	if (!err || err == -ENOENT)	/* they are numbered without a gap */
		return 0;
	uio_maps_unmap(maps);
	return err;
}

static void unmap(struct uio_map *map)
{
	if (map->len)
		munmap(map->data, map->len);
	memset(map, 0, sizeof(*map));
}

void uio_maps_unmap(struct uio_maps *maps)
{
	int n;

	for (n = 0; n < UIO_BARS; n++)
		unmap(&maps->bar[n]);
	unmap(&maps->dma);
	unmap(&maps->info);
}
