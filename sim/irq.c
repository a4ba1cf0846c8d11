// SPDX-License-Identifier: GPL-2.0-or-later
#include "irq.h"

#include <string.h>

void irq_init(struct irq *irq, struct core *core, struct faults *faults, unsigned int channels)
{
	irq->core = core;
	irq->faults = faults;
	irq->channels = (1u << channels) - 1;
	irq_reset(irq);
}

/* Sends what may be sent. The client listens to one of the three kinds at most. */
static void update(struct irq *irq)
{
	uint32_t pending = irq->status & irq->mask;

	for (uint32_t left = pending; left; left &= left - 1) {
		unsigned int ch = (unsigned int)__builtin_ctz(left);

		if (core_raise(irq->core, DEVICE_IRQ_MSIX, ch))
			irq->status &= ~(1u << ch);
	}
	pending = irq->status & irq->mask;
	if (!pending)
		irq->msi_sent = false;
	else if (!irq->msi_sent)
		irq->msi_sent = core_raise(irq->core, DEVICE_IRQ_MSI, 0);
	if (pending)
		core_raise(irq->core, DEVICE_IRQ_INTX, 0);
	config_space_show_intx(&irq->core->config, pending && irq->core->dev.irqs[DEVICE_IRQ_INTX]);
}

void irq_start(struct irq *irq, unsigned int ch, uint32_t setting)
{
	irq->channel[ch] = (struct irq_channel) { .setting = setting, .due_ns = NEVER };
}

void irq_reset(struct irq *irq)
{
	irq->status = 0;
	irq->mask = 0;
	for (unsigned int ch = 0; ch < REFCARD_MAX_CHANNELS; ch++)
		irq_start(irq, ch, 0);
	update(irq);
}

void irq_urgent(struct irq *irq, unsigned int ch)
{
	irq->channel[ch].pending = 0;
	irq->channel[ch].due_ns = NEVER;
	if (faults_drop_irq(irq->faults, ch))
		return;
	irq->status |= 1u << ch;
	update(irq);
}

void irq_completion(struct irq *irq, unsigned int ch, bool end_of_frame, uint64_t now_ns)
{
	struct irq_channel *c = &irq->channel[ch];
	uint32_t count = c->setting & REFCARD_CH_IRQ_COUNT;
	uint32_t time_us = (c->setting & ~REFCARD_CH_IRQ_EOF) >> REFCARD_CH_IRQ_TIME_SHIFT;

	c->pending++;
	if ((count && c->pending >= count) || (end_of_frame && c->setting & REFCARD_CH_IRQ_EOF))
		irq_urgent(irq, ch);
	else if (time_us && c->due_ns == NEVER)
		c->due_ns = now_ns + (uint64_t)time_us * NS_PER_US;
}

void irq_spurious(struct irq *irq, unsigned int ch)
{
	if (!core_raise(irq->core, DEVICE_IRQ_MSIX, ch) &&
	    !core_raise(irq->core, DEVICE_IRQ_MSI, 0))
		core_raise(irq->core, DEVICE_IRQ_INTX, 0);
}

uint64_t irq_work(struct irq *irq, uint64_t now_ns)
{
	uint64_t next = NEVER;

	for (unsigned int ch = 0; ch < REFCARD_MAX_CHANNELS; ch++) {
		if (irq->channel[ch].due_ns <= now_ns)
			irq_urgent(irq, ch);
		if (irq->channel[ch].due_ns < next)
			next = irq->channel[ch].due_ns;
	}
	/* A client that listens again is told of what came meanwhile. */
	if (irq->status & irq->mask)
		update(irq);
	return next;
}

uint32_t irq_read(const struct irq *irq, uint32_t reg)
{
	switch (reg) {
	case REFCARD_IRQ_STATUS:
		return irq->status;
	case REFCARD_IRQ_MASK:
		return irq->mask;
	}
	return 0;
}

void irq_write(struct irq *irq, uint32_t reg, uint32_t value)
{
	value &= irq->channels;
	switch (reg) {
	case REFCARD_IRQ_ACK:
		irq->status &= ~value;
		irq->msi_sent = false;	/* for what came between read and acknowledgement: §7 */
		break;
	case REFCARD_IRQ_MASK:
		irq->mask = value;
		break;
	case REFCARD_IRQ_FORCE:
		irq->status |= value;
		break;
	}
	update(irq);
}
