/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_space.h - the card's PCI Express configuration space (refcard §2)
 */
#ifndef SIM_CONFIG_SPACE_H
#define SIM_CONFIG_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_SPACE_SIZE	4096

/**
 * struct config_space - every byte and what a write does to it
 * @bytes: what is read
 * @rw:    bits that take what is written; status bits that the card never sets need no more
 */
struct config_space {
	uint8_t bytes[CONFIG_SPACE_SIZE];
	uint8_t rw[CONFIG_SPACE_SIZE];
};

/**
 * struct config_choice - what differs from card to card
 * @serial: serial number
 * @intx:   has an interrupt pin
 * @msi:    has the capability
 * @msix:   has the capability and its BAR
 */
struct config_choice {
	uint64_t serial;
	bool intx;
	bool msi;
	bool msix;
};

/** config_space_reset - everything to its reset value */
void config_space_reset(struct config_space *cs, const struct config_choice *choice);

/** config_space_read - @off + @len lies inside */
void config_space_read(const struct config_space *cs, size_t off, void *buf, size_t len);

/** config_space_write - likewise; true: the write asks for a function-level reset */
bool config_space_write(struct config_space *cs, size_t off, const void *buf, size_t len);

/** config_space_may_master - bus mastering is on and the function has power (D0) */
bool config_space_may_master(const struct config_space *cs);

/** config_space_intx_disabled - the command register forbids the pin */
bool config_space_intx_disabled(const struct config_space *cs);

/** config_space_show_intx - set the status register's Interrupt Status bit */
void config_space_show_intx(struct config_space *cs, bool pending);

#endif
