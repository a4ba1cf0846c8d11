/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_edu.c - the card kind edu, on a model of the card as QEMU's docs/specs/edu.rst has it */
#include <errno.h>
#include <string.h>

#include "log_check.h"
#include "suite.h"
#include "userdrv/lib/card.h"

#define MEMORY		(64 * 1024)
#define BUS		0x100000
#define FRAME		4096
#define BUFFERS		4

/**
 * struct model - the card and the way to it
 * @reg:     registers by offset / 4
 * @buffer:  the card's memory
 * @patience: how often CMD is read before a transfer is done; negative: never
 * @left:    of them
 * @strange: transfers that the real card would not have done
 * @gone:    every access fails
 */
static struct model {
	struct transport t;
	struct uiocap_segment segment;
	uint8_t memory[MEMORY];
	uint32_t reg[0x100 / 4];
	uint8_t buffer[FRAME];
	int patience;
	int left;
	unsigned int transfers;
	unsigned int raised;
	unsigned int strange;
	bool gone;
} model;

static struct card *card;

#define REG(offset)	model.reg[(offset) / 4]

static bool in_memory(uint32_t bus, uint32_t bytes)
{
	return bus >= BUS && bus - BUS <= MEMORY && bytes <= MEMORY - (bus - BUS);
}

static bool in_buffer(uint32_t addr, uint32_t bytes)
{
	return addr >= 0x40000 && addr - 0x40000 <= FRAME && bytes <= FRAME - (addr - 0x40000);
}

static void finish_transfer(void)
{
	uint32_t src = REG(0x80), dst = REG(0x88), bytes = REG(0x90);

	if ((REG(0x98) & 2) && in_buffer(src, bytes) && in_memory(dst, bytes))
		memcpy(model.memory + dst - BUS, model.buffer + src - 0x40000, bytes);
	else if (!(REG(0x98) & 2) && in_memory(src, bytes) && in_buffer(dst, bytes))
		memcpy(model.buffer + dst - 0x40000, model.memory + src - BUS, bytes);
	else
		model.strange++;
	REG(0x98) &= ~1u;
	if (REG(0x98) & 4)
		REG(0x24) |= 0x100;
	model.transfers++;
}

static int model_read32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t *value)
{
	(void)t;
	ck_assert_uint_eq(bar, 0);
	if (model.gone) {
		*value = UINT32_MAX;
		return -ENODEV;
	}
	*value = REG(offset);
	if (offset == 0x98 && *value & 1 && model.left >= 0 && !model.left--)
		finish_transfer();
	return 0;
}

static int model_write32(struct transport *t, unsigned int bar, uint32_t offset, uint32_t value)
{
	(void)t, (void)bar;
	if (model.gone)
		return 0;
	if (offset == 0x04)
		REG(0x04) = ~value;
	else if (offset == 0x60)
		model.raised |= REG(0x24) |= value;
	else if (offset == 0x64)
		REG(0x24) &= ~value;
	else if (offset < 0x80)
		model.strange++;
	else if (REG(0x98) & 1)
		model.strange++;	/* it ignores these while a transfer runs */
	else
		REG(offset) = value;
	if (offset == 0x98)
		model.left = model.patience;
	return 0;
}

static const struct transport_ops model_ops = {
	.name = "model", .read32 = model_read32, .write32 = model_write32,
};

static void set_up(void)
{
	memset(&model, 0, sizeof(model));
	model.segment = (struct uiocap_segment){ model.memory, BUS, MEMORY };
	model.t = (struct transport){
		.ops = &model_ops, .ctx = log_new_ctx(), .spec = (char *)"model", .vectors = 1,
		.irq_kind = UIOCAP_IRQ_MSI, .dma = model.memory, .dma_len = MEMORY,
		.segment = &model.segment, .segments = 1,
	};
	REG(0x00) = 0x010000ed;
	card = NULL;
}

