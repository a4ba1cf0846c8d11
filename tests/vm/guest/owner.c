// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * owner.c - owners of the reference card who leave without a word, and the one who comes next
 *
 *	owner NODE where	prints where the region is for the card, and how long
 *	owner NODE run		has all channels write into the region until it is killed
 *	owner NODE fork		the same, with a child that has the descriptor as well
 *	owner NODE map		the same, with the descriptor closed and the maps kept until SIGUSR1
 *	owner NODE heir		finds the card as after a reset, and nothing in its memory
 *
 * The card's descriptors last for half a minute, so that it goes on writing whoever is left to see
 * to it. The region has to be one piece for the card (refcard §5).
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stub.h"
#include "uiocap/refcard.h"

#define RING_ORDER	13
#define RING_ENTRIES	(1u << RING_ORDER)
#define RING_BYTES	(RING_ENTRIES * sizeof(struct refcard_desc))
#define CHANNEL_BYTES	(2 * RING_BYTES + REFCARD_MAX_CHUNK_BYTES)
#define MARK		0x5a
#define PATIENCE_NS	INT64_C(20000000000)

static struct stub_node node;
static volatile uint32_t *regs;
static const volatile struct uio_stub_info *info;
static uint8_t *region;
static size_t size;
static unsigned int channels;

static volatile uint32_t *reg(unsigned int ch, uint32_t offset)
{
	return &regs[(REFCARD_CHANNEL(ch) + offset) / 4];
}

static void open_card(const char *name)
{
	stub_open(name, &node);
	info = stub_map(&node, "info", PROT_READ);
	regs = stub_map(&node, "bar0", PROT_READ | PROT_WRITE);
	region = stub_map(&node, "dma", PROT_READ | PROT_WRITE);
	stub_map_find(&node, "dma", &size);
	channels = regs[REFCARD_CAPS / 4] & REFCARD_CAPS_CHANNELS;
	if (info->segments != 1)
		die("the region has %u pieces, not one", info->segments);
}

/* ---- an owner ---- */

/* Each chunk goes to the same place; its completion to the next entry of the second ring. */
static void start_channel(unsigned int ch)
{
	uint64_t ring = info->segment[0].bus + ch * CHANNEL_BYTES;
	struct refcard_desc *desc = (void *)(region + ch * CHANNEL_BYTES);
	unsigned int i;

	memset(desc, 0, 2 * RING_BYTES);
	for (i = 0; i < RING_ENTRIES; i++) {
		desc[i].addr = ring + 2 * RING_BYTES;
		desc[i].len = REFCARD_MAX_CHUNK_BYTES;
	}
	*reg(ch, REFCARD_CH_RING_LO) = ring;
	*reg(ch, REFCARD_CH_RING_HI) = ring >> 32;
	*reg(ch, REFCARD_CH_DONE_LO) = ring + RING_BYTES;
	*reg(ch, REFCARD_CH_DONE_HI) = (ring + RING_BYTES) >> 32;
	*reg(ch, REFCARD_CH_RING_ORDER) = RING_ORDER;
	*reg(ch, REFCARD_CH_CTRL) = REFCARD_CH_ENABLE;
	*reg(ch, REFCARD_CH_DOORBELL) = RING_ENTRIES;
}

static void wait_for_first(unsigned int ch)
{
	const volatile struct refcard_done *done =
		(void *)(region + ch * CHANNEL_BYTES + RING_BYTES);
	int64_t end = now_ns() + PATIENCE_NS;

	while (!done->status) {
		if (now_ns() > end)
			die("channel %u: nothing comes, status %#x", ch,
			    *reg(ch, REFCARD_CH_STATUS));
		usleep(1000);
	}
}

static void start(void)
{
	unsigned int ch;

	if (channels * CHANNEL_BYTES > size)
		die("the region is too small for %u channels", channels);
	memset(region, MARK, size);
	for (ch = 0; ch < channels; ch++)
		start_channel(ch);
	for (ch = 0; ch < channels; ch++)
		wait_for_first(ch);
}

static void no_action(int sig)
{
	(void)sig;
}

static void run(void)
{
	puts("running");
	for (;;)
		pause();
}

static void run_forked(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid)
		printf("child %d\n", pid);
	run();
}

static void run_mapped(void)
{
	struct sigaction act = { .sa_handler = no_action };
	size_t bar_len, info_len;

	sigaction(SIGUSR1, &act, NULL);
	stub_map_find(&node, "bar0", &bar_len);
	stub_map_find(&node, "info", &info_len);
	close(node.fd);
	puts("running");
	pause();
	munmap((void *)regs, bar_len);
	munmap((void *)info, info_len);
	munmap(region, size);
	puts("unmapped");
	for (;;)
		pause();
}

/* ---- the next one ---- */

static void expect_reset(unsigned int ch)
{
	static const uint32_t zero[] = {
		REFCARD_CH_CTRL, REFCARD_CH_RING_LO, REFCARD_CH_RING_HI, REFCARD_CH_DONE_LO,
		REFCARD_CH_DONE_HI, REFCARD_CH_STATUS,
	};
	size_t i;

	for (i = 0; i < sizeof(zero) / sizeof(zero[0]); i++)
		if (*reg(ch, zero[i]))
			die("channel %u: register %#x reads %#x", ch, zero[i], *reg(ch, zero[i]));
}

static void expect_nothing(const char *when)
{
	const uint64_t *word = (const uint64_t *)region;
	size_t i;

	for (i = 0; i < size / sizeof(*word); i++)
		if (word[i])
			die("%s there is %#llx at %#zx", when, (unsigned long long)word[i],
			    i * sizeof(*word));
}

/* The card may master the bus now: what an earlier owner had told it would show. */
static void inherit(void)
{
	unsigned int ch;

	if (regs[REFCARD_ID / 4] != REFCARD_ID_VALUE)
		die("the card does not answer: %#x", regs[REFCARD_ID / 4]);
	for (ch = 0; ch < channels; ch++)
		expect_reset(ch);
	expect_nothing("at first");
	usleep(20000);
	expect_nothing("after a while");
}

int main(int argc, char **argv)
{
	const char *what = argc == 3 ? argv[2] : "";

	if (argc != 3)
		die("usage: owner NODE where|run|fork|map|heir");
	setvbuf(stdout, NULL, _IOLBF, 0);
	open_card(argv[1]);
	if (!strcmp(what, "where")) {
		printf("%llu %zu\n", (unsigned long long)info->segment[0].bus, size);
		return 0;
	}
	if (!strcmp(what, "heir")) {
		inherit();
		return 0;
	}
	start();
	if (!strcmp(what, "fork"))
		run_forked();
	else if (!strcmp(what, "map"))
		run_mapped();
	else
		run();
}
