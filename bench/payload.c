// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * payload.c - what becomes of payload: how fast it is read where the card has written it, what a
 * copy of each frame would cost, and whether the library ever touches it
 *
 * The card fills all buffers, many times what the caches hold, and waits (hold). Then the frames
 * are taken, and only this is measured: it is the rate of the driver, with a card that is faster.
 *
 *	payload [CARD]	of 8 channels of 640 × 480, whose memory is one piece
 *
 * Prints lines NAME TAB VALUE.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rig.h"
#include "uiocap/refcard.h"

#define SIMULATED	"sim:channels=8,size=640x480,unpaced,dma=256Mi"
#define FRAME_BYTES	(640 * 480)
#define MAX_FRAMES	(8 * 64)
#define CARDS		6	/* opened one after another, for each gets other memory */
#define SMALL_PIECES	(512u << 20)	/* of free memory, that nothing measured is to consist of */
#define READINGS	10	/* of each frame, with each of them */
#define ROUNDS		3	/* of each arm, with each of them */
#define UNTOUCHED	10000	/* frames that go through while nobody may touch payload */

/* What the compiler must not find out that nobody needs. */
static volatile uint64_t sink;

/* One value for each round. */
struct series {
	double value[CARDS * ROUNDS];
	unsigned int n;
};

struct payload {
	struct rig rig;
	struct uiocap_frame *frame[MAX_FRAMES];
	uint8_t *copy[MAX_FRAMES];
	unsigned int frames;
	uint64_t delivered_ns[MAX_FRAMES], malloced_ns[MAX_FRAMES];
	struct series read_rate, read_ratio;
	struct series rate[2], ratio[2];	/* frames that are taken only; that are read, too */
};

static void add(struct series *s, double value)
{
	s->value[s->n++] = value;
}

static void print(const char *name, struct series *s)
{
	printf("%s\t%.4g\n", name, rig_median(s->value, s->n));
}

static void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(EXIT_FAILURE);
}

/* ---- frames, all of them at once ------------------------------------------------------ */

static uint32_t produced(struct payload *p, unsigned int channel)
{
	uint32_t value;

	rig_check(uiocap_reg_read(p->rig.card, REFCARD_BAR,
				  REFCARD_CHANNEL(channel) + REFCARD_CH_PRODUCED_LO, &value),
		  "read a register");
	return value;
}

static uint64_t produced_by_all(struct payload *p)
{
	uint64_t sum = 0;

	for (unsigned int n = 0; n < p->rig.channels; n++)
		sum += produced(p, n);
	return sum;
}

/* Until the card waits for buffers. */
static void wait_until_full(struct payload *p)
{
	uint64_t before, now = produced_by_all(p);

	do {
		before = now;
		usleep(50000);
		now = produced_by_all(p);
	} while (now != before);
}

static unsigned int buffers(const struct payload *p)
{
	struct uiocap_channel_info info;

	uiocap_channel_get_info(uiocap_card_channel(p->rig.card, 0), &info);
	return info.buffers * p->rig.channels;
}

static void take_all(struct payload *p)
{
	for (unsigned int i = 0; i < p->frames; i++) {
		p->frame[i] = rig_next(&p->rig);
		if (!p->frame[i] || !rig_whole(p->frame[i]))
			fail("a frame is missing or not whole");
	}
}

static void give_all_back(struct payload *p)
{
	for (unsigned int i = 0; i < p->frames; i++)
		uiocap_frame_release(p->frame[i]);
}

/* Which pages one gets makes some percent: so not always the same comes first. */
static void begin(struct payload *p, const char *spec, bool card_first)
{
	if (card_first)
		rig_open(&p->rig, spec);
	for (unsigned int i = 0; i < MAX_FRAMES; i++)
		p->copy[i] = rig_alloc(FRAME_BYTES);
	if (!card_first)
		rig_open(&p->rig, spec);
	rig_start(&p->rig, UIOCAP_WAIT_BUSY, 0, true);
	p->frames = buffers(p);
	if (p->frames > MAX_FRAMES || p->rig.frame_bytes != FRAME_BYTES)
		fail("more frames than expected, or larger ones");
	wait_until_full(p);
	take_all(p);
}

static void end(struct payload *p)
{
	for (unsigned int i = 0; i < MAX_FRAMES; i++)
		free(p->copy[i]);
	give_all_back(p);
	rig_stop(&p->rig);
	rig_close(&p->rig);
}

/* ---- reading ------------------------------------------------------------------------------ */

static uint64_t read_frame(const struct payload *p, const void *data)
{
	uint64_t before = rig_now();

	sink = rig_sum(data, p->rig.frame_bytes);
	return rig_now() - before;
}

static void keep_least(uint64_t *least, uint64_t ns)
{
	if (*least == 0 || ns < *least)
		*least = ns;
}

/*
 * One frame here, one there, and the next time the other way round: who comes second is some
 * percent faster. Of each the fastest counts, for whoever else uses this machine only slows down.
 */
