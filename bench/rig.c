// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE		4096
#define PATIENCE_NS	INT64_C(1000000000)

static void complain(void *data, int severity, const char *message)
{
	(void)data;
	(void)severity;
	fprintf(stderr, "%s\n", message);
}

int rig_check(int ret, const char *what)
{
	if (ret >= 0)
		return ret;
	fprintf(stderr, "cannot %s: %s\n", what, strerror(-ret));
	exit(EXIT_FAILURE);
}

static uint64_t read_clock(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

uint64_t rig_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t rig_cpu(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t rig_card_cpu(const struct rig *r)
{
	return read_clock(r->card_clock);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double rig_median(double *value, unsigned int n)
{
	qsort(value, n, sizeof(*value), compare);
	return (value[(n - 1) / 2] + value[n / 2]) / 2;
}

/* ---- cores ------------------------------------------------------------------------------ */

static void use_cores(const cpu_set_t *cores)
{
	rig_check(sched_setaffinity(0, sizeof(*cores), cores) ? -errno : 0, "move to a core");
}

/* Core @n of ours. */
static void use_core(const struct rig *r, int n)
{
	cpu_set_t one;
	int cpu = 0;

	if (CPU_COUNT(&r->cores) <= n)
		rig_check(-ENOTSUP, "measure on fewer than two cores");
	while (!CPU_ISSET(cpu, &r->cores) || n-- > 0)
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	use_cores(&one);
}

/* Our only child is the card. */
static clockid_t card_clock(void)
{
	FILE *children = fopen("/proc/thread-self/children", "r");
	clockid_t clock;
	int pid;

	if (!children || fscanf(children, "%d", &pid) != 1 || clock_getcpuclockid(pid, &clock))
		rig_check(-ECHILD, "find the card's process");
	fclose(children);
	return clock;
}

/* The card is started by the library and stays where we are at that moment. */
void rig_open(struct rig *r, const char *spec)
{
	struct uiocap_channel_info info;
	struct uiocap_card_info card;

	rig_check(sched_getaffinity(0, sizeof(r->cores), &r->cores) ? -errno : 0, "tell the cores");
	rig_check(uiocap_ctx_new(&r->ctx), "begin");
	uiocap_ctx_set_log(r->ctx, complain, NULL, UIOCAP_LOG_WARNING);
	use_core(r, 0);
	rig_check(uiocap_card_open(r->ctx, spec, NULL, &r->card), "open the card");
	use_core(r, 1);
	if (strncmp(spec, "sim", 3) == 0)
		r->card_clock = card_clock();
	uiocap_card_get_info(r->card, &card);
	r->channels = card.channels;
	uiocap_channel_get_info(uiocap_card_channel(r->card, 0), &info);
	r->frame_bytes = (size_t)info.width_bytes * info.height;
}

void rig_close(struct rig *r)
{
	rig_check(uiocap_card_close(r->card), "close the card");
	uiocap_ctx_free(r->ctx);
	use_cores(&r->cores);
}

/* ---- frames ----------------------------------------------------------------------------- */

void rig_start(struct rig *r, enum uiocap_wait wait, int64_t spin_ns, bool hold)
{
	rig_check(uiocap_card_set_wait(r->card, wait, spin_ns), "wait like that");
	for (unsigned int n = 0; n < r->channels; n++) {
		struct uiocap_channel *channel = uiocap_card_channel(r->card, n);

		rig_check(uiocap_channel_enable(channel, true), "enable a channel");
		rig_check(uiocap_channel_set_hold(channel, hold), "hold");
	}
	rig_check(uiocap_card_start(r->card), "start");
}

void rig_stop(struct rig *r)
{
	struct uiocap_frame *frame;

	rig_check(uiocap_card_stop(r->card), "stop");
	while (uiocap_card_acquire(r->card, 0, &frame) == 1)
		uiocap_frame_release(frame);
}

struct uiocap_frame *rig_next(struct rig *r)
{
	struct uiocap_frame *frame;
	int ret = uiocap_card_acquire(r->card, PATIENCE_NS, &frame);

	return ret != -EINTR && rig_check(ret, "take a frame") == 1 ? frame : NULL;
}

bool rig_whole(const struct uiocap_frame *frame)
{
	return !(uiocap_frame_status(frame) & (UIOCAP_FRAME_MISSING | UIOCAP_FRAME_CORRUPT));
}

/* ---- memory ----------------------------------------------------------------------------- */

void *rig_alloc(size_t len)
{
	void *memory = aligned_alloc(PAGE, (len + PAGE - 1) / PAGE * PAGE);

	rig_check(memory ? 0 : -ENOMEM, "get memory");
	memset(memory, 1, len);
	return memory;
}

/* Eight sums at a time, so that memory is what takes the time and not the chain of additions. */
uint64_t rig_sum(const void *data, size_t len)
{
	const uint64_t *word = data, *end = word + len / sizeof(*word);
	uint64_t sum[8] = { 0 }, all = 0;

	for (; word < end; word += 8)
		for (unsigned int i = 0; i < 8; i++)
			sum[i] += word[i];
	for (unsigned int i = 0; i < 8; i++)
		all += sum[i];
	return all;
}
