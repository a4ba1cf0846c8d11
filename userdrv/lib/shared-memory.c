/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* shared-memory.c - a sealed memfd, cut into stretches of bus addresses */
#include "shared-memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE		UINT64_C(4096)
#define MAX_SEGMENTS	256

/* Above 4 GiB, and not one after the other: who forgets half of an address is to notice. */
#define FIRST_BUS	UINT64_C(0x100000000)
#define GAP		UINT64_C(0x200000)

static int make_memfd(uint64_t size)
{
	int fd = memfd_create("uiocap-dma", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int err;

	if (fd < 0)
		return -errno;
	if (!ftruncate(fd, size) &&
	    !fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return fd;
	err = errno;
	close(fd);
	return -err;
}

static void cut(struct transport *t, uint64_t each)
{
	for (unsigned int i = 0; i < t->segments; i++) {
		t->segment[i].data = t->dma + i * each;
		t->segment[i].bus = FIRST_BUS + i * (each + GAP);
		t->segment[i].len = each;
	}
}

int shared_memory_new(struct transport *t, uint64_t size, unsigned int segments, int *fd)
{
	int prot = PROT_READ | PROT_WRITE;
	uint64_t each;
	void *data;

	if (!segments || segments > MAX_SEGMENTS || size / segments < PAGE)
		return -EINVAL;
	each = size / segments & ~(PAGE - 1);
	t->segment = calloc(segments, sizeof(*t->segment));
	if (!t->segment)
		return -ENOMEM;
	*fd = make_memfd(segments * each);
	if (*fd < 0)
		return *fd;
	/* Every page is there from the start: the first frame is to cost what the others do. */
	data = mmap(NULL, segments * each, prot, MAP_SHARED | MAP_POPULATE, *fd, 0);
	if (data == MAP_FAILED) {
		int err = errno;

		close(*fd);
		return -err;
	}
	t->dma = data;
	t->dma_len = segments * each;
	t->segments = segments;
	cut(t, each);
	return 0;
}

void shared_memory_free(struct transport *t)
{
	if (t->dma)
		munmap(t->dma, t->dma_len);
	free(t->segment);
}
