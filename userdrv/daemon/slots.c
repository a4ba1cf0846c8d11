// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * slots.c - the ring: memory for frames, which clients map and only uiocapd writes
 */
#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/**
 * struct slots - the ring
 * @fd:    its memory
 * @data:  where that is mapped
 * @bytes: of a slot
 * @count: slots
 * @left:  how many are free: those in the first places of @order
 * @order: slots, those that are free with the next to be taken last
 * @refs:  references to each
 * @kept:  reserved
 */
struct slots {
	int fd;
	uint8_t *data;
	uint32_t bytes;
	unsigned int count;
	unsigned int left;
	unsigned int *order;
	unsigned int *refs;
	unsigned int kept;
};

/* Sealed after it has been mapped here, so that this mapping is the only one that can write. */
static int set_up_memory(struct slots *s)
{
	size_t size = (size_t)s->count * s->bytes;

	s->fd = memfd_create("uiocapd", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (s->fd < 0 || ftruncate(s->fd, size) < 0)
		return -errno;
	s->data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
	if (s->data == MAP_FAILED)
		return -errno;
	if (fcntl(s->fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) < 0)
		return -errno;
	return 0;
}

static int set_up(struct slots *s)
{
	s->order = calloc(s->count, sizeof(*s->order));
	s->refs = calloc(s->count, sizeof(*s->refs));
	if (!s->order || !s->refs)
		return -ENOMEM;
	for (unsigned int i = 0; i < s->count; i++)
		s->order[i] = s->count - 1 - i;
	s->left = s->count;
	return set_up_memory(s);
}

int slots_new(unsigned int count, uint32_t bytes, struct slots **out)
{
	struct slots *s;
	int ret;

	if (count == 0 || bytes == 0 || bytes % 4096 > 0)
		return -EINVAL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->fd = -1;
	s->data = MAP_FAILED;
	s->count = count;
	s->bytes = bytes;
	ret = set_up(s);
	if (ret < 0) {
		slots_free(s);
		return ret;
	}
	*out = s;
	return 0;
}

void slots_free(struct slots *s)
{
	if (!s)
		return;
	if (s->data != MAP_FAILED)
		munmap(s->data, (size_t)s->count * s->bytes);
	if (s->fd >= 0)
		close(s->fd);
	free(s->order);
	free(s->refs);
	free(s);
}

int slots_fd(const struct slots *s)
{
	return s->fd;
}

unsigned int slots_count(const struct slots *s)
{
	return s->count;
}

uint32_t slots_bytes(const struct slots *s)
{
	return s->bytes;
}

unsigned int slots_used(const struct slots *s)
{
	return s->count - s->left;
}

void *slots_data(const struct slots *s, unsigned int slot)
{
	return s->data + (size_t)slot * s->bytes;
}

int slots_reserve(struct slots *s, unsigned int n)
{
	if (n > s->count - s->kept)
		return -ENOSPC;
	s->kept += n;
	return 0;
}

void slots_unreserve(struct slots *s, unsigned int n)
{
	s->kept -= n;
}

unsigned int slots_reserved(const struct slots *s)
{
	return s->kept;
}

int slots_take(struct slots *s)
{
	unsigned int slot;

	if (s->left == 0)
		return -ENOSPC;
	slot = s->order[--s->left];
	s->refs[slot] = 1;
	return (int)slot;
}

void slots_hold(struct slots *s, unsigned int slot)
{
	s->refs[slot]++;
}

void slots_drop(struct slots *s, unsigned int slot)
{
	if (--s->refs[slot] == 0)
		s->order[s->left++] = slot;
}
