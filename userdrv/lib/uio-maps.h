/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* uio-maps.h - the memory of an open UIO node, found by the names of include/uiocap/uio_stub.h */
#ifndef UIOCAP_UIO_MAPS_H
#define UIOCAP_UIO_MAPS_H

#include <stddef.h>

#include "uiocap/uio_stub.h"

#define UIO_BARS	6

/** struct uio_map - one of them; .len is 0 where there is none */
struct uio_map {
	void *data;
	size_t len;
};

/**
 * struct uio_maps - all of them
 * @bar:  registers, by number of the BAR
 * @dma:  the region
 * @info: struct uio_stub_info, read-only
 */
struct uio_maps {
	struct uio_map bar[UIO_BARS];
	struct uio_map dma;
	struct uio_map info;
};

/**
 * uio_maps_map - maps what /sys/class/uio/@uio/maps names
 * @node: descriptor of the node
 */
int uio_maps_map(struct uio_maps *maps, int node, const char *uio);

/** uio_maps_unmap - all that are there */
void uio_maps_unmap(struct uio_maps *maps);

#endif
