// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crossings.c - what a frame costs in system calls, register accesses and interrupts
 *
 *	usage: crossings memory|SPEC busy|interrupt CHANNELS FRAMES
 *
 * `memory` is the card of memory-card.h behind the library's uio transport, in a process of its
 * own. It makes a frame when the last one has been given back and its owner, if it blocks, is most
 * likely asleep: no capture blocks more often. SPEC is a device of the library's, a simulated card
 * for instance. Accesses are counted in front of the transport. The measured part lies between two
 * calls of getppid(), for who traces the system calls. Prints one count a line.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "memory-card.h"
#include "userdrv/lib/internal.h"

#define CHUNKS		30
#define CHUNK_BYTES	10240
#define TIMEOUT_NS	INT64_C(10000000000)
#define FALL_ASLEEP_NS	100000	/* more than it takes */

/**
 * struct shared - what the two processes tell each other
 * @released: frames that the program has given back
 * @rung:     doorbells that the card has seen
 */
static struct shared {
	uint64_t released;
	uint64_t rung;
} *shared;

static struct transport_ops counting;
static const struct transport_ops *real;
static uint64_t reads, writes;

static int count_read(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value)
{
	reads++;
	return real->read32(t, bar, offset, value);
}

static int count_write(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	writes++;
	return real->write32(t, bar, offset, value);
}

static struct uiocap_card *open_card(struct uiocap_ctx *ctx, const char *spec)
{
	struct uiocap_card *card;
	struct transport *t;

	if (transport_open(ctx, spec, &t) < 0)
		errx(1, "%s cannot be opened", spec);
	real = t->ops;
	counting = *real;
	counting.read32 = count_read;
	counting.write32 = count_write;
	t->ops = &counting;
	if (card_new(ctx, t, NULL, &card) < 0)
		errx(1, "%s is no card", spec);
	return card;
}

static void start(struct uiocap_card *card, bool busy, unsigned int channels)
{
	uiocap_card_set_wait(card, busy ? UIOCAP_WAIT_BUSY : UIOCAP_WAIT_INTERRUPT, 0);
	for (unsigned int ch = 0; ch < channels; ch++)
		if (uiocap_channel_enable(uiocap_card_channel(card, ch), true) < 0)
			errx(1, "channel %u cannot be enabled", ch);
	if (uiocap_card_start(card) < 0)
		errx(1, "the card cannot be started");
}

/* The card's process: never ends by itself. */
static void be_card(struct memory_card *mc)
{
	const struct timespec pause = { .tv_nsec = FALL_ASLEEP_NS };

	unsigned int ch = 0;

	memory_card_start(mc);
	for (uint64_t n = 0;; n++) {
		uint64_t rung = 0;

		while (__atomic_load_n(&shared->released, __ATOMIC_ACQUIRE) < n)
			nanosleep(&pause, NULL);
		nanosleep(&pause, NULL);
		memory_card_frame(mc, ch);
		for (unsigned int i = 0; i < mc->channels; i++)
			rung += mc->channel[i].rung;
		shared->rung = rung;
		memory_card_interrupt(ch);
		ch = ch + 1 < mc->channels ? ch + 1 : 0;
	}
}

static uint64_t interrupts(const struct uiocap_card *card)
{
	struct uiocap_irq irq;
	uint64_t sum = 0;

	for (unsigned int v = 0; uiocap_irq_get(card, v, &irq) == 0; v++)
		sum += irq.count;
	return sum;
}

static void take(struct uiocap_card *card, unsigned int frames)
{
	struct uiocap_frame *frame;

	for (unsigned int n = 0; n < frames; n++) {
		if (uiocap_card_acquire(card, TIMEOUT_NS, &frame) != 1)
			errx(1, "no frame after %u", n);
		if (uiocap_frame_status(frame) & ~(unsigned int)UIOCAP_FRAME_LATE)
			errx(1, "frame %u is damaged", n);
		uiocap_frame_release(frame);
		__atomic_fetch_add(&shared->released, 1, __ATOMIC_RELEASE);
	}
}

static void measure(struct uiocap_card *card, unsigned int frames)
{
	uint64_t syscalls = uiocap_card_syscalls(card), irqs = interrupts(card);
	struct uiocap_stats before, after;

	uiocap_card_get_stats(card, &before);
	reads = writes = 0;
	getppid();
	take(card, frames);
	getppid();
	uiocap_card_get_stats(card, &after);
	printf("reads\t%ju\nwrites\t%ju\n", (uintmax_t)reads, (uintmax_t)writes);
	printf("syscalls\t%ju\n", (uintmax_t)(uiocap_card_syscalls(card) - syscalls));
	printf("interrupts\t%ju\n", (uintmax_t)(interrupts(card) - irqs));
	printf("chunks\t%ju\n", (uintmax_t)(after.chunks - before.chunks));
	printf("lost\t%ju\n", (uintmax_t)(after.lost - before.lost));
	printf("rung\t%ju\n", (uintmax_t)shared->rung);
}

int main(int argc, char **argv)
{
	bool memory = argc == 5 && strcmp(argv[1], "memory") == 0;
	struct memory_card *mc = NULL;
	struct uiocap_card *card;
	struct uiocap_ctx *ctx;
	unsigned int channels;
	pid_t pid = 0;

	if (argc != 5 || uiocap_ctx_new(&ctx) < 0)
		errx(2, "usage: crossings memory|SPEC busy|interrupt CHANNELS FRAMES");
	channels = (unsigned int)strtoul(argv[3], NULL, 10);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (memory)
		mc = memory_card_new(channels, CHUNKS, CHUNK_BYTES);
	card = open_card(ctx, memory ? "uio0" : argv[1]);
	start(card, strcmp(argv[2], "busy") == 0, channels);
	if (memory && (pid = fork()) == 0)
		be_card(mc);
	measure(card, (unsigned int)strtoul(argv[4], NULL, 10));
	if (memory) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		_exit(fflush(stdout));
	}
	return uiocap_card_close(card) < 0;
}
