// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * settings.c - uiocapd.conf(5)
 *
 * inih splits the file into keys and values. What is not known, said twice or out of range is a
 * mistake that is told with its line, for a setting that is ignored is worse.
 */
#include "settings.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "userdrv/cli/quantity.h"
#include "userdrv/service/protocol.h"

#define MAX_FILE_BYTES	65536

const struct settings settings_default = {
	.channels = UINT64_MAX,
	.memory_bytes = UINT64_C(1) << 30,
	.client_buffers = 16,
	.max_clients = MESSAGE_MAX_CLIENTS,
	.max_per_user = MESSAGE_MAX_CLIENTS / 2,
	.level = SAY_INFO,
};

/* ---- values: each takes its text into @s, or returns -EINVAL ------------------------------ */

static int take_channels(struct settings *s, const char *text)
{
	if (strcmp(text, "all") == 0) {
		s->channels = UINT64_MAX;
		return 0;
	}
	return quantity_set(text, &s->channels);
}

static int take_count(unsigned int *out, const char *text, uint64_t min, uint64_t max)
{
	uint64_t n;
	int ret = quantity_count(text, min, max, &n);

	if (ret == 0)
		*out = (unsigned int)n;
	return ret;
}

static int take_card_buffers(struct settings *s, const char *text)
{
	if (strcmp(text, "auto") == 0) {
		s->card_buffers = 0;
		return 0;
	}
	return take_count(&s->card_buffers, text, 2, 65536);
}

static int take_memory(struct settings *s, const char *text)
{
	uint64_t bytes;

	if (quantity_bytes(text, &bytes) < 0 || bytes < 4096 || bytes > UINT64_C(1) << 40)
		return -EINVAL;
	s->memory_bytes = bytes;
	return 0;
}

static int take_client_buffers(struct settings *s, const char *text)
{
	return take_count(&s->client_buffers, text, 2, MESSAGE_MAX_GIVEN);
}

static int take_max_clients(struct settings *s, const char *text)
{
	return take_count(&s->max_clients, text, 1, MESSAGE_MAX_CLIENTS);
}

static int take_max_per_user(struct settings *s, const char *text)
{
	return take_count(&s->max_per_user, text, 1, MESSAGE_MAX_CLIENTS);
}

static int take_level(struct settings *s, const char *text)
{
	static const struct {
		const char *name;
		int level;
	} levels[] = {
		{ "error", SAY_ERROR }, { "warning", SAY_WARNING },
		{ "info", SAY_INFO }, { "debug", SAY_DEBUG },
	};

	for (unsigned int i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(levels[i].name, text) == 0) {
			s->level = levels[i].level;
			return 0;
		}
	return -EINVAL;
}

/* Nobody from outside of the machine: these figures are not for everybody, nor is the port. */
static bool is_local(const char *text)
{
	static const char *const loopback[] = { "127.0.0.1:", "[::1]:", NULL };
	uint64_t port;

	for (unsigned int i = 0; loopback[i]; i++) {
		size_t len = strlen(loopback[i]);

		if (strncmp(text, loopback[i], len) == 0)
			return quantity_count(text + len, 1, 65535, &port) == 0;
	}
	return text[0] == '/' || strcmp(text, "runtime") == 0;
}

static int take_metrics(struct settings *s, const char *text)
{
	bool off = strcmp(text, "off") == 0;

	if (strlen(text) >= sizeof(s->metrics) || (!off && !is_local(text)))
		return -EINVAL;
	memset(s->metrics, 0, sizeof(s->metrics));
	if (!off)
		strcpy(s->metrics, text);
	return 0;
}

/* ---- keys ------------------------------------------------------------------------------- */

/**
 * struct key - a line of the file
 * @wants:   what is allowed
 * @take:    as above
 * @restart: it cannot change while clients are served
 * @offset:  in struct settings, of @size bytes
 */
struct key {
	const char *section;
	const char *name;
	const char *wants;
	int (*take)(struct settings *s, const char *text);
	bool restart;
	size_t offset;
	size_t size;
};

#define FIELD(name)	offsetof(struct settings, name), sizeof(((struct settings *)0)->name)

