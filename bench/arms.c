// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arms.c - what ways of taking frames cost, and how soon they have them
 *
 * usage: arms SPEC SECONDS ROUNDS ARM…
 * Captures from the simulated card SPEC for SECONDS with each ARM in turn, ROUNDS times over. An
 * arm is a way to wait - interrupt, busy, adaptive, timer=MICROSECONDS - and what it does besides:
 *
 *	+copy	copies each frame, as a driver does that has buffers of its own
 *	+chunks	has the card interrupt for each chunk, and so wakes for each
 *
 * Prints lines ARM.WHAT TAB VALUE, medians of the rounds. WHAT is mbps, cpu (percent of a core),
 * cpu_per_gb (seconds), latency and latency99 (µs from the card's time of a frame's last byte to
 * our having it, median and 99th percentile), wakes (system calls a second); and lost, a sum.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "uiocap/refcard.h"
#include "userdrv/lib/internal.h"

#define MAX_ARMS	8
#define MAX_ROUNDS	100
#define MAX_LATENCIES	(1u << 21)
#define COPIES_BYTES	(64u << 20)	/* beyond what caches hold */

enum figure { MBPS, CPU, CPU_PER_GB, LATENCY, LATENCY99, WAKES, FIGURES };

static const char *const figure_name[FIGURES] = {
	"mbps", "cpu", "cpu_per_gb", "latency", "latency99", "wakes",
};

struct arm {
	const char *name;
	enum uiocap_wait wait;
	int64_t spin_ns;
	bool copy;
	bool chunks;
	double figure[FIGURES][MAX_ROUNDS];
	uint64_t lost;
};

struct copies {
	uint8_t *memory;
	unsigned int count;
	unsigned int next;
};

static struct rig rig;
static struct copies copies;
static double *latency_us;

/* ---- interrupts for each chunk ---------------------------------------------------------- */

static const struct transport_ops *real_ops;

/* Whatever moderation is asked for: an interrupt for each completion (refcard §7). */
static int write_for_chunks(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	const uint32_t stride = REFCARD_CHANNEL(1) - REFCARD_CHANNEL(0);

	if (offset >= REFCARD_CHANNEL(0) && offset % stride == REFCARD_CH_IRQ)
		value = 1;
	return real_ops->write32(t, bar, offset, value);
}

static void set_chunks(bool chunks)
{
	static struct transport_ops ops;

	if (!real_ops) {
		real_ops = rig.card->t->ops;
		ops = *real_ops;
		ops.write32 = write_for_chunks;
	}
	rig.card->t->ops = chunks ? &ops : real_ops;
}

/* ---- a round ------------------------------------------------------------------------------ */

static void copy(const struct uiocap_frame *frame)
{
	memcpy(copies.memory + copies.next * rig.frame_bytes, uiocap_frame_data(frame),
	       rig.frame_bytes);
	copies.next = (copies.next + 1) % copies.count;
}

/* Returns how many frames. */
static unsigned int capture(const struct arm *arm, uint64_t end_ns)
{
	unsigned int frames = 0;

	while (rig_now() < end_ns) {
		struct uiocap_frame *frame = rig_next(&rig);

		if (!frame)
			continue;
		if (frames < MAX_LATENCIES)
			latency_us[frames] =
				((double)rig_now() - uiocap_frame_card_time_ns(frame)) / 1000;
		frames++;
		if (arm->copy)
			copy(frame);
		uiocap_frame_release(frame);
	}
	return frames;
}

static double percentile(unsigned int frames, unsigned int percent)
{
	unsigned int n = frames < MAX_LATENCIES ? frames : MAX_LATENCIES;

	if (n == 0)
		return 0;
	rig_median(latency_us, n);	/* sorts them */
	return latency_us[(uint64_t)(n - 1) * percent / 100];
}

static void do_round(struct arm *arm, unsigned int round, uint64_t ns)
{
	uint64_t calls, cpu, wall;
	struct uiocap_stats stats;
	unsigned int frames;
	double gb;

	set_chunks(arm->chunks);
	rig_start(&rig, arm->wait, arm->spin_ns, false);
	capture(arm, rig_now() + ns / 10);	/* until it has got into its stride */
	calls = uiocap_card_syscalls(rig.card);
	cpu = rig_cpu();
	wall = rig_now();
	frames = capture(arm, wall + ns);
	wall = rig_now() - wall;
	cpu = rig_cpu() - cpu;
	calls = uiocap_card_syscalls(rig.card) - calls;
	rig_stop(&rig);
	uiocap_card_get_stats(rig.card, &stats);
	gb = (double)frames * rig.frame_bytes / 1e9;
	arm->lost += stats.lost + stats.incomplete;
	arm->figure[MBPS][round] = gb * 1e12 / wall;
	arm->figure[CPU][round] = 100.0 * cpu / wall;
	arm->figure[CPU_PER_GB][round] = gb > 0 ? cpu / 1e9 / gb : 0;
	arm->figure[LATENCY][round] = percentile(frames, 50);
	arm->figure[LATENCY99][round] = percentile(frames, 99);
	arm->figure[WAKES][round] = (double)calls * NS_PER_S / wall;
}

/* ---- from the command line to its answer -------------------------------------------------- */

static int parse_arm(const char *text, struct arm *arm)
{
	static const char *const name[] = { "interrupt", "busy", "adaptive", "timer=" };

	arm->name = text;
	arm->copy = strstr(text, "+copy");
	arm->chunks = strstr(text, "+chunks");
	for (unsigned int i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if (strncmp(text, name[i], strlen(name[i])) == 0) {
			arm->wait = i;
			if (i == UIOCAP_WAIT_TIMER)
				arm->spin_ns = 1000 * strtol(text + strlen(name[i]), NULL, 10);
			return 0;
		}
	return -EINVAL;
}

static void print(struct arm *arm, unsigned int rounds)
{
	for (unsigned int i = 0; i < FIGURES; i++)
		printf("%s.%s\t%.5g\n", arm->name, figure_name[i],
		       rig_median(arm->figure[i], rounds));
	printf("%s.lost\t%llu\n", arm->name, (unsigned long long)arm->lost);
}

int main(int argc, char **argv)
{
	static struct arm arm[MAX_ARMS];
	unsigned int arms = argc > 4 ? argc - 4 : 0;
	unsigned int rounds = arms ? strtoul(argv[3], NULL, 10) : 0;

	if (arms == 0 || arms > MAX_ARMS || rounds == 0 || rounds > MAX_ROUNDS) {
		fprintf(stderr, "usage: arms SPEC SECONDS ROUNDS ARM…\n");
		return 2;
	}
	for (unsigned int i = 0; i < arms; i++)
		rig_check(parse_arm(argv[4 + i], &arm[i]), "tell what arm that is");
	rig_open(&rig, argv[1]);
	latency_us = rig_alloc(MAX_LATENCIES * sizeof(*latency_us));
	copies.memory = rig_alloc(COPIES_BYTES);
	copies.count = COPIES_BYTES / rig.frame_bytes;
	for (unsigned int round = 0; round < rounds; round++)
		for (unsigned int i = 0; i < arms; i++)
			do_round(&arm[i], round, strtod(argv[2], NULL) * NS_PER_S);
	rig_close(&rig);
	for (unsigned int i = 0; i < arms; i++)
		print(&arm[i], rounds);
	return EXIT_SUCCESS;
}
