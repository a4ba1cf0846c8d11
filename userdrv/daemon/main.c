// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - uiocapd(8): the command line
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "daemon.h"
#include "settings.h"
#include "uiocap/uiocap.h"

static void show_help(void)
{
	printf("Usage: uiocapd --device SPEC [--socket PATH] [--config FILE]\n"
	       "       uiocapd --check [--config FILE]\n\n"
	       "Owns an acquisition card, captures from it, and hands its frames to any number of\n"
	       "programs: `uiocap capture --device unix:PATH` is one.\n\n"
	       "  -d, --device SPEC  the card, as for `uiocap`\n"
	       "  -s, --socket PATH  where clients connect; else systemd passes the socket\n"
	       "  -c, --config FILE  settings; %s if that is there\n"
	       "      --check        only check the settings\n"
	       "  -h, --help         show this help\n"
	       "      --version      show the version\n", SETTINGS_FILE);
}

static int check(const char *config)
{
	struct settings settings = settings_default;

	return daemon_read_settings(config, &settings);
}

static int misuse(const char *what)
{
	if (what)
		fprintf(stderr, "uiocapd: %s\n", what);
	fprintf(stderr, "uiocapd: `uiocapd --help` shows how it is used\n");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{ "device", required_argument, NULL, 'd' },
		{ "socket", required_argument, NULL, 's' },
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, 'C' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	struct daemon_options options = { NULL, NULL, NULL };
	bool only_check = false;
	int key;

	while ((key = getopt_long(argc, argv, "d:s:c:h", known, NULL)) != -1)
		switch (key) {
		case 'd':
			options.device = optarg;
			break;
		case 's':
			options.socket = optarg;
			break;
		case 'c':
			options.config = optarg;
			break;
		case 'C':
			only_check = true;
			break;
		case 'h':
			show_help();
			return EXIT_OK;
		case 'V':
			printf("uiocapd %s\n", uiocap_version());
			return EXIT_OK;
		default:
			return misuse(NULL);
		}
	if (optind < argc)
		return misuse("it takes options only");
	if (only_check)
		return check(options.config);
	return options.device ? daemon_run(&options) : misuse("--device is missing");
}
