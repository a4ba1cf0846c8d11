/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slots.h - the ring: memory for frames, which clients map and only uiocapd writes
 *
 * A slot belongs to those who hold a reference to it and is free again with the last one. The slot
 * freed last is taken first, so that no more memory is touched than is needed at a time.
 */
#ifndef SLOTS_H
#define SLOTS_H

#include <stdint.h>

struct slots;

/**
 * slots_new - @count slots of @bytes (a multiple of 4096) each
 *
 * Errors: -EINVAL, -ENOMEM, those of memfd_create(2) and mmap(2).
 */
int slots_new(unsigned int count, uint32_t bytes, struct slots **out);

void slots_free(struct slots *s);

/** slots_fd - the memory: it cannot be written, mapped for writing, or resized through it */
int slots_fd(const struct slots *s);

unsigned int slots_count(const struct slots *s);
uint32_t slots_bytes(const struct slots *s);

/** slots_used - how many are not free */
unsigned int slots_used(const struct slots *s);

/** slots_data - where a slot is, to be written by who has just taken it */
void *slots_data(const struct slots *s, unsigned int slot);

/**
 * slots_reserve - makes sure that @n more can be held at a time; slots_unreserve - no longer
 *
 * While nobody holds more than he has reserved there is a free slot for whoever holds less. So one
 * who keeps what he has can take nothing from the others. Errors: -ENOSPC.
 */
int slots_reserve(struct slots *s, unsigned int n);
void slots_unreserve(struct slots *s, unsigned int n);

/** slots_reserved - how many are */
unsigned int slots_reserved(const struct slots *s);

/** slots_take - a free one, with one reference. -ENOSPC */
int slots_take(struct slots *s);

/** slots_hold - one reference more; slots_drop - one less */
void slots_hold(struct slots *s, unsigned int slot);
void slots_drop(struct slots *s, unsigned int slot);

#endif
