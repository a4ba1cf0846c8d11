// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * suggest.c - "did you mean"
 */
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "suggest.h"

#define LONGEST	30	/* words beyond this are not compared */

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * Slips of the keyboard from one word to the other: letters too many, missing, wrong, and
 * neighbours in the wrong order. steps[i][j]: from the first i letters of @a to the first j of @b.
 */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int steps[LONGEST + 1][LONGEST + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > LONGEST || lb > LONGEST)
		return UINT_MAX;
	for (unsigned int i = 0; i <= la; i++)
		steps[i][0] = i;
	for (unsigned int j = 1; j <= lb; j++)
		steps[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		for (size_t j = 1; j <= lb; j++) {
			unsigned int *here = &steps[i][j];

			*here = steps[i - 1][j - 1] + !same(a[i - 1], b[j - 1]);
			*here = least(*here, least(steps[i - 1][j], steps[i][j - 1]) + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				*here = least(*here, steps[i - 2][j - 2] + 1);
		}
	}
	return steps[la][lb];
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
	/* Two slips, one in a short word; further away is another word. */
	unsigned int allowed = strlen(s->text) < 6 ? 1 : 2;

	return s->distance <= allowed ? s->best : NULL;
}
