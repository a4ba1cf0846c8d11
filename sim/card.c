// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * card.c - the card as the bus sees it: regions, global registers (refcard §3), time
 */
#include "card.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stream.h"
#include "video.h"

/* A turn ends after this, or a chunk later, for the client's next message must not wait long. */
#define TURN_NS	(100 * NS_PER_US)

#define MSIX_TABLE_BYTES	(REFCARD_VECTORS * 16u)

struct sim_card {
	struct core core;		/* first: the bus has a pointer to core.dev */
	struct config_choice choice;
	struct irq irq;
	struct faults faults;
	unsigned int channels;
	struct channel channel[REFCARD_MAX_CHANNELS];
	uint32_t time_latch;
	uint8_t msix_table[MSIX_TABLE_BYTES];
};

static struct sim_card *to_card(struct device *dev)
{
	return (struct sim_card *)dev;
}

static uint64_t monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* ---- reset ----------------------------------------------------------------------------- */

/* §8: CTRL.RESET: everything but configuration space and the clock. */
static void reset_registers(struct sim_card *card)
{
	for (unsigned int ch = 0; ch < card->channels; ch++)
		channel_reset(&card->channel[ch]);
	irq_reset(&card->irq);
	faults_reset(&card->faults);
	card->time_latch = 0;
}

/* §8: function-level reset. It also brings a dead card back to life. */
static void card_reset(struct device *dev)
{
	struct sim_card *card = to_card(dev);

	card->core.life = CORE_ALIVE;
	config_space_reset(&card->core.config, &card->choice);
	reset_registers(card);
	memset(card->msix_table, 0, sizeof(card->msix_table));
	for (unsigned int n = 0; n < REFCARD_VECTORS; n++)
		card->msix_table[n * 16 + 12] = 1;	/* masked */
}

/* ---- registers ------------------------------------------------------------------------- */

static uint32_t read_time(struct sim_card *card)
{
	uint64_t ticks = core_now(&card->core) / REFCARD_TICK_NS;

	card->time_latch = (uint32_t)(ticks >> 32);
	return (uint32_t)ticks;
}

static uint32_t read_global(struct sim_card *card, uint32_t reg)
{
	switch (reg) {
	case REFCARD_ID:
		return REFCARD_ID_VALUE;
	case REFCARD_VERSION:
		return REFCARD_VERSION_1_0;
	case REFCARD_CAPS:
		return card->channels | REFCARD_CAPS_FAULTS;
	case REFCARD_SERIAL_LO:
		return (uint32_t)card->choice.serial;
	case REFCARD_SERIAL_HI:
		return (uint32_t)(card->choice.serial >> 32);
	case REFCARD_TIME_LO:
		return read_time(card);
	case REFCARD_TIME_HI:
		return card->time_latch;
	case REFCARD_IRQ_STATUS:
	case REFCARD_IRQ_MASK:
		return irq_read(&card->irq, reg);
	case REFCARD_FAULT_KIND:
	case REFCARD_FAULT_CHANNEL:
	case REFCARD_FAULT_AFTER:
	case REFCARD_FAULT_COUNT:
	case REFCARD_FAULT_ARG:
		return faults_read(&card->faults, reg);
	}
	return 0;
}

static void write_global(struct sim_card *card, uint32_t reg, uint32_t value)
{
	switch (reg) {
	case REFCARD_CTRL:
		if (value & REFCARD_CTRL_RESET)
			reset_registers(card);
		break;
	case REFCARD_IRQ_ACK:
	case REFCARD_IRQ_MASK:
	case REFCARD_IRQ_FORCE:
		irq_write(&card->irq, reg, value);
		break;
	case REFCARD_FAULT_KIND:
	case REFCARD_FAULT_CHANNEL:
	case REFCARD_FAULT_AFTER:
	case REFCARD_FAULT_COUNT:
	case REFCARD_FAULT_ARG:
		faults_write(&card->faults, reg, value);
		break;
	default:
		core_guest_error(&card->core, "write to read-only register 0x%03x", reg);
	}
}

