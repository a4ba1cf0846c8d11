/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_card.c - a client against the simulated card: registers, rings and memory of its choice */
#include <stdlib.h>

#include "fuzz.h"
#include "script.h"
#include "sim/card.h"
#include "sim/source.h"

/* A card of each kind of channel, small enough to be quick; the same for all inputs, but reset. */
static struct sim_card *new_card(void)
{
	struct sim_config config = {
		.choice = { .serial = 1, .intx = true, .msi = true, .msix = true },
		.channels = 3,
		.channel = {
			{ .kind = { .kind = REFCARD_KIND_VIDEO, .width = 64, .height = 32 } },
			{ .kind = { .kind = REFCARD_KIND_VIDEO, .width = 64, .height = 32,
				    .period_ns = 5000000 } },
			{ .kind = { .kind = REFCARD_KIND_STREAM } },
		},
		.clock = script_now_ns,
	};
	struct sim_card *card;

	if (source_open("pattern:100000", 2, &config.channel[2].source) ||
	    sim_card_new(&config, &card))
		abort();
	return card;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sim_card *card;

	if (!card)
		card = new_card();
	script_run(sim_card_device(card), data, size);
	return 0;
}
