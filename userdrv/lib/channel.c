/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * channel.c - one channel: the user's wishes, its buffers, from completions to frames
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "barrier.h"
#include "internal.h"

void channel_init(struct uiocap_channel *c, struct uiocap_card *owner, unsigned int number)
{
	*c = (struct uiocap_channel){
		.owner = owner, .number = number, .source = &owner->card->source[number],
	};
	channel_plan(c);
}

/* ---- wishes ----------------------------------------------------------------------------- */

/* The card's own choice of chunk, or what fits a transfer where that would be too much. */
static uint32_t default_lines(const struct card_source *src)
{
	uint32_t most = src->max_chunk_bytes / src->width_bytes;
	uint32_t lines = src->chunk_lines < most ? src->chunk_lines : most;

	return lines < src->height ? lines : src->height;
}

void channel_plan(struct uiocap_channel *c)
{
	const struct card_source *src = c->source;
	struct card_setup *s = &c->setup;
	uint32_t lines = c->want_lines > 0 ? c->want_lines : default_lines(src);

	*s = (struct card_setup){
		.chunk_lines = lines,
		.chunk_bytes = lines * src->width_bytes,
		.chunks = (src->height + lines - 1) / lines,
		.hold = c->want_hold,
		.irq = card_uses_irqs(c->owner),
		.idle_ns = c->want_idle_ns,
	};
	s->last_bytes = (src->height - (s->chunks - 1) * lines) * src->width_bytes;
}

int uiocap_channel_enable(struct uiocap_channel *channel, bool enable)
{
	if (channel->owner->started)
		return -EBUSY;
	if (enable && channel->source->absent)
		return -ENODATA;
	channel->enabled = enable;
	return 0;
}

int uiocap_channel_set_buffers(struct uiocap_channel *channel, unsigned int buffers)
{
	if (channel->owner->started)
		return -EBUSY;
	if (buffers > 0 && buffers < MIN_BUFFERS)
		return -EINVAL;
	channel->want_buffers = buffers;
	return 0;
}

int uiocap_channel_set_chunk_lines(struct uiocap_channel *channel, uint32_t lines)
{
	const struct card_source *src = channel->source;

	if (channel->owner->started)
		return -EBUSY;
	if (lines > src->height || (uint64_t)lines * src->width_bytes > src->max_chunk_bytes)
		return -EINVAL;
	if (lines > 0 && (src->height + lines - 1) / lines > src->max_posted / MIN_BUFFERS)
		return -EINVAL;
	channel->want_lines = lines;
	return 0;
}

int uiocap_channel_set_hold(struct uiocap_channel *channel, bool hold)
{
	if (channel->owner->started)
		return -EBUSY;
	channel->want_hold = hold;
	return 0;
}

int uiocap_channel_set_idle(struct uiocap_channel *channel, uint64_t idle_ns)
{
	if (channel->owner->started)
		return -EBUSY;
	channel->want_idle_ns = idle_ns;
	return 0;
}

void uiocap_channel_set_callback(struct uiocap_channel *channel, uiocap_frame_fn fn, void *data)
{
	channel->fn = fn;
	channel->fn_data = data;
}

/* ---- buffers ---------------------------------------------------------------------------- */

/* How many of @buffers can be in the ring at a time. */
static unsigned int postable(const struct uiocap_channel *c, unsigned int buffers)
{
	unsigned int most = c->source->max_posted / c->setup.chunks;

	return buffers < most ? buffers : most;
}

static void set_memory(const struct uiocap_channel *c, const struct region *r, size_t offset,
		       unsigned int buffer)
{
	uint64_t *bus = c->chunk_bus + (size_t)buffer * c->setup.chunks;

	c->frame[buffer].data = c->owner->t->dma + offset;
	for (uint32_t i = 0; i < c->setup.chunks; i++)
		bus[i] = region_bus(r, offset + (size_t)i * c->setup.chunk_bytes);
}

/* Rings first, then the buffers. Where they are is stored if @setup is given. */
static int place(const struct uiocap_channel *c, struct region *r, unsigned int buffers,
		 struct card_setup *setup)
{
	const struct card *card = c->owner->card;
	struct card_setup s = c->setup;
	size_t len, at;
	int ret;

	s.pool = buffers;
	s.buffers = postable(c, buffers);
	s.chunk_bus = c->chunk_bus;
	len = card->ops->ring_bytes(card, c->number, &s);
	ret = region_take(r, len, len, &at);
	if (ret == 0 && setup) {
		s.ring.data = c->owner->t->dma + at;
		s.ring.bus = region_bus(r, at);
		s.ring.len = len;
		*setup = s;
	}
	for (unsigned int i = 0; ret == 0 && i < buffers; i++) {
		ret = region_take(r, channel_frame_bytes(c), s.chunk_bytes, &at);
		if (ret == 0 && setup)
			set_memory(c, r, at, i);
	}
	return ret;
}

