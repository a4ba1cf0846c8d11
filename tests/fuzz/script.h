/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * script.h - a fuzzer's bytes as what a client does to a vfio-user server
 *
 * The bytes are steps, one after the other:
 *
 *	0	command; SCRIPT_RAW: the payload is the whole message, header and all;
 *		SCRIPT_POKE: no message, but the payload from its fifth byte on is stored into the
 *		client's memory, where its first four bytes say
 *	1	bits 0-1: descriptors sent along; bits 2-3: what they are (SCRIPT_FD_…);
 *		bit 4: no reply wanted; bit 5: afterwards the client truncates its memory;
 *		bit 6: afterwards the device is called to work
 *	2-3	bytes of payload, little-endian
 *	4…	the payload
 *
 * Headers are made by the script, or else hardly a message would get past them.
 */
#ifndef TESTS_FUZZ_SCRIPT_H
#define TESTS_FUZZ_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "sim/device.h"

#define SCRIPT_RAW		0xff
#define SCRIPT_POKE		0xfe

#define SCRIPT_NO_REPLY		(1u << 4)
#define SCRIPT_TRUNCATE		(1u << 5)
#define SCRIPT_WORK		(1u << 6)

/* Memory that never shrinks, memory that may, an eventfd, something else. */
enum { SCRIPT_FD_MEMORY, SCRIPT_FD_SHAKY, SCRIPT_FD_EVENT, SCRIPT_FD_PIPE };

#define SCRIPT_MEMORY		(1u << 20)

/**
 * script_run() - one client's life with @dev, from connection to end
 *
 * Aborts on a reply that is none, and on a descriptor that is still open afterwards. Time, as the
 * device sees it, is script_now_ns(): a millisecond passes with each step.
 */
void script_run(struct device *dev, const uint8_t *data, size_t size);

uint64_t script_now_ns(void);

#endif
