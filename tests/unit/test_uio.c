/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_uio.c - registers, memory, state and waiting of a card of the stub, on a fake node */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "fake_node.h"
#include "log_check.h"
#include "suite.h"
#include "userdrv/lib/times.h"
#include "userdrv/lib/transport.h"

#define MS	1000000LL

static struct uiocap_ctx *ctx;
static struct transport *t;

static void set_up(void)
{
	fake_node_set_up();
	ctx = log_new_ctx();
	ck_assert_int_eq(transport_uio.open(ctx, "uio0", &t), 0);
}

static void tear_down(void)
{
	transport_uio.close(t);
	uiocap_ctx_free(ctx);
	fake_node_tear_down();
}

/* With what the info page says now. */
static void reopen(void)
{
	transport_uio.close(t);
	ck_assert_int_eq(transport_uio.open(ctx, "uio0", &t), 0);
}

/* ---- registers and memory ---------------------------------------------------------------- */

START_TEST(registers)
{
	uint32_t value, *bar = fake_node_bar0();

	ck_assert_uint_eq(transport_uio.bar_size(t, 0), NODE_BAR_BYTES);
	ck_assert_uint_eq(transport_uio.bar_size(t, 1), 0);
	ck_assert_uint_eq(transport_uio.bar_size(t, 2), 4096);
	ck_assert_uint_eq(transport_uio.bar_size(t, 6), 0);
	bar[3] = 0x12345678;
	ck_assert_int_eq(transport_uio.read32(t, 0, 12, &value), 0);
	ck_assert_uint_eq(value, 0x12345678);
	ck_assert_int_eq(transport_uio.write32(t, 0, NODE_BAR_BYTES - 4, 0xcafe), 0);
	ck_assert_uint_eq(bar[NODE_BAR_BYTES / 4 - 1], 0xcafe);
}
END_TEST

START_TEST(registers_out_of_bounds)
{
	uint32_t value;

	ck_assert_int_eq(transport_uio.read32(t, 0, 2, &value), -EINVAL);
	ck_assert_int_eq(transport_uio.read32(t, 0, NODE_BAR_BYTES, &value), -EINVAL);
	ck_assert_int_eq(transport_uio.read32(t, 0, UINT32_MAX - 3, &value), -EINVAL);
	ck_assert_int_eq(transport_uio.read32(t, 1, 0, &value), -EINVAL);
	ck_assert_int_eq(transport_uio.read32(t, 99, 0, &value), -EINVAL);
	ck_assert_int_eq(transport_uio.write32(t, 0, NODE_BAR_BYTES, 0), -EINVAL);
	ck_assert_int_eq(transport_uio.write32(t, 0, 1, 0), -EINVAL);
}
END_TEST

START_TEST(memory)
{
	uint8_t *there = fake_node_dma();

	ck_assert_uint_eq(t->dma_len, NODE_DMA_BYTES);
	ck_assert_uint_eq(t->segments, 2);
	ck_assert_ptr_eq(t->segment[0].data, t->dma);
	ck_assert_ptr_eq(t->segment[1].data, t->dma + NODE_DMA_BYTES / 4);
	ck_assert_uint_eq(t->segment[0].bus, 0x100000);
	ck_assert_uint_eq(t->segment[1].bus, 0x800000);
	ck_assert_uint_eq(t->segment[1].len, NODE_DMA_BYTES / 4 * 3);
	t->dma[NODE_DMA_BYTES - 1] = 0x5a;
	ck_assert_uint_eq(there[NODE_DMA_BYTES - 1], 0x5a);
}
END_TEST

/* ---- state ------------------------------------------------------------------------------ */

START_TEST(reset)
{
	struct uio_stub_info *info = fake_node_info();

	ck_assert_int_eq(transport_uio.check(t), 0);
	info->state = UIO_STUB_RESETTING;
	info->generation++;
	ck_assert_int_eq(transport_uio.check(t), -ESTALE);
	transport_uio.accept(t);
	ck_assert_int_eq(transport_uio.check(t), -ESTALE);
	info->state = UIO_STUB_LIVE;	/* nobody has started anew since it is */
	ck_assert_int_eq(transport_uio.check(t), -ESTALE);
	transport_uio.accept(t);
	ck_assert_int_eq(transport_uio.check(t), 0);
	info->generation++;
	ck_assert_int_eq(transport_uio.check(t), -ESTALE);
	ck_assert_int_eq(transport_uio.wait(t, -1), 1);	/* check tells why */
	transport_uio.accept(t);
	ck_assert_int_eq(transport_uio.check(t), 0);
}
END_TEST

