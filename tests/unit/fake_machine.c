/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_machine.c - a directory that the library takes for /sys and /dev */
#include "fake_machine.h"

#include <check.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "userdrv/lib/sysfs.h"

#define SLOT_FILE	"/sys/bus/pci/devices/%s/%s"

static char root[PATH_MAX];
static char fits_driver[32], fits_slot[32], refusing[32];
static unsigned int fail_at;
static int fail_with;

int __wrap_sysfs_write(const char *text, const char *fmt, ...);

void fake_machine_set_up(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(root, sizeof(root), "%s/uiocap-machine-XXXXXX", tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(root));
	setenv("UIOCAP_ROOT", root, 1);
	fits_driver[0] = fits_slot[0] = refusing[0] = '\0';
	fail_at = 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void fake_machine_tear_down(void)
{
	ck_assert_int_eq(nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
	unsetenv("UIOCAP_ROOT");
}

static void make_folders(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		ck_assert(!mkdir(path, 0777) || errno == EEXIST);
		*slash = '/';
	}
}

static void make_path(char path[PATH_MAX], const char *fmt, va_list args)
{
	size_t len = strlen(root);

	memcpy(path, root, len);
	vsnprintf(path + len, PATH_MAX - len, fmt, args);
	make_folders(path);
}

void fake_machine_file(const char *line, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;
	FILE *file;

	va_start(args, fmt);
	make_path(path, fmt, args);
	va_end(args);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "%s\n", line);
	fclose(file);
}

void fake_machine_link(const char *target, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, fmt);
	make_path(path, fmt, args);
	va_end(args);
	unlink(path);
	ck_assert_int_eq(symlink(target, path), 0);
}

void fake_machine_remove(const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, fmt);
	make_path(path, fmt, args);
	va_end(args);
	unlink(path);
}

static void set_driver(const char *slot, const char *driver)
{
	char target[128];

	fake_machine_remove(SLOT_FILE, slot, "driver");
	if (!driver)
		return;
	snprintf(target, sizeof(target), "../../drivers/%s", driver);
	fake_machine_link(target, SLOT_FILE, slot, "driver");
}

void fake_machine_function(const char *slot, uint16_t vendor, uint16_t device, const char *driver)
{
	char id[16];

	snprintf(id, sizeof(id), "0x%04x", vendor);
	fake_machine_file(id, SLOT_FILE, slot, "vendor");
	snprintf(id, sizeof(id), "0x%04x", device);
	fake_machine_file(id, SLOT_FILE, slot, "device");
	fake_machine_file("(null)", SLOT_FILE, slot, "driver_override");
	set_driver(slot, driver);
}

void fake_machine_driver(const char *name, const char *fits)
{
	fake_machine_file("", "/sys/bus/pci/drivers/%s/new_id", name);
	if (fits) {
		snprintf(fits_driver, sizeof(fits_driver), "%s", name);
		snprintf(fits_slot, sizeof(fits_slot), "%s", fits);
	}
}

void fake_machine_uio(const char *slot, const char *uio)
{
	char target[128];

	fake_machine_file("0", SLOT_FILE, slot, "busy");
	fake_machine_file("0 24 64", SLOT_FILE, slot, "ack");
	fake_machine_file("", "/sys/bus/pci/devices/%s/uio/%s/event", slot, uio);
	snprintf(target, sizeof(target), "../../../bus/pci/devices/%s", slot);
	fake_machine_link(target, "/sys/class/uio/%s/device", uio);
	fake_machine_file("", "/dev/%s", uio);
}

void fake_machine_fail(unsigned int n, int err)
{
	fail_at = n;
	fail_with = err;
}

void fake_machine_refuse(const char *driver)
{
	snprintf(refusing, sizeof(refusing), "%s", driver);
}

/* ---- what the kernel does: drivers/base/bus.c, drivers/pci/pci-driver.c -------------------- */

static int bind_to(const char *slot, const char *driver)
{
	if (!sysfs_exists("/sys/bus/pci/drivers/%s", driver) || !strcmp(driver, refusing))
		return -ENODEV;
	set_driver(slot, driver);
	return 0;
}

static int probe(const char *slot)
{
	char override[64];

	if (sysfs_exists(SLOT_FILE, slot, "driver"))
		return 0;
	ck_assert_int_eq(sysfs_read(override, sizeof(override), SLOT_FILE, slot,
				    "driver_override"), 0);
	if (strcmp(override, "(null)"))
		bind_to(slot, override);
	else if (!strcmp(slot, fits_slot))
		bind_to(slot, fits_driver);
	return 0;
}

static int unbind(const char *path, const char *slot)
{
	ck_assert_ptr_nonnull(strstr(path, slot));
	set_driver(slot, NULL);
	return 0;
}

static int write_file(const char *text, const char *path)
{
	char word[64];

	if (strstr(path, "/driver_override")) {
		fake_machine_file(text[0] == '\n' ? "(null)" : text, "%s", path);
		return 0;
	}
	if (strstr(path, "/unbind"))
		return unbind(path, text);
	if (strstr(path, "/drivers_probe"))
		return probe(text);
	ck_assert_int_eq(sscanf(path, "/sys/bus/pci/drivers/%63[^/]/bind", word), 1);
	return bind_to(text, word);
}

int __wrap_sysfs_write(const char *text, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;

	if (fail_at && !--fail_at)
		return fail_with;
	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	return write_file(text, path);
}
