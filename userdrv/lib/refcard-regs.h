/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * refcard-regs.h - the names of the reference card's registers
 */
#ifndef UIOCAP_REFCARD_REGS_H
#define UIOCAP_REFCARD_REGS_H

#include "uiocap/uiocap.h"

/** refcard_regs_new - in order of offset; one block, free() it. NULL: no memory */
struct uiocap_register *refcard_regs_new(unsigned int channels, bool faults, unsigned int *count);

#endif
