// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * service-channel.c - a client's channel: buffers given, frames that came for them
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "service-channel.h"

/* ---- buffers ---------------------------------------------------------------------------- */

void service_channel_free(struct service_channel *c)
{
	for (uint64_t n = c->collected; n < c->arrived; n++)
		free(c->queue[n % c->pool].run);
	free(c->slot);
	free(c->order);
	free(c->queue);
	free(c->give);
	*c = (struct service_channel){ .chunks = c->chunks, .frame_bytes = c->frame_bytes };
}

int service_channel_reset(struct service_channel *c, unsigned int pool)
{
	service_channel_free(c);
	c->pool = pool;
	c->slot = malloc(pool * sizeof(c->slot[0]));
	c->order = calloc(pool, sizeof(c->order[0]));
	c->queue = calloc(pool, sizeof(c->queue[0]));
	c->give = malloc(sizeof(*c->give) + pool * sizeof(c->give->slot[0]));
	if (!c->slot || !c->order || !c->queue || !c->give) {
		service_channel_free(c);
		return -ENOMEM;
	}
	for (unsigned int i = 0; i < pool; i++)
		c->slot[i] = SERVICE_NO_SLOT;
	return 0;
}

void service_channel_post(struct service_channel *c, unsigned int buffer)
{
	c->order[c->posted++ % c->pool] = buffer;
}

const struct message *service_channel_give(struct service_channel *c, unsigned int number)
{
	struct message_give *m = c->give;

	m->buffers = c->posted - c->given;
	m->slots = 0;
	for (; c->given < c->posted; c->given++) {
		uint32_t *slot = &c->slot[c->order[c->given % c->pool]];

		if (*slot != SERVICE_NO_SLOT)
			m->slot[m->slots++] = *slot;
		*slot = SERVICE_NO_SLOT;
	}
	m->head = (struct message){
		.type = MESSAGE_GIVE, .channel = number,
		.bytes = sizeof(*m) + m->slots * sizeof(m->slot[0]),
	};
	return &m->head;
}

/* ---- messages --------------------------------------------------------------------------- */

const char *service_channel_started(struct service_channel *c, const struct message_started *m)
{
	if (c->state != SERVICE_STARTING)
		return "that a channel has started which was not to";
	c->error = m->error;
	c->state = m->error == 0 ? SERVICE_RUNNING : SERVICE_IDLE;
	c->answered = true;
	return NULL;
}

const char *service_channel_ended(struct service_channel *c)
{
	if (c->state != SERVICE_RUNNING && c->state != SERVICE_STOPPING)
		return "the end of a channel that is not started";
	c->finished = true;
	return NULL;
}

/* The last word of a channel may have crossed our wish to stop it, and then comes a second time. */
const char *service_channel_stopped(struct service_channel *c, const struct message_stopped *m)
{
	if (c->state != SERVICE_RUNNING && c->state != SERVICE_STOPPING)
		return NULL;
	c->produced = m->produced;
	c->answered = true;
	c->state = c->state == SERVICE_RUNNING ? SERVICE_ENDED : SERVICE_IDLE;
	return NULL;
}

static const char *wrong_with(const struct service_channel *c, const struct message_frame *m,
			      uint32_t slots)
{
	const struct message_run *last = m->runs > 0 ? &m->run[m->runs - 1] : NULL;

	if (c->state != SERVICE_RUNNING && c->state != SERVICE_STOPPING)
		return "a frame of a channel that is not started";
	if (c->finished)
		return "a frame after the last one";
	if (c->arrived == c->given)
		return "more frames than there were buffers for";
	if (m->slot >= slots)
		return "a frame in a slot that is not there";
	if (m->number < c->next || m->number == UINT64_MAX)
		return "a frame whose number is not higher than the one before";
	if (m->bytes > c->frame_bytes)
		return "a frame of more bytes than a frame has";
	if (last && (uint32_t)last->first + last->count > c->chunks)
		return "a frame of more chunks than a frame has";
	return NULL;
}

static struct message_run *copy_runs(const struct message_frame *m)
{
	struct message_run *run = malloc(m->runs * sizeof(run[0]));

	if (run)
		memcpy(run, m->run, m->runs * sizeof(run[0]));
	return run;
}

const char *service_channel_frame(struct service_channel *c, const struct message_frame *m,
				  uint32_t slots)
{
	const char *wrong = wrong_with(c, m, slots);
	struct service_frame *f;

	if (wrong)
		return wrong;
	f = &c->queue[c->arrived % c->pool];
	*f = (struct service_frame){ .head = *m };
	if (m->runs > 0) {
		f->run = copy_runs(m);
		if (!f->run)
			return "a frame for which there is no memory";
	}
	c->next = m->number + 1;
	c->finished = m->status & UIOCAP_FRAME_END;
	c->arrived++;
	return NULL;
}

/* ---- runs ------------------------------------------------------------------------------- */

static uint32_t flags_of(const struct service_frame *f)
{
	return CARD_RUN_ELSEWHERE |
	       (f->head.status & UIOCAP_FRAME_CORRUPT ? CARD_RUN_CORRUPT : 0) |
	       (f->head.status & UIOCAP_FRAME_LATE ? CARD_RUN_LATE : 0) |
	       (f->head.status & UIOCAP_FRAME_END ? CARD_RUN_END : 0);
}

/* The next run of @f. Its first one has all the bytes: nobody asks how many are in which. */
static void next_run(const struct service_channel *c, struct service_frame *f, uint8_t *data,
		     struct card_run *out)
{
	*out = (struct card_run){
		.slot = c->collected,
		.count = c->chunks,
		.frame = f->head.number,
		.bytes = f->next == 0 ? f->head.bytes : 0,
		.flags = flags_of(f),
		.time_ns = f->head.card_time_ns,
		.data = data,
		.number = f->head.card_number,
	};
	if (f->run) {
		out->first = f->run[f->next].first;
		out->count = f->run[f->next].count;
	}
	if (++f->next >= f->head.runs)
		out->flags |= CARD_RUN_LAST;
}

/* Not of a buffer, and said at each look: one that finds no buffer posted takes nothing. */
static struct card_run end_run(const struct service_channel *c)
{
	return (struct card_run){ .slot = c->collected, .flags = CARD_RUN_END };
}

static void done_with(struct service_channel *c, struct service_frame *f)
{
	c->slot[c->order[c->collected % c->pool]] = f->head.slot;
	free(f->run);
	f->run = NULL;
	c->collected++;
}

unsigned int service_channel_collect(struct service_channel *c, uint8_t *memory,
				     uint32_t slot_bytes, struct card_run *runs, unsigned int max)
{
	unsigned int n = 0;

	while (n < max && c->collected < c->arrived) {
		struct service_frame *f = &c->queue[c->collected % c->pool];

		next_run(c, f, memory + (size_t)f->head.slot * slot_bytes, &runs[n]);
		if (runs[n++].flags & CARD_RUN_LAST)
			done_with(c, f);
	}
	if (n < max && c->finished && c->collected == c->arrived)
		runs[n++] = end_run(c);
	return n;
}
