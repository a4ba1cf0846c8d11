/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vfio_irqs.c - vfio-user server: interrupts */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "suite.h"
#include "vfio_talk.h"

static uint64_t events(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t n = 0;

	if (poll(&p, 1, 0) == 1)
		ck_assert_int_eq(read(fd, &n, sizeof(n)), sizeof(n));
	return n;
}

START_TEST(messages)
{
	int a = eventfd(0, 0), b = eventfd(0, 0), fds[2];

	talk_write32(FAKE_RAISE_MSIX, 1);
	ck_assert_int_eq(talk_listen(VFIO_PCI_MSIX_IRQ_INDEX, 1, a), 0);
	talk_write32(FAKE_RAISE_MSIX, 1);
	talk_write32(FAKE_RAISE_MSIX, 1);
	talk_write32(FAKE_RAISE_MSIX, 0);
	talk_write32(FAKE_RAISE_MSIX, FAKE_VECTORS);
	talk_write32(FAKE_RAISE_MSIX, UINT32_MAX);
	ck_assert_uint_eq(events(a), 2);
	/* another listener takes its place, and a second vector one of its own */
	fds[0] = dup(b);
	fds[1] = dup(a);
	ck_assert_int_eq(talk_set_irqs(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
				  VFIO_PCI_MSIX_IRQ_INDEX, 1, 2, fds, 2), 0);
	talk_write32(FAKE_RAISE_MSIX, 1);
	ck_assert_uint_eq(events(a), 0);
	ck_assert_uint_eq(events(b), 1);
	talk_write32(FAKE_RAISE_MSIX, 2);
	ck_assert_uint_eq(events(a), 1);
	close(a);
	close(b);
}
END_TEST

START_TEST(silence)
{
	int a = eventfd(0, 0), before = talk_open_files();

	ck_assert_int_eq(talk_listen(VFIO_PCI_MSIX_IRQ_INDEX, 0, a), 0);
	ck_assert_int_eq(talk_listen(VFIO_PCI_MSIX_IRQ_INDEX, 3, a), 0);
	ck_assert_int_eq(talk_open_files(), before + 2);
	/* without descriptors: these vectors; without anything: all of them */
	ck_assert_int_eq(talk_set_irqs(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
				  VFIO_PCI_MSIX_IRQ_INDEX, 3, 1, NULL, 0), 0);
	talk_write32(FAKE_RAISE_MSIX, 3);
	ck_assert_uint_eq(events(a), 0);
	talk_write32(FAKE_RAISE_MSIX, 0);
	ck_assert_uint_eq(events(a), 1);
	ck_assert_int_eq(talk_set_irqs(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
				  VFIO_PCI_MSIX_IRQ_INDEX, 0, 0, NULL, 0), 0);
	talk_write32(FAKE_RAISE_MSIX, 0);
	ck_assert_uint_eq(events(a), 0);
	ck_assert_int_eq(talk_open_files(), before);
	close(a);
}
END_TEST

/* The client's own trigger, for all and for some. */
START_TEST(loopback)
{
	struct { struct vu_irq_set set; uint8_t chosen[4]; } msg = {
		{ sizeof(msg), VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER,
		  VFIO_PCI_MSIX_IRQ_INDEX, 0, 4 }, { 0, 1, 0, 1 } };
	int fd[4];

	for (int i = 0; i < 4; i++) {
		fd[i] = eventfd(0, 0);
		ck_assert_int_eq(talk_listen(VFIO_PCI_MSIX_IRQ_INDEX, i, fd[i]), 0);
	}
	ck_assert_int_eq(talk_ask(VU_SET_IRQS, &msg, sizeof(msg.set) + 4), 0);
	ck_assert_int_eq(talk_set_irqs(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
				  VFIO_PCI_MSIX_IRQ_INDEX, 2, 2, NULL, 0), 0);
	ck_assert_uint_eq(events(fd[0]), 0);
	ck_assert_uint_eq(events(fd[1]), 1);
	ck_assert_uint_eq(events(fd[2]), 1);
	ck_assert_uint_eq(events(fd[3]), 2);
	for (int i = 0; i < 4; i++)
		close(fd[i]);
}
END_TEST

static int mask(uint32_t action)
{
	return talk_set_irqs(VFIO_IRQ_SET_DATA_NONE | action, VFIO_PCI_INTX_IRQ_INDEX, 0, 1,
			     NULL, 0);
}

