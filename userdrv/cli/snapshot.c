// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * snapshot.c - the last whole frame of each channel
 *
 * The frame itself is kept, not a copy: that costs a buffer of each channel and no time.
 */
#include <errno.h>
#include <stdlib.h>

#include "uiocap/uiocap.h"

#include "contact-sheet.h"
#include "filename.h"
#include "output.h"
#include "png-gray.h"
#include "sink.h"
#include "snapshot.h"
#include "talk.h"

struct snapshot {
	const char *files;
	const char *sheet;
	struct uiocap_frame *frame[SINK_CHANNELS];
	struct image image[SINK_CHANNELS];
};

int snapshot_new(const char *files, const char *sheet, struct snapshot **out)
{
	struct snapshot *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->files = files;
	s->sheet = sheet;
	*out = s;
	return 0;
}

void snapshot_keep(struct snapshot *s, const struct image *image, struct uiocap_frame *frame)
{
	uiocap_frame_release(s->frame[image->channel]);
	s->frame[image->channel] = frame;
	s->image[image->channel] = *image;
}

static int write_png(const char *name, const uint8_t *pixels, uint32_t width, uint32_t height)
{
	uint8_t *png;
	size_t size;
	int err = png_gray(pixels, width, height, &png, &size);

	if (err) {
		say("cannot make the picture %s", name);
		return err;
	}
	err = output_file(name, png, size);
	free(png);
	return err;
}

static int write_one(const struct snapshot *s, const struct image *image)
{
	char name[FILENAME_SIZE];
	int err = filename_expand(s->files, image->channel, image->number, name, sizeof(name));

	if (err) {
		say("the file name that %s gives is too long", s->files);
		return err;
	}
	return write_png(name, image->data, image->width, image->height);
}

static int write_sheet(const struct snapshot *s, const struct image *images, unsigned int n)
{
	struct contact_sheet sheet;
	int err = contact_sheet_make(images, n, &sheet);

	if (err) {
		say("not enough memory for the contact sheet");
		return err;
	}
	err = write_png(s->sheet, sheet.pixels, sheet.width, sheet.height);
	free(sheet.pixels);
	return err;
}

int snapshot_write(struct snapshot *s)
{
	struct image kept[SINK_CHANNELS];
	unsigned int n = 0;
	int err = 0;

	for (unsigned int c = 0; c < SINK_CHANNELS; c++)
		if (s->frame[c])
			kept[n++] = s->image[c];
	for (unsigned int i = 0; s->files && !err && i < n; i++)
		err = write_one(s, &kept[i]);
	if (s->sheet && !err && n)
		err = write_sheet(s, kept, n);
	return err;
}

void snapshot_free(struct snapshot *s)
{
	for (unsigned int c = 0; s && c < SINK_CHANNELS; c++)
		uiocap_frame_release(s->frame[c]);
	free(s);
}
