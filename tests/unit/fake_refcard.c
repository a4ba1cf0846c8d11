/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_refcard.c - a reference card that does what the test says
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake_refcard.h"

static uint32_t *reg(const struct fake_refcard *c, unsigned int ch, uint32_t offset)
{
	return &c->f->reg[(REFCARD_CHANNEL(ch) + offset) / 4];
}

static uint64_t reg64(const struct fake_refcard *c, unsigned int ch, uint32_t offset)
{
	return (uint64_t)*reg(c, ch, offset + 4) << 32 | *reg(c, ch, offset);
}

uint32_t fake_ring_entries(const struct fake_refcard *c, unsigned int ch)
{
	return 1u << *reg(c, ch, REFCARD_CH_RING_ORDER);
}

static void doorbell(struct fake_refcard *c, unsigned int ch, uint32_t value)
{
	struct fake_channel *k = &c->ch[ch];
	uint32_t more = value - (uint32_t)k->doorbell;

	if (!(*reg(c, ch, REFCARD_CH_STATUS) & REFCARD_CH_RUNNING))
		return;
	ck_assert_uint_gt(more, 0);
	k->doorbell += more;
	k->doorbells++;
	ck_assert_uint_le(k->doorbell - k->desc, fake_ring_entries(c, ch));
}

static void enable(struct fake_refcard *c, unsigned int ch, bool on)
{
	*reg(c, ch, REFCARD_CH_STATUS) = on ? REFCARD_CH_RUNNING : 0;
	if (on) {
		c->ch[ch] = (struct fake_channel){ 0 };
		*reg(c, ch, REFCARD_CH_PRODUCED_LO) = 0;
		*reg(c, ch, REFCARD_CH_DROPPED_LO) = 0;
	}
}

static void on_write(void *data, uint32_t offset, uint32_t value)
{
	struct fake_refcard *c = data;
	unsigned int ch = (offset - REFCARD_CHANNEL(0)) / 0x100;

	if (offset < REFCARD_CHANNEL(0) || ch >= c->channels)
		return;
	if (offset - REFCARD_CHANNEL(ch) == REFCARD_CH_DOORBELL)
		doorbell(c, ch, value);
	if (offset - REFCARD_CHANNEL(ch) == REFCARD_CH_CTRL)
		enable(c, ch, value & REFCARD_CH_ENABLE);
}

struct fake_refcard *fake_refcard_new(struct fake_transport *f, unsigned int channels,
				      uint32_t width, uint32_t height)
{
	struct fake_refcard *c = calloc(1, sizeof(*c));

	ck_assert_ptr_nonnull(c);
	c->f = f;
	c->channels = channels;
	f->on_write = on_write;
	f->data = c;
	f->reg[REFCARD_ID / 4] = REFCARD_ID_VALUE;
	f->reg[REFCARD_VERSION / 4] = REFCARD_VERSION_1_0;
	f->reg[REFCARD_CAPS / 4] = channels;
	f->reg[REFCARD_SERIAL_LO / 4] = 4711;
	for (unsigned int ch = 0; ch < channels; ch++) {
		*reg(c, ch, REFCARD_CH_KIND) = REFCARD_KIND_VIDEO;
		*reg(c, ch, REFCARD_CH_WIDTH) = width;
		*reg(c, ch, REFCARD_CH_HEIGHT) = height;
		*reg(c, ch, REFCARD_CH_PERIOD) = 7000000;
		*reg(c, ch, REFCARD_CH_CHUNK_LINES) = 16;
	}
	return c;
}

void fake_pass(struct fake_refcard *c, uint64_t ticks)
{
	c->time += ticks;
	c->f->reg[REFCARD_TIME_LO / 4] = (uint32_t)c->time;
	c->f->reg[REFCARD_TIME_HI / 4] = c->time >> 32;
}

void fake_reset(struct fake_refcard *c, bool over)
{
	for (unsigned int ch = 0; ch < c->channels; ch++) {
		c->ch[ch] = (struct fake_channel){ 0 };
		*reg(c, ch, REFCARD_CH_CTRL) = 0;
		*reg(c, ch, REFCARD_CH_STATUS) = 0;
		*reg(c, ch, REFCARD_CH_RING_LO) = 0;
		*reg(c, ch, REFCARD_CH_DONE_LO) = 0;
		*reg(c, ch, REFCARD_CH_PRODUCED_LO) = 0;
		*reg(c, ch, REFCARD_CH_DROPPED_LO) = 0;
	}
	c->f->reg[REFCARD_IRQ_MASK / 4] = 0;
	c->f->state = -ESTALE;
	c->f->reset = over;
}

