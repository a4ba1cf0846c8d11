// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * revoke.c - a card is taken away, again and again, from threads that are at work with it
 *
 *	revoke SLOT ROUNDS WAY[/N]…	each Nth time that WAY (away.h); of several, the last
 *
 * One thread waits in read(), one has frames in hand, one writes registers, one maps and unmaps,
 * one tries to open the node. Ends with the first round in which something is not as promised, else
 * with a line on what it took. The card is QEMU's edu or the reference card.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "away.h"
#include "stub.h"
#include "touch.h"
#include "uiocap/refcard.h"

#define STUCK_S		120
#define WAKE_NS		INT64_C(1000000000)
#define POISON		0x0bad0000u	/* written when the card has gone; a serial number below */
#define IN_HAND		16		/* pages */
#define LATE_WRITES	100
#define FIND_NS		INT64_C(20000000000)

/*
 * What there is to play with: @kept holds what is written to it, inverted by the edu card; a 1
 * written to @raise interrupts, once there is one in @mask.
 */
static const struct model {
	uint32_t id;
	uint32_t kept;
	uint32_t invert;
	uint32_t raise;
	uint32_t mask;
} models[] = {
	{ 0x010000ed, 0x04, UINT32_MAX, 0x60, 0x60 },		/* QEMU's docs/specs/edu.rst */
	{ REFCARD_ID_VALUE, REFCARD_FAULT_ARG, 0, REFCARD_IRQ_FORCE, REFCARD_IRQ_MASK },
};

static const struct model *model;
static unsigned long round_number;

/* Of one round. */
static char name[32];
static struct stub_node node;
static struct victim card;
static size_t bar_size, dma_size, info_size, page;
static const struct away *away;
static uint32_t generation;
static int64_t woken_ns;
static atomic_bool gone;	/* the reader knows, or whoever made the card go */
static atomic_bool stop;
static atomic_uint at_work;

/* Of all rounds. */
static int64_t longest_ns, longest_write_ns, away_ns, back_ns;
static unsigned long faults, maps, opens, late_writes;

static void fail(const char *what, unsigned long value)
{
	die("round %lu (%s): %s (%#lx)", round_number, away->name, what, value);
}

/* ---- the threads ---- */

/* Who takes the card away has to get at a processor, and whoever maps at the other one. */
static void stand_back(void)
{
	if (nice(19) != 19)
		fail("no lower priority", errno);
}

static void breathe(unsigned long *n)
{
	if (++*n % 16 == 0)
		usleep(50);
}

static void *reader(void *arg)
{
	int32_t events;

	at_work++;
	while (read(node.fd, &events, sizeof(events)) == sizeof(events))
		if (away->stays && card.info->generation != generation)
			break;
	woken_ns = now_ns();
	gone = true;
	if (!away->stays && errno != EIO)
		fail("read() ends in another way", errno);
	return arg;
}

static uint32_t mark(size_t n)
{
	return round_number << 8 | n;
}

/* A page in hand shows what it has always shown, or it faults. */
static void *holder(void *arg)
{
	unsigned long passes = 0;
	size_t i, last = 0;
	uint32_t value;

	stand_back();
	at_work++;
	do {
		breathe(&passes);
		last += stop;
		for (i = 0; i < IN_HAND; i++) {
			if (!peek(card.dma + i * page / 4, &value))
				faults++;
			else if (value != mark(i))
				fail("a page in hand has changed", value);
		}
	} while (last < 2);
	return arg;
}

/* What is written after the card has gone must not be found in it by the next owner. */
static void write_round(uint32_t n)
{
	bool late = gone && !away->stays;
	uint32_t id;

	if (!poke(card.regs + model->kept / 4, late ? POISON | n : n))
		fail("a write to a register faults", n);
	if (n % 64 == 0 && !late)
		poke(card.regs + model->raise / 4, 1);
	if (!peek(card.regs, &id))
		fail("a read of a register faults", n);
	if (id != model->id && id != UINT32_MAX && id != away->reads)
		fail("the ID register reads neither right nor as it may", id);
	late_writes += late;
}

