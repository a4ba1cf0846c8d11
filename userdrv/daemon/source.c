// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * source.c - the card: its frames are copied into the ring, once, and offered to the clients
 *
 * The card's buffer is given back as soon as the copy is made, and so a client that is slow holds a
 * slot of the ring and never a buffer of the card.
 */
#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "say.h"
#include "slots.h"
#include "userdrv/cli/clock.h"

/**
 * struct source_channel - a channel of the card
 * @owner:   whose it is
 * @channel: the library's
 * @info:    what clients are told
 * @next:    number of the frame to come
 */
struct source_channel {
	struct source *owner;
	struct uiocap_channel *channel;
	struct message_channel info;
	uint64_t next;
};

/**
 * struct source - the card
 * @message: of the frame in hand, with room for its runs
 * @ended:   bit n: channel n has
 * @copied:  bytes
 * @irqs:    interrupts before it was opened
 * @started_ns: when it began to capture
 */
struct source {
	struct uiocap_card *card;
	struct uiocap_card_info info;
	struct slots *slots;
	struct source_channel channel[MESSAGE_MAX_CHANNELS];
	source_wanted_fn wanted;
	source_frame_fn fn;
	void *data;
	struct message_frame *message;
	uint64_t ended;
	uint64_t copied;
	uint64_t irqs;
	int64_t started_ns;
};

/* ---- open ------------------------------------------------------------------------------- */

static void describe(struct source_channel *c, const struct settings *settings)
{
	struct uiocap_channel_info info;
	bool wanted;

	uiocap_channel_get_info(c->channel, &info);
	wanted = settings->channels >> info.number & 1;
	c->info = (struct message_channel){
		.kind = info.kind,
		.running = wanted,
		.width_bytes = info.width_bytes,
		.height = info.height,
		.chunk_lines = info.chunk_lines,
		.chunks = (info.height + info.chunk_lines - 1) / info.chunk_lines,
		.period_ns = info.period_ns,
	};
	uiocap_channel_enable(c->channel, wanted);
	uiocap_channel_set_buffers(c->channel, settings->card_buffers);
}

static uint64_t frame_bytes(const struct message_channel *info)
{
	return (uint64_t)info->width_bytes * info->height;
}

/* As large as it may be, but not larger than all clients together could ever need. */
static int make_ring(struct source *s, const struct settings *settings)
{
	uint64_t bytes = 0, most = 0, count;

	for (unsigned int n = 0; n < s->info.channels; n++) {
		const struct message_channel *info = &s->channel[n].info;

		if (!info->running)
			continue;
		bytes = frame_bytes(info) > bytes ? frame_bytes(info) : bytes;
		most += (uint64_t)MESSAGE_MAX_CLIENTS * MESSAGE_MAX_GIVEN;
	}
	bytes = (bytes + 4095) / 4096 * 4096;
	if (bytes == 0) {
		say(SAY_ERROR, "%s has none of the channels that [card] channels names", s->info.spec);
		return -EINVAL;
	}
	count = settings->memory_bytes / bytes;
	if (count < 2 || bytes > UINT32_MAX) {
		say(SAY_ERROR, "[clients] memory is too small: a frame has up to %llu bytes",
		    (unsigned long long)bytes);
		return -EINVAL;
	}
	return slots_new(count < most ? count : most, bytes, &s->slots);
}

static int set_up(struct source *s, struct uiocap_ctx *ctx, const char *spec,
		  const struct settings *settings)
{
	int ret = uiocap_card_open(ctx, spec, NULL, &s->card);

	if (ret < 0)
		return ret;
	uiocap_card_get_info(s->card, &s->info);
	for (unsigned int n = 0; n < s->info.channels; n++) {
		s->channel[n].owner = s;
		s->channel[n].channel = uiocap_card_channel(s->card, n);
		describe(&s->channel[n], settings);
	}
	s->irqs = source_irqs(s);
	uiocap_card_set_on_reset(s->card, UIOCAP_ON_RESET_RESUME);
	return make_ring(s, settings);
}

int source_open(struct uiocap_ctx *ctx, const char *spec, const struct settings *settings,
		struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	int ret = -ENOMEM;

	if (s)
		s->message = malloc(MESSAGE_MAX_BYTES);
	if (s && s->message)
		ret = set_up(s, ctx, spec, settings);
	if (ret < 0) {
		source_close(s);
		return ret;
	}
	*out = s;
	return 0;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	uiocap_card_close(s->card);
	slots_free(s->slots);
	free(s->message);
	free(s);
}

/* ---- frames ----------------------------------------------------------------------------- */

/* What has arrived lies between the gaps. What the message has no room for counts as missing. */
static uint32_t find_runs(const struct uiocap_frame *frame, const struct message_channel *info,
			  struct message_run *run)
{
	uint32_t chunk = 0, line = 0, lines = 0, count = 0;
	bool more = true;

	while (more && count < MESSAGE_MAX_RUNS) {
		uint32_t end = info->chunks;

		more = uiocap_frame_next_gap(frame, &line, &lines) == 1;
		if (more)
			end = line / info->chunk_lines;
		if (end > chunk)
			run[count++] = (struct message_run){ .first = chunk, .count = end - chunk };
		line += lines;
		chunk = (line + info->chunk_lines - 1) / info->chunk_lines;
	}
	return count;
}

