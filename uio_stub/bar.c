// SPDX-License-Identifier: GPL-2.0-only
/*
 * bar.c - the card's BARs: which have a map, and which of their pages are in it
 */
#include "stub.h"

static const char * const bar_name[] = { "bar0", "bar1", "bar2", "bar3", "bar4", "bar5" };

/*
 * Pages of the MSI-X table and of its PBA: who writes there can send any processor any interrupt.
 * Register @reg of the capability says where they are (PCI Express Base Specification 7.7.2).
 */
static void bar_add_hole(struct stub *stub, int reg, size_t bytes)
{
	unsigned long first, end;
	u32 where;
	int bar;

	pci_read_config_dword(stub->pdev, stub->pdev->msix_cap + reg, &where);
	bar = where & PCI_MSIX_TABLE_BIR;
	if (bar >= PCI_STD_NUM_BARS)
		return;
	first = (where & PCI_MSIX_TABLE_OFFSET) >> PAGE_SHIFT;
	end = PHYS_PFN(PAGE_ALIGN((u64)(where & PCI_MSIX_TABLE_OFFSET) + bytes));
	if (!stub->hole[bar].end || first < stub->hole[bar].first)
		stub->hole[bar].first = first;
	stub->hole[bar].end = max(stub->hole[bar].end, end);
}

static bool bar_in_hole(const struct stub *stub, int bar, unsigned long page)
{
	return page >= stub->hole[bar].first && page < stub->hole[bar].end;
}

/* Memory is mapped by pages; one that other devices share is not. */
static void bar_add_memory(struct stub *stub, int bar, unsigned int n)
{
	struct uio_mem *mem = &stub->uio.mem[STUB_MAP_BAR + n];

	stub->bar[n] = bar;
	mem->name = bar_name[bar];
	mem->addr = pci_resource_start(stub->pdev, bar);
	mem->size = pci_resource_len(stub->pdev, bar);
	mem->memtype = UIO_MEM_PHYS;
}

/* Ports are not mapped: the owner asks the kernel for them with ioperm(). */
static void bar_add_ports(struct stub *stub, int bar, unsigned int n)
{
	struct uio_port *port = &stub->uio.port[n];

	port->name = bar_name[bar];
	port->start = pci_resource_start(stub->pdev, bar);
	port->size = pci_resource_len(stub->pdev, bar);
	port->porttype = UIO_PORT_X86;
}

static bool bar_can_be_mapped(const struct stub *stub, int bar, unsigned int n)
{
	struct pci_dev *pdev = stub->pdev;

	if (!PAGE_ALIGNED(pci_resource_start(pdev, bar) | pci_resource_len(pdev, bar))) {
		pci_warn(pdev, "BAR %d is not mapped, it is not of whole pages; try pci=resource_alignment=%s\n",
			 bar, pci_name(pdev));
		return false;
	}
	if (!stub->hole[bar].first && stub->hole[bar].end << PAGE_SHIFT >= pci_resource_len(pdev, bar))
		return false;
	if (n == UIO_STUB_MAX_BARS)
		pci_warn(pdev, "BAR %d is not mapped, only %u can be\n", bar, n);
	return n < UIO_STUB_MAX_BARS;
}

void stub_bar_find(struct stub *stub)
{
	struct pci_dev *pdev = stub->pdev;
	int bar, vectors = pci_msix_vec_count(pdev);
	unsigned int maps = 0, ports = 0;

	if (vectors > 0) {
		bar_add_hole(stub, PCI_MSIX_TABLE, vectors * PCI_MSIX_ENTRY_SIZE);
		bar_add_hole(stub, PCI_MSIX_PBA, DIV_ROUND_UP(vectors, 64) * sizeof(u64));
	}
	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		if (!pci_resource_len(pdev, bar))
			continue;
		if (pci_resource_flags(pdev, bar) & IORESOURCE_IO) {
			if (ports < MAX_UIO_PORT_REGIONS)
				bar_add_ports(stub, bar, ports++);
		} else if (bar_can_be_mapped(stub, bar, maps)) {
			bar_add_memory(stub, bar, maps++);
		}
	}
}

/* May the kernel use the 32-bit register there? */
bool stub_bar_has(const struct stub *stub, int bar, u32 offset)
{
	return bar >= 0 && bar < PCI_STD_NUM_BARS && IS_ALIGNED(offset, sizeof(u32)) &&
	       offset < pci_resource_len(stub->pdev, bar) &&
	       !bar_in_hole(stub, bar, offset >> PAGE_SHIFT);
}

/* The frame of a page of the @i-th map of a BAR, 0 for one that is not for owners. */
unsigned long stub_bar_pfn(const struct stub *stub, unsigned int i, unsigned long page)
{
	const struct uio_mem *mem = &stub->uio.mem[STUB_MAP_BAR + i];

	if (page >= PHYS_PFN(mem->size) || bar_in_hole(stub, stub->bar[i], page))
		return 0;
	return PHYS_PFN(mem->addr) + page;
}