static void *writer(void *arg)
{
	unsigned long passes = 0;
	uint32_t n, late = 0;

	stand_back();
	at_work++;
	for (n = 1; late < LATE_WRITES; n = n % 0x7fff + 1) {
		breathe(&passes);
		write_round(n);
		late += stop;
	}
	return arg;
}

/* Any part of any map, touched here and there, and given back in two pieces. */
static void map_something(unsigned int *seed)
{
	const size_t sizes[] = { info_size, dma_size, bar_size };
	int n = rand_r(seed) % 3;
	size_t len = sizes[n] > page ? page * (1 + rand_r(seed) % (sizes[n] / page)) : page, i;
	size_t half = len / page / 2 * page;
	volatile uint32_t *map;
	uint32_t value;

	map = mmap(NULL, len, n ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, node.fd,
		   n * page);
	if (map == MAP_FAILED) {
		if (errno != ENODEV && errno != EINVAL && errno != EIO)
			fail("mmap() fails in another way", errno);
		return;
	}
	for (i = 0; i < 4; i++)
		peek(map + rand_r(seed) % (len / page) * page / 4, &value);
	if (half)
		munmap((void *)map, half);
	munmap((char *)map + half, len - half);
	maps++;
}

static void *mapper(void *arg)
{
	unsigned int seed = round_number;

	at_work++;
	while (!stop)
		map_something(&seed);
	return arg;
}

static void *opener(void *arg)
{
	unsigned long passes = 0;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", name);
	stand_back();
	at_work++;
	while (!stop) {
		breathe(&passes);
		fd = open(path, O_RDWR);
		if (fd >= 0)
			fail("a second owner", fd);
		if (errno != EBUSY && errno != ENODEV && errno != ENOENT && errno != EINVAL)
			fail("open() fails in another way", errno);
		opens++;
	}
	return arg;
}

/* ---- a round ---- */

/* The card's node; its number may be another one each time. Its maps come later, map2 last. */
static int find_node(void)
{
	struct dirent *entry;
	char path[128];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/uio", card.slot);
	dir = opendir(path);
	*name = '\0';
	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, "uio", 3))
			snprintf(name, sizeof(name), "%.31s", entry->d_name);
	if (dir)
		closedir(dir);
	if (!*name)
		return 0;
	snprintf(path, sizeof(path), "/sys/class/uio/%s/maps/map2/offset", name);
	if (access(path, R_OK))
		return 0;
	snprintf(path, sizeof(path), "/dev/%s", name);
	return !access(path, R_OK);
}

static void open_card(void)
{
	int64_t end = now_ns() + FIND_NS;
	size_t i;

	while (!find_node()) {
		if (now_ns() > end)
			fail("the node has not come back", 0);
		usleep(1000);
	}
	stub_open(name, &node);
	if (round_number == 1) {
		stub_map_find(&node, "bar0", &bar_size);
		stub_map_find(&node, "dma", &dma_size);
		stub_map_find(&node, "info", &info_size);
	}
	card.regs = stub_map(&node, "bar0", PROT_READ | PROT_WRITE);
	card.info = stub_map(&node, "info", PROT_READ);
	card.dma = stub_map(&node, "dma", PROT_READ | PROT_WRITE);
	generation = card.info->generation;
	for (i = 0; i < IN_HAND; i++) {
		if (card.dma[i * page / 4])
			fail("there is something in the region", card.dma[i * page / 4]);
		card.dma[i * page / 4] = mark(i);
	}
}

static void check_card(void)
{
	for (model = models; model->id != card.regs[0]; model++)
		if (model == &models[sizeof(models) / sizeof(models[0]) - 1])
			fail("the card does not answer", card.regs[0]);
	if (((card.regs[model->kept / 4] ^ model->invert) & 0xffff0000u) == POISON)
		fail("a write after the card had gone has reached it", card.regs[model->kept / 4]);
	card.regs[model->mask / 4] = 1;
}

