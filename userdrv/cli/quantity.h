/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quantity.h - numbers as people write them. All return 0 or -EINVAL and are silent
 */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <stdint.h>

/** quantity_count - a whole number, decimal or 0x…, at least @min */
int quantity_count(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/** quantity_bytes - "300", "64K", "1.5M", "2G": multiples of 1000, with i ("64Ki") of 1024 */
int quantity_bytes(const char *text, uint64_t *out);

/** quantity_time - "10s", "1.5s", "500ms", "20us", "2m", "1h"; without a unit: seconds */
int quantity_time(const char *text, int64_t *out_ns);

/**
 * quantity_set - "0,2-5" as bits
 *
 * -EINVAL as well where a number is 64 or more, or a range runs backwards.
 */
int quantity_set(const char *text, uint64_t *out);

#define QUANTITY_TIME_WANTS	"a time such as 10s, 500ms or 2m"
#define QUANTITY_BYTES_WANTS	"a size such as 4096, 64Ki or 10M"
#define QUANTITY_COUNT_WANTS	"a whole number from 1"

#endif