START_TEST(gone)
{
	uint32_t value;

	memset(fake_node_bar0(), 0xff, 4);
	ck_assert_int_eq(transport_uio.read32(t, 0, 0, &value), 0);
	fake_node_remove();
	ck_assert_int_eq(transport_uio.check(t), -ENODEV);
	ck_assert_int_eq(transport_uio.read32(t, 0, 0, &value), -ENODEV);
	ck_assert_uint_eq(value, UINT32_MAX);
	ck_assert_int_eq(transport_uio.wait(t, -1), -ENODEV);
	ck_assert_int_eq(transport_uio.wait(t, 10 * MS), -ENODEV);
	transport_uio.accept(t);
	ck_assert_int_eq(transport_uio.check(t), -ENODEV);
}
END_TEST

/* ---- waiting ---------------------------------------------------------------------------- */

static void *do_later(void *what)
{
	const struct timespec pause = { .tv_nsec = 30 * MS };

	nanosleep(&pause, NULL);
	((void (*)(void))what)();
	return NULL;
}

static pthread_t later(void (*what)(void))
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, do_later, (void *)what), 0);
	return thread;
}

static const int64_t timeouts[] = { -1, 5000 * MS };

/* One system call an event, whichever way. */
START_TEST(wait_for_interrupts)
{
	pthread_t thread;
	int n;

	for (n = 1; n <= 3; n++) {
		thread = later(fake_node_interrupt);
		ck_assert_int_eq(transport_uio.wait(t, timeouts[_i]), 1);
		ck_assert_uint_eq(t->syscalls, n);
		pthread_join(thread, NULL);
	}
	ck_assert_int_eq(transport_uio.wait(t, 0), 0);
}
END_TEST

START_TEST(wait_wakes_when_gone)
{
	pthread_t thread = later(fake_node_remove);

	ck_assert_int_eq(transport_uio.wait(t, timeouts[_i]), -ENODEV);
	pthread_join(thread, NULL);
}
END_TEST

static void reset_now(void)
{
	fake_node_info()->generation++;
	fake_node_notify();
}

START_TEST(wait_wakes_on_reset)
{
	pthread_t thread = later(reset_now);

	ck_assert_int_eq(transport_uio.wait(t, timeouts[_i]), 1);
	ck_assert_int_eq(transport_uio.check(t), -ESTALE);
	pthread_join(thread, NULL);
}
END_TEST

static void reset_ends(void)
{
	fake_node_info()->state = UIO_STUB_LIVE;
	fake_node_notify();
}

/* In a reset that is known of already a wait is for its end, and takes the event away. */
START_TEST(wait_for_the_end_of_a_reset)
{
	pthread_t thread;

	fake_node_info()->state = UIO_STUB_RESETTING;
	reset_now();
	ck_assert_int_eq(transport_uio.check(t), -ESTALE);
	ck_assert_int_eq(transport_uio.wait(t, 0), 1);
	ck_assert_int_eq(transport_uio.wait(t, 0), 0);
	ck_assert_int_eq(transport_uio.wait(t, MS), 0);
	thread = later(reset_ends);
	ck_assert_int_eq(transport_uio.wait(t, 60000 * MS), 1);
	ck_assert_int_eq(transport_uio.check(t), -ESTALE);
	pthread_join(thread, NULL);
	fake_node_info()->state = UIO_STUB_RESETTING;
	thread = later(fake_node_remove);
	ck_assert_int_eq(transport_uio.wait(t, 60000 * MS), -ENODEV);
	pthread_join(thread, NULL);
}
END_TEST

START_TEST(wait_in_vain)
{
	uint64_t begin = now_ns();

	ck_assert_int_eq(transport_uio.wait(t, 0), 0);
	ck_assert_int_eq(transport_uio.wait(t, 40 * MS), 0);
	ck_assert_uint_ge(now_ns() - begin, 40 * MS);
	ck_assert_uint_lt(now_ns() - begin, 30000 * MS);
}
END_TEST

/* No system call for what the page tells; nothing is counted twice for what is left in the node. */
START_TEST(wait_sees_the_page)
{
	fake_node_interrupt();
	fake_node_interrupt();
	ck_assert_int_eq(transport_uio.wait(t, timeouts[_i]), 1);
	ck_assert_uint_eq(t->syscalls, 0);
	ck_assert_int_eq(transport_uio.wait(t, 20 * MS), 0);
}
END_TEST

