// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filename.c - file names with %c and %n
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filename.h"

#define WIDEST	20	/* digits of a 64-bit number */

/* After a '%': the letter, and a width before it. */
static char directive(const char **text, int *width)
{
	char *end;
	unsigned long digits = strtoul(*text, &end, 10);

	if (end - *text > 3 || **text == '-' || **text == '+' || **text == ' ' || digits > WIDEST)
		return '\0';
	*width = (int)digits;
	*text = *end ? end + 1 : end;
	return *end;
}

int filename_plan(const char *pattern, struct filename_plan *out)
{
	*out = (struct filename_plan){ .standard = !strcmp(pattern, "-") };
	while ((pattern = strchr(pattern, '%'))) {
		int width;

		pattern++;
		switch (directive(&pattern, &width)) {
		case 'c':
			out->channels = true;
			break;
		case 'n':
			out->frames = true;
			break;
		case '%':
			break;
		default:
			return -EINVAL;
		}
	}
	return 0;
}

int filename_expand(const char *pattern, unsigned int channel, uint64_t number, char *buf,
		    size_t size)
{
	size_t used = 0;

	while (*pattern && used + WIDEST + 1 < size) {
		int width;

		if (*pattern != '%') {
			buf[used++] = *pattern++;
			continue;
		}
		pattern++;
		switch (directive(&pattern, &width)) {
		case 'c':
			used += (size_t)sprintf(buf + used, "%0*u", width, channel);
			break;
		case 'n':
			used += (size_t)sprintf(buf + used, "%0*" PRIu64, width, number);
			break;
		default:
			buf[used++] = '%';
			break;
		}
	}
	buf[used] = '\0';
	return *pattern ? -ENAMETOOLONG : 0;
}
