// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * server.c - the clients: lets them in, hands them frames, lets them go
 */
#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "say.h"
#include "state.h"
#include "userdrv/cli/clock.h"

/* Who connects says HELLO at once. */
#define PATIENCE_NS	(10 * SECOND_NS)

/**
 * struct member - a client among the others
 * @io:      calls when it has said something
 * @came_ns: when
 */
struct member {
	struct member *next;
	struct server *owner;
	struct client *client;
	sd_event_source *io;
	int64_t came_ns;
};

/**
 * struct server - the clients
 * @door:  calls when one wants to come in
 * @count: members
 * @gone:  totals of those that have left
 */
struct server {
	sd_event *event;
	struct source *source;
	const struct settings *settings;
	sd_event_source *door;
	struct member *first;
	unsigned int count;
	struct server_totals gone;
};

static void add_to(struct server_totals *totals, const struct client *client)
{
	struct message_client_state state;

	client_get_state(client, &state);
	totals->sent += state.sent;
	totals->lost += state.lost;
	totals->bytes += state.bytes;
}

/* ---- out -------------------------------------------------------------------------------- */

static void say_left(const struct client *client)
{
	const struct peer *peer = client_peer(client);
	struct message_client_state state;

	client_get_state(client, &state);
	say(client_greeted(client) ? SAY_INFO : SAY_DEBUG,
	    "client %s (pid %d) has left: %llu frames, %llu lost", peer->name, (int)peer->pid,
	    (unsigned long long)state.sent, (unsigned long long)state.lost);
}

/* A door that was shut for want of descriptors can be tried again. */
static void drop(struct member **link)
{
	struct member *m = *link;
	struct server *s = m->owner;

	*link = m->next;
	s->count--;
	say_left(m->client);
	add_to(&s->gone, m->client);
	sd_event_source_disable_unref(m->io);
	client_free(m->client);
	free(m);
	if (s->door)
		sd_event_source_set_enabled(s->door, SD_EVENT_ON);
}

static void drop_member(struct member *m)
{
	struct member **link = &m->owner->first;

	while (*link != m)
		link = &(*link)->next;
	drop(link);
}

/* ---- talk ------------------------------------------------------------------------------- */

static int send_state(struct server *s, struct client *client)
{
	void *message = state_new(s->source, s);
	int ret = message ? client_send(client, message) : -ENOMEM;

	free(message);
	return ret;
}

static int on_client(sd_event_source *io, int fd, uint32_t events, void *data)
{
	struct member *m = data;
	int ret = client_read(m->client);

	(void)io, (void)fd, (void)events;
	if (ret == 1)
		ret = send_state(m->owner, m->client);
	if (ret < 0)
		drop_member(m);
	return 0;
}

/* ---- in --------------------------------------------------------------------------------- */

static unsigned int count_of_user(const struct server *s, uid_t uid)
{
	unsigned int count = 0;

	for (const struct member *m = s->first; m; m = m->next)
		count += client_peer(m->client)->uid == uid;
	return count;
}

/* Why somebody may not come in, or NULL. */
static const char *objection(const struct server *s, const struct peer *peer)
{
	if (s->count >= s->settings->max_clients)
		return "there are as many clients as the service takes ([clients] max)";
	if (peer->uid != 0 && count_of_user(s, peer->uid) >= s->settings->max_per_user)
		return "this user has as many clients as one may have ([clients] max-per-user)";
	return NULL;
}

static int join(struct server *s, struct client *client)
{
	struct member *m = calloc(1, sizeof(*m));
	int ret;

	if (!m)
		return -ENOMEM;
	ret = sd_event_add_io(s->event, &m->io, client_fd(client), EPOLLIN, on_client, m);
	if (ret < 0) {
		free(m);
		return ret;
	}
	m->owner = s;
	m->client = client;
	m->came_ns = clock_ns();
	m->next = s->first;
	s->first = m;
	s->count++;
	return 0;
}

static int admit(struct server *s, struct client *client)
{
	const struct peer *peer = client_peer(client);
	const char *why_not = objection(s, peer);
	int ret = why_not ? -EPERM : join(s, client);

	if (why_not)
		client_bye(client, "%s", why_not);
	if (why_not)
		say(SAY_WARNING, "client %s (pid %d, uid %d) is not let in: %s", peer->name,
		    (int)peer->pid, (int)peer->uid, why_not);
	else if (ret == 0)
		say(SAY_INFO, "client %s (pid %d, uid %d) has come", peer->name, (int)peer->pid,
		    (int)peer->uid);
	return ret;
}

static void meet(struct server *s, int fd)
{
	struct client *client;
	struct peer peer;

	if (peer_of(fd, &peer) < 0 ||
	    client_new(fd, &peer, s->source, s->settings->client_buffers, &client) < 0) {
		close(fd);
		return;
	}
	if (admit(s, client) < 0)
		client_free(client);
}

/* Without a free descriptor nobody can be let in until somebody leaves; those here go on. */
static int on_door(sd_event_source *door, int fd, uint32_t events, void *data)
{
	struct server *s = data;
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (client >= 0) {
		meet(s, client);
	} else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
		say(SAY_ERROR, "cannot let a client in until another leaves: %s", strerror(errno));
		sd_event_source_set_enabled(door, SD_EVENT_OFF);
	}
	return 0;
}

int server_new(sd_event *event, int fd, struct source *source, const struct settings *settings,
	       struct server **out)
{
	struct server *s = calloc(1, sizeof(*s));
	int ret;

	if (!s)
		return -ENOMEM;
	s->event = event;
	s->source = source;
	s->settings = settings;
	ret = sd_event_add_io(event, &s->door, fd, EPOLLIN, on_door, s);
	if (ret < 0) {
		free(s);
		return ret;
	}
	*out = s;
	return 0;
}

void server_free(struct server *s, const char *reason)
{
	if (!s)
		return;
	s->door = sd_event_source_disable_unref(s->door);
	while (s->first) {
		client_stop(s->first->client);
		client_bye(s->first->client, "%s", reason);
		drop(&s->first);
	}
	free(s);
}

void server_tick(struct server *s)
{
	const int64_t now_ns = clock_ns();
	struct member *m;

	for (struct member **link = &s->first; (m = *link);)
		if (!client_greeted(m->client) && now_ns - m->came_ns > PATIENCE_NS) {
			client_bye(m->client, "nothing was said for ten seconds");
			drop(link);
		} else if (client_tick(m->client) < 0) {
			drop(link);
		} else {
			link = &m->next;
		}
}

/* ---- frames ----------------------------------------------------------------------------- */

bool server_wants(void *data, unsigned int channel)
{
	const struct server *s = data;

	for (const struct member *m = s->first; m; m = m->next)
		if (client_wants(m->client, channel))
			return true;
	return false;
}

void server_offer(void *data, struct message_frame *frame, int slot)
{
	struct server *s = data;
	struct member *m;

	for (struct member **link = &s->first; (m = *link);)
		if (client_offer(m->client, frame, slot) < 0)
			drop(link);
		else
			link = &m->next;
}

/* ---- how they are doing ----------------------------------------------------------------- */

void server_get_totals(const struct server *s, struct server_totals *out)
{
	*out = s->gone;
	out->clients = s->count;
	for (const struct member *m = s->first; m; m = m->next)
		add_to(out, m->client);
}

unsigned int server_write_clients(const struct server *s, struct message_client_state *out,
				  unsigned int max)
{
	unsigned int n = 0;

	for (const struct member *m = s->first; m && n < max; m = m->next)
		client_get_state(m->client, &out[n++]);
	return n;
}
