/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_rings.c - completions of a card that says whatever it likes, against the library's rings,
 * channels and frames
 *
 * The bytes are steps: a letter modulo STEPS, and what it wants. Whatever they are,
 *
 *	each buffer is at exactly one place: spare, posted, ready or held;
 *	produced = delivered + incomplete + lost, and no frame is handed out but those counted;
 *	a whole frame has every chunk;
 *	nothing is written but the rings.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "paper.h"

#define HELD_MAX	16
#define BLOCK		4096
/* Frames in all: few, for speed; or so many that 16-bit numbers of chunks are through. */
#define RUN_FEW		50
#define RUN_MANY	1500

enum step {
	GOOD,		/* an honest completion, with as many changes as the next byte says */
	RAW,		/* 16 bytes somewhere in the completion ring */
	ACQUIRE,
	RELEASE,
	PASS,		/* time */
	RUN,		/* many honest frames */
	AGAIN,		/* stop and start */
	STEPS
};

/* The honest part of the card: what it would write next. */
struct honest {
	uint64_t desc;
	uint64_t done;
	uint64_t frame;
	uint32_t chunk;
};

static struct paper *paper;
static struct uiocap_card *card;
static struct honest honest[PAPER_CHANNELS];
static struct uiocap_frame *held[HELD_MAX];
static unsigned int held_count;
static uint64_t taken[PAPER_CHANNELS];
static unsigned int to_run;

static const uint8_t *in;
static size_t left;

static uint8_t byte(void)
{
	if (left == 0)
		return 0;
	left--;
	return *in++;
}

static struct uiocap_channel *channel(unsigned int ch)
{
	return uiocap_card_channel(card, ch);
}

/* ---- what always holds ------------------------------------------------------------------- */

static unsigned int in_queue(const struct frame_queue *q, const struct uiocap_frame *frame)
{
	unsigned int n = 0;

	for (const struct uiocap_frame *f = q->first; f; f = f->next)
		n += f == frame;
	return n;
}

static unsigned int in_ring(const struct assembler *a, const struct uiocap_frame *frame)
{
	unsigned int n = 0;

	for (uint64_t slot = a->tail; slot < a->head; slot++)
		n += a->slot[slot & a->mask] == frame;
	return n;
}

static unsigned int in_hand(const struct uiocap_frame *frame)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < held_count; i++)
		n += held[i] == frame;
	return n;
}

static void check_buffers(const struct uiocap_channel *c)
{
	const struct assembler *a = &c->frames;

	for (unsigned int i = 0; i < c->buffers; i++) {
		const struct uiocap_frame *f = &c->frame[i];

		paper_check(in_queue(&a->spare, f) + in_ring(a, f) + in_queue(&a->ready, f) +
			    in_hand(f) == 1);
	}
}

static void check_account(unsigned int ch)
{
	struct uiocap_stats s;
	uint64_t ready = 0;

	uiocap_channel_get_stats(channel(ch), &s);
	for (const struct uiocap_frame *f = channel(ch)->frames.ready.first; f; f = f->next)
		ready++;
	paper_check(s.produced == s.delivered + s.incomplete + s.lost);
	paper_check(s.delivered + s.incomplete == taken[ch] + ready);
}

static void check_all(void)
{
	for (unsigned int ch = 0; ch < PAPER_CHANNELS; ch++) {
		check_buffers(channel(ch));
		check_account(ch);
	}
}

static bool is_ring(const uint8_t *at)
{
	for (unsigned int ch = 0; ch < PAPER_CHANNELS; ch++) {
		const struct uiocap_segment *ring = &channel(ch)->setup.ring;
		const uint8_t *begin = ring->data;

		if (at >= begin && at < begin + ring->len)
			return true;
	}
	return false;
}

static void check_block(const uint8_t *block)
{
	for (unsigned int i = 0; i < BLOCK; i++)
		paper_check(block[i] == PAPER_BLANK || is_ring(block + i));
}

static void check_memory(void)
{
	static uint8_t blank[BLOCK];

	memset(blank, PAPER_BLANK, BLOCK);
	for (size_t at = 0; at < PAPER_MEMORY; at += BLOCK)
		if (memcmp(paper->t.dma + at, blank, BLOCK))
			check_block(paper->t.dma + at);
}

/* ---- frames ------------------------------------------------------------------------------- */

static void check_frame(const struct uiocap_frame *frame)
{
	const uint8_t *data = uiocap_frame_data(frame);
	unsigned int status = uiocap_frame_status(frame);
	uint32_t line = 0, lines, gaps = 0;

	paper_check(data >= paper->t.dma && uiocap_frame_size(frame) <=
		    (size_t)(paper->t.dma + PAPER_MEMORY - data));
	for (; uiocap_frame_next_gap(frame, &line, &lines); line += lines)
		paper_check(lines > 0 && ++gaps <= frame->channel->source->height);
	paper_check(gaps == 0 || status & UIOCAP_FRAME_MISSING);
}

static bool acquire(void)
{
	struct uiocap_frame *frame;

	if (held_count == HELD_MAX || uiocap_card_acquire(card, 0, &frame) != 1)
		return false;
	check_frame(frame);
	taken[frame->channel->number]++;
	held[held_count++] = frame;
	return true;
}

