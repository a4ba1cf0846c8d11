/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_threads.c - the simulated card and the library as two threads on the same memory
 *
 * Elsewhere they are two processes, or one. Here ThreadSanitizer (configure
 * --enable-sanitizers=thread) can see whether either ever looks at what the other has not finished:
 * descriptors and doorbell, payload and completion, the frame that was given back. Without it every
 * byte of every frame tells.
 */
#include <endian.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/card.h"
#include "sim/pattern.h"
#include "suite.h"
#include "userdrv/lib/internal.h"

#define CHANNELS	3
#define WIDTH		64
#define HEIGHT		72
#define BUS		UINT64_C(0x700000000)
#define MEMORY		(1u << 20)
#define FRAMES		1000
#define TIMEOUT_NS	INT64_C(20000000000)
#define PAUSE_NS	50000

/**
 * struct rig - a card in a thread of its own, and an owner
 * @lock:   for its registers, and while it works
 * @raised: interrupts. Orders nothing, on purpose
 * @wrong:  lines, and frames out of order
 */
struct rig {
	struct transport t;
	struct uiocap_segment segment;
	struct device_bus bus;
	struct sim_card *sim;
	struct device *dev;
	pthread_mutex_t lock;
	pthread_t thread;
	atomic_bool stop;
	atomic_uint raised;
	unsigned int seen;
	enum uiocap_wait mode;
	unsigned int wrong;
	unsigned int got;
};

static struct rig *rig_of_bus(struct device_bus *bus)
{
	return (struct rig *)((char *)bus - offsetof(struct rig, bus));
}

static struct rig *rig_of(const struct transport *t)
{
	return (struct rig *)t;
}

static void pause_a_little(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	nanosleep(&pause, NULL);
}

/* ---- the card ---------------------------------------------------------------------------- */

static void *bus_memory(struct device_bus *bus, uint64_t addr, size_t len, bool write)
{
	uint64_t off = addr - BUS;

	(void)write;
	return off > MEMORY || len > MEMORY - off ? NULL : rig_of_bus(bus)->t.dma + off;
}

static bool bus_irq_enabled(struct device_bus *bus, enum device_irq kind, unsigned int vector)
{
	(void)bus, (void)vector;
	return kind == DEVICE_IRQ_MSIX;
}

static void bus_raise(struct device_bus *bus, enum device_irq kind, unsigned int vector)
{
	(void)kind, (void)vector;
	atomic_fetch_add_explicit(&rig_of_bus(bus)->raised, 1, memory_order_relaxed);
}

static void *work(void *data)
{
	struct rig *r = data;

	while (!atomic_load_explicit(&r->stop, memory_order_relaxed)) {
		struct timespec now;

		clock_gettime(CLOCK_MONOTONIC, &now);
		pthread_mutex_lock(&r->lock);
		r->dev->work(r->dev, (uint64_t)now.tv_sec * NS_PER_S + now.tv_nsec);
		pthread_mutex_unlock(&r->lock);
		pause_a_little();
	}
	return NULL;
}

/* ---- the way to it ----------------------------------------------------------------------- */

static size_t bar_size(const struct transport *t, unsigned int bar)
{
	return bar == REFCARD_BAR ? rig_of(t)->dev->region_size[bar] : 0;
}

static int read32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value)
{
	struct rig *r = rig_of(t);

	pthread_mutex_lock(&r->lock);
	r->dev->read(r->dev, bar, offset, value, sizeof(*value));
	pthread_mutex_unlock(&r->lock);
	*value = le32toh(*value);
	return 0;
}

static int write32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	struct rig *r = rig_of(t);

	value = htole32(value);
	pthread_mutex_lock(&r->lock);
	r->dev->write(r->dev, bar, offset, &value, sizeof(value));
	pthread_mutex_unlock(&r->lock);
	return 0;
}

static int check_state(const struct transport *t)
{
	(void)t;
	return 0;
}

static void nothing(struct transport *t)
{
	(void)t;
}

static int wait_irq(struct transport *t, int64_t timeout_ns)
{
	struct rig *r = rig_of(t);
	unsigned int raised;

	for (; timeout_ns > 0; timeout_ns -= PAUSE_NS) {
		raised = atomic_load_explicit(&r->raised, memory_order_relaxed);
		if (raised != r->seen) {
			r->seen = raised;
			return 1;
		}
		pause_a_little();
	}
	return 0;
}

static void irq(const struct transport *t, unsigned int vector, struct uiocap_irq *out)
{
	(void)vector;
	*out = (struct uiocap_irq){
		.count = atomic_load_explicit(&rig_of(t)->raised, memory_order_relaxed),
	};
}

static const struct transport_ops rig_ops = {
	.name = "threads", .close = nothing, .bar_size = bar_size, .read32 = read32,
	.write32 = write32, .check = check_state, .accept = nothing, .wait = wait_irq, .irq = irq,
};

/* ---- a rig ---------------------------------------------------------------------------------- */