static void set_up_open(void)
{
	set_up();
	ck_assert_int_eq(card_edu.open(&model.t, &card), 0);
}

static void tear_down(void)
{
	if (card)
		card_edu.close(card);
	uiocap_ctx_free(model.t.ctx);
	ck_assert_uint_eq(model.strange, 0);
}

/* Chunks of @lines lines; the ring is the last page of the memory. */
static struct card_setup setup(uint32_t lines)
{
	static uint64_t bus[BUFFERS * 64];
	struct card_setup s = {
		.chunk_bytes = 64 * lines, .chunk_lines = lines, .chunks = (63 + lines) / lines,
		.pool = BUFFERS, .buffers = BUFFERS, .chunk_bus = bus, .irq = true,
		.ring = { model.memory + MEMORY - FRAME, BUS + MEMORY - FRAME, FRAME },
	};

	s.last_bytes = FRAME - (s.chunks - 1) * s.chunk_bytes;
	for (uint32_t n = 0; n < BUFFERS * s.chunks; n++)
		bus[n] = BUS + n / s.chunks * FRAME + n % s.chunks * s.chunk_bytes;
	ck_assert_uint_ge(card_edu.ring_bytes(card, 0, &s), FRAME);
	return s;
}

static uint64_t chunks_taken(void)
{
	uint64_t chunks, bad;

	card_edu.counts(card, 0, &chunks, &bad);
	ck_assert_uint_eq(bad, 0);
	return chunks;
}

/* Collects until @runs have come, one after another. */
static void collect(struct card_run *run, unsigned int runs)
{
	unsigned int n, tries;

	for (n = 0, tries = 0; n < runs && tries < 100; tries++)
		n += card_edu.collect(card, 0, 1000 + n, &run[n], runs - n);
	ck_assert_uint_eq(n, runs);
}

START_TEST(opens)
{
	ck_assert_uint_eq(card->sources, 1);
	ck_assert_uint_eq(card->source[0].width_bytes * card->source[0].height, FRAME);
	ck_assert_int_eq(card->source[0].kind, UIOCAP_CHANNEL_VIDEO);
	ck_assert(card_edu.matches(0x1234, 0x11e8));
	ck_assert(!card_edu.matches(0x1234, 0x0cab));
}
END_TEST

static const uint32_t dead[] = { 0, UINT32_MAX, 0x50414355 };

START_TEST(dead_or_other)
{
	REG(0) = dead[_i];
	ck_assert_int_eq(card_edu.open(&model.t, &card), -ENODEV);
	ck_assert_said("id register");
}
END_TEST

START_TEST(goes_while_opening)
{
	model.gone = true;
	ck_assert_int_eq(card_edu.open(&model.t, &card), -ENODEV);
}
END_TEST

/* What the last owner has begun is not ours: wait for its end, drop its interrupt. */
START_TEST(open_settles)
{
	REG(0x98) = 7;
	REG(0x80) = 0x40000;
	REG(0x88) = BUS;
	REG(0x90) = 4;
	model.left = 2;
	ck_assert_int_eq(card_edu.open(&model.t, &card), 0);
	ck_assert_uint_eq(REG(0x98) & 1, 0);
	ck_assert_uint_eq(REG(0x24), 0);
}
END_TEST

START_TEST(open_gives_up)
{
	REG(0x98) = 3;
	model.left = -1;
	ck_assert_int_eq(card_edu.open(&model.t, &card), -ETIMEDOUT);
}
END_TEST

