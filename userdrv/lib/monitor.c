/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * monitor.c - cards come and go
 *
 * udev tells of a node when it is done with it: owner, mode and links are in place then. The
 * listener is there before the nodes are listed that have been there all along, so that none is
 * missed; and a card that is known is not told of again, so that none is told of twice.
 */
#include <errno.h>
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "pci.h"

#define LINKS	"/dev/uiocap/by-path/"

/** struct known - a card that was told of: @node "uio0", @spec how it can be opened again */
struct known {
	struct known *next;
	char node[16];
	char slot[TRANSPORT_SLOT_SIZE];
	char spec[128];
};

/**
 * struct uiocap_monitor - what was there at first, and what changes
 * @first: of the nodes there were, those still to be looked at
 * @known: cards that are there, as far as the user knows
 * @told:  what the last event speaks of, if it has gone
 */
struct uiocap_monitor {
	struct udev *udev;
	struct udev_monitor *udev_monitor;
	struct udev_enumerate *there;
	struct udev_list_entry *first;
	struct known *known;
	struct known *told;
	struct uiocap_event event;
};

/* ---- what is known ---------------------------------------------------------------------- */

/* Where the pointer to it is, or that which ends the list. */
static struct known **find(struct uiocap_monitor *m, const char *node)
{
	struct known **at = &m->known;

	while (*at && strcmp((*at)->node, node))
		at = &(*at)->next;
	return at;
}

/* The name that stays the same when the card is plugged in again, where the rules make one. */
static void set_spec(struct known *card, struct udev_device *dev)
{
	const char *links = udev_device_get_property_value(dev, "DEVLINKS");
	const char *link = links ? strstr(links, LINKS) : NULL;

	if (link)
		snprintf(card->spec, sizeof(card->spec), "%.*s", (int)strcspn(link, " "), link);
	else
		snprintf(card->spec, sizeof(card->spec), "/dev/%s", card->node);
}

static int tell(struct uiocap_monitor *m, enum uiocap_change change, const struct known *card)
{
	m->event = (struct uiocap_event){
		.change = change, .spec = card->spec, .slot = card->slot,
	};
	return 1;
}

static int add(struct uiocap_monitor *m, struct udev_device *dev)
{
	struct udev_device *pci = udev_device_get_parent_with_subsystem_devtype(dev, "pci", NULL);
	const char *driver = pci ? udev_device_get_driver(pci) : NULL;
	const char *node = udev_device_get_sysname(dev);
	struct known **end = find(m, node), *card;

	if (!driver || strcmp(driver, PCI_STUB_DRIVER) || *end)
		return 0;
	card = calloc(1, sizeof(*card));
	if (!card)
		return -ENOMEM;
	snprintf(card->node, sizeof(card->node), "%s", node);
	snprintf(card->slot, sizeof(card->slot), "%s", udev_device_get_sysname(pci));
	set_spec(card, dev);
	*end = card;
	return tell(m, UIOCAP_ADDED, card);
}

static int take_away(struct uiocap_monitor *m, struct udev_device *dev)
{
	struct known **at = find(m, udev_device_get_sysname(dev)), *card = *at;

	if (!card)
		return 0;
	*at = card->next;
	m->told = card;
	return tell(m, UIOCAP_REMOVED, card);
}

/* ---- what udev says --------------------------------------------------------------------- */

static int consider(struct uiocap_monitor *m, struct udev_device *dev)
{
	const char *action = udev_device_get_action(dev);

	return action && !strcmp(action, "remove") ? take_away(m, dev) : add(m, dev);
}

/* The next node that was there at first, or NULL; one that went meanwhile is no more. */
static struct udev_device *next_of_first(struct uiocap_monitor *m)
{
	struct udev_device *dev = NULL;

	for (; m->first && !dev; m->first = udev_list_entry_get_next(m->first))
		dev = udev_device_new_from_syspath(m->udev, udev_list_entry_get_name(m->first));
	return dev;
}

int uiocap_monitor_next(struct uiocap_monitor *monitor, const struct uiocap_event **out)
{
	struct udev_device *dev;
	int ret = 0;

	free(monitor->told);
	monitor->told = NULL;
	while (ret == 0) {
		dev = next_of_first(monitor);
		if (!dev)
			dev = udev_monitor_receive_device(monitor->udev_monitor);
		if (!dev)
			break;
		ret = consider(monitor, dev);
		udev_device_unref(dev);
	}
	if (ret > 0)
		*out = &monitor->event;
	return ret;
}

int uiocap_monitor_fd(const struct uiocap_monitor *monitor)
{
	return udev_monitor_get_fd(monitor->udev_monitor);
}

/* ---- from new to free ------------------------------------------------------------------- */

static int listen_to_udev(struct uiocap_monitor *m)
{
	int ret;

	m->udev_monitor = udev_monitor_new_from_netlink(m->udev, "udev");
	if (!m->udev_monitor)
		return -errno;
	ret = udev_monitor_filter_add_match_subsystem_devtype(m->udev_monitor, "uio", NULL);
	return ret < 0 ? ret : udev_monitor_enable_receiving(m->udev_monitor);
}

/* Only what udev is done with: it tells of the others soon. */
static int list_nodes(struct uiocap_monitor *m)
{
	int ret;

	m->there = udev_enumerate_new(m->udev);
	if (!m->there)
		return -ENOMEM;
	ret = udev_enumerate_add_match_subsystem(m->there, "uio");
	if (ret >= 0)
		ret = udev_enumerate_add_match_is_initialized(m->there);
	if (ret >= 0)
		ret = udev_enumerate_scan_devices(m->there);
	m->first = udev_enumerate_get_list_entry(m->there);
	return ret;
}

int uiocap_monitor_new(struct uiocap_ctx *ctx, struct uiocap_monitor **out)
{
	struct uiocap_monitor *m = calloc(1, sizeof(*m));
	int ret;

	if (!m)
		return -ENOMEM;
	m->udev = udev_new();
	ret = m->udev ? listen_to_udev(m) : -ENOMEM;
	if (ret >= 0)
		ret = list_nodes(m);
	if (ret < 0) {
		ctx_log(ctx, UIOCAP_LOG_ERROR, "cannot listen to udev: %s", strerror(-ret));
		uiocap_monitor_free(m);
		return ret;
	}
	*out = m;
	return 0;
}

void uiocap_monitor_free(struct uiocap_monitor *monitor)
{
	struct known *card, *next;

	if (!monitor)
		return;
	free(monitor->told);
	for (card = monitor->known; card; card = next) {
		next = card->next;
		free(card);
	}
	udev_enumerate_unref(monitor->there);
	udev_monitor_unref(monitor->udev_monitor);
	udev_unref(monitor->udev);
	free(monitor);
}
