/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* uio-node.c - from what the user calls a card to the open node of the stub */
#include "uio-node.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "sysfs.h"

/* For a second: udev may take its time to make a node. */
#define RETRY_NS	(10 * 1000 * 1000)
#define RETRIES		100

static bool is_uio_name(const char *name)
{
	return !strncmp(name, "uio", 3) && name[3] && !name[3 + strspn(name + 3, "0123456789")];
}

bool uio_node_matches(const char *spec)
{
	char slot[TRANSPORT_SLOT_SIZE];

	return !strncmp(spec, "/dev/", 5) || is_uio_name(spec) || !pci_slot(slot, spec);
}

/* Any path will do that leads to a node: udev makes links with stable names. */
static int name_of_path(struct uiocap_ctx *ctx, const char *spec, char *name, size_t size)
{
	char path[PATH_MAX], real[PATH_MAX];
	const char *last;
	int err;

	err = sysfs_path(path, sizeof(path), "%s", spec);
	if (err)
		return err;
	if (!realpath(path, real)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"there is no %s: `uiocap list` shows the cards there are", spec);
		return -ENODEV;
	}
	last = strrchr(real, '/') + 1;
	if (!is_uio_name(last) || strlen(last) >= size) {
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s is not the node of a UIO device", spec);
		return -EINVAL;
	}
	strcpy(name, last);
	return 0;
}

static int slot_of_name(struct uiocap_ctx *ctx, const char *name, char slot[TRANSPORT_SLOT_SIZE])
{
	char parent[64];

	if (!sysfs_exists("/sys/class/uio/%s", name)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"there is no %s: `uiocap list` shows the cards there are", name);
		return -ENODEV;
	}
	if (sysfs_read_link(parent, sizeof(parent), "/sys/class/uio/%s/device", name) ||
	    pci_slot(slot, parent)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s is not a PCI card", name);
		return -ENODEV;
	}
	return 0;
}

static int slot_of_spec(struct uiocap_ctx *ctx, const char *spec, char slot[TRANSPORT_SLOT_SIZE])
{
	char name[16];
	int err;

	if (!pci_slot(slot, spec))
		return 0;
	if (spec[0] != '/')
		return slot_of_name(ctx, spec, slot);
	err = name_of_path(ctx, spec, name, sizeof(name));
	return err ? err : slot_of_name(ctx, name, slot);
}

static int not_bound(struct uiocap_ctx *ctx, const struct pci_function *fn)
{
	if (fn->driver[0])
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s is bound to %s, not to %s: run `uiocap bind %s`",
			fn->slot, fn->driver, PCI_STUB_DRIVER, fn->slot);
	else
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s has no driver: run `uiocap bind %s`", fn->slot,
			fn->slot);
	return -ENODEV;
}

int uio_node_find(struct uiocap_ctx *ctx, const char *spec, struct pci_function *out)
{
	char slot[TRANSPORT_SLOT_SIZE];
	struct pci_function fn;
	int err;

	err = slot_of_spec(ctx, spec, slot);
	if (err)
		return err;
	if (pci_read(&fn, slot)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"there is no PCI function %s: `uiocap list` shows the cards there are",
			slot);
		return -ENODEV;
	}
	if (!pci_is_bound(&fn))
		return not_bound(ctx, &fn);
	*out = fn;
	return 0;
}

static int explain(struct uiocap_ctx *ctx, const struct pci_function *fn, int err)
{
	const char *uio = fn->uio;

	switch (err) {
	case -ENOENT:
	case -ENXIO:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"%s has no node in /dev after a second: is udev running?", fn->slot);
		return -ENODEV;
	case -EBUSY:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"/dev/%s is in use, and has one owner at a time: `fuser -v /dev/%s` tells which",
			uio, uio);
		return err;
	case -EACCES:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"no permission for /dev/%s: be root, or in the group that `ls -l /dev/%s` shows",
			uio, uio);
		return err;
	case -EPERM:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"no IOMMU keeps the card of /dev/%s inside its memory, so that its owner could "
			"write anywhere: turn the IOMMU on, or run with CAP_SYS_RAWIO (as root)",
			uio);
		return err;
	default:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "cannot open /dev/%s: %s", uio, strerror(-err));
		return err;
	}
}

/* A node is announced, and can be opened, before its maps are there: drivers/uio/uio.c. */
static bool is_complete(struct pci_function *fn)
{
	/* The driver core adds the stub's own attributes last, when its probe is done. */
	if (!sysfs_exists("/sys/bus/pci/devices/%s/busy", fn->slot))
		return false;
	return !sysfs_first(fn->uio, sizeof(fn->uio), "uio", "/sys/bus/pci/devices/%s/uio",
			    fn->slot);
}

static int try_open(struct pci_function *fn)
{
	char path[PATH_MAX];
	int err, fd;

	if (!is_complete(fn))
		return -ENOENT;
	err = sysfs_path(path, sizeof(path), "/dev/%s", fn->uio);
	if (err)
		return err;
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int uio_node_open(struct uiocap_ctx *ctx, struct pci_function *fn)
{
	const struct timespec pause = { .tv_nsec = RETRY_NS };
	int tries, fd;

	fd = try_open(fn);
	for (tries = 1; fd == -ENOENT && tries < RETRIES; tries++) {
		nanosleep(&pause, NULL);
		fd = try_open(fn);
	}
	return fd < 0 ? explain(ctx, fn, fd) : fd;
}
