/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_machine.h - a directory that the library takes for /sys and /dev
 *
 * It holds PCI functions and drivers, and behaves as the kernel does when something is written to
 * driver_override, bind, unbind or drivers_probe: sysfs_write() is wrapped by the linker.
 */
#ifndef TESTS_FAKE_MACHINE_H
#define TESTS_FAKE_MACHINE_H

#include <stdint.h>

/** fake_machine_set_up - an empty one, named by $UIOCAP_ROOT */
void fake_machine_set_up(void);

void fake_machine_tear_down(void);

/** fake_machine_file - a file with one line in it; makes its folders */
__attribute__((format(printf, 2, 3)))
void fake_machine_file(const char *line, const char *fmt, ...);

/** fake_machine_link - a symbolic link; makes its folders */
__attribute__((format(printf, 2, 3)))
void fake_machine_link(const char *target, const char *fmt, ...);

/** fake_machine_remove - a file or link */
__attribute__((format(printf, 1, 2)))
void fake_machine_remove(const char *fmt, ...);

/** fake_machine_function - a PCI function; @driver: what has it, or NULL */
void fake_machine_function(const char *slot, uint16_t vendor, uint16_t device, const char *driver);

/** fake_machine_driver - a driver that is loaded; @fits: a slot that it takes unasked, or NULL */
void fake_machine_driver(const char *name, const char *fits);

/** fake_machine_uio - shows what the stub shows when it has @slot, but for the maps */
void fake_machine_uio(const char *slot, const char *uio);

/** fake_machine_fail - the n-th write from now (from 1) fails so; 0: no more */
void fake_machine_fail(unsigned int n, int err);

/** fake_machine_refuse - the driver's probe fails for every function */
void fake_machine_refuse(const char *driver);

#endif
