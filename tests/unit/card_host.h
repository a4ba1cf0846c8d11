/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * card_host.h - the other side of the simulated card: memory, interrupts, a driver's rings
 *
 * There is no socket and no real time: tests move the clock.
 */
#ifndef TESTS_CARD_HOST_H
#define TESTS_CARD_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/card.h"
#include "uiocap/refcard.h"

#define HOST_MEMORY	(4u << 20)
#define HOST_BUS	UINT64_C(0x123400000)	/* where the card sees the memory */

/* Each channel has an area of its own. */
#define HOST_AREA	(HOST_MEMORY / REFCARD_MAX_CHANNELS)
#define HOST_RING	0u
#define HOST_DONE	0x4000u
#define HOST_DATA	0x8000u

struct card_host {
	struct device_bus bus;
	struct sim_card *card;
	struct device *dev;
	uint8_t *memory;
	bool listens[DEVICE_IRQ_KINDS];
	uint32_t unmasked;	/* MSI-X vectors that the client listens to */
	bool one_intx;		/* INTx stays silent after a raise, as until an unmask */
	unsigned int raised[DEVICE_IRQ_KINDS][REFCARD_VECTORS];
	char log[256];
};

/* The clock of all cards, in ns. */
extern uint64_t host_now;

/** host_config - @channels video channels of 64 × 48 with frames every 1 ms */
struct sim_config host_config(unsigned int channels);

/** host_open - a card that may master the bus; MSI-X is listened to */
void host_open(struct card_host *h, const struct sim_config *config);
void host_close(struct card_host *h);

uint32_t host_read(struct card_host *h, uint32_t reg);
void host_write(struct card_host *h, uint32_t reg, uint32_t value);
uint32_t host_ch_read(struct card_host *h, unsigned int ch, uint32_t reg);
void host_ch_write(struct card_host *h, unsigned int ch, uint32_t reg, uint32_t value);

/** host_work - let the card work until @ns have passed, a step of time after the other */
void host_work(struct card_host *h, uint64_t ns);

/* A channel's driver. */
struct host_channel {
	struct card_host *h;
	unsigned int ch;
	unsigned int order;
	uint32_t posted;
	uint32_t taken;
	uint8_t *data;
};

/** host_start - rings of 2^@order, all else as the registers are, and CTRL = @ctrl | ENABLE */
void host_start(struct host_channel *hc, struct card_host *h, unsigned int ch, unsigned int order,
		uint32_t ctrl);

/** host_post - @n descriptors of @len bytes, number i at (i mod @places) × @len; no doorbell */
void host_post(struct host_channel *hc, unsigned int n, uint32_t len, unsigned int places);

/** host_ring - the doorbell */
void host_ring(struct host_channel *hc);

/** host_take - the next completion; false: none */
bool host_take(struct host_channel *hc, struct refcard_done *done);

#endif
