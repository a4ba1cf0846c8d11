/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * size.h - numbers as people write them
 */
#ifndef SIM_SIZE_H
#define SIM_SIZE_H

#include <stdint.h>

/** size_parse - "300", "64K", "1.5M", "2G": of 1000; "64Ki": of 1024. 0 or -EINVAL */
int size_parse(const char *text, uint64_t *out);

#endif
