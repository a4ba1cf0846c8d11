/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_list.c - PCI addresses, the list of cards, bind and unbind, on a fake machine */
#include <errno.h>

#include "fake_machine.h"
#include "log_check.h"
#include "suite.h"
#include "userdrv/lib/pci.h"
#include "userdrv/lib/sysfs.h"

#define EDU	"0000:00:05.0"
#define OTHER	"0000:03:00.0"

static struct uiocap_ctx *ctx;

static void set_up(void)
{
	fake_machine_set_up();
	ctx = log_new_ctx();
}

static void tear_down(void)
{
	uiocap_ctx_free(ctx);
	fake_machine_tear_down();
}

START_TEST(slots)
{
	char slot[TRANSPORT_SLOT_SIZE];

	ck_assert_int_eq(pci_slot(slot, "03:00.0"), 0);
	ck_assert_str_eq(slot, "0000:03:00.0");
	ck_assert_int_eq(pci_slot(slot, "0000:AF:1f.7"), 0);
	ck_assert_str_eq(slot, "0000:af:1f.7");
	ck_assert_int_eq(pci_slot(slot, "10000:01:00.1"), 0);
	ck_assert_str_eq(slot, "10000:01:00.1");
}
END_TEST

START_TEST(no_slots)
{
	static const char * const wrong[] = {
		"", "03", "03:00", "03:00.8", "03:20.0", "03:00.0 ", " 03:00.0", "-3:00.0",
		"0x3:00.0", "03:00.00", "0000:03:00.0:0", "uio0", "0000:03:00", "../..",
		"ffffffff:03:00.0",
	};
	char slot[TRANSPORT_SLOT_SIZE];
	size_t n;

	for (n = 0; n < sizeof(wrong) / sizeof(wrong[0]); n++)
		ck_assert_msg(pci_slot(slot, wrong[n]) == -EINVAL, "\"%s\" was taken", wrong[n]);
}
END_TEST

START_TEST(files)
{
	char text[8], longer[32];
	uint64_t value;

	fake_machine_file("0x1f", "/sys/hex");
	fake_machine_file("12", "/sys/decimal");
	fake_machine_file("-1", "/sys/negative");
	fake_machine_file("12 apples", "/sys/words");
	fake_machine_file("", "/sys/empty");
	ck_assert_int_eq(sysfs_read_u64(&value, "/sys/%s", "hex"), 0);
	ck_assert_uint_eq(value, 0x1f);
	ck_assert_int_eq(sysfs_read_u64(&value, "/sys/decimal"), 0);
	ck_assert_uint_eq(value, 12);
	ck_assert_int_eq(sysfs_read_u64(&value, "/sys/negative"), -EINVAL);
	ck_assert_int_eq(sysfs_read_u64(&value, "/sys/words"), -EINVAL);
	ck_assert_int_eq(sysfs_read_u64(&value, "/sys/empty"), -EINVAL);
	ck_assert_int_eq(sysfs_read_u64(&value, "/sys/none"), -ENOENT);
	ck_assert_int_eq(sysfs_read(text, sizeof(text), "/sys/words"), 0);
	ck_assert_str_eq(text, "12 appl");
	ck_assert_int_eq(sysfs_read(longer, sizeof(longer), "/sys/words"), 0);
	ck_assert_str_eq(longer, "12 apples");
}
END_TEST

static const struct uiocap_device *next(struct uiocap_list *list)
{
	const struct uiocap_device *device;

	ck_assert_int_eq(uiocap_list_next(list, &device), 1);
	return device;
}

START_TEST(list_empty)
{
	const struct uiocap_device *device;
	struct uiocap_list *list;

	ck_assert_int_eq(uiocap_list_new(ctx, &list), 0);
	ck_assert_int_eq(uiocap_list_next(list, &device), 0);
	uiocap_list_free(list);
	uiocap_list_free(NULL);
}
END_TEST

/* By address: a known card, a bound and busy one, one that a driver for user space has; no disk. */
START_TEST(list_all)
{
	const struct uiocap_device *device;
	struct uiocap_list *list;

	fake_machine_function("c000:04:00.0", 0x10ee, 0x7021, "vfio-pci");
	fake_machine_function(OTHER, 0x8086, 0x1234, "ahci");
	fake_machine_function(EDU, 0x1234, 0x11e8, NULL);
	fake_machine_function("0000:01:00.0", 0x1234, 0x0cab, "uio_stub");
	fake_machine_uio("0000:01:00.0", "uio3");
	fake_machine_file("1", "/sys/bus/pci/devices/0000:01:00.0/busy");
	fake_machine_function("10000:01:00.0", 0x1234, 0x11e8, "pci-stub");

	ck_assert_int_eq(uiocap_list_new(ctx, &list), 0);
	device = next(list);
	ck_assert_str_eq(device->spec, EDU);
	ck_assert_str_eq(device->driver, "");
	ck_assert_str_eq(device->model, "edu");
	ck_assert(!device->bound && !device->busy);
	device = next(list);
	ck_assert_str_eq(device->spec, "uio3");
	ck_assert_str_eq(device->slot, "0000:01:00.0");
	ck_assert_str_eq(device->driver, "uio_stub");
	ck_assert_str_eq(device->model, "refcard");
	ck_assert_uint_eq(device->vendor, 0x1234);
	ck_assert_uint_eq(device->device, 0x0cab);
	ck_assert(device->bound && device->busy);
	device = next(list);
	ck_assert_str_eq(device->spec, "c000:04:00.0");
	ck_assert_str_eq(device->model, "");
	ck_assert_str_eq(next(list)->spec, "10000:01:00.0");
	ck_assert_int_eq(uiocap_list_next(list, &device), 0);
	uiocap_list_free(list);
}
END_TEST