int channel_try(const struct uiocap_channel *c, struct region *r, unsigned int buffers)
{
	return place(c, r, buffers, NULL);
}

/* The frames, and behind them in the same block the addresses and the bits of their chunks. */
static int new_frames(struct uiocap_channel *c, unsigned int buffers)
{
	const size_t chunks = c->setup.chunks;
	const size_t words = (chunks + FRAME_WORD_BITS - 1) / FRAME_WORD_BITS;
	uint64_t *have;

	c->frame = calloc(buffers, sizeof(*c->frame) + (chunks + words) * sizeof(uint64_t));
	if (!c->frame)
		return -ENOMEM;
	c->buffers = buffers;
	c->chunk_bus = (uint64_t *)(c->frame + buffers);
	have = c->chunk_bus + buffers * chunks;
	for (unsigned int i = 0; i < buffers; i++) {
		c->frame[i].channel = c;
		c->frame[i].have = have + i * words;
	}
	return 0;
}

int channel_alloc(struct uiocap_channel *c, struct region *r, unsigned int buffers)
{
	int ret;

	channel_free(c);
	ret = new_frames(c, buffers);
	if (ret == 0)
		ret = place(c, r, buffers, &c->setup);
	if (ret == 0)
		ret = assembler_init(&c->frames, c->setup.buffers, c->setup.chunks);
	return ret;
}

void channel_free(struct uiocap_channel *c)
{
	assembler_exit(&c->frames);
	c->frames = (struct assembler){ 0 };
	free(c->frame);
	c->frame = NULL;
	c->chunk_bus = NULL;
	c->buffers = 0;
	c->owner->ready &= ~(UINT64_C(1) << c->number);
}

/* ---- the way of the buffers ------------------------------------------------------------- */

/*
 * The doorbell is rung for a batch: a quarter of the buffers that the ring holds may wait for it.
 * It is rung earlier when the card knows of less than half, which is when the user holds many.
 * Either way the card never runs dry because of a doorbell that we owe it.
 */
static bool knows_few(const struct uiocap_channel *c)
{
	return c->told - c->frames.tail < c->setup.buffers / 2;
}

static inline void ring_doorbell(struct uiocap_channel *c)
{
	struct card *card = c->owner->card;
	uint64_t untold = c->frames.head - c->told;

	if (untold == 0 || (untold < c->setup.buffers / 4 && !knows_few(c)))
		return;
	card->ops->flush(card, c->number);
	c->told = c->frames.head;
}

static bool has_room(const struct uiocap_channel *c)
{
	return assembler_posted(&c->frames) < c->setup.buffers;
}

static void post(struct uiocap_channel *c, struct uiocap_frame *frame)
{
	struct card *card = c->owner->card;

	card->ops->post(card, c->number, frame - c->frame);
	assembler_post(&c->frames, frame);
}

/* Posts what is spare, as far as the ring has room. */
static void post_spare(struct uiocap_channel *c)
{
	while (c->frames.spare.first && has_room(c))
		post(c, frame_queue_take(&c->frames.spare));
	ring_doorbell(c);
}

void channel_return(struct uiocap_channel *c, struct uiocap_frame *frame)
{
	if (frame->state != FRAME_HELD)
		return;
	frame->state = FRAME_SPARE;
	c->owner->held--;
	if (!c->running || c->owner->gone)
		return;
	barrier_before_repost();
	if (c->frames.spare.first || !has_room(c)) {
		frame_queue_add(&c->frames.spare, frame);
		post_spare(c);
	} else {
		post(c, frame);
		ring_doorbell(c);
	}
}

/* Nothing is posted, neither to the card nor in the assembler. */
static int run(struct uiocap_channel *c)
{
	struct card *card = c->owner->card;
	int ret;

	memset(c->setup.ring.data, 0, c->setup.ring.len);
	c->running = true;
	c->told = 0;
	ret = card->ops->start(card, c->number, &c->setup);
	if (ret == 0)
		post_spare(c);
	return ret;
}

int channel_start(struct uiocap_channel *c)
{
	for (unsigned int i = 0; i < c->buffers; i++)
		frame_queue_add(&c->frames.spare, &c->frame[i]);
	return run(c);
}

static void show_ready(struct uiocap_channel *c)
{
	if (c->frames.ready.first)
		c->owner->ready |= UINT64_C(1) << c->number;
}

void channel_take(struct uiocap_channel *c, const struct card_run *runs, unsigned int n,
		  uint64_t now_ns)
{
	for (unsigned int i = 0; i < n; i++)
		assembler_run(&c->frames, &runs[i], now_ns);
	show_ready(c);
	if (c->running && (c->frames.spare.first || knows_few(c)))
		post_spare(c);
}

