// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * output.c - files that hold whole frames
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "filename.h"
#include "output.h"
#include "sink.h"
#include "talk.h"
#include "write-all.h"

/**
 * struct growing - a file that frames are appended to
 * @fd:    -1: not open yet
 * @fresh: nothing was written yet
 * @cut:   can be cut off at @end, where the last whole frame ends
 */
struct growing {
	int fd;
	bool fresh;
	bool cut;
	off_t end;
};

struct output {
	const char *pattern;
	struct filename_plan plan;
	struct growing file[SINK_CHANNELS];
};

int output_open(const char *pattern, struct output **out)
{
	struct output *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	o->pattern = pattern;
	filename_plan(pattern, &o->plan);
	for (unsigned int n = 0; n < SINK_CHANNELS; n++)
		o->file[n].fd = -1;
	*out = o;
	return 0;
}

static int write_failed(const char *name, int err)
{
	say("cannot write %s: %s", name, strerror(-err));
	return err;
}

/* That the reader has what he wants is no failure, and that the card has gone not the output's. */
static int frame_failed(const char *name, int err)
{
	return err == -EPIPE || err == -ENODEV ? err : write_failed(name, err);
}

static int name_failed(const char *pattern, int err)
{
	say("the file name that %s gives is too long", pattern);
	return err;
}

/* Is there a device, pipe or directory of that name? Those are not to be replaced by a file. */
static bool is_special(const char *name)
{
	struct stat st;

	return !stat(name, &st) && !S_ISREG(st.st_mode);
}

static int write_to(const char *name, int flags, struct iovec *parts, int n)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC | flags, 0666);
	int err;

	if (fd < 0)
		return -errno;
	err = write_all(fd, parts, n);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* Written beside its place and renamed into it: under its name it is never half there. */
static int replace(const char *name, struct iovec *parts, int n)
{
	char temporary[FILENAME_SIZE + 8];
	int err;

	if (is_special(name))
		return write_to(name, 0, parts, n);
	snprintf(temporary, sizeof(temporary), "%s.part", name);
	err = write_to(temporary, O_CREAT | O_TRUNC, parts, n);
	if (!err && rename(temporary, name))
		err = -errno;
	if (err)
		unlink(temporary);
	return err;
}

static int adopt(struct growing *f, int fd)
{
	struct stat st;
	int flags = fcntl(fd, F_GETFL);

	if (fstat(fd, &st) || flags < 0)
		return -errno;
	f->fd = fd;
	f->fresh = true;
	f->cut = S_ISREG(st.st_mode);
	if (f->cut)
		f->end = flags & O_APPEND ? st.st_size : lseek(fd, 0, SEEK_CUR);
	return 0;
}

static int open_growing(const struct output *o, const char *name, struct growing *f)
{
	int fd;

	if (f->fd >= 0)
		return 0;
	if (o->plan.standard)
		fd = dup(STDOUT_FILENO);
	else
		fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : adopt(f, fd);
}

/* What went wrong in the middle of a frame is cut off: the file ends with a whole one. */
static int append(struct growing *f, struct iovec *parts, int n)
{
	size_t len = write_size(parts, n);
	int err = write_all(f->fd, parts, n);

	f->fresh = false;
	if (!err)
		f->end += (off_t)len;
	else if (f->cut && (ftruncate(f->fd, f->end) || lseek(f->fd, f->end, SEEK_SET) < 0))
		err = -errno;
	return err;
}

static int put(struct output *o, const struct image *image, struct iovec *parts, int n)
{
	struct growing *f = &o->file[o->plan.channels ? image->channel : 0];
	char name[FILENAME_SIZE];
	int err = filename_expand(o->pattern, image->channel, image->number, name, sizeof(name));

	if (err)
		return name_failed(o->pattern, err);
	if (o->plan.frames)
		err = replace(name, parts, n);
	else
		err = open_growing(o, name, f);
	if (!err && !o->plan.frames)	/* the first part is for the head of the file alone */
		err = append(f, f->fresh ? parts : parts + 1, f->fresh ? n : n - 1);
	return err ? frame_failed(name, err) : 0;
}

static struct iovec text_part(const char *text)
{
	return (struct iovec){ (void *)text, strlen(text) };
}

int output_frame(struct output *o, const struct image *image, const char *file_head,
		 const char *frame_head)
{
	struct iovec parts[] = {
		text_part(file_head),
		text_part(frame_head),
		{ (void *)image->data, image_size(image) },
	};

	return put(o, image, parts, 3);
}

int output_bytes(struct output *o, const struct image *image, const void *data, size_t len)
{
	struct iovec parts[] = { text_part(""), { (void *)data, len } };

	return put(o, image, parts, 2);
}

int output_file(const char *name, const void *data, size_t len)
{
	struct iovec part = { (void *)data, len };
	int err = replace(name, &part, 1);

	return err ? write_failed(name, err) : 0;
}

static int check_folder(const char *name)
{
	const char *slash = strrchr(name, '/');
	char folder[FILENAME_SIZE] = ".";

	if (slash)
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - name) + 1, name);
	return access(folder, W_OK | X_OK) ? -errno : 0;
}

int output_prepare(struct output *o, unsigned int channel)
{
	struct growing *f = &o->file[o->plan.channels ? channel : 0];
	char name[FILENAME_SIZE];
	int err = filename_expand(o->pattern, channel, 0, name, sizeof(name));

	if (err)
		return name_failed(o->pattern, err);
	if (!o->plan.frames)
		err = open_growing(o, name, f);
	else if (!is_special(name))
		err = check_folder(name);
	return err ? write_failed(name, err) : 0;
}

int output_close(struct output *o)
{
	int err = 0;

	for (unsigned int n = 0; o && n < SINK_CHANNELS; n++)
		if (o->file[n].fd >= 0 && close(o->file[n].fd) && !err)
			err = -errno;
	if (err)
		write_failed(o->pattern, err);
	free(o);
	return err;
}
