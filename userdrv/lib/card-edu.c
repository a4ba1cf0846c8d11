/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * card-edu.c - QEMU's educational card, as an example of a card kind
 *
 * The card holds 4096 bytes and copies them to or from memory on command, one transfer at a time,
 * 100 ms each; it is described in QEMU's docs/specs/edu.rst. Here it is a camera of 64 × 64 pixels:
 * start puts a picture into the card, and each frame is that picture coming back. doc/porting.md
 * tells how this file came about, part by part.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "card.h"
#include "log.h"

#define EDU_VENDOR		0x1234
#define EDU_DEVICE		0x11e8
#define EDU_BAR			0

#define EDU_ID			0x00	/* major version, minor version, 0x00ed */
#define  EDU_ID_MASK		0x0000ffff
#define  EDU_ID_VALUE		0x000000ed
#define EDU_LIVENESS		0x04	/* reads the complement of what was written */
#define EDU_FACTORIAL		0x08
#define EDU_STATUS		0x20
#define EDU_IRQ_STATUS		0x24
#define EDU_IRQ_RAISE		0x60	/* sets bits of IRQ_STATUS and interrupts */
#define EDU_IRQ_ACK		0x64	/* clears them */
#define EDU_DMA_SRC		0x80
#define EDU_DMA_DST		0x88
#define EDU_DMA_COUNT		0x90
#define EDU_DMA_CMD		0x98
#define  EDU_DMA_RUN		(1u << 0)	/* reads 1 until the transfer is done */
#define  EDU_DMA_TO_MEMORY	(1u << 1)
#define  EDU_DMA_IRQ		(1u << 2)	/* interrupt when done */

#define EDU_BUFFER		0x40000	/* the card's own address of its 4096 bytes */
#define EDU_WIDTH		64
#define EDU_HEIGHT		64
#define EDU_BYTES		(EDU_WIDTH * EDU_HEIGHT)
#define EDU_PERIOD_NS		(100 * 1000 * 1000)
#define EDU_MAX_POSTED		1024
#define EDU_ADDRESS_LIMIT	(1ull << 28)	/* it drives 28 address lines */

#define EDU_IDLE_MS		1000	/* much longer than any transfer takes */

/**
 * struct edu - the card; chunks are counted from 0 at start
 * @bus:    where each chunk posted may go; chunk n is at n % EDU_MAX_POSTED
 * @posted: chunks that have a place
 * @done:   chunks that have arrived
 * @busy:   chunk number @done is being transferred
 */
struct edu {
	struct card card;
	struct card_source source;
	struct card_setup setup;
	bool running;
	bool busy;
	uint64_t posted;
	uint64_t done;
	uint64_t bus[EDU_MAX_POSTED];
};

static struct edu *to_edu(const struct card *card)
{
	return (struct edu *)card;
}

static int read_reg(struct card *card, uint32_t offset, uint32_t *value)
{
	return card->t->ops->read32(card->t, EDU_BAR, offset, value);
}

static int write_reg(struct card *card, uint32_t offset, uint32_t value)
{
	return card->t->ops->write32(card->t, EDU_BAR, offset, value);
}

/* ---- transfers -------------------------------------------------------------------------- */

static int transfer(struct card *card, uint64_t src, uint64_t dst, uint32_t bytes, uint32_t cmd)
{
	int err;

	err = write_reg(card, EDU_DMA_SRC, (uint32_t)src);
	if (!err)
		err = write_reg(card, EDU_DMA_DST, (uint32_t)dst);
	if (!err)
		err = write_reg(card, EDU_DMA_COUNT, bytes);
	if (!err)
		err = write_reg(card, EDU_DMA_CMD, cmd | EDU_DMA_RUN);
	return err;
}

static int wait_idle(struct card *card)
{
	const struct timespec ms = { .tv_nsec = 1000 * 1000 };
	uint32_t cmd;
	int n, err;

	for (n = 0; n < EDU_IDLE_MS; n++) {
		err = read_reg(card, EDU_DMA_CMD, &cmd);
		if (err || !(cmd & EDU_DMA_RUN))
			return err;
		nanosleep(&ms, NULL);
	}
	return -ETIMEDOUT;
}

static void next_transfer(struct edu *edu)
{
	uint32_t chunk = edu->done % edu->setup.chunks;
	bool last = chunk == edu->setup.chunks - 1;

	if (!edu->running || edu->busy || edu->done == edu->posted)
		return;
	edu->busy = true;
	transfer(&edu->card, EDU_BUFFER + chunk * edu->setup.chunk_bytes,
		 edu->bus[edu->done % EDU_MAX_POSTED],
		 last ? edu->setup.last_bytes : edu->setup.chunk_bytes,
		 EDU_DMA_TO_MEMORY | (edu->setup.irq ? EDU_DMA_IRQ : 0));
}

