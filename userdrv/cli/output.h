/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - files that hold whole frames, whatever happens
 *
 * A name with %n makes a file of each frame: it is written beside its place and then renamed into
 * it. Other names make a file that grows: what a failure leaves of a frame is cut off again.
 * Where neither can be done (pipes, devices) the reader sees the end.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stddef.h>

#include "image.h"

struct output;

/** output_open - @pattern is as in filename.h and must live as long as the output */
int output_open(const char *pattern, struct output **out);

/**
 * output_prepare - find out early whether frames of @channel can be written
 *
 * 0, or -errno and a message.
 */
int output_prepare(struct output *output, unsigned int channel);

/**
 * output_frame - write a frame's pixels
 * @file_head:  goes before them where the file is new
 * @frame_head: goes before them each time
 *
 * 0; or -errno, and a message unless it is -EPIPE or -ENODEV: the frame's card has gone.
 */
int output_frame(struct output *output, const struct image *image, const char *file_head,
		 const char *frame_head);

/** output_bytes - the same for a frame in another form, a file's worth of it */
int output_bytes(struct output *output, const struct image *image, const void *data, size_t len);

/** output_close - 0, or -errno and a message. NULL is fine */
int output_close(struct output *output);

/** output_file - write one file, whole or not at all; -errno and a message */
int output_file(const char *name, const void *data, size_t len);

#endif
