/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_registers.c - a card whose registers read as they like, from open to close
 *
 * The bytes are registers of a card that is well otherwise, each an offset (2 bytes) and a value
 * (4); before them, what the user wishes: buffers, lines of a chunk, and where the registers change
 * only when the card has been opened.
 */
#include <string.h>

#include "fuzz.h"
#include "paper.h"

#define REGISTER_BYTES	6

struct wishes {
	uint8_t buffers;
	uint8_t chunk_lines;
	uint8_t early;	/* registers set before the card is opened */
};

static const uint8_t *set_registers(struct paper *p, const uint8_t *data, size_t n)
{
	for (; n > 0; n--, data += REGISTER_BYTES) {
		unsigned int reg = data[0] | data[1] << 8;

		memcpy(&p->reg[reg % (PAPER_BAR_BYTES / 4)], data + 2, 4);
	}
	return data;
}

static void use_channel(struct uiocap_channel *c, const struct wishes *w)
{
	struct uiocap_channel_info info;

	uiocap_channel_enable(c, true);
	uiocap_channel_set_buffers(c, w->buffers % 8);
	uiocap_channel_set_chunk_lines(c, w->chunk_lines);
	uiocap_channel_get_info(c, &info);
}

static void check_channel(const struct uiocap_channel *c)
{
	struct uiocap_stats s;

	uiocap_channel_get_stats(c, &s);
	paper_check(s.produced == s.delivered + s.incomplete + s.lost);
}

static void use(struct uiocap_card *card, const struct wishes *w)
{
	struct uiocap_channel *c;
	struct uiocap_frame *frame;

	for (unsigned int i = 0; (c = uiocap_card_channel(card, i)); i++)
		use_channel(c, w);
	if (uiocap_card_start(card))
		return;
	for (unsigned int i = 0; i < 4; i++) {
		paper_pass(UINT64_C(1) << 8 * i);
		while (uiocap_card_acquire(card, 0, &frame) == 1)
			uiocap_frame_release(frame);
	}
	uiocap_card_stop(card);
	while (uiocap_card_acquire(card, 0, &frame) == 1)
		uiocap_frame_release(frame);
	for (unsigned int i = 0; (c = uiocap_card_channel(card, i)); i++)
		check_channel(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uiocap_card *card;
	struct wishes w = { 0 };
	struct paper *p;
	size_t n, early;

	if (size < sizeof(w))
		return 0;
	memcpy(&w, data, sizeof(w));
	n = (size - sizeof(w)) / REGISTER_BYTES;
	early = w.early < n ? w.early : n;
	p = paper_new();
	data = set_registers(p, data + sizeof(w), early);
	if (!paper_open(p, &card)) {
		set_registers(p, data, n - early);
		use(card, &w);
		paper_check(!uiocap_card_close(card));
	}
	paper_free(p);
	return 0;
}