/* The channel that has the register, or NULL. */
static struct channel *find_channel(struct sim_card *card, uint32_t reg)
{
	uint32_t ch = (reg - REFCARD_CHANNEL(0)) / (REFCARD_CHANNEL(1) - REFCARD_CHANNEL(0));

	return reg >= REFCARD_CHANNEL(0) && ch < card->channels ? &card->channel[ch] : NULL;
}

static uint32_t read_register(struct sim_card *card, uint32_t reg)
{
	struct channel *c = find_channel(card, reg);

	if (card->core.life != CORE_ALIVE)
		return card->core.life == CORE_DEAD_ONES ? UINT32_MAX : 0;
	return c ? channel_read(c, reg - REFCARD_CHANNEL(c->index)) : read_global(card, reg);
}

static void write_register(struct sim_card *card, uint32_t reg, uint32_t value)
{
	struct channel *c = find_channel(card, reg);

	if (card->core.life != CORE_ALIVE)
		return;
	if (c)
		channel_write(c, reg - REFCARD_CHANNEL(c->index), value);
	else
		write_global(card, reg, value);
}

/* ---- the device ------------------------------------------------------------------------ */

/* §3: aligned dwords, one or two. */
static bool access_is_fine(struct sim_card *card, uint64_t off, size_t len, const char *what)
{
	if (off % 4 == 0 && (len == 4 || len == 8))
		return true;
	core_guest_error(&card->core, "%s of %zu bytes at register 0x%03llx", what, len,
			 (unsigned long long)off);
	return false;
}

static void read_bar(struct sim_card *card, uint64_t off, uint8_t *buf, size_t len)
{
	memset(buf, 0xff, len);
	if (!access_is_fine(card, off, len, "read"))
		return;
	for (size_t i = 0; i < len; i += 4) {
		uint32_t value = htole32(read_register(card, (uint32_t)(off + i)));

		memcpy(buf + i, &value, sizeof(value));
	}
}

static void write_bar(struct sim_card *card, uint64_t off, const uint8_t *buf, size_t len)
{
	if (!access_is_fine(card, off, len, "write"))
		return;
	for (size_t i = 0; i < len; i += 4) {
		uint32_t value;

		memcpy(&value, buf + i, sizeof(value));
		write_register(card, (uint32_t)(off + i), le32toh(value));
	}
}

/* The table is for the bus to act on; a client that looks finds what it wrote. No pending bits. */
static void read_msix(const struct sim_card *card, uint64_t off, uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = off + i < MSIX_TABLE_BYTES ? card->msix_table[off + i] : 0;
}

static void write_msix(struct sim_card *card, uint64_t off, const uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len && off + i < MSIX_TABLE_BYTES; i++)
		card->msix_table[off + i] = buf[i];
}

static void card_read(struct device *dev, unsigned int region, uint64_t off, void *buf, size_t len)
{
	struct sim_card *card = to_card(dev);

	switch (region) {
	case REFCARD_BAR:
		read_bar(card, off, buf, len);
		break;
	case REFCARD_MSIX_BAR:
		read_msix(card, off, buf, len);
		break;
	case DEVICE_REGION_CONFIG:
		config_space_read(&card->core.config, off, buf, len);
		break;
	}
}

static void card_write(struct device *dev, unsigned int region, uint64_t off, const void *buf,
		       size_t len)
{
	struct sim_card *card = to_card(dev);

	switch (region) {
	case REFCARD_BAR:
		write_bar(card, off, buf, len);
		break;
	case REFCARD_MSIX_BAR:
		write_msix(card, off, buf, len);
		break;
	case DEVICE_REGION_CONFIG:
		if (config_space_write(&card->core.config, off, buf, len))
			card_reset(dev);
		break;
	}
}

/* One round over the channels; false: none had anything to do. */
static bool step_channels(struct sim_card *card, uint64_t now)
{
	bool stepped = false;

	for (unsigned int ch = 0; ch < card->channels && card->core.life == CORE_ALIVE; ch++) {
		struct channel *c = &card->channel[ch];

		if (c->due_ns <= now && c->producer->ops->step(c->producer, c, now))
			stepped = true;
	}
	return stepped;
}