static const struct key keys[] = {
	{ "card", "channels", "all, or numbers such as 0,2-3", take_channels, true,
	  FIELD(channels) },
	{ "card", "buffers", "auto, or a number of 2 or more", take_card_buffers, true,
	  FIELD(card_buffers) },
	{ "clients", "memory", "a size such as 512Mi", take_memory, true, FIELD(memory_bytes) },
	{ "clients", "buffers", "a number from 2 to 1024", take_client_buffers, false,
	  FIELD(client_buffers) },
	{ "clients", "max", "a number from 1 to 512", take_max_clients, false,
	  FIELD(max_clients) },
	{ "clients", "max-per-user", "a number from 1 to 512", take_max_per_user, false,
	  FIELD(max_per_user) },
	{ "log", "level", "error, warning, info or debug", take_level, false, FIELD(level) },
	{ "metrics", "listen", "off, runtime, 127.0.0.1:PORT, [::1]:PORT or the path of a socket",
	  take_metrics, true, FIELD(metrics) },
};

#define KEYS	(sizeof(keys) / sizeof(keys[0]))

static const struct key *find_key(const char *section, const char *name)
{
	for (unsigned int i = 0; i < KEYS; i++)
		if (strcmp(keys[i].section, section) == 0 && strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* ---- file ------------------------------------------------------------------------------- */

/**
 * struct reading - a file that is read
 * @name:  the file's
 * @text:  what is still to be read of it
 * @line:  number of the one that is looked at
 * @seen:  bit n: keys[n] has been there
 * @wrong: mistakes
 * @new:   what it says
 */
struct reading {
	const char *name;
	const char *text;
	unsigned int line;
	unsigned int seen;
	unsigned int wrong;
	struct settings new;
};

static void __attribute__((format(printf, 2, 3))) complain(struct reading *r, const char *format,
							   ...)
{
	char text[300];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say(SAY_ERROR, "%s:%u: %s", r->name, r->line, text);
	r->wrong++;
}

/* For inih, as fgets(3): it sees no line that it would have to cut. */
static char *next_line(char *buf, int size, void *data)
{
	struct reading *r = data;
	size_t len = strcspn(r->text, "\n");
	size_t room = (size_t)size - 1;

	if (r->text[0] == '\0')
		return NULL;
	r->line++;
	if (len > room) {
		complain(r, "a line of more than %zu bytes", room);
		room = 0;
	}
	memcpy(buf, r->text, len < room ? len : room);
	buf[len < room ? len : room] = '\0';
	r->text += len + (r->text[len] == '\n');
	return buf;
}

/* For inih: 0 is a mistake of the file's syntax, which it reports; ours have been told. */
static int take_line(void *data, const char *section, const char *name, const char *value)
{
	struct reading *r = data;
	const struct key *key = find_key(section, name);

	if (!key)
		complain(r, "there is no '%s' in section [%s]; see uiocapd.conf(5)", name, section);
	else if (r->seen & 1u << (key - keys))
		complain(r, "'%s' is said twice", name);
	else if (key->take(&r->new, value) < 0)
		complain(r, "%s = %s: must be %s", name, value, key->wants);
	if (key)
		r->seen |= 1u << (key - keys);
	return 1;
}

int settings_parse(const char *name, const char *text, struct settings *s)
{
	struct reading r = { .name = name, .text = text, .new = settings_default };
	int line = ini_parse_stream(next_line, &r, take_line, &r);

	if (line > 0) {
		r.line = (unsigned int)line;
		complain(&r, "neither a [section] nor a key = value");
	}
	if (r.wrong > 0)
		return -EINVAL;
	*s = r.new;
	return 0;
}

/* A directory, a device, a file that does not end: no settings. */
static int read_text(const char *file, char *text, size_t size)
{
	FILE *stream = fopen(file, "re");
	size_t len;
	int ret = 0;

	if (!stream)
		return -errno;
	len = fread(text, 1, size - 1, stream);
	if (ferror(stream))
		ret = -errno;
	else if (!feof(stream) || memchr(text, '\0', len))
		ret = -EFBIG;
	text[len] = '\0';
	fclose(stream);
	return ret;
}

int settings_read(const char *file, struct settings *s)
{
	char *text = malloc(MAX_FILE_BYTES);
	int ret = text ? read_text(file, text, MAX_FILE_BYTES) : -ENOMEM;

	if (ret == 0)
		ret = settings_parse(file, text, s);
	free(text);
	return ret;
}

void settings_reload(struct settings *s, const struct settings *new)
{
	for (unsigned int i = 0; i < KEYS; i++) {
		const struct key *key = &keys[i];
		uint8_t *old = (uint8_t *)s + key->offset;
		const uint8_t *now = (const uint8_t *)new + key->offset;

		if (memcmp(old, now, key->size) == 0)
			continue;
		if (!key->restart)
			memcpy(old, now, key->size);
		say(SAY_INFO, "[%s] %s has changed: takes effect %s", key->section, key->name,
		    key->restart ? "when the service is restarted" : "now");
	}
}
