// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * full-speed.c - does the library keep up with the card?
 *
 * usage: full-speed SPEC SECONDS [alone]
 * Captures from the simulated card SPEC for SECONDS and compares the first and the last line of
 * each chunk with the test pattern: a frame that is not what the card sent is torn. With "alone",
 * the card runs as long again without anybody who reads: its rings are filled from here, ahead of
 * time, in the same memory, and all that is looked at is one completion now and then, to see how
 * far it is. Both take turns of a few seconds, with one and the same card. It never waits, so what
 * it does in a second of its processor time is compared: what else runs on this machine does not
 * count.
 *
 * Prints lines NAME TAB VALUE.
 */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rig.h"
#include "sim/pattern.h"
#include "uiocap/refcard.h"

#define TURN_NS		(4 * NS_PER_S)
#define WARM_UP_NS	(NS_PER_S / 4)
#define CHUNK_LINES	16
#define MAX_TURNS	1000

static struct rig rig;
static struct pattern *pattern[REFCARD_MAX_CHANNELS];
static uint64_t delivered, lost, incomplete, torn;

/* ---- with the library --------------------------------------------------------------------- */

static bool is_torn(const struct uiocap_frame *frame)
{
	const uint8_t *data = uiocap_frame_data(frame);
	struct uiocap_channel_info info;

	uiocap_channel_get_info(uiocap_frame_channel(frame), &info);
	for (uint32_t line = 0; line < info.height; line++) {
		uint32_t in_chunk = line % CHUNK_LINES;

		if (in_chunk != 0 && in_chunk != CHUNK_LINES - 1 && line != info.height - 1)
			continue;
		if (pattern_check_line(pattern[info.number], uiocap_frame_number(frame), line,
				       data + (size_t)line * info.width_bytes) >= 0)
			return true;
	}
	return false;
}

static uint64_t take_until(uint64_t end_ns)
{
	uint64_t frames = 0;

	while (rig_now() < end_ns) {
		struct uiocap_frame *frame = rig_next(&rig);

		if (!frame)
			continue;
		torn += is_torn(frame);
		uiocap_frame_release(frame);
		frames++;
	}
	return frames;
}

/* A turn: frames a second, and frames a second of the card's processor time. */
struct speed {
	double rate;
	double per_cpu;
};

static struct speed speed(uint64_t frames, uint64_t ns, uint64_t cpu_ns)
{
	return (struct speed){
		.rate = (double)frames * NS_PER_S / ns,
		.per_cpu = (double)frames * NS_PER_S / cpu_ns,
	};
}

/* All the memory there is: it bridges the time for which we do not get our core. */
static void use_all_memory(void)
{
	struct uiocap_card_info card;
	unsigned int buffers;

	uiocap_card_get_info(rig.card, &card);
	buffers = card.dma_bytes * 15 / 16 / rig.channels / rig.frame_bytes;
	for (unsigned int n = 0; n < rig.channels; n++)
		rig_check(uiocap_channel_set_buffers(uiocap_card_channel(rig.card, n), buffers),
			  "set the number of buffers");
}

static struct speed capture(uint64_t ns)
{
	struct uiocap_stats stats;
	uint64_t begin, cpu, frames;

	rig_start(&rig, UIOCAP_WAIT_BUSY, 0, false);
	take_until(rig_now() + WARM_UP_NS);
	begin = rig_now();
	cpu = rig_card_cpu(&rig);
	frames = take_until(begin + ns);
	cpu = rig_card_cpu(&rig) - cpu;
	ns = rig_now() - begin;
	rig_stop(&rig);
	uiocap_card_get_stats(rig.card, &stats);
	delivered += stats.delivered;
	lost += stats.lost;
	incomplete += stats.incomplete;
	return speed(frames, ns, cpu);
}

/* ---- without ------------------------------------------------------------------------------ */

/* A channel that runs by itself: its rings are long, and full. */
struct lonely {
	unsigned int number;
	struct uiocap_segment area;
	uint32_t chunk_bytes;
	uint32_t buffers;	/* chunks that the area holds */
	uint32_t posted;
};

#define ORDER	14	/* of the rings */
#define ENTRIES	(1u << ORDER)

static struct refcard_desc *descs(const struct lonely *l)
{
	return l->area.data;
}

static const struct refcard_done *dones(const struct lonely *l)
{
	return (const struct refcard_done *)(descs(l) + ENTRIES);
}

static void write_reg(const struct lonely *l, uint32_t reg, uint32_t value)
{
	rig_check(uiocap_reg_write(rig.card, REFCARD_BAR, REFCARD_CHANNEL(l->number) + reg, value),
		  "write a register");
}

static void post(struct lonely *l, uint32_t count)
{
	const uint64_t data = l->area.bus + 2 * ENTRIES * sizeof(struct refcard_desc);

	for (; count > 0; count--, l->posted++)
		descs(l)[l->posted % ENTRIES] = (struct refcard_desc){
			.addr = htole64(data + (uint64_t)(l->posted % l->buffers) * l->chunk_bytes),
			.len = htole32(l->chunk_bytes),
		};
	write_reg(l, REFCARD_CH_DOORBELL, l->posted);
}

