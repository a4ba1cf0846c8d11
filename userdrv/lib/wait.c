/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wait.c - until there may be something new: four ways
 *
 * No wake-up is lost. The card raises an interrupt after it has written the completions that it
 * tells of, and transport_ops.wait ends at once for an interrupt that came since it last ended.
 * The caller looks at the rings after each wait and before the next. So a completion is either
 * there at that look, or its interrupt comes after it and ends the next wait.
 *
 * An interrupt that the card or the machine loses would still leave us waiting for its frame until
 * the next one, for ever if the card has no buffer left to fill. So nobody blocks longer than
 * SLICE_NS without a look, or, where nothing has come for a while, SILENT_SLICE_NS.
 *
 * A whole frame that such a look finds ought to have been told of. Its interrupt may be on its way,
 * so it is taken for lost only if none at all has come LATE_NS later. That misses what another one
 * has made good by then, and counts none that was merely late.
 */
#include <errno.h>
#include <time.h>

#include "barrier.h"
#include "internal.h"
#include "log.h"

#define NS_PER_S	1000000000
#define SLICE_NS	100000000
#define SILENT_SLICE_NS	500000000
#define SILENT_NS	1000000000
#define LATE_NS		SLICE_NS

uint64_t deadline_after(uint64_t now_ns, int64_t timeout_ns)
{
	if (timeout_ns < 0 || now_ns + timeout_ns < now_ns)
		return UINT64_MAX;
	return now_ns + timeout_ns;
}

bool card_uses_irqs(const struct uiocap_card *card)
{
	return card->wait == UIOCAP_WAIT_INTERRUPT || card->wait == UIOCAP_WAIT_ADAPTIVE;
}

static uint64_t until(uint64_t now_ns, uint64_t deadline_ns, uint64_t most_ns)
{
	uint64_t left = deadline_ns > now_ns ? deadline_ns - now_ns : 0;

	return left < most_ns ? left : most_ns;
}

static uint64_t slice(const struct uiocap_card *card, uint64_t now_ns)
{
	return now_ns - card->heard_ns < SILENT_NS ? SLICE_NS : SILENT_SLICE_NS;
}

/*
 * Even when the time is up the transport is asked once, for a descriptor that stays readable would
 * make a loop around poll(2) spin.
 */
static int block(struct uiocap_card *card, uint64_t now_ns, uint64_t deadline_ns)
{
	struct transport *t = card->t;
	uint64_t ns = until(now_ns, deadline_ns, slice(card, now_ns));
	int ret = t->ops->wait(t, ns);

	if (ret == 1) {
		card->untold = 0;
		if (!t->acks && card->card->ops->ack)
			card->card->ops->ack(card->card);
	}
	return ret == 0 && ns > 0 ? CARD_WAIT_IN_VAIN : ret;
}

/* Whole frames that the look at @now_ns has found. */
static unsigned int found(const struct uiocap_card *card, uint64_t now_ns)
{
	const unsigned int damaged = UIOCAP_FRAME_MISSING | UIOCAP_FRAME_CORRUPT;
	unsigned int count = 0;

	for (uint64_t left = card->ready; left != 0; left &= left - 1) {
		const struct uiocap_channel *c = &card->channel[__builtin_ctzll(left)];

		for (const struct uiocap_frame *f = c->frames.ready.first; f; f = f->next)
			count += f->host_time_ns == now_ns && !(f->status & damaged);
	}
	return count;
}

static void lose(struct uiocap_card *card)
{
	if (card->lost_irqs == 0)
		ctx_log(card->ctx, UIOCAP_LOG_WARNING,
			"%s: a frame came without its interrupt, and was found late: if that goes on, wait "
			"by the timer (uiocap capture --wait timer)", card->t->spec);
	card->lost_irqs += card->untold;
	card->untold = 0;
}

/* While some are in doubt others are not taken up: none would ever be late enough. */
void card_waited_in_vain(struct uiocap_card *card, uint64_t now_ns)
{
	if (card->untold > 0 && now_ns - card->untold_ns >= LATE_NS)
		lose(card);
	if (card->untold > 0)
		return;
	card->untold = found(card, now_ns);
	card->untold_ns = now_ns;
}

static int doze(struct uiocap_card *card, uint64_t now_ns, uint64_t deadline_ns)
{
	uint64_t ns = until(now_ns, deadline_ns, card->spin_ns);
	struct timespec ts = { .tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S };

	if (ns == 0)
		return 0;
	card->t->syscalls++;
	return clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, NULL) == EINTR ? -EINTR : 1;
}

static int spin(uint64_t now_ns, uint64_t deadline_ns)
{
	spin_pause();
	return now_ns < deadline_ns;
}

/*
 * Looking is worth it only where the wait is short: blocking costs less than a long look, and the
 * next frame usually takes as long as the last ones did. So it looks while that is the expectation,
 * and never longer than spin_ns.
 */
static int adapt(struct uiocap_card *card, uint64_t since_ns, uint64_t now_ns, uint64_t deadline_ns)
{
	if (card->usual_ns <= (uint64_t)card->spin_ns &&
	    now_ns - since_ns < (uint64_t)card->spin_ns && now_ns < deadline_ns)
		return spin(now_ns, deadline_ns);
	return block(card, now_ns, deadline_ns);
}

int card_wait(struct uiocap_card *card, uint64_t since_ns, uint64_t now_ns, uint64_t deadline_ns)
{
	switch (card->wait) {
	case UIOCAP_WAIT_BUSY:
		return spin(now_ns, deadline_ns);
	case UIOCAP_WAIT_ADAPTIVE:
		return adapt(card, since_ns, now_ns, deadline_ns);
	case UIOCAP_WAIT_TIMER:
		return doze(card, now_ns, deadline_ns);
	default:
		return block(card, now_ns, deadline_ns);
	}
}
