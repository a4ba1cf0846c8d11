// SPDX-License-Identifier: GPL-2.0-only
/*
 * dma.c - the region: memory that the card may read and write
 *
 * One map for the owner; for the card one piece where an IOMMU or CMA gives it, else blocks, of
 * which the page allocator has none larger than 4 MiB. It stays while the card is bound: memory
 * that is free today is in splinters tomorrow.
 */
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "stub.h"

/* Rather than that the kernel complains, or kills somebody, it shall fail. */
#define DMA_GFP		(GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

static unsigned long dma_size = SZ_64M;
module_param(dma_size, ulong, 0444);
MODULE_PARM_DESC(dma_size, "Bytes for DMA that a card begins with (64 MiB), at most 1/8 of memory");

static void dma_free_region(struct device *dev, struct stub_region *region)
{
	unsigned int i;

	for (i = 0; region && i < region->segments; i++)
		dma_free_attrs(dev, region->segment[i].len, region->virt[i],
			       region->segment[i].bus, 0);
	kvfree(region);
}

static bool dma_add_segment(struct device *dev, struct stub_region *region, size_t len)
{
	unsigned int n = region->segments;
	dma_addr_t bus;

	if (n == UIO_STUB_MAX_SEGMENTS)
		return false;
	region->virt[n] = dma_alloc_attrs(dev, len, &bus, DMA_GFP, 0);
	if (!region->virt[n])
		return false;
	region->segment[n] = (struct uio_stub_segment){ bus, region->size, len };
	region->segments++;
	region->size += len;
	return true;
}

/* In segments as large as they come: the whole, or 4, 2, 1 MiB. May get less than @size. */
static struct stub_region *dma_alloc_region(struct device *dev, size_t size)
{
	struct stub_region *region = kvzalloc(sizeof(*region), GFP_KERNEL);
	size_t step = size;

	while (region && region->size < size) {
		if (dma_add_segment(dev, region, min(step, size - region->size)))
			continue;
		if (step <= SZ_1M)
			break;
		step = min_t(size_t, SZ_4M, rounddown_pow_of_two(step - 1));
	}
	return region;
}

/* Nobody has the node open. */
static void dma_publish(struct stub *stub, struct stub_region *region)
{
	stub->region = region;
	memcpy(stub->info->segment, region->segment, sizeof(region->segment));
	stub->info->segments = region->segments;
	stub->info->dma_size = region->size;
	stub->uio.mem[STUB_MAP_DMA].name = "dma";
	stub->uio.mem[STUB_MAP_DMA].size = region->size;
}

/*
 * A region of @size bytes in place of the one there is, which goes only when the new one is
 * complete. A size of 0 is for the beginning, when less is better than nothing.
 */
int stub_dma_alloc(struct stub *stub, size_t size)
{
	size_t limit = (totalram_pages() / 2) << PAGE_SHIFT;
	struct stub_region *old = stub->region, *region;
	struct device *dev = &stub->pdev->dev;
	size_t want = size, least = size;

	if (!want) {
		least = PAGE_SIZE;
		want = stub->card->dma_size ? stub->card->dma_size : min(dma_size, limit / 4);
		want = max(PAGE_ALIGN(want), PAGE_SIZE);
	}
	region = dma_alloc_region(dev, min(want, limit));
	if (!region)
		return -ENOMEM;
	if (region->size < want)
		dev_err(dev, "%zu KiB for DMA do not fit, %zu KiB would\n", want / SZ_1K,
			region->size / SZ_1K);
	if (region->size < least) {
		dma_free_region(dev, region);
		return -ENOMEM;
	}
	dma_publish(stub, region);
	dma_free_region(dev, old);
	return 0;
}

void stub_dma_free(struct stub *stub)
{
	dma_free_region(&stub->pdev->dev, stub->region);
}

void stub_dma_zero(const struct stub *stub)
{
	unsigned int i;

	for (i = 0; i < stub->region->segments; i++) {
		memset(stub->region->virt[i], 0, stub->region->segment[i].len);
		cond_resched();
	}
}

/* Where page @page of the region is, NULL beyond its end. */
const void *stub_dma_virt(const struct stub *stub, unsigned long page)
{
	const struct stub_region *region = stub->region;
	u64 offset = (u64)page << PAGE_SHIFT;
	unsigned int i;

	for (i = 0; i < region->segments; i++) {
		if (offset < region->segment[i].len)
			return region->virt[i] + offset;
		offset -= region->segment[i].len;
	}
	return NULL;
}
