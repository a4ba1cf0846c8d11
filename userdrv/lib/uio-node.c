/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* uio-node.c - from what the user calls a card to the open node of the stub */
#include "uio-node.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "sysfs.h"

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
			"there is no PCI function %s: `uiocap list` shows the cards there are", slot);
		return -ENODEV;
	}
	if (!pci_is_bound(&fn)) {
		ctx_log(ctx, UIOCAP_LOG_ERROR, "%s is bound to %s, not to %s: run `uiocap bind %s`",
			slot, fn.driver[0] ? fn.driver : "no driver", PCI_STUB_DRIVER, slot);
		return -ENODEV;
	}
	*out = fn;
	return 0;
}

static int explain(struct uiocap_ctx *ctx, const char *uio, int error)
{
	switch (error) {
	case ENOENT:
	case ENXIO:
		return -ENOENT;
	case EBUSY:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"/dev/%s is in use, and has one owner at a time: `fuser -v /dev/%s` tells which",
			uio, uio);
		break;
	case EACCES:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"no permission for /dev/%s: be root, or in the group that `ls -l /dev/%s` shows",
			uio, uio);
		break;
	case EPERM:
		ctx_log(ctx, UIOCAP_LOG_ERROR,
			"no IOMMU keeps the card of /dev/%s inside its memory, so that its owner could "
			"write anywhere: turn the IOMMU on, or run with CAP_SYS_RAWIO (as root)", uio);
		break;
	default:
		ctx_log(ctx, UIOCAP_LOG_ERROR, "cannot open /dev/%s: %s", uio, strerror(error));
	}
	return -error;
}

int uio_node_open(struct uiocap_ctx *ctx, struct pci_function *fn)
{
	char path[PATH_MAX];
	int err, fd;

	err = sysfs_first(fn->uio, sizeof(fn->uio), "uio", "/sys/bus/pci/devices/%s/uio", fn->slot);
	if (!err)
		err = sysfs_path(path, sizeof(path), "/dev/%s", fn->uio);
	if (err)
		return err;
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? explain(ctx, fn->uio, errno) : fd;
}
