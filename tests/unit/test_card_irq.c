/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_card_irq.c - when the simulated card interrupts, and how (refcard §7)
 */
#include <endian.h>
#include <linux/pci_regs.h>

#include "card_host.h"
#include "suite.h"

#define CHUNK	1024u
#define CHUNKS	3u

static struct card_host h;
static struct host_channel hc;

/* One channel, frames of three chunks each 3 ms: one chunk a millisecond, nearly. */
static void open_card(unsigned int channels, uint32_t moderation, enum device_irq kind)
{
	struct sim_config config = host_config(channels);

	for (unsigned int ch = 0; ch < channels; ch++)
		config.channel[ch].kind.period_ns = 3 * NS_PER_MS;
	host_open(&h, &config);
	h.listens[DEVICE_IRQ_MSIX] = false;
	h.listens[kind] = true;
	host_write(&h, REFCARD_IRQ_MASK, (1u << channels) - 1);
	host_ch_write(&h, 0, REFCARD_CH_IRQ, moderation);
	host_start(&hc, &h, 0, 6, 0);
	host_post(&hc, 60, CHUNK, 60);
	host_ring(&hc);
	/* to the beginning of the first frame */
	host_work(&h, 3 * NS_PER_MS - host_now % (3 * NS_PER_MS));
}

static unsigned int raised(enum device_irq kind)
{
	unsigned int n = h.raised[kind][0];

	h.raised[kind][0] = 0;
	return n;
}

static unsigned int arrived(void)
{
	struct refcard_done done;
	unsigned int n = 0;

	while (host_take(&hc, &done))
		n++;
	return n;
}

/* ---- moderation ---------------------------------------------------------------------------- */

START_TEST(each_completion)
{
	open_card(1, 1, DEVICE_IRQ_MSIX);
	host_work(&h, 30 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 30);
	host_close(&h);
}
END_TEST

START_TEST(by_count)
{
	open_card(1, 4, DEVICE_IRQ_MSIX);
	host_work(&h, 36 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 9);
	host_close(&h);
}
END_TEST

START_TEST(by_end_of_frame)
{
	open_card(1, REFCARD_CH_IRQ_EOF, DEVICE_IRQ_MSIX);
	host_work(&h, 30 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 10);
	host_close(&h);
}
END_TEST

/* 1.5 ms after the first that was not reported, that is with every second one. */
START_TEST(by_time)
{
	open_card(1, 1500u << REFCARD_CH_IRQ_TIME_SHIFT, DEVICE_IRQ_MSIX);
	host_work(&h, NS_PER_MS + 200 * NS_PER_US);
	ck_assert_uint_eq(arrived(), 1);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 0);
	host_work(&h, NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 0);
	host_work(&h, NS_PER_MS / 2);
	ck_assert_uint_eq(arrived(), 1);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 1);
	host_work(&h, 60 * NS_PER_MS);
	ck_assert_uint_ge(h.raised[DEVICE_IRQ_MSIX][0], 20);
	ck_assert_uint_le(h.raised[DEVICE_IRQ_MSIX][0], 30);
	host_close(&h);
}
END_TEST

/* Whichever comes first; and then all count anew. */
START_TEST(count_and_time)
{
	open_card(1, 2 | 10000u << REFCARD_CH_IRQ_TIME_SHIFT, DEVICE_IRQ_MSIX);
	host_work(&h, 30 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 15);
	host_close(&h);
}
END_TEST

START_TEST(never)
{
	open_card(1, 0, DEVICE_IRQ_MSIX);
	host_work(&h, 30 * NS_PER_MS);
	ck_assert_uint_eq(arrived(), 30);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 0);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 0);
	host_close(&h);
}
END_TEST

/* The message comes after what it is about. */
START_TEST(completion_before_interrupt)
{
	open_card(1, 1, DEVICE_IRQ_MSIX);
	for (unsigned int i = 0; i < 30; i++) {
		while (!h.raised[DEVICE_IRQ_MSIX][0])
			host_work(&h, 10 * NS_PER_US);
		ck_assert_uint_eq(arrived(), raised(DEVICE_IRQ_MSIX));
	}
	host_close(&h);
}
END_TEST

/* ---- kinds --------------------------------------------------------------------------------- */

START_TEST(msix_clears_itself)
{
	open_card(2, 1, DEVICE_IRQ_MSIX);
	host_work(&h, 3 * NS_PER_MS);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 0);
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_MSIX][1], 0);
	host_write(&h, REFCARD_IRQ_FORCE, 2);
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_MSIX][1], 1);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 0);
	host_close(&h);
}
END_TEST

/* A vector that nobody listens to is sent when somebody does. */
START_TEST(msix_vector_masked)
{
	open_card(1, 1, DEVICE_IRQ_MSIX);
	h.unmasked = 0;
	host_work(&h, 3 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 0);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 1);
	host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
	h.unmasked = 1;
	host_work(&h, NS_PER_US);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 1);
	host_work(&h, 3 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 0);
	host_close(&h);
}
END_TEST

