/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irq.h - from completions to interrupts (refcard §7): moderation, status, mask, messages
 */
#ifndef SIM_IRQ_H
#define SIM_IRQ_H

#include <stdbool.h>
#include <stdint.h>

#include "core.h"
#include "fault.h"
#include "uiocap/refcard.h"

/**
 * struct irq_channel - moderation of one channel
 * @setting:  register IRQ, as latched at ENABLE
 * @pending:  completions not yet reported
 * @due_ns:   when the first of them has waited long enough, or NEVER
 */
struct irq_channel {
	uint32_t setting;
	uint32_t pending;
	uint64_t due_ns;
};

/**
 * struct irq - interrupts of the card
 * @channels: bits of the channels that exist
 * @status:   register IRQ_STATUS
 * @mask:     register IRQ_MASK
 * @msi_sent: the one MSI message for what is pending has gone out
 */
struct irq {
	struct core *core;
	struct faults *faults;
	uint32_t channels;
	uint32_t status;
	uint32_t mask;
	bool msi_sent;
	struct irq_channel channel[REFCARD_MAX_CHANNELS];
};

void irq_init(struct irq *irq, struct core *core, struct faults *faults, unsigned int channels);
void irq_reset(struct irq *irq);

/** irq_start - channel @ch was enabled with this moderation */
void irq_start(struct irq *irq, unsigned int ch, uint32_t setting);

/** irq_completion - one more completion is in memory */
void irq_completion(struct irq *irq, unsigned int ch, bool end_of_frame, uint64_t now_ns);

/** irq_urgent - news of channel @ch that no moderation may hold back */
void irq_urgent(struct irq *irq, unsigned int ch);

/** irq_spurious - an interrupt without news (§10) */
void irq_spurious(struct irq *irq, unsigned int ch);

/** irq_work - what time demands; returns when it demands more */
uint64_t irq_work(struct irq *irq, uint64_t now_ns);

uint32_t irq_read(const struct irq *irq, uint32_t reg);
void irq_write(struct irq *irq, uint32_t reg, uint32_t value);

#endif
