/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_card_regs.c - the simulated card's registers (refcard §2, §3, §4, §8), good use and bad
 */
#include <endian.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>

#include "card_host.h"
#include "sim/source.h"
#include "suite.h"

static struct card_host h;

static void open_card(unsigned int channels)
{
	struct sim_config config = host_config(channels);

	host_open(&h, &config);
}

START_TEST(identity)
{
	open_card(3);
	ck_assert_uint_eq(host_read(&h, REFCARD_ID), 0x50414355);
	ck_assert_uint_eq(host_read(&h, REFCARD_VERSION), REFCARD_VERSION_1_0);
	ck_assert_uint_eq(host_read(&h, REFCARD_CAPS), 3 | REFCARD_CAPS_FAULTS);
	ck_assert_uint_eq(host_read(&h, REFCARD_SERIAL_LO), 0x55667788);
	ck_assert_uint_eq(host_read(&h, REFCARD_SERIAL_HI), 0x11223344);
	host_write(&h, REFCARD_ID, 0);
	ck_assert_uint_eq(host_read(&h, REFCARD_ID), 0x50414355);
	ck_assert_ptr_nonnull(strstr(h.log, "read-only"));
	host_close(&h);
}
END_TEST

/* The upper half belongs to the lower one that was read, even if time goes on in between. */
START_TEST(time_is_latched)
{
	open_card(1);
	host_now = (UINT64_C(0x1ffffffff) + 3) * REFCARD_TICK_NS - 3 * REFCARD_TICK_NS;
	ck_assert_uint_eq(host_read(&h, REFCARD_TIME_LO), 0xffffffff);
	host_now += 10 * REFCARD_TICK_NS;
	ck_assert_uint_eq(host_read(&h, REFCARD_TIME_HI), 1);
	ck_assert_uint_eq(host_read(&h, REFCARD_TIME_LO), 9);
	ck_assert_uint_eq(host_read(&h, REFCARD_TIME_HI), 2);
	host_close(&h);
}
END_TEST

static void check_reset_values(unsigned int ch)
{
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_CTRL), 0);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_KIND), REFCARD_KIND_VIDEO);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_WIDTH), 64);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_HEIGHT), 48);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_PERIOD), NS_PER_MS);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_CHUNK_LINES), 16);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_RING_LO), 0);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_RING_HI), 0);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_DONE_LO), 0);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_DONE_HI), 0);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_RING_ORDER), 0);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_IRQ), 1);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_IDLE), 1000);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_PRODUCED_LO), 0);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_DROPPED_LO), 0);
	ck_assert_uint_eq(host_ch_read(&h, ch, REFCARD_CH_STATUS), 0);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 0);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_MASK), 0);
	ck_assert_uint_eq(host_read(&h, REFCARD_FAULT_COUNT), 0);
}

/* Writes something else into all that can be written, and lets channel 1 run. */
static void spoil(void)
{
	struct host_channel hc;

	host_write(&h, REFCARD_IRQ_MASK, 3);
	h.unmasked = 0;
	host_start(&hc, &h, 1, 4, 0);
	host_ch_write(&h, 1, REFCARD_CH_IRQ, 0xffffffff);
	host_ch_write(&h, 1, REFCARD_CH_IDLE, 5);
	host_ch_write(&h, 1, REFCARD_CH_CHUNK_LINES, 2);
	host_post(&hc, 6, 1024, 6);
	host_ring(&hc);
	host_work(&h, 5 * NS_PER_MS);
	ck_assert_uint_ne(host_ch_read(&h, 1, REFCARD_CH_PRODUCED_LO), 0);
	ck_assert_uint_ne(host_ch_read(&h, 1, REFCARD_CH_DROPPED_LO), 0);
	ck_assert_uint_eq(host_ch_read(&h, 1, REFCARD_CH_STATUS), REFCARD_CH_RUNNING);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 2);
	host_write(&h, REFCARD_FAULT_KIND, REFCARD_FAULT_SHORT);
	host_write(&h, REFCARD_FAULT_COUNT, 9);
}

