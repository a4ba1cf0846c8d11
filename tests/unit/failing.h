/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * failing.h - memory, descriptors and processes that cannot be had: a piece of a program's life, in
 * which the n-th call to the system fails, for every n
 *
 * The calls are those of the library, through --wrap (failing_wrap in Makemodule.am).
 */
#ifndef TESTS_FAILING_H
#define TESTS_FAILING_H

#include <stdbool.h>

/* Set by a life where the calls of this thread are the library's, and not those of a test. */
extern __thread bool failing_counts;

struct failing {
	unsigned int calls;
	unsigned int errors;
};

/**
 * failing_each - @live again and again, until there is no n-th call that could fail
 *
 * It returns 0 or -errno. Whatever fails, all that it took has been given back when it ends.
 * Returns how many calls there are, and how many of them are errors when they fail.
 */
struct failing failing_each(int (*live)(void));

#endif
