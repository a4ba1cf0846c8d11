/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_service.c - a service without a card */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake_service.h"
#include "uiocap/uiocap.h"

#define MEMORY	((size_t)FAKE_SLOTS * FAKE_SLOT_BYTES)

struct welcome {
	struct message_welcome m;
	struct message_channel channel[FAKE_CHANNELS];
};

/* ---- what it says ----------------------------------------------------------------------- */

static void make_welcome(struct welcome *w)
{
	*w = (struct welcome){
		.m = {
			.head = { .type = MESSAGE_WELCOME, .bytes = sizeof(*w) },
			.version = PROTOCOL_VERSION,
			.channels = FAKE_CHANNELS,
			.serial = FAKE_SERIAL,
			.memory_bytes = MEMORY,
			.slot_bytes = FAKE_SLOT_BYTES,
			.slots = FAKE_SLOTS,
			.model = "refcard",
			.slot = "0000:03:00.0",
		},
		.channel = {
			[FAKE_VIDEO] = {
				.kind = UIOCAP_CHANNEL_VIDEO, .running = 1,
				.width_bytes = FAKE_WIDTH, .height = FAKE_HEIGHT,
				.chunk_lines = 16, .chunks = FAKE_CHUNKS,
				.buffers = FAKE_BUFFERS, .period_ns = 10000000,
			},
			[FAKE_STREAM] = {
				.kind = UIOCAP_CHANNEL_STREAM, .running = 1, .width_bytes = 4096,
				.height = 1, .chunk_lines = 1, .chunks = 1, .buffers = FAKE_BUFFERS,
			},
		},
	};
	w->channel[FAKE_ABSENT] = w->channel[FAKE_VIDEO];
	w->channel[FAKE_ABSENT].running = 0;
	w->channel[FAKE_ABSENT].buffers = 0;
}

static void send_welcome(struct fake_service *f, int conn)
{
	struct welcome w;

	make_welcome(&w);
	if (f->twist)
		f->twist(&w.m);
	message_send(conn, &w, w.m.head.bytes, f->memory_fd);
}

void fake_service_send(struct fake_service *f, const void *m, size_t len)
{
	ck_assert_int_eq(send(f->conn, m, len, MSG_NOSIGNAL), len);
}

static void say(int conn, const void *m, size_t len)
{
	send(conn, m, len, MSG_NOSIGNAL);
}

void fake_service_frame(struct fake_service *f, unsigned int ch, uint32_t slot, uint64_t number,
			uint32_t bytes, const struct message_run *run, unsigned int runs)
{
	uint64_t packet[64];
	struct message_frame *m = (void *)packet;

	*m = (struct message_frame){
		.head = { .type = MESSAGE_FRAME, .channel = ch,
			  .bytes = sizeof(*m) + runs * sizeof(*run) },
		.slot = slot, .number = number, .card_number = 500 + number,
		.card_time_ns = 1000 + number, .bytes = bytes,
		.status = runs > 0 ? UIOCAP_FRAME_MISSING : 0, .runs = runs,
	};
	if (runs > 0)
		memcpy(m->run, run, runs * sizeof(*run));
	fake_service_send(f, m, m->head.bytes);
}

void fake_service_say_stopped(struct fake_service *f, unsigned int ch, uint64_t produced)
{
	const struct message_stopped m = {
		.head = { .type = MESSAGE_STOPPED, .channel = ch, .bytes = sizeof(m) },
		.produced = produced,
	};

	fake_service_send(f, &m, sizeof(m));
}

void fake_service_say_ended(struct fake_service *f, unsigned int ch)
{
	const struct message_ended m = {
		.head = { .type = MESSAGE_ENDED, .channel = ch, .bytes = sizeof(m) },
	};

	fake_service_send(f, &m, sizeof(m));
}

static void send_bye(int conn, const char *reason)
{
	struct message_bye m = { .head = { .type = MESSAGE_BYE, .bytes = sizeof(m) } };

	snprintf(m.reason, sizeof(m.reason), "%s", reason);
	say(conn, &m, sizeof(m));
}

void fake_service_say_bye(struct fake_service *f, const char *reason)
{
	send_bye(f->conn, reason);
	fake_service_hang_up(f);
}

void fake_service_hang_up(struct fake_service *f)
{
	shutdown(f->conn, SHUT_RDWR);
}

/* ---- what it hears ---------------------------------------------------------------------- */

static void note_given(struct fake_service *f, const struct message_give *m)
{
	f->given[m->head.channel] += m->buffers;
	for (uint32_t i = 0; i < m->slots; i++)
		f->returned |= UINT64_C(1) << m->slot[i];
}

static void answer_start(struct fake_service *f, int conn, const struct message *m)
{
	const struct message_started answer = {
		.head = { .type = MESSAGE_STARTED, .channel = m->channel, .bytes = sizeof(answer) },
		.error = f->start_error,
	};

	f->started++;
	f->given[m->channel] = 0;
	say(conn, &answer, sizeof(answer));
}

