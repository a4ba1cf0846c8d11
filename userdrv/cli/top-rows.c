// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * top-rows.c - what uiocap top shows: the difference of two states of a service
 */
#include "top-rows.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "table.h"

#define CHANNELS_MAX	64

/* ---- samples ---------------------------------------------------------------------------- */

static void *copy(const void *data, size_t size)
{
	void *out = malloc(size > 0 ? size : 1);

	if (out && size > 0)
		memcpy(out, data, size);
	return out;
}

int top_sample_take(struct top_sample *sample, const struct uiocap_service_state *now)
{
	void *channel = copy(now->channel, now->channels * sizeof(now->channel[0]));
	void *client = copy(now->client, now->clients * sizeof(now->client[0]));

	if (!channel || !client) {
		free(channel);
		free(client);
		return -ENOMEM;
	}
	top_sample_free(sample);
	*sample = (struct top_sample){
		.time_ns = now->time_ns,
		.irqs = now->irqs,
		.channels = now->channels,
		.clients = now->clients,
		.channel = channel,
		.client = client,
	};
	return 0;
}

void top_sample_free(struct top_sample *sample)
{
	free(sample->channel);
	free(sample->client);
}

/* The same client a while ago: a program may have connected twice, and counts never go back. */
static const struct uiocap_service_client *find(const struct top_sample *sample,
						const struct uiocap_service_client *client)
{
	for (unsigned int i = 0; i < sample->clients; i++) {
		const struct uiocap_service_client *c = &sample->client[i];

		if (c->pid == client->pid && c->sent <= client->sent && c->lost <= client->lost &&
		    c->bytes <= client->bytes)
			return c;
	}
	return NULL;
}

/* ---- rows ------------------------------------------------------------------------------- */

static void put_rate(struct json_object *row, const char *key, double amount, double seconds)
{
	if (seconds > 0)
		put_real(row, key, amount / seconds);
	else
		put_text(row, key, NULL);
}

static struct json_object *channel_row(const struct uiocap_service_channel *now,
				       const struct uiocap_stats *before, double seconds)
{
	const struct uiocap_stats *s = &now->stats;
	struct json_object *row = json_object_new_object();
	uint64_t frames = s->delivered + s->incomplete - before->delivered - before->incomplete;

	put_number(row, "channel", now->info.number);
	put_text(row, "kind", now->info.kind == UIOCAP_CHANNEL_VIDEO ? "video" : "stream");
	put_rate(row, "fps", (double)frames, seconds);
	put_rate(row, "mb_per_s", (double)(s->bytes - before->bytes) / 1e6, seconds);
	put_number(row, "frames", s->delivered + s->incomplete);
	put_number(row, "lost", s->lost);
	put_number(row, "incomplete", s->incomplete);
	put_number(row, "resets", s->resets);
	return row;
}

static struct json_object *channel_rows(const struct top_sample *before,
					const struct uiocap_service_state *now, double seconds)
{
	struct json_object *rows = json_object_new_array();

	for (unsigned int i = 0; i < now->channels && i < before->channels; i++) {
		const struct uiocap_stats *then = &before->channel[i].stats;

		if (now->channel[i].captured)
			json_object_array_add(rows, channel_row(&now->channel[i], then, seconds));
	}
	return rows;
}

/* "0-3,7", or NULL where there is none. */
static const char *set_text(uint64_t set, char *buf, size_t size)
{
	size_t used = 0;

	for (unsigned int n = 0; n < CHANNELS_MAX && used < size; n++) {
		unsigned int last = n;

		if (!(set >> n & 1))
			continue;
		while (last + 1 < CHANNELS_MAX && set >> (last + 1) & 1)
			last++;
		used += snprintf(buf + used, size - used, last > n ? "%s%u-%u" : "%s%u",
				 used > 0 ? "," : "", n, last);
		n = last;
	}
	return used > 0 ? buf : NULL;
}

static void put_user(struct json_object *row, unsigned int uid)
{
	const struct passwd *user = getpwuid(uid);
	char number[16];

	snprintf(number, sizeof(number), "%u", uid);
	put_text(row, "user", user ? user->pw_name : number);
}

static struct json_object *client_row(const struct uiocap_service_client *now,
				      const struct uiocap_service_client *before, double seconds)
{
	struct json_object *row = json_object_new_object();
	char set[256];

	put_number(row, "pid", now->pid);
	put_text(row, "name", now->name);
	put_user(row, now->uid);
	put_text(row, "channels", set_text(now->channels, set, sizeof(set)));
	put_rate(row, "fps", before ? (double)(now->sent - before->sent) : 0, before ? seconds : 0);
	put_rate(row, "mb_per_s", before ? (double)(now->bytes - before->bytes) / 1e6 : 0,
		 before ? seconds : 0);
	put_number(row, "frames", now->sent);
	put_number(row, "lost", now->lost);
	put_number(row, "free", now->free);
	put_number(row, "held", now->held);
	return row;
}

bool top_is_self(const struct uiocap_service_client *client)
{
	return client->pid == (unsigned int)getpid() && client->channels == 0;
}

static struct json_object *client_rows(const struct top_sample *before,
				       const struct uiocap_service_state *now, double seconds)
{
	struct json_object *rows = json_object_new_array();

	for (unsigned int i = 0; i < now->clients; i++)
		if (!top_is_self(&now->client[i]))
			json_object_array_add(rows, client_row(&now->client[i],
							       find(before, &now->client[i]),
							       seconds));
	return rows;
}

struct json_object *top_document(const char *spec, const struct top_sample *before,
				 const struct uiocap_service_state *now)
{
	struct json_object *o = json_object_new_object();
	double seconds = (double)(now->time_ns - before->time_ns) / 1e9;

	put_text(o, "service", spec);
	put_text(o, "model", now->model);
	put_text(o, "slot", *now->slot ? now->slot : NULL);
	put_real(o, "seconds", (double)(now->time_ns - now->started_ns) / 1e9);
	put_rate(o, "irqs_per_s", (double)(now->irqs - before->irqs), seconds);
	put_number(o, "irqs", now->irqs);
	put_number(o, "lost_irqs", now->lost_irqs);
	json_object_object_add(o, "channels", channel_rows(before, now, seconds));
	json_object_object_add(o, "clients", client_rows(before, now, seconds));
	return o;
}
