// SPDX-License-Identifier: GPL-2.0-only
/*
 * node.c - /dev/uioN is opened, written to and closed
 *
 * All of it under the UIO core's info_lock, which mmap() takes inside mmap_lock, and remove inside
 * the device lock: no access to user memory here, no waiting for the device lock.
 */
#include <linux/capability.h>
#include <linux/fs.h>

#include "stub.h"

static void stub_own(struct stub *stub, struct inode *inode)
{
	if (stub->used)		/* what another has left is not for this one */
		stub_dma_zero(stub);
	stub->used = false;
	ihold(inode);
	stub_map_set_owner(stub, inode);
	stub_set_master(stub, true);
	stub_irq_set(stub, true);
}

int stub_open(struct uio_info *uio, struct inode *inode)
{
	struct stub *stub = container_of(uio, struct stub, uio);
	int ret = 0;

	if (!(stub->info->flags & UIO_STUB_IOMMU) && !capable(CAP_SYS_RAWIO)) {
		dev_warn_ratelimited(&stub->pdev->dev, "not opened: no IOMMU keeps the card from the memory of others, and the caller has no CAP_SYS_RAWIO\n");
		return -EPERM;
	}
	mutex_lock(&stub->lock);
	if (stub->info->state == UIO_STUB_REMOVED)
		ret = -ENODEV;
	else if (stub->owner)
		ret = -EBUSY;
	else
		stub_own(stub, inode);
	mutex_unlock(&stub->lock);
	return ret;
}

/*
 * Ends DMA, for a time that is bounded and that no signal cuts short. What the card had written
 * before it lost the bus is in memory ahead of the answer to our read.
 */
void stub_stop(struct stub *stub)
{
	u16 command;

	stub_set_master(stub, false);
	stub_irq_set(stub, false);
	pci_read_config_word(stub->pdev, PCI_COMMAND, &command);
	if (pci_device_is_present(stub->pdev) && !pci_wait_for_pending_transaction(stub->pdev))
		pci_warn(stub->pdev, "the card does not end its transactions\n");
}

/*
 * The last descriptor and the last mapping are gone. A reset, where the card has one, makes it
 * forget where the owner's buffers were; who holds the device lock now resets or removes it anyway.
 */
int stub_release(struct uio_info *uio, struct inode *inode)
{
	struct stub *stub = container_of(uio, struct stub, uio);

	mutex_lock(&stub->lock);
	stub_stop(stub);
	stub_map_set_owner(stub, NULL);
	if (stub->used)
		pci_try_reset_function(stub->pdev);
	mutex_unlock(&stub->lock);
	iput(inode);
	return 0;
}

/* write(): 1 arms the interrupts, 0 masks them. */
int stub_irqcontrol(struct uio_info *uio, s32 on)
{
	struct stub *stub = container_of(uio, struct stub, uio);
	int ret = on == 0 || on == 1 ? 0 : -EINVAL;

	mutex_lock(&stub->lock);
	if (!stub->handlers)
		ret = -EOPNOTSUPP;
	if (!ret)
		stub_irq_set(stub, on);
	mutex_unlock(&stub->lock);
	return ret;
}
