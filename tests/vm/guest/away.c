// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "away.h"
#include "port.h"
#include "stub.h"
#include "uiocap/refcard.h"

/* Where in the region a card that is to die has its rings and its buffer. */
#define RING_AT		0x40000u
#define DONE_AT		0x41000u
#define BUFFER_AT	0x42000u
#define BUFFER_BYTES	0x10000u

static int port;	/* of the card that has no power */

static void write_attr(const struct victim *v, const char *attr)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", v->slot, attr);
	write_file(path, "1");
}

static void unbind(const struct victim *v)
{
	write_file("/sys/bus/pci/drivers/uio_stub/unbind", v->slot);
}

static void bind_again(const struct victim *v)
{
	write_file("/sys/bus/pci/drivers/uio_stub/bind", v->slot);
}

static void remove_it(const struct victim *v)
{
	write_attr(v, "remove");
}

static void rescan(const struct victim *v)
{
	(void)v;
	write_file("/sys/bus/pci/rescan", "1");
}

static void reset(const struct victim *v)
{
	write_attr(v, "reset");
}

static void keep(const struct victim *v)
{
	(void)v;
}

/* As `ask` in lib.sh. */
static void ask_host(const char *what)
{
	FILE *host = fopen("/dev/ttyS1", "r+e");
	char answer[32] = "";

	if (!host)
		die("/dev/ttyS1: %s", strerror(errno));
	fprintf(host, "host: %s\n", what);
	fflush(host);
	if (!fgets(answer, sizeof(answer), host) || strcmp(answer, "ok\n"))
		die("%s: the host says '%s'", what, answer);
	fclose(host);
}

static void unplug(const struct victim *v)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", v->slot);
	ask_host("unplug");
	while (!access(path, F_OK))
		usleep(1000);
}

static void plug(const struct victim *v)
{
	(void)v;
	ask_host("plug");
}

/* Its link is down for a while before its driver knows. QEMU reads zeros where nobody answers. */
static void lose_power(const struct victim *v)
{
	port = port_open(v->slot);
	port_power(port, false);
	while (v->regs[REFCARD_ID / 4] == REFCARD_ID_VALUE)
		usleep(1000);
	usleep(1000);
	remove_it(v);
}

static void get_power(const struct victim *v)
{
	port_power(port, true);
	close(port);
	rescan(v);
}

/* What it needs to come to its next chunk, instead of which it dies (refcard §4, §5, §10). */
static void channel_starts(const struct victim *v)
{
	volatile uint32_t *ch = v->regs + REFCARD_CHANNEL(0) / 4;
	volatile uint32_t *desc = v->dma + RING_AT / 4;
	const uint64_t bus = v->info->segment[0].bus;

	desc[0] = (uint32_t)(bus + BUFFER_AT);
	desc[1] = (bus + BUFFER_AT) >> 32;
	desc[2] = BUFFER_BYTES;
	ch[REFCARD_CH_RING_LO / 4] = (uint32_t)(bus + RING_AT);
	ch[REFCARD_CH_RING_HI / 4] = (bus + RING_AT) >> 32;
	ch[REFCARD_CH_DONE_LO / 4] = (uint32_t)(bus + DONE_AT);
	ch[REFCARD_CH_DONE_HI / 4] = (bus + DONE_AT) >> 32;
	ch[REFCARD_CH_CHUNK_LINES / 4] = ch[REFCARD_CH_HEIGHT / 4];
	ch[REFCARD_CH_RING_ORDER / 4] = REFCARD_MIN_RING_ORDER;
	ch[REFCARD_CH_CTRL / 4] = REFCARD_CH_ENABLE;
	ch[REFCARD_CH_DOORBELL / 4] = 1;
}

/* The card is dead for its driver, too, which is then told to let it go. */
static void die_and_unbind(const struct victim *v, enum refcard_fault fault)
{
	v->regs[REFCARD_FAULT_KIND / 4] = fault;
	v->regs[REFCARD_FAULT_CHANNEL / 4] = 0;
	v->regs[REFCARD_FAULT_AFTER / 4] = 0;
	v->regs[REFCARD_FAULT_COUNT / 4] = 1;
	channel_starts(v);
	while (v->regs[REFCARD_ID / 4] == REFCARD_ID_VALUE)
		usleep(1000);
	unbind(v);
}

static void dead_with_ones(const struct victim *v)
{
	die_and_unbind(v, REFCARD_FAULT_DEAD_ONES);
}

static void dead_with_zeros(const struct victim *v)
{
	die_and_unbind(v, REFCARD_FAULT_DEAD_ZEROS);
}

const struct away *away_find(const char *name)
{
	static const struct away ways[] = {
		{ "unbind", false, UINT32_MAX, unbind, bind_again },
		{ "remove", false, UINT32_MAX, remove_it, rescan },
		{ "reset", true, UINT32_MAX, reset, keep },
		{ "unplug", false, UINT32_MAX, unplug, plug },
		{ "off", false, 0, lose_power, get_power },
		{ "ones", false, UINT32_MAX, dead_with_ones, bind_again },
		{ "zeros", false, 0, dead_with_zeros, bind_again },
	};
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(ways[i].name, name))
			return &ways[i];
	return NULL;
}