START_TEST(reset)
{
	uint16_t command;

	open_card(2);
	check_reset_values(1);
	spoil();
	host_write(&h, REFCARD_CTRL, REFCARD_CTRL_RESET);
	check_reset_values(1);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, sizeof(command));
	ck_assert_uint_eq(le16toh(command), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	host_work(&h, 5 * NS_PER_MS);
	check_reset_values(1);
	host_close(&h);
}
END_TEST

/* The offset of a capability, by walking the list as a host does. */
static unsigned int find_capability(uint8_t id)
{
	uint8_t at[2], next;

	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_CAPABILITY_LIST, &next, 1);
	while (next) {
		h.dev->read(h.dev, DEVICE_REGION_CONFIG, next, at, 2);
		if (at[0] == id)
			return next;
		next = at[1];
	}
	return 0;
}

START_TEST(function_level_reset)
{
	uint16_t control, command;
	unsigned int exp;

	open_card(2);
	spoil();
	exp = find_capability(PCI_CAP_ID_EXP);
	ck_assert_uint_ne(exp, 0);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, exp + PCI_EXP_DEVCTL, &control, 2);
	control |= htole16(PCI_EXP_DEVCTL_BCR_FLR);
	h.dev->write(h.dev, DEVICE_REGION_CONFIG, exp + PCI_EXP_DEVCTL, &control, 2);
	check_reset_values(1);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, sizeof(command));
	ck_assert_uint_eq(command, 0);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, exp + PCI_EXP_DEVCTL, &control, 2);
	ck_assert_uint_eq(control & htole16(PCI_EXP_DEVCTL_BCR_FLR), 0);
	host_close(&h);
}
END_TEST

START_TEST(configuration_space)
{
	const uint8_t ids[] = { PCI_CAP_ID_PM, PCI_CAP_ID_MSI, PCI_CAP_ID_MSIX, PCI_CAP_ID_EXP };
	uint32_t dword = UINT32_MAX;
	uint64_t serial;

	open_card(1);
	for (unsigned int i = 0; i < sizeof(ids); i++)
		ck_assert_uint_ne(find_capability(ids[i]), 0);
	h.dev->write(h.dev, DEVICE_REGION_CONFIG, PCI_VENDOR_ID, &dword, 4);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_VENDOR_ID, &dword, 4);
	ck_assert_uint_eq(le32toh(dword), 0x0cab1234);
	dword = UINT32_MAX;
	h.dev->write(h.dev, DEVICE_REGION_CONFIG, PCI_BASE_ADDRESS_0, &dword, 4);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_BASE_ADDRESS_0, &dword, 4);
	ck_assert_uint_eq(le32toh(dword), ~(REFCARD_BAR_SIZE - 1u));
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, 0x100, &dword, 4);
	ck_assert_uint_eq(le32toh(dword) & 0xffff, PCI_EXT_CAP_ID_ERR);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, 0x150 + 4, &serial, 8);
	ck_assert_uint_eq(le64toh(serial), 0x1122334455667788);
	host_close(&h);
}
END_TEST

/* What --irq takes away is in no place: neither capability nor BAR nor vector. */
START_TEST(fewer_interrupts)
{
	struct sim_config config = host_config(1);
	uint32_t bar1 = UINT32_MAX;

	config.choice.msi = false;
	config.choice.msix = false;
	host_open(&h, &config);
	ck_assert_uint_eq(find_capability(PCI_CAP_ID_MSI), 0);
	ck_assert_uint_eq(find_capability(PCI_CAP_ID_MSIX), 0);
	ck_assert_uint_ne(find_capability(PCI_CAP_ID_EXP), 0);
	ck_assert_uint_eq(h.dev->region_size[REFCARD_MSIX_BAR], 0);
	ck_assert_uint_eq(h.dev->irqs[DEVICE_IRQ_INTX], 1);
	ck_assert_uint_eq(h.dev->irqs[DEVICE_IRQ_MSI], 0);
	ck_assert_uint_eq(h.dev->irqs[DEVICE_IRQ_MSIX], 0);
	h.dev->write(h.dev, DEVICE_REGION_CONFIG, PCI_BASE_ADDRESS_1, &bar1, 4);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_BASE_ADDRESS_1, &bar1, 4);
	ck_assert_uint_eq(bar1, 0);
	host_close(&h);
}
END_TEST

