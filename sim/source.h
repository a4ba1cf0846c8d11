/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - where the bytes of a stream channel come from: a file, a pipe, or the test pattern
 */
#ifndef SIM_SOURCE_H
#define SIM_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct source;

/**
 * source_open - "pattern:BYTES", "pattern" (endless), "-" (standard input), or a path
 * @channel: whose pattern
 *
 * -EINVAL: bad BYTES, a directory; -errno of open().
 */
int source_open(const char *spec, unsigned int channel, struct source **out);
void source_close(struct source *s);

/** source_rewind - from the beginning again, where that is possible */
void source_rewind(struct source *s);

/** source_read - up to @len bytes; 0: none at present; -ENODATA: ended; -errno */
ssize_t source_read(struct source *s, void *buf, size_t len);

#endif
