/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mapping in the making, as the UIO core hands it over: up to 6.x the VMA itself, not yet in its
 * tree, in 7.x a description of what it shall be. Kbuild finds out in the kernel's headers.
 */
#include <linux/mm.h>

#ifdef HAVE_MMAP_PREPARE
#define STUB_MMAP		mmap_prepare
#define stub_vma		vm_area_desc
#define stub_vma_map(vma)	((vma)->pgoff)
#define stub_vma_flags(vma)	vma_flags_to_legacy((vma)->vma_flags)
#define stub_vma_prot(vma)	((vma)->page_prot)
#define stub_vma_data(vma)	((vma)->private_data)
static inline void stub_vma_change(struct stub_vma *vma, vm_flags_t set, vm_flags_t clear)
{
	vma_desc_set_flags_mask(vma, legacy_to_vma_flags(set));
	vma_desc_clear_flags_mask(vma, legacy_to_vma_flags(clear));
}
#else
#define STUB_MMAP		mmap
#define stub_vma		vm_area_struct
#define stub_vma_map(vma)	((vma)->vm_pgoff)
#define stub_vma_flags(vma)	((vma)->vm_flags)
#define stub_vma_prot(vma)	((vma)->vm_page_prot)
#define stub_vma_data(vma)	((vma)->vm_private_data)
#define stub_vma_change		vm_flags_mod
#ifndef HAVE_VM_FLAGS_MOD
static inline void vm_flags_mod(struct stub_vma *vma, vm_flags_t set, vm_flags_t clear)
{
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}
#endif
#endif