/* §3: aligned dwords, one or two */
START_TEST(access_sizes)
{
	const size_t bad[][2] = {
		{ 0, 1 }, { 0, 2 }, { 1, 4 }, { 2, 4 }, { 2, 8 }, { 0, 3 }, { 0, 16 },
	};
	const uint32_t ring = REFCARD_CHANNEL(0) + REFCARD_CH_RING_LO;
	uint8_t buf[16], ones[16];
	uint64_t two;

	open_card(1);
	memset(ones, 0xff, sizeof(ones));
	h.dev->read(h.dev, REFCARD_BAR, REFCARD_SERIAL_LO, &two, 8);
	ck_assert_uint_eq(le64toh(two), 0x1122334455667788);
	two = htole64((uint64_t)0x1234 << 32 | 0x5678);
	h.dev->write(h.dev, REFCARD_BAR, ring, &two, 8);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_RING_LO), 0x5678);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_RING_HI), 0x1234);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(buf, 0, sizeof(buf));
		h.dev->read(h.dev, REFCARD_BAR, REFCARD_SERIAL_LO + bad[i][0], buf, bad[i][1]);
		ck_assert_mem_eq(buf, ones, bad[i][1]);
		h.dev->write(h.dev, REFCARD_BAR, ring + bad[i][0], ones, bad[i][1]);
		ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_RING_LO), 0x5678);
	}
	host_close(&h);
}
END_TEST

START_TEST(channels_that_are_not_there)
{
	open_card(2);
	ck_assert_uint_eq(host_ch_read(&h, 2, REFCARD_CH_KIND), 0);
	ck_assert_uint_eq(host_ch_read(&h, 15, REFCARD_CH_KIND), 0);
	host_ch_write(&h, 2, REFCARD_CH_CTRL, REFCARD_CH_ENABLE);
	ck_assert_uint_eq(host_ch_read(&h, 2, REFCARD_CH_CTRL), 0);
	ck_assert_uint_eq(host_read(&h, REFCARD_BAR_SIZE - 4), 0);
	host_close(&h);
}
END_TEST

/* §2: without bus mastering, and in D3hot, there is no DMA, and the attempt is told. */
START_TEST(bus_mastering)
{
	struct host_channel hc;
	struct sim_stats stats;
	uint16_t off = 0, on = htole16(PCI_COMMAND_MASTER), d3 = htole16(3), d0 = 0;
	unsigned int pm;

	open_card(1);
	pm = find_capability(PCI_CAP_ID_PM) + PCI_PM_CTRL;
	for (unsigned int round = 0; round < 2; round++) {
		h.dev->write(h.dev, DEVICE_REGION_CONFIG, round ? pm : PCI_COMMAND,
			     round ? &d3 : &off, 2);
		memset(h.memory, 0, HOST_MEMORY);
		host_start(&hc, &h, 0, 4, 0);
		host_post(&hc, 3, 1024, 3);
		memset(h.memory + HOST_DATA, 0x5a, 4096);
		host_ring(&hc);
		host_work(&h, 3 * NS_PER_MS);
		ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_STATUS), REFCARD_CH_ERROR);
		for (unsigned int i = 0; i < 4096; i++)
			ck_assert_uint_eq(h.memory[HOST_DATA + i], 0x5a);
		sim_card_stats(h.card, &stats);
		ck_assert_uint_eq(stats.dma_refused, round + 1);
		h.dev->write(h.dev, DEVICE_REGION_CONFIG, round ? pm : PCI_COMMAND,
			     round ? &d0 : &on, 2);
	}
	host_start(&hc, &h, 0, 4, 0);
	host_post(&hc, 3, 1024, 3);
	host_ring(&hc);
	host_work(&h, 3 * NS_PER_MS);
	ck_assert_uint_eq(host_ch_read(&h, 0, REFCARD_CH_STATUS), REFCARD_CH_RUNNING);
	host_close(&h);
}
END_TEST

