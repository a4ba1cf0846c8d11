/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_uio_open.c - finding and opening a card of the kernel stub, on a fake machine */
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "fake_machine.h"
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
	t = NULL;
}

static void tear_down(void)
{
	if (t)
		transport_uio.close(t);
	uiocap_ctx_free(ctx);
	fake_node_tear_down();
}

static int open_spec(const char *spec)
{
	return transport_uio.open(ctx, spec, &t);
}

START_TEST(specs)
{
	static const char * const spec[] = {
		"uio0", "/dev/uio0", "/dev/uiocap/by-id/camera", NODE_SLOT, "01:00.0",
	};

	fake_machine_link("../../uio0", "/dev/uiocap/by-id/camera");
	ck_assert(transport_uio.matches(spec[_i]));
	ck_assert_int_eq(open_spec(spec[_i]), 0);
	ck_assert_str_eq(t->spec, "/dev/uio0");
	ck_assert_str_eq(t->slot, NODE_SLOT);
	ck_assert_uint_eq(t->vendor, 0x1234);
	ck_assert_uint_eq(t->device, 0x11e8);
	ck_assert_int_eq(t->irq_kind, UIOCAP_IRQ_MSI);
	ck_assert_uint_eq(t->vectors, 1);
	ck_assert(t->iommu && t->acks);
	ck_assert_uint_eq(t->syscalls, 0);
}
END_TEST

START_TEST(foreign_specs)
{
	ck_assert(!transport_uio.matches("sim"));
	ck_assert(!transport_uio.matches("vfio-user:/dev/uio0"));
	ck_assert(!transport_uio.matches("uio"));
	ck_assert(!transport_uio.matches("uio0x"));
	ck_assert(!transport_uio.matches("unix:/run/uiocap/uio0"));
}
END_TEST

START_TEST(not_there)
{
	fake_machine_file("", "/dev/null");
	ck_assert_int_eq(open_spec("uio7"), -ENODEV);
	ck_assert_said("uio7");
	ck_assert_int_eq(open_spec("/dev/uio7"), -ENODEV);
	ck_assert_said("/dev/uio7");
	ck_assert_int_eq(open_spec("0000:7f:00.0"), -ENODEV);
	ck_assert_said("0000:7f:00.0");
	ck_assert_int_eq(open_spec("/dev/null"), -EINVAL);
	ck_assert_said("/dev/null");
	ck_assert_ptr_null(t);
}
END_TEST

START_TEST(not_a_pci_card)
{
	fake_machine_link("../../../devices/platform/timer.0", "/sys/class/uio/uio5/device");
	ck_assert_int_eq(open_spec("uio5"), -ENODEV);
	ck_assert_said("not a PCI card");
}
END_TEST

START_TEST(not_bound)
{
	fake_machine_function("0000:03:00.0", 0x1234, 0x0cab, "vfio-pci");
	ck_assert_int_eq(open_spec("03:00.0"), -ENODEV);
	ck_assert_said("vfio-pci");
	ck_assert_said("uiocap bind 0000:03:00.0");
	fake_machine_function("0000:04:00.0", 0x1234, 0x0cab, NULL);
	ck_assert_int_eq(open_spec("04:00.0"), -ENODEV);
	ck_assert_said("has no driver: run `uiocap bind 0000:04:00.0`");
	fake_machine_function(NODE_SLOT, 0x1234, 0x0cab, "uio_pci_generic");
	ck_assert_int_eq(open_spec("uio0"), -ENODEV);
	ck_assert_said("uio_pci_generic");
}
END_TEST

static const struct {
	int err;
	const char *says;
} refusal[] = {
	{ EBUSY, "fuser -v /dev/uio0" },
	{ EACCES, "no permission for /dev/uio0" },
	{ EPERM, "CAP_SYS_RAWIO" },
	{ EMFILE, "Too many open files" },
};

START_TEST(refused)
{
	fake_node_open_fails(refusal[_i].err);
	ck_assert_int_eq(open_spec("uio0"), -refusal[_i].err);
	ck_assert_said(refusal[_i].says);
}
END_TEST

static void *finish_probe(void *data)
{
	const struct timespec pause = { .tv_nsec = 50 * MS };

	nanosleep(&pause, NULL);
	fake_machine_uio(NODE_SLOT, "uio0");
	return data;
}

/* The node is there before all that belongs to it. */
START_TEST(comes_late)
{
	pthread_t thread;

	fake_machine_remove("/sys/bus/pci/devices/%s/busy", NODE_SLOT);
	ck_assert_int_eq(pthread_create(&thread, NULL, finish_probe, NULL), 0);
	ck_assert_int_eq(open_spec("uio0"), 0);
	pthread_join(thread, NULL);
}
END_TEST

START_TEST(comes_never)
{
	uint64_t begin = now_ns();

	fake_machine_remove("/dev/uio0");
	ck_assert_int_eq(open_spec(NODE_SLOT), -ENODEV);
	ck_assert_said("udev");
	ck_assert_uint_ge(now_ns() - begin, 900 * MS);
	ck_assert_uint_lt(now_ns() - begin, 30000 * MS);
}
END_TEST

