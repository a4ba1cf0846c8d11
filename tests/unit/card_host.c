/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "card_host.h"

#include <check.h>
#include <endian.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t host_now;

static uint64_t fake_clock(void)
{
	return host_now;
}

static struct card_host *to_host(struct device_bus *bus)
{
	return (struct card_host *)bus;
}

static void *bus_memory(struct device_bus *bus, uint64_t addr, size_t len, bool write)
{
	uint64_t off = addr - HOST_BUS;

	(void)write;
	if (addr < HOST_BUS || off > HOST_MEMORY || len > HOST_MEMORY - off)
		return NULL;
	return to_host(bus)->memory + off;
}

static bool bus_irq_enabled(struct device_bus *bus, enum device_irq kind, unsigned int vector)
{
	struct card_host *h = to_host(bus);

	if (kind == DEVICE_IRQ_MSIX && !(h->unmasked >> vector & 1))
		return false;
	if (kind == DEVICE_IRQ_INTX && h->one_intx && h->raised[kind][0])
		return false;
	return h->listens[kind];
}

static void bus_raise(struct device_bus *bus, enum device_irq kind, unsigned int vector)
{
	to_host(bus)->raised[kind][vector]++;
}

static void keep_log(void *data, const char *message)
{
	struct card_host *h = data;

	snprintf(h->log, sizeof(h->log), "%s", message);
}

struct sim_config host_config(unsigned int channels)
{
	struct sim_config config = {
		.choice = { .serial = 0x1122334455667788, .intx = true, .msi = true, .msix = true },
		.channels = channels,
	};

	for (unsigned int ch = 0; ch < channels; ch++)
		config.channel[ch].kind = (struct channel_kind) {
			.kind = REFCARD_KIND_VIDEO,
			.width = 64,
			.height = 48,
			.period_ns = NS_PER_MS,
		};
	return config;
}

void host_open(struct card_host *h, const struct sim_config *config)
{
	uint16_t command = htole16(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	struct sim_config own = *config;

	*h = (struct card_host) {
		.bus = { .memory = bus_memory, .irq_enabled = bus_irq_enabled, .raise = bus_raise },
		.unmasked = UINT32_MAX,
	};
	own.clock = fake_clock;
	own.log = keep_log;
	own.log_data = h;
	host_now = 1000 * (uint64_t)NS_PER_S;
	h->memory = calloc(1, HOST_MEMORY);
	ck_assert_ptr_nonnull(h->memory);
	ck_assert_int_eq(sim_card_new(&own, &h->card), 0);
	h->dev = sim_card_device(h->card);
	h->dev->bus = &h->bus;
	h->dev->reset(h->dev);
	h->dev->write(h->dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, sizeof(command));
	h->listens[DEVICE_IRQ_MSIX] = true;
}

void host_close(struct card_host *h)
{
	sim_card_free(h->card);
	free(h->memory);
}

uint32_t host_read(struct card_host *h, uint32_t reg)
{
	uint32_t value;

	h->dev->read(h->dev, REFCARD_BAR, reg, &value, sizeof(value));
	return le32toh(value);
}

void host_write(struct card_host *h, uint32_t reg, uint32_t value)
{
	value = htole32(value);
	h->dev->write(h->dev, REFCARD_BAR, reg, &value, sizeof(value));
}

uint32_t host_ch_read(struct card_host *h, unsigned int ch, uint32_t reg)
{
	return host_read(h, REFCARD_CHANNEL(ch) + reg);
}

void host_ch_write(struct card_host *h, unsigned int ch, uint32_t reg, uint32_t value)
{
	host_write(h, REFCARD_CHANNEL(ch) + reg, value);
}

void host_work(struct card_host *h, uint64_t ns)
{
	uint64_t end = host_now + ns;

	for (;;) {
		uint64_t due = h->dev->work(h->dev, host_now);

		if (due <= host_now)
			continue;
		if (due > end)
			break;
		host_now = due;
	}
	host_now = end;
}

void host_start(struct host_channel *hc, struct card_host *h, unsigned int ch, unsigned int order,
		uint32_t ctrl)
{
	uint64_t bus = HOST_BUS + (uint64_t)ch * HOST_AREA;
	uint8_t *area = h->memory + (size_t)ch * HOST_AREA;

	*hc = (struct host_channel) { .h = h, .ch = ch, .order = order, .data = area + HOST_DATA };
	memset(area + HOST_DONE, 0, sizeof(struct refcard_done) << order);
	host_ch_write(h, ch, REFCARD_CH_RING_LO, (uint32_t)(bus + HOST_RING));
	host_ch_write(h, ch, REFCARD_CH_RING_HI, bus >> 32);
	host_ch_write(h, ch, REFCARD_CH_DONE_LO, (uint32_t)(bus + HOST_DONE));
	host_ch_write(h, ch, REFCARD_CH_DONE_HI, bus >> 32);
	host_ch_write(h, ch, REFCARD_CH_RING_ORDER, order);
	host_ch_write(h, ch, REFCARD_CH_CTRL, 0);
	host_ch_write(h, ch, REFCARD_CH_CTRL, ctrl | REFCARD_CH_ENABLE);
}

void host_post(struct host_channel *hc, unsigned int n, uint32_t len, unsigned int places)
{
	uint64_t data = HOST_BUS + (uint64_t)hc->ch * HOST_AREA + HOST_DATA;
	struct refcard_desc *ring = (struct refcard_desc *)(hc->data - HOST_DATA + HOST_RING);

	for (; n; n--, hc->posted++) {
		struct refcard_desc *desc = &ring[hc->posted & ((1u << hc->order) - 1)];

		desc->addr = htole64(data + (uint64_t)(hc->posted % places) * len);
		desc->len = htole32(len);
		desc->reserved = 0;
	}
}

void host_ring(struct host_channel *hc)
{
	host_ch_write(hc->h, hc->ch, REFCARD_CH_DOORBELL, hc->posted);
}

bool host_take(struct host_channel *hc, struct refcard_done *done)
{
	struct refcard_done *ring = (struct refcard_done *)(hc->data - HOST_DATA + HOST_DONE);
	struct refcard_done *at = &ring[hc->taken & ((1u << hc->order) - 1)];
	bool pass = !(hc->taken >> hc->order & 1);

	done->frame = le32toh(at->frame);
	done->where = le32toh(at->where);
	done->time = le32toh(at->time);
	done->status = le32toh(at->status);
	if (!(done->status & REFCARD_DONE_PHASE) == pass)
		return false;
	hc->taken++;
	return true;
}
