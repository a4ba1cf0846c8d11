/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_transport.c - a way to a card that does not exist
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_transport.h"

static struct fake_transport *to_fake(const struct transport *t)
{
	return (struct fake_transport *)t;
}

static void fake_close(struct transport *t)
{
	free(t->dma);
	free(t->segment);
	free(t);
}

static size_t fake_bar_size(const struct transport *t, unsigned int bar)
{
	(void)t;
	return bar == 0 ? FAKE_BAR_BYTES : 0;
}

static int fake_read32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value)
{
	struct fake_transport *f = to_fake(t);

	ck_assert_uint_eq(bar, 0);
	ck_assert_uint_lt(offset, FAKE_BAR_BYTES);
	f->reads++;
	*value = f->state == -ENODEV ? UINT32_MAX : f->reg[offset / 4];
	return f->state == -ENODEV ? -ENODEV : 0;
}

static int fake_write32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	struct fake_transport *f = to_fake(t);

	ck_assert_uint_eq(bar, 0);
	ck_assert_uint_lt(offset, FAKE_BAR_BYTES);
	f->writes++;
	if (f->state == -ENODEV)
		return -ENODEV;
	f->reg[offset / 4] = value;
	if (f->on_write)
		f->on_write(f->data, offset, value);
	return 0;
}

static int fake_check(const struct transport *t)
{
	return to_fake(t)->state;
}

static void fake_accept(struct transport *t)
{
	if (to_fake(t)->reset)
		to_fake(t)->state = 0;
}

static int fake_wait(struct transport *t, int64_t timeout_ns)
{
	struct fake_transport *f = to_fake(t);

	f->waits++;
	if (timeout_ns < 0 || timeout_ns > f->longest_wait_ns)
		f->longest_wait_ns = timeout_ns < 0 ? INT64_MAX : timeout_ns;
	return f->on_wait ? f->on_wait(f->data, timeout_ns) : 0;
}

static void fake_irq(const struct transport *t, unsigned int vector, struct uiocap_irq *out)
{
	(void)t;
	*out = (struct uiocap_irq){ .count = vector + 1 };
}

static const struct transport_ops fake_ops = {
	.name = "fake",
	.close = fake_close,
	.bar_size = fake_bar_size,
	.read32 = fake_read32,
	.write32 = fake_write32,
	.check = fake_check,
	.accept = fake_accept,
	.wait = fake_wait,
	.irq = fake_irq,
};

struct fake_transport *fake_transport_new(struct uiocap_ctx *ctx, unsigned int stretches,
					  size_t stretch_bytes)
{
	struct fake_transport *f = calloc(1, sizeof(*f));

	ck_assert_ptr_nonnull(f);
	f->segment = calloc(stretches, sizeof(*f->segment));
	f->t = (struct transport){
		.ops = &fake_ops, .ctx = ctx, .spec = "fake", .vendor = 0x1234, .device = 0x0cab,
		.irq_kind = UIOCAP_IRQ_MSIX, .vectors = 16, .segment = f->segment,
		.segments = stretches, .dma_len = stretches * stretch_bytes, .fd = -1,
	};
	f->t.dma = aligned_alloc(4096, f->t.dma_len);
	memset(f->t.dma, 0xee, f->t.dma_len);
	for (unsigned int i = 0; i < stretches; i++)
		f->segment[i] = (struct uiocap_segment){
			.data = f->t.dma + i * stretch_bytes,
			.bus = FAKE_BUS + 3 * i * stretch_bytes,
			.len = stretch_bytes,
		};
	return f;
}

void *fake_memory(struct fake_transport *f, uint64_t bus, size_t len)
{
	for (unsigned int i = 0; i < f->t.segments; i++) {
		const struct uiocap_segment *s = &f->segment[i];

		if (bus >= s->bus && bus + len <= s->bus + s->len)
			return (uint8_t *)s->data + (bus - s->bus);
	}
	ck_abort_msg("%zu bytes at bus address %#jx: no memory there", len, (uintmax_t)bus);
	return NULL;
}
