/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * acquire.c - frames to the user
 *
 * Frames are handed out from the channels' ready queues. Only when there is none does the library
 * look at the rings, at those of all channels in one go: a batch. What a batch costs once - the
 * time, the state of the card - is shared by all the frames it finds.
 */
#include <errno.h>

#include "internal.h"
#include "log.h"
#include "times.h"

#define ALL	UINT64_MAX

/* The next frame of one of the channels @wanted: of that whose turn it is, or the next after it. */
static inline struct uiocap_frame *take(struct uiocap_card *card, uint64_t wanted)
{
	uint64_t ready = card->ready & wanted;
	uint64_t later = ready & ALL << card->turn;
	struct uiocap_channel *c;
	struct uiocap_frame *frame;
	unsigned int n;

	if (ready == 0)
		return NULL;
	n = __builtin_ctzll(later ? later : ready);
	c = &card->channel[n];
	frame = frame_queue_take(&c->frames.ready);
	if (!c->frames.ready.first)
		card->ready &= ~(UINT64_C(1) << n);
	card->turn = (n + 1) % MAX_CHANNELS;
	card->held++;
	frame->state = FRAME_HELD;
	return frame;
}

/* A batch. Returns 1 if there is more than one look takes, else 0; -ENODEV, -ESTALE. */
static inline int look(struct uiocap_card *card, uint64_t now)
{
	const struct card_ops *ops = card->card->ops;
	struct transport *t = card->t;
	int ret = t->ops->check(t);
	struct card_run runs[CARD_RUNS];

	if (ret < 0) {
		card->gone = card->gone || ret == -ENODEV;
		return ret;
	}
	for (uint64_t left = card->running; left != 0; left &= left - 1) {
		unsigned int ch = __builtin_ctzll(left);
		unsigned int n = ops->collect(card->card, ch, now, runs, CARD_RUNS);

		if (n > 0)
			channel_take(&card->channel[ch], runs, n, now);
		if (n == CARD_RUNS)
			ret = 1;
	}
	return ret;
}

/* Whether no frame of @wanted will come any more. */
static bool ended(const struct uiocap_card *card, uint64_t wanted)
{
	for (uint64_t left = card->running & wanted; left != 0; left &= left - 1)
		if (!channel_ended(&card->channel[__builtin_ctzll(left)]))
			return false;
	return true;
}

/* How long the frame that ended the wait was waited for: an average over the last eight or so. */
static void learn(struct uiocap_card *card, uint64_t waited_ns)
{
	card->usual_ns += ((int64_t)waited_ns - (int64_t)card->usual_ns) / 8;
}

/* A look for a frame of @wanted. Returns true when there is one; @more: else what look() says. */
static inline bool find(struct uiocap_card *card, uint64_t wanted, uint64_t since, uint64_t now,
			int *more)
{
	*more = look(card, now);
	if (!(card->ready & wanted))
		return false;
	card->heard_ns = now;
	if (card->wait == UIOCAP_WAIT_ADAPTIVE)
		learn(card, now - since);
	return true;
}

/* A first look at @since found nothing: waits and looks until one does. Returns 1, 0, -errno. */
static int await(struct uiocap_card *card, uint64_t wanted, uint64_t since, int64_t timeout_ns,
		 int more)
{
	uint64_t deadline = deadline_after(since, timeout_ns);
	uint64_t now = since;
	bool found;

	do {
		int waited = 1;

		if (more == 0 && now - card->asked_ns >= ASK_NS) {
			more = card_ask(card, now);
			if (card->ready & wanted)
				return 1;
		}
		if (more == -ESTALE && card->on_reset == UIOCAP_ON_RESET_RESUME) {
			more = card_resume(card, now);
			if (card->ready & wanted)
				return 1;
		}
		if (more < 0)
			return more;
		if (ended(card, wanted))
			return -ENODATA;
		if (!more || now >= deadline) {
			waited = card_wait(card, since, now, deadline);
			if (waited <= 0)
				return waited;
		}
		now = now_ns();
		found = find(card, wanted, since, now, &more);
		if (waited == CARD_WAIT_IN_VAIN)
			card_waited_in_vain(card, now);
	} while (!found);
	return 1;
}

static int acquire(struct uiocap_card *card, uint64_t wanted, int64_t timeout_ns,
		   struct uiocap_frame **out)
{
	if (!(card->ready & wanted)) {
		uint64_t now = now_ns();
		int more, ret;

		if (!find(card, wanted, now, now, &more)) {
			ret = await(card, wanted, now, timeout_ns, more);
			if (ret <= 0)
				return ret;
		}
	}
	*out = take(card, wanted);
	return 1;
}

int uiocap_card_acquire(struct uiocap_card *card, int64_t timeout_ns, struct uiocap_frame **out)
{
	return acquire(card, ALL, timeout_ns, out);
}

int uiocap_channel_acquire(struct uiocap_channel *channel, int64_t timeout_ns,
			   struct uiocap_frame **out)
{
	return acquire(channel->owner, UINT64_C(1) << channel->number, timeout_ns, out);
}

int uiocap_card_dispatch(struct uiocap_card *card, int64_t timeout_ns)
{
	struct uiocap_frame *frame;
	int count = 0;
	int ret = acquire(card, ALL, timeout_ns, &frame);

	if (ret <= 0)
		return ret;
	for (; frame; frame = take(card, ALL)) {
		struct uiocap_channel *c = frame->channel;

		if (c->fn)
			c->fn(c->fn_data, frame);
		else
			uiocap_frame_release(frame);
		count++;
	}
	return count;
}
