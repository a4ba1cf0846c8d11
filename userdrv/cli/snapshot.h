/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * snapshot.h - the last whole frame of each channel, as PNG, when a capture ends
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "image.h"

struct snapshot;
struct uiocap_frame;

/**
 * snapshot_new - begin to keep frames
 * @files: name pattern (filename.h) of a file for each, or NULL
 * @sheet: file for a contact sheet of all, or NULL
 */
int snapshot_new(const char *files, const char *sheet, struct snapshot **out);

/** snapshot_keep - owns @frame from now on and lets go of the channel's frame before it */
void snapshot_keep(struct snapshot *s, const struct image *image, struct uiocap_frame *frame);

/** snapshot_write - the files. 0, or -errno and a message */
int snapshot_write(struct snapshot *s);

/** snapshot_free - releases the frames. NULL is fine */
void snapshot_free(struct snapshot *s);

#endif
