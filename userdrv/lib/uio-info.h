/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * uio-info.h - reads the page `info`, which the stub writes at any time
 *
 * Every field is read once and by itself. The stub's order (a vector's count last, the generation
 * before the state becomes live again) carries over because each read is an acquire.
 */
#ifndef UIOCAP_UIO_INFO_H
#define UIOCAP_UIO_INFO_H

#include "transport.h"
#include "uio-maps.h"
#include "uiocap/uio_stub.h"

#define UIO_INFO_LOAD(field)	__atomic_load_n(&(field), __ATOMIC_ACQUIRE)

/** uio_info_check - is it the stub's, and of this library's version? -EPROTO and a message */
int uio_info_check(struct uiocap_ctx *ctx, const char *spec, const struct uio_map *map);

/** uio_info_take - fills in @t: interrupts, IOMMU, the region in @dma and its segments */
int uio_info_take(struct transport *t, const struct uio_stub_info *info, const struct uio_map *dma);

/** uio_info_state - as transport_ops.check, for an owner who knows @generation */
int uio_info_state(const struct uio_stub_info *info, uint32_t generation);

/** uio_info_irq - what vector @n has done */
void uio_info_irq(const struct uio_stub_info *info, unsigned int n, struct uiocap_irq *out);

/** uio_info_interrupts - of the first @vectors vectors together */
uint64_t uio_info_interrupts(const struct uio_stub_info *info, unsigned int vectors);

#endif