/* One message until the host has acknowledged; and another if that left something. */
START_TEST(msi_is_an_edge)
{
	open_card(2, 1, DEVICE_IRQ_MSI);
	host_work(&h, 9 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSI), 1);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 1);
	host_write(&h, REFCARD_IRQ_FORCE, 2);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSI), 0);
	host_write(&h, REFCARD_IRQ_ACK, 1);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSI), 1);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 2);
	host_write(&h, REFCARD_IRQ_ACK, 2);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSI), 0);
	host_work(&h, NS_PER_MS + 200 * NS_PER_US);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSI), 1);
	host_close(&h);
}
END_TEST

START_TEST(intx_is_a_level)
{
	uint16_t status;

	open_card(1, 1, DEVICE_IRQ_INTX);
	h.one_intx = true;
	host_work(&h, 9 * NS_PER_MS);
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_INTX][0], 1);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_STATUS, &status, 2);
	ck_assert_uint_eq(le16toh(status) & PCI_STATUS_INTERRUPT, PCI_STATUS_INTERRUPT);
	/* the client listens again and the level is still there */
	ck_assert_uint_eq(raised(DEVICE_IRQ_INTX), 1);
	host_work(&h, 0);
	ck_assert_uint_eq(h.raised[DEVICE_IRQ_INTX][0], 1);
	/* gone after the acknowledgement */
	host_ch_write(&h, 0, REFCARD_CH_CTRL, 0);
	host_write(&h, REFCARD_IRQ_ACK, 1);
	raised(DEVICE_IRQ_INTX);
	host_work(&h, NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_INTX), 0);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_STATUS, &status, 2);
	ck_assert_uint_eq(le16toh(status) & PCI_STATUS_INTERRUPT, 0);
	host_close(&h);
}
END_TEST

START_TEST(intx_disabled)
{
	uint16_t command = htole16(PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE), status;

	open_card(1, 1, DEVICE_IRQ_INTX);
	h.dev->write(h.dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, 2);
	host_work(&h, 9 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_INTX), 0);
	h.dev->read(h.dev, DEVICE_REGION_CONFIG, PCI_STATUS, &status, 2);
	ck_assert_uint_eq(le16toh(status) & PCI_STATUS_INTERRUPT, PCI_STATUS_INTERRUPT);
	command = htole16(PCI_COMMAND_MASTER);
	h.dev->write(h.dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, 2);
	host_work(&h, 0);
	ck_assert_uint_ge(raised(DEVICE_IRQ_INTX), 1);
	host_close(&h);
}
END_TEST

/* A message is a write to memory. */
START_TEST(no_message_without_bus_mastering)
{
	uint16_t command = 0;

	open_card(1, 1, DEVICE_IRQ_MSIX);
	h.dev->write(h.dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, 2);
	host_write(&h, REFCARD_IRQ_FORCE, 1);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 0);
	command = htole16(PCI_COMMAND_MASTER);
	h.dev->write(h.dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, 2);
	host_work(&h, 0);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 1);
	host_close(&h);
}
END_TEST

/* Whoever polls sees the news, masked or not. */
START_TEST(status_without_interrupts)
{
	for (unsigned int round = 0; round < 2; round++) {
		open_card(1, 1, DEVICE_IRQ_MSIX);
		if (round == 0)
			host_write(&h, REFCARD_IRQ_MASK, 0);
		else
			h.listens[DEVICE_IRQ_MSIX] = false;
		host_work(&h, 3 * NS_PER_MS);
		ck_assert_uint_eq(raised(DEVICE_IRQ_MSIX), 0);
		ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 1);
		host_write(&h, REFCARD_IRQ_ACK, UINT32_MAX);
		ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 0);
		host_close(&h);
	}
}
END_TEST

START_TEST(unmasking_tells_what_waits)
{
	open_card(1, 1, DEVICE_IRQ_MSI);
	host_write(&h, REFCARD_IRQ_MASK, 0);
	host_work(&h, 9 * NS_PER_MS);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSI), 0);
	host_write(&h, REFCARD_IRQ_MASK, 1);
	ck_assert_uint_eq(raised(DEVICE_IRQ_MSI), 1);
	host_close(&h);
}
END_TEST

START_TEST(bits_of_missing_channels)
{
	open_card(3, 0, DEVICE_IRQ_MSI);
	host_write(&h, REFCARD_IRQ_MASK, UINT32_MAX);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_MASK), 7);
	host_write(&h, REFCARD_IRQ_FORCE, UINT32_MAX);
	ck_assert_uint_eq(host_read(&h, REFCARD_IRQ_STATUS), 7);
	host_close(&h);
}
END_TEST

suite_main("card_irq", each_completion, by_count, by_end_of_frame, by_time, count_and_time, never,
	   completion_before_interrupt, msix_clears_itself, msix_vector_masked, msi_is_an_edge,
	   intx_is_a_level, intx_disabled, no_message_without_bus_mastering,
	   status_without_interrupts, unmasking_tells_what_waits, bits_of_missing_channels)
