/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - the loop of uiocapd, from a card that is opened to one that is closed
 */
#ifndef DAEMON_H
#define DAEMON_H

/* Exit statuses, as those of uiocap(1); uiocapd(8) has them. */
#define EXIT_OK		0
#define EXIT_FAILED	1
#define EXIT_USAGE	2	/* command line or settings */
#define EXIT_NO_DEVICE	3	/* no such card, or it is gone */

/**
 * struct daemon_options - the command line
 * @device: what uiocap_card_open() takes
 * @socket: path of the socket, or NULL: systemd has made it
 * @config: file with settings, or NULL: SETTINGS_FILE, if it is there
 */
struct daemon_options {
	const char *device;
	const char *socket;
	const char *config;
};

struct settings;

/** daemon_read_settings - EXIT_OK, or the exit status to leave with; it has been told why */
int daemon_read_settings(const char *config, struct settings *out);

/** daemon_run - serves until it is told to stop or the card is gone; the exit status */
int daemon_run(const struct daemon_options *options);

#endif
