// SPDX-License-Identifier: GPL-2.0-only
/*
 * The card's interrupts: MSI-X, else MSI, else INTx, else none
 */
#include <linux/interrupt.h>
#include <linux/timekeeping.h>

#include "stub.h"

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
	u32 flags;

	spin_lock(&stub->command);
	flags = stub->info->flags;
	ours = !(flags & UIO_STUB_MASKED) && irq_acknowledge(stub, status);
	asserted = ours && pci_check_and_mask_intx(stub->pdev);
	if (asserted)
		WRITE_ONCE(stub->info->flags, flags | UIO_STUB_MASKED);
	spin_unlock(&stub->command);
	return stub->regs ? ours : asserted;
}

static irqreturn_t irq_handler(int irq, void *data)
{
	struct stub **place = data, *stub = *place;
	struct uio_stub_vector *v = &stub->info->vector[place - stub->handler];
	bool intx = stub->info->irq_kind == UIO_STUB_IRQ_INTX;
	u32 status = 0;

	if (intx ? !irq_take_intx(stub, &status) : !irq_acknowledge(stub, &status))
		return IRQ_NONE;
	WRITE_ONCE(v->status, status);
	WRITE_ONCE(v->time_ns, ktime_get_ns());
	smp_wmb();	/* who sees the new count sees the other two */
	WRITE_ONCE(v->count, v->count + 1);
	if (READ_ONCE(stub->uio.uio_dev))	/* the node may be open before it is complete */
		uio_event_notify(&stub->uio);
	return IRQ_HANDLED;
}

/* Arms or masks; under stub->lock. The kernel keeps a message that comes while it is masked. */
void stub_irq_set(struct stub *stub, bool on)
{
	struct uio_stub_info *info = stub->info;
	u32 armed = info->flags & ~UIO_STUB_MASKED;
	bool is_on = info->flags == armed;
	unsigned int i;

	if (!info->vectors || on == is_on)
		return;
	WRITE_ONCE(info->flags, on ? armed : armed | UIO_STUB_MASKED);
	stub_write_command(stub);
	for (i = 0; info->irq_kind != UIO_STUB_IRQ_INTX && i < info->vectors; i++)
		(on ? enable_irq : disable_irq)(pci_irq_vector(stub->pdev, i));
}

/* Gives each vector of a kind its handler, masked. A message of MSI-X is never for others. */
static int irq_install(struct stub *stub, int kind)
{
	bool intx = kind == UIO_STUB_IRQ_INTX, msix = kind == UIO_STUB_IRQ_MSIX;
	struct pci_dev *pdev = stub->pdev;
	int i, ret = 0, vectors;

	if (intx)	/* pci_alloc_irq_vectors() would switch it on */
		vectors = pdev->irq && pci_intx_mask_supported(pdev);
	else
		vectors = pci_alloc_irq_vectors(pdev, 1, msix ? UIO_STUB_MAX_VECTORS : 1,
						msix ? PCI_IRQ_MSIX : PCI_IRQ_MSI);
	if (vectors <= 0)
		return -EOPNOTSUPP;
	stub->info->irq_kind = kind;
	if (!msix && stub->ack.bar >= 0)
		stub->regs = pci_iomap(pdev, stub->ack.bar, 0);
	for (i = 0; i < vectors && !ret; i++) {
		stub->handler[i] = stub;
		ret = request_irq(pci_irq_vector(pdev, i), irq_handler,
				  intx ? IRQF_SHARED : IRQF_NO_AUTOEN, KBUILD_MODNAME,
				  &stub->handler[i]);
		stub->info->vectors += !ret;
	}
	if (ret)
		stub_irq_free(stub);
	return ret;
}

/* Changes to a kind, or to the best that is to be had, which may be none. */
int stub_irq_setup(struct stub *stub, int mode)
{
	int kind, ret;

	stub_irq_free(stub);
	for (kind = min_t(int, mode, UIO_STUB_IRQ_MSIX); kind != UIO_STUB_IRQ_NONE; kind--) {
		ret = irq_install(stub, kind);
		if (!ret || mode != STUB_IRQ_AUTO)
			return ret;
	}
	return 0;
}

void stub_irq_free(struct stub *stub)
{
	stub_irq_set(stub, false);
	for (; stub->info->vectors; stub->info->vectors--)
		free_irq(pci_irq_vector(stub->pdev, stub->info->vectors - 1),
			 &stub->handler[stub->info->vectors - 1]);
	pci_free_irq_vectors(stub->pdev);
	stub->info->irq_kind = UIO_STUB_IRQ_NONE;
	stub_write_command(stub);	/* INTx is on without MSI, and at first */
	if (stub->regs)
		pci_iounmap(stub->pdev, stub->regs);
	stub->regs = NULL;
}
