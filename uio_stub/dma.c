// SPDX-License-Identifier: GPL-2.0-only
/*
 * The region: memory that the card may read and write
 *
 * One map for the owner; for the card one piece where an IOMMU or CMA gives it, else blocks: the
 * page allocator has none above 4 MiB. It stays while the card is bound, as free memory splinters.
 */
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "stub.h"

/* Rather than that the kernel complains, or kills somebody, it shall fail. */
#define DMA_GFP		(GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/* In segments as large as they come: the whole, or 4, 2, 1 MiB. Never more than half of memory. */
static void dma_fill(struct stub *stub, size_t size)
{
	struct uio_stub_info *info = stub->info;
	size_t limit = min_t(size_t, size, PAGE_SIZE * (totalram_pages() / 2));
	size_t step = limit;
	dma_addr_t bus;

	while (info->dma_size < limit && info->segments < UIO_STUB_MAX_SEGMENTS) {
		size_t len = min_t(size_t, step, limit - info->dma_size);
		void *virt = dma_alloc_attrs(&stub->pdev->dev, len, &bus, DMA_GFP, 0);

		if (virt) {
			stub->virt[info->segments] = virt;
			info->segment[info->segments++] =
				(struct uio_stub_segment){ bus, info->dma_size, len };
			info->dma_size += len;
		} else if (step > SZ_1M) {
			step = min_t(size_t, SZ_4M, rounddown_pow_of_two(step - 1));
		} else {
			break;
		}
	}
}

/* While nobody has the node open. What does not fit leaves the old size in force. */
int stub_dma_resize(struct stub *stub, size_t size)
{
	u64 old = stub->info->dma_size, got;

	stub_dma_free(stub);
	dma_fill(stub, PAGE_ALIGN(size));
	got = stub->info->dma_size;
	if (got < size) {
		pci_err(stub->pdev, "%zu KiB for DMA do not fit, %llu KiB would\n",
			size / SZ_1K, got / SZ_1K);
		if (old)
			stub_dma_free(stub);
		dma_fill(stub, old);
	}
	stub->uio.mem[STUB_MAP_DMA].size = stub->info->dma_size;
	return got < size ? -ENOMEM : 0;
}

void stub_dma_free(struct stub *stub)
{
	struct uio_stub_info *info = stub->info;
	unsigned int i;

	for (i = 0; i < info->segments; i++)
		dma_free_attrs(&stub->pdev->dev, info->segment[i].len, stub->virt[i],
			       info->segment[i].bus, 0);
	info->segments = 0;
	info->dma_size = 0;
}

void stub_dma_zero(const struct stub *stub)
{
	unsigned int i;

	for (i = 0; i < stub->info->segments; i++) {
		memset(stub->virt[i], 0, stub->info->segment[i].len);
		cond_resched();
	}
}

/* Where page @page of the region is, NULL beyond its end. */
const void *stub_dma_virt(const struct stub *stub, unsigned long page)
{
	const struct uio_stub_segment *segment = stub->info->segment;
	u64 offset = (u64)page << PAGE_SHIFT;
	unsigned int i;

	for (i = 0; i < stub->info->segments; i++)
		if (offset - segment[i].offset < segment[i].len)
			return stub->virt[i] + (offset - segment[i].offset);
	return NULL;
}
