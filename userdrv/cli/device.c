// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * device.c - the card that a verb works on
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "device.h"
#include "talk.h"
#include "uiocap/service.h"

int context_new(struct uiocap_ctx **out)
{
	int err = uiocap_ctx_new(out);

	if (err)
		return say_failed("begin", err);
	talk_attach(*out);
	return EXIT_OK;
}

static void say_choice(struct uiocap_ctx *ctx)
{
	const struct uiocap_device *d;
	struct uiocap_list *list;

	if (uiocap_list_new(ctx, &list))
		return;
	while (uiocap_list_next(list, &d) == 1)
		say("  %-8s %s  %04x:%04x %s%s", d->spec, d->slot, d->vendor, d->device, d->model,
		    !d->bound ? "  (not bound)" : d->busy ? "  (in use)" : "");
	uiocap_list_free(list);
}

static int no_choice(struct uiocap_ctx *ctx, unsigned int seen, unsigned int bound)
{
	if (!seen) {
		say("there is no card in this machine; `--device sim` simulates one");
		return EXIT_NO_DEVICE;
	}
	if (bound)
		say("there are %u cards; choose one with --device:", bound);
	else
		say("no card is bound to uio_stub yet; `uiocap bind SLOT` as root binds one of:");
	say_choice(ctx);
	return bound ? EXIT_USAGE : EXIT_NO_DEVICE;
}

/* What can be opened of a card: where a service has it, that service. */
static char *way_to(struct uiocap_ctx *ctx, const struct uiocap_device *d)
{
	struct uiocap_service_list *list;
	const char *spec, *name;
	char *found = NULL;

	if (!d->busy || uiocap_service_list_new(ctx, &list))
		return strdup(d->spec);
	while (!found && uiocap_service_list_next(list, &spec) == 1) {
		name = strstr(spec, "/pci-");
		if (name && !strcmp(name + strlen("/pci-"), d->slot))
			found = strdup(spec);
	}
	uiocap_service_list_free(list);
	return found ? found : strdup(d->spec);
}

/* The only card that is bound to the stub; else tells what there is to choose from. */
static int only_card(struct uiocap_ctx *ctx, char **spec)
{
	const struct uiocap_device *d, *found = NULL;
	unsigned int seen = 0, bound = 0;
	struct uiocap_list *list;
	int err = uiocap_list_new(ctx, &list);

	if (err)
		return say_failed("look for cards", err);
	for (; uiocap_list_next(list, &d) == 1; seen++) {
		bound += d->bound;
		if (d->bound)
			found = d;
	}
	if (bound == 1)
		*spec = way_to(ctx, found);
	uiocap_list_free(list);
	if (bound != 1)
		return no_choice(ctx, seen, bound);
	return *spec ? EXIT_OK : say_failed("choose a card", -ENOMEM);
}

static int open_card(const char *spec, const char *model, struct device *out)
{
	char what[160];
	int err = uiocap_card_open(out->ctx, spec, model, &out->card);

	snprintf(what, sizeof(what), "open %s", spec);
	if (err)
		return say_failed(what, err);
	uiocap_card_get_info(out->card, &out->info);
	return EXIT_OK;
}

int device_open(const char *spec, const char *model, struct device *out)
{
	char *found = NULL;
	int code = context_new(&out->ctx);

	if (code)
		return code;
	if (!spec)
		code = only_card(out->ctx, &found);
	if (!code)
		code = open_card(spec ? spec : found, model, out);
	free(found);
	if (code)
		uiocap_ctx_free(out->ctx);
	return code;
}

int device_open_own(const char *spec, const char *model, struct device *out)
{
	int code = device_open(spec, model, out);

	if (code || strcmp(out->info.transport, "service"))
		return code;
	say("%s is a service, which shares the card's frames and keeps its registers and interrupts to "
	    "itself", out->info.spec);
	device_close(out);
	return EXIT_FAILED;
}

void device_close(struct device *device)
{
	uiocap_card_close(device->card);
	uiocap_ctx_free(device->ctx);
}

bool channel_enable(struct uiocap_channel *channel)
{
	return uiocap_channel_enable(channel, true) != -ENODATA;
}
