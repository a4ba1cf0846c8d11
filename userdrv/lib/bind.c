/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * bind.c - gives a PCI function to the stub and takes it back
 *
 * driver_override names the only driver that may have a function, whatever its ids:
 * linux/Documentation/ABI/testing/sysfs-bus-pci. What was in force before is put back when a step
 * fails.
 */
#include <errno.h>
#include <string.h>

#include "log.h"
#include "pci.h"
#include "sysfs.h"

#define OVERRIDE	"/sys/bus/pci/devices/%s/driver_override"
#define UNBIND		"/sys/bus/pci/devices/%s/driver/unbind"
#define PROBE		"/sys/bus/pci/drivers_probe"
#define DRIVER		"/sys/bus/pci/drivers/%s"

static int find(struct uiocap_ctx *ctx, const char *slot, struct pci_function *out)
{
	char full[TRANSPORT_SLOT_SIZE];

	if (pci_slot(full, slot)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s is not a PCI address like 0000:03:00.0", slot);
		return -EINVAL;
	}
	if (pci_read(out, full)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"there is no PCI function %s: `uiocap list` shows the cards there are",
			full);
		return -ENODEV;
	}
	return 0;
}

static int failed(struct uiocap_ctx *ctx, const char *slot, const char *what, int err)
{
	ctx_log(ctx, UIOCAP_LOG_ERROR, "%s: cannot %s: %s%s", slot, what, strerror(-err),
		err == -EACCES || err == -EPERM ? "; this needs root" : "");
	return err;
}

/* The kernel reads an empty line as "none" and shows none as "(null)". */
static int set_override(const char *slot, const char *driver)
{
	return sysfs_write(driver[0] && strcmp(driver, "(null)") ? driver : "\n", OVERRIDE, slot);
}

static void restore(const struct pci_function *was, const char *override)
{
	set_override(was->slot, override);
	if (was->driver[0])
		sysfs_write(was->slot, DRIVER "/bind", was->driver);
}

static int release(const struct pci_function *fn)
{
	return fn->driver[0] ? sysfs_write(fn->slot, UNBIND, fn->slot) : 0;
}

/* The kernel accepts the write even where no driver takes the function. */
static int probe(const char *slot, struct pci_function *now)
{
	int err;

	err = sysfs_write(slot, PROBE);
	return err ? err : pci_read(now, slot);
}

int uiocap_bind(struct uiocap_ctx *ctx, const char *slot)
{
	struct pci_function was, now;
	char override[64] = "";
	int err;

	err = find(ctx, slot, &was);
	if (err || pci_is_bound(&was))
		return err;
	if (!sysfs_exists(DRIVER, PCI_STUB_DRIVER)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR, "the module %s is not loaded: run `modprobe %s`",
			PCI_STUB_DRIVER, PCI_STUB_DRIVER);
		return -ENOENT;
	}
	err = sysfs_read(override, sizeof(override), OVERRIDE, was.slot);
	if (!err)
		err = set_override(was.slot, PCI_STUB_DRIVER);
	if (err)
		return failed(ctx, was.slot, "choose its driver", err);
	err = release(&was);
	if (err) {
		set_override(was.slot, override);
		return failed(ctx, was.slot, "take it from its driver", err);
	}
	err = probe(was.slot, &now);
	if (!err && pci_is_bound(&now))
		return 0;
	restore(&was, override);
	ctx_log(ctx, UIOCAP_LOG_ERROR, "%s: %s did not take it: `dmesg` says why", was.slot,
		PCI_STUB_DRIVER);
	return err ? err : -EIO;
}

int uiocap_unbind(struct uiocap_ctx *ctx, const char *slot)
{
	struct pci_function fn, now;
	int err;

	err = find(ctx, slot, &fn);
	if (err)
		return err;
	if (!pci_is_bound(&fn)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s is not bound to %s", fn.slot, PCI_STUB_DRIVER);
		return -ENODEV;
	}
	err = release(&fn);
	if (!err)
		err = set_override(fn.slot, "");
	if (!err)
		err = probe(fn.slot, &now);
	/* The stub itself may be the next driver that fits: it knows some cards by their ids. */
	if (!err && pci_is_bound(&now))
		err = release(&now);
	return err ? failed(ctx, fn.slot, "take it from its driver", err) : 0;
}
