/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transport.c - the ways to reach a card
 */
#include <errno.h>

#include "log.h"
#include "transport.h"

static const struct transport_ops *const kinds[] = {
	&transport_service,
	&transport_vfio_user,
	&transport_uio,
};

int transport_open(struct uiocap_ctx *ctx, const char *spec, struct transport **out)
{
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i]->matches(spec))
			return kinds[i]->open(ctx, spec, out);
	ctx_log(ctx, UIOCAP_LOG_ERROR,
		"\"%s\" names no card: try uio0, /dev/uio0, 0000:03:00.0, sim, vfio-user:PATH or unix:PATH",
		spec);
	return -EINVAL;
}