START_TEST(other_abi)
{
	fake_node_info()->abi = 42;
	ck_assert_int_eq(open_spec("uio0"), -EPROTO);
	ck_assert_said("version 42");
	ck_assert_said("version 1");
	fake_node_info()->abi = UIO_STUB_ABI;
	fake_node_info()->size = 64;
	ck_assert_int_eq(open_spec("uio0"), -EPROTO);
	ck_assert_said("64 bytes");
	fake_node_info()->magic = 0;
	ck_assert_int_eq(open_spec("uio0"), -EPROTO);
	ck_assert_said("info page");
}
END_TEST

START_TEST(no_info)
{
	fake_machine_file("secret", "/sys/class/uio/uio0/maps/map0/name");
	ck_assert_int_eq(open_spec("uio0"), -EPROTO);
}
END_TEST

START_TEST(contradictions)
{
	struct uio_stub_info *info = fake_node_info();

	info->segment[1].len++;
	ck_assert_int_eq(open_spec("uio0"), -EPROTO);
	info->segment[1].len--;
	info->segment[0].offset = UINT64_MAX;
	ck_assert_int_eq(open_spec("uio0"), -EPROTO);
	info->segment[0].offset = 0;
	info->segments = UIO_STUB_MAX_SEGMENTS + 1;
	ck_assert_int_eq(open_spec("uio0"), -EPROTO);
	info->segments = 2;
	info->vectors = UIO_STUB_MAX_VECTORS + 1;
	ck_assert_int_eq(open_spec("uio0"), -EPROTO);
	ck_assert_said("contradicts");
}
END_TEST

START_TEST(who_acknowledges)
{
	fake_machine_file("none", "/sys/bus/pci/devices/%s/ack", NODE_SLOT);
	ck_assert_int_eq(open_spec("uio0"), 0);
	ck_assert(!t->acks);
	transport_uio.close(t);
	t = NULL;
	fake_node_info()->irq_kind = UIO_STUB_IRQ_MSIX;
	ck_assert_int_eq(open_spec("uio0"), 0);
	ck_assert(t->acks);
	ck_assert_int_eq(t->irq_kind, UIOCAP_IRQ_MSIX);
}
END_TEST

static void *reset_now(void *data)
{
	const struct timespec pause = { .tv_nsec = 50 * MS };

	nanosleep(&pause, NULL);
	fake_node_info()->generation++;
	fake_node_notify();
	return data;
}

/* A card that no card kind knows: what it takes to find out how it works. */
START_TEST(raw_card)
{
	struct uiocap_card_info info;
	struct uiocap_segment segment;
	struct uiocap_card *card;
	struct uiocap_irq irq;
	pthread_t thread;
	uint32_t value;

	fake_machine_function(NODE_SLOT, 0x10ee, 0x7021, "uio_stub");
	ck_assert_int_eq(uiocap_card_open(ctx, "uio0", NULL, &card), -ENOTSUP);
	ck_assert_said("10ee:7021");
	ck_assert_int_eq(uiocap_card_open(ctx, "uio0", "raw", &card), 0);
	uiocap_card_get_info(card, &info);
	ck_assert_str_eq(info.model, "raw");
	ck_assert_uint_eq(info.channels, 0);
	ck_assert_ptr_null(uiocap_card_channel(card, 0));
	ck_assert_ptr_null(uiocap_card_register(card, 0));
	ck_assert_int_eq(uiocap_reg_write(card, 0, 8, 0xabcd), 0);
	ck_assert_int_eq(uiocap_reg_read(card, 0, 8, &value), 0);
	ck_assert_uint_eq(value, 0xabcd);
	ck_assert_int_eq(uiocap_card_segment(card, 1, &segment), 0);
	ck_assert_int_eq(uiocap_irq_raise(card, 0), -ENOTSUP);
	fake_node_interrupt();
	ck_assert_int_eq(uiocap_irq_wait(card, 0), 1);
	ck_assert_int_eq(uiocap_irq_get(card, 0, &irq), 0);
	ck_assert_uint_eq(irq.count, 1);
	ck_assert_int_eq(pthread_create(&thread, NULL, reset_now, NULL), 0);
	ck_assert_int_eq(uiocap_irq_wait(card, -1), -ESTALE);
	pthread_join(thread, NULL);
	ck_assert_int_eq(uiocap_card_start(card), -EINVAL);
	ck_assert_int_eq(uiocap_card_close(card), 0);
}
END_TEST

static TCase *open_case(void)
{
	TCase *tc = tcase_create("open");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, specs, 0, 5);
	tcase_add_test(tc, foreign_specs);
	tcase_add_test(tc, not_there);
	tcase_add_test(tc, not_a_pci_card);
	tcase_add_test(tc, not_bound);
	tcase_add_loop_test(tc, refused, 0, 4);
	tcase_add_test(tc, comes_late);
	tcase_add_test(tc, comes_never);
	tcase_add_test(tc, other_abi);
	tcase_add_test(tc, no_info);
	tcase_add_test(tc, contradictions);
	tcase_add_test(tc, who_acknowledges);
	tcase_add_test(tc, raw_card);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("uio_open");

	suite_add_tcase(suite, open_case());
	return suite_run(suite);
}