static void start_alone(struct lonely *l, const struct uiocap_segment *all, unsigned int number)
{
	struct uiocap_channel_info info;
	size_t len = all->len / rig.channels & ~(size_t)0xfff;
	size_t rings = 2 * ENTRIES * sizeof(struct refcard_desc);

	uiocap_channel_get_info(uiocap_card_channel(rig.card, number), &info);
	*l = (struct lonely){
		.number = number,
		.area = {
			.data = (uint8_t *)all->data + number * len,
			.bus = all->bus + number * len,
			.len = len,
		},
		.chunk_bytes = info.width_bytes * CHUNK_LINES,
	};
	l->buffers = (len - rings) / l->chunk_bytes;
	memset(l->area.data, 0, rings);
	write_reg(l, REFCARD_CH_RING_LO, (uint32_t)l->area.bus);
	write_reg(l, REFCARD_CH_RING_HI, l->area.bus >> 32);
	write_reg(l, REFCARD_CH_DONE_LO, (uint32_t)(l->area.bus + rings / 2));
	write_reg(l, REFCARD_CH_DONE_HI, (l->area.bus + rings / 2) >> 32);
	write_reg(l, REFCARD_CH_RING_ORDER, ORDER);
	write_reg(l, REFCARD_CH_CHUNK_LINES, CHUNK_LINES);
	write_reg(l, REFCARD_CH_CTRL, REFCARD_CH_ENABLE);
	post(l, ENTRIES);
}

/* Half a ring anew as soon as the card has used it up: seen by the last completion of that half. */
static void keep_going(struct lonely *l)
{
	uint32_t last = l->posted - ENTRIES / 2 - 1;
	uint32_t status = le32toh(__atomic_load_n(&dones(l)[last % ENTRIES].status,
						  __ATOMIC_ACQUIRE));
	bool phase = !(last >> ORDER & 1);

	if (!(status & REFCARD_DONE_PHASE) != phase)
		post(l, ENTRIES / 2);
}

static uint64_t produced(const struct lonely *l)
{
	uint32_t low;

	rig_check(uiocap_reg_read(rig.card, REFCARD_BAR,
				  REFCARD_CHANNEL(l->number) + REFCARD_CH_PRODUCED_LO, &low),
		  "read a register");
	return low;
}

static uint64_t run_until(struct lonely *l, uint64_t end_ns)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	uint64_t frames = 0;

	while (rig_now() < end_ns) {
		for (unsigned int n = 0; n < rig.channels; n++)
			keep_going(&l[n]);
		nanosleep(&pause, NULL);
	}
	for (unsigned int n = 0; n < rig.channels; n++)
		frames += produced(&l[n]);
	return frames;
}

static struct speed run_alone(uint64_t ns)
{
	static struct lonely l[REFCARD_MAX_CHANNELS];
	struct uiocap_segment all;
	uint64_t begin, cpu, frames;

	rig_check(uiocap_card_segment(rig.card, 0, &all), "find the memory");
	for (unsigned int n = 0; n < rig.channels; n++)
		start_alone(&l[n], &all, n);
	frames = run_until(l, rig_now() + WARM_UP_NS);
	begin = rig_now();
	cpu = rig_card_cpu(&rig);
	frames = run_until(l, begin + ns) - frames;
	cpu = rig_card_cpu(&rig) - cpu;
	ns = rig_now() - begin;
	for (unsigned int n = 0; n < rig.channels; n++)
		write_reg(&l[n], REFCARD_CH_CTRL, 0);
	return speed(frames, ns, cpu);
}

/* ---- both --------------------------------------------------------------------------------- */

static void print_rate(const char *name, double *rate, unsigned int turns)
{
	printf("%s\t%.1f\n", name, rig_median(rate, turns) * rig.frame_bytes / 1e6);
}

static void measure(uint64_t ns, bool alone)
{
	static double with[MAX_TURNS], without[MAX_TURNS], ratio[MAX_TURNS];
	unsigned int turns = (ns + TURN_NS - 1) / TURN_NS;

	if (turns == 0 || turns > MAX_TURNS)
		rig_check(-EINVAL, "capture for so long");
	for (unsigned int i = 0; i < turns; i++) {
		struct speed captured = capture(ns / turns);
		struct speed reached = alone ? run_alone(ns / turns) : captured;

		with[i] = captured.rate;
		without[i] = reached.rate;
		ratio[i] = captured.per_cpu / reached.per_cpu;
	}
	print_rate("rate", with, turns);
	print_rate("alone", without, turns);
	printf("ratio\t%.4f\ndelivered\t%" PRIu64 "\nlost\t%" PRIu64 "\ntorn\t%" PRIu64 "\n",
	       rig_median(ratio, turns), delivered, lost + incomplete, torn);
}

int main(int argc, char **argv)
{
	struct uiocap_channel_info info;

	if (argc < 3) {
		fprintf(stderr, "usage: full-speed SPEC SECONDS [alone]\n");
		return 2;
	}
	rig_open(&rig, argv[1]);
	for (unsigned int n = 0; n < rig.channels; n++) {
		uiocap_channel_get_info(uiocap_card_channel(rig.card, n), &info);
		rig_check(pattern_new(n, info.width_bytes, info.height, &pattern[n]), "begin");
	}
	use_all_memory();
	measure(strtod(argv[2], NULL) * NS_PER_S, argc > 3);
	for (unsigned int n = 0; n < rig.channels; n++)
		pattern_free(pattern[n]);
	rig_close(&rig);
	return EXIT_SUCCESS;
}
