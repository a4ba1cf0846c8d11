// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * service-list.c - the services of this machine, by their sockets
 *
 * Nothing is opened: to connect to a socket that systemd holds would start its service.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service-link.h"
#include "sysfs.h"
#include "uiocap/service.h"

#define FOLDER	"/run/uiocap"

struct uiocap_service_list {
	char **spec;
	int count;
	int next;
};

static int is_service(const struct dirent *entry)
{
	return !strncmp(entry->d_name, "pci-", 4);
}

static struct uiocap_service_list *make(const char *folder, struct dirent **names, int count)
{
	struct uiocap_service_list *list = calloc(1, sizeof(*list));

	if (!list)
		return NULL;
	list->spec = calloc(count + 1, sizeof(list->spec[0]));
	while (list->spec && list->count < count) {
		if (asprintf(&list->spec[list->count], SERVICE_PREFIX "%s/%s", folder,
			     names[list->count]->d_name) < 0)
			break;
		list->count++;
	}
	if (!list->spec || list->count < count) {
		uiocap_service_list_free(list);
		return NULL;
	}
	return list;
}

int uiocap_service_list_new(struct uiocap_ctx *ctx, struct uiocap_service_list **out)
{
	struct uiocap_service_list *list;
	struct dirent **names = NULL;
	char folder[PATH_MAX];
	int count, err;

	(void)ctx;
	err = sysfs_path(folder, sizeof(folder), FOLDER);
	if (err)
		return err;
	count = scandir(folder, &names, is_service, alphasort);
	if (count < 0 && errno != ENOENT)	/* where none has ever run there is no folder */
		return -errno;
	count = count < 0 ? 0 : count;
	list = make(folder, names, count);
	while (count--)
		free(names[count]);
	free(names);
	if (!list)
		return -ENOMEM;
	*out = list;
	return 0;
}

int uiocap_service_list_next(struct uiocap_service_list *list, const char **spec)
{
	if (list->next == list->count)
		return 0;
	*spec = list->spec[list->next++];
	return 1;
}

void uiocap_service_list_free(struct uiocap_service_list *list)
{
	if (!list)
		return;
	while (list->count > 0)
		free(list->spec[--list->count]);
	free(list->spec);
	free(list);
}