static void release(unsigned int n)
{
	if (held_count == 0)
		return;
	n %= held_count;
	uiocap_frame_release(held[n]);
	held[n] = held[--held_count];
}

static void release_all(void)
{
	while (held_count > 0)
		release(0);
}

/* ---- the card ------------------------------------------------------------------------------ */

static uint32_t ring_entries_of(unsigned int ch)
{
	return 1u << *paper_reg(paper, ch, REFCARD_CH_RING_ORDER);
}

static struct refcard_done *done_at(unsigned int ch, uint64_t n)
{
	uint64_t at = n % ring_entries_of(ch) * sizeof(struct refcard_done);

	return paper_memory(paper, paper_reg64(paper, ch, REFCARD_CH_DONE_LO) + at,
			    sizeof(struct refcard_done));
}

static struct refcard_done honest_done(unsigned int ch)
{
	const struct card_setup *s = &channel(ch)->setup;
	const struct honest *h = &honest[ch];
	bool last = h->chunk == s->chunks - 1;

	return (struct refcard_done){
		.frame = (uint32_t)h->frame,
		.where = h->chunk << 16 | (uint16_t)h->desc,
		.status = (last ? s->last_bytes | REFCARD_DONE_EOF : s->chunk_bytes) |
			  (h->chunk == 0 ? REFCARD_DONE_SOF : 0) | REFCARD_DONE_CHANNEL(ch) |
			  (h->done / ring_entries_of(ch) % 2 ? 0 : REFCARD_DONE_PHASE),
	};
}

static void advance(unsigned int ch)
{
	struct honest *h = &honest[ch];

	h->done++;
	h->desc++;
	if (++h->chunk < channel(ch)->setup.chunks)
		return;
	h->chunk = 0;
	h->frame++;
	*paper_reg(paper, ch, REFCARD_CH_PRODUCED_LO) = (uint32_t)h->frame;
}

/* A card has no descriptor but those posted; of these it may say what it likes. */
static void good(unsigned int ch, unsigned int changes)
{
	struct refcard_done done = honest_done(ch);
	uint8_t *bytes = (uint8_t *)&done;

	if (honest[ch].desc == paper->doorbell[ch])
		return;
	while (changes-- > 0) {
		uint8_t where = byte();

		bytes[where % sizeof(done)] ^= byte();
	}
	*done_at(ch, honest[ch].done) = done;
	advance(ch);
}

static void raw(unsigned int ch)
{
	uint8_t *to = (uint8_t *)done_at(ch, byte());

	for (unsigned int i = 0; i < sizeof(struct refcard_done); i++)
		to[i] = byte();
}

static void run(unsigned int ch, unsigned int frames)
{
	for (; frames > 0 && to_run > 0; frames--, to_run--) {
		for (unsigned int n = channel(ch)->setup.chunks; n > 0; n--)
			good(ch, 0);
		while (acquire())
			release(held_count - 1);
	}
}

/* ---- a life -------------------------------------------------------------------------------- */

static void start(void)
{
	memset(honest, 0, sizeof(honest));
	memset(taken, 0, sizeof(taken));
	for (unsigned int ch = 0; ch < PAPER_CHANNELS; ch++)
		*paper_reg(paper, ch, REFCARD_CH_PRODUCED_LO) = 0;
	paper_check(!uiocap_card_start(card));
	check_all();
}

static void stop(void)
{
	uiocap_card_stop(card);
	release_all();
	while (acquire())
		;
	release_all();
	for (unsigned int ch = 0; ch < PAPER_CHANNELS; ch++)
		check_account(ch);
	check_memory();
}

static void open_card(unsigned int wishes)
{
	paper = paper_new();
	paper_check(!paper_open(paper, &card));
	for (unsigned int ch = 0; ch < PAPER_CHANNELS; ch++)
		uiocap_channel_enable(channel(ch), true);
	uiocap_channel_set_buffers(channel(0), 2 + wishes % 7);
	uiocap_channel_set_chunk_lines(channel(0), wishes / 8 % 2);
	to_run = wishes & 0xf0 ? RUN_FEW : RUN_MANY;
	uiocap_channel_set_buffers(channel(1), 2);
}

static void take_step(enum step step, unsigned int ch)
{
	switch (step) {
	case GOOD:
		return good(ch, byte() % 5);
	case RAW:
		return raw(ch);
	case ACQUIRE:
		acquire();
		return;
	case RELEASE:
		return release(byte());
	case PASS:
		return paper_pass(UINT64_C(1) << byte() % 40);
	case RUN:
		return run(ch, byte() << byte() % 6);
	default:
		stop();
		memset(paper->t.dma, PAPER_BLANK, PAPER_MEMORY);
		return start();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	in = data;
	left = size;
	open_card(byte());
	start();
	while (left > 0) {
		uint8_t b = byte();

		take_step(b / 2 % STEPS, b % 2);
		check_all();
	}
	stop();
	paper_check(!uiocap_card_close(card));
	paper_free(paper);
	return 0;
}
