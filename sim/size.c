// SPDX-License-Identifier: GPL-2.0-or-later
#include "size.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS	"0123456789"

/* Digits, and perhaps a point with more digits: less than strtold() would take. */
static size_t number_len(const char *text)
{
	size_t len = strspn(text, DIGITS);
	size_t fraction;

	if (!len || text[len] != '.')
		return len;
	fraction = strspn(text + len + 1, DIGITS);
	return fraction ? len + 1 + fraction : 0;
}

int size_parse(const char *text, uint64_t *out)
{
	static const char units[] = "KMGT";
	size_t len = number_len(text);
	const char *unit = text + len, *known;
	long double n, base = 1000;

	if (!len)
		return -EINVAL;
	n = strtold(text, NULL);
	known = *unit ? strchr(units, *unit == 'k' ? 'K' : *unit) : NULL;
	if (known) {
		unit++;
		if (*unit == 'i') {
			base = 1024;
			unit++;
		}
		for (; known >= units; known--)
			n *= base;
	}
	if (*unit || n >= 0x1p63L)
		return -EINVAL;
	*out = (uint64_t)n;
	return 0;
}
