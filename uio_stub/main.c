// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - a card comes and goes
 *
 * uio_stub shows a PCI card to one program, its owner, as /dev/uioN: registers, memory for DMA,
 * interrupts, and a page that tells what happens. When the card goes, it takes all of it away
 * again. What the registers mean is none of its business.
 */
#include <linux/dma-mapping.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/stringify.h>

#include "stub.h"
#include "uiocap/refcard.h"

static const struct stub_card stub_cards[] = {
	{	/* the reference card, refcard §2 and §7 */
		.vendor = REFCARD_VENDOR_ID, .device = REFCARD_DEVICE_ID, .dma_bits = 64,
		.ack = { REFCARD_BAR, REFCARD_IRQ_STATUS, REFCARD_IRQ_ACK },
	},
	{	/* QEMU's `edu` (docs/specs/edu.rst there) has a buffer of 4 KiB */
		.vendor = 0x1234, .device = 0x11e8, .dma_bits = 28, .dma_size = SZ_1M,
		.ack = { 0, 0x24, 0x64 },
	},
	{	/* any other: what every card can do */
		.dma_bits = 32, .ack = { -1 },
	},
};

static const struct stub_card *stub_find_card(const struct pci_dev *pdev)
{
	const struct stub_card *card = stub_cards;

	while (card->vendor && (card->vendor != pdev->vendor || card->device != pdev->device))
		card++;
	return card;
}

/* Is there an IOMMU, and does it do more than let everything pass? */
static bool stub_is_confined(struct pci_dev *pdev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(&pdev->dev);

	return domain && (domain->type & __IOMMU_DOMAIN_PAGING);
}

static struct stub *stub_new(struct pci_dev *pdev)
{
	struct stub *stub = kzalloc(sizeof(*stub), GFP_KERNEL);

	if (!stub)
		return NULL;
	stub->pdev = pdev;
	stub->card = stub_find_card(pdev);
	stub->ack = stub->card->ack;
	stub->irq_mode = STUB_IRQ_AUTO;
	mutex_init(&stub->lock);
	spin_lock_init(&stub->command);
	stub->uio.name = KBUILD_MODNAME;
	stub->uio.version = __stringify(UIO_STUB_ABI);
	stub->uio.irq = UIO_IRQ_CUSTOM;
	stub->uio.open = stub_open;
	stub->uio.release = stub_release;
	stub->uio.irqcontrol = stub_irqcontrol;
	if (stub_map_add(stub)) {
		kfree(stub);
		return NULL;
	}
	if (stub_is_confined(pdev))
		stub->info->flags |= UIO_STUB_IOMMU;
	pci_set_drvdata(pdev, stub);
	return stub;
}

/*
 * The order in which a card goes:
 *  1. its state says so: nobody can open it, nothing of it stays mapped, readers wake and fail;
 *  2. it masters the bus no more and is masked, so that
 *  3. the handlers can go, which report to
 *  4. the node, which goes next, and with it the last who could come in by its hooks; no
 *     release() any more, so
 *  5. the owner's inode, kept for step 1, is put here;
 *  6. and the memory, which neither the card nor any mapping reaches now.
 */
static void stub_destroy(struct stub *stub)
{
	stub_change_state(stub, UIO_STUB_REMOVED);
	mutex_lock(&stub->lock);
	stub_stop(stub);
	stub_irq_free(stub);
	mutex_unlock(&stub->lock);
	uio_unregister_device(&stub->uio);
	iput(stub->owner);
	stub_dma_free(stub);
	free_pages_exact(stub->info, STUB_INFO_BYTES);
	kfree(stub);
}

/* All that must be there before the node, which can be opened before the UIO core is done. */
static int stub_set_up(struct stub *stub)
{
	int ret;

	ret = dma_set_mask_and_coherent(&stub->pdev->dev, DMA_BIT_MASK(stub->card->dma_bits));
	if (ret)
		return ret;
	stub_bar_find(stub);
	ret = stub_dma_alloc(stub, 0);
	if (ret)
		return ret;
	return stub_irq_alloc(stub);
}

/* And what comes after the node, to which the handlers report. */
static void stub_start_irq(struct stub *stub)
{
	int ret;

	mutex_lock(&stub->lock);
	ret = stub_irq_request(stub);
	if (ret)	/* still, it can be polled */
		pci_warn(stub->pdev, "no interrupts: error %d\n", ret);
	if (stub->owner)
		stub_irq_set(stub, true);
	mutex_unlock(&stub->lock);
}

static int stub_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct stub *stub;
	int ret;

	ret = pci_enable_device(pdev);
	if (ret)
		return ret;
	ret = pci_request_regions(pdev, KBUILD_MODNAME);
	if (ret)
		goto err_disable;
	ret = -ENOMEM;
	stub = stub_new(pdev);
	if (!stub)
		goto err_regions;
	ret = stub_set_up(stub);
	if (!ret)
		ret = uio_register_device(&pdev->dev, &stub->uio);
	if (ret)
		goto err_destroy;
	stub_start_irq(stub);
	pci_save_state(pdev);	/* for a bus error before any reset */
	pci_info(pdev, "%llu KiB for DMA in %u pieces, interrupts: %s\n",
		 stub->info->dma_size / SZ_1K, stub->info->segments,
		 stub_irq_modes[stub->info->irq_kind]);
	return 0;

err_destroy:
	stub_destroy(stub);
err_regions:
	pci_release_regions(pdev);
err_disable:
	pci_disable_device(pdev);
	return ret;
}

static void stub_remove(struct pci_dev *pdev)
{
	stub_destroy(pci_get_drvdata(pdev));
	pci_release_regions(pdev);
	pci_disable_device(pdev);
}

/* Only what is made for it. Others are bound by their owners: new_id, driver_override. */
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

static int __init stub_init(void)
{
	int ret = stub_map_init();

	if (ret)
		return ret;
	ret = pci_register_driver(&stub_driver);
	if (ret)
		stub_map_exit();
	return ret;
}
module_init(stub_init);

static void __exit stub_exit(void)
{
	pci_unregister_driver(&stub_driver);
	stub_map_exit();
}
module_exit(stub_exit);

MODULE_DESCRIPTION("UIO stub for acquisition cards: registers, DMA memory, interrupts");
MODULE_AUTHOR("The uiocap project");
MODULE_VERSION(__stringify(UIO_STUB_ABI));
MODULE_LICENSE("GPL");
