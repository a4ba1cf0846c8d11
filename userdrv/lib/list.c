/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * list.c - the cards of this machine: what the stub has, and what it could have
 *
 * /sys is read once, by itself: an enumeration by libudev would give the same entries, and no less
 * code. Nothing is opened: an open would take the card from its owner, or keep it from the next.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"
#include "pci.h"
#include "sysfs.h"

/** struct entry - a device and the strings that it points to */
struct entry {
	struct uiocap_device device;
	struct pci_function fn;
};

struct uiocap_list {
	struct entry *entry;
	size_t count;
	size_t next;
};

/*
 * A function is a candidate when a card kind knows it, or when somebody has given it to one of the
 * kernel's drivers for user space: it may be a card that is new to this library.
 */
static bool is_candidate(const struct pci_function *fn, const struct card_ops *kind)
{
	return kind || pci_is_bound(fn) || !strcmp(fn->driver, "uio_pci_generic") ||
	       !strcmp(fn->driver, "vfio-pci");
}

static bool is_busy(const struct pci_function *fn)
{
	uint64_t busy;

	return !sysfs_read_u64(&busy, "/sys/bus/pci/devices/%s/busy", fn->slot) && busy;
}

static void describe(struct entry *e, const struct card_ops *kind)
{
	const struct pci_function *fn = &e->fn;
	bool bound = pci_is_bound(fn);

	e->device = (struct uiocap_device){
		.spec	= bound && fn->uio[0] ? fn->uio : fn->slot,
		.slot	= fn->slot,
		.driver	= fn->driver,
		.model	= kind ? kind->name : "",
		.vendor	= fn->vendor,
		.device	= fn->device,
		.bound	= bound,
		.busy	= bound && is_busy(fn),
	};
}

static int by_slot(const struct dirent **a, const struct dirent **b)
{
	size_t la = strlen((*a)->d_name), lb = strlen((*b)->d_name);

	if (la != lb)	/* a domain beyond ffff */
		return la < lb ? -1 : 1;
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_slot(const struct dirent *entry)
{
	char slot[TRANSPORT_SLOT_SIZE];

	return !pci_slot(slot, entry->d_name);
}

/* A function that goes while we look is left out. */
static void add(struct uiocap_list *list, const char *slot)
{
	struct entry *e = &list->entry[list->count];
	const struct card_ops *kind;

	if (pci_read(&e->fn, slot))
		return;
	kind = card_find(NULL, e->fn.vendor, e->fn.device);
	if (!is_candidate(&e->fn, kind))
		return;
	describe(e, kind);
	list->count++;
}

static struct uiocap_list *make(struct dirent **names, size_t count)
{
	struct uiocap_list *list = calloc(1, sizeof(*list));
	size_t n;

	if (!list)
		return NULL;
	list->entry = calloc(count + 1, sizeof(*list->entry));
	if (!list->entry) {
		free(list);
		return NULL;
	}
	for (n = 0; n < count; n++)
		add(list, names[n]->d_name);
	return list;
}

int uiocap_list_new(struct uiocap_ctx *ctx, struct uiocap_list **out)
{
	struct dirent **names = NULL;
	struct uiocap_list *list;
	char path[PATH_MAX];
	int count, err;

	(void)ctx;
	err = sysfs_path(path, sizeof(path), "/sys/bus/pci/devices");
	if (err)
		return err;
	count = scandir(path, &names, is_slot, by_slot);
	if (count < 0 && errno != ENOENT)	/* a machine without PCI has no cards */
		return -errno;
	count = count < 0 ? 0 : count;
	list = make(names, (size_t)count);
	while (count--)
		free(names[count]);
	free(names);
	if (!list)
		return -ENOMEM;
	*out = list;
	return 0;
}

int uiocap_list_next(struct uiocap_list *list, const struct uiocap_device **out)
{
	if (list->next == list->count)
		return 0;
	*out = &list->entry[list->next++].device;
	return 1;
}

void uiocap_list_free(struct uiocap_list *list)
{
	if (!list)
		return;
	free(list->entry);
	free(list);
}
