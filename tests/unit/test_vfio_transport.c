/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vfio_transport.c - the library's transport vfio-user, with the server in a thread */
#include <errno.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "served_device.h"
#include "suite.h"
#include "userdrv/lib/shared-memory.h"
#include "vfio_card.h"

#define MS	INT64_C(1000000)

static void open_served(void)
{
	ctx = log_new_ctx();
	ck_assert_int_eq(vfio_try_open("vfio-user:%s", served.path), 0);
}

static void set_up(void)
{
	served_set_up();
	open_served();
}

static void tear_down(void)
{
	if (t)
		t->ops->close(t);
	t = NULL;
	served_tear_down();
	uiocap_ctx_free(ctx);
}

/* ---- open and close --------------------------------------------------------------------- */

START_TEST(opens)
{
	struct uiocap_irq irq;

	ck_assert_str_eq(t->ops->name, "vfio-user");
	ck_assert_uint_eq(t->vendor, FAKE_VENDOR);
	ck_assert_uint_eq(t->device, FAKE_DEVICE);
	ck_assert_int_eq(t->irq_kind, UIOCAP_IRQ_MSIX);
	ck_assert_uint_eq(t->vectors, FAKE_VECTORS);
	ck_assert(!t->acks && !t->iommu);
	ck_assert_str_eq(t->slot, "");
	ck_assert_uint_eq(t->ops->bar_size(t, 0), FAKE_BAR_SIZE);
	ck_assert_uint_eq(t->ops->bar_size(t, 1), 0);
	ck_assert_uint_eq(t->ops->bar_size(t, 6), 0);
	ck_assert_uint_eq(t->segments, 1);
	ck_assert_uint_eq(t->segment[0].len, t->dma_len);
	ck_assert_ptr_eq(t->segment[0].data, t->dma);
	ck_assert_int_eq(t->ops->check(t), 0);
	t->ops->irq(t, 0, &irq);
	ck_assert_uint_eq(irq.count, 0);
}
END_TEST