/* An event masks the line; unmasking one that is still active signals again. */
START_TEST(intx)
{
	int fd = eventfd(0, 0);

	ck_assert_int_eq(talk_listen(VFIO_PCI_INTX_IRQ_INDEX, 0, fd), 0);
	talk_write32(FAKE_INTX, 1);
	talk_write32(FAKE_INTX, 1);
	ck_assert_uint_eq(events(fd), 1);
	ck_assert_int_eq(mask(VFIO_IRQ_SET_ACTION_UNMASK), 0);
	ck_assert_uint_eq(events(fd), 1);
	talk_write32(FAKE_INTX, 0);
	ck_assert_int_eq(mask(VFIO_IRQ_SET_ACTION_UNMASK), 0);
	ck_assert_uint_eq(events(fd), 0);
	ck_assert_int_eq(mask(VFIO_IRQ_SET_ACTION_MASK), 0);
	talk_write32(FAKE_INTX, 1);
	ck_assert_uint_eq(events(fd), 0);
	ck_assert_int_eq(mask(VFIO_IRQ_SET_ACTION_UNMASK), 0);
	ck_assert_uint_eq(events(fd), 1);
	/* forbidden by the command register */
	talk.fake.config[PCI_COMMAND + 1] = PCI_COMMAND_INTX_DISABLE >> 8;
	ck_assert_int_eq(mask(VFIO_IRQ_SET_ACTION_UNMASK), 0);
	ck_assert_uint_eq(events(fd), 0);
	close(fd);
}
END_TEST

/* Who begins to listen to a line that is active hears of it. */
START_TEST(intx_active_before)
{
	int fd = eventfd(0, 0);

	talk_write32(FAKE_INTX, 1);
	ck_assert_int_eq(talk_listen(VFIO_PCI_INTX_IRQ_INDEX, 0, fd), 0);
	ck_assert_uint_eq(events(fd), 1);
	close(fd);
}
END_TEST

#define EVENT	(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define NONE	(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)

static const struct { uint32_t flags, index, start, count; int error; } bad_sets[] = {
	{ 0, 2, 0, 1, -EINVAL },
	{ VFIO_IRQ_SET_DATA_NONE, 2, 0, 1, -EINVAL },
	{ VFIO_IRQ_SET_ACTION_TRIGGER, 2, 0, 1, -EINVAL },
	{ EVENT | VFIO_IRQ_SET_DATA_NONE, 2, 0, 1, -EINVAL },
	{ EVENT | VFIO_IRQ_SET_ACTION_MASK, 2, 0, 1, -EINVAL },
	{ EVENT | 1u << 6, 2, 0, 1, -EINVAL },
	{ EVENT, 5, 0, 1, -EINVAL },
	{ EVENT, UINT32_MAX, 0, 1, -EINVAL },
	{ EVENT, 3, 0, 1, -EINVAL },
	{ EVENT, 2, 4, 1, -EINVAL },
	{ EVENT, 2, 0, 5, -EINVAL },
	{ EVENT, 2, 1, UINT32_MAX, -EINVAL },
	{ EVENT, 2, UINT32_MAX, 2, -EINVAL },
	{ EVENT, 2, 0, 2, -EINVAL },		/* with one descriptor */
	{ VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_UNMASK, 0, 0, 1, -ENOTSUP },
	{ VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK, 2, 0, 1, -ENOTSUP },
	{ VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER, 2, 0, 1, -EINVAL },
};

START_TEST(bad_irq_sets)
{
	int fd = eventfd(0, 0), before = talk_open_files();

	ck_assert_int_eq(talk_set_irqs(bad_sets[_i].flags, bad_sets[_i].index, bad_sets[_i].start,
				  bad_sets[_i].count, &fd, 1), bad_sets[_i].error);
	ck_assert_int_eq(talk_open_files(), before - 1);
}
END_TEST

/* A full pipe would block, and so stop the card. */
START_TEST(only_eventfds)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int pipes[2];

	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(talk_listen(VFIO_PCI_MSIX_IRQ_INDEX, 0, pipes[1]), -EINVAL);
	ck_assert_int_eq(talk_listen(VFIO_PCI_MSIX_IRQ_INDEX, 0, null), -EINVAL);
	close(null);
	close(pipes[0]);
	close(pipes[1]);
}
END_TEST

START_TEST(full_eventfd)
{
	int fd = eventfd(0, 0);
	uint64_t most = UINT64_MAX - 1;

	ck_assert_int_eq(talk_listen(VFIO_PCI_MSIX_IRQ_INDEX, 0, fd), 0);
	ck_assert_int_eq(write(fd, &most, sizeof(most)), sizeof(most));
	talk_write32(FAKE_RAISE_MSIX, 0);
	ck_assert_uint_eq(events(fd), most);
	close(fd);
}
END_TEST

static Suite *irqs_suite(void)
{
	Suite *suite = suite_create("vfio-user server: interrupts");
	TCase *tc;

	tc = tcase_create("interrupts");
	tcase_add_checked_fixture(tc, talk_set_up, talk_tear_down);
	tcase_add_test(tc, messages);
	tcase_add_test(tc, silence);
	tcase_add_test(tc, loopback);
	tcase_add_test(tc, intx);
	tcase_add_test(tc, intx_active_before);
	tcase_add_loop_test(tc, bad_irq_sets, 0, sizeof(bad_sets) / sizeof(*bad_sets));
	tcase_add_test(tc, only_eventfds);
	tcase_add_test(tc, full_eventfd);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return suite_run(irqs_suite());
}