static uint64_t card_work(struct device *dev, uint64_t now)
{
	struct sim_card *card = to_card(dev);
	uint64_t next;

	if (card->core.life != CORE_ALIVE)
		return NEVER;
	card->core.turn++;
	while (step_channels(card, now) && core_now(&card->core) - now < TURN_NS)
		;
	next = irq_work(&card->irq, core_now(&card->core));
	for (unsigned int ch = 0; ch < card->channels; ch++) {
		if (card->channel[ch].due_ns < next)
			next = card->channel[ch].due_ns;
	}
	return next;
}

/* ---- making one ------------------------------------------------------------------------ */

static int add_channel(struct sim_card *card, unsigned int index, const struct sim_config *config)
{
	const struct sim_channel_config *cc = &config->channel[index];
	struct channel *c = &card->channel[index];
	uint64_t phase = (uint64_t)cc->kind.period_ns * index / config->channels;
	struct producer *producer;
	int err;

	if (cc->kind.kind == REFCARD_KIND_STREAM)
		err = stream_new(cc->source, &producer);
	else
		err = video_new(index, &cc->kind, phase, !config->no_fifo, &producer);
	if (err)
		return err;
	c->core = &card->core;
	c->irq = &card->irq;
	c->faults = &card->faults;
	channel_set_up(c, index, &cc->kind, producer);
	card->channels++;
	return 0;
}

static void describe(struct sim_card *card)
{
	struct device *dev = &card->core.dev;

	dev->region_size[REFCARD_BAR] = REFCARD_BAR_SIZE;
	dev->region_size[REFCARD_MSIX_BAR] = card->choice.msix ? REFCARD_MSIX_BAR_SIZE : 0;
	dev->region_size[DEVICE_REGION_CONFIG] = CONFIG_SPACE_SIZE;
	dev->irqs[DEVICE_IRQ_INTX] = card->choice.intx;
	dev->irqs[DEVICE_IRQ_MSI] = card->choice.msi;
	dev->irqs[DEVICE_IRQ_MSIX] = card->choice.msix ? REFCARD_VECTORS : 0;
	dev->read = card_read;
	dev->write = card_write;
	dev->reset = card_reset;
	dev->work = card_work;
}

int sim_card_new(const struct sim_config *config, struct sim_card **out)
{
	struct sim_card *card;
	int err = 0;

	if (!config->channels || config->channels > REFCARD_MAX_CHANNELS)
		return -EINVAL;
	card = calloc(1, sizeof(*card));
	if (!card)
		return -ENOMEM;
	card->core.clock = config->clock ? config->clock : monotonic_ns;
	card->core.log = config->log;
	card->core.log_data = config->log_data;
	card->choice = config->choice;
	card->faults = config->faults;
	describe(card);
	for (unsigned int ch = 0; ch < config->channels && !err; ch++)
		err = add_channel(card, ch, config);
	if (err) {
		sim_card_free(card);
		return err;
	}
	irq_init(&card->irq, &card->core, &card->faults, card->channels);
	card_reset(&card->core.dev);
	*out = card;
	return 0;
}

void sim_card_free(struct sim_card *card)
{
	if (!card)
		return;
	for (unsigned int ch = 0; ch < card->channels; ch++)
		card->channel[ch].producer->ops->free(card->channel[ch].producer);
	free(card);
}

struct device *sim_card_device(struct sim_card *card)
{
	return &card->core.dev;
}

void sim_card_stats(const struct sim_card *card, struct sim_stats *out)
{
	*out = (struct sim_stats) {
		.channels = card->channels,
		.interrupts = card->core.interrupts,
		.dma_refused = card->core.dma_refused,
		.guest_errors = card->core.guest_errors,
	};
	for (unsigned int ch = 0; ch < card->channels; ch++) {
		const struct channel *c = &card->channel[ch];

		out->kind[ch] = c->kind.kind;
		out->produced[ch] = c->total_produced + c->produced;
		out->dropped[ch] = c->total_dropped + c->dropped;
	}
}
