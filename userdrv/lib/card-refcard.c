/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * card-refcard.c - the card kind `refcard`: the reference card's registers
 *
 * Everything here happens at open, start and stop; between them the only register written is the
 * doorbell, and none is read. What is done in memory is in refcard-channel.c. §N are sections of
 * the data sheet, doc/refcard.md.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "refcard-channel.h"
#include "refcard-regs.h"
#include "times.h"

/* §5: with half of the 16-bit numbers in use, one that is ahead cannot be taken for one behind. */
#define MAX_POSTED	0x8000u

#define DEFAULT_IDLE_US	1000u	/* what §4 has after a reset */

/* §8: a channel stops at its next chunk; with slow sources that may take a frame. */
#define STOP_TIMEOUT_NS	1000000000
#define STOP_LOOK_NS	50000

struct refcard {
	struct card card;
	uint32_t irq_mask;
	struct card_source source[REFCARD_MAX_CHANNELS];
	struct refcard_channel channel[REFCARD_MAX_CHANNELS];
	struct uiocap_register *regs;
	unsigned int reg_count;
};

static struct refcard *to_refcard(struct card *card)
{
	return (struct refcard *)card;
}

static int get(struct refcard *rc, uint32_t offset, uint32_t *value)
{
	return rc->card.t->ops->read32(rc->card.t, REFCARD_BAR, offset, value);
}

static int put(struct refcard *rc, uint32_t offset, uint32_t value)
{
	return rc->card.t->ops->write32(rc->card.t, REFCARD_BAR, offset, value);
}

/* Two registers that are one number; reading the low one latches the high one (§3, §4). */
static int get64(struct refcard *rc, uint32_t lo_offset, uint64_t *value)
{
	uint32_t lo, hi;
	int ret = get(rc, lo_offset, &lo);

	if (ret == 0)
		ret = get(rc, lo_offset + 4, &hi);
	if (ret == 0)
		*value = (uint64_t)hi << 32 | lo;
	return ret;
}

static bool refcard_matches(uint16_t vendor, uint16_t device)
{
	return vendor == REFCARD_VENDOR_ID && device == REFCARD_DEVICE_ID;
}

/* ---- open ------------------------------------------------------------------------------- */

static int identify(struct refcard *rc, uint32_t *caps)
{
	struct transport *t = rc->card.t;
	uint32_t id, version;
	int ret = get(rc, REFCARD_ID, &id);

	if (ret == 0)
		ret = get(rc, REFCARD_VERSION, &version);
	if (ret == 0)
		ret = get(rc, REFCARD_CAPS, caps);
	if (ret || id == 0 || id == UINT32_MAX) {
		ctx_log(t->ctx, UIOCAP_LOG_ERROR,
			"%s does not answer: its registers read as %s. Is it powered and in its slot?",
			t->spec, ret == 0 && id == 0 ? "zeros" : "ones");
		return -ENODEV;
	}
	if (id != REFCARD_ID_VALUE) {
		ctx_log(t->ctx, UIOCAP_LOG_ERROR,
			"%s is no reference card: its ID register reads 0x%08x, not 0x%08x", t->spec,
			id, REFCARD_ID_VALUE);
		return -ENOTSUP;
	}
	if (version >> 16 != REFCARD_VERSION_1_0 >> 16) {
		ctx_log(t->ctx, UIOCAP_LOG_ERROR,
			"%s has register version %u.%u; this library knows version 1", t->spec,
			version >> 16, version & 0xffff);
		return -ENOTSUP;
	}
	return 0;
}

static int read_video(struct refcard *rc, unsigned int ch, struct card_source *src)
{
	const uint32_t base = REFCARD_CHANNEL(ch);
	uint32_t period = 0;
	int ret = get(rc, base + REFCARD_CH_WIDTH, &src->width_bytes);

	if (ret == 0)
		ret = get(rc, base + REFCARD_CH_HEIGHT, &src->height);
	if (ret == 0)
		ret = get(rc, base + REFCARD_CH_PERIOD, &period);
	if (ret == 0)
		ret = get(rc, base + REFCARD_CH_CHUNK_LINES, &src->chunk_lines);
	src->kind = UIOCAP_CHANNEL_VIDEO;
	src->period_ns = period;
	return ret;
}

static int read_source(struct refcard *rc, unsigned int ch, struct card_source *src)
{
	uint32_t kind;
	int ret = get(rc, REFCARD_CHANNEL(ch) + REFCARD_CH_KIND, &kind);

	if (ret < 0)
		return ret;
	src->max_chunk_bytes = REFCARD_MAX_CHUNK_BYTES;
	src->max_posted = MAX_POSTED;
	if (kind == REFCARD_KIND_VIDEO)
		return read_video(rc, ch, src);
	if (kind != REFCARD_KIND_STREAM)
		return -EPROTO;
	src->kind = UIOCAP_CHANNEL_STREAM;
	src->width_bytes = REFCARD_MAX_CHUNK_BYTES;
	src->height = 1;
	src->chunk_lines = 1;
	return 0;
}

