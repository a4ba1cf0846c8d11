/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sink.h - the seam between the capture loop and where frames go
 */
#ifndef SINK_H
#define SINK_H

#include <stdbool.h>

#include "image.h"

struct output;
struct sink;

#define SINK_CHANNELS	64	/* as many as --channels can name */

/**
 * struct sink_ops - one kind of sink; the field names of a table in sink.c
 * @name:      as --format takes it
 * @extension: of a file name that chooses it, or NULL: writes no files
 * @alone:     one frame makes a file: several need %n in the name
 * @checks:    looks at every frame instead of writing it
 * @open:      makes one
 * @frame:     takes a frame: 0, -EBADMSG where it checks and the frame is wrong (told), or another
 *             negative errno: it cannot go on. Whole frames or nothing
 * @close:     0 or -errno of what was still to be written; frees it
 */
struct sink_ops {
	const char *name;
	const char *extension;
	bool alone;
	bool checks;
	int (*open)(struct output *output, struct sink **out);
	int (*frame)(struct sink *sink, const struct image *image);
	int (*close)(struct sink *sink);
};

/**
 * struct sink - what is the same for all; embedded in those that need more
 * @output: where it writes; belongs to whoever opened the sink
 */
struct sink {
	const struct sink_ops *ops;
	struct output *output;
};

extern const struct sink_ops sink_null;
extern const struct sink_ops sink_check;
extern const struct sink_ops sink_check_edges;
extern const struct sink_ops sink_raw;
extern const struct sink_ops sink_pgm;
extern const struct sink_ops sink_png;
extern const struct sink_ops sink_y4m;

/** Names of all sinks, up to NULL. */
extern const char *const sink_names[];

/** sink_named - by its name, which is one of sink_names */
const struct sink_ops *sink_named(const char *name);

/** sink_for_file - by a file name's extension, or NULL */
const struct sink_ops *sink_for_file(const char *file);

/* For sinks that need no more than struct sink. */
int sink_open_plain(const struct sink_ops *ops, struct output *output, struct sink **out);
int sink_close_plain(struct sink *sink);

#endif