static void close_card(void)
{
	munmap((void *)card.regs, bar_size);
	munmap((void *)card.info, info_size);
	munmap((void *)card.dma, dma_size);
	close(node.fd);
}

/* A machine with other work is granted the time that the revocation itself has taken. */
static void check_wake(int64_t start_ns, int64_t end_ns)
{
	if (woken_ns - start_ns > longest_ns)
		longest_ns = woken_ns - start_ns;
	if (end_ns - start_ns > longest_write_ns)
		longest_write_ns = end_ns - start_ns;
	if (woken_ns - end_ns > WAKE_NS)
		fail("the reader woke later than a second after, ms", (woken_ns - end_ns) / 1000000);
}

static void check_after(void)
{
	uint32_t want = away->stays ? UIO_STUB_LIVE : UIO_STUB_REMOVED, value;

	if (card.info->state != want)
		fail("the info page has another state", card.info->state);
	if (away->stays && (!peek(card.regs, &value) || value != model->id))
		fail("no registers after the reset", value);
	if (!away->stays && peek(card.dma, &value))
		fail("the region is still there", value);
}

static void one_round(void)
{
	void *(*const work[])(void *) = { reader, holder, writer, mapper, opener };
	enum { THREADS = sizeof(work) / sizeof(work[0]) };
	pthread_t thread[THREADS];
	int64_t start_ns, end_ns;
	unsigned int i;

	alarm(STUCK_S);
	gone = stop = false;
	at_work = 0;
	open_card();
	check_card();
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, work[i], NULL))
			fail("no thread", i);
	while (at_work < THREADS)
		sched_yield();
	usleep(random() % 2000);
	start_ns = now_ns();
	away->take(&card);
	end_ns = now_ns();
	pthread_join(thread[0], NULL);
	stop = true;
	for (i = 1; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	check_wake(start_ns, end_ns);
	check_after();
	close_card();
	away_ns += end_ns - start_ns;
	start_ns = now_ns();
	away->give(&card);
	back_ns += now_ns() - start_ns;
}

static void stuck(int sig)
{
	(void)sig;
	fail("stuck for so many seconds", STUCK_S);
}

/* Of WAY[/N]… */
static const struct away *choose(unsigned long n, char **ways)
{
	const struct away *found = NULL;
	unsigned long each;
	char way[16];

	for (; *ways; ways++) {
		each = 1;
		if (sscanf(*ways, "%15[a-z]/%lu", way, &each) < 1 || !each || !away_find(way))
			die("no such way: %s", *ways);
		if (n % each == 0)
			found = away_find(way);
	}
	if (!found)
		die("round %lu: nothing says how", n);
	return found;
}

int main(int argc, char **argv)
{
	int64_t start_ns = now_ns();
	unsigned long rounds;

	if (argc < 4)
		die("usage: revoke SLOT ROUNDS WAY[/N]...");
	card.slot = argv[1];
	rounds = strtoul(argv[2], NULL, 0);
	page = sysconf(_SC_PAGESIZE);
	touch_prepare();
	signal(SIGALRM, stuck);
	for (round_number = 1; round_number <= rounds; round_number++) {
		away = choose(round_number, argv + 3);
		one_round();
	}
	printf("%lu rounds of %.1f ms, away in %.1f and back in %.1f; longest wake-up %.1f ms in a revocation of %.1f; %lu faults in hand, %lu maps, %lu opens refused, %lu late writes\n",
	       rounds, (now_ns() - start_ns) / 1e6 / rounds, away_ns / 1e6 / rounds,
	       back_ns / 1e6 / rounds, longest_ns / 1e6, longest_write_ns / 1e6, faults, maps,
	       opens, late_writes);
	return 0;
}
