// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verb-bind.c - uiocap bind, unbind: which kernel driver has a card
 */
#include <errno.h>
#include <getopt.h>

#include "cli.h"
#include "device.h"
#include "talk.h"

static const struct option_spec options[] = { { 0 } };

static int each_slot(const struct verb *verb, int argc, char **argv,
		     int (*change)(struct uiocap_ctx *ctx, const char *slot))
{
	int code = options_parse(verb, argc, argv, NULL, NULL);
	struct uiocap_ctx *ctx;

	if (code != OPTIONS_DONE)
		return code;
	if (optind == argc)
		return usage_error(verb, "the PCI address of a card is missing; `uiocap list` "
				   "shows those that there are");
	code = context_new(&ctx);
	if (code)
		return code;
	for (int i = optind; i < argc && !code; i++) {
		int err = change(ctx, argv[i]);

		if (err)
			code = say_failed(verb->name, err);
		if (err == -ENOENT)	/* the module is missing, not the card */
			code = EXIT_FAILED;
	}
	uiocap_ctx_free(ctx);
	return code;
}

static int run_bind(int argc, char **argv)
{
	return each_slot(&verb_bind, argc, argv, uiocap_bind);
}

static int run_unbind(int argc, char **argv)
{
	return each_slot(&verb_unbind, argc, argv, uiocap_unbind);
}

const struct verb verb_bind = {
	.name = "bind",
	.operands = "SLOT…",
	.summary = "Give cards to the kernel stub",
	.options = options,
	.run = run_bind,
};

const struct verb verb_unbind = {
	.name = "unbind",
	.operands = "SLOT…",
	.summary = "Take cards from the kernel stub",
	.options = options,
	.run = run_unbind,
};