/* Every buffer holds the picture that start has put into the card; none is a copy by the driver. */
START_TEST(frames)
{
	struct card_setup s = setup(64);
	struct card_run run[BUFFERS];
	uint8_t picture[FRAME];
	uint64_t produced;
	unsigned int n;

	ck_assert_int_eq(card_edu.start(card, 0, &s), 0);
	ck_assert_uint_eq(model.transfers, 1);
	memcpy(picture, s.ring.data, FRAME);
	ck_assert_mem_eq(model.buffer, picture, FRAME);
	for (n = 0; n < BUFFERS; n++)
		card_edu.post(card, 0, n);
	ck_assert_uint_eq(REG(0x98) & 1, 0);
	card_edu.flush(card, 0);
	ck_assert_uint_eq(REG(0x98), 7);
	collect(run, BUFFERS);
	for (n = 0; n < BUFFERS; n++) {
		ck_assert_uint_eq(run[n].slot, n);
		ck_assert_uint_eq(run[n].frame, n);
		ck_assert_uint_eq(run[n].first, 0);
		ck_assert_uint_eq(run[n].count, 1);
		ck_assert_uint_eq(run[n].bytes, FRAME);
		ck_assert_uint_eq(run[n].flags, 0);
		ck_assert_uint_eq(run[n].time_ns, 1000 + n);
		ck_assert_mem_eq(model.memory + n * FRAME, picture, FRAME);
	}
	ck_assert_int_eq(card_edu.stop(card, 0), 0);
	ck_assert_int_eq(card_edu.produced(card, 0, &produced), 0);
	ck_assert_uint_eq(produced, BUFFERS);
	ck_assert_uint_eq(chunks_taken(), BUFFERS);
}
END_TEST

/* 24 lines a chunk: two full ones and a shorter one make a frame. */
START_TEST(chunks)
{
	struct card_setup s = setup(24);
	struct card_run run[6];
	unsigned int n;

	ck_assert_int_eq(card_edu.start(card, 0, &s), 0);
	card_edu.post(card, 0, 0);
	card_edu.post(card, 0, 1);
	card_edu.flush(card, 0);
	collect(run, 6);
	for (n = 0; n < 6; n++) {
		ck_assert_uint_eq(run[n].slot, n / 3);
		ck_assert_uint_eq(run[n].first, n % 3);
		ck_assert_uint_eq(run[n].bytes, n % 3 == 2 ? 16 * 64 : 24 * 64);
	}
	ck_assert_mem_eq(model.memory, s.ring.data, FRAME);
	ck_assert_mem_eq(model.memory + FRAME, s.ring.data, FRAME);
}
END_TEST

START_TEST(waits_for_buffers)
{
	struct card_setup s = setup(64);
	struct card_run run;

	s.irq = false;
	ck_assert_int_eq(card_edu.start(card, 0, &s), 0);
	card_edu.flush(card, 0);
	ck_assert_uint_eq(model.transfers, 1);
	ck_assert_uint_eq(card_edu.collect(card, 0, 0, &run, 1), 0);
	card_edu.post(card, 0, 0);
	card_edu.flush(card, 0);
	ck_assert_uint_eq(REG(0x98), 3);
	ck_assert_uint_eq(card_edu.collect(card, 0, 0, &run, 0), 0);
	collect(&run, 1);
	ck_assert_uint_eq(card_edu.collect(card, 0, 0, &run, 1), 0);
	ck_assert_uint_eq(model.transfers, 2);
}
END_TEST

/* The transfer under way at stop ends; its frame counts, and can still be collected. */
START_TEST(stop_in_a_transfer)
{
	struct card_setup s = setup(64);
	struct card_run run[2];
	uint64_t produced;

	ck_assert_int_eq(card_edu.start(card, 0, &s), 0);
	card_edu.post(card, 0, 0);
	card_edu.post(card, 0, 1);
	card_edu.flush(card, 0);
	model.left = 2;
	ck_assert_int_eq(card_edu.stop(card, 0), 0);
	ck_assert_uint_eq(REG(0x98) & 1, 0);
	card_edu.produced(card, 0, &produced);
	ck_assert_uint_eq(produced, 1);
	ck_assert_uint_eq(card_edu.collect(card, 0, 0, run, 2), 1);
	ck_assert_uint_eq(card_edu.collect(card, 0, 0, run, 2), 0);
	card_edu.produced(card, 0, &produced);
	ck_assert_uint_eq(produced, 1);
	ck_assert_uint_eq(model.transfers, 2);
	ck_assert_int_eq(card_edu.start(card, 0, &s), 0);
	card_edu.produced(card, 0, &produced);
	ck_assert_uint_eq(produced, 0);
	ck_assert_uint_eq(chunks_taken(), 0);
}
END_TEST