/* ---- frames ----------------------------------------------------------------------------- */

static size_t edu_ring_bytes(const struct card *card, unsigned int ch, const struct card_setup *s)
{
	(void)card, (void)ch, (void)s;
	return EDU_BYTES;	/* for the picture on its way to the card */
}

/* The card drops the address lines that it has not got, and so would write somewhere else. */
static int check_addresses(const struct card *card)
{
	const struct transport *t = card->t;
	unsigned int n;

	for (n = 0; n < t->segments; n++) {
		if (t->segment[n].bus + t->segment[n].len <= EDU_ADDRESS_LIMIT)
			continue;
		ctx_log(t->ctx, UIOCAP_LOG_ERROR,
			"%s: edu reaches the first 256 MiB only, and its memory lies at 0x%llx",
			t->spec, (unsigned long long)t->segment[n].bus);
		return -ERANGE;
	}
	return 0;
}

/* Rings around the middle, darker to the right: wrong order, size or offset would show. */
static void draw(uint8_t *picture)
{
	int x, y, dx, dy;

	for (y = 0; y < EDU_HEIGHT; y++) {
		for (x = 0; x < EDU_WIDTH; x++) {
			dx = x - EDU_WIDTH / 2;
			dy = y - EDU_HEIGHT / 2;
			*picture++ = (dx * dx + dy * dy) & 0x80 ? 255 - 2 * x : 2 * y;
		}
	}
}

static int edu_start(struct card *card, unsigned int ch, const struct card_setup *s)
{
	struct edu *edu = to_edu(card);
	int err;

	(void)ch;
	err = check_addresses(card);
	if (err)
		return err;
	draw(s->ring.data);
	err = transfer(card, s->ring.bus, EDU_BUFFER, EDU_BYTES, 0);
	if (!err)
		err = wait_idle(card);
	if (err)
		return err;
	edu->setup = *s;
	edu->posted = 0;
	edu->done = 0;
	edu->busy = false;
	edu->running = true;
	return 0;
}

static int edu_stop(struct card *card, unsigned int ch)
{
	(void)ch;
	to_edu(card)->running = false;
	return wait_idle(card);
}

static void edu_post(struct card *card, unsigned int ch, unsigned int buffer)
{
	struct edu *edu = to_edu(card);
	const uint64_t *bus = edu->setup.chunk_bus + buffer * edu->setup.chunks;
	uint32_t n;

	(void)ch;
	for (n = 0; n < edu->setup.chunks; n++)
		edu->bus[edu->posted++ % EDU_MAX_POSTED] = bus[n];
}

static void edu_flush(struct card *card, unsigned int ch)
{
	(void)ch;
	next_transfer(to_edu(card));
}

static unsigned int edu_collect(struct card *card, unsigned int ch, uint64_t now_ns,
				struct card_run *runs, unsigned int max)
{
	struct edu *edu = to_edu(card);
	uint32_t cmd, chunks = edu->setup.chunks;
	bool last = (edu->done + 1) % chunks == 0;

	(void)ch;
	if (!max || !edu->busy || read_reg(card, EDU_DMA_CMD, &cmd) || cmd & EDU_DMA_RUN)
		return 0;
	runs[0] = (struct card_run){
		.slot	 = edu->done / chunks,
		.first	 = edu->done % chunks,
		.count	 = 1,
		.frame	 = edu->done / chunks,
		.bytes	 = last ? edu->setup.last_bytes : edu->setup.chunk_bytes,
		.time_ns = now_ns,	/* the card has no clock */
	};
	edu->busy = false;
	edu->done++;
	next_transfer(edu);
	return 1;
}

/* What the card writes is data only: there is nothing that could make no sense. */
static void edu_counts(const struct card *card, unsigned int ch, uint64_t *chunks, uint64_t *bad)
{
	(void)ch;
	*chunks = to_edu(card)->done;
	*bad = 0;
}

/* A transfer that has ended and was not collected yet has produced its chunk. */
static int edu_produced(struct card *card, unsigned int ch, uint64_t *frames)
{
	struct edu *edu = to_edu(card);

	(void)ch;
	*frames = (edu->done + edu->busy) / edu->setup.chunks;
	return 0;
}

/* ---- interrupts and registers ------------------------------------------------------------ */

