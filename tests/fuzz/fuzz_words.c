/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_words.c - words of uiocap's command line: quantities, names of files, registers, faults
 *
 * The first byte is the room for a file's name, the rest is the word.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "paper.h"
#include "sim/fault.h"
#include "sim/size.h"
#include "userdrv/cli/filename.h"
#include "userdrv/cli/quantity.h"
#include "userdrv/cli/reg-place.h"

static void quantities(const char *word)
{
	uint64_t n, bits;
	int64_t ns;

	paper_check(quantity_count(word, 3, 1000, &n) || (n >= 3 && n <= 1000));
	paper_check(quantity_bytes(word, &n) || (n >= 1 && n < UINT64_C(1) << 63));
	paper_check(quantity_time(word, &ns) || ns >= 1);
	paper_check(quantity_set(word, &bits) || bits);
	paper_check(size_parse(word, &n) || n < UINT64_C(1) << 63);
}

/* In memory of exactly that size. */
static void names(const char *word, size_t room)
{
	struct filename_plan plan;
	char *buf = malloc(room);

	paper_check(buf);
	if (!filename_plan(word, &plan) && room > 0 &&
	    !filename_expand(word, 63, UINT64_MAX, buf, room))
		paper_check(strnlen(buf, room) < room);
	free(buf);
}

static void faults(const char *word)
{
	struct fault fault;

	paper_check(fault_parse(word, &fault) || fault.channel < REFCARD_MAX_CHANNELS);
}

/* What it says to people is not of interest, and would be much. */
static int find_silently(const struct uiocap_card *card, const char *word, struct reg_place *out)
{
	static FILE *nowhere;
	FILE *err = stderr;
	int ret;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	paper_check(nowhere);
	stderr = nowhere;
	ret = reg_place_find(card, word, out);
	stderr = err;
	return ret;
}

static void registers(const char *word)
{
	static struct uiocap_card *card;
	struct reg_place place;

	if (!card)
		paper_check(!paper_open(paper_new(), &card));
	if (!find_silently(card, word, &place))
		paper_check(place.bar <= 5);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *word;

	if (!size)
		return 0;
	word = malloc(size);
	paper_check(word);
	memcpy(word, data + 1, size - 1);
	word[size - 1] = '\0';
	quantities(word);
	names(word, data[0]);
	faults(word);
	registers(word);
	free(word);
	return 0;
}
