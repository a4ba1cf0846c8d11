/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compat.h - a mapping in the making, as the UIO core hands it over
 *
 * Up to 6.x it is the VMA, not yet in its tree; in 7.x a description of what it shall be. Kbuild
 * finds out in the kernel's headers which.
 */
#ifndef STUB_COMPAT_H
#define STUB_COMPAT_H

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

static inline void stub_vma_change(struct stub_vma *vma, vm_flags_t set, vm_flags_t clear)
{
#ifdef HAVE_VM_FLAGS_MOD
	vm_flags_mod(vma, set, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}
#endif
#endif
