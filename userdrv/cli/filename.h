/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filename.h - file names with %c for the channel and %n for the frame's number
 */
#ifndef FILENAME_H
#define FILENAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILENAME_SIZE	4096

/**
 * struct filename_plan - what a name asks for
 * @frames:   has %n: a file for each frame
 * @channels: has %c: different files for different channels
 * @standard: is "-": the standard output
 */
struct filename_plan {
	bool frames;
	bool channels;
	bool standard;
};

/**
 * filename_plan - read a pattern
 *
 * -EINVAL: % and something else than c, n or %. Digits in between are a width: "%06n".
 */
int filename_plan(const char *pattern, struct filename_plan *out);

/** filename_expand - the name for a frame; the pattern has been planned. -ENAMETOOLONG */
int filename_expand(const char *pattern, unsigned int channel, uint64_t number, char *buf,
		    size_t size);

#endif