static void measure_reading(struct payload *p)
{
	uint64_t delivered_ns = 0, malloced_ns = 0;

	for (unsigned int i = 0; i < p->frames; i++) {
		p->delivered_ns[i] = 0;
		p->malloced_ns[i] = 0;
	}
	for (unsigned int round = 0; round < READINGS; round++)
		for (unsigned int i = 0; i < p->frames; i++) {
			if (round % 2 == 0)
				keep_least(&p->malloced_ns[i], read_frame(p, p->copy[i]));
			keep_least(&p->delivered_ns[i],
				   read_frame(p, uiocap_frame_data(p->frame[i])));
			if (round % 2 != 0)
				keep_least(&p->malloced_ns[i], read_frame(p, p->copy[i]));
		}
	for (unsigned int i = 0; i < p->frames; i++) {
		delivered_ns += p->delivered_ns[i];
		malloced_ns += p->malloced_ns[i];
	}
	add(&p->read_rate, (double)p->frames * p->rig.frame_bytes * 1000 / delivered_ns);
	add(&p->read_ratio, (double)malloced_ns / delivered_ns);
}

/* ---- copying ------------------------------------------------------------------------------ */

static uint64_t drain(struct payload *p, bool copy, bool read)
{
	uint64_t before;

	give_all_back(p);
	wait_until_full(p);
	before = rig_now();
	for (unsigned int i = 0; i < p->frames; i++) {
		const void *data;

		p->frame[i] = rig_next(&p->rig);
		if (!p->frame[i])
			fail("a frame is missing");
		data = uiocap_frame_data(p->frame[i]);
		if (copy)
			data = memcpy(p->copy[i], data, p->rig.frame_bytes);
		if (read)
			sink = rig_sum(data, p->rig.frame_bytes);
	}
	return rig_now() - before;
}

/* With or without @read: whether the program looks at what it gets. */
static void measure_copying(struct payload *p, bool read)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		uint64_t without_ns = drain(p, false, read);

		add(&p->rate[read], (double)p->frames * NS_PER_S / without_ns);
		add(&p->ratio[read], (double)drain(p, true, read) / without_ns);
	}
}

/* ---- touching ----------------------------------------------------------------------------- */

static volatile sig_atomic_t touched;
static size_t page;

/* Somebody touches payload: counts it, and lets him. */
static void on_touch(int signal, siginfo_t *info, void *context)
{
	uintptr_t addr = (uintptr_t)info->si_addr & ~(uintptr_t)(page - 1);

	(void)signal;
	(void)context;
	if (info->si_code != SEGV_ACCERR || mprotect((void *)addr, page, PROT_READ))
		abort();
	touched++;
}

static void protect(struct payload *p, int protection)
{
	for (unsigned int i = 0; i < p->frames; i++) {
		void *data = (void *)(uintptr_t)uiocap_frame_data(p->frame[i]);

		if ((uintptr_t)data % page != 0 || p->rig.frame_bytes % page != 0)
			fail("frame buffers share pages with something else");
		rig_check(mprotect(data, p->rig.frame_bytes, protection) ? -1 : 0, "protect");
	}
}

static void measure_touching(struct payload *p)
{
	const struct sigaction action = { .sa_sigaction = on_touch, .sa_flags = SA_SIGINFO };
	struct uiocap_frame *frame = NULL;
	int without;

	page = sysconf(_SC_PAGESIZE);
	sigaction(SIGSEGV, &action, NULL);
	protect(p, PROT_NONE);
	give_all_back(p);
	for (unsigned int i = 0; i < UNTOUCHED; i++) {
		uiocap_frame_release(frame);
		frame = rig_next(&p->rig);
		if (!frame || !rig_whole(frame))
			fail("a frame is missing or not whole");
	}
	without = touched;
	/* And would it have been noticed? */
	sink = *(const volatile uint8_t *)uiocap_frame_data(frame);
	if (touched != without + 1)
		fail("touching payload goes unnoticed");
	uiocap_frame_release(frame);
	p->frames = 0;
	printf("touched\t%d\nuntouched-frames\t%u\n", without, UNTOUCHED);
}

int main(int argc, char **argv)
{
	const char *spec = argc > 1 ? argv[1] : SIMULATED;
	static struct payload p;
	void *pieces = rig_alloc(SMALL_PIECES);

	for (unsigned int i = 0; i < CARDS; i++) {
		begin(&p, spec, i % 2 == 0);
		measure_reading(&p);
		measure_copying(&p, true);
		measure_copying(&p, false);
		if (i == CARDS - 1)
			measure_touching(&p);
		end(&p);
	}
	free(pieces);
	print("read-rate", &p.read_rate);
	print("read-ratio", &p.read_ratio);
	print("use-rate", &p.rate[true]);
	print("use-ratio", &p.ratio[true]);
	print("take-rate", &p.rate[false]);
	print("take-ratio", &p.ratio[false]);
	return EXIT_SUCCESS;
}
