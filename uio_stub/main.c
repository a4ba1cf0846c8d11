// SPDX-License-Identifier: GPL-2.0-only
/*
 * A card comes and goes
 *
 * uio_stub shows a PCI card to one program, its owner: registers, memory for DMA, interrupts, and a
 * page that tells what happens. It takes all of that away again when the card goes.
 */
#include <linux/capability.h>
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/stringify.h>

#include "stub.h"
#include "uiocap/refcard.h"

static const struct stub_card {
	u16 vendor, device;
	u8 dma_bits;		/* of an address that it can drive */
	size_t dma_size;	/* to begin with */
	struct stub_ack ack;
} stub_cards[] = {
	{ REFCARD_VENDOR_ID, REFCARD_DEVICE_ID, 64, SZ_64M,	/* refcard §2, §3 */
	  { REFCARD_BAR, REFCARD_IRQ_STATUS, REFCARD_IRQ_ACK } },
	{ 0x1234, 0x11e8, 28, SZ_1M, { 0, 0x24, 0x64 } },	/* QEMU's docs/specs/edu.rst */
	{ 0, 0, 32, SZ_64M, { -1 } },				/* any other */
};

/* Makes PCI_COMMAND what it has to be: a card masters the bus only while it is owned and well. */
void stub_write_command(struct stub *stub)
{
	const struct uio_stub_info *info = stub->info;
	unsigned long flags;

	spin_lock_irqsave(&stub->command, flags);
	if (stub->owner && info->state == UIO_STUB_LIVE)
		pci_set_master(stub->pdev);
	else
		pci_clear_master(stub->pdev);
	pci_intx(stub->pdev,
		 info->irq_kind == UIO_STUB_IRQ_INTX && !(info->flags & UIO_STUB_MASKED));
	spin_unlock_irqrestore(&stub->command, flags);
}

static int stub_open(struct uio_info *uio, struct inode *inode)
{
	struct stub *stub = container_of(uio, struct stub, uio);
	int ret;

	if (!(stub->info->flags & UIO_STUB_IOMMU) && !capable(CAP_SYS_RAWIO)) {
		dev_warn_ratelimited(&stub->pdev->dev,
				     "no IOMMU keeps the card in its memory: open needs CAP_SYS_RAWIO\n");
		return -EPERM;
	}
	mutex_lock(&stub->lock);
	ret = stub->info->state == UIO_STUB_REMOVED ? -ENODEV : stub->owner ? -EBUSY : 0;
	if (!ret) {
		if (stub->used)		/* what another has left is not for this one */
			stub_dma_zero(stub);
		stub->used = false;
		ihold(inode);
		stub_map_set_owner(stub, inode);
		stub_write_command(stub);
		stub_irq_set(stub, true);
	}
	mutex_unlock(&stub->lock);
	return ret;
}

/*
 * Ends DMA of a card without owner, in a time that is bounded and that no signal cuts short. What
 * it had written before it lost the bus is in memory ahead of the answer to the read.
 */
static void stub_stop(struct stub *stub)
{
	stub_write_command(stub);
	stub_irq_set(stub, false);
	if (pci_device_is_present(stub->pdev))	/* reads */
		pci_wait_for_pending_transaction(stub->pdev);
}

/*
 * The last descriptor and the last mapping are gone. A reset, where the card has one, makes it
 * forget where the owner's buffers were; who holds the device lock now resets or removes it anyway.
 */
static int stub_release(struct uio_info *uio, struct inode *inode)
{
	struct stub *stub = container_of(uio, struct stub, uio);

	mutex_lock(&stub->lock);
	stub_map_set_owner(stub, NULL);
	stub_stop(stub);
	if (stub->used && pci_device_is_present(stub->pdev))	/* else it takes a minute */
		pci_try_reset_function(stub->pdev);
	mutex_unlock(&stub->lock);
	iput(inode);
	return 0;
}

/* write(): 1 arms the interrupts, 0 masks them. */
static int stub_irqcontrol(struct uio_info *uio, s32 on)
{
	struct stub *stub = container_of(uio, struct stub, uio);

	mutex_lock(&stub->lock);
	stub_irq_set(stub, on);
	mutex_unlock(&stub->lock);
	return stub->info->vectors ? 0 : -EOPNOTSUPP;
}

/*
 * The owner sees it on the info page, or is woken in read(). Until the card is well its registers
 * read as ones; once it is removed read() fails, for the core looks at `irq`, then at the event.
 */
static void stub_change_state(struct stub *stub, enum uio_stub_state state)
{
	if (stub->info->state == UIO_STUB_REMOVED)
		return;
	stub_map_set_state(stub, state);
	stub_write_command(stub);
	if (state == UIO_STUB_REMOVED)
		stub->uio.irq = UIO_IRQ_NONE;
	if (stub->uio.uio_dev)
		uio_event_notify(&stub->uio);
}