int channel_stop(struct uiocap_channel *c)
{
	struct card *card = c->owner->card;

	c->running = false;
	return card->ops->stop(card, c->number);
}

/* No more than was posted can come, whatever a card that will not stop goes on writing. */
static void drain(struct uiocap_channel *c, uint64_t now_ns)
{
	struct card *card = c->owner->card;
	uint64_t left = c->owner->gone ? 0 : (uint64_t)c->setup.buffers * c->setup.chunks;
	struct card_run runs[CARD_RUNS];
	unsigned int n = CARD_RUNS;

	for (; left > 0 && n == CARD_RUNS; left--) {
		n = card->ops->collect(card, c->number, now_ns, runs, CARD_RUNS);
		channel_take(c, runs, n, now_ns);
	}
}

/* What the card has said itself can be more than what came of it. */
static uint64_t known(const struct uiocap_channel *c)
{
	const struct card *card = c->owner->card;
	const struct card_ops *ops = card->ops;
	uint64_t come = assembler_known(&c->frames);
	uint64_t said = ops->last_word ? c->frames.base + ops->last_word(card, c->number) : 0;

	return said > come ? said : come;
}

void channel_settle(struct uiocap_channel *c, bool counted, uint64_t now_ns)
{
	struct card *card = c->owner->card;
	uint64_t produced;

	drain(c, now_ns);
	if (counted && card->ops->produced(card, c->number, &produced) == 0)
		produced += c->frames.base;
	else
		produced = known(c);
	c->produced = assembler_stop(&c->frames, produced, now_ns);
	show_ready(c);
}

void channel_cut(struct uiocap_channel *c, uint64_t now_ns)
{
	struct card *card = c->owner->card;

	channel_stop(c);
	drain(c, now_ns);
	assembler_stop(&c->frames, UINT64_MAX, now_ns);
	show_ready(c);
	c->produced = assembler_known(&c->frames);
	c->missed = card->ops->missed ? card->ops->missed(card, c->number) : 0;
}

/* With fresh rings and what buffers are free; @base is the number of the first frame. */
static int run_anew(struct uiocap_channel *c, uint64_t base)
{
	struct card *card = c->owner->card;
	uint64_t chunks, bad;

	card->ops->counts(card, c->number, &chunks, &bad);
	c->before.chunks += chunks;
	c->before.bad += bad;
	assembler_restart(&c->frames, base);
	return run(c);
}

int channel_resume(struct uiocap_channel *c)
{
	c->before.resets++;
	c->before.reset_lost += c->missed;
	return run_anew(c, c->produced + c->missed);
}

int channel_restart(struct uiocap_channel *c, uint64_t now_ns)
{
	int ret = channel_stop(c);

	if (ret == -ENODEV)
		return ret;
	channel_settle(c, ret == 0, now_ns);
	if (c->produced < assembler_known(&c->frames))	/* the card has forgotten */
		c->produced = assembler_known(&c->frames);
	return run_anew(c, c->produced);
}

bool channel_ended(const struct uiocap_channel *c)
{
	return !c->running || c->frames.ended;
}

/* ---- what it is, how it is doing -------------------------------------------------------- */

void uiocap_channel_get_info(const struct uiocap_channel *channel, struct uiocap_channel_info *out)
{
	const struct card_source *src = channel->source;

	*out = (struct uiocap_channel_info){
		.number = channel->number,
		.kind = src->kind,
		.width_bytes = src->width_bytes,
		.height = src->height,
		.period_ns = src->period_ns,
		.chunk_lines = channel->want_lines > 0 ? channel->want_lines : default_lines(src),
		.buffers = channel->buffers > 0 ? channel->buffers : channel->want_buffers,
	};
}

void uiocap_channel_get_stats(const struct uiocap_channel *channel, struct uiocap_stats *out)
{
	const struct assembler *a = &channel->frames;
	const struct card *card = channel->owner->card;
	uint64_t got = a->delivered + a->incomplete;
	uint64_t chunks, bad;
	uint64_t produced = channel->running ? known(channel) : channel->produced;

	card->ops->counts(card, channel->number, &chunks, &bad);
	*out = (struct uiocap_stats){
		.produced = produced > got ? produced : got,
		.delivered = a->delivered,
		.incomplete = a->incomplete,
		.lost = produced > got ? produced - got : 0,
		.bytes = a->bytes,
		.chunks = channel->before.chunks + chunks,
		.bad = channel->before.bad + bad + a->bad,
		.resets = channel->before.resets,
		.reset_lost = channel->before.reset_lost,
	};
}
