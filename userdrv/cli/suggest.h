/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suggest.h - "did you mean": the nearest of several words
 */
#ifndef SUGGEST_H
#define SUGGEST_H

struct suggest {
	const char *text;
	const char *best;
	unsigned int distance;
};

/** suggest_start - looks for something like @text */
void suggest_start(struct suggest *s, const char *text);

/** suggest_offer - is @word nearer than what was offered before? */
void suggest_offer(struct suggest *s, const char *word);

/** suggest_best - the nearest word, or NULL where none is near enough to be meant */
const char *suggest_best(const struct suggest *s);

#endif
