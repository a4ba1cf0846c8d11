// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq.c - the card's interrupts: MSI-X, else MSI, else INTx, else none
 */
#include <linux/interrupt.h>
#include <linux/timekeeping.h>

#include "stub.h"

const char * const stub_irq_modes[] = {
	[UIO_STUB_IRQ_NONE] = "none",
	[UIO_STUB_IRQ_INTX] = "intx",
	[UIO_STUB_IRQ_MSI] = "msi",
	[UIO_STUB_IRQ_MSIX] = "msix",
	[STUB_IRQ_AUTO] = "auto",
	NULL
};

static bool irq_is_masked(const struct stub *stub)
{
	return READ_ONCE(stub->info->flags) & UIO_STUB_MASKED;
}

static void irq_mark(struct stub *stub, bool masked)
{
	u32 flags = stub->info->flags & ~UIO_STUB_MASKED;

	WRITE_ONCE(stub->info->flags, masked ? flags | UIO_STUB_MASKED : flags);
}

/* Is it the card's? Its status says so: 0 is not, all ones is a card that is not there. */
static bool irq_acknowledge(const struct stub *stub, u32 *status)
{
	if (!stub->regs)
		return true;
	*status = ioread32(stub->regs + stub->ack.status);
	if (!*status || *status == U32_MAX)
		return false;
	iowrite32(*status, stub->regs + stub->ack.ack);
	return true;
}

/*
 * A line still asserted after that, or one that we cannot acknowledge, would interrupt for ever:
 * it is masked until the owner writes 1 to the node.
 */
static bool irq_take_intx(struct stub *stub, u32 *status)
{
	bool ours, asserted;

	spin_lock(&stub->command);
	ours = !irq_is_masked(stub) && irq_acknowledge(stub, status);
	asserted = ours && pci_check_and_mask_intx(stub->pdev);
	if (asserted)
		irq_mark(stub, true);
	spin_unlock(&stub->command);
	return stub->regs ? ours : asserted;
}

static irqreturn_t irq_handler(int irq, void *data)
{
	struct stub_vector *vector = data;
	struct stub *stub = vector->stub;
	struct uio_stub_vector *v = &stub->info->vector[vector - stub->vector];
	bool intx = stub->info->irq_kind == UIO_STUB_IRQ_INTX;
	u32 status = 0;

	if (intx ? !irq_take_intx(stub, &status) : !irq_acknowledge(stub, &status))
		return IRQ_NONE;
	WRITE_ONCE(v->status, status);
	WRITE_ONCE(v->time_ns, ktime_get_ns());
	smp_wmb();	/* who sees the new count sees the other two */
	WRITE_ONCE(v->count, v->count + 1);
	uio_event_notify(&stub->uio);
	return IRQ_HANDLED;
}

static void irq_set_intx(struct stub *stub, bool on)
{
	unsigned long flags;

	spin_lock_irqsave(&stub->command, flags);
	irq_mark(stub, !on);
	pci_intx(stub->pdev, on);
	spin_unlock_irqrestore(&stub->command, flags);
}

/* After something else has written PCI_COMMAND; under its lock. */
void stub_irq_restore(struct stub *stub)
{
	pci_intx(stub->pdev, stub->info->irq_kind == UIO_STUB_IRQ_INTX && !irq_is_masked(stub));
}

/* Arms or masks; under stub->lock. The kernel keeps a message that comes while it is masked. */
void stub_irq_set(struct stub *stub, bool on)
{
	unsigned int i;

	if (on != irq_is_masked(stub) || !stub->handlers)
		return;
	if (stub->info->irq_kind == UIO_STUB_IRQ_INTX) {
		irq_set_intx(stub, on);
		return;
	}
	irq_mark(stub, !on);
	for (i = 0; i < stub->handlers; i++)
		(on ? enable_irq : disable_irq)(pci_irq_vector(stub->pdev, i));
}

/* How many vectors of a kind there are; 0 or an error: none. */
static int irq_alloc_kind(struct stub *stub, int kind)
{
	switch (kind) {
	case UIO_STUB_IRQ_MSIX:
		return pci_alloc_irq_vectors(stub->pdev, 1, UIO_STUB_MAX_VECTORS, PCI_IRQ_MSIX);
	case UIO_STUB_IRQ_MSI:
		return pci_alloc_irq_vectors(stub->pdev, 1, 1, PCI_IRQ_MSI);
	case UIO_STUB_IRQ_INTX:	/* pci_alloc_irq_vectors() would switch the line on */
		return stub->pdev->irq && pci_intx_mask_supported(stub->pdev);
	}
	return 0;
}

/* Allocates what irq_mode asks for and says on the info page what it has become. */
int stub_irq_alloc(struct stub *stub)
{
	bool any = stub->irq_mode == STUB_IRQ_AUTO;
	int kind = any ? UIO_STUB_IRQ_MSIX : stub->irq_mode;
	int vectors;

	irq_set_intx(stub, false);	/* on by default, whatever the card uses */
	vectors = irq_alloc_kind(stub, kind);
	while (any && vectors <= 0 && kind != UIO_STUB_IRQ_NONE)
		vectors = irq_alloc_kind(stub, --kind);
	if (vectors <= 0 && kind != UIO_STUB_IRQ_NONE)
		return -EOPNOTSUPP;
	stub->info->irq_kind = kind;
	stub->info->vectors = vectors;
	if (kind != UIO_STUB_IRQ_MSIX && stub->ack.bar >= 0)	/* MSI-X says it by its message */
		stub->regs = pci_iomap(stub->pdev, stub->ack.bar, 0);
	return 0;
}

/* Gives each vector a handler, masked. */
int stub_irq_request(struct stub *stub)
{
	bool intx = stub->info->irq_kind == UIO_STUB_IRQ_INTX;
	unsigned int i;
	int ret;

	for (i = 0; i < stub->info->vectors; i++) {
		struct stub_vector *vector = &stub->vector[i];

		vector->stub = stub;
		snprintf(vector->name, sizeof(vector->name), "uio_stub:%s:%u",
			 pci_name(stub->pdev), i);
		ret = request_irq(pci_irq_vector(stub->pdev, i), irq_handler,
				  intx ? IRQF_SHARED : IRQF_NO_AUTOEN, vector->name, vector);
		if (ret) {
			stub_irq_free(stub);
			return ret;
		}
		stub->handlers++;
	}
	return 0;
}

void stub_irq_free(struct stub *stub)
{
	stub_irq_set(stub, false);
	for (; stub->handlers; stub->handlers--)
		free_irq(pci_irq_vector(stub->pdev, stub->handlers - 1),
			 &stub->vector[stub->handlers - 1]);
	pci_free_irq_vectors(stub->pdev);
	irq_set_intx(stub, false);	/* on again when MSI ends */
	if (stub->regs)
		pci_iounmap(stub->pdev, stub->regs);
	stub->regs = NULL;
	stub->info->irq_kind = UIO_STUB_IRQ_NONE;
	stub->info->vectors = 0;
}
