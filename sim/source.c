// SPDX-License-Identifier: GPL-2.0-or-later
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pattern.h"
#include "size.h"

#define PATTERN_SPEC	"pattern"

/**
 * struct source - one of the two
 * @fd:      file or pipe; -1: the pattern
 * @ours:    to be closed
 * @channel: pattern: whose
 * @pos:     pattern: bytes made
 * @len:     pattern: bytes in all
 */
struct source {
	int fd;
	bool ours;
	unsigned int channel;
	uint64_t pos;
	uint64_t len;
};

static int open_pattern(struct source *s, const char *length)
{
	s->len = UINT64_MAX;
	if (!*length)
		return 0;
	return *length == ':' ? size_parse(length + 1, &s->len) : -EINVAL;
}

static int open_file(struct source *s, const char *path)
{
	struct stat st;

	if (!strcmp(path, "-")) {
		s->fd = STDIN_FILENO;
		return 0;
	}
	/* a FIFO without a writer must not keep the card from its work */
	s->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (s->fd < 0)
		return -errno;
	s->ours = true;
	if (fstat(s->fd, &st))
		return -errno;
	return S_ISDIR(st.st_mode) ? -EISDIR : 0;
}

int source_open(const char *spec, unsigned int channel, struct source **out)
{
	size_t len = strlen(PATTERN_SPEC);
	struct source *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	s->fd = -1;
	s->channel = channel;
	if (!strncmp(spec, PATTERN_SPEC, len) && (!spec[len] || spec[len] == ':'))
		err = open_pattern(s, spec + len);
	else
		err = open_file(s, spec);
	if (err) {
		source_close(s);
		return err;
	}
	*out = s;
	return 0;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	if (s->ours && s->fd >= 0)
		close(s->fd);
	free(s);
}

void source_rewind(struct source *s)
{
	s->pos = 0;
	/* fails for a pipe, which goes on where it was */
	if (s->ours)
		lseek(s->fd, 0, SEEK_SET);
}

static ssize_t read_pattern(struct source *s, void *buf, size_t len)
{
	if (s->pos == s->len)
		return -ENODATA;
	if (len > s->len - s->pos)
		len = s->len - s->pos;
	pattern_stream(s->channel, s->pos, buf, len);
	s->pos += len;
	return (ssize_t)len;
}

/*
 * poll() knows what read() does not say: a FIFO that nobody has opened for writing yet is silent,
 * one whose writers have gone has ended. And standard input may be shared with who would be
 * surprised to find it non-blocking.
 */
static ssize_t read_file(struct source *s, void *buf, size_t len)
{
	struct pollfd pfd = { .fd = s->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&pfd, 1, 0) <= 0)
		return 0;
	n = read(s->fd, buf, len);
	if (n > 0)
		return n;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	return -ENODATA;
}

ssize_t source_read(struct source *s, void *buf, size_t len)
{
	return s->fd < 0 ? read_pattern(s, buf, len) : read_file(s, buf, len);
}
