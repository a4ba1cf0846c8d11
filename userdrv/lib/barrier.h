/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * barrier.h - the orders that the frame path relies on, each with what goes wrong without it
 *
 * The card is coherent with the caches (stub and simulated card give no other memory), so only the
 * processor's and the compiler's own reordering matter. x86 keeps loads in order and never lets a
 * store pass an older load: there, all of these hold back the compiler only. ARM reorders both,
 * and needs barriers that reach the outer shareable domain, where the card is.
 *
 * The order "descriptors before the doorbell" belongs to transport_ops.write32.
 */
#ifndef UIOCAP_BARRIER_H
#define UIOCAP_BARRIER_H

#if defined(__x86_64__) || defined(__i386__)
#define barrier_loads()		__asm__ volatile("" ::: "memory")
#define barrier_loads_stores()	__asm__ volatile("" ::: "memory")
#elif defined(__aarch64__)
#define barrier_loads()		__asm__ volatile("dmb oshld" ::: "memory")
#define barrier_loads_stores()	__asm__ volatile("dmb osh" ::: "memory")
#else
#define barrier_loads()		__sync_synchronize()
#define barrier_loads_stores()	__sync_synchronize()
#endif

/*
 * After the load of a completion's status, before the loads of its other words and of the payload
 * it announces: the card writes the status last. Otherwise the status is new and the rest may
 * have been loaded before the card wrote it: yesterday's frame number, half a line of old picture.
 */
static inline void barrier_after_status(void)
{
	barrier_loads();
}

/* ThreadSanitizer knows no barriers but atomics: for it, the load of the status is the barrier. */
#ifdef __SANITIZE_THREAD__
#define BARRIER_STATUS_ORDER	__ATOMIC_ACQUIRE
#else
#define BARRIER_STATUS_ORDER	__ATOMIC_RELAXED
#endif

/*
 * After the user has read a frame, before its buffer is posted again: otherwise a load of the
 * user's that is still on its way may see the next frame, which the card writes there as soon as it
 * finds the descriptor.
 */
static inline void barrier_before_repost(void)
{
	barrier_loads_stores();
}

/* In a loop that looks at memory without end: lets the other half of the core work meanwhile. */
static inline void spin_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

#endif
