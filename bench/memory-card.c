// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory-card.c - a reference card behind the stub, all of it memory of this process
 */
#include "memory-card.h"

#include <err.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

/* The maps of the node, in the order of node.sh. */
enum { INFO, DMA, BAR0, MAPS };

static struct {
	void *data;
	size_t len;
} map[MAPS];
static int node = -1;

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
void *__real_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset);

int __wrap_open(const char *path, int flags, ...)
{
	const char *name = strrchr(path, '/');
	mode_t mode = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	if (!name || strcmp(name, "/uio0") || !strstr(path, "/dev/"))
		return __real_open(path, flags, mode);
	return fcntl(node, F_DUPFD_CLOEXEC, 0);
}

/* Once there is the node, what is mapped of a file is mapped of it: nothing else here maps one. */
void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	long n = offset / sysconf(_SC_PAGESIZE);

	if (fd < 0 || node < 0)
		return __real_mmap(addr, len, prot, flags, fd, offset);
	return n < MAPS && len <= map[n].len ? map[n].data : MAP_FAILED;
}

/* Shared also with a process that is forked off. Pages that nobody touches cost nothing. */
static void *make_map(int n, size_t len)
{
	map[n].data = __real_mmap(NULL, len, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	map[n].len = len;
	if (map[n].data == MAP_FAILED)
		err(1, "mmap");
	return map[n].data;
}

static uint32_t *reg(uint32_t offset)
{
	return (uint32_t *)map[BAR0].data + offset / 4;
}

static uint32_t *channel_reg(unsigned int ch, uint32_t offset)
{
	return reg(REFCARD_CHANNEL(ch) + offset);
}

static void make_node(unsigned int channels)
{
	struct uio_stub_info *info = make_map(INFO, 16384);
	const char *bytes = getenv("NODE_DMA_BYTES");
	const size_t dma = bytes ? strtoull(bytes, NULL, 0) : 0;

	if (dma == 0)
		errx(2, "NODE_DMA_BYTES is not set: node.sh");
	make_map(DMA, dma);
	make_map(BAR0, 16384);
	*info = (struct uio_stub_info){
		.magic = UIO_STUB_MAGIC, .abi = UIO_STUB_ABI, .size = sizeof(*info),
		.state = UIO_STUB_LIVE, .irq_kind = UIO_STUB_IRQ_MSIX, .vectors = channels,
		.segments = 1, .flags = UIO_STUB_IOMMU, .dma_size = dma,
		.segment = { { .bus = MEMORY_CARD_BUS, .len = dma } },
	};
	node = eventfd(0, EFD_CLOEXEC);
	if (node < 0)
		err(1, "eventfd");
}

struct memory_card *memory_card_new(unsigned int channels, uint32_t chunks, uint32_t chunk_bytes)
{
	struct memory_card *c = calloc(1, sizeof(*c));

	if (!c)
		err(1, "memory");
	c->channels = channels;
	make_node(channels);
	*reg(REFCARD_ID) = REFCARD_ID_VALUE;
	*reg(REFCARD_VERSION) = REFCARD_VERSION_1_0;
	*reg(REFCARD_CAPS) = channels;
	for (unsigned int ch = 0; ch < channels; ch++) {
		*channel_reg(ch, REFCARD_CH_KIND) = REFCARD_KIND_VIDEO;
		*channel_reg(ch, REFCARD_CH_WIDTH) = chunk_bytes / 16;
		*channel_reg(ch, REFCARD_CH_HEIGHT) = chunks * 16;
		*channel_reg(ch, REFCARD_CH_CHUNK_LINES) = 16;
	}
	return c;
}

static void *memory_at(unsigned int ch, uint32_t lo, uint32_t hi)
{
	uint64_t bus = (uint64_t)*channel_reg(ch, hi) << 32 | *channel_reg(ch, lo);

	return (uint8_t *)map[DMA].data + (bus - MEMORY_CARD_BUS);
}

void memory_card_start(struct memory_card *c)
{
	for (unsigned int ch = 0; ch < c->channels; ch++)
		c->channel[ch] = (struct memory_channel){
			.desc = memory_at(ch, REFCARD_CH_RING_LO, REFCARD_CH_RING_HI),
			.done = memory_at(ch, REFCARD_CH_DONE_LO, REFCARD_CH_DONE_HI),
			.mask = (1u << *channel_reg(ch, REFCARD_CH_RING_ORDER)) - 1,
			.chunks = *channel_reg(ch, REFCARD_CH_HEIGHT) / 16,
			.len = *channel_reg(ch, REFCARD_CH_WIDTH) * 16,
		};
}

uint32_t *memory_card_doorbell(unsigned int ch)
{
	return channel_reg(ch, REFCARD_CH_DOORBELL);
}

uint32_t memory_card_look(struct memory_card *c, unsigned int ch)
{
	struct memory_channel *k = &c->channel[ch];
	uint32_t posted = __atomic_load_n(memory_card_doorbell(ch), __ATOMIC_ACQUIRE);

	k->rung += posted != k->posted;
	k->posted = posted;
	return posted - (uint32_t)k->used;
}

/* §5, §6 of the data sheet: takes the next descriptor, and says what came there. */
static void complete(struct memory_card *c, unsigned int ch, uint32_t chunk)
{
	struct memory_channel *k = &c->channel[ch];
	const struct refcard_desc *desc = &k->desc[k->used & k->mask];
	struct refcard_done *done = &k->done[k->used & k->mask];
	uint32_t phase = k->used & (k->mask + 1) ? 0 : REFCARD_DONE_PHASE;

	if (desc->len != k->len || desc->addr < MEMORY_CARD_BUS ||
	    desc->addr + k->len > MEMORY_CARD_BUS + map[DMA].len)
		errx(1, "descriptor %ju of channel %u is wrong", (uintmax_t)k->used, ch);
	done->frame = (uint32_t)k->frame;
	done->where = chunk << 16 | (uint16_t)k->used;
	done->time = c->time += 1000;
	__atomic_store_n(&done->status, k->len | phase | REFCARD_DONE_CHANNEL(ch) |
			 (chunk == 0 ? REFCARD_DONE_SOF : 0) |
			 (chunk == k->chunks - 1 ? REFCARD_DONE_EOF : 0), __ATOMIC_RELEASE);
	k->used++;
}

void memory_card_frame(struct memory_card *c, unsigned int ch)
{
	struct memory_channel *k = &c->channel[ch];

	if (memory_card_look(c, ch) < k->chunks)
		errx(1, "channel %u has no buffer for frame %ju", ch, (uintmax_t)k->frame);
	for (uint32_t chunk = 0; chunk < k->chunks; chunk++)
		complete(c, ch, chunk);
	k->frame++;
	*channel_reg(ch, REFCARD_CH_PRODUCED_LO) = (uint32_t)k->frame;
}

void memory_card_interrupt(unsigned int vector)
{
	struct uio_stub_info *info = map[INFO].data;

	__atomic_fetch_add(&info->vector[vector].count, 1, __ATOMIC_RELEASE);
	if (eventfd_write(node, 1) < 0)
		err(1, "eventfd");
}
