/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfio_card.h - the fake device (fake_device.h), as the library's transport vfio-user reaches it
 */
#ifndef TESTS_VFIO_CARD_H
#define TESTS_VFIO_CARD_H

#include <check.h>
#include <stdio.h>

#include "fake_device.h"
#include "log_check.h"
#include "userdrv/lib/transport.h"

static struct uiocap_ctx *ctx;
static struct transport *t;

static inline int vfio_try_open(const char *format, const char *arg)
{
	char spec[300];

	snprintf(spec, sizeof(spec), format, arg);
	ck_assert(transport_vfio_user.matches(spec));
	return transport_vfio_user.open(ctx, spec, &t);
}

static inline void vfio_write32(uint32_t offset, uint32_t value)
{
	ck_assert_int_eq(t->ops->write32(t, 0, offset, value), 0);
}

static inline uint32_t vfio_read32(uint32_t offset)
{
	uint32_t value;

	ck_assert_int_eq(t->ops->read32(t, 0, offset, &value), 0);
	return value;
}

static inline bool vfio_device_copies(uint64_t from, uint64_t to, uint32_t len)
{
	vfio_write32(FAKE_COPY_FROM, from);
	vfio_write32(FAKE_COPY_FROM + 4, from >> 32);
	vfio_write32(FAKE_COPY_TO, to);
	vfio_write32(FAKE_COPY_TO + 4, to >> 32);
	vfio_write32(FAKE_COPY_LEN, len);
	vfio_write32(FAKE_COPY, 0);
	return vfio_read32(FAKE_COPY);
}

#endif