static void assert_driver(const char *slot, const char *driver, const char *override)
{
	struct pci_function fn;
	char text[64];

	ck_assert_int_eq(pci_read(&fn, slot), 0);
	ck_assert_str_eq(fn.driver, driver);
	ck_assert_int_eq(sysfs_read(text, sizeof(text), "/sys/bus/pci/devices/%s/driver_override",
				    slot), 0);
	ck_assert_str_eq(text, override);
}

START_TEST(bind_takes_it)
{
	fake_machine_driver("uio_stub", NULL);
	fake_machine_driver("ahci", OTHER);
	fake_machine_function(OTHER, 0x8086, 0x1234, "ahci");
	ck_assert_int_eq(uiocap_bind(ctx, "03:00.0"), 0);
	assert_driver(OTHER, "uio_stub", "uio_stub");
	ck_assert_int_eq(uiocap_bind(ctx, OTHER), 0);
	ck_assert_int_eq(uiocap_unbind(ctx, OTHER), 0);
	assert_driver(OTHER, "ahci", "(null)");
}
END_TEST

/* The stub knows this card: it must not get it back at once. */
START_TEST(unbind_leaves_it)
{
	fake_machine_driver("uio_stub", EDU);
	fake_machine_function(EDU, 0x1234, 0x11e8, "uio_stub");
	ck_assert_int_eq(uiocap_unbind(ctx, EDU), 0);
	assert_driver(EDU, "", "(null)");
	ck_assert_int_eq(uiocap_unbind(ctx, EDU), -ENODEV);
	ck_assert_said("not bound");
}
END_TEST

START_TEST(bind_bad_input)
{
	fake_machine_function(EDU, 0x1234, 0x11e8, NULL);
	ck_assert_int_eq(uiocap_bind(ctx, "hello"), -EINVAL);
	ck_assert_said("hello is not a PCI address");
	ck_assert_int_eq(uiocap_bind(ctx, "00:06.0"), -ENODEV);
	ck_assert_said("0000:00:06.0");
	ck_assert_int_eq(uiocap_bind(ctx, EDU), -ENOENT);
	ck_assert_said("modprobe uio_stub");
	ck_assert_int_eq(uiocap_unbind(ctx, "00:06.0"), -ENODEV);
}
END_TEST

START_TEST(bind_refused)
{
	fake_machine_driver("uio_stub", NULL);
	fake_machine_refuse("uio_stub");
	fake_machine_driver("ahci", NULL);
	fake_machine_function(OTHER, 0x8086, 0x1234, "ahci");
	fake_machine_file("ahci", "/sys/bus/pci/devices/%s/driver_override", OTHER);
	ck_assert_int_eq(uiocap_bind(ctx, OTHER), -EIO);
	ck_assert_said("dmesg");
	assert_driver(OTHER, "ahci", "ahci");
}
END_TEST

/* Whichever of its writes fails: override, unbind, probe. */
START_TEST(bind_fails)
{
	fake_machine_driver("uio_stub", NULL);
	fake_machine_driver("ahci", NULL);
	fake_machine_function(OTHER, 0x8086, 0x1234, "ahci");
	fake_machine_fail((unsigned int)_i, -EACCES);
	ck_assert_int_eq(uiocap_bind(ctx, OTHER), -EACCES);
	ck_assert_said(OTHER);
	assert_driver(OTHER, "ahci", "(null)");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("list");
	TCase *tc = tcase_create("list");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, slots);
	tcase_add_test(tc, no_slots);
	tcase_add_test(tc, files);
	tcase_add_test(tc, list_empty);
	tcase_add_test(tc, list_all);
	tcase_add_test(tc, bind_takes_it);
	tcase_add_test(tc, unbind_leaves_it);
	tcase_add_test(tc, bind_bad_input);
	tcase_add_test(tc, bind_refused);
	tcase_add_loop_test(tc, bind_fails, 1, 4);
	suite_add_tcase(suite, tc);
	return suite_run(suite);
}
