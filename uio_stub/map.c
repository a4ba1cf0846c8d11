// SPDX-License-Identifier: GPL-2.0-only
/*
 * map.c - what an owner has mapped, and how it is taken away again
 *
 * The UIO core lets a mapping outlive the card. So mmap() maps nothing: a fault puts a page in
 * after it has seen that the card is there, and a card that goes zaps what its owner has. After
 * that a fault finds
 *	info	a page that says "removed";
 *	dma	nothing, SIGBUS: the memory is freed, and no frame turns into something else;
 *	bar	a page of ones that is no card's, as a PCI bus reads where nothing answers. A write
 *		that was on its way ends there.
 * A mapping has the card's number and not its address: it may be the last to remember it.
 */
#include <linux/dma-map-ops.h>
#include <linux/fs.h>
#include <linux/pgtable.h>
#include <linux/rwsem.h>
#include <linux/xarray.h>

#include "compat.h"
#include "stub.h"

/* A fault reads under it: while it is held for writing, none is halfway. */
static DECLARE_RWSEM(map_lock);
static DEFINE_XARRAY_ALLOC1(map_stubs);

static void *map_ones;
static struct uio_stub_info *map_tombstone;

static unsigned long map_pfn_of(const void *virt)
{
	return is_vmalloc_addr(virt) ? vmalloc_to_pfn(virt) : page_to_pfn(virt_to_page(virt));
}

/* The frame that is page @page of map @map, 0: none. @stub is NULL for a card that is gone. */
static unsigned long map_pfn(const struct stub *stub, unsigned int map, unsigned long page)
{
	const void *virt = map_ones;

	if (map == STUB_MAP_INFO)
		virt = (void *)(stub ? stub->info : map_tombstone) + page * PAGE_SIZE;
	else if (map == STUB_MAP_DMA)
		virt = stub ? stub_dma_virt(stub, page) : NULL;
	else if (stub && stub->info->state == UIO_STUB_LIVE)
		return stub_bar_pfn(stub, map - STUB_MAP_BAR, page);
	return virt ? map_pfn_of(virt) : 0;
}

static vm_fault_t map_insert(struct vm_area_struct *vma, const struct stub *stub,
			     unsigned int map, unsigned long addr)
{
	/* The offset is the number of the map, plus what munmap() has cut off. */
	unsigned long page = vma->vm_pgoff - map + ((addr - vma->vm_start) >> PAGE_SHIFT);
	unsigned long pfn = map_pfn(stub, map, page);
	pgprot_t prot = vma->vm_page_prot;

	if (!pfn)
		return VM_FAULT_SIGBUS;
	if (pfn == map_pfn_of(map_ones))
		prot = vm_get_page_prot(vma->vm_flags);
	return vmf_insert_pfn_prot(vma, addr, pfn, prot);
}

static vm_fault_t map_fault(struct vm_fault *vmf);

/* One for each map: which one tells the map, for munmap() changes the offset. */
static const struct vm_operations_struct map_ops[MAX_UIO_MAPS] = {
	[0 ... MAX_UIO_MAPS - 1] = { .fault = map_fault },
};

/* Maps the page and, in advance, the 2 MiB around it: a large region costs few faults. */
static vm_fault_t map_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned int map = vma->vm_ops - map_ops;
	unsigned long around = ALIGN_DOWN(vmf->address, PMD_SIZE);
	unsigned long addr = max(vma->vm_start, around);
	unsigned long end = min(vma->vm_end, around + PMD_SIZE);
	struct stub *stub;
	vm_fault_t ret;

	down_read(&map_lock);
	stub = xa_load(&map_stubs, (unsigned long)vma->vm_private_data);
	if (stub && map != STUB_MAP_INFO)
		WRITE_ONCE(stub->used, true);
	ret = map_insert(vma, stub, map, vmf->address & PAGE_MASK);
	while (addr < end && ret == VM_FAULT_NOPAGE &&
	       map_insert(vma, stub, map, addr) == VM_FAULT_NOPAGE)
		addr += PAGE_SIZE;
	up_read(&map_lock);
	return ret;
}