/* Only memory, which the driver core frees; the rest is stub_create()'s. */
static struct stub *stub_new(struct pci_dev *pdev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(&pdev->dev);
	struct stub *stub = devm_kzalloc(&pdev->dev, sizeof(*stub), GFP_KERNEL);
	struct uio_stub_info *info;

	info = (void *)devm_get_free_pages(&pdev->dev, GFP_KERNEL | __GFP_ZERO,
					   get_order(STUB_INFO_BYTES));
	if (!stub || !info)
		return NULL;
	info->magic = UIO_STUB_MAGIC;
	info->abi = UIO_STUB_ABI;
	info->size = sizeof(*info);
	info->state = UIO_STUB_LIVE;
	info->flags = UIO_STUB_MASKED;
	if (domain && (domain->type & __IOMMU_DOMAIN_PAGING))	/* it does not let all pass */
		info->flags |= UIO_STUB_IOMMU;
	stub->info = info;
	stub->pdev = pdev;
	mutex_init(&stub->lock);
	spin_lock_init(&stub->command);
	stub->uio = (struct uio_info){
		.name = KBUILD_MODNAME, .version = __stringify(UIO_STUB_ABI), .irq = UIO_IRQ_CUSTOM,
		.open = stub_open, .release = stub_release, .irqcontrol = stub_irqcontrol,
	};
	pci_set_drvdata(pdev, stub);
	return stub;
}

/*
 * The order in which a card goes:
 *  1. its state says so: nobody can open it, nothing of it stays mapped, readers wake and fail;
 *  2. it masters the bus no more and is masked, so that
 *  3. the handlers can go, and a reset makes it forget the memory, as in stub_release();
 *  4. the node goes, to which the handlers reported, and with it the hooks: no release(), so
 *  5. the owner's inode, kept for step 1, is put here;
 *  6. the memory goes, which neither the card nor a mapping can reach.
 */
static void stub_destroy(struct stub *stub)
{
	stub_change_state(stub, UIO_STUB_REMOVED);
	mutex_lock(&stub->lock);
	stub_stop(stub);
	stub_irq_free(stub);
	mutex_unlock(&stub->lock);
	if (stub->used && pci_device_is_present(stub->pdev))
		pci_reset_function_locked(stub->pdev);
	uio_unregister_device(&stub->uio);
	iput(stub->owner);
	stub_dma_free(stub);
}

/* The node can be opened before the UIO core is done with it, so all else is there before. */
static int stub_create(struct stub *stub)
{
	const struct stub_card *card = stub_cards;
	struct pci_dev *pdev = stub->pdev;
	int ret;

	while (card->vendor && (card->vendor != pdev->vendor || card->device != pdev->device))
		card++;
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(card->dma_bits));
	if (ret)
		return ret;
	stub_dma_resize(stub, min(card->dma_size, PAGE_SIZE * (totalram_pages() / 8)));
	ret = stub->info->dma_size ? stub_map_add(stub) : -ENOMEM;
	if (ret)
		return ret;
	stub->ack = card->ack;
	stub_irq_setup(stub, STUB_IRQ_AUTO);
	ret = uio_register_device(&pdev->dev, &stub->uio);
	if (ret)
		return ret;
	uio_event_notify(&stub->uio);	/* interrupts so far could not, see irq.c */
	pci_save_state(pdev);		/* for stub_restart() */
	return 0;
}

static void stub_remove(struct pci_dev *pdev)
{
	stub_destroy(pci_get_drvdata(pdev));
	pci_release_regions(pdev);
	pci_disable_device(pdev);
}

static int stub_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct stub *stub = stub_new(pdev);
	int ret = stub ? pci_enable_device(pdev) : -ENOMEM;

	if (ret)
		return ret;
	ret = pci_request_regions(pdev, KBUILD_MODNAME);
	if (ret) {
		pci_disable_device(pdev);
		return ret;
	}
	ret = stub_create(stub);
	if (ret)
		stub_remove(pdev);
	return ret;
}

/* Before the card forgets what it was told: reset, suspend, bus errors, shutdown. */
static void stub_pause(struct pci_dev *pdev)
{
	stub_change_state(pci_get_drvdata(pdev), UIO_STUB_RESETTING);
}

/* After it, when an owner may have come or gone. */
static void stub_restart(struct pci_dev *pdev)
{
	pci_restore_state(pdev);	/* after a bus error; else the PCI core has */
	pci_save_state(pdev);
	stub_change_state(pci_get_drvdata(pdev), UIO_STUB_LIVE);
}

static pci_ers_result_t stub_error_detected(struct pci_dev *pdev, pci_channel_state_t error)
{
	stub_pause(pdev);
	return PCI_ERS_RESULT_NEED_RESET;
}

static const struct pci_error_handlers stub_error_handlers = {
	.error_detected = stub_error_detected,
	.resume = stub_restart,
	.reset_prepare = stub_pause,
	.reset_done = stub_restart,
};

static int stub_suspend(struct device *dev)
{
	stub_pause(to_pci_dev(dev));
	return 0;
}

static int stub_resume(struct device *dev)
{
	stub_restart(to_pci_dev(dev));
	return 0;
}

static const struct dev_pm_ops stub_pm_ops = { SYSTEM_SLEEP_PM_OPS(stub_suspend, stub_resume) };

/* Only what is made for it; others are bound by who owns them: new_id, driver_override. */
static const struct pci_device_id stub_ids[] = {
	{ PCI_DEVICE(REFCARD_VENDOR_ID, REFCARD_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, stub_ids);

static struct pci_driver stub_driver = {
	.name = KBUILD_MODNAME,
	.id_table = stub_ids,
	.probe = stub_probe,
	.remove = stub_remove,
	.shutdown = stub_pause,
	.err_handler = &stub_error_handlers,
	.dev_groups = stub_attr_groups,
	.driver.pm = pm_sleep_ptr(&stub_pm_ops),
};
module_pci_driver(stub_driver);

MODULE_DESCRIPTION("UIO stub for acquisition cards: registers, DMA memory, interrupts");
MODULE_VERSION(__stringify(UIO_STUB_ABI));
MODULE_LICENSE("GPL");
