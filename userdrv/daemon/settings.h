/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settings.h - uiocapd.conf(5)
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdint.h>

#define SETTINGS_FILE		"/etc/uiocap/uiocapd.conf"
#define SETTINGS_LISTEN_SIZE	108	/* of a Unix socket's path, with its 0 */

/**
 * struct settings - what the file says, or what it is where that says nothing
 * @channels:       [card] bit n: channel n is captured
 * @card_buffers:   [card] frame buffers of each channel; 0: as many as fit
 * @memory_bytes:   [clients] of the ring, at most
 * @client_buffers: [clients] most that a client may have of a channel
 * @max_clients:    [clients] at a time
 * @max_per_user:   [clients] of them, of one user who is not root
 * @level:          [log] least severe line that is wanted
 * @metrics:        [metrics] "127.0.0.1:9464", "[::1]:9464", "/run/metrics", "runtime": a socket
 *                  named metrics in $RUNTIME_DIRECTORY, or "": none
 */
struct settings {
	uint64_t channels;
	unsigned int card_buffers;
	uint64_t memory_bytes;
	unsigned int client_buffers;
	unsigned int max_clients;
	unsigned int max_per_user;
	int level;
	char metrics[SETTINGS_LISTEN_SIZE];
};

extern const struct settings settings_default;

/**
 * settings_read - what a file says, and settings_default for the rest; where it is wrong @s stays
 *
 * Errors: -EINVAL the file is wrong, and each of its mistakes told; others: it cannot be read.
 */
int settings_read(const char *file, struct settings *s);

/** settings_parse - likewise, what @text says; @name is the file's in messages */
int settings_parse(const char *name, const char *text, struct settings *s);

/** settings_reload - takes from @new what can change while clients are served, tells the rest */
void settings_reload(struct settings *s, const struct settings *new);

#endif
