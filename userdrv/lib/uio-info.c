/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* uio-info.c - reads the page `info` */
#include "uio-info.h"

#include <errno.h>
#include <stdlib.h>

#include "log.h"

int uio_info_check(struct uiocap_ctx *ctx, const char *spec, const struct uio_map *map)
{
	const struct uio_stub_info *info = map->data;

	if (map->len < sizeof(*info) || info->magic != UIO_STUB_MAGIC) {
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s: its info page is not one of uio_stub's", spec);
		return -EPROTO;
	}
	if (info->abi != UIO_STUB_ABI || info->size < sizeof(*info)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"%s: the module uio_stub speaks version %u (%u bytes), this library version %u "
			"(%zu bytes): install both from one release and load the module again",
			spec, info->abi, info->size, UIO_STUB_ABI, sizeof(*info));
		return -EPROTO;
	}
	return 0;
}

static enum uiocap_irq_kind irq_kind(uint32_t kind)
{
	switch (kind) {
	case UIO_STUB_IRQ_INTX:
		return UIOCAP_IRQ_INTX;
	case UIO_STUB_IRQ_MSI:
		return UIOCAP_IRQ_MSI;
	case UIO_STUB_IRQ_MSIX:
		return UIOCAP_IRQ_MSIX;
	default:
		return UIOCAP_IRQ_NONE;
	}
}

static bool take_segment(struct uiocap_segment *out, const struct uio_stub_segment *from,
			 const struct uio_map *dma)
{
	if (from->offset > dma->len || from->len > dma->len - from->offset)
		return false;
	out->data = (uint8_t *)dma->data + from->offset;
	out->bus = from->bus;
	out->len = from->len;
	return true;
}

int uio_info_take(struct transport *t, const struct uio_stub_info *info, const struct uio_map *dma)
{
	bool sane = info->vectors <= UIO_STUB_MAX_VECTORS &&
		    info->segments <= UIO_STUB_MAX_SEGMENTS;
	unsigned int n;

	t->segment = sane ? calloc(info->segments + 1, sizeof(*t->segment)) : NULL;
	if (sane && !t->segment)
		return -ENOMEM;
	for (n = 0; sane && n < info->segments; n++)
		sane = take_segment(&t->segment[n], &info->segment[n], dma);
	if (!sane) {
		ctx_log(t->ctx, UIOCAP_LOG_ERROR, "%s: its info page contradicts itself", t->spec);
		return -EPROTO;
	}
	t->segments = info->segments;
	t->dma = dma->data;
	t->dma_len = dma->len;
	t->irq_kind = irq_kind(info->irq_kind);
	t->vectors = info->vectors;
	t->iommu = info->flags & UIO_STUB_IOMMU;
	return 0;
}

int uio_info_state(const struct uio_stub_info *info, uint32_t generation)
{
	uint32_t state = UIO_INFO_LOAD(info->state);

	if (state == UIO_STUB_REMOVED)
		return -ENODEV;
	if (state != UIO_STUB_LIVE || UIO_INFO_LOAD(info->generation) != generation)
		return -ESTALE;
	return 0;
}

void uio_info_irq(const struct uio_stub_info *info, unsigned int n, struct uiocap_irq *out)
{
	const struct uio_stub_vector *v = &info->vector[n];

	out->count = UIO_INFO_LOAD(v->count);
	out->time_ns = UIO_INFO_LOAD(v->time_ns);
	out->status = UIO_INFO_LOAD(v->status);
}

uint64_t uio_info_interrupts(const struct uio_stub_info *info, unsigned int vectors)
{
	uint64_t sum = 0;
	unsigned int n;

	for (n = 0; n < vectors; n++)
		sum += UIO_INFO_LOAD(info->vector[n].count);
	return sum;
}