void fake_stream(struct fake_refcard *c, unsigned int ch)
{
	*reg(c, ch, REFCARD_CH_KIND) = REFCARD_KIND_STREAM;
}

uint32_t fake_chunks(const struct fake_refcard *c, unsigned int ch)
{
	uint32_t lines = *reg(c, ch, REFCARD_CH_CHUNK_LINES);

	if (*reg(c, ch, REFCARD_CH_KIND) == REFCARD_KIND_STREAM)
		return 1;
	return (*reg(c, ch, REFCARD_CH_HEIGHT) + lines - 1) / lines;
}

uint32_t fake_chunk_len(const struct fake_refcard *c, unsigned int ch, uint32_t chunk)
{
	uint32_t lines = *reg(c, ch, REFCARD_CH_CHUNK_LINES);
	uint32_t left = *reg(c, ch, REFCARD_CH_HEIGHT) - chunk * lines;

	if (*reg(c, ch, REFCARD_CH_KIND) == REFCARD_KIND_STREAM)
		return REFCARD_MAX_CHUNK_BYTES;
	return (left < lines ? left : lines) * *reg(c, ch, REFCARD_CH_WIDTH);
}

uint8_t fake_byte(unsigned int ch, uint64_t frame, uint32_t chunk)
{
	return 101 * ch + 7 * frame + 31 * chunk + 1;
}

uint64_t fake_room(const struct fake_refcard *c, unsigned int ch)
{
	return c->ch[ch].doorbell - c->ch[ch].desc;
}

uint32_t fake_status(const struct fake_refcard *c, unsigned int ch, uint32_t chunk)
{
	return fake_chunk_len(c, ch, chunk) | REFCARD_DONE_CHANNEL(ch) |
	       (chunk == 0 ? REFCARD_DONE_SOF : 0) |
	       (chunk == fake_chunks(c, ch) - 1 ? REFCARD_DONE_EOF : 0);
}

void fake_done(struct fake_refcard *c, unsigned int ch, uint32_t frame, uint32_t chunk,
	       uint64_t desc, uint32_t status)
{
	uint32_t entries = fake_ring_entries(c, ch);
	uint64_t n = c->ch[ch].done++;
	uint64_t bus = reg64(c, ch, REFCARD_CH_DONE_LO) + n % entries * sizeof(struct refcard_done);
	struct refcard_done *d = fake_memory(c->f, bus, sizeof(*d));

	d->frame = frame;
	d->where = chunk << 16 | (uint16_t)desc;
	d->time = (uint32_t)c->time;
	d->status = status ^ (n / entries % 2 == 0 ? REFCARD_DONE_PHASE : 0);
}

uint64_t fake_payload(struct fake_refcard *c, unsigned int ch, uint32_t chunk)
{
	struct fake_channel *k = &c->ch[ch];
	uint64_t n = k->desc++;
	uint64_t bus = reg64(c, ch, REFCARD_CH_RING_LO) +
		       n % fake_ring_entries(c, ch) * sizeof(struct refcard_desc);
	const struct refcard_desc *d = fake_memory(c->f, bus, sizeof(*d));
	uint32_t len = fake_chunk_len(c, ch, chunk);

	/* Not ck_assert: each of these costs a system call, and tests have millions of chunks. */
	if (n >= k->doorbell || d->len != len || d->reserved != 0)
		ck_abort_msg("descriptor %ju of %ju has %u bytes instead of %u", (uintmax_t)n,
			     (uintmax_t)k->doorbell, d->len, len);
	memset(fake_memory(c->f, d->addr, len), fake_byte(ch, k->frame, chunk), len);
	fake_pass(c, 1000);
	return n;
}

void fake_chunk(struct fake_refcard *c, unsigned int ch, uint32_t chunk)
{
	uint64_t desc = fake_payload(c, ch, chunk);

	fake_done(c, ch, c->ch[ch].frame, chunk, desc, fake_status(c, ch, chunk));
}

void fake_end_frame(struct fake_refcard *c, unsigned int ch)
{
	c->ch[ch].frame++;
	*reg(c, ch, REFCARD_CH_PRODUCED_LO) = ++c->ch[ch].produced;
}

bool fake_frame(struct fake_refcard *c, unsigned int ch)
{
	bool dropped = fake_room(c, ch) < fake_chunks(c, ch);

	for (uint32_t i = 0; !dropped && i < fake_chunks(c, ch); i++)
		fake_chunk(c, ch, i);
	fake_end_frame(c, ch);
	*reg(c, ch, REFCARD_CH_DROPPED_LO) += dropped;
	return !dropped;
}
