/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server-memory.h - the client's memory, laid out as the card sees it
 *
 * Bus addresses that follow one another follow one another in our address space too, whatever
 * pieces of whatever files the client maps there: an IOMMU's scattered pages become the one buffer
 * that the card was told of. For that, each 64 GiB of bus addresses in use reserves as much of
 * ours.
 */
#ifndef SIM_SERVER_MEMORY_H
#define SIM_SERVER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory;

/** memory_new() - no memory yet. Takes SIGBUS over for the process until memory_free(). */
int memory_new(struct memory **out);

/** memory_free() - unmaps everything. NULL is fine. */
void memory_free(struct memory *mem);

/**
 * struct memory_range - what a client gives
 * @addr:  bus address
 * @size:  bytes
 * @offset: where it begins in the file
 * @read:  the card may read it
 * @write: the card may write it
 */
struct memory_range {
	uint64_t addr;
	uint64_t size;
	uint64_t offset;
	bool read;
	bool write;
};

/**
 * memory_map() - lets the card at @range of @fd, which is not kept
 *
 * With @fd -1 the client keeps the range to itself: it is occupied, and memory_get() fails there.
 * Errors: -EINVAL not whole pages, beyond 2^64 or beyond the file's end, or neither a memfd nor a
 * file in a tmpfs (others can make an access wait for ever); -EEXIST overlaps a map;
 * -ENOSPC too many maps or too far apart; those of mmap(2).
 */
int memory_map(struct memory *mem, const struct memory_range *range, int fd);

/**
 * memory_unmap() - takes back every map that lies inside the range; there may be none
 *
 * Nothing of them is reachable afterwards. -EINVAL, and nothing is done, where a map is only partly
 * inside. Any other error: what was to go could not be let go of, stop serving this client.
 */
int memory_unmap(struct memory *mem, uint64_t addr, uint64_t size);

/** memory_unmap_all() - takes back everything; errors as memory_unmap() */
int memory_unmap_all(struct memory *mem);

/** memory_get() - @len bytes at bus address @addr, or NULL where not all of them may be accessed */
void *memory_get(struct memory *mem, uint64_t addr, size_t len, bool write);

/**
 * memory_torn() - whether the client has truncated a file under a map
 *
 * Accesses then went to a page of ours instead. Such a client is to be dropped.
 */
bool memory_torn(const struct memory *mem);

#endif