START_TEST(bus_mastering)
{
	unsigned int resets;

	vfio_read32(0);
	ck_assert_uint_eq(served.fake.config[PCI_COMMAND], PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	resets = served.fake.resets;
	ck_assert_uint_ge(resets, 2);
	t->ops->close(t);
	t = NULL;
	served_stop();
	ck_assert_uint_eq(served.fake.config[PCI_COMMAND], 0);
	ck_assert_uint_eq(served.fake.resets, resets + 1);
}
END_TEST

START_TEST(second_owner)
{
	struct transport *first = t;

	ck_assert_int_eq(vfio_try_open("vfio-user:%s", served.path), -EBUSY);
	ck_assert_said("in use");
	ck_assert_ptr_eq(t, first);
	vfio_read32(0);
}
END_TEST

START_TEST(nobody)
{
	char path[200] = "";

	ctx = log_new_ctx();
	ck_assert_int_eq(vfio_try_open("vfio-user:%s", "/nonexistent/socket"), -ENODEV);
	ck_assert_said("nobody serves");
	ck_assert_int_eq(vfio_try_open("vfio-user:%s", ""), -EINVAL);
	memset(path, 'x', sizeof(path) - 1);
	ck_assert_int_eq(vfio_try_open("vfio-user:%s", path), -EINVAL);
	ck_assert(!transport_vfio_user.matches("uio0"));
	ck_assert(!transport_vfio_user.matches("simple"));
	ck_assert(!transport_vfio_user.matches("/dev/uio0"));
	uiocap_ctx_free(ctx);
}
END_TEST

/* ---- registers and memory --------------------------------------------------------------- */

START_TEST(registers)
{
	uint32_t value = 0;

	vfio_write32(0x100, 0x12345678);
	ck_assert_uint_eq(vfio_read32(0x100), 0x12345678);
	vfio_write32(FAKE_BAR_SIZE - 4, 7);
	ck_assert_uint_eq(vfio_read32(FAKE_BAR_SIZE - 4), 7);
	ck_assert_int_eq(t->ops->read32(t, 0, FAKE_BAR_SIZE, &value), -EINVAL);
	ck_assert_int_eq(t->ops->read32(t, 0, 2, &value), -EINVAL);
	ck_assert_int_eq(t->ops->read32(t, 1, 0, &value), -EINVAL);
	ck_assert_int_eq(t->ops->read32(t, 77, 0, &value), -EINVAL);
	ck_assert_int_eq(t->ops->write32(t, 0, UINT32_MAX - 3, 0), -EINVAL);
	ck_assert_int_eq(t->ops->write32(t, 0, 1, 0), -EINVAL);
	ck_assert_int_eq(t->ops->check(t), 0);
}
END_TEST

START_TEST(memory)
{
	uint64_t bus = t->segment[0].bus;
	size_t len = t->dma_len;

	for (size_t i = 0; i < 65536; i++)
		t->dma[i] = i * 7;
	ck_assert(vfio_device_copies(bus, bus + len - 65536, 65536));
	ck_assert_mem_eq(t->dma, t->dma + len - 65536, 65536);
	ck_assert(!vfio_device_copies(bus, bus + len - 65535, 65536));
	ck_assert(!vfio_device_copies(bus - 1, bus, 4));
	ck_assert(!vfio_device_copies(bus & UINT32_MAX, bus, 4));
}
END_TEST

/* Whoever maps it too must not have to fear that it goes from under his hands. */
START_TEST(sealed_memory)
{
	struct transport mine = { .segments = 0 };
	int fd;

	ck_assert_int_eq(shared_memory_new(&mine, 10000, 1, &fd), 0);
	ck_assert_uint_eq(mine.dma_len, 8192);
	ck_assert_int_eq(ftruncate(fd, 4096), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(ftruncate(fd, 16384), -1);
	shared_memory_free(&mine);
	close(fd);
}
END_TEST

/* ---- interrupts ------------------------------------------------------------------------- */

static uint64_t count(unsigned int vector)
{
	struct uiocap_irq irq;

	t->ops->irq(t, vector, &irq);
	return irq.count;
}

static int poll_fd(int timeout_ms)
{
	struct pollfd fd = { .fd = t->fd, .events = POLLIN };

	return poll(&fd, 1, timeout_ms);
}

START_TEST(interrupts)
{
	struct uiocap_irq irq;

	ck_assert_int_eq(t->ops->wait(t, 0), 0);
	ck_assert_int_eq(t->ops->wait(t, 3 * MS / 2), 0);
	ck_assert_int_eq(poll_fd(0), 0);
	vfio_write32(FAKE_RAISE_MSIX, 2);
	ck_assert_int_eq(poll_fd(2000), 1);
	ck_assert_int_eq(t->ops->wait(t, -1), 1);
	ck_assert_int_eq(t->ops->wait(t, 0), 0);
	ck_assert_int_eq(poll_fd(0), 0);
	/* one that came before the wait */
	vfio_write32(FAKE_RAISE_MSIX, 3);
	vfio_write32(FAKE_RAISE_MSIX, 2);
	vfio_read32(0);
	ck_assert_int_eq(t->ops->wait(t, 0), 1);
	ck_assert_int_eq(t->ops->wait(t, 0), 0);
	ck_assert_uint_eq(count(0), 0);
	ck_assert_uint_eq(count(2), 2);
	ck_assert_uint_eq(count(3), 1);
	t->ops->irq(t, 3, &irq);
	ck_assert_uint_gt(irq.time_ns, 0);
}
END_TEST

/* One system call a wait: what P4 of the measurements counts on. */
START_TEST(calls_of_a_wait)
{
	uint64_t before;

	vfio_write32(FAKE_RAISE_MSIX, 0);
	vfio_read32(0);
	before = t->syscalls;
	ck_assert_int_eq(t->ops->wait(t, MS), 1);
	ck_assert_uint_eq(t->syscalls, before + 1);
	ck_assert_int_eq(t->ops->write32(t, 0, 0x100, 0), 0);
	ck_assert_uint_eq(t->syscalls, before + 2);
}
END_TEST

static void prepare_with(unsigned int intx, unsigned int msi)
{
	served_prepare();
	memset(served.fake.dev.irqs, 0, sizeof(served.fake.dev.irqs));
	served.fake.dev.irqs[DEVICE_IRQ_INTX] = intx;
	served.fake.dev.irqs[DEVICE_IRQ_MSI] = msi;
	served_start(false);
	open_served();
}

START_TEST(intx)
{
	prepare_with(1, 0);
	ck_assert_int_eq(t->irq_kind, UIOCAP_IRQ_INTX);
	ck_assert_uint_eq(t->vectors, 1);
	ck_assert_int_eq(t->ops->wait(t, 0), 0);
	vfio_write32(FAKE_INTX, 1);
	ck_assert_int_eq(t->ops->wait(t, 2000 * MS), 1);
	/* still active: again, and again */
	ck_assert_int_eq(t->ops->wait(t, 2000 * MS), 1);
	ck_assert_int_eq(t->ops->wait(t, 2000 * MS), 1);
	vfio_write32(FAKE_INTX, 0);
	ck_assert_int_eq(t->ops->wait(t, 50 * MS), 0);
	vfio_write32(FAKE_INTX, 1);
	ck_assert_int_eq(t->ops->wait(t, 2000 * MS), 1);
	ck_assert_uint_eq(count(0), 4);
}
END_TEST

START_TEST(no_interrupts)
{
	prepare_with(0, 0);
	ck_assert_int_eq(t->irq_kind, UIOCAP_IRQ_NONE);
	ck_assert_uint_eq(t->vectors, 0);
	ck_assert_int_eq(t->ops->wait(t, MS), 0);
}
END_TEST

/* Message-signalled interrupts are turned on in their capability, as a kernel does. */
START_TEST(msi_enabled)
{
	uint8_t *config;

	served_prepare();
	config = served.fake.config;
	served.fake.dev.irqs[DEVICE_IRQ_MSIX] = 0;
	config[PCI_CAPABILITY_LIST] = 0x43;	/* the low two bits are reserved */
	config[0x40] = PCI_CAP_ID_PM;
	config[0x41] = 0x50;
	config[0x50] = PCI_CAP_ID_MSI;
	config[0x52] = 0x80;
	served_start(false);
	open_served();
	ck_assert_int_eq(t->irq_kind, UIOCAP_IRQ_MSI);
	vfio_read32(0);
	ck_assert_uint_eq(config[0x52], 0x80 | PCI_MSI_FLAGS_ENABLE);
}
END_TEST

START_TEST(ring_of_capabilities)
{
	served_prepare();
	served.fake.config[PCI_CAPABILITY_LIST] = 0x40;
	served.fake.config[0x41] = 0x40;
	served_start(false);
	open_served();
	ck_assert_int_eq(t->irq_kind, UIOCAP_IRQ_MSIX);
}
END_TEST

/* ---- gone ------------------------------------------------------------------------------- */

static void end_server(void)
{
	served_stop();
	server_free(served.server);
	ck_assert_int_eq(server_new(&served.fake.dev, NULL, NULL, &served.server), 0);
}

START_TEST(gone_in_wait)
{
	end_server();
	ck_assert_int_eq(poll_fd(2000), 1);
	ck_assert_int_eq(t->ops->check(t), 0);
	ck_assert_int_eq(t->ops->wait(t, -1), -ENODEV);
	ck_assert_int_eq(t->ops->check(t), -ENODEV);
	ck_assert_int_eq(t->ops->wait(t, -1), -ENODEV);
}
END_TEST

START_TEST(gone_in_access)
{
	uint32_t value = 0;

	end_server();
	ck_assert_int_eq(t->ops->read32(t, 0, 0, &value), -ENODEV);
	ck_assert_uint_eq(value, UINT32_MAX);
	ck_assert_int_eq(t->ops->write32(t, 0, 0, 0), -ENODEV);
	ck_assert_int_eq(t->ops->check(t), -ENODEV);
	t->ops->accept(t);
	ck_assert_int_eq(t->ops->check(t), -ENODEV);
}
END_TEST

/* Who only ever looks at memory notices as well, if not at once. */
START_TEST(gone_in_check)
{
	int ret = 0;

	end_server();
	for (unsigned int i = 0; i < 1u << 21 && !ret; i++)
		ret = t->ops->check(t);
	ck_assert_int_eq(ret, -ENODEV);
}
END_TEST

static Suite *transport_suite(void)
{
	Suite *suite = suite_create("transport vfio-user");
	TCase *tc = tcase_create("open");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, opens);
	tcase_add_test(tc, bus_mastering);
	tcase_add_test(tc, second_owner);
	tcase_add_test(tc, registers);
	tcase_add_test(tc, memory);
	tcase_add_test(tc, sealed_memory);
	tcase_add_test(tc, interrupts);
	tcase_add_test(tc, calls_of_a_wait);
	tcase_add_test(tc, gone_in_wait);
	tcase_add_test(tc, gone_in_access);
	tcase_add_test(tc, gone_in_check);
	suite_add_tcase(suite, tc);

	tc = tcase_create("other devices");
	tcase_add_checked_fixture(tc, NULL, tear_down);
	tcase_add_test(tc, intx);
	tcase_add_test(tc, no_interrupts);
	tcase_add_test(tc, msi_enabled);
	tcase_add_test(tc, ring_of_capabilities);
	suite_add_tcase(suite, tc);

	tc = tcase_create("none");
	tcase_add_test(tc, nobody);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return suite_run(transport_suite());
}
