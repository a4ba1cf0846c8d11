// SPDX-License-Identifier: GPL-2.0-or-later
#include "size.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int size_parse(const char *text, uint64_t *out)
{
	static const char units[] = "KMGT";
	uint64_t base = 1000;
	const char *unit;
	uint64_t n;
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno)
		return -EINVAL;
	unit = *end ? strchr(units, *end == 'k' ? 'K' : *end) : NULL;
	if (unit) {
		end++;
		if (*end == 'i') {
			base = 1024;
			end++;
		}
		for (; unit >= units; unit--) {
			if (__builtin_mul_overflow(n, base, &n))
				return -EINVAL;
		}
	}
	if (*end)
		return -EINVAL;
	*out = n;
	return 0;
}