static int make_card(struct rig *r)
{
	uint16_t command = htole16(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	struct sim_config config = {
		.choice = { .serial = 1, .msix = true }, .channels = CHANNELS,
	};

	for (unsigned int ch = 0; ch < CHANNELS; ch++)
		config.channel[ch].kind = (struct channel_kind){
			.kind = REFCARD_KIND_VIDEO, .width = WIDTH, .height = HEIGHT,
		};
	if (sim_card_new(&config, &r->sim))
		return -ENOMEM;
	r->dev = sim_card_device(r->sim);
	r->bus = (struct device_bus){ bus_memory, bus_irq_enabled, bus_raise };
	r->dev->bus = &r->bus;
	r->dev->reset(r->dev);
	r->dev->write(r->dev, DEVICE_REGION_CONFIG, PCI_COMMAND, &command, sizeof(command));
	return 0;
}

static int open_rig(struct rig *r, struct uiocap_ctx *ctx, enum uiocap_wait mode)
{
	*r = (struct rig){ .mode = mode, .lock = PTHREAD_MUTEX_INITIALIZER };
	r->t = (struct transport){
		.ops = &rig_ops, .ctx = ctx, .spec = "threads", .fd = -1,
		.vendor = REFCARD_VENDOR_ID, .device = REFCARD_DEVICE_ID,
		.irq_kind = UIOCAP_IRQ_MSIX, .vectors = REFCARD_VECTORS,
		.dma = aligned_alloc(4096, MEMORY), .dma_len = MEMORY,
		.segment = &r->segment, .segments = 1,
	};
	r->segment = (struct uiocap_segment){ .data = r->t.dma, .bus = BUS, .len = MEMORY };
	return r->t.dma ? make_card(r) : -ENOMEM;
}

static void close_rig(struct rig *r)
{
	sim_card_free(r->sim);
	free(r->t.dma);
}

/* ---- its owner --------------------------------------------------------------------------- */

static void check_frame(struct rig *r, struct uiocap_frame *frame, struct pattern *pattern)
{
	const uint8_t *line = uiocap_frame_data(frame);

	r->wrong += uiocap_frame_status(frame) != 0;
	for (uint32_t y = 0; y < HEIGHT; y++, line += WIDTH)
		r->wrong += pattern_check_line(pattern, uiocap_frame_number(frame), y, line) >= 0;
}

static int take_frames(struct rig *r, struct uiocap_card *card, struct pattern **pattern)
{
	uint64_t next[CHANNELS] = { 0 };

	for (; r->got < FRAMES; r->got++) {
		struct uiocap_frame *frame;
		int ret = uiocap_card_acquire(card, TIMEOUT_NS, &frame);
		unsigned int ch;

		if (ret != 1)
			return ret < 0 ? ret : -ETIMEDOUT;
		ch = uiocap_frame_channel(frame)->number;
		r->wrong += uiocap_frame_number(frame) != next[ch]++;
		check_frame(r, frame, pattern[ch]);
		uiocap_frame_release(frame);
	}
	return 0;
}

static int own(struct rig *r, struct uiocap_card *card)
{
	struct pattern *pattern[CHANNELS] = { NULL };
	int ret = uiocap_card_set_wait(card, r->mode, 0);

	for (unsigned int ch = 0; ret == 0 && ch < CHANNELS; ch++) {
		struct uiocap_channel *c = uiocap_card_channel(card, ch);

		uiocap_channel_enable(c, true);
		uiocap_channel_set_hold(c, true);
		uiocap_channel_set_buffers(c, 4);
		ret = pattern_new(ch, WIDTH, HEIGHT, &pattern[ch]);
	}
	if (ret == 0)
		ret = uiocap_card_start(card);
	if (ret == 0)
		ret = take_frames(r, card, pattern);
	if (ret == 0)
		ret = uiocap_card_stop(card);
	for (unsigned int ch = 0; ch < CHANNELS; ch++)
		pattern_free(pattern[ch]);
	return ret;
}

/* From the beginning to the end; in any thread, so that it asserts nothing. */
static int run(enum uiocap_wait mode)
{
	struct uiocap_card *card;
	struct uiocap_ctx *ctx;
	struct rig r;
	int ret = uiocap_ctx_new(&ctx), closed;

	if (ret == 0)
		ret = open_rig(&r, ctx, mode);
	if (ret == 0)
		ret = -pthread_create(&r.thread, NULL, work, &r);
	if (ret < 0)
		return ret;
	ret = card_new(ctx, &r.t, NULL, &card);
	if (ret == 0) {
		ret = own(&r, card);
		closed = uiocap_card_close(card);
		ret = ret ? ret : closed;
	}
	atomic_store_explicit(&r.stop, true, memory_order_relaxed);
	pthread_join(r.thread, NULL);
	close_rig(&r);
	uiocap_ctx_free(ctx);
	return ret == 0 && r.wrong > 0 ? -EBADMSG : ret;
}

START_TEST(test_interrupt)
{
	ck_assert_int_eq(run(UIOCAP_WAIT_INTERRUPT), 0);
}
END_TEST

START_TEST(test_busy)
{
	ck_assert_int_eq(run(UIOCAP_WAIT_BUSY), 0);
}
END_TEST

START_TEST(test_adaptive)
{
	ck_assert_int_eq(run(UIOCAP_WAIT_ADAPTIVE), 0);
}
END_TEST

START_TEST(test_timer)
{
	ck_assert_int_eq(run(UIOCAP_WAIT_TIMER), 0);
}
END_TEST

static void *run_thread(void *mode)
{
	return (void *)(intptr_t)run(*(enum uiocap_wait *)mode);
}

/* The library has no globals: two owners in two threads know nothing of each other. */
START_TEST(test_two_owners)
{
	enum uiocap_wait mode[] = { UIOCAP_WAIT_INTERRUPT, UIOCAP_WAIT_TIMER };
	pthread_t thread[2];

	for (unsigned int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, run_thread, &mode[i]), 0);
	for (unsigned int i = 0; i < 2; i++) {
		void *ret;

		ck_assert_int_eq(pthread_join(thread[i], &ret), 0);
		ck_assert_ptr_null(ret);
	}
}
END_TEST

suite_main("threads", test_interrupt, test_busy, test_adaptive, test_timer, test_two_owners)
