/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_vfio_sim.c - devices called sim; this program itself plays their uiocap-card */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fake_device.h"
#include "sim/server.h"
#include "suite.h"
#include "vfio_card.h"

#define MS	INT64_C(1000000)

static void sim_set_up(void)
{
	char self[300] = "";

	ctx = log_new_ctx();
	ck_assert_int_gt(readlink("/proc/self/exe", self, sizeof(self) - 1), 0);
	setenv("UIOCAP_CARD", self, 1);
}

static void sim_tear_down(void)
{
	uiocap_ctx_free(ctx);
}

static void close_sim(void)
{
	t->ops->close(t);
	t = NULL;
}

START_TEST(sim)
{
	ck_assert_int_eq(vfio_try_open("sim%s", ""), 0);
	ck_assert_uint_eq(t->dma_len, 64u << 20);
	vfio_write32(0x100, 1);
	ck_assert_uint_eq(vfio_read32(0x100), 1);
	vfio_write32(FAKE_RAISE_MSIX, 0);
	ck_assert_int_eq(t->ops->wait(t, 2000 * MS), 1);
	close_sim();
	ck_assert_str_eq(log_message, "");
}
END_TEST

START_TEST(sim_memory)
{
	ck_assert_int_eq(vfio_try_open("sim:%s", "dma=1Mi,segments=4"), 0);
	ck_assert_uint_eq(t->segments, 4);
	ck_assert_uint_eq(t->dma_len, 1u << 20);
	for (unsigned int i = 0; i < 4; i++) {
		uint64_t bus = t->segment[i].bus, next = t->segment[(i + 1) % 4].bus;

		ck_assert_uint_eq(t->segment[i].len, 1u << 18);
		ck_assert_ptr_eq(t->segment[i].data, t->dma + (i << 18));
		t->dma[i << 18] = i;
		ck_assert(vfio_device_copies(bus, next + 64, 4096));
		ck_assert_uint_eq(t->dma[((i + 1) % 4 << 18) + 64], i);
		ck_assert(!vfio_device_copies(bus + (1u << 18) - 8, next, 16));
	}
	close_sim();
}
END_TEST

static const char *const bad_options[] = {
	"dma=", "dma=x", "dma=1X", "dma=1MM", "dma=1Mix", "dma=1i", "dma=Mi", "dma=20000000000Gi",
	"dma=-1", "dma=99999999999999999999", "segments=", "segments=x",
	"segments=4294967296", ",", "quick,,slow",
	"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x,y,z,a,b,c,d,e,f",
};

START_TEST(sim_bad_options)
{
	ck_assert_int_eq(vfio_try_open("sim:%s", bad_options[_i]), -EINVAL);
	ck_assert_said("makes no sense");
}
END_TEST

START_TEST(sim_bad_memory)
{
	static const char *const options[] = {
		"dma=0", "dma=4Ki,segments=2", "dma=4K", "segments=0", "segments=257",
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		ck_assert_int_eq(vfio_try_open("sim:%s", options[i]), -EINVAL);
}
END_TEST

/* The program's own options, its complaints, and its end without a word. */
START_TEST(sim_program_refuses)
{
	ck_assert_int_eq(vfio_try_open("sim:%s", "usage"), -EINVAL);
	ck_assert_said("there is no option usage");
	ck_assert_int_eq(vfio_try_open("sim:%s", "die"), -ENODEV);
	ck_assert_said("did not start");
}
END_TEST

START_TEST(sim_complains)
{
	ck_assert_int_eq(vfio_try_open("sim:%s", "complain"), 0);
	close_sim();
	ck_assert_said("the last of two lines");
}
END_TEST

START_TEST(sim_hangs_at_end)
{
	struct timespec from, to;

	ck_assert_int_eq(vfio_try_open("sim:%s", "stay"), 0);
	clock_gettime(CLOCK_MONOTONIC, &from);
	close_sim();
	clock_gettime(CLOCK_MONOTONIC, &to);
	ck_assert_int_lt(to.tv_sec - from.tv_sec, 4);
}
END_TEST

START_TEST(sim_no_program)
{
	setenv("UIOCAP_CARD", "/nonexistent/card", 1);
	ck_assert_int_eq(vfio_try_open("sim%s", ""), -ENODEV);
	ck_assert_said("/nonexistent/card");
	setenv("PATH", "/nonexistent", 1);
	unsetenv("UIOCAP_CARD");
	ck_assert_int_eq(vfio_try_open("sim%s", ""), -ENODEV);
	ck_assert_said("uiocap-card");
}
END_TEST

/* With every descriptor that the child wants for itself free in the parent. */
START_TEST(sim_without_stdio)
{
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	if (vfio_try_open("sim%s", ""))
		_exit(1);
	close_sim();
	_exit(0);
}
END_TEST

/* What uiocap-card does in these tests. */
static int play_card(int argc, char **argv)
{
	static struct fake_device fake;
	const char *option = argc > 2 ? argv[2] : "";
	struct server *server;

	if (!strcmp(option, "--usage")) {
		fprintf(stderr, "there is no option usage\n");
		return 2;
	}
	if (!strcmp(option, "--die"))
		abort();
	fake_device_init(&fake);
	if (server_new(&fake.dev, NULL, NULL, &server) ||
	    server_attach(server, atoi(strchr(argv[1], '=') + 1)) || server_run(server, -1, false))
		return 1;
	server_free(server);
	if (!strcmp(option, "--complain"))
		fprintf(stderr, "the first line\nthe last of two lines\n");
	if (!strcmp(option, "--stay"))
		sleep(100);
	return 0;
}

static Suite *sim_suite(void)
{
	Suite *suite = suite_create("devices called sim");
	TCase *tc = tcase_create("sim");

	tcase_add_checked_fixture(tc, sim_set_up, sim_tear_down);
	tcase_add_test(tc, sim);
	tcase_add_test(tc, sim_memory);
	tcase_add_loop_test(tc, sim_bad_options, 0, sizeof(bad_options) / sizeof(*bad_options));
	tcase_add_test(tc, sim_bad_memory);
	tcase_add_test(tc, sim_program_refuses);
	tcase_add_test(tc, sim_complains);
	tcase_add_test(tc, sim_hangs_at_end);
	tcase_add_test(tc, sim_no_program);
	tcase_add_test(tc, sim_without_stdio);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return play_card(argc, argv);
	return suite_run(sim_suite());
}
