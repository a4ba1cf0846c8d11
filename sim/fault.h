/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.h - faults on demand (refcard §10): which, where, when
 *
 * One can be armed through registers, others from the command line; those last through resets.
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "uiocap/refcard.h"

#define FAULTS_MAX	8

/**
 * struct fault - one kind of trouble on one channel
 * @kind:    what happens
 * @channel: where
 * @after:   how many chunks (interrupts, for DROP_IRQ) pass first
 * @left:    how often it still happens
 * @arg:     STRAY: how far from the buffer's start the card writes; 0: right behind its end
 */
struct fault {
	enum refcard_fault kind;
	uint32_t channel;
	uint32_t after;
	uint32_t left;
	uint32_t arg;
};

/**
 * struct faults - all that are armed
 * @reg:    through the registers
 * @fixed:  from the command line
 * @count:  how many of @fixed
 */
struct faults {
	struct fault reg;
	struct fault fixed[FAULTS_MAX];
	unsigned int count;
};

/** fault_parse - "KIND[:channel=N][:after=N][:count=N][:arg=N]", commas will do; -EINVAL */
int fault_parse(const char *text, struct fault *out);

/** faults_reset - forget the one from the registers */
void faults_reset(struct faults *f);

/** faults_chunk - a chunk begins on @channel: the fault that strikes it, or NULL */
const struct fault *faults_chunk(struct faults *f, unsigned int channel);

/** faults_drop_irq - an interrupt is due on @channel: shall it be lost? */
bool faults_drop_irq(struct faults *f, unsigned int channel);

uint32_t faults_read(const struct faults *f, uint32_t reg);
void faults_write(struct faults *f, uint32_t reg, uint32_t value);

#endif
