/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "paper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_BUS	0x40000000u
#define NS_PER_S	1000000000u
#define NS_PER_LOOK	1000	/* so that who waits in a loop comes to an end */

int __real_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_nanosleep(const struct timespec *pause, struct timespec *left);

static uint8_t memory[PAPER_MEMORY] __attribute__((aligned(4096)));
static uint64_t now = NS_PER_S;

void paper_check(bool ok)
{
	if (!ok)
		abort();
}

void paper_pass(uint64_t ns)
{
	now += ns;
}

int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	if (id != CLOCK_MONOTONIC)
		return __real_clock_gettime(id, ts);
	paper_pass(NS_PER_LOOK);
	ts->tv_sec = now / NS_PER_S;
	ts->tv_nsec = now % NS_PER_S;
	return 0;
}

int __wrap_nanosleep(const struct timespec *pause, struct timespec *left)
{
	(void)left;
	paper_pass((uint64_t)pause->tv_sec * NS_PER_S + pause->tv_nsec);
	return 0;
}

/* ---- the transport ------------------------------------------------------------------------ */

static struct paper *to_paper(const struct transport *t)
{
	return (struct paper *)((char *)t - offsetof(struct paper, t));
}

static size_t bar_size(const struct transport *t, unsigned int bar)
{
	(void)t;
	return bar == REFCARD_BAR ? PAPER_BAR_BYTES : 0;
}

static int read32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value)
{
	paper_check(bar == REFCARD_BAR && offset < PAPER_BAR_BYTES && offset % 4 == 0);
	*value = to_paper(t)->reg[offset / 4];
	return 0;
}

static void doorbell(struct paper *p, unsigned int ch, uint32_t value)
{
	uint32_t more = value - (uint32_t)p->doorbell[ch];

	paper_check(more > 0 && more <= 1u << *paper_reg(p, ch, REFCARD_CH_RING_ORDER));
	p->doorbell[ch] += more;
	for (uint64_t n = p->doorbell[ch] - more; n < p->doorbell[ch]; n++)
		paper_desc(p, ch, n);
}

static int write32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	struct paper *p = to_paper(t);
	unsigned int ch = (offset - REFCARD_CHANNEL(0)) / 0x100;

	paper_check(bar == REFCARD_BAR && offset < PAPER_BAR_BYTES && offset % 4 == 0);
	if (offset < REFCARD_CHANNEL(0) || ch >= REFCARD_MAX_CHANNELS)
		return 0;
	if (offset == REFCARD_CHANNEL(ch) + REFCARD_CH_DOORBELL)
		doorbell(p, ch, value);
	else if (offset != REFCARD_CHANNEL(ch) + REFCARD_CH_CTRL)
		p->reg[offset / 4] = value;
	else if (value & REFCARD_CH_ENABLE)
		p->doorbell[ch] = 0;
	return 0;
}

static int check_state(const struct transport *t)
{
	(void)t;
	return 0;
}

static void accept_reset(struct transport *t)
{
	(void)t;
}

static int wait_irq(struct transport *t, int64_t timeout_ns)
{
	(void)t;
	paper_pass(timeout_ns > 0 ? timeout_ns : 0);
	return 0;
}

static void irq(const struct transport *t, unsigned int vector, struct uiocap_irq *out)
{
	(void)t;
	*out = (struct uiocap_irq){ .count = vector };
}

/* What there is belongs to the fuzzer. */
static void close_paper(struct transport *t)
{
	(void)t;
}

static const struct transport_ops paper_ops = {
	.name = "paper",
	.close = close_paper,
	.bar_size = bar_size,
	.read32 = read32,
	.write32 = write32,
	.check = check_state,
	.accept = accept_reset,
	.wait = wait_irq,
	.irq = irq,
};

/* ---- the card ------------------------------------------------------------------------------ */

uint32_t *paper_reg(struct paper *p, unsigned int ch, uint32_t offset)
{
	return &p->reg[(REFCARD_CHANNEL(ch) + offset) / 4];
}

uint64_t paper_reg64(struct paper *p, unsigned int ch, uint32_t offset)
{
	return (uint64_t)*paper_reg(p, ch, offset + 4) << 32 | *paper_reg(p, ch, offset);
}

void *paper_memory(const struct paper *p, uint64_t bus, size_t len)
{
	for (unsigned int i = 0; i < PAPER_SEGMENTS; i++) {
		const struct uiocap_segment *s = &p->segment[i];

		if (bus >= s->bus && len <= s->len && bus - s->bus <= s->len - len)
			return (uint8_t *)s->data + (bus - s->bus);
	}
	abort();
}

const struct refcard_desc *paper_desc(struct paper *p, unsigned int ch, uint64_t n)
{
	uint64_t place = n & ((1u << *paper_reg(p, ch, REFCARD_CH_RING_ORDER)) - 1);
	const struct refcard_desc *d = paper_memory(p, paper_reg64(p, ch, REFCARD_CH_RING_LO) +
						       place * sizeof(*d), sizeof(*d));

	paper_check(d->len > 0 && d->reserved == 0);
	paper_memory(p, d->addr, d->len);
	return d;
}

static void set_registers(struct paper *p)
{
	p->reg[REFCARD_ID / 4] = REFCARD_ID_VALUE;
	p->reg[REFCARD_VERSION / 4] = REFCARD_VERSION_1_0;
	p->reg[REFCARD_CAPS / 4] = PAPER_CHANNELS;
	*paper_reg(p, 0, REFCARD_CH_KIND) = REFCARD_KIND_VIDEO;
	*paper_reg(p, 0, REFCARD_CH_WIDTH) = 64;
	*paper_reg(p, 0, REFCARD_CH_HEIGHT) = 56;
	*paper_reg(p, 0, REFCARD_CH_CHUNK_LINES) = 16;
	*paper_reg(p, 1, REFCARD_CH_KIND) = REFCARD_KIND_STREAM;
}

struct paper *paper_new(void)
{
	struct paper *p = calloc(1, sizeof(*p));

	paper_check(p && !uiocap_ctx_new(&p->ctx));
	p->t = (struct transport){
		.ops = &paper_ops, .ctx = p->ctx, .spec = "paper", .fd = -1,
		.vendor = REFCARD_VENDOR_ID, .device = REFCARD_DEVICE_ID,
		.irq_kind = UIOCAP_IRQ_MSIX, .vectors = REFCARD_VECTORS,
		.dma = memory, .dma_len = PAPER_MEMORY,
		.segment = p->segment, .segments = PAPER_SEGMENTS,
	};
	memset(memory, PAPER_BLANK, PAPER_MEMORY);
	for (unsigned int i = 0; i < PAPER_SEGMENTS; i++)
		p->segment[i] = (struct uiocap_segment){
			.data = memory + i * PAPER_SEGMENT,
			.bus = FIRST_BUS + UINT64_C(3) * i * PAPER_SEGMENT,
			.len = PAPER_SEGMENT,
		};
	set_registers(p);
	return p;
}

int paper_open(struct paper *p, struct uiocap_card **out)
{
	return card_new(p->ctx, &p->t, NULL, out);
}

void paper_free(struct paper *p)
{
	uiocap_ctx_free(p->ctx);
	free(p);
}