START_TEST(open_is_no_interrupt)
{
	fake_node_info()->vector[0].count = 1000;
	reopen();
	ck_assert_int_eq(transport_uio.wait(t, 0), 0);
}
END_TEST

static bool is_readable(void)
{
	struct pollfd pfd = { .fd = t->fd, .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

/* Who polls the descriptor and then calls with 0 neither misses anything nor spins. */
START_TEST(descriptor)
{
	ck_assert(!is_readable());
	fake_node_interrupt();
	ck_assert(is_readable());
	ck_assert_int_eq(transport_uio.wait(t, 0), 1);
	ck_assert_int_eq(transport_uio.wait(t, 0), 0);
	ck_assert(!is_readable());
	fake_node_interrupt();
	ck_assert(is_readable());
}
END_TEST

static void no_op(int signal)
{
	(void)signal;
}

static void *interrupt_thread(void *thread)
{
	const struct timespec pause = { .tv_nsec = 30 * MS };

	nanosleep(&pause, NULL);
	pthread_kill(*(pthread_t *)thread, SIGUSR1);
	return NULL;
}

START_TEST(wait_interrupted)
{
	struct sigaction action = { .sa_handler = no_op };
	pthread_t self = pthread_self(), thread;

	sigaction(SIGUSR1, &action, NULL);
	ck_assert_int_eq(pthread_create(&thread, NULL, interrupt_thread, &self), 0);
	ck_assert_int_eq(transport_uio.wait(t, timeouts[_i]), -EINTR);
	pthread_join(thread, NULL);
}
END_TEST

START_TEST(masked_line_is_armed)
{
	struct uio_stub_info *info = fake_node_info();

	ck_assert_int_eq(transport_uio.wait(t, 0), 0);
	ck_assert_int_eq(fake_node_written(), -1);
	info->flags |= UIO_STUB_MASKED;
	ck_assert_int_eq(transport_uio.wait(t, 0), 0);
	ck_assert_int_eq(fake_node_written(), 1);
	ck_assert_uint_eq(t->syscalls, 3);
}
END_TEST

/* Without interrupts the stub leaves the flag set, and refuses to arm. */
START_TEST(nothing_to_arm)
{
	fake_node_info()->vectors = 0;
	fake_node_info()->irq_kind = UIO_STUB_IRQ_NONE;
	fake_node_info()->flags |= UIO_STUB_MASKED;
	reopen();
	ck_assert_int_eq(t->irq_kind, UIOCAP_IRQ_NONE);
	ck_assert_int_eq(transport_uio.wait(t, 0), 0);
	ck_assert_int_eq(fake_node_written(), -1);
}
END_TEST

START_TEST(vector)
{
	struct uio_stub_info *info = fake_node_info();
	struct uiocap_irq irq;

	info->vector[0] = (struct uio_stub_vector){ .count = 5, .time_ns = 77, .status = 0x100 };
	transport_uio.irq(t, 0, &irq);
	ck_assert_uint_eq(irq.count, 5);
	ck_assert_uint_eq(irq.time_ns, 77);
	ck_assert_uint_eq(irq.status, 0x100);
}
END_TEST

static TCase *use_case(void)
{
	TCase *tc = tcase_create("use");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, registers);
	tcase_add_test(tc, registers_out_of_bounds);
	tcase_add_test(tc, memory);
	tcase_add_test(tc, reset);
	tcase_add_test(tc, gone);
	tcase_add_loop_test(tc, wait_for_interrupts, 0, 2);
	tcase_add_loop_test(tc, wait_wakes_when_gone, 0, 2);
	tcase_add_loop_test(tc, wait_wakes_on_reset, 0, 2);
	tcase_add_test(tc, wait_for_the_end_of_a_reset);
	tcase_add_test(tc, wait_in_vain);
	tcase_add_loop_test(tc, wait_sees_the_page, 0, 2);
	tcase_add_test(tc, open_is_no_interrupt);
	tcase_add_test(tc, descriptor);
	tcase_add_loop_test(tc, wait_interrupted, 0, 2);
	tcase_add_test(tc, masked_line_is_armed);
	tcase_add_test(tc, nothing_to_arm);
	tcase_add_test(tc, vector);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("uio");

	suite_add_tcase(suite, use_case());
	return suite_run(suite);
}
