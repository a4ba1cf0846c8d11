// SPDX-License-Identifier: GPL-2.0-or-later
#include "video.h"

#include <errno.h>
#include <stdlib.h>

#include "chunk.h"
#include "pattern.h"

#define MAX_CHUNKS	0x10000u	/* a chunk's number has 16 bits */

/*
 * Chunks within a frame leave the card in steps of this, those of all channels together: as from a
 * card with a FIFO, and our process wakes 5,000 times a second and not once for each chunk.
 */
#define BURST_NS	(200 * NS_PER_US)

/**
 * struct video - a frame under way
 * @pattern:     what is in the pictures
 * @lost:        where a chunk goes that nobody gets
 * @fifo:        whether chunks leave in bursts
 * @phase_ns:    by how much frames begin after multiples of the period
 * @chunk_lines: lines of each chunk but the last
 * @chunks:      chunks in a frame
 * @frame:       number of the frame
 * @began_ns:    when the frame began, or is to begin: absolute, so that the pace does not drift
 * @began_turn:  the turn in which the latest frame began
 * @chunk:       the next chunk
 * @under_way:   within a frame
 * @dropping:    there were too few descriptors for this one
 * @waiting:     for descriptors (HOLD)
 */
struct video {
	struct producer producer;
	struct channel_kind kind;
	struct pattern *pattern;
	uint8_t *lost;
	bool fifo;
	uint64_t phase_ns;
	uint32_t chunk_lines;
	uint32_t chunks;
	uint32_t frame;
	uint64_t began_ns;
	uint64_t began_turn;
	uint32_t chunk;
	bool under_way;
	bool dropping;
	bool waiting;
};

static struct video *to_video(struct producer *p)
{
	return (struct video *)p;
}

/* Frames begin whether somebody takes them or not: the first is the next one to come. */
static uint64_t next_beginning(const struct video *v, uint64_t now)
{
	uint64_t period = v->kind.period_ns;

	if (!period)
		return now;
	return now + period - (now + period - v->phase_ns % period) % period;
}

static int video_start(struct producer *p, struct channel *c)
{
	struct video *v = to_video(p);
	uint32_t lines = c->latched.chunk_lines;

	if (!lines || lines > v->kind.height || lines > REFCARD_MAX_CHUNK_BYTES / v->kind.width)
		return -EINVAL;
	v->chunk_lines = lines;
	v->chunks = (v->kind.height + lines - 1) / lines;
	if (v->chunks > MAX_CHUNKS || v->chunks > ring_size(&c->ring))
		return -EINVAL;
	v->frame = 0;
	v->chunk = 0;
	v->under_way = false;
	v->waiting = false;
	return 0;
}

static void video_begin(struct producer *p, struct channel *c, uint64_t now)
{
	struct video *v = to_video(p);

	v->began_ns = next_beginning(v, now);
	v->began_turn = c->core->turn;
	c->due_ns = v->began_ns;
}

static void end_frame(struct video *v, struct channel *c, uint64_t now)
{
	c->produced++;
	if (v->dropping)
		c->dropped++;
	v->under_way = false;
	v->frame++;
	v->began_ns = v->kind.period_ns ? v->began_ns + v->kind.period_ns : now;
	c->due_ns = v->began_ns;
}

/* Chunks arrive as their lines do, spread over the period; the last one exactly at its end. */
static uint64_t chunk_due(const struct video *v)
{
	uint64_t end = v->began_ns + v->kind.period_ns;
	uint64_t due = v->began_ns + (uint64_t)v->kind.period_ns * (v->chunk + 1) / v->chunks;

	if (v->fifo)
		due = (due + BURST_NS - 1) / BURST_NS * BURST_NS;
	return due < end ? due : end;
}

/*
 * Whether the frame is whole or not at all is decided here, once (§5.1). A card that is late must
 * not decide for two frames in a row before the doorbell has had a chance to come through.
 */
static bool begin_frame(struct video *v, struct channel *c, uint64_t now)
{
	if (v->began_turn == c->core->turn)
		return false;
	v->began_turn = c->core->turn;
	v->dropping = ring_ready(&c->ring) < v->chunks;
	if (v->dropping && channel_holds(c)) {
		v->waiting = true;
		c->due_ns = NEVER;
	} else if (v->dropping && v->kind.period_ns) {
		end_frame(v, c, now);
	} else {
		v->under_way = true;
		v->chunk = 0;
		c->due_ns = chunk_due(v);
	}
	return true;
}

static void make_lines(const struct video *v, uint32_t first, uint32_t lines, uint8_t *to)
{
	for (uint32_t i = 0; i < lines; i++)
		pattern_line(v->pattern, v->frame, first + i, to + (size_t)i * v->kind.width);
}

static bool send_chunk(struct video *v, struct channel *c, uint32_t first, uint32_t lines)
{
	struct chunk chunk;
	uint8_t *to;

	if (!chunk_begin(c, &chunk))
		return false;
	chunk.frame = v->frame;
	chunk.index = v->chunk;
	chunk.len = lines * v->kind.width;
	chunk.flags = (v->chunk == 0 ? REFCARD_DONE_SOF : 0) |
		      (v->chunk == v->chunks - 1 ? REFCARD_DONE_EOF : 0);
	to = chunk_payload(c, &chunk, 0, chunk.len);
	if (!to)
		return false;
	if (chunk.fault != REFCARD_FAULT_DROP_CHUNK)
		make_lines(v, first, lines, to);
	return chunk_complete(c, &chunk);
}

static bool video_step(struct producer *p, struct channel *c, uint64_t now)
{
	struct video *v = to_video(p);
	uint32_t first, lines;

	if (!v->under_way)
		return begin_frame(v, c, now);
	first = v->chunk * v->chunk_lines;
	lines = v->kind.height - first < v->chunk_lines ? v->kind.height - first : v->chunk_lines;
	if (v->dropping)
		make_lines(v, first, lines, v->lost);
	else if (!send_chunk(v, c, first, lines))
		return true;
	v->chunk++;
	if (v->chunk < v->chunks)
		c->due_ns = chunk_due(v);
	else
		end_frame(v, c, now);
	return true;
}

static void video_doorbell(struct producer *p, struct channel *c, uint64_t now)
{
	struct video *v = to_video(p);

	if (!v->waiting || ring_ready(&c->ring) < v->chunks)
		return;
	v->waiting = false;
	v->began_ns = now;
	c->due_ns = now;
}

/* The frame under way is abandoned (§8). */
static void video_stop(struct producer *p, struct channel *c)
{
	(void)p;
	(void)c;
}

static void video_free(struct producer *p)
{
	struct video *v = to_video(p);

	pattern_free(v->pattern);
	free(v->lost);
	free(v);
}

static const struct producer_ops video_ops = {
	.start = video_start,
	.begin = video_begin,
	.step = video_step,
	.doorbell = video_doorbell,
	.stop = video_stop,
	.free = video_free,
};

int video_new(unsigned int index, const struct channel_kind *kind, uint64_t phase_ns, bool fifo,
	      struct producer **out)
{
	struct video *v = calloc(1, sizeof(*v));
	int err;

	if (!v)
		return -ENOMEM;
	v->producer.ops = &video_ops;
	v->kind = *kind;
	v->fifo = fifo;
	v->phase_ns = phase_ns;
	v->lost = malloc(REFCARD_MAX_CHUNK_BYTES);
	err = v->lost ? pattern_new(index, kind->width, kind->height, &v->pattern) : -ENOMEM;
	if (err) {
		video_free(&v->producer);
		return err;
	}
	*out = &v->producer;
	return 0;
}