static void answer_stop(struct fake_service *f, int conn, const struct message *m)
{
	const struct message_stopped answer = {
		.head = { .type = MESSAGE_STOPPED, .channel = m->channel, .bytes = sizeof(answer) },
		.produced = f->produced[m->channel],
	};

	f->stopped++;
	say(conn, &answer, sizeof(answer));
}

static void answer_ask(int conn)
{
	const struct {
		struct message_state m;
		struct message_channel_state channel[FAKE_CHANNELS];
		struct message_client_state client[2];
	} answer = {
		.m = {
			.head = { .type = MESSAGE_STATE, .bytes = sizeof(answer) },
			.time_ns = 2000000000, .started_ns = 1000000000, .irqs = 70, .lost_irqs = 3,
			.channels = FAKE_CHANNELS, .clients = 2,
		},
		.channel[FAKE_VIDEO] = { .produced = 10, .delivered = 7, .incomplete = 2, .lost = 1,
					 .bytes = 12345, .resets = 1 },
		.client = {
			{ .pid = 100, .uid = 1000, .gid = 1001, .sent = 5, .lost = 4, .bytes = 999,
			  .channels = 3, .free = 2, .held = 1, .name = "viewer" },
			{ .pid = 101, .name = "bad\033name" },
		},
	};

	say(conn, &answer, sizeof(answer));
}

static void answer(struct fake_service *f, int conn, const struct message *m)
{
	if (f->mute >> m->type & 1)
		return;
	switch (m->type) {
	case MESSAGE_HELLO:
		if (f->bye)
			send_bye(conn, f->bye);
		else
			send_welcome(f, conn);
		break;
	case MESSAGE_START:
		answer_start(f, conn, m);
		break;
	case MESSAGE_STOP:
		answer_stop(f, conn, m);
		break;
	case MESSAGE_ASK:
		answer_ask(conn);
		break;
	default:
		note_given(f, (const void *)m);
	}
}

static void serve(struct fake_service *f, int conn)
{
	static uint64_t packet[MESSAGE_MAX_BYTES / sizeof(uint64_t)];
	ssize_t len;

	while ((len = recv(conn, packet, sizeof(packet), 0)) > 0) {
		ck_assert_int_gt(message_check(packet, len), 0);
		pthread_mutex_lock(&f->lock);
		answer(f, conn, (const void *)packet);
		pthread_cond_broadcast(&f->changed);
		pthread_mutex_unlock(&f->lock);
		if (f->bye)
			break;
	}
}

static void *run(void *data)
{
	struct fake_service *f = data;
	int conn;

	while ((conn = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		f->conn = conn;
		serve(f, conn);
		f->conn = -1;
		close(conn);
	}
	return NULL;
}

void fake_service_await_given(struct fake_service *f, unsigned int ch, uint64_t count)
{
	pthread_mutex_lock(&f->lock);
	while (f->given[ch] < count)
		pthread_cond_wait(&f->changed, &f->lock);
	pthread_mutex_unlock(&f->lock);
}

void fake_service_await_slots(struct fake_service *f, uint64_t slots)
{
	pthread_mutex_lock(&f->lock);
	while ((f->returned & slots) != slots)
		pthread_cond_wait(&f->changed, &f->lock);
	f->returned &= ~slots;
	pthread_mutex_unlock(&f->lock);
}

/* ---- beginning and end ------------------------------------------------------------------ */

static void make_memory(struct fake_service *f)
{
	f->memory_fd = memfd_create("fake", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	ck_assert_int_eq(ftruncate(f->memory_fd, MEMORY - f->short_by), 0);
	f->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, f->memory_fd, 0);
	ck_assert(f->memory != MAP_FAILED);
	if (!f->unsealed)
		ck_assert_int_eq(fcntl(f->memory_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW |
				       F_SEAL_FUTURE_WRITE | F_SEAL_SEAL), 0);
}

void fake_service_start(struct fake_service *f)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	make_memory(f);
	strcpy(f->folder, "/tmp/uiocap-service-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f->folder));
	snprintf(f->spec, sizeof(f->spec), "unix:%s/card", f->folder);
	strcpy(addr.sun_path, f->spec + strlen("unix:"));
	f->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(f->listener, (struct sockaddr *)&addr, sizeof(addr)), 0);
	ck_assert_int_eq(listen(f->listener, 4), 0);
	f->conn = -1;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	ck_assert_int_eq(pthread_create(&f->thread, NULL, run, f), 0);
}

void fake_service_end(struct fake_service *f)
{
	shutdown(f->listener, SHUT_RDWR);
	shutdown(f->conn, SHUT_RDWR);
	pthread_join(f->thread, NULL);
	close(f->listener);
	unlink(f->spec + strlen("unix:"));
	rmdir(f->folder);
	munmap(f->memory, MEMORY);
	close(f->memory_fd);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
}