static void edu_ack(struct card *card)
{
	uint32_t status;

	if (!read_reg(card, EDU_IRQ_STATUS, &status) && status)
		write_reg(card, EDU_IRQ_ACK, status);
}

static int edu_raise(struct card *card, unsigned int vector)
{
	if (card->t->irq_kind == UIOCAP_IRQ_NONE)
		return -ENOTSUP;
	if (vector >= card->t->vectors)
		return -EINVAL;
	return write_reg(card, EDU_IRQ_RAISE, 1);
}

static const struct uiocap_register *edu_reg(const struct card *card, unsigned int n)
{
	static const struct uiocap_register regs[] = {
		{ "ID",		EDU_BAR, EDU_ID,	 true,	false },
		{ "LIVENESS",	EDU_BAR, EDU_LIVENESS,	 true,	true },
		{ "FACTORIAL",	EDU_BAR, EDU_FACTORIAL,	 true,	true },
		{ "STATUS",	EDU_BAR, EDU_STATUS,	 true,	true },
		{ "IRQ_STATUS",	EDU_BAR, EDU_IRQ_STATUS, true,	false },
		{ "IRQ_RAISE",	EDU_BAR, EDU_IRQ_RAISE,	 false, true },
		{ "IRQ_ACK",	EDU_BAR, EDU_IRQ_ACK,	 false, true },
		{ "DMA_SRC",	EDU_BAR, EDU_DMA_SRC,	 true,	true },
		{ "DMA_DST",	EDU_BAR, EDU_DMA_DST,	 true,	true },
		{ "DMA_COUNT",	EDU_BAR, EDU_DMA_COUNT,	 true,	true },
		{ "DMA_CMD",	EDU_BAR, EDU_DMA_CMD,	 true,	true },
	};

	(void)card;
	return n < sizeof(regs) / sizeof(regs[0]) ? &regs[n] : NULL;
}

/* ---- open and close --------------------------------------------------------------------- */

static bool edu_matches(uint16_t vendor, uint16_t device)
{
	return vendor == EDU_VENDOR && device == EDU_DEVICE;
}

/* A card that is not there reads ones, one without power may read zeros: neither is an id. */
static int identify(struct card *card)
{
	uint32_t id, alive;
	int err;

	err = read_reg(card, EDU_ID, &id);
	if (!err && (id & EDU_ID_MASK) != EDU_ID_VALUE) {
		ctx_log(card->t->ctx, UIOCAP_LOG_ERROR,
			"%s: its id register reads 0x%08x: no edu, or it is dead",
			card->t->spec, id);
		return -ENODEV;
	}
	if (!err)
		err = write_reg(card, EDU_LIVENESS, 0x12345678);
	if (!err)
		err = read_reg(card, EDU_LIVENESS, &alive);
	return err ? err : alive == ~0x12345678u ? 0 : -ENODEV;
}

/* There is no reset: what the last owner began must come to its end, its interrupts with it. */
static int settle(struct card *card)
{
	int err;

	err = wait_idle(card);
	edu_ack(card);
	return err;
}

static int edu_open(struct transport *t, struct card **out)
{
	struct edu *edu = calloc(1, sizeof(*edu));
	int err;

	if (!edu)
		return -ENOMEM;
	edu->source = (struct card_source){
		.kind = UIOCAP_CHANNEL_VIDEO, .width_bytes = EDU_WIDTH, .height = EDU_HEIGHT,
		.period_ns = EDU_PERIOD_NS, .chunk_lines = EDU_HEIGHT, .max_chunk_bytes = EDU_BYTES,
		.max_posted = EDU_MAX_POSTED,
	};
	edu->card = (struct card){
		.ops = &card_edu, .t = t, .sources = 1, .source = &edu->source,
	};
	err = identify(&edu->card);
	if (!err)
		err = settle(&edu->card);
	if (err) {
		free(edu);
		return err;
	}
	*out = &edu->card;
	return 0;
}

static void edu_close(struct card *card)
{
	free(to_edu(card));
}

const struct card_ops card_edu = {
	.name		= "edu",
	.matches	= edu_matches,
	.open		= edu_open,
	.close		= edu_close,
	.ring_bytes	= edu_ring_bytes,
	.start		= edu_start,
	.stop		= edu_stop,
	.post		= edu_post,
	.flush		= edu_flush,
	.collect	= edu_collect,
	.counts		= edu_counts,
	.produced	= edu_produced,
	.ack		= edu_ack,
	.raise		= edu_raise,
	.reg		= edu_reg,
};
