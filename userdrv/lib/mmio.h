/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mmio.h - the one place where a card's registers are touched
 *
 * Registers are 32 bits wide and little-endian, as everything on PCI. Each access is one load or
 * store: volatile keeps the compiler from splitting, merging, repeating or dropping it.
 */
#ifndef UIOCAP_MMIO_H
#define UIOCAP_MMIO_H

#include <endian.h>
#include <stdint.h>

/*
 * A store to a register must not pass the stores into DMA memory before it: a doorbell that
 * overtakes its descriptor makes the card fetch what was there before. A load from DMA memory must
 * not pass the load of the register that says "it is there": it would find what was there before.
 * x86 keeps both orders for uncached registers and only the compiler must be held back; ARM needs
 * barriers that reach the outer shareable domain, where the card is.
 */
#if defined(__x86_64__) || defined(__i386__)
#define mmio_store_after_dma_stores()	__asm__ volatile("" ::: "memory")
#define mmio_load_before_dma_loads()	__asm__ volatile("" ::: "memory")
#elif defined(__aarch64__)
#define mmio_store_after_dma_stores()	__asm__ volatile("dmb oshst" ::: "memory")
#define mmio_load_before_dma_loads()	__asm__ volatile("dmb oshld" ::: "memory")
#else
#define mmio_store_after_dma_stores()	__sync_synchronize()
#define mmio_load_before_dma_loads()	__sync_synchronize()
#endif

static inline uint32_t mmio_read32(const volatile void *reg)
{
	uint32_t value = le32toh(*(const volatile uint32_t *)reg);

	mmio_load_before_dma_loads();
	return value;
}

static inline void mmio_write32(volatile void *reg, uint32_t value)
{
	mmio_store_after_dma_stores();
	*(volatile uint32_t *)reg = htole32(value);
}

#endif
