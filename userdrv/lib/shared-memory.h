/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * shared-memory.h - DMA memory that another process maps as well
 */
#ifndef UIOCAP_SHARED_MEMORY_H
#define UIOCAP_SHARED_MEMORY_H

#include "transport.h"

/**
 * shared_memory_new() - memory of @size bytes in @segments stretches of bus addresses
 * @fd: of the memory, the caller's; a stretch begins in it where .data does in @t->dma
 *
 * Fills in @t->dma, @t->dma_len, @t->segment and @t->segments. The memory can neither shrink nor
 * grow, so whoever maps it need not fear SIGBUS. Errors: -EINVAL less than a page each; -ENOMEM.
 */
int shared_memory_new(struct transport *t, uint64_t size, unsigned int segments, int *fd);

/** shared_memory_free() - undoes it; also where nothing was done */
void shared_memory_free(struct transport *t);

#endif