/* The UIO core has checked map and length. A private page could not be taken away. */
static int map_mmap(struct uio_info *uio, struct stub_vma *vma)
{
	struct stub *stub = container_of(uio, struct stub, uio);
	vm_flags_t flags = stub_vma_flags(vma);
	pgoff_t map = stub_vma_map(vma);

	if (!(flags & VM_MAYSHARE))
		return -EINVAL;
	if (map == STUB_MAP_INFO && (flags & VM_WRITE))
		return -EACCES;
	if (map >= STUB_MAP_BAR)
		stub_vma_prot(vma) = pgprot_noncached(stub_vma_prot(vma));
	else if (map == STUB_MAP_DMA && !dev_is_dma_coherent(&stub->pdev->dev))
		stub_vma_prot(vma) = pgprot_dmacoherent(stub_vma_prot(vma));
	stub_vma_change(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY,
			map == STUB_MAP_INFO ? VM_MAYWRITE : 0);
	vma->vm_ops = &map_ops[map];
	stub_vma_data(vma) = (void *)(unsigned long)stub->id;
	return 0;
}

/* Gives the card its info page, and a number that is not used again for a long time. */
int stub_map_add(struct stub *stub)
{
	static u32 next;

	stub->info = alloc_pages_exact(STUB_INFO_BYTES, GFP_KERNEL);
	if (!stub->info)
		return -ENOMEM;
	memcpy(stub->info, map_tombstone, STUB_INFO_BYTES);
	stub->info->state = UIO_STUB_LIVE;
	stub->info->flags = UIO_STUB_MASKED;
	stub->uio.STUB_MMAP = map_mmap;
	stub->uio.mem[STUB_MAP_INFO].name = "info";
	stub->uio.mem[STUB_MAP_INFO].size = STUB_INFO_BYTES;
	if (xa_alloc_cyclic(&map_stubs, &stub->id, stub, xa_limit_31b, &next, GFP_KERNEL) >= 0)
		return 0;
	free_pages_exact(stub->info, STUB_INFO_BYTES);
	return -ENOMEM;
}

void stub_map_set_owner(struct stub *stub, struct inode *inode)
{
	down_write(&map_lock);
	stub->owner = inode;
	up_write(&map_lock);
}

/* When it returns, no mapping shows what the new state does not allow, and none will. */
void stub_map_set_state(struct stub *stub, enum uio_stub_state state)
{
	struct uio_stub_info *info = stub->info;

	down_write(&map_lock);
	if (info->state != UIO_STUB_REMOVED) {
		if (state == UIO_STUB_REMOVED)
			xa_erase(&map_stubs, stub->id);
		if (state == UIO_STUB_RESETTING)
			WRITE_ONCE(info->generation, info->generation + 1);
		WRITE_ONCE(info->state, state);
		memset(map_ones, 0xff, PAGE_SIZE);	/* late writes may have left traces */
		if (stub->owner)
			unmap_mapping_range(stub->owner->i_mapping, 0, 0, 1);
	}
	up_write(&map_lock);
}

int stub_map_init(void)
{
	map_ones = (void *)__get_free_page(GFP_KERNEL);
	map_tombstone = alloc_pages_exact(STUB_INFO_BYTES, GFP_KERNEL | __GFP_ZERO);
	if (!map_ones || !map_tombstone) {
		stub_map_exit();
		return -ENOMEM;
	}
	map_tombstone->magic = UIO_STUB_MAGIC;
	map_tombstone->abi = UIO_STUB_ABI;
	map_tombstone->size = sizeof(*map_tombstone);
	map_tombstone->state = UIO_STUB_REMOVED;
	return 0;
}

/* Nothing is mapped any more: what is open or mapped keeps the module. */
void stub_map_exit(void)
{
	free_page((unsigned long)map_ones);
	if (map_tombstone)
		free_pages_exact(map_tombstone, STUB_INFO_BYTES);
}