START_TEST(stop_gives_up)
{
	struct card_setup s = setup(64);

	ck_assert_int_eq(card_edu.start(card, 0, &s), 0);
	card_edu.post(card, 0, 0);
	model.patience = -1;
	card_edu.flush(card, 0);
	ck_assert_int_eq(card_edu.stop(card, 0), -ETIMEDOUT);
	model.left = 0;
}
END_TEST

/* More chunks than the queue of addresses has places, in turns. */
START_TEST(many)
{
	struct card_setup s = setup(16);
	struct card_run run[4];
	unsigned int n;

	ck_assert_int_eq(card_edu.start(card, 0, &s), 0);
	for (n = 0; n < 1000; n++) {
		memset(model.memory + n % BUFFERS * FRAME, 0, FRAME);
		card_edu.post(card, 0, n % BUFFERS);
		card_edu.flush(card, 0);
		collect(run, 4);
		ck_assert_uint_eq(run[3].slot, n);
		ck_assert_mem_eq(model.memory + n % BUFFERS * FRAME, s.ring.data, FRAME);
	}
}
END_TEST

START_TEST(beyond_28_bits)
{
	struct card_setup s = setup(64);

	model.segment.bus = (1ull << 28) - MEMORY;
	s.ring.bus = 0;
	model.segment.bus++;
	ck_assert_int_eq(card_edu.start(card, 0, &s), -ERANGE);
	ck_assert_said("256 MiB");
	ck_assert_uint_eq(model.transfers, 0);
}
END_TEST

START_TEST(interrupts)
{
	ck_assert_int_eq(card_edu.raise(card, 0), 0);
	ck_assert_uint_eq(model.raised, 1);
	ck_assert_uint_eq(REG(0x24), 1);
	card_edu.ack(card);
	ck_assert_uint_eq(REG(0x24), 0);
	ck_assert_int_eq(card_edu.raise(card, 1), -EINVAL);
	model.t.irq_kind = UIOCAP_IRQ_NONE;
	ck_assert_int_eq(card_edu.raise(card, 0), -ENOTSUP);
}
END_TEST

START_TEST(register_names)
{
	const struct uiocap_register *reg, *last = NULL;
	unsigned int n;

	for (n = 0; (reg = card_edu.reg(card, n)); n++) {
		ck_assert(!last || last->offset < reg->offset);
		last = reg;
	}
	ck_assert_uint_eq(n, 11);
	ck_assert_str_eq(card_edu.reg(card, 0)->name, "ID");
	ck_assert(!card_edu.reg(card, 5)->readable);
}
END_TEST

static TCase *open_case(void)
{
	TCase *tc = tcase_create("open");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, dead_or_other, 0, 3);
	tcase_add_test(tc, goes_while_opening);
	tcase_add_test(tc, open_settles);
	tcase_add_test(tc, open_gives_up);
	return tc;
}

static TCase *use_case(void)
{
	TCase *tc = tcase_create("use");

	tcase_add_checked_fixture(tc, set_up_open, tear_down);
	tcase_add_test(tc, opens);
	tcase_add_test(tc, frames);
	tcase_add_test(tc, chunks);
	tcase_add_test(tc, waits_for_buffers);
	tcase_add_test(tc, stop_in_a_transfer);
	tcase_add_test(tc, stop_gives_up);
	tcase_add_test(tc, many);
	tcase_add_test(tc, beyond_28_bits);
	tcase_add_test(tc, interrupts);
	tcase_add_test(tc, register_names);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("edu");

	suite_add_tcase(suite, open_case());
	suite_add_tcase(suite, use_case());
	return suite_run(suite);
}
