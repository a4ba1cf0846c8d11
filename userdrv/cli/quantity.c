// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * quantity.c - numbers as people write them
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quantity.h"

struct unit {
	const char *name;
	double factor;
};

int quantity_count(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	unsigned long long n;
	char *end;

	if (!isdigit((unsigned char)*text))	/* strtoull(3) would take "-1" */
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, strncasecmp(text, "0x", 2) ? 10 : 16);
	if (errno || *end || n < min || n > max)
		return -EINVAL;
	*out = n;
	return 0;
}

/* A number with one of @units; the first of them is what a bare number has. */
static int scaled(const char *text, const struct unit *units, double *out)
{
	double n;
	char *end;

	if (!isdigit((unsigned char)*text) && *text != '.')
		return -EINVAL;
	n = strtod(text, &end);
	if (!isfinite(n) || end == text)
		return -EINVAL;
	if (!*end) {
		*out = n * units->factor;
		return 0;
	}
	for (; units->name; units++)
		if (!strcmp(units->name, end)) {
			*out = n * units->factor;
			return 0;
		}
	return -EINVAL;
}

int quantity_bytes(const char *text, uint64_t *out)
{
	static const struct unit units[] = {
		{ "B", 1 },
		{ "k", 1e3 }, { "K", 1e3 }, { "M", 1e6 }, { "G", 1e9 }, { "T", 1e12 },
		{ "Ki", 0x1p10 }, { "Mi", 0x1p20 }, { "Gi", 0x1p30 }, { "Ti", 0x1p40 },
		{ NULL, 0 },
	};
	double n;

	if (scaled(text, units, &n) || n < 1 || n >= 0x1p63)
		return -EINVAL;
	*out = (uint64_t)n;
	return 0;
}

int quantity_time(const char *text, int64_t *out_ns)
{
	static const struct unit units[] = {
		{ "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "µs", 1e3 }, { "ns", 1 },
		{ "m", 60e9 }, { "min", 60e9 }, { "h", 3600e9 },
		{ NULL, 0 },
	};
	double n;

	if (scaled(text, units, &n) || n < 1 || n >= 0x1p62)
		return -EINVAL;
	*out_ns = (int64_t)n;
	return 0;
}

static int read_member(const char **text, unsigned int *out)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	n = strtoul(*text, &end, 10);
	if (n >= 64)
		return -EINVAL;
	*text = end;
	*out = (unsigned int)n;
	return 0;
}

int quantity_set(const char *text, uint64_t *out)
{
	uint64_t set = 0;

	for (;; text++) {
		unsigned int first, last;

		if (read_member(&text, &first))
			return -EINVAL;
		last = first;
		if (*text == '-' && (text++, read_member(&text, &last)))
			return -EINVAL;
		if (last < first)
			return -EINVAL;
		for (unsigned int n = first; n <= last; n++)
			set |= UINT64_C(1) << n;
		if (!*text)
			break;
		if (*text != ',')
			return -EINVAL;
	}
	*out = set;
	return 0;
}
