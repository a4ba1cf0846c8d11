/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_service_state.c - which services there are, and how they and their clients are doing */
#include <errno.h>
#include <string.h>

#include "fake_machine.h"
#include "fake_service.h"
#include "log_check.h"
#include "suite.h"
#include "uiocap/service.h"

static struct fake_service fake;

START_TEST(state_of_a_service)
{
	struct uiocap_ctx *ctx = log_new_ctx();
	const struct uiocap_service_state *s;
	struct uiocap_service *service;

	fake_service_start(&fake);
	ck_assert_int_eq(uiocap_service_open(ctx, fake.spec, &service), 0);
	for (unsigned int n = 0; n < 3; n++) {
		ck_assert_int_eq(uiocap_service_get_state(service, &s), 0);
		ck_assert_str_eq(s->model, "refcard");
		ck_assert_str_eq(s->slot, "0000:03:00.0");
		ck_assert_uint_eq(s->serial, FAKE_SERIAL);
		ck_assert_uint_eq(s->time_ns - s->started_ns, 1000000000);
		ck_assert_uint_eq(s->irqs, 70);
		ck_assert_uint_eq(s->lost_irqs, 3);
		ck_assert_uint_eq(s->channels, FAKE_CHANNELS);
		ck_assert_uint_eq(s->channel[FAKE_VIDEO].stats.produced, 10);
		ck_assert_uint_eq(s->channel[FAKE_VIDEO].stats.incomplete, 2);
		ck_assert_uint_eq(s->channel[FAKE_VIDEO].info.width_bytes, FAKE_WIDTH);
		ck_assert(s->channel[FAKE_VIDEO].captured && !s->channel[FAKE_ABSENT].captured);
		ck_assert_int_eq(s->channel[FAKE_STREAM].info.kind, UIOCAP_CHANNEL_STREAM);
		ck_assert_uint_eq(s->clients, 2);
		ck_assert_str_eq(s->client[0].name, "viewer");
		ck_assert_uint_eq(s->client[0].pid, 100);
		ck_assert_uint_eq(s->client[0].uid, 1000);
		ck_assert_uint_eq(s->client[0].channels, 3);
		ck_assert_uint_eq(s->client[0].held, 1);
		ck_assert_str_eq(s->client[1].name, "bad?name");
	}
	fake_service_hang_up(&fake);
	ck_assert_int_eq(uiocap_service_get_state(service, &s), -ENODEV);
	uiocap_service_close(service);
	uiocap_ctx_free(ctx);
	fake_service_end(&fake);
}
END_TEST

static void fewer_channels(struct message_welcome *m)
{
	m->channels = 1;
	m->head.bytes = sizeof(*m) + sizeof(m->channel[0]);
}

START_TEST(state_of_another)
{
	struct uiocap_ctx *ctx = log_new_ctx();
	const struct uiocap_service_state *s;
	struct uiocap_service *service;

	fake.twist = fewer_channels;
	fake_service_start(&fake);
	ck_assert_int_eq(uiocap_service_open(ctx, fake.spec, &service), 0);
	ck_assert_int_eq(uiocap_service_get_state(service, &s), -ENODEV);
	ck_assert_said("a state of other channels");
	uiocap_service_close(service);
	uiocap_ctx_free(ctx);
	fake_service_end(&fake);
}
END_TEST

START_TEST(services_of_a_machine)
{
	struct uiocap_ctx *ctx = log_new_ctx();
	struct uiocap_service_list *list;
	const char *spec;

	fake_machine_set_up();
	ck_assert_int_eq(uiocap_service_list_new(ctx, &list), 0);
	ck_assert_int_eq(uiocap_service_list_next(list, &spec), 0);
	uiocap_service_list_free(list);
	fake_machine_file("", "/run/uiocap/pci-0000:04:00.0");
	fake_machine_file("", "/run/uiocap/metrics");
	fake_machine_file("", "/run/uiocap/pci-0000:03:00.0");
	ck_assert_int_eq(uiocap_service_list_new(ctx, &list), 0);
	ck_assert_int_eq(uiocap_service_list_next(list, &spec), 1);
	ck_assert(!strncmp(spec, "unix:/", 6));
	ck_assert_ptr_nonnull(strstr(spec, "/run/uiocap/pci-0000:03:00.0"));
	ck_assert_int_eq(uiocap_service_list_next(list, &spec), 1);
	ck_assert_ptr_nonnull(strstr(spec, "/run/uiocap/pci-0000:04:00.0"));
	ck_assert_int_eq(uiocap_service_list_next(list, &spec), 0);
	uiocap_service_list_free(list);
	uiocap_ctx_free(ctx);
	fake_machine_tear_down();
}
END_TEST

suite_main("service state", state_of_a_service, state_of_another, services_of_a_machine)
