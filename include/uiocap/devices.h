/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * devices.h - which cards there are: a list, a monitor, and who has them
 *
 * Part of uiocap.h, whose rules are those of all these functions.
 */
#ifndef UIOCAP_DEVICES_H
#define UIOCAP_DEVICES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct uiocap_ctx;
struct uiocap_list;
struct uiocap_monitor;

/* ---- list ------------------------------------------------------------------------------- */

/**
 * struct uiocap_device - a card of this machine
 * @spec:   what uiocap_card_open() takes: "uio0", or its address where it is not bound
 * @slot:   PCI address, "0000:03:00.0"
 * @driver: kernel driver bound to it, or ""
 * @model:  the card kind that supports it ("refcard", "edu"), or "" where none is known
 * @vendor: PCI vendor id
 * @device: PCI device id
 * @bound:  to uio_stub, and so ready to be opened
 * @busy:   somebody has it open (false where that cannot be told)
 */
struct uiocap_device {
	const char *spec;
	const char *slot;
	const char *driver;
	const char *model;
	uint16_t vendor;
	uint16_t device;
	bool bound;
	bool busy;
};

/**
 * uiocap_list_new - the cards bound to the stub, and those that could be
 *
 * A snapshot, in order of PCI address. Free it with uiocap_list_free(). Since 0.1.
 * Errors: -ENOMEM, those of reading /sys.
 */
int uiocap_list_new(struct uiocap_ctx *ctx, struct uiocap_list **out);

/** uiocap_list_next - 1 and the next device, or 0. @out lives as long as the list. Since 0.1. */
int uiocap_list_next(struct uiocap_list *list, const struct uiocap_device **out);

void uiocap_list_free(struct uiocap_list *list);

/**
 * uiocap_bind - gives a PCI function to the stub (driver_override, then probe)
 * @slot: PCI address, "0000:03:00.0" or "03:00.0"
 *
 * Any other driver lets go of it first. Needs root. Since 0.1. Errors: -ENODEV no such function,
 * -ENOENT the stub is not loaded, -EACCES, -EIO the stub refused it (the kernel's log says why).
 */
int uiocap_bind(struct uiocap_ctx *ctx, const char *slot);

/** uiocap_unbind - takes it from the stub; the next driver that fits gets it. Since 0.1. */
int uiocap_unbind(struct uiocap_ctx *ctx, const char *slot);

/* ---- monitor ---------------------------------------------------------------------------- */

enum uiocap_change {
	UIOCAP_ADDED,	/* and can be opened: node, links and permissions are in place */
	UIOCAP_REMOVED,	/* who has it open finds out by himself: -ENODEV */
};

/**
 * struct uiocap_event - a card bound to the stub has come or gone
 * @change: which of the two
 * @spec:   what uiocap_card_open() takes: "/dev/uiocap/by-path/pci-0000:03:00.0", the same whenever
 *          the card is in this slot; the node where the udev rules of uiocap are not installed
 * @slot:   PCI address
 */
struct uiocap_event {
	enum uiocap_change change;
	const char *spec;
	const char *slot;
};

/**
 * uiocap_monitor_new - listens to udev
 *
 * What is there already counts as added. Free it with uiocap_monitor_free(). Since 0.1.
 * Errors: -ENOMEM, those of a netlink socket.
 */
int uiocap_monitor_new(struct uiocap_ctx *ctx, struct uiocap_monitor **out);

/** uiocap_monitor_fd - readable when there may be an event; belongs to the monitor. Since 0.1. */
int uiocap_monitor_fd(const struct uiocap_monitor *monitor);

/**
 * uiocap_monitor_next - 1 and the next event, or 0; does not wait
 *
 * @out lives until the next call. To be called before the descriptor is waited for the first time.
 * Since 0.1. Errors: -ENOMEM.
 */
int uiocap_monitor_next(struct uiocap_monitor *monitor, const struct uiocap_event **out);

/** uiocap_monitor_free - NULL is fine. Since 0.1. */
void uiocap_monitor_free(struct uiocap_monitor *monitor);

#ifdef __cplusplus
}
#endif

#endif
