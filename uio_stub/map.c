// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an owner maps, and how it is taken away again
 *
 * The UIO core lets a mapping outlive the card. So mmap() maps nothing: a fault puts a page in
 * when it has seen that the card is there, and a card that goes zaps what its owner has. After
 * that a fault finds
 *	info	a page that says "removed";
 *	dma	nothing, SIGBUS: the memory is freed, and no frame turns into something else;
 *	bar	a page of ones that is no card's, and where a write ends that was on its way.
 * A mapping has the card's number and not its address: it may be the last to remember it.
 */
#include <linux/dma-map-ops.h>
#include <linux/fs.h>
#include <linux/rwsem.h>
#include <linux/xarray.h>

#include "compat.h"
#include "stub.h"

/* Faults hold it for reading: while it is held for writing, none is halfway. */
static DECLARE_RWSEM(map_lock);
static DEFINE_XARRAY_ALLOC1(map_stubs);

/* Pages of the module, which stays while something is mapped. */
static u8 map_ones[PAGE_SIZE] __aligned(PAGE_SIZE);
static union {
	struct uio_stub_info info;
	u8 page[STUB_INFO_BYTES];
} map_tombstone __aligned(PAGE_SIZE) = {
	.info = { UIO_STUB_MAGIC, UIO_STUB_ABI, sizeof(struct uio_stub_info), UIO_STUB_REMOVED },
};

static vm_fault_t map_fault(struct vm_fault *vmf);

/* One for each map: which one tells the map, for munmap() changes the offset. */
static const struct vm_operations_struct map_ops[MAX_UIO_MAPS] = {
	[0 ... MAX_UIO_MAPS - 1] = { .fault = map_fault },
};

/* @stub is NULL for a card that is gone. */
static vm_fault_t map_insert(struct vm_area_struct *vma, const struct stub *stub,
			     unsigned long addr)
{
	unsigned int map = vma->vm_ops - map_ops;
	unsigned long page = vma->vm_pgoff - map + ((addr - vma->vm_start) >> PAGE_SHIFT);
	const void *virt = map_ones;

	if (map == STUB_MAP_INFO)
		virt = (void *)(stub ? stub->info : &map_tombstone.info) + page * PAGE_SIZE;
	else if (map == STUB_MAP_DMA)
		virt = stub ? stub_dma_virt(stub, page) : NULL;
	else if (stub && stub->info->state == UIO_STUB_LIVE)
		return vmf_insert_pfn(vma, addr, PHYS_PFN(stub->uio.mem[map].addr) + page);
	if (!virt)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vma, addr, virt_addr_valid(virt) ? page_to_pfn(virt_to_page(virt)) :
								 vmalloc_to_pfn(virt));
}

/* Maps the page and, in advance, the 2 MiB around it: a large region costs few faults. */
static vm_fault_t map_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long around = ALIGN_DOWN(vmf->address, PMD_SIZE);
	unsigned long addr = max(vma->vm_start, around);
	unsigned long end = min(vma->vm_end, around + PMD_SIZE);
	struct stub *stub;
	vm_fault_t ret;

	down_read(&map_lock);
	stub = xa_load(&map_stubs, (unsigned long)vma->vm_private_data);
	if (stub && vma->vm_ops != &map_ops[STUB_MAP_INFO])
		WRITE_ONCE(stub->used, true);
	ret = map_insert(vma, stub, vmf->address & PAGE_MASK);
	while (addr < end && ret == VM_FAULT_NOPAGE &&
	       map_insert(vma, stub, addr) == VM_FAULT_NOPAGE)
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

/*
 * Who writes to the MSI-X table can send any interrupt to any processor: a BAR ends for owners at
 * the page where the capability says that the table begins, or the PBA.
 */
static resource_size_t map_bar_len(struct pci_dev *pdev, int bar)
{
	resource_size_t len = pci_resource_len(pdev, bar);
	int reg;
	u32 where;

	for (reg = PCI_MSIX_TABLE; pdev->msix_cap && reg <= PCI_MSIX_PBA; reg += sizeof(where)) {
		pci_read_config_dword(pdev, pdev->msix_cap + reg, &where);
		if ((where & PCI_MSIX_TABLE_BIR) == bar)
			len = min_t(resource_size_t, len, where & PAGE_MASK);
	}
	return len;
}

/* Memory has a map if it is of whole pages; for ports the owner asks the kernel with ioperm(). */
static void map_add_bars(struct stub *stub)
{
	static const char * const name[] = { "bar0", "bar1", "bar2", "bar3", "bar4", "bar5" };
	int bar, map = STUB_MAP_BAR, port = 0;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		resource_size_t start = pci_resource_start(stub->pdev, bar);
		resource_size_t len = map_bar_len(stub->pdev, bar);
		bool io = pci_resource_flags(stub->pdev, bar) & IORESOURCE_IO;

		stub->bar_len[bar] = len;
		if (len && io && port < MAX_UIO_PORT_REGIONS)
			stub->uio.port[port++] = (struct uio_port){
				.name = name[bar], .start = start, .size = len,
				.porttype = UIO_PORT_X86 };
		else if (len && !io && PAGE_ALIGNED(start | len) && map < MAX_UIO_MAPS)
			stub->uio.mem[map++] = (struct uio_mem){
				.name = name[bar], .addr = start, .size = len,
				.memtype = UIO_MEM_PHYS };
		else if (len)
			pci_warn(stub->pdev, "BAR %d has no map: too many have, or it is not of whole pages (pci=resource_alignment)\n",
				 bar);
	}
}

/* Gives the card its maps, and the number: it is not used again for a long time. */
int stub_map_add(struct stub *stub)
{
	static u32 next;

	map_add_bars(stub);
	stub->uio.STUB_MMAP = map_mmap;
	stub->uio.mem[STUB_MAP_INFO] = (struct uio_mem){ .name = "info", .size = STUB_INFO_BYTES };
	stub->uio.mem[STUB_MAP_DMA].name = "dma";
	return min(0, xa_alloc_cyclic(&map_stubs, &stub->id, stub, xa_limit_31b, &next,
				      GFP_KERNEL));
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
	if (state == UIO_STUB_REMOVED)
		xa_erase(&map_stubs, stub->id);
	WRITE_ONCE(info->state, state);
	if (state == UIO_STUB_RESETTING)	/* last: a new one is never seen "live" too soon */
		smp_store_release(&info->generation, info->generation + 1);
	memset(map_ones, 0xff, PAGE_SIZE);	/* late writes may have left traces */
	if (stub->owner)
		unmap_mapping_range(stub->owner->i_mapping, 0, 0, 1);
	up_write(&map_lock);
}