static void fill_in(struct source_channel *c, const struct uiocap_frame *frame)
{
	struct message_frame *m = c->owner->message;
	uint32_t status = uiocap_frame_status(frame);

	*m = (struct message_frame){
		.head = { .type = MESSAGE_FRAME, .channel = c - c->owner->channel },
		.status = status,
		.number = uiocap_frame_number(frame),
		.card_number = uiocap_frame_card_number(frame),
		.card_time_ns = uiocap_frame_card_time_ns(frame),
		.bytes = uiocap_frame_size(frame),
	};
	if (status & UIOCAP_FRAME_MISSING)
		m->runs = find_runs(frame, &c->info, m->run);
	m->head.bytes = sizeof(*m) + m->runs * sizeof(m->run[0]);
}

static int copy(struct source *s, const struct uiocap_frame *frame)
{
	size_t bytes = uiocap_frame_size(frame);
	int slot = slots_take(s->slots);

	if (slot < 0)	/* cannot be, for who waits for a frame has a slot that he does not use */
		return slot;
	memcpy(slots_data(s->slots, slot), uiocap_frame_data(frame), bytes);
	s->copied += bytes;
	return slot;
}

static void take_frame(void *data, struct uiocap_frame *frame)
{
	struct source_channel *c = data;
	struct source *s = c->owner;
	int slot = -1;

	fill_in(c, frame);
	if (s->wanted(s->data, s->message->head.channel))
		slot = copy(s, frame);
	uiocap_frame_release(frame);
	s->fn(s->data, s->message, slot);
	if (slot >= 0)
		slots_drop(s->slots, slot);
	c->next = s->message->number + 1;
}

int source_start(struct source *s, source_wanted_fn wanted, source_frame_fn fn, void *data)
{
	s->wanted = wanted;
	s->fn = fn;
	s->data = data;
	for (unsigned int n = 0; n < s->info.channels; n++)
		uiocap_channel_set_callback(s->channel[n].channel, take_frame, &s->channel[n]);
	s->started_ns = clock_ns();
	return uiocap_card_start(s->card);
}

/*
 * Until nothing is left, or the descriptor would be readable again at once; but clients are to have
 * their turn when a card is faster than its frames can be copied.
 */
static int dispatch_some(void *data)
{
	struct source *s = data;
	int ret = 1;

	for (unsigned int i = 0; i < 8 && ret > 0; i++)
		ret = uiocap_card_dispatch(s->card, 0);
	return ret < 0 && ret != -EINTR ? ret : 0;
}

static void note_end(struct source *s, unsigned int n)
{
	if (!s->channel[n].info.running || s->ended >> n & 1)
		return;
	s->ended |= UINT64_C(1) << n;
	say(SAY_INFO, "channel %u has ended", n);
}

int source_dispatch(struct source *s)
{
	int ret = guard_run(dispatch_some, s);

	for (unsigned int n = 0; ret == -ENODATA && n < s->info.channels; n++)
		note_end(s, n);
	return ret;
}

/* The last frame need not say it: an end without a byte is no frame. */
static int find_ends(void *data)
{
	struct source *s = data;
	int ret = 0;

	for (unsigned int n = 0; n < s->info.channels && ret >= 0; n++) {
		struct source_channel *c = &s->channel[n];
		struct uiocap_frame *frame;

		if (c->info.kind != UIOCAP_CHANNEL_STREAM || s->ended >> n & 1)
			continue;
		ret = uiocap_channel_acquire(c->channel, 0, &frame);
		if (ret == 1)
			take_frame(c, frame);
		if (ret == -ENODATA)
			note_end(s, n);
		if (ret == -ENODATA || ret == -EINTR)
			ret = 0;
	}
	return ret < 0 ? ret : 0;
}

int source_tick(struct source *s)
{
	int ret = source_dispatch(s);

	return ret < 0 ? ret : guard_run(find_ends, s);
}

static int stop_and_drain(void *data)
{
	struct source *s = data;
	int ret;

	uiocap_card_stop(s->card);
	do
		ret = uiocap_card_dispatch(s->card, 0);
	while (ret > 0 || ret == -EINTR);
	for (unsigned int n = 0; n < s->info.channels; n++) {
		struct uiocap_stats stats;

		source_get_stats(s, n, &stats);
		s->channel[n].next = stats.produced;	/* and those that it lost at the very end */
	}
	return 0;
}

void source_stop(struct source *s)
{
	guard_run(stop_and_drain, s);
}

/* ---- what it is, how it is doing -------------------------------------------------------- */

int source_fd(const struct source *s)
{
	return uiocap_card_fd(s->card);
}

bool source_has_irqs(const struct source *s)
{
	return s->info.irq_kind != UIOCAP_IRQ_NONE;
}

struct slots *source_slots(const struct source *s)
{
	return s->slots;
}

const struct uiocap_card_info *source_info(const struct source *s)
{
	return &s->info;
}

unsigned int source_channels(const struct source *s)
{
	return s->info.channels;
}

const struct message_channel *source_channel(const struct source *s, unsigned int n)
{
	return &s->channel[n].info;
}

uint64_t source_next(const struct source *s, unsigned int n)
{
	return s->channel[n].next;
}

uint64_t source_ended(const struct source *s)
{
	return s->ended;
}

void source_get_stats(const struct source *s, unsigned int n, struct uiocap_stats *out)
{
	uiocap_channel_get_stats(s->channel[n].channel, out);
}

uint64_t source_irqs(const struct source *s)
{
	uint64_t count = 0;

	for (unsigned int v = 0; v < s->info.vectors; v++) {
		struct uiocap_irq irq;

		if (uiocap_irq_get(s->card, v, &irq) == 0)
			count += irq.count;
	}
	return count - s->irqs;
}

uint64_t source_lost_irqs(const struct source *s)
{
	return uiocap_card_lost_irqs(s->card);
}

int64_t source_started_ns(const struct source *s)
{
	return s->started_ns;
}

uint64_t source_copied(const struct source *s)
{
	return s->copied;
}
