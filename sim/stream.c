// SPDX-License-Identifier: GPL-2.0-or-later
#include "stream.h"

#include <errno.h>
#include <stdlib.h>

#include "chunk.h"

/* A pipe is asked again after this; as if the line were looked at a thousand times a second. */
#define LOOK_NS		NS_PER_MS

/**
 * struct stream - a buffer under way
 * @source:    of the bytes
 * @lost:      where bytes go that nobody gets
 * @chunk:     the buffer, if @open
 * @buffers:   number of the next one
 * @gap:       bytes were lost before it
 * @ended:     the source has
 * @last_ns:   when the last byte came
 * @lost_turn: the turn in which bytes were last dropped
 */
struct stream {
	struct producer producer;
	struct source *source;
	uint8_t *lost;
	struct chunk chunk;
	bool open;
	uint32_t buffers;
	bool gap;
	bool ended;
	uint64_t last_ns;
	uint64_t lost_turn;
};

static struct stream *to_stream(struct producer *p)
{
	return (struct stream *)p;
}

static int stream_start(struct producer *p, struct channel *c)
{
	struct stream *s = to_stream(p);

	source_rewind(s->source);
	s->open = false;
	s->buffers = 0;
	s->gap = false;
	s->ended = false;
	s->lost_turn = c->core->turn;
	return 0;
}

static void stream_begin(struct producer *p, struct channel *c, uint64_t now)
{
	(void)p;
	c->due_ns = now;
}

static bool open_buffer(struct stream *s, struct channel *c)
{
	if (!chunk_begin(c, &s->chunk))
		return false;
	s->chunk.frame = s->buffers++;
	s->chunk.index = 0;
	s->chunk.len = 0;
	s->chunk.flags = REFCARD_DONE_SOF | REFCARD_DONE_EOF | (s->gap ? REFCARD_DONE_OVERRUN : 0);
	s->open = true;
	s->gap = false;
	return true;
}

static void close_buffer(struct stream *s, struct channel *c, uint64_t now)
{
	s->open = false;
	if (s->ended)
		s->chunk.flags |= REFCARD_DONE_END;
	if (!chunk_complete(c, &s->chunk))
		return;
	if (s->ended)
		channel_finish(c);
	else
		c->due_ns = now;
}

/* No descriptor: the source waits, or its bytes are lost. */
static bool without_buffer(struct stream *s, struct channel *c, uint64_t now)
{
	ssize_t n;

	if (s->ended || channel_holds(c)) {
		c->due_ns = NEVER;
		return true;
	}
	if (s->lost_turn == c->core->turn)
		return false;
	s->lost_turn = c->core->turn;
	n = source_read(s->source, s->lost, REFCARD_MAX_CHUNK_BYTES);
	if (n > 0) {
		s->gap = true;
		c->produced += (uint64_t)n;
		c->dropped += (uint64_t)n;
	}
	s->ended = n < 0;
	c->due_ns = n ? now : now + LOOK_NS;
	return true;
}

/* No byte has come: enough of a silence to hand over what there is? */
static void silence(struct stream *s, struct channel *c, uint64_t now)
{
	uint64_t end = s->last_ns + (uint64_t)c->latched.idle_us * NS_PER_US;

	c->due_ns = now + LOOK_NS;
	if (!s->chunk.len)
		return;
	if (now >= end)
		close_buffer(s, c, now);
	else if (end < c->due_ns)
		c->due_ns = end;
}

static void fill_buffer(struct stream *s, struct channel *c, uint64_t now)
{
	uint32_t room = s->chunk.buffer.len - s->chunk.len;
	uint8_t *to = chunk_payload(c, &s->chunk, s->chunk.len, room);
	ssize_t n;

	if (!to)
		return;
	n = source_read(s->source, to, room);
	if (!n) {
		silence(s, c, now);
		return;
	}
	s->ended = n < 0;
	if (n > 0) {
		s->chunk.len += (uint32_t)n;
		c->produced += (uint64_t)n;
		s->last_ns = core_now(c->core);
	}
	if (s->ended || s->chunk.len == s->chunk.buffer.len)
		close_buffer(s, c, now);
	else
		c->due_ns = now;
}

static bool stream_step(struct producer *p, struct channel *c, uint64_t now)
{
	struct stream *s = to_stream(p);

	if (!s->open && !ring_ready(&c->ring))
		return without_buffer(s, c, now);
	if (!s->open && !open_buffer(s, c))
		return true;
	if (s->ended)
		close_buffer(s, c, now);
	else
		fill_buffer(s, c, now);
	return true;
}

static void stream_doorbell(struct producer *p, struct channel *c, uint64_t now)
{
	if (!to_stream(p)->open)
		c->due_ns = now;
}

/* §8: bytes that have arrived are not lost by stopping. */
static void stream_stop(struct producer *p, struct channel *c)
{
	struct stream *s = to_stream(p);

	if (s->open && s->chunk.len)
		chunk_complete(c, &s->chunk);
	s->open = false;
}

static void stream_free(struct producer *p)
{
	struct stream *s = to_stream(p);

	free(s->lost);
	free(s);
}

static const struct producer_ops stream_ops = {
	.start = stream_start,
	.begin = stream_begin,
	.step = stream_step,
	.doorbell = stream_doorbell,
	.stop = stream_stop,
	.free = stream_free,
};

int stream_new(struct source *source, struct producer **out)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->producer.ops = &stream_ops;
	s->source = source;
	s->lost = malloc(REFCARD_MAX_CHUNK_BYTES);
	if (!s->lost) {
		free(s);
		return -ENOMEM;
	}
	*out = &s->producer;
	return 0;
}
