// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * suggest.c - "did you mean"
 */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "suggest.h"

#define LONGEST	64	/* words beyond this are not compared */

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Letters to insert, delete or replace to make one word of the other; case does not count. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[LONGEST + 1];
	size_t lb = strlen(b);

	if (strlen(a) > LONGEST || lb > LONGEST)
		return UINT_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; *a; a++, i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned int above = row[j];
			bool same = tolower((unsigned char)*a) == tolower((unsigned char)b[j - 1]);

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + !same);
			diagonal = above;
		}
	}
	return row[lb];
}

void suggest_start(struct suggest *s, const char *text)
{
	s->text = text;
	s->best = NULL;
	s->distance = UINT_MAX;
}

void suggest_offer(struct suggest *s, const char *word)
{
	unsigned int d = distance(s->text, word);

	if (d < s->distance) {
		s->distance = d;
		s->best = word;
	}
}

const char *suggest_best(const struct suggest *s)
{
	/* Two slips of the keyboard, one in a short word; a longer way is another word. */
	unsigned int allowed = strlen(s->text) < 4 ? 1 : 2;

	return s->distance <= allowed ? s->best : NULL;
}
