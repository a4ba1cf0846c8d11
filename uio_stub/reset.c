// SPDX-License-Identifier: GPL-2.0-only
/*
 * reset.c - the card forgets what it was told: reset, suspend, bus errors, shutdown
 *
 * The owner sees it on the info page, or is woken in read(), and starts anew. Until the card is
 * back its registers read as ones.
 */
#include <linux/pm.h>

#include "stub.h"

/* Once removed, read() fails: the UIO core looks at `irq` first and at the event then. */
void stub_change_state(struct stub *stub, enum uio_stub_state state)
{
	stub_map_set_state(stub, state);
	if (stub->info->state == UIO_STUB_REMOVED)
		stub->uio.irq = UIO_IRQ_NONE;
	if (stub->uio.uio_dev)
		uio_event_notify(&stub->uio);
}

static void stub_write_master(struct stub *stub, bool on)
{
	if (on)
		pci_set_master(stub->pdev);
	else
		pci_clear_master(stub->pdev);
}

void stub_set_master(struct stub *stub, bool on)
{
	unsigned long flags;

	spin_lock_irqsave(&stub->command, flags);
	stub->master = on;
	stub_write_master(stub, on);
	spin_unlock_irqrestore(&stub->command, flags);
}

/* Whatever comes next, the card is quiet meanwhile. */
void stub_pause(struct pci_dev *pdev)
{
	struct stub *stub = pci_get_drvdata(pdev);
	unsigned long flags;

	stub_change_state(stub, UIO_STUB_RESETTING);
	spin_lock_irqsave(&stub->command, flags);
	stub_write_master(stub, false);
	spin_unlock_irqrestore(&stub->command, flags);
}

/* The PCI core has restored what it had saved; an owner may have come or gone since. */
static void stub_restart(struct pci_dev *pdev)
{
	struct stub *stub = pci_get_drvdata(pdev);
	unsigned long flags;

	spin_lock_irqsave(&stub->command, flags);
	stub_write_master(stub, stub->master);
	stub_irq_restore(stub);
	spin_unlock_irqrestore(&stub->command, flags);
	pci_save_state(pdev);	/* for stub_slot_reset() */
	stub_change_state(stub, UIO_STUB_LIVE);
}

static pci_ers_result_t stub_error_detected(struct pci_dev *pdev, pci_channel_state_t error)
{
	if (error == pci_channel_io_perm_failure) {
		stub_change_state(pci_get_drvdata(pdev), UIO_STUB_REMOVED);
		return PCI_ERS_RESULT_DISCONNECT;
	}
	stub_pause(pdev);
	return error == pci_channel_io_normal ? PCI_ERS_RESULT_CAN_RECOVER :
						PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t stub_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	return pci_device_is_present(pdev) ? PCI_ERS_RESULT_RECOVERED : PCI_ERS_RESULT_DISCONNECT;
}

const struct pci_error_handlers stub_error_handlers = {
	.error_detected = stub_error_detected,
	.slot_reset = stub_slot_reset,
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

const struct dev_pm_ops stub_pm_ops = { SYSTEM_SLEEP_PM_OPS(stub_suspend, stub_resume) };