/* ---- a client that does anything at all --------------------------------------------------- */

static uint32_t lot(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

/* A value that is likely to matter: small, an address of the memory, or anything. */
static uint32_t any_value(uint64_t *seed)
{
	switch (lot(seed) % 5) {
	case 0:
		return lot(seed) % 20;
	case 1:
		return (uint32_t)HOST_BUS + (lot(seed) % HOST_MEMORY & ~63u);
	case 2:
		return (uint32_t)(HOST_BUS >> 32);
	case 3:
		return 1u << lot(seed) % 32;
	}
	return lot(seed) << 1;
}

static void do_anything(uint64_t *seed)
{
	static const unsigned int regions[] = { REFCARD_BAR, REFCARD_BAR, REFCARD_BAR, REFCARD_BAR,
						REFCARD_MSIX_BAR, DEVICE_REGION_CONFIG };
	unsigned int region = regions[lot(seed) % 6];
	size_t len = (size_t)1 << lot(seed) % 4;
	uint64_t off = lot(seed) % (h.dev->region_size[region] - len + 1);
	uint8_t bytes[8];

	if (lot(seed) % 4)
		len = 4;
	if (lot(seed) % 8 || off + len > h.dev->region_size[region])
		off = region == REFCARD_BAR && lot(seed) % 2 ?
		      REFCARD_CHANNEL(lot(seed) % 3) + 4 * (lot(seed) % 20) : off / 8 * 8;
	if (lot(seed) % 3) {
		uint32_t low = any_value(seed), high = any_value(seed);

		memcpy(bytes, &low, 4);
		memcpy(bytes + 4, &high, 4);
		h.dev->write(h.dev, region, off, bytes, len);
	} else {
		h.dev->read(h.dev, region, off, bytes, len);
	}
}

/* Chaos with some order in it: rings that the card can use, filled with anything. */
START_TEST(any_client)
{
	const char *fixed = getenv("UIOCAP_TEST_SEED");
	uint64_t seed = fixed ? strtoull(fixed, NULL, 0) : 20250101;
	uint16_t master = htole16(PCI_COMMAND_MASTER);
	struct sim_config config = host_config(3);
	struct host_channel hc;
	struct sim_stats stats;

	config.channel[2].kind = (struct channel_kind) { .kind = REFCARD_KIND_STREAM };
	ck_assert_int_eq(source_open("pattern:100M", 2, &config.channel[2].source), 0);
	host_open(&h, &config);
	for (unsigned int round = 0; round < 20000; round++) {
		if (lot(&seed) % 64 == 0)
			h.dev->write(h.dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &master, 2);
		if (lot(&seed) % 64 == 0) {
			host_start(&hc, &h, lot(&seed) % 3, 2 + lot(&seed) % 8, lot(&seed) % 4);
			host_post(&hc, 1u << hc.order, 1 + lot(&seed) % 8192, 4);
			if (lot(&seed) % 4 == 0)
				h.memory[lot(&seed) % HOST_MEMORY] ^= 1u << lot(&seed) % 8;
			host_ring(&hc);
		}
		do_anything(&seed);
		host_now += lot(&seed) % 100000;
		h.dev->work(h.dev, host_now);
		if (lot(&seed) % 4096 == 0)
			h.dev->reset(h.dev);
	}
	/* it was not all refused at the door */
	sim_card_stats(h.card, &stats);
	for (unsigned int ch = 0; ch < 3; ch++)
		ck_assert_uint_gt(stats.produced[ch] - stats.dropped[ch], 20);
	host_close(&h);
	source_close(config.channel[2].source);
}
END_TEST

suite_main("card_regs", identity, time_is_latched, reset, function_level_reset,
	   configuration_space, fewer_interrupts, access_sizes, channels_that_are_not_there,
	   bus_mastering, any_client)