static bool makes_sense(const struct card_source *src)
{
	return src->width_bytes > 0 && src->height > 0 && src->chunk_lines > 0 &&
	       src->height <= INT32_MAX &&	/* lines can be added to it */
	       (uint64_t)src->width_bytes * src->chunk_lines <= src->max_chunk_bytes &&
	       src->height / src->chunk_lines < src->max_posted / 2;
}

static int read_sources(struct refcard *rc, uint32_t caps)
{
	struct transport *t = rc->card.t;
	int ret;

	rc->card.sources = caps & REFCARD_CAPS_CHANNELS;
	if (rc->card.sources == 0 || rc->card.sources > REFCARD_MAX_CHANNELS) {
		ctx_log(t->ctx, UIOCAP_LOG_ERROR, "%s says that it has %u channels, of at most %u",
			t->spec, rc->card.sources, REFCARD_MAX_CHANNELS);
		return -EPROTO;
	}
	for (unsigned int ch = 0; ch < rc->card.sources; ch++) {
		ret = read_source(rc, ch, &rc->source[ch]);
		if (ret == 0 && !makes_sense(&rc->source[ch]))
			ret = -EPROTO;
		if (ret == -EPROTO)
			ctx_log(t->ctx, UIOCAP_LOG_ERROR,
				"%s: what channel %u says of itself makes no sense", t->spec, ch);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static void refcard_close(struct card *card)
{
	struct refcard *rc = to_refcard(card);

	for (unsigned int ch = 0; ch < REFCARD_MAX_CHANNELS; ch++)
		refcard_channel_free(&rc->channel[ch]);
	free(rc->regs);
	free(rc);
}

static int refcard_open(struct transport *t, struct card **out)
{
	struct refcard *rc = calloc(1, sizeof(*rc));
	uint32_t caps;
	int ret;

	if (!rc)
		return -ENOMEM;
	rc->card = (struct card){
		.ops = &card_refcard, .t = t, .source = rc->source,
	};
	ret = identify(rc, &caps);
	if (ret == 0)
		ret = put(rc, REFCARD_CTRL, REFCARD_CTRL_RESET);
	if (ret == 0)
		ret = get64(rc, REFCARD_SERIAL_LO, &rc->card.serial);
	if (ret == 0)
		ret = read_sources(rc, caps);
	if (ret == 0) {
		rc->regs = refcard_regs_new(rc->card.sources, caps & REFCARD_CAPS_FAULTS,
					    &rc->reg_count);
		ret = rc->regs ? 0 : -ENOMEM;
	}
	if (ret < 0) {
		refcard_close(&rc->card);
		return ret;
	}
	*out = &rc->card;
	return 0;
}

/* ---- start and stop --------------------------------------------------------------------- */

static size_t refcard_ring_bytes(const struct card *card, unsigned int ch,
				 const struct card_setup *s)
{
	(void)card;
	(void)ch;
	return ring_bytes(ring_order(s->buffers * s->chunks));
}

static int set_irq_mask(struct refcard *rc, uint32_t mask)
{
	rc->irq_mask = mask;
	return put(rc, REFCARD_IRQ_MASK, mask);
}

static uint32_t idle_us(const struct card_setup *s)
{
	if (s->idle_ns == 0)
		return DEFAULT_IDLE_US;
	if (s->idle_ns < 1000)
		return 1;
	return s->idle_ns / 1000 > UINT32_MAX ? UINT32_MAX : s->idle_ns / 1000;
}

/*
 * One interrupt for each frame, at its end, and none in between: neither a count nor a time (§7)
 * would tell of something that can be handed out. ENABLE comes last: it latches the rest (§4).
 */
static int program(struct refcard *rc, unsigned int ch, const struct refcard_channel *c)
{
	const uint64_t ring = c->setup.ring.bus;
	const uint64_t done = ring + c->ring.entries * sizeof(struct refcard_desc);
	const struct {
		uint32_t offset;
		uint32_t value;
	} write[] = {
		{ REFCARD_CH_CHUNK_LINES, c->setup.chunk_lines },
		{ REFCARD_CH_RING_LO, (uint32_t)ring },
		{ REFCARD_CH_RING_HI, ring >> 32 },
		{ REFCARD_CH_DONE_LO, (uint32_t)done },
		{ REFCARD_CH_DONE_HI, done >> 32 },
		{ REFCARD_CH_RING_ORDER, ring_order(c->ring.entries) },
		{ REFCARD_CH_IRQ, c->setup.irq ? REFCARD_CH_IRQ_EOF : 0 },
		{ REFCARD_CH_IDLE, idle_us(&c->setup) },
		{ REFCARD_CH_CTRL, REFCARD_CH_ENABLE | (c->setup.hold ? REFCARD_CH_HOLD : 0) },
	};
	int ret = 0;

	for (unsigned int i = 0; ret == 0 && i < sizeof(write) / sizeof(write[0]); i++)
		ret = put(rc, REFCARD_CHANNEL(ch) + write[i].offset, write[i].value);
	return ret;
}

static int refcard_start(struct card *card, unsigned int ch, const struct card_setup *s)
{
	struct refcard *rc = to_refcard(card);
	struct refcard_channel *c = &rc->channel[ch];
	uint64_t ticks;
	int ret = get64(rc, REFCARD_TIME_LO, &ticks);

	if (ret == 0)
		ret = refcard_channel_start(c, ch, s,
					    card->source[ch].kind == UIOCAP_CHANNEL_STREAM,
					    ticks, now_ns());
	if (ret < 0)
		return ret;
	ret = set_irq_mask(rc, s->irq ? rc->irq_mask | 1u << ch : rc->irq_mask & ~(1u << ch));
	if (ret == 0)
		ret = program(rc, ch, c);
	return ret;
}

/* Waits until the card has done its last write for the channel (§8). */
static int wait_stopped(struct refcard *rc, unsigned int ch, uint32_t *status)
{
	const struct timespec pause = { .tv_nsec = STOP_LOOK_NS };
	const uint64_t deadline = now_ns() + STOP_TIMEOUT_NS;
	int ret;

	for (;;) {
		ret = get(rc, REFCARD_CHANNEL(ch) + REFCARD_CH_STATUS, status);
		if (ret < 0 || *status == UINT32_MAX)
			return -ENODEV;
		if (!(*status & REFCARD_CH_RUNNING))
			return 0;
		if (now_ns() > deadline)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
}

static int refcard_stop(struct card *card, unsigned int ch)
{
	struct refcard *rc = to_refcard(card);
	uint32_t status = 0;
	int ret = set_irq_mask(rc, rc->irq_mask & ~(1u << ch));

	if (ret == 0)
		ret = put(rc, REFCARD_CHANNEL(ch) + REFCARD_CH_CTRL, 0);
	if (ret == 0)
		ret = wait_stopped(rc, ch, &status);
	if (ret == -ETIMEDOUT) {
		ctx_log(card->t->ctx, UIOCAP_LOG_ERROR,
			"%s: channel %u does not stop, so the card is reset", card->t->spec, ch);
		put(rc, REFCARD_CTRL, REFCARD_CTRL_RESET);
	}
	if (ret == 0 && status & REFCARD_CH_ERROR)
		ctx_log(card->t->ctx, UIOCAP_LOG_WARNING,
			"%s: channel %u had stopped by itself: it took its rings for wrong",
			card->t->spec, ch);
	rc->channel[ch].stopped = true;
	return ret;
}

/*
 * §4 counts a stream in bytes. A buffer that came is known by its number; bytes that were dropped
 * would have filled as many buffers as they take.
 */
static int stream_produced(struct refcard *rc, unsigned int ch, uint64_t *buffers)
{
	const struct refcard_channel *c = &rc->channel[ch];
	uint64_t dropped;
	int ret = get64(rc, REFCARD_CHANNEL(ch) + REFCARD_CH_DROPPED_LO, &dropped);

	if (ret == 0)
		*buffers = c->frame + (dropped + c->setup.chunk_bytes - 1) / c->setup.chunk_bytes;
	return ret;
}

static int refcard_produced(struct card *card, unsigned int ch, uint64_t *frames)
{
	struct refcard *rc = to_refcard(card);

	if (rc->channel[ch].stream)
		return stream_produced(rc, ch, frames);
	return get64(rc, REFCARD_CHANNEL(ch) + REFCARD_CH_PRODUCED_LO, frames);
}

/*
 * A reset leaves the clock alone (§3), and frames begin at fixed times (§12). So the frames since
 * the last completion are known, to one or so: it takes a period to the end of the next, and less
 * where the last chunk was not the last of its frame. A source that waits for us produces nothing
 * meanwhile.
 */
static uint64_t refcard_missed(struct card *card, unsigned int ch)
{
	const struct refcard_channel *c = &to_refcard(card)->channel[ch];
	const uint64_t period = card->source[ch].period_ns;
	uint64_t ticks, part = 0;

	if (period == 0 || c->setup.hold || c->stream ||
	    get64(to_refcard(card), REFCARD_TIME_LO, &ticks) != 0 || ticks < c->ticks)
		return 0;
	if (c->ring.taken > 0)
		part = period / c->setup.chunks * (c->chunk > 0 ? c->chunk : c->setup.chunks);
	return ((ticks - c->ticks) * REFCARD_TICK_NS + part) / period;
}

/* ---- while it runs ---------------------------------------------------------------------- */

static void refcard_post(struct card *card, unsigned int ch, unsigned int buffer)
{
	struct refcard_channel *c = &to_refcard(card)->channel[ch];

	ring_post(&c->ring, c->ready + buffer * c->setup.chunks, c->setup.chunks);
}

static void refcard_flush(struct card *card, unsigned int ch)
{
	struct refcard *rc = to_refcard(card);
	struct refcard_channel *c = &rc->channel[ch];

	if (c->told == c->ring.posted)
		return;
	c->told = c->ring.posted;
	put(rc, REFCARD_CHANNEL(ch) + REFCARD_CH_DOORBELL, (uint32_t)c->told);
}

static unsigned int refcard_collect(struct card *card, unsigned int ch, uint64_t time_ns,
				    struct card_run *runs, unsigned int max)
{
	struct refcard_channel *c = &to_refcard(card)->channel[ch];

	if (refcard_channel_is_quiet(c, time_ns))
		return 0;
	return refcard_channel_collect(c, time_ns, runs, max);
}

static void refcard_counts(const struct card *card, unsigned int ch, uint64_t *chunks,
			   uint64_t *bad)
{
	const struct refcard *rc = (const struct refcard *)card;

	*chunks = rc->channel[ch].ring.taken;
	*bad = rc->channel[ch].bad;
}

/* §7: with MSI-X a status bit clears itself when its message has been sent. */
static void refcard_ack(struct card *card)
{
	struct refcard *rc = to_refcard(card);

	if (card->t->irq_kind != UIOCAP_IRQ_MSIX)
		put(rc, REFCARD_IRQ_ACK, UINT32_MAX);
}

/* §3: a card that is gone or dead reads as ones or zeros. */
static int refcard_alive(struct card *card)
{
	uint32_t id;
	int ret = get(to_refcard(card), REFCARD_ID, &id);

	return ret < 0 || id != REFCARD_ID_VALUE ? -ENODEV : 0;
}

/*
 * PRODUCED is read before DROPPED: a frame that is dropped in between must not look like one that
 * was written. What the card has written is in memory when its answer is (§12).
 */
static bool refcard_stuck(struct card *card, unsigned int ch)
{
	struct refcard *rc = to_refcard(card);
	const struct refcard_channel *c = &rc->channel[ch];
	const uint32_t base = REFCARD_CHANNEL(ch);
	uint64_t produced, dropped;
	uint32_t status;

	if (get(rc, base + REFCARD_CH_STATUS, &status) < 0 || status == UINT32_MAX)
		return false;
	if (!(status & REFCARD_CH_RUNNING))	/* the source of a stream may have ended */
		return !c->stream || status & REFCARD_CH_ERROR;
	if (c->stream || get64(rc, base + REFCARD_CH_PRODUCED_LO, &produced) ||
	    get64(rc, base + REFCARD_CH_DROPPED_LO, &dropped))
		return false;
	return (produced - dropped) * c->setup.chunks >= c->told &&
	       !ring_next_written(&c->ring);
}

static int refcard_raise(struct card *card, unsigned int vector)
{
	struct refcard *rc = to_refcard(card);
	int ret;

	if (vector >= REFCARD_MAX_CHANNELS)
		return -EINVAL;
	ret = set_irq_mask(rc, rc->irq_mask | 1u << vector);
	if (ret == 0)
		ret = put(rc, REFCARD_IRQ_FORCE, 1u << vector);
	return ret;
}

static const struct uiocap_register *refcard_reg(const struct card *card, unsigned int n)
{
	const struct refcard *rc = (const struct refcard *)card;

	return n < rc->reg_count ? &rc->regs[n] : NULL;
}

const struct card_ops card_refcard = {
	.name = "refcard",
	.matches = refcard_matches,
	.open = refcard_open,
	.close = refcard_close,
	.ring_bytes = refcard_ring_bytes,
	.start = refcard_start,
	.stop = refcard_stop,
	.post = refcard_post,
	.flush = refcard_flush,
	.collect = refcard_collect,
	.counts = refcard_counts,
	.produced = refcard_produced,
	.missed = refcard_missed,
	.ack = refcard_ack,
	.alive = refcard_alive,
	.stuck = refcard_stuck,
	.raise = refcard_raise,
	.reg = refcard_reg,
};
