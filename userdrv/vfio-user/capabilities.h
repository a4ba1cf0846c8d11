/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * capabilities.h - the JSON that both ends exchange with their versions
 */
#ifndef VFIO_USER_CAPABILITIES_H
#define VFIO_USER_CAPABILITIES_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct capabilities - what the other end can take; those that we care for
 * @max_msg_fds:        descriptors in a message
 * @max_data_xfer_size: bytes of data in a message
 * @max_dma_maps:       maps at a time
 */
struct capabilities {
	uint64_t max_msg_fds;
	uint64_t max_data_xfer_size;
	uint64_t max_dma_maps;
};

/**
 * capabilities_parse() - reads them out of @len bytes at @json, whose last must be the NUL
 *
 * What is not mentioned has the specification's default; so has everything where @len is 0. Names
 * that we do not know are skipped. -EINVAL: not JSON, or one of ours is not a number.
 */
int capabilities_parse(const char *json, size_t len, struct capabilities *out);

#endif
