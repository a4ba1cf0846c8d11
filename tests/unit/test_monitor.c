/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_monitor.c - cards come and go, on a machine that umockdev makes up */
#include <poll.h>
#include <stdlib.h>
#include <umockdev.h>
#include <unistd.h>

#include "log_check.h"
#include "suite.h"

#define PCI	"/devices/pci0000:00/"
#define UIO(slot, n)	"/sys" PCI slot "/uio/uio" #n
#define LINK	"/dev/uiocap/by-path/pci-0000:03:00.0"

/* A function with a driver, and its node. */
#define CARD(slot, driver, n, links)							\
	"P: " PCI slot "\nE: SUBSYSTEM=pci\nL: driver=../../../bus/pci/drivers/" driver "\n\n"	\
	"P: " PCI slot "/uio/uio" #n "\nN: uio" #n "\nE: SUBSYSTEM=uio\n"			\
	"E: DEVNAME=/dev/uio" #n "\n" links "\n"
#define LINKED	"S: uiocap/by-path/pci-0000:03:00.0\nE: DEVLINKS=" LINK "\n"

static UMockdevTestbed *machine;
static struct uiocap_ctx *ctx;
static struct uiocap_monitor *monitor;

static void plug(const char *card)
{
	ck_assert(umockdev_testbed_add_from_string(machine, card, NULL));
}

static void begin(void)
{
	ctx = log_new_ctx();
	machine = umockdev_testbed_new();
}

static void listen(void)
{
	ck_assert_int_eq(uiocap_monitor_new(ctx, &monitor), 0);
}

static void end(void)
{
	uiocap_monitor_free(monitor);
	uiocap_ctx_free(ctx);
	g_object_unref(machine);
}

static void expect(enum uiocap_change change, const char *spec, const char *slot)
{
	struct pollfd fd = { .fd = uiocap_monitor_fd(monitor), .events = POLLIN };
	const struct uiocap_event *event;
	int ret = uiocap_monitor_next(monitor, &event);

	if (ret == 0 && poll(&fd, 1, 10000) == 1)
		ret = uiocap_monitor_next(monitor, &event);
	ck_assert_int_eq(ret, 1);
	ck_assert_int_eq(event->change, change);
	ck_assert_str_eq(event->spec, spec);
	ck_assert_str_eq(event->slot, slot);
}

static void expect_nothing(void)
{
	const struct uiocap_event *event;

	ck_assert_int_eq(uiocap_monitor_next(monitor, &event), 0);
}

START_TEST(what_is_there_counts_as_added)
{
	begin();
	plug(CARD("0000:03:00.0", "uio_stub", 0, LINKED));
	plug(CARD("0000:04:00.0", "uio_pci_generic", 1, ""));
	listen();
	expect(UIOCAP_ADDED, LINK, "0000:03:00.0");
	expect_nothing();
	end();
}
END_TEST

START_TEST(it_goes_and_comes_back)
{
	begin();
	plug(CARD("0000:03:00.0", "uio_stub", 0, LINKED));
	listen();
	expect(UIOCAP_ADDED, LINK, "0000:03:00.0");
	for (int i = 0; i < 3; i++) {
		umockdev_testbed_uevent(machine, UIO("0000:03:00.0", 0), "remove");
		expect(UIOCAP_REMOVED, LINK, "0000:03:00.0");
		umockdev_testbed_uevent(machine, UIO("0000:03:00.0", 0), "add");
		expect(UIOCAP_ADDED, LINK, "0000:03:00.0");
	}
	expect_nothing();
	end();
}
END_TEST

START_TEST(one_that_is_new)
{
	begin();
	listen();
	expect_nothing();
	plug(CARD("0000:05:00.0", "uio_stub", 7, ""));
	umockdev_testbed_uevent(machine, UIO("0000:05:00.0", 7), "add");
	expect(UIOCAP_ADDED, "/dev/uio7", "0000:05:00.0");
	umockdev_testbed_uevent(machine, UIO("0000:05:00.0", 7), "change");
	umockdev_testbed_uevent(machine, UIO("0000:05:00.0", 7), "remove");
	expect(UIOCAP_REMOVED, "/dev/uio7", "0000:05:00.0");
	umockdev_testbed_uevent(machine, UIO("0000:05:00.0", 7), "remove");
	umockdev_testbed_uevent(machine, UIO("0000:05:00.0", 7), "add");
	expect(UIOCAP_ADDED, "/dev/uio7", "0000:05:00.0");
	end();
}
END_TEST

START_TEST(others_are_nobodys_business)
{
	begin();
	plug(CARD("0000:03:00.0", "uio_stub", 0, ""));
	plug(CARD("0000:04:00.0", "uio_pci_generic", 1, ""));
	listen();
	expect(UIOCAP_ADDED, "/dev/uio0", "0000:03:00.0");
	umockdev_testbed_uevent(machine, UIO("0000:04:00.0", 1), "add");
	umockdev_testbed_uevent(machine, UIO("0000:04:00.0", 1), "remove");
	umockdev_testbed_uevent(machine, UIO("0000:03:00.0", 0), "remove");
	expect(UIOCAP_REMOVED, "/dev/uio0", "0000:03:00.0");
	end();
}
END_TEST

/* The made-up machine is a library that has to be there first; a sanitizer's wants that, too. */
int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		what_is_there_counts_as_added, it_goes_and_comes_back, one_that_is_new,
		others_are_nobodys_business,
	};

	(void)argc;
	if (!getenv("UIOCAP_TEST_MACHINE")) {
		setenv("UIOCAP_TEST_MACHINE", "umockdev", 1);
		setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
		setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
		execv("/proc/self/exe", argv);
		return EXIT_FAILURE;
	}
	return suite_run(suite_of("monitor", tests, sizeof(tests) / sizeof(tests[0])));
}
